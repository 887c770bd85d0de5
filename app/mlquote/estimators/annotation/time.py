"""How long labels take: seconds that are given, timed in parts, or measured on tasks of the kind, with their spread."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Default
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.question import AnnotationQuestion, TimeStage
from mlquote.estimators.annotation.work import LabelWork
from mlquote.estimators.asking.finding import Finding, given, unknown
from mlquote.formulas.uncertainty import Uncertain, between, doubtful, known, total
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import SECONDS_PER_HOUR

SECONDS, MEDIAN = "annotation_seconds", "annotation_median_seconds"


@dataclass(frozen=True, slots=True)
class TimePart:
    """One part of the work: seconds of each label where it is timed so, and hours in all where they are said."""

    stage: str
    mean_s: float | None
    median_s: float | None
    worker_hours: float | None = None


@dataclass(frozen=True, slots=True)
class LabelTime:
    """Seconds of work on one label: what a total rests on is the mean, which is above the median."""

    seconds: Uncertain
    """The mean, as far as it is known."""
    median_s: float | None = None
    """Half of the labels take less; None where nobody measured it."""


@dataclass(frozen=True, slots=True)
class Labour:
    """The hours of work, and what they rest on."""

    hours: Uncertain | None
    label: LabelTime | None
    parts: tuple[TimePart, ...] = ()


def labour_of(question: AnnotationQuestion, work: LabelWork, catalog: Snapshot, moment: datetime) -> Finding[Labour]:
    """Hours of work in all; None where neither they nor the seconds of a label are known."""
    if question.worker_hours is not None:
        hours = given("worker_hours", question.worker_hours, "h")
        return hours.of(Labour(hours.value, None))
    if question.stages is not None:
        return Finding(_staged(question, work))
    label, parts = _label_time(question, catalog, moment)
    if label.value is None:
        return label.of(Labour(None, None))
    seconds = label.value.seconds
    looked_over = seconds if question.review_seconds is None else known(question.review_seconds)
    spent = [seconds * float(work.by_unit.labels)]
    if work.by_unit.reviews:
        spent.append(looked_over * float(work.by_unit.reviews))
    return label.of(Labour(total(spent) / SECONDS_PER_HOUR, label.value, parts))


def _staged(question: AnnotationQuestion, work: LabelWork) -> Labour:
    parts = tuple(_stage(stage, work) for stage in question.stages or ())
    hours = known(sum(part.worker_hours or 0.0 for part in parts))
    timed = [part.mean_s for part in parts if part.mean_s is not None]
    return Labour(hours, LabelTime(known(sum(timed))) if timed else None, parts)


def _stage(stage: TimeStage, work: LabelWork) -> TimePart:
    """The hours of one stage: said, or by the item, or by the label, those that are looked over too."""
    hours = stage.worker_hours
    if stage.seconds_per_item is not None:
        hours = stage.seconds_per_item * work.items / SECONDS_PER_HOUR
    elif stage.seconds_per_unit is not None:
        hours = stage.seconds_per_unit * (work.by_unit.labels + work.by_unit.reviews) / SECONDS_PER_HOUR
    return TimePart(stage.name, stage.seconds_per_unit, None, hours)


def _label_time(
    question: AnnotationQuestion, catalog: Snapshot, moment: datetime
) -> tuple[Finding[LabelTime | None], tuple[TimePart, ...]]:
    """Seconds of one label, and their parts where these were measured by themselves."""
    if question.seconds_per_unit is not None:
        said = given("seconds_per_unit", question.seconds_per_unit, "s")
        return said.of(LabelTime(said.value)), ()
    rows = _measured(question.task, catalog, moment)
    if not rows:
        detail = f"nobody measured how long {question.task} takes: give seconds_per_unit or worker_hours"
        return unknown("label-time-unknown", detail), ()
    medians = [_median(row, catalog, moment) for row in rows]
    seconds = _mean(rows, catalog)
    measured = [median for median in medians if median is not None]
    label = LabelTime(seconds, sum(measured) if len(measured) == len(rows) else None)
    parts = tuple(
        TimePart(row.level.partition("/")[2] or "label", row.value, median)
        for row, median in zip(rows, medians, strict=True)
    )
    interval = seconds.range()
    told = Assumption(
        "seconds_per_unit", seconds.median, rows[0].unit, interval.low, interval.high, "catalog",
        f"a mean: {rows[0].note}", rows[0].source_url,
    )  # fmt: skip
    return Finding(label, (told,), tuple(catalog.ref("defaults", row) for row in rows)), parts


def _mean(rows: list[Default], catalog: Snapshot) -> Uncertain:
    """The sum of the parts' means, within the ends that a source gives, or as far apart as labels are."""
    mean = sum(row.value or 0.0 for row in rows)
    low, high = rows[0].low, rows[0].high
    if len(rows) == 1 and low is not None and high is not None:
        return between(low, high, SECONDS, median=mean)
    return doubtful(mean, catalog.doubt(SECONDS), SECONDS)


def _measured(task: str, catalog: Snapshot, moment: datetime) -> list[Default]:
    """The rows of a task's seconds: one, or one a part."""
    levels = sorted(key[1] for key in catalog.keys("defaults") if key[0] == SECONDS)
    wanted = [level for level in levels if level == task or level.startswith(f"{task}/")]
    return [catalog.default(SECONDS, moment, level) for level in wanted]


def _median(row: Default, catalog: Snapshot, moment: datetime) -> float | None:
    found = catalog.held_or_first("defaults", MEDIAN, row.level, moment=moment)
    return None if found is None else found.value
