"""The same training run elsewhere, at another time or on other terms: dollars and CO2e saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

from mlquote.catalog.rows import PriceModel
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Moment, Name, Question, any_case
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.comparing.standing import Mark, mark_of
from mlquote.estimators.kinds import TRAINING, read_question
from mlquote.estimators.projects.flows import Base
from mlquote.estimators.projects.pricing import base_of, basis_told
from mlquote.estimators.projects.ranges import Drawing, interval_between
from mlquote.estimators.projects.sources import Sources
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Answer, Range, Warning

MOST_OPTIONS = 200
CARBON = (
    "Carbon is the yearly average of each grid zone: no hour and no season is in it, so another month changes prices, "
    "and the year's figure where the year is another. carbon_free_percent is what the provider publishes of the "
    "region, on carbon_free_basis (`hourly`: matched hour by hour); it moves no figure here."
)


def _listed(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


def _several(kind: Any) -> Any:
    return Annotated[tuple[kind, ...], BeforeValidator(_listed), Field(min_length=1, max_length=MOST_OPTIONS)]


class Placement(Question):
    """Where, when and on which terms to train: a training question's own fields, and what to try instead."""

    model_config = ConfigDict(extra="allow")

    question: Mapping[str, Any] | None = None
    """The training question's fields, if they are not given beside these."""
    regions: _several(Name) | None = None  # type: ignore[valid-type]
    """Regions to try: `provider/region`, or a region of the question's own provider."""
    grid_zones: _several(Name) | None = None  # type: ignore[valid-type]
    """Grid zones to try."""
    dates: _several(Moment) | None = None  # type: ignore[valid-type]
    """Dates of the run to try: 2026-03 is its first day."""
    price_models: _several(Annotated[PriceModel, any_case]) | None = None  # type: ignore[valid-type]
    """Terms of renting to try, or `owned`."""

    own: ClassVar = ("question", "regions", "grid_zones", "dates", "price_models", "as_of", "release")

    def asked(self) -> dict[str, Any]:
        """The fields of the run.

        Raises: Malformed for fields beside `question`
        """
        beside = dict(self.model_extra or {})
        if self.question is not None and beside:
            name = next(iter(beside))
            raise Malformed(f"{name} stands beside question", pointer=f"/{name}", hint=f"put it at /question/{name}")
        return dict(self.question) if self.question is not None else beside


@dataclass(frozen=True, slots=True)
class PlacedRun:
    """The run at one place and time, and what it saves against the run as it was asked; null is unknown."""

    choice: Mapping[str, Any]
    cost_basis: str | None
    cost_usd: Range | None
    emissions_kgco2e: Range | None
    energy_kwh: Range | None
    saved_usd: Range | None
    """Dollars less, draw by draw; below 0 it costs more. Null between rental and an owner's dollars."""
    saved_kgco2e: Range | None
    """kg CO2e less, draw by draw."""
    kgco2e_per_kwh: float | None
    """The grid's figure that counts."""
    carbon_from: str
    """Whose figure that is, and of which year."""
    carbon_free_percent: float | None
    carbon_free_basis: str | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Placements:
    """The run as asked, and every other place, time and terms, the least dollars first."""

    asked: PlacedRun
    marks: Mapping[str, Mark]
    """cheapest and greenest, the run as asked among them."""
    options: tuple[PlacedRun, ...]
    carbon: str
    """What the figures of carbon are, and are not."""
    seed: int


@dataclass(slots=True)
class _Desk:
    """What every option is asked with."""

    question: Placement
    catalog: Snapshot
    now: datetime
    drawing: Drawing
    sources: Sources

    def answer(self, fields: Mapping[str, Any]) -> Answer:
        """The training estimate of these fields."""
        moment = self.question.moment(self.now)
        place = "/question" if self.question.question is not None else ""
        pinned = {"as_of": moment, "release": self.catalog.release.id, **fields}
        return TRAINING.estimate(read_question(TRAINING, pinned, place), self.catalog, self.now)


def placement(question: Placement, catalog: Snapshot, now: datetime) -> Answer:
    """Ask the run as it is, and at every other place, time and terms.

    Raises:  Malformed where nothing is tried; TooLarge beyond MOST_OPTIONS; what the estimate raises of the run asked
    """
    desk = _Desk(question, catalog, now, Drawing(0), Sources())
    own = desk.answer(question.asked())
    tried = list(_options(question, question.asked()))
    base = base_of("as asked", TRAINING, own, desk.sources)
    first = _placed({}, own, base, (base, own), desk)
    findings: list[Finding[Any]] = [Finding(None, rows=own.rows, warnings=own.warnings)]
    runs = []
    for number, (choice, fields) in enumerate(tried, 1):
        try:
            answer = desk.answer(fields)
        except QuoteError as error:
            runs.append(PlacedRun(choice, None, *(None,) * 6, "", None, None, error.detail))
            continue
        there = base_of(f"option {number}", TRAINING, answer, desk.sources)
        runs.append(_placed(choice, answer, there, (base, own), desk))
        findings.append(Finding(None, rows=answer.rows, warnings=tuple(_said(choice, answer))))
    result = Placements(first, _marks([first, *runs]), tuple(sorted(runs, key=_dollars)), CARBON, 0)
    moment = question.moment(now)
    echoed = question.filled(as_of=moment, release=catalog.release.id)
    annual = Finding(None, warnings=(Warning("annual-averages", CARBON),))
    return told(Envelope(echoed, catalog.catalog_ref(moment)), result, *findings, annual)


def _options(question: Placement, asked: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(choice, fields) of every other place, time and terms.

    Raises:  Malformed where nothing is tried; TooLarge
    """
    axes: list[list[dict[str, Any]]] = [
        [_region(each, asked) for each in question.regions or ()],
        [{"grid_zone": each} for each in question.grid_zones or ()],
        [{"date": each.date().isoformat()} for each in question.dates or ()],
        [{"price_model": each} for each in question.price_models or ()],
    ]
    given = [axis for axis in axes if axis]
    if not given:
        raise Malformed("nothing to try", pointer="/regions", hint="give regions, grid_zones, dates or price_models")
    size = prod(len(axis) for axis in given)
    if size > MOST_OPTIONS:
        raise TooLarge(f"{size} options; at most {MOST_OPTIONS} are tried at once")
    for chosen in product(*given):
        choice = {name: value for each in chosen for name, value in each.items()}
        yield choice, {**asked, **choice}


def _region(text: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    provider, found, region = text.partition("/")
    if found:
        return {"provider": provider, "region": region}
    if asked.get("provider") is None:
        hint = f"provider/{text}, or give provider"
        raise Malformed(f"whose region is {text!r}?", pointer="/regions", hint=hint)
    return {"region": text}


def _placed(choice: Mapping[str, Any], answer: Answer, base: Base, own: tuple[Base, Answer], desk: _Desk) -> PlacedRun:
    """One run, and what it saves against the run as asked."""
    known = {each.name: each for each in answer.assumptions}
    grid = known.get("kgco2e_per_kwh")
    free, basis = _carbon_free(answer, desk)
    bases = {basis_told(each.question) for each in (answer, own[1])}
    figures = {name: None if ends is None else ends.range() for name, ends in base.figures.items()}
    return PlacedRun(
        choice=dict(choice),
        cost_basis=basis_told(answer.question),
        cost_usd=figures["cost_usd"],
        emissions_kgco2e=figures["emissions_kgco2e"],
        energy_kwh=figures["energy_kwh"],
        saved_usd=_saved(own[0], base, "cost_usd", desk.drawing) if len(bases) == 1 else None,
        saved_kgco2e=_saved(own[0], base, "emissions_kgco2e", desk.drawing),
        kgco2e_per_kwh=None if grid is None else float(grid.value),
        carbon_from="" if grid is None else grid.why,
        carbon_free_percent=free,
        carbon_free_basis=basis,
    )


def _carbon_free(answer: Answer, desk: _Desk) -> tuple[float | None, str | None]:
    """What the provider publishes of the carbon-free hours of the region whose row the answer used."""
    used = next((row.key.partition("/") for row in answer.rows if row.table == "regions"), None)
    if used is None:
        return None, None
    row = desk.catalog.region(used[0], used[2], answer.question["date"])
    return row.cfe_percent, row.cfe_basis or None


def _saved(own: Base, there: Base, figure: str, drawing: Drawing) -> Range | None:
    mine, other = own.figures[figure], there.figures[figure]
    if mine is None or other is None:
        return None
    middle = EXACT.subtract(mine.central, other.central)
    return interval_between(drawing.base(own, figure) - drawing.base(there, figure), middle, figure)


def _marks(runs: list[PlacedRun]) -> dict[str, Mark]:
    """The cheapest of those on the basis of the run as asked, and the greenest of all."""
    alike = [run for run in runs if run.cost_basis == runs[0].cost_basis]
    found = {
        "cheapest": mark_of("cost_usd", [(run.choice, run.cost_usd) for run in alike], is_highest_first=False),
        "greenest": mark_of(
            "emissions_kgco2e", [(run.choice, run.emissions_kgco2e) for run in runs], is_highest_first=False
        ),
    }
    return {name: mark for name, mark in found.items() if mark is not None}


def _dollars(run: PlacedRun) -> tuple[bool, float]:
    return run.cost_usd is None, float(run.cost_usd.central) if run.cost_usd is not None else 0.0


def _said(choice: Mapping[str, Any], answer: Answer) -> Iterator[Warning]:
    who = ", ".join(str(chosen) for chosen in choice.values())
    return (Warning(each.code, f"{who}: {each.detail}") for each in answer.warnings)
