"""Hosting against an API: a staircase of replicas against a line of requests, month by month."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil, floor

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import PriceModel
from mlquote.estimators.serving.cost import terms_of, usd_per_hour
from mlquote.estimators.serving.plan import Plan
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.work import Operation
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.usage import Usage
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.errors import Malformed
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Trail
from mlquote.kit.units import SECONDS_PER_DAY

DAYS_PER_MONTH = 365.25 / 12
HOURS_PER_MONTH = 730.5
MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Stair:
    """One step: so many replicas serve up to so many requests, for so much a month; what the API asks for as many."""

    replicas: int
    up_to_requests_per_day: float
    hosting_usd_per_month: Decimal
    api_usd_per_month: Decimal


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where hosting at one price model begins to win; None where it never does."""

    price_model: str
    usd_per_accelerator_hour: Decimal
    requests_per_day: float | None
    """The least load at which hosting costs no more than the API."""
    always_from_requests_per_day: float | None
    """From here on no further step of the staircase makes it dearer again."""
    replicas: int | None
    usd_per_month: Decimal | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Hosting against one API for the same requests and the same cache hits."""

    against: str
    api_usd_per_request: Decimal
    requests_per_day: float | None
    usd_per_month: Decimal | None
    by_price_model: tuple[Crossing, ...]
    staircase: tuple[Stair, ...]


def api_usd_per_request(
    provider: str | None,
    model: str,
    *,
    input_tokens: float,
    cached_fraction: float,
    output_tokens: float,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
) -> tuple[str, Decimal | None]:
    """(provider/model, what one such request costs there; None where a meter has no price).

    Raises:  UnknownName for a provider or model the catalogue does not price
    """
    cached = round(input_tokens * cached_fraction)
    usage = Usage(
        input_tokens=round(input_tokens) - cached, output_tokens=max(1, round(output_tokens)), cache_read_tokens=cached
    )  # fmt: skip
    question = ApiUsage(provider=provider, model=model, usage=usage, as_of=moment)
    answer = inference_estimate(question, catalog, moment)
    for row in answer.rows:
        trail.use(row)
    name = f"{answer.question['provider']}/{answer.question['model']}"
    cost = answer.result.cost_usd
    if cost is None:
        trail.warn("no-api-price", f"{name} has no price for every token of this request: no break-even")
    return name, cost


def crossing_of(
    price_model: str,
    hourly_usd: float,
    *,
    accelerators: int,
    capacity_per_day: float,
    api_usd: Decimal,
    other_usd: float,
) -> Crossing:
    """Where a staircase of replicas meets the line of an API.

    API(q) = c q D, hosting(q) = ceil(q / m) R + O;  k replicas meet it at q = (k R + O) / (c D), if that is <= k m

    Args:    hourly_usd: one accelerator-hour; accelerators: of one replica; capacity_per_day: m, requests a day of one
             api_usd: c, one request; other_usd: O, other dollars a month
    """
    replica, month = hourly_usd * accelerators * HOURS_PER_MONTH, float(api_usd) * DAYS_PER_MONTH
    rate = estimated_usd(hourly_usd)
    gain = month * capacity_per_day - replica
    if gain <= 0:
        return Crossing(price_model, rate, None, None, None, None)
    replicas = max(1, ceil(other_usd / gain - 1e-9))
    load = (replicas * replica + other_usd) / month
    last = 1 + floor((replica + other_usd) / gain)
    always = max((last * replica + other_usd) / month, (last - 1) * capacity_per_day, load)
    spent = estimated_usd(replicas * replica + other_usd)
    return Crossing(price_model, rate, load, always, replicas, spent)


def stairs(
    hourly_usd: float, *, accelerators: int, capacity_per_day: float, api_usd: Decimal, other_usd: float, steps: int
) -> tuple[Stair, ...]:
    """The first steps of the staircase, each at its upper edge."""
    replica, month = hourly_usd * accelerators * HOURS_PER_MONTH, float(api_usd) * DAYS_PER_MONTH
    counts = range(1, min(steps, MOST_STEPS) + 1)
    hosting = {count: estimated_usd(count * replica + other_usd) for count in counts}
    edges = {count: count * capacity_per_day for count in counts}
    return tuple(Stair(n, edges[n], hosting[n], estimated_usd(edges[n] * month)) for n in counts)


PRICE_MODELS: tuple[PriceModel, ...] = ("on_demand", "reserved_1y", "reserved_3y", "spot")


def break_even_of(
    question: ServingQuestion,
    plan: Plan,
    work: Operation,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
    *,
    facility_w: Uncertain | None,
) -> BreakEven | None:
    """Requests per day from which hosting costs no more than the API that is named; None where none is.

    Raises:  UnknownName for a provider or model the catalogue does not price
    """
    if question.against_model is None:
        if question.against_provider is not None:
            raise Malformed("say which of its models", pointer="/against_model", hint="the provider's model id")
        return None
    name, api = api_usd_per_request(
        question.against_provider, question.against_model, input_tokens=plan.input_tokens,
        cached_fraction=question.prefix_cache_hit_fraction, output_tokens=plan.output_tokens, catalog=catalog,
        moment=moment, trail=trail,
    )  # fmt: skip
    rates = _rates(question, plan, catalog, moment, facility_w)
    if api is None or not rates:
        return None
    if question.operations_usd_per_month is None:
        trail.assume("operations_usd_per_month", Decimal(0), unit="$", why="none given: people and storage come on top")
    other = float(question.operations_usd_per_month or 0)
    group = plan.accelerators // plan.layout.replicas
    held = work.output_tokens_per_s if question.concurrency is not None else work.capacity_tokens_per_s
    each_per_s = held / plan.layout.replicas / plan.output_tokens
    per_day = each_per_s * SECONDS_PER_DAY * question.utilisation_fraction
    crossings = tuple(
        crossing_of(terms, rate, accelerators=group, capacity_per_day=per_day, api_usd=api, other_usd=other)
        for terms, rate in rates.items()
    )
    first = crossings[0]
    steps = stairs(
        next(iter(rates.values())), accelerators=group, capacity_per_day=per_day, api_usd=api, other_usd=other,
        steps=(first.replicas or 1) + 3,
    )  # fmt: skip
    return BreakEven(name, api, first.requests_per_day, first.usd_per_month, crossings, steps)


def _rates(
    question: ServingQuestion, plan: Plan, catalog: Snapshot, moment: datetime, facility_w: Uncertain | None
) -> dict[str, float]:
    """Price model -> dollars per accelerator-hour, the one that is asked first; a given price stands alone."""
    each_w = facility_w * (1 / plan.accelerators) if facility_w else None
    given = question.usd_per_accelerator_hour is not None
    models = (question.terms,) if given else dict.fromkeys((question.terms, *PRICE_MODELS))
    rates: dict[str, float] = {}
    for model in models:
        terms = terms_of(
            question.model_copy(update={"price_model": model, "cost_basis": None}), plan.part.row, catalog, moment
        )
        hourly = usd_per_hour(terms, 1, each_w)
        if hourly is not None:
            rates[model] = hourly.median
    return rates
