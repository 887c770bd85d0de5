"""What a project's estimate answers: totals with their ranges, parts, months, bases, what-ifs and the alternative."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.kit.provenance import Range


@dataclass(frozen=True, slots=True)
class PartResult:
    """One part of a project over all its months; null is unknown, or nothing that anybody told."""

    part: str
    kind: str
    cost_basis: str | None
    """`rental`, `amortised`, or null where no machine is paid."""
    first_month: int
    last_month: int
    cost_usd: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    share_of_cost: float | None
    """Of the dollars of all parts that are known, by the central amounts."""
    bound: str | None
    """`at_most` or `at_least` where its dollars are known as a bound alone."""


@dataclass(frozen=True, slots=True)
class MonthResult:
    """One month of a project, all parts together."""

    month: int
    cost_usd: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cumulative_cost_usd: Decimal | None
    """Of this month and all before it, the central amounts."""


@dataclass(frozen=True, slots=True)
class FigureSum:
    """How one figure adds up: what is known, both ways of adding ranges, and what is left out."""

    figure: str
    known: Range | None
    """The sum of the parts that are known, its range drawn."""
    sum_of_lows: Decimal | None
    """Every part at its low end at once: what happens only if all doubts are one."""
    sum_of_highs: Decimal | None
    """Every part at its high end at once."""
    drawn_median: Decimal | None
    """The middle of the draws; above the sum of the central amounts, since amounts err by ratios."""
    unknown_parts: tuple[str, ...]
    """Parts that take some of it, nobody knows how much: with one of them the total is null."""
    untold_parts: tuple[str, ...]
    """Parts of which nothing says that they take any: they count as none."""


@dataclass(frozen=True, slots=True)
class BasisSum:
    """The dollars of the parts of one basis: rental and amortised dollars are never added."""

    cost_basis: str
    """`rental`, `amortised`, or `neither`: data, people and APIs, which may stand beside either."""
    cost_usd: Range | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedDoubt:
    """One source of doubt that parts share: it is drawn once, and they are high or low together."""

    source: str
    parts: tuple[str, ...]
    share_of_variance: float | None
    """Of the variance of the dollars; null where their total is unknown."""


@dataclass(frozen=True, slots=True)
class WhatIfResult:
    """The project with fields changed, on the same draws."""

    name: str
    part: str | None
    change: Mapping[str, Any]
    totals: Mapping[str, Range | None]
    """Figure -> what it would be."""
    difference: Mapping[str, Range | None]
    """Figure -> what it would be more, draw by draw."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """A month, counted from 1: its 80 % interval over the draws, and by the central amounts; null is never, within the
    months asked."""

    low: int | None
    central: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AlternativeResult:
    """The same work done otherwise, over the same months at the same discount."""

    cost_usd: Range | None
    present_cost_usd: Range | None
    project_less_alternative_usd: Range | None
    """Present dollars that the project costs more, draw by draw; below 0 it costs less."""
    break_even_month: BreakEven
    """The month from whose end on the project has cost no more in all."""
    break_even_share_of_draws: float | None
    """In how many of the draws that month comes."""
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """A project's totals, and all they are made of. Central amounts add up exactly; ends are drawn and do not."""

    cost_basis: str | None
    """What the dollars of machines mean: `rental`, `amortised`, `mixed` (then `cost_usd` is null), null without any."""
    cost_usd: Range | None
    bound: str | None
    """`at_most` or `at_least` where a part's dollars are a bound alone; `mixed` where they are of both kinds."""
    present_cost_usd: Range | None
    """The same, later months counting less by `discount_rate_per_year`."""
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    parts: tuple[PartResult, ...]
    months: tuple[MonthResult, ...]
    sums: tuple[FigureSum, ...]
    bases: tuple[BasisSum, ...]
    shared_doubts: tuple[SharedDoubt, ...]
    what_if: tuple[WhatIfResult, ...]
    alternative: AlternativeResult | None
    by_part_and_month: Mapping[str, Mapping[str, tuple[Decimal | None, ...]]]
    """Part -> figure -> its central amount in each month."""
    draws: int
    seed: int
    ranges: str
    """How ranges are added, in words."""
    variance_shares: dict[str, dict[str, float]]
