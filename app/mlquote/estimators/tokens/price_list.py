"""The token prices of a snapshot, compiled: model and moment -> the rates that hold, by what is counted.

Rows are grouped once per snapshot into one `Card` a model. A card makes a `Ladder` (one sheet of rates for each
long-context tier) for a processing mode, region and set of facts the first time somebody asks, and keeps it: between
two price changes every question of the same kind reads the same integers. Nothing is filled in here: a combination
that no row states is absent from the sheet, and the caller reports the gap.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.estimators.tokens.meters import (
    AT_TEXT_RATE,
    FEES,
    NO_DISCOUNT,
    SELECTORS,
    TOKENS,
    Selector,
    selects,
    variant_of,
)
from mlquote.estimators.tokens.sellers import LISTED_IN_PART
from mlquote.estimators.tokens.time_windows import Window, windows_of
from mlquote.estimators.tokens.usage import FACTS
from mlquote.formulas.pricing import scaled_usd, times
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import RowRef
from mlquote.kit.units import PRICE_UNITS

Facts = tuple[tuple[str, str], ...]
"""What else a price may depend on, sorted: (("quality", "low"), ("size", "1024x1024"))."""

STANDARD: Final = "standard"

_SECOND, _HALF_HOUR = timedelta(seconds=1), timedelta(minutes=30)

_FIELDS: Final = {fact: field for field, fact in FACTS.items()}


_CONFIDENCES: Final = ("low", "single", "medium", "high")
"""From the weakest to the strongest."""


def _confidence(row: TokenPrice) -> str:
    """A row's own word; `single` for a price copied from one table that no other bears out."""
    tables = {name.split(" ", 1)[0] for name in row.read_from.split("; ")}
    return "single" if row.confidence == "medium" and len(tables) == 1 else row.confidence


class Rate(NamedTuple):
    """One price, ready for counting."""

    amount: int
    """1e-18 dollars per priced unit."""
    divisor: int
    unit: str
    usd_per_unit: Decimal
    rows: tuple[TokenPrice, ...]
    """The price's row, then a regional multiplier's, if any."""
    refs: tuple[RowRef, ...] = ()
    """The rows as an answer names them."""
    at_text_rate: bool = False
    """The model lists no rate of its own for this, so it is billed as text."""

    confidence: str | None = None
    """How well the weakest of its rows is known: `high` where tables that do not copy each other agree, `medium` where
    several were weighed, `single` where one table alone lists it, `low` where the source or the date is weak."""


def weakest(rows: tuple[TokenPrice, ...]) -> str | None:
    """The weakest of the confidences of rows; None where there are none."""
    return min((_confidence(row) for row in rows), key=_CONFIDENCES.index, default=None)


class Sheet(NamedTuple):
    """The rates of one long-context tier."""

    from_tokens: int
    """The smallest prompt for which these rates hold."""
    operator: str
    tier_tokens: int
    rates: Mapping[str, Rate]


def listed(rates: Mapping[str, Rate]) -> frozenset[str]:
    """The counts that have a price of their own, and are not billed like some other count."""
    return frozenset(name for name, rate in rates.items() if not rate.at_text_rate)


Ladder = tuple[Sheet, ...]
"""The sheets of a model, the shortest prompts first."""


def sheet_for(ladder: Ladder, prompt_tokens: int) -> Sheet:
    """The sheet that prices the whole request: the highest tier that the total prompt has reached."""
    found = ladder[0]
    for sheet in ladder[1:]:
        if prompt_tokens < sheet.from_tokens:
            break
        found = sheet
    return found


@dataclass(frozen=True, slots=True)
class Tier:
    """Where a long-context tier begins: "> 200000" or ">= 200000"."""

    operator: str
    tokens: int

    @property
    def from_tokens(self) -> int:
        """The smallest prompt in the tier."""
        return self.tokens + (self.operator == ">")


_BASE = Tier("", 0)


class Card:
    """Every price of one model, at every moment."""

    def __init__(
        self, rows: Iterable[TokenPrice], windows: Mapping[str, Window], perhaps: frozenset[str] = frozenset()
    ) -> None:
        """`perhaps` are modes that the seller may have for this model, whether or not a row prices them."""
        self.rows = tuple(rows)
        self.provider, self.model = self.rows[0].provider, self.rows[0].model
        self.processings = sorted({row.processing for row in self.rows if row.meter != "token_multiplier"})
        self._perhaps = perhaps
        self.regions = sorted({row.region for row in self.rows if row.region})
        self.windows = tuple(sorted({row.time_window for row in self.rows} - {""}))
        self._windows = {name: windows[name] for name in self.windows}
        ends = (edge for row in self.rows for edge in (row.effective_from, row.effective_to) if edge is not None)
        self._changes = sorted({edge.timestamp() for edge in ends})
        self._priced_by = Memory(self._pricing)
        self._apart = Memory(self._told_apart_by)
        self._opening = Memory(self._open_on)
        self._ladders: dict[tuple[int, str, str, Facts, tuple[str, ...]], Ladder] = {}

    def ladder(self, moment: datetime, processing: str = STANDARD, region: str = "", facts: Facts = ()) -> Ladder:
        """The rates that hold at `moment`.

        Raises: OutOfDomain for a processing mode or region that this model has no price for at any time
        """
        is_open = tuple(n for n, w in self._windows.items() if w.holds(moment)) if self.windows else ()
        return self.ladder_with(is_open, moment, processing, region, facts)

    def ladder_with(
        self, is_open: tuple[str, ...], moment: datetime, processing: str, region: str = "", facts: Facts = ()
    ) -> Ladder:
        """The rates that hold at `moment` while just these time windows are open.

        Raises: OutOfDomain as `ladder`
        """
        epoch = bisect_right(self._changes, moment.timestamp())
        key = (epoch, processing, region, facts, is_open)
        ladder = self._ladders.get(key)
        if ladder is None:
            ladder = self._ladders[key] = self._built(moment, processing, region, dict(facts), is_open)
        return ladder

    @property
    def changes(self) -> tuple[datetime, ...]:
        """Every moment at which a price of this model begins or ends, sorted."""
        return tuple(datetime.fromtimestamp(at, UTC) for at in self._changes)

    def opening(self, day: datetime) -> tuple[tuple[str, ...], ...]:
        """The time windows that are open in each half hour of a day of UTC, whose midnight is given."""
        return self._opening[day]

    def _open_on(self, day: datetime) -> tuple[tuple[str, ...], ...]:
        halves = (day + step * _HALF_HOUR for step in range(48))
        return tuple(tuple(n for n, w in self._windows.items() if w.holds(at)) for at in halves)

    @property
    def changes_on_half_hours(self) -> bool:
        """Whether its time windows open and close at whole half hours of UTC only."""
        return all(window.is_half_hourly for window in self._windows.values())

    def knows_holidays(self, moment: datetime) -> bool:
        """Whether the holidays that shut this model's time windows are known for that moment's year."""
        begun = {row.time_window for row in self.rows if row.effective_from is None or row.effective_from <= moment}
        return all(window.knows(moment) for name, window in self._windows.items() if name in begun)

    def _built(
        self, moment: datetime, processing: str, region: str, facts: Mapping[str, str], is_open: tuple[str, ...]
    ) -> Ladder:
        if processing not in self.processings and processing not in self._perhaps:
            raise self._unknown("processing", processing, self.processings)
        if region and region not in self.regions:
            raise self._unknown("region", region, ["global", *self.regions])
        held = [
            row
            for row in self.rows
            if (row.effective_from is None or row.effective_from <= moment)
            and (row.effective_to is None or moment < row.effective_to)
            and (not row.time_window or row.time_window in is_open)
            and row.region in ("", region)
        ]
        if region and not any(row.region == region for row in held):
            held = []  # the surcharge is not known for this moment, and the price without it is another one
        return tuple(self._sheet(held, tier, processing, region, facts) for tier in _tiers(held, processing))

    def _sheet(
        self, held: list[TokenPrice], tier: Tier, processing: str, region: str, facts: Mapping[str, str]
    ) -> Sheet:
        rates: dict[str, Rate] = {}
        multiplier = next((row for row in held if row.meter == "token_multiplier" and row.region == region != ""), None)
        for name, selectors in SELECTORS.items():
            row = _row(held, selectors, tier, processing, facts)
            if row is None and name in FEES:
                row = _row(held, selectors, tier, STANDARD, facts)
            if row is not None:
                rates[name] = _rate(row, multiplier)
        for name, plain in (*AT_TEXT_RATE.items(), *NO_DISCOUNT.items()):
            if name not in rates and plain in rates and not self.pricing(name):
                rates[name] = rates[plain]._replace(at_text_rate=True)
        return Sheet(tier.from_tokens if tier.tokens else 0, tier.operator, tier.tokens, rates)

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, Decimal]]:
        """[start, end) cut wherever a price of this model changes: (a moment in each stretch, its share of the time).

        Recurring hours are told apart to the half hour, and all stretches with the same hours open are one.
        """
        moments = [start, *(datetime.fromtimestamp(t, UTC) for t in self._changes), end]
        edges = sorted({moment for moment in moments if start <= moment <= end})
        whole, found = end - start, list[tuple[datetime, Decimal]]()
        for begin, stop in pairwise(edges):
            share = Decimal((stop - begin) // _SECOND) / Decimal(whole // _SECOND)
            if not self.windows:
                found.append((begin, share))
                continue
            sampled: dict[tuple[bool, ...], tuple[datetime, int]] = {}
            steps = max(1, (stop - begin) // _HALF_HOUR)
            for step in range(steps):
                at = begin + step * _HALF_HOUR
                is_open = tuple(window.holds(at) for window in self._windows.values())
                first, seen = sampled.get(is_open, (at, 0))
                sampled[is_open] = (first, seen + 1)
            found += [(at, share * seen / steps) for at, seen in sampled.values()]
        return found

    def pricing(self, count: str) -> tuple[TokenPrice, ...]:
        """Every row, of any moment and mode, that prices a count."""
        return self._priced_by[count]

    def _pricing(self, count: str) -> tuple[TokenPrice, ...]:
        return tuple(row for row in self.rows if any(selects(selector, row) for selector in SELECTORS[count]))

    def told_apart_by(self, count: str) -> tuple[str, ...]:
        """The facts that the rows pricing a count differ by: size, quality, search_context."""
        return self._apart[count]

    def _told_apart_by(self, count: str) -> tuple[str, ...]:
        return tuple(sorted({name for row in self.pricing(count) if row.variant for name in variant_of(row)}))

    def refuse_unknown(self, count: str, facts: Facts) -> None:
        """Refuse a fact with a value that no row pricing `count` knows, where rows are told apart by it.

        Raises: OutOfDomain naming the values there are
        """
        variants = [variant_of(row) for row in self.pricing(count)]
        for fact, value in facts:
            known = sorted({variant[fact] for variant in variants if fact in variant})
            if known and value.casefold() not in {name.casefold() for name in known}:
                raise self._unknown(fact, value, known, pointer=f"/usage/{_FIELDS.get(fact, fact)}")

    def _unknown(self, field: str, value: str, known: list[str], pointer: str = "") -> OutOfDomain:
        return OutOfDomain(
            f"{self.provider} has no {field} {value!r} for {self.model}",
            pointer=pointer or f"/{field}",
            hint=f"known: {', '.join(known)}",
            code="unknown-modifier",
        )


def _tiers(held: list[TokenPrice], processing: str) -> list[Tier]:
    ladder = [row for row in held if row.meter == "input" and row.modality == "text" and row.unit in TOKENS]
    ladder = ladder or [row for row in held if row.unit in TOKENS]
    tiers = {
        Tier(row.tier_operator, row.tier_tokens)
        for row in ladder
        if row.tier_tokens and row.processing in (processing, STANDARD)
    }
    return [_BASE, *sorted(tiers, key=lambda tier: tier.from_tokens)]


def _row(
    held: list[TokenPrice], selectors: tuple[Selector, ...], tier: Tier, processing: str, facts: Mapping[str, str]
) -> TokenPrice | None:
    for selector in selectors:
        rows = _fitting([row for row in held if row.processing == processing and selects(selector, row)], facts)
        in_tier = [row for row in rows if (row.tier_operator, row.tier_tokens or 0) == (tier.operator, tier.tokens)]
        if not in_tier and selector.units != TOKENS:
            in_tier = [row for row in rows if not row.tier_tokens]
        if in_tier:
            return max(in_tier, key=_exactness)
    return None


def _exactness(row: TokenPrice) -> tuple[bool, int, int]:
    """Hours before the whole day, a variant before any, the smallest unit before a larger one."""
    return bool(row.time_window), len(row.variant), -PRICE_UNITS[row.unit].per_unit


def _fitting(rows: list[TokenPrice], facts: Mapping[str, str]) -> list[TokenPrice]:
    """The rows whose variant is as the facts say; a row without one only where no given fact chooses a variant."""
    named = {name for row in rows for name in variant_of(row)}
    chosen = [row for row in rows if row.variant and _says(variant_of(row), facts)]
    return chosen or ([] if named & facts.keys() else [row for row in rows if not row.variant])


def _says(variant: Mapping[str, str], facts: Mapping[str, str]) -> bool:
    return all(facts.get(name, "").casefold() == value.casefold() for name, value in variant.items())


def _rate(row: TokenPrice, multiplier: TokenPrice | None) -> Rate:
    _, things, divisor = PRICE_UNITS[row.unit]
    if multiplier is None or row.unit not in TOKENS:
        return Rate(
            scaled_usd(row.usd, things), divisor, row.unit, row.usd, (row,), (row_ref(row),), confidence=weakest((row,))
        )
    usd = times(row.usd, multiplier.usd)
    refs = (row_ref(row), row_ref(multiplier))
    rows = (row, multiplier)
    return Rate(scaled_usd(usd, things), divisor, row.unit, usd, rows, refs, confidence=weakest(rows))


def row_ref(row: TokenPrice) -> RowRef:
    """The row as an answer names it."""
    return TABLE["token_prices"].ref(row)


_CONTAINER = "container"
"""The catalogue's model for what a provider charges for containers, whichever model works in them."""


def cards_of(snapshot: Snapshot) -> dict[str, dict[str, Card]]:
    """Provider -> folded model id -> its card."""
    grouped: dict[str, dict[str, list[TokenPrice]]] = {}
    for (provider, model), rows in snapshot.indexed("token_prices", "provider", "model").items():
        grouped.setdefault(provider, {}).setdefault(model.casefold(), []).extend(rows)
    windows = windows_of(snapshot.versions("time_windows"))
    shared = {provider: models.get(_CONTAINER, []) for provider, models in grouped.items()}
    perhaps = {
        provider: frozenset(row.processing for rows in models.values() for row in rows)
        for provider, models in grouped.items()
        if provider in LISTED_IN_PART
    }
    return {
        provider: {
            model: Card(
                rows if model == _CONTAINER else [*rows, *shared[provider]], windows, perhaps.get(provider, frozenset())
            )
            for model, rows in models.items()
        }
        for provider, models in grouped.items()
    }
