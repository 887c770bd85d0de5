"""What a model or a machine has cost since when: every change of its list price, who says so, and how it is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mlquote.catalog.intervals import BEGINNING, in_effect
from mlquote.catalog.rows import PriceModel, RentalPrice, TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Name, Question, Word, any_case
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import Malformed, unknown_name
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer

MOST_NAMES = 8
SEEN = ("first_observed", "model_first_observed")
"""How the basis of a date begins that is when somebody first saw the price, and not when its seller says it began."""
NOT_OFFERED = frozenset({"tco_model", "index"})
"""What no seller offers."""


def _words(value: Any) -> Any:
    return [word for word in map(str.strip, value.split(",")) if word] if isinstance(value, str) else value


Names = Annotated[Sequence[Name], BeforeValidator(_words), Field(min_length=1, max_length=MOST_NAMES)]


class PriceSeries(Question):
    """Models, or machines, whose list prices are told from their beginning to `as_of`."""

    model: Names | None = None
    """Models sold by the token, up to eight with commas between; each at its maker's price unless `provider` says."""
    accelerator: Names | None = None
    """Accelerators rented by the hour; the lowest list price among all sellers unless `provider` says which."""
    provider: Names | None = None
    """Sellers; each is a series of its own."""
    meter: Annotated[Literal["input", "output", "cache_read", "cache_write"], any_case] = "input"
    """Which tokens are priced, in text and prompts of any length."""
    processing: Annotated[Name, Word] = "standard"
    """standard, batch, priority, flex: how tokens are processed."""
    price_model: Annotated[PriceModel, any_case] = "on_demand"
    """On which terms a machine is rented."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """From a moment on, another price; `begins` is null where the source does not say since when."""

    begins: datetime | None
    ends: datetime | None
    usd: Decimal
    before_usd: Decimal | None
    change_fraction: float | None
    is_declared: bool
    """Whether the seller said from when; else the price was first seen then."""
    basis: str
    provider: str
    row: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Series:
    """One model or machine at one seller; empty where the catalogue knows no price of that kind."""

    name: str
    provider: str
    unit: str
    usd: Decimal | None
    """In effect at `as_of`."""
    changes: tuple[PriceChange, ...]


@dataclass(frozen=True, slots=True)
class PriceSeriesResult:
    """Every series that was asked for, in that order."""

    series: tuple[Series, ...]


def price_series(question: PriceSeries, catalog: Snapshot, now: datetime) -> Answer:
    """Every change of each price until the moment asked for.

    Raises: Malformed unless either models or accelerators are named; what the names lead to where they are unknown
    """
    moment = question.moment(now)
    if (question.model is None) == (question.accelerator is None):
        raise Malformed("name models, or accelerators", pointer="/model", hint="model=gpt-4o, or accelerator=h100-sxm")
    _refuse_idle(question)
    build = _of_models if question.model is not None else _of_machines
    findings = list(build(question, catalog, moment))
    filled = question.filled(as_of=moment, release=catalog.release.id)
    result = PriceSeriesResult(tuple(each.value for each in findings))
    return told(Envelope(filled, catalog.catalog_ref(moment)), result, *findings)


def _refuse_idle(question: PriceSeries) -> None:
    """Refuse what has no say: tokens have no terms of rent, machines no meter.

    Raises: Malformed
    """
    idle = ("price_model",) if question.model is not None else ("meter", "processing")
    for name in idle:
        if name in question.model_fields_set:
            what = "models sold by the token" if question.model is not None else "machines"
            raise Malformed(f"{what} have no {name}", pointer=f"/{name}", hint="drop it")


def _of_models(question: PriceSeries, catalog: Snapshot, moment: datetime) -> Iterator[Finding[Series]]:
    for name in question.model or ():
        for provider in question.provider or (None,):
            card = catalog.derived(price_list).find(provider, name, moment).card
            rows = catalog.versions(
                "token_prices",
                provider=card.provider,
                model=card.model,
                meter=question.meter,
                processing=question.processing,
            )
            kept = [row for row in rows if is_plain(row) and (row.effective_from or BEGINNING) <= moment]
            yield _told(card.model, card.provider, "usd_per_mtok", list(_steps(kept)), catalog, moment)


def is_plain(row: TokenPrice) -> bool:
    """Text of any length, anywhere, at any hour, by the token."""
    narrow = row.tier_operator or row.region or row.time_window or row.variant
    usual = row.cache_ttl in {"", "default", "5m"} and row.modality in {"text", "any"}
    return not narrow and usual and row.unit == "per_million_tokens"


def _steps(rows: Sequence[TokenPrice]) -> Iterator[tuple[datetime, Any, Decimal]]:
    """From when which row states which price; a row without a successor at its end leaves a gap."""
    for row in rows:
        yield row.effective_from or BEGINNING, row, plain(row.usd)


def _of_machines(question: PriceSeries, catalog: Snapshot, moment: datetime) -> Iterator[Finding[Series]]:
    for name in question.accelerator or ():
        part = catalog.accelerator(name, moment)
        rows = catalog.versions("rental_prices", accelerator=part.id, price_model=question.price_model)
        offered = [row for row in rows if row.basis not in NOT_OFFERED and (row.effective_from or BEGINNING) <= moment]
        sellers = sorted({row.provider for row in offered})
        for provider in question.provider or (None,):
            seller = None if provider is None else catalog.resolve("provider", provider, moment)
            if seller is not None and seller not in sellers:
                raise unknown_name("provider", seller, sellers, pointer="/provider")
            own = [row for row in offered if seller in {None, row.provider}]
            steps = list(_lowest(own))
            yield _told(part.id, seller or "lowest of any", "usd_per_accelerator_hour", steps, catalog, moment)


def _lowest(rows: Sequence[RentalPrice]) -> Iterator[tuple[datetime, Any, Decimal]]:
    """From when which offer is the lowest; one that stays the lowest at its price is told once."""
    by_offer: dict[tuple[Any, ...], list[RentalPrice]] = {}
    for row in rows:
        key = (row.provider, row.sku, row.accelerator_count, row.region, row.commitment, row.basis)
        by_offer.setdefault(key, []).append(row)
    versions = [tuple(sorted(each, key=lambda row: row.effective_from or BEGINNING)) for each in by_offer.values()]
    ends = {row.effective_to for row in rows if row.effective_to is not None}
    for at in sorted({row.effective_from or BEGINNING for row in rows} | ends):
        held = [offer for each in versions if (offer := in_effect(each, at)) is not None]
        if held:
            best = min(held, key=lambda row: (row.usd_per_accelerator_hour, row.provider, row.sku))
            yield at, best, plain(best.usd_per_accelerator_hour)


def _told(
    name: str,
    provider: str,
    unit: str,
    steps: Sequence[tuple[datetime, Any, Decimal]],
    catalog: Snapshot,
    moment: datetime,
) -> Finding[Series]:
    """The series, with the rows it rests on."""
    table = "token_prices" if unit == "usd_per_mtok" else "rental_prices"
    kept = [step for step in _changing(steps) if step[0] <= moment]
    refs = [catalog.ref(table, row) for _, row, _ in kept]
    changes = []
    for n, ((begins, row, usd), ref) in enumerate(zip(kept, refs, strict=True)):
        following = kept[n + 1][0] if n + 1 < len(kept) else None
        ended = row.effective_to if table == "token_prices" else None
        ends = min((each for each in (following, ended) if each is not None), default=None)
        before = kept[n - 1][2] if n else None
        basis = getattr(row, "effective_from_basis", "") or ("first_observed" if table == "rental_prices" else "")
        fraction = float(EXACT.divide(EXACT.subtract(usd, before), before)) if before else None
        since = None if begins == BEGINNING else begins
        changes.append(
            PriceChange(
                since, ends, usd, before, fraction, not basis.startswith(SEEN), basis, row.provider, ref.key,
                row.source_url,
            )
        )  # fmt: skip
    last = changes[-1] if changes else None
    held = last.usd if last is not None and (last.ends is None or last.ends > moment) else None
    return Finding(Series(name, provider, unit, held, tuple(changes)), rows=tuple(refs))


def _changing(steps: Iterable[tuple[datetime, Any, Decimal]]) -> list[tuple[datetime, Any, Decimal]]:
    """The steps at which the price is another one, or begins again after a gap."""
    found = list(steps)
    return found[:1] + [
        after
        for before, after in pairwise(found)
        if after[2] != before[2] or (before[1].effective_to or after[0]) < after[0]
    ]
