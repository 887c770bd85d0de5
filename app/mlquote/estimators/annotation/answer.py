"""The answer about labels: what they cost, how long they take, what that pays an hour, what other ways cost."""

from dataclasses import dataclass

from mlquote.estimators.annotation.time import TimePart
from mlquote.estimators.annotation.ways import LabelWay
from mlquote.kit.cost_line import CostLine
from mlquote.kit.provenance import Number, Range


@dataclass(frozen=True, slots=True)
class LabelSeconds:
    """Seconds of work on one label: totals rest on the mean, which is above the median."""

    mean: Range
    median: float | None


@dataclass(frozen=True, slots=True)
class LabelOffer:
    """What one seller asks."""

    provider: str | None
    annotator: str | None
    unit: str
    basis: str
    stated: str
    """`given`, `list_price` or `reported`."""
    cost_usd: Range | None
    usd_per_worker_hour: Range | None


@dataclass(frozen=True, slots=True)
class AnnotationResult:
    """Dollars are exact where a price by the unit is; null where nobody knows."""

    cost_usd: Range | None
    usd_per_item: Range | None
    usd_per_worker_hour: Range | None
    """What an hour of work is paid, before fees: always looked at, for a price a label hides it."""
    worker_hours: Range | None
    basis: str | None
    """`per_unit` or `hourly`; null where there is no price."""
    unit: str
    units: int
    labels: int
    """Units with votes, gold and rework."""
    reviews: int
    """Units that are looked over again."""
    votes: Number
    """For each unit; expected where people are asked until one answer leads."""
    verdict_accuracy: float | None
    pairs: int | None
    """Comparisons that rankings hold; those of one ranking are not independent."""
    seconds_per_unit: LabelSeconds | None
    time_parts: tuple[TimePart, ...]
    cost_lines: tuple[CostLine, ...]
    ways: tuple[LabelWay, ...]
    offers: tuple[LabelOffer, ...]
