"""The parts of a project, or of its alternative, read, priced and put into their months."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.estimators.projects.flows import Base, Schedule, flow_of
from mlquote.estimators.projects.given import CommittedMinimum, Multiple
from mlquote.estimators.projects.pricing import Desk, PartPriced, priced
from mlquote.estimators.projects.question import ProjectPart
from mlquote.estimators.projects.ranges import Drawing
from mlquote.estimators.projects.reading import Kinds, PartRead, part_read
from mlquote.estimators.projects.sources import Sources
from mlquote.estimators.projects.sums import PartSum, Sums
from mlquote.kit.errors import MOST_FAULTS, Fault, Malformed, QuoteError, TooLarge, nearest
from mlquote.kit.money import EXACT
from mlquote.kit.units import HOURS_PER_MONTH

_DERIVED = (Multiple, CommittedMinimum)
_LONGEST_MONTH_DAYS = 31
_MOST_TIMES = 1_000_000
"""Nothing grows more over a project."""
_WHEN = frozenset({"month", "months", "monthly_use_growth_fraction", "monthly_price_change_fraction"})


@dataclass(frozen=True, slots=True)
class Put:
    """Parts over months, and all that is to be told of them."""

    sums: Sums
    priced: tuple[PartPriced, ...]
    sources: Sources
    schedules: Mapping[str, Schedule]
    taken: frozenset[str]
    """Shared fields that some part took."""
    kinds: Mapping[str, str]
    """Part -> its kind."""


def put(
    parts: Mapping[str, ProjectPart], place: str, shared: Mapping[str, Any], horizon: int, desk: Desk,
    kinds: Kinds, drawing: Drawing,
) -> Put:  # fmt: skip
    """Every part read, asked and put into its months.

    Args:    place: the pointer to the parts; shared: fields that every part may take; horizon: months
    Raises:  Malformed with the faults of every part; QuoteError as the first estimator has it
    """
    desk.cells += len(parts) * horizon
    if desk.cells > desk.most_cells:
        raise TooLarge(f"more than {desk.most_cells:,} months of parts in one project and its what-ifs")
    read = _read_all(parts, place, shared, kinds)
    if len(desk.answers) + sum(part.member is not None for part in read) > desk.most:
        raise TooLarge(f"more than {desk.most} estimates in one project, its what-ifs and its alternative")
    schedules = {part.name: _schedule(part, f"{place}/{part.name}", horizon) for part in read}
    sources, found, sums = Sources(), [], dict[str, PartSum]()
    for part in read:
        if not isinstance(part.given, _DERIVED):
            one = _of_hours(part, priced(part, desk, sources))
            found.append(one)
            sums[part.name] = _sum(part, one, schedules[part.name], horizon)
    for part in read:
        if isinstance(part.given, _DERIVED):
            sums[part.name] = _derived(part, part.given, sums, schedules[part.name], horizon)
    ordered = tuple(sums[part.name] for part in read)
    bases = {one.base.name: one.basis for one in found}
    taken = frozenset[str]().union(*(_taken(part, bases.get(part.name)) for part in read))
    said = {part.name: part.kind for part in read}
    return Put(Sums(ordered, horizon, drawing), tuple(found), sources, schedules, taken, said)


def _read_all(parts: Mapping[str, ProjectPart], place: str, shared: Mapping[str, Any], kinds: Kinds) -> list[PartRead]:
    read: list[PartRead] = []
    faults: list[Fault] = []
    for name, said in parts.items():
        try:
            read.append(part_read(name, said, f"{place}/{name}", shared, kinds))
        except QuoteError as error:
            faults.extend(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise Malformed(f"{faults[0].pointer}: {faults[0].detail}", faults=faults[:MOST_FAULTS])
    return read


def _taken(part: PartRead, basis: str | None) -> frozenset[str]:
    """The shared fields that count in a part: a rent does not where machines are owned."""
    return part.taken - {"usd_per_accelerator_hour"} if basis == "amortised" else part.taken


def last_month(parts: Mapping[str, ProjectPart]) -> int:
    """The last month that a part names."""
    return max(said.month + (said.months or 1) - 1 for said in parts.values())


def _schedule(part: PartRead, place: str, horizon: int) -> Schedule:
    """In which months a part falls.

    Raises:  Malformed beyond the project's end, or for hours of what is no rate
    """
    said = part.said
    monthly = _is_monthly(part) if said.occurs is None else said.occurs == "monthly"
    months = said.months or (horizon - said.month + 1 if monthly else 1)
    if months < 1 or said.month + months - 1 > horizon:
        detail = f"it ends in month {said.month + max(months, 1) - 1}, and the project in month {horizon}"
        raise Malformed(detail, pointer=f"{place}/month", hint="give months = how long the project lasts")
    _hours_make_sense(part, place, monthly=monthly)
    workload = getattr(part.asked, "workload", None)
    if monthly and workload is not None and workload.days > _LONGEST_MONTH_DAYS:
        hint = "give its days as 30, or occurs = once"
        raise Malformed(f"a month has no {workload.days} days", pointer=f"{part.pointer}/workload/days", hint=hint)
    growth, change = said.monthly_use_growth_fraction, said.monthly_price_change_fraction
    for field, each in (("monthly_use_growth_fraction", growth), ("monthly_price_change_fraction", change)):
        if (1 + float(each)) ** (months - 1) > _MOST_TIMES:
            detail = f"over {months} months that is more than {_MOST_TIMES:,} times as much"
            raise Malformed(detail, pointer=f"{place}/{field}", hint="a fraction a month: 5% is 0.05")
    return Schedule(said.month, months, monthly, growth, change)


def _is_monthly(part: PartRead) -> bool:
    if part.given is not None:
        return bool(getattr(type(part.given), "monthly", False))
    if part.is_rate:
        return part.said.hours is None
    return getattr(part.asked, "workload", None) is not None


def _hours_make_sense(part: PartRead, place: str, *, monthly: bool) -> None:
    said = part.said
    if isinstance(part.given, Multiple) and said.occurs is not None:
        raise Malformed("a multiple occurs as its parts do", pointer=f"{place}/occurs", hint="month and months move it")
    if part.is_rate:
        if said.hours is not None and said.hours_per_month is not None:
            raise Malformed("hours and hours_per_month both say how long it runs", pointer=f"{place}/hours")
        if monthly and said.hours is not None:
            hint = "hours_per_month, or occurs = once"
            raise Malformed("hours is how long it runs in all", pointer=f"{place}/hours", hint=hint)
        if not monthly and said.hours is None:
            raise Malformed("a rate that occurs once needs hours", pointer=f"{place}/hours", hint="how long it runs")
        return
    for field in ("hours", "hours_per_month"):
        if getattr(said, field) is not None and not (part.asked is not None and hasattr(part.asked, field)):
            raise Malformed(f"{field} is of rates, and {part.kind} is none", pointer=f"{place}/{field}")


def _of_hours(part: PartRead, one: PartPriced) -> PartPriced:
    """A rate's amounts, for the hours of a month or in all."""
    if not part.is_rate:
        return one
    said = part.said
    hours = said.hours if said.hours is not None else Decimal(str(said.hours_per_month or HOURS_PER_MONTH))
    figures = {name: None if ends is None else ends.times(hours) for name, ends in one.base.figures.items()}
    base = Base(one.base.name, figures, one.base.doubts)
    return PartPriced(base, one.basis, one.bound, one.told, one.rows, one.warnings)


def _sum(part: PartRead, one: PartPriced, months: Schedule, horizon: int) -> PartSum:
    flow = flow_of(one.base, months, horizon)
    return PartSum(part.name, part.kind, one.basis, months.first, months.last, (flow,), bound=one.bound)


def _derived(
    part: PartRead, given: Multiple | CommittedMinimum, sums: Mapping[str, PartSum], months: Schedule, horizon: int
) -> PartSum:
    """A part that other parts make.

    Raises:  Malformed for a name that is no part with amounts of its own, or for parts of both bases
    """
    others = []
    for name in given.of:
        if name not in sums or sums[name].kind in ("multiple", "committed_minimum"):
            hint = nearest(name, sums) or f"one of {', '.join(sums)}"
            raise Malformed(
                f"no part with amounts of its own is named {name!r}", pointer=f"{part.pointer}/of", hint=hint
            )
        others.append(sums[name])
    bases = {each.basis for each in others if each.basis is not None}
    if len(bases) > 1:
        raise Malformed("it is of rented and of owned machines", pointer=f"{part.pointer}/of", hint="one part for each")
    basis = next(iter(bases), None)
    if isinstance(given, CommittedMinimum):
        due = [EXACT.multiply(given.usd_per_month, each) for each in months.factors("cost_usd", horizon)]
        return PartSum(
            part.name, part.kind, basis, months.first, months.last, promised=tuple(due), counted=tuple(others)
        )
    flows = tuple(flow.times(given.times) for each in others for flow in each.flows)
    if part.said.model_fields_set & _WHEN:
        return PartSum(
            part.name, part.kind, basis, months.first, months.last, tuple(f.moved(months, horizon) for f in flows)
        )
    first, last = min(each.first for each in others), max(each.last for each in others)
    return PartSum(part.name, part.kind, basis, first, last, flows)
