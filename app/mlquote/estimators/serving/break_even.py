"""Hosting against an API: a staircase of replicas against a line of requests, month by month."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, exp, floor, inf, log
from statistics import NormalDist

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.cost import usd_per_hour
from mlquote.estimators.serving.deployment import Deployment
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.operation import Operation
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.residuals import Residual
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_DAY

MOST_STEPS = 8
NORMAL = NormalDist()
STRATA = 15
"""Equal shares of each doubt at whose middles the break-even is sought."""
LEAST_USD = 1e-12
"""A rent of nothing, for a ratio."""


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
class Doubted:
    """A break-even load in doubt: an end is null where hosting never wins there."""

    low: float | None
    central: float | None
    high: float | None
    chance_that_hosting_wins: float
    """That a replica kept busy costs less than the API, whatever the load."""
    variance_shares: dict[str, float]
    """Source of doubt -> its share in the doubt of hosted dollars per request."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Hosting against one API for the same requests and the same cache hits."""

    against: str
    api_usd_per_request: Decimal
    requests_per_day: float | None
    usd_per_month: Decimal | None
    requests_per_day_range: Doubted
    """The same under the doubt of the hour's dollars and of what a replica delivers."""
    by_price_model: tuple[Crossing, ...]
    staircase: tuple[Stair, ...]


@dataclass(frozen=True, slots=True)
class Staircase:
    """Replicas at a monthly rent each, against an API by the request.

    API(q) = c q D, hosting(q) = ceil(q / m) R + O;  k replicas meet it at q = (k R + O) / (c D), if that is <= k m
    """

    accelerators: int
    """Of one replica."""
    capacity_per_day: float
    """m, requests a day of one replica."""
    api_usd: Decimal
    """c, one request at the API."""
    other_usd: float
    """O, other dollars a month."""

    def crossing(self, price_model: str, hourly_usd: float) -> Crossing:
        """Where the stairs meet the API's line.

        Args:    hourly_usd: one accelerator-hour
        """
        replica, month, other = self._replica_usd(hourly_usd), self._api_usd_per_month, self.other_usd
        rate = estimated_usd(hourly_usd)
        gain = month * self.capacity_per_day - replica
        if gain <= 0:
            return Crossing(price_model, rate, None, None, None, None)
        replicas = max(1, ceil(other / gain - 1e-9))
        load = (replicas * replica + other) / month
        last = 1 + floor((replica + other) / gain)
        always = max((last * replica + other) / month, (last - 1) * self.capacity_per_day, load)
        return Crossing(price_model, rate, load, always, replicas, estimated_usd(replicas * replica + other))

    def margin(self, hourly_usd: float) -> float:
        """What the API asks for as many requests as a busy replica serves in a month, over the replica's rent."""
        return self._api_usd_per_month * self.capacity_per_day / max(self._replica_usd(hourly_usd), LEAST_USD)

    def steps(self, hourly_usd: float, count: int) -> tuple[Stair, ...]:
        """The first steps, each at its upper edge; no more than are read at a glance."""
        replica, month = self._replica_usd(hourly_usd), self._api_usd_per_month
        return tuple(
            Stair(n, edge, estimated_usd(n * replica + self.other_usd), estimated_usd(edge * month))
            for n in range(1, min(count, MOST_STEPS) + 1)
            for edge in [n * self.capacity_per_day]
        )

    @property
    def _api_usd_per_month(self) -> float:
        """c D: one request a day, every day of a month."""
        return float(self.api_usd) * DAYS_PER_MONTH

    def _replica_usd(self, hourly_usd: float) -> float:
        """R: one replica for a month."""
        return hourly_usd * self.accelerators * HOURS_PER_MONTH


NOWHERE: Finding[BreakEven | None] = Finding(None)
"""No API is named, or one of the two sides has no price."""


def break_even_of(
    question: ServingQuestion,
    facts: ServingFacts,
    deployment: Deployment,
    work: Operation,
    residual: Residual,
    facility_w: Uncertain | None,
) -> Finding[BreakEven | None]:
    """Requests per day from which hosting costs no more than the API that is named; None where none is, or no price is.

    Args:    residual: how far off the throughput may be; facility_w: draw of the whole system through the meter
    """
    api = facts.api.value
    if api is None:
        return NOWHERE
    rates = _rates(facts, deployment.accelerators, facility_w)
    if not rates:
        return NOWHERE
    other = float(question.operations_usd_per_month or 0)
    stairs = Staircase(
        accelerators=deployment.accelerators // deployment.layout.replicas,
        capacity_per_day=_requests_per_day(question, deployment, work),
        api_usd=api.usd_per_request,
        other_usd=other,
    )
    medians = {price_model: rate.median for price_model, rate in rates.items()}
    crossings = tuple(stairs.crossing(price_model, rate) for price_model, rate in medians.items())
    delivered = known(1.0) if question.output_tokens_per_s is not None else residual.of(1.0)
    first = crossings[0]
    hourly = next(iter(rates.values()))
    result = BreakEven(
        against=api.name,
        api_usd_per_request=api.usd_per_request,
        requests_per_day=first.requests_per_day,
        usd_per_month=first.usd_per_month,
        requests_per_day_range=doubted(stairs, hourly, delivered),
        by_price_model=crossings,
        staircase=stairs.steps(hourly.median, (first.replicas or 1) + 3),
    )
    return Finding(result, _operations(question))


def doubted(stairs: Staircase, hourly: Uncertain, delivered: Uncertain) -> Doubted:
    """Where the stairs meet the line when rent and throughput are in doubt.

    Both are lognormal and each stands at the middle of each of its equal shares; of all pairs the tenth, the half and
    the nine tenths are told. A replica wins when busy with the chance that c m D > R.

    Args:    hourly: one accelerator-hour in dollars; delivered: what a replica delivers, over its median
    """
    middles = [NORMAL.inv_cdf((n + 0.5) / STRATA) for n in range(STRATA)]
    loads = sorted(
        inf if load is None else load
        for rate in middles
        for speed in middles
        for load in [
            replace(stairs, capacity_per_day=stairs.capacity_per_day * exp(speed * delivered.log_sd))
            .crossing("", hourly.median * exp(rate * hourly.log_sd))
            .requests_per_day
        ]
    )
    low, central, high = (loads[min(int(share * len(loads)), len(loads) - 1)] for share in (0.1, 0.5, 0.9))
    each = hourly / delivered
    margin = stairs.margin(hourly.median)
    chance = NORMAL.cdf(log(margin) / each.log_sd) if each.log_sd > 0 else float(margin > 1)
    return Doubted(_finite(low), _finite(central), _finite(high), chance, each.shares())


def _finite(load: float) -> float | None:
    return None if load == inf else load


def _rates(facts: ServingFacts, accelerators: int, facility_w: Uncertain | None) -> dict[str, Uncertain]:
    """Price model -> dollars per accelerator-hour, the one that is asked first; those without a price are left out."""
    each_w = facility_w * (1 / accelerators) if facility_w else None
    prices = ((price.price_model, usd_per_hour(price, 1, each_w)) for price in (facts.price, *facts.other_prices))
    return {price_model: hourly for price_model, hourly in prices if hourly is not None}


def _requests_per_day(question: ServingQuestion, deployment: Deployment, work: Operation) -> float:
    """What one replica serves in a day of paid hours."""
    is_held = question.concurrency is not None and question.output_tokens_per_s is None
    held = work.output_tokens_per_s if is_held else work.capacity_tokens_per_s
    each_per_s = held / deployment.layout.replicas / deployment.output_tokens
    return each_per_s * SECONDS_PER_DAY * question.utilisation_fraction


def _operations(question: ServingQuestion) -> tuple[Assumption, ...]:
    if question.operations_usd_per_month is not None:
        return ()
    why = "none given: people and storage come on top"
    return (Assumption("operations_usd_per_month", Decimal(0), "$", why=why),)
