"""A month of like requests: how many a day, what of the prompt is shared and found cached, what can wait for a batch.

The caching model is stated, not guessed at: a prefix that every request shares is written when it is not in the cache
and read when it is. Requests arrive at random at an even rate, and a hit renews the entry, so the prefix is found with
probability 1 - exp(-rate * lifetime), unless the asker knows better.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from mlquote.estimators.asking.numbers import a_number, a_share
from mlquote.estimators.asking.question import Count, Part, PositiveCount, Word
from mlquote.estimators.tokens.charges import Cost, Counts, cost_of
from mlquote.estimators.tokens.price_list import STANDARD, Card, Facts, listed, sheet_for
from mlquote.estimators.tokens.rate_cards import LaidCard, lay_over
from mlquote.formulas.pricing import times
from mlquote.kit.units import SECONDS_PER_DAY

Fraction = Annotated[Decimal, BeforeValidator(a_share), Field(ge=0, le=1, allow_inf_nan=False)]
PerDay = Annotated[Decimal, BeforeValidator(a_number), Field(gt=0, le=10**12, allow_inf_nan=False)]
Days = Annotated[PositiveCount, Field(le=3660)]

LIFETIME_S: dict[str, int] = {"5m": 300, "1h": 3600}
"""A cache entry's time to live, renewed by every read."""

_WRITES = {"5m": ("cache_write_5m_tokens", "cache_write_tokens"), "1h": ("cache_write_1h_tokens",)}
"""A lifetime -> the counts that could price its writes, the first that the model has a rate for."""


class Workload(Part):
    """Like requests, day after day."""

    requests_per_day: PerDay
    """Requests a day."""
    input_tokens: Count
    """Tokens of one prompt, all of it."""
    output_tokens: Count = 0
    """Tokens of one answer."""
    cached_input_fraction: Fraction | None = None
    """Share of all prompt tokens that are read from the cache."""
    shared_prefix_tokens: Count | None = None
    """Instead: how much of every prompt is the same and is cached."""
    cache_hit_fraction: Fraction | None = None
    """Share of requests that find that prefix in the cache; default: from the rate of requests and the lifetime."""
    cache_ttl: Annotated[Literal["5m", "1h"], Word] | None = None
    """How long a cache entry lives after its last use; default 5m where something is cached."""
    batch_fraction: Fraction = Decimal(0)
    """Share of the requests that are sent as a batch."""
    days: Days = 30
    """How many days, from as_of on."""

    @model_validator(mode="after")
    def _consistent(self) -> "Workload":
        if self.shared_prefix_tokens is not None and self.cached_input_fraction is not None:
            raise ValueError("shared_prefix_tokens and cached_input_fraction say the same: give one of them")
        if (self.shared_prefix_tokens or 0) > self.input_tokens:
            raise ValueError("shared_prefix_tokens is a part of input_tokens and cannot exceed it")
        return self

    @property
    def requests(self) -> Decimal:
        """All requests of the period."""
        return self.requests_per_day * self.days


@dataclass(frozen=True, slots=True)
class Caching:
    """The shared prefix, the share of requests that find it, and where that share comes from."""

    prefix_tokens: int
    hit_fraction: Decimal
    ttl: str
    derived: bool = False

    @property
    def read_tokens(self) -> Decimal:
        """Tokens read from the cache by the mean request."""
        return times(Decimal(self.prefix_tokens), self.hit_fraction)


NOTHING_CACHED = Caching(0, Decimal(0), "5m")


def hit_fraction(requests_per_day: Decimal, ttl: str) -> Decimal:
    """The share of requests that find an entry which every request renews.

    P(hit) = 1 - exp(-lambda * T): the gap before a Poisson arrival is shorter than the lifetime.

    Args:    requests_per_day: lambda, > 0; ttl: T, a key of LIFETIME_S
    Returns: 0 to 1, to six places
    Source:  exponential gaps of a Poisson process (Ross, Introduction to Probability Models, section 5.3)
    """
    expected = float(requests_per_day) / SECONDS_PER_DAY * LIFETIME_S[ttl]
    return Decimal(str(round(-math.expm1(-expected), 6)))


def caching_of(workload: Workload) -> Caching:
    """The prefix and hit rate that a workload means.

    With a cached fraction f of I tokens and hit rate h the prefix is f * I / h; where that exceeds the prompt, the
    whole prompt is the prefix and h = f.
    """
    ttl = workload.cache_ttl or "5m"
    known = workload.cache_hit_fraction
    hit = hit_fraction(workload.requests_per_day, ttl) if known is None else known
    if workload.shared_prefix_tokens is not None:
        return Caching(workload.shared_prefix_tokens, hit, ttl, derived=known is None)
    fraction = workload.cached_input_fraction or Decimal(0)
    if not fraction or not workload.input_tokens:
        return replace(NOTHING_CACHED, ttl=ttl)
    read = fraction * workload.input_tokens
    prefix = min(workload.input_tokens, math.ceil(read / hit)) if hit else workload.input_tokens
    return Caching(prefix, read / prefix, ttl, derived=known is None)


Stretches = Sequence[tuple[datetime, Decimal]]
"""Moments, and the share of the requests that are priced as of each."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a workload runs on."""

    card: Card
    moment: datetime
    processing: str = STANDARD
    region: str = ""
    facts: Facts = ()
    laid: LaidCard | None = None
    """The organisation's rate card, laid over every bill."""


class Slice(NamedTuple):
    """Requests that cost the same: how many, what each is, and what it costs."""

    requests: Decimal
    processing: str
    counts: Counts
    cost: Cost


def slices_of(workload: Workload, around: Circumstances, stretches: Stretches | None = None) -> list[Slice]:
    """The workload cut where a price differs: by mode, by hit or miss, and at every change of price in its days.

    Args: workload; around: model, moment and mode; stretches: (moment, share of the requests), default: evenly spread
    """
    caching, card = caching_of(workload), around.card
    if stretches is None:
        stretches = card.stretches(around.moment, around.moment + timedelta(days=workload.days))
    found: list[Slice] = []
    for mode, part in ((around.processing, 1 - workload.batch_fraction), ("batch", workload.batch_fraction)):
        for at, share in stretches if part else ():
            ladder = card.ladder(at, mode, around.region, around.facts)
            rates = sheet_for(ladder, workload.input_tokens).rates
            for hits, counts in _requests(workload, caching, listed(rates)):
                requests = workload.requests * part * share * hits
                if requests:
                    found.append(Slice(requests, mode, counts, _negotiated(cost_of(counts, ladder), around, mode, at)))
    return found


def _negotiated(cost: Cost, around: Circumstances, mode: str, at: datetime) -> Cost:
    """The cost under the organisation's rate card, where one is named."""
    return cost if around.laid is None else lay_over(cost, around.laid.at(mode, at))[0]


def _requests(workload: Workload, caching: Caching, priced: frozenset[str]) -> Iterator[tuple[Decimal, Counts]]:
    """Hits and misses: (share of the requests, the counts of one); without a price for reads nothing is cached."""
    prefix = caching.prefix_tokens if "cache_read_tokens" in priced else 0
    rest = workload.input_tokens - prefix
    plain = {"output_tokens": workload.output_tokens}
    hit = caching.hit_fraction if prefix else Decimal(0)
    if hit:
        yield hit, _some(plain | {"input_tokens": rest, "cache_read_tokens": prefix})
    write = next((name for name in _WRITES[caching.ttl] if name in priced), None) if prefix else None
    if write is None:
        yield 1 - hit, _some(plain | {"input_tokens": workload.input_tokens})
    else:
        yield 1 - hit, _some(plain | {"input_tokens": rest, write: prefix})


def _some(counts: dict[str, int]) -> Counts:
    return {name: count for name, count in counts.items() if count}


def uncached(workload: Workload) -> Workload:
    """The same requests with nothing cached and nothing batched."""
    nothing = {"cached_input_fraction": None, "shared_prefix_tokens": None, "batch_fraction": Decimal(0)}
    return workload.model_copy(update=nothing)


def total_usd(slices: list[Slice]) -> Decimal | None:
    """What all slices cost; None as soon as one has no price."""
    total = Decimal(0)
    for part in slices:
        if part.cost.usd is None:
            return None
        total += times(part.cost.usd, part.requests)
    return total
