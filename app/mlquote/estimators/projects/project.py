"""What a whole project costs: each part asked of its own estimator, put into its months, added up, and told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.telling import add_shares
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.projects.answer import ProjectResult, WhatIfResult
from mlquote.estimators.projects.flows import FIGURES
from mlquote.estimators.projects.otherwise import alternative_of
from mlquote.estimators.projects.pricing import Desk
from mlquote.estimators.projects.putting import Put, last_month, put
from mlquote.estimators.projects.question import ProjectPart, ProjectQuestion
from mlquote.estimators.projects.ranges import Drawing, shares_of_flows
from mlquote.estimators.projects.reading import Kinds, shared_fields
from mlquote.estimators.projects.shaping import basis_of, difference, result_of
from mlquote.estimators.projects.sums import Sums
from mlquote.estimators.projects.variants import changed
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.kit.provenance import Answer, Assumption, Range, Trail, Warning


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it is reckoned: its parts and its alternative's over the same months, on the same draws."""

    question: ProjectQuestion
    horizon: int
    parts: Put
    alternative: Put | None


def project_estimate(
    question: ProjectQuestion, catalog: Snapshot, now: datetime, *, kinds: Kinds, card: Any = None
) -> Answer:
    """Answer a `ProjectQuestion` from one snapshot.

    Args:    kinds: what a part may ask; card: the rate card that `question.rate_card` names, by who can reach the store
    Raises:  Malformed with the faults of every part; QuoteError as the first estimator that refuses has it
    """
    desk = Desk(catalog, now, question.moment(now), card)
    drawing = Drawing(question.seed)
    project = _project(question, desk, kinds, drawing)
    what_ifs = tuple(_what_if(project, place, desk, kinds, drawing) for place in range(len(question.what_if)))
    shares = {figure: _shares(project.parts.sums, figure) for figure in FIGURES}
    alternative = alternative_of(question, project.parts, project.alternative) if project.alternative else None
    result = result_of(question, project.parts, what_ifs, alternative, shares)
    trail = Trail()
    _tell(trail, project, kinds, shares)
    echoed = question.filled(as_of=desk.moment, release=catalog.release.id, months=project.horizon)
    echoed["parts"] = _echoed(question.parts, project.parts)
    if question.alternative is not None and project.alternative is not None:
        echoed["alternative"] = _echoed(question.alternative, project.alternative)
    trail.assumptions[:0] = echoed.readings
    _warn(trail, project, result)
    return trail.answer(echoed, result, catalog.catalog_ref(desk.moment))


def _project(question: ProjectQuestion, desk: Desk, kinds: Kinds, drawing: Drawing) -> Project:
    """The parts, and those of the alternative, over the months of the project."""
    horizon = question.months or max(
        last_month(question.parts), last_month(question.alternative) if question.alternative else 1
    )
    shared = shared_fields(question)
    parts = put(question.parts, "/parts", shared, horizon, desk, kinds, drawing)
    other = None
    if question.alternative is not None:
        other = put(question.alternative, "/alternative", shared, horizon, desk, kinds, drawing)
    return Project(question, horizon, parts, other)


def _what_if(project: Project, place: int, desk: Desk, kinds: Kinds, drawing: Drawing) -> WhatIfResult:
    """The project of a what-if beside the project."""
    said = project.question.what_if[place]
    try:
        other = _project(changed(project.question, place, said), desk, kinds, drawing).parts.sums
    except QuoteError as error:
        faults = [_in_change(fault, place) for fault in error.faults]
        raise error.retold(faults, f"{faults[0].pointer}: {faults[0].detail}") from error
    mine = project.parts.sums
    bases = {basis_of(mine), basis_of(other)}
    totals: dict[str, Range | None] = {figure: other.total(figure) for figure in FIGURES}
    more = {figure: difference(other, mine, figure) for figure in FIGURES}
    if "mixed" in bases or len(bases - {None}) > 1:
        more["cost_usd"] = None
        totals["cost_usd"] = None if basis_of(other) == "mixed" else totals["cost_usd"]
    changes = ", ".join(f"{field} = {value}" for field, value in said.change.items())
    name = said.name or f"{said.part}: {changes}" if said.part else said.name or changes
    return WhatIfResult(name, said.part, dict(said.change), totals, more)


def _in_change(fault: Any, place: int) -> Any:
    """A fault of a changed project, told where the change stands."""
    if fault.pointer.startswith("/what_if/"):
        return fault
    field = fault.pointer.rpartition("/")[2]
    return type(fault)(f"/what_if/{place}/change/{field}", fault.detail, fault.hint)


def _shares(sums: Sums, figure: str) -> dict[str, float]:
    """Source of doubt -> its share of a total's variance; empty where the total is unknown."""
    if sums.total(figure) is None:
        return {}
    return shares_of_flows([flow for part in sums.known(figure) for flow in part.flows], figure)


def _tell(trail: Trail, project: Project, kinds: Kinds, shares: Mapping[str, Mapping[str, float]]) -> None:
    """What the totals rest on: each source of doubt once, every row, every warning."""
    trail.assumptions += list(_own_assumptions(project))
    for held in (project.parts, project.alternative):
        if held is None:
            continue
        known = {each.name for each in trail.assumptions}
        sources = held.sources
        trail.assumptions += [each for name, each in sources.assumptions.items() if name not in known]
        for part in held.priced:
            trail.assumptions += [each for each in part.told if each.name not in sources.assumptions]
            for row in part.rows:
                trail.use(row)
        for warning in _warnings(held):
            trail.warn(warning.code, warning.detail)
    add_shares(trail.assumptions, shares["cost_usd"])
    for warning in _unused(project, kinds):
        trail.warn(warning.code, warning.detail)


def _warnings(held: Put) -> Iterator[Warning]:
    """What the answers to the parts warn of, each once, with the parts it is said of."""
    said: dict[tuple[str, str], list[str]] = {}
    for part in held.priced:
        for warning in part.warnings:
            said.setdefault((warning.code, warning.detail), []).append(part.base.name)
    for (code, detail), names in said.items():
        yield Warning(code, f"{', '.join(names)}: {detail}")


def _own_assumptions(project: Project) -> Iterator[Assumption]:
    question = project.question
    if question.months is None:
        yield Assumption("months", project.horizon, "months", basis="derived", why="the last month that a part names")
    given = "discount_rate_per_year" in question.model_fields_set
    yield Assumption(
        "discount_rate_per_year", question.discount_rate_per_year, "fraction a year",
        basis="given" if given else "default", why="given" if given else "none: a later dollar counts as one now",
    )  # fmt: skip
    monthly = [name for name, each in project.parts.schedules.items() if each.monthly and each.months > 1]
    if monthly:
        why = "prices are those of as_of in every month, but for monthly_price_change_fraction"
        yield Assumption("monthly_price_change_fraction", Decimal(0), "fraction", basis="default", why=why)


def _unused(project: Project, kinds: Kinds) -> Iterator[Warning]:
    """Shared fields that no part took; one that no question has is refused.

    Raises:  Malformed naming the nearest field
    """
    held = [each for each in (project.parts, project.alternative) if each is not None]
    taken = frozenset[str]().union(*(each.taken for each in held))
    fields = {name for member in kinds.among.values() for name in member.question.model_fields}
    for name in shared_fields(project.question):
        if name not in fields:
            hint = nearest(name, fields)
            raise Malformed(f"no question has a field {name!r}", pointer=f"/shared/{name}", hint=hint)
        if name not in taken:
            yield Warning(NOT_USED, f"{name} changes nothing: no part has it, needs it or leaves it to the project")


def _echoed(parts: Mapping[str, ProjectPart], held: Put) -> dict[str, dict[str, Any]]:
    """Parts as they are echoed: what was said, with their kinds and months filled in."""
    echoed = {}
    for name, said in parts.items():
        when = held.schedules[name]
        fields = {"kind": held.kinds[name]} | said.model_dump(exclude_unset=True)
        filled = {"month": when.first, "months": when.months, "occurs": "monthly" if when.monthly else "once"}
        is_multiple = held.kinds[name] == "multiple"
        echoed[name] = fields | ({} if is_multiple else {n: v for n, v in filled.items() if fields.get(n) is None})
    return echoed


def _warn(trail: Trail, project: Project, result: ProjectResult) -> None:
    """What a total lacks, and what it may not be taken for."""
    if result.cost_basis == "mixed":
        named = "; ".join(f"{each.cost_basis}: {', '.join(each.parts)}" for each in result.bases)
        trail.warn("cost-bases-mixed", f"{named}: no total of both, see bases; cost_basis says one for all")
    for each in result.sums:
        if each.unknown_parts:
            trail.warn(
                "total-unknown", f"{each.figure} of {', '.join(each.unknown_parts)} is unknown: known has the rest"
            )
        if each.untold_parts and len(each.untold_parts) < len(result.parts):
            trail.warn("parts-not-counted", f"{each.figure} counts nothing of {', '.join(each.untold_parts)}: not told")
    if result.bound is not None:
        bounded = ", ".join(f"{each.part} ({each.bound})" for each in result.parts if each.bound)
        trail.warn("bounds-added", f"{bounded}: the total is {result.bound.replace('_', ' ')} the figure told")
    seed = project.question.seed
    if seed and not project.parts.sources.parts:
        trail.warn(NOT_USED, "seed changes nothing: no amount is in doubt, so nothing is drawn")
    if project.question.discount_rate_per_year and project.horizon == 1:
        trail.warn(NOT_USED, "discount_rate_per_year changes nothing: there is one month")
