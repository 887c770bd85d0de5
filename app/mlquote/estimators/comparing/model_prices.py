"""Every model that is sold by the token, by what a million of them costs: against the date and against the context."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from mlquote.catalog.intervals import BEGINNING, in_effect
from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Fraction, Moment, Name, PositiveCount, Question, any_case, utc
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.comparing.pareto import on_front
from mlquote.estimators.comparing.price_series import Names, is_plain
from mlquote.estimators.tokens.sellers import makes
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Answer

MOST_MODELS = 5000
USUAL_SHARE = 0.25
"""Output tokens among all, where nobody says: three read for one written."""


class ModelPrices(Question):
    """Which models are listed, and how input and output are weighed against each other."""

    provider: Names | None = None
    """Sellers, with commas between; default: every maker that sells its own models."""
    q: Name | None = None
    """Only models whose name contains this."""
    output_share: Fraction = USUAL_SHARE
    """Output tokens as a share of all, for the blended price."""
    since: Moment | None = None
    """Only models dated on or after this day."""
    min_context_tokens: PositiveCount | None = None
    """Only models known to read at least so many tokens."""
    against: Annotated[Literal["date", "context"], any_case] = "date"
    """What the price is held against: `on_front` are the cheapest of their day, or of their length of context."""
    limit: Annotated[int, Field(ge=1, le=MOST_MODELS)] = MOST_MODELS
    """The cheapest so many; how many there are is told."""


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """One model at one seller: standard processing, text, prompts of any length."""

    provider: str
    model: str
    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal
    blended_usd_per_mtok: Decimal
    context_tokens: int | None
    """Of the open model of that name; null where the catalogue does not know it."""
    dated_on: date | None
    date_basis: Literal["available", "announced", "first priced", "not known"]
    on_front: bool | None = None
    """No other one is as good in both; null where one of the two is not known."""


@dataclass(frozen=True, slots=True)
class ModelPricesResult:
    """The cheapest first."""

    against: str
    models: int
    """How many pass, of which `rows` may be the cheapest so many."""
    rows: tuple[ModelPrice, ...]


def model_prices(question: ModelPrices, catalog: Snapshot, now: datetime) -> Answer:
    """Every model whose input and output have a price at the moment asked for.

    Raises: UnknownName for a provider; OutOfDomain where no model passes
    """
    moment = question.moment(now)
    passed = [each for each in _all(question, catalog, moment) if _passes(question, each.value)]
    if not passed:
        raise OutOfDomain("no model passes", pointer="/q", hint="fewer conditions, or another provider")
    fronted = _fronted(question, passed)
    kept = sorted(fronted, key=lambda each: (each.value.blended_usd_per_mtok, each.value.provider, each.value.model))
    shown = kept[: question.limit]
    result = ModelPricesResult(question.against, len(kept), tuple(each.value for each in shown))
    filled = question.filled(as_of=moment, release=catalog.release.id)
    return told(Envelope(filled, catalog.catalog_ref(moment)), result, *shown)


def _all(question: ModelPrices, catalog: Snapshot, moment: datetime) -> Iterator[Finding[ModelPrice]]:
    prices = catalog.derived(price_list)
    asked = None if question.provider is None else {prices.provider(name, moment) for name in question.provider}
    for (provider, model), meters in catalog.derived(_plain_rows).items():
        if provider not in asked if asked is not None else not makes(provider, model.casefold()):
            continue
        held = {meter: in_effect(versions, moment) for meter, versions in meters.items()}
        if held.get("input") is not None and held.get("output") is not None:
            yield _priced(question, catalog, moment, held, meters["input"][0])


def _plain_rows(catalog: Snapshot) -> dict[tuple[str, str], dict[str, tuple[TokenPrice, ...]]]:
    """(provider, model) -> meter -> the versions of its plain price."""
    found: dict[tuple[str, str], dict[str, tuple[TokenPrice, ...]]] = {}
    for key in catalog.keys("token_prices"):
        versions = catalog.history("token_prices", *key)
        row: TokenPrice = versions[0]
        if row.meter in {"input", "output"} and row.processing == "standard" and is_plain(row):
            found.setdefault((row.provider, row.model), {}).setdefault(row.meter, versions)
    return found


def _priced(
    question: ModelPrices, catalog: Snapshot, moment: datetime, held: Mapping[str, Any], first: TokenPrice
) -> Finding[ModelPrice]:
    read, written = held["input"], held["output"]
    share = exact(question.output_share)
    assert share is not None  # a number
    blended = EXACT.add(EXACT.multiply(read.usd, EXACT.subtract(Decimal(1), share)), EXACT.multiply(written.usd, share))
    rows = [catalog.ref("token_prices", read), catalog.ref("token_prices", written)]
    day, basis = _dated(catalog, read.provider, read.model, first, moment)
    context = None
    opened = catalog.history("models", catalog.resolve("model", read.model.rpartition("/")[2], moment))
    if opened and opened[-1].context_tokens is not None:
        context = opened[-1].context_tokens
        rows.append(catalog.ref("models", opened[-1]))
    price = ModelPrice(
        read.provider, read.model, plain(read.usd), plain(written.usd), plain(blended), context, day, basis
    )  # fmt: skip
    return Finding(price, rows=tuple(rows))


def _dated(catalog: Snapshot, provider: str, model: str, first: TokenPrice, moment: datetime) -> tuple[Any, Any]:
    """The day that stands for a model: when it could first be called, was announced, or was first seen priced."""
    life = catalog.held("model_lifecycles", provider, model, moment=moment)
    if life is not None and life.available_on is not None:
        return life.available_on, "available"
    if life is not None and life.announced_on is not None:
        return life.announced_on, "announced"
    if first.effective_from is None or first.effective_from == BEGINNING:
        return None, "not known"
    return first.effective_from.date(), "first priced"


def _passes(question: ModelPrices, price: ModelPrice) -> bool:
    if question.q is not None and question.q.casefold() not in f"{price.provider}/{price.model}".casefold():
        return False
    if question.since is not None and (price.dated_on is None or price.dated_on < utc(question.since).date()):
        return False
    least = question.min_context_tokens
    return least is None or (price.context_tokens is not None and price.context_tokens >= least)


def _fronted(question: ModelPrices, passed: list[Finding[ModelPrice]]) -> list[Finding[ModelPrice]]:
    """Each with whether an earlier one (or one that reads as much) is nowhere as cheap; free ones stand apart."""
    points: list[tuple[float, ...] | None] = []
    for each in passed:
        price = each.value
        beside = price.dated_on and price.dated_on.toordinal()
        if question.against == "context":
            beside = None if price.context_tokens is None else -price.context_tokens
        is_priced = price.blended_usd_per_mtok > 0
        points.append((float(beside), float(price.blended_usd_per_mtok)) if beside and is_priced else None)
    return [
        each.of(replace(each.value, on_front=verdict))
        for each, verdict in zip(passed, on_front(points), strict=True)
    ]  # fmt: skip
