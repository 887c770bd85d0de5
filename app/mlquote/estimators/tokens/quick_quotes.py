"""The same prices as `inference_estimate`, for lines by the hundred thousand: only plain cases, only the essentials.

A line that needs explaining (an assumption, a gap, a disputed figure, seconds or fees) has no quick quote:
`quick_quote` returns None and the caller asks `inference_estimate`. Whatever is quoted here is what that answers,
which a property test holds: the two read the same compiled rates.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import Counts
from mlquote.estimators.tokens.explaining import needs_words
from mlquote.estimators.tokens.lifecycles import lifecycle_of
from mlquote.estimators.tokens.price_list import STANDARD, Card, Ladder, Rate, Sheet
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.usage import COUNTED, PROMPT, in_millions
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Warning

_MOST_COUNT = 10**15
_MOST_KEPT = 4096
"""Combinations of model, mode and moment that are kept; beyond it the store is emptied and filled anew."""

_COUNTED: Final = frozenset(COUNTED)


class QuickRate(NamedTuple):
    """One meter of one sheet: the integer rate, and what the caller's lines say of it."""

    amount: int
    """1e-18 dollars per counted thing."""
    label: str


class QuickSheet(NamedTuple):
    """The rates of one long-context tier; `rates` holds only those that need no explaining."""

    from_tokens: int
    rates: Mapping[str, QuickRate]
    prices_reasoning: bool


class QuickCard(NamedTuple):
    """Everything that many lines of the same kind share."""

    label: str
    sheets: tuple[QuickSheet, ...]
    said: str
    """What is said of the model's days at its seller, as the caller writes it; "" for nothing."""


class QuickQuote(NamedTuple):
    """One priced line: the label of each meter, its quantity and its amount in 1e-18 dollars; and their sum."""

    from_tokens: int
    lines: list[tuple[str, int, int]]
    amount: int


class Labels(Protocol):
    """How the caller writes what does not change from line to line."""

    def card(self, card: Card) -> str:
        """What every line of this model begins with."""
        ...

    def rate(self, meter: str, rate: Rate) -> str:
        """What every cost line of this meter begins with."""
        ...

    def said(self, warnings: tuple[Warning, ...]) -> str:
        """What every line of this model warns of."""
        ...


class QuickQuotes:
    """Quotes from one snapshot at the prices of one clock."""

    def __init__(self, catalog: Snapshot, now: datetime, labels: Labels) -> None:
        """Quote from `catalog`; `now` tells which prices are about to end."""
        self._catalog, self._now, self._labels = catalog, now, labels
        self._prices = catalog.derived(price_list)
        self._kept: dict[tuple[str | None, str, str, str | None, datetime], QuickCard | None] = {}

    def card(
        self, provider: str | None, model: str, processing: str, region: str | None, moment: datetime
    ) -> QuickCard | None:
        """What lines of this kind share; None where each needs explaining, or is refused."""
        key = (provider, model, processing, region, moment)
        if key in self._kept:
            return self._kept[key]
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        found = self._kept[key] = self._card(provider, model, processing, region, moment)
        return found

    def _card(
        self, provider: str | None, model: str, processing: str, region: str | None, moment: datetime
    ) -> QuickCard | None:
        try:
            named = self._prices.find(provider, model, moment, region)
            ladder = named.card.ladder(moment, processing, named.region)
            standard = named.card.ladder(moment, STANDARD, named.region)
        except QuoteError:
            return None
        if moment > self._now or named.needs_words or not named.card.knows_holidays(moment) or _has_fee(ladder):
            return None
        if processing != STANDARD and _some_rate_stays(ladder, standard):
            return None
        sheets = tuple(self._sheet(named.card, sheet) for sheet in ladder)
        said = lifecycle_of(self._catalog, named.card, moment).warnings
        return QuickCard(self._labels.card(named.card), sheets, self._labels.said(said) if said else "")

    def _sheet(self, card: Card, sheet: Sheet) -> QuickSheet:
        rates = {
            meter: QuickRate(rate.amount, self._labels.rate(meter, rate))
            for meter, rate in sheet.rates.items()
            if meter != "reasoning_tokens" and rate.divisor == 1 and not needs_words(card, meter, rate, now=self._now)
        }
        return QuickSheet(sheet.from_tokens, rates, "reasoning_tokens" in sheet.rates)


def quick_quote(card: QuickCard, counts: Counts, requests: int = 1) -> QuickQuote | None:
    """The price of `requests` requests with these counts; None where a count has no quick rate or makes no sense,
    and where nothing is counted at all or all is zero: the long answer says what is wrong.

    amount = requests * sum over meters of count * rate, every rate from the tier that the total prompt chose

    Args: counts: field of `usage` -> how many; zeros are allowed and make no line
    """
    if not counts:
        return None
    sheet = card.sheets[0] if len(card.sheets) == 1 else _sheet(card.sheets, counts)
    if sheet.from_tokens and in_millions(counts):
        return None
    total = 0
    lines = []
    for meter, count in counts.items():
        if count == 0 and meter in _COUNTED:
            continue
        if meter == "reasoning_tokens" and not sheet.prices_reasoning and 0 < count <= counts.get("output_tokens", 0):
            continue
        rate = sheet.rates.get(meter)
        if rate is None or not isinstance(count, int) or not 0 < count <= _MOST_COUNT:
            return None
        quantity = count * requests
        amount = quantity * rate.amount
        total += amount
        lines.append((rate.label, quantity, amount))
    return QuickQuote(sheet.from_tokens, lines, total) if lines else None


def _sheet(sheets: tuple[QuickSheet, ...], counts: Counts) -> QuickSheet:
    prompt: int | Decimal = 0
    for name in counts.keys() & PROMPT:
        prompt += counts[name]
    found = sheets[0]
    for sheet in sheets:
        if prompt < sheet.from_tokens:
            break
        found = sheet
    return found


def _some_rate_stays(ladder: Ladder, standard: Ladder) -> bool:
    """Whether some meter costs under this processing what it costs without: a bill of it alone needs explaining."""
    plain = {(meter, rate.amount) for sheet in standard for meter, rate in sheet.rates.items()}
    return any((meter, rate.amount) in plain for sheet in ladder for meter, rate in sheet.rates.items())


def _has_fee(ladder: Ladder) -> bool:
    return any("request_fee" in sheet.rates for sheet in ladder)
