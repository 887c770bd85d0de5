"""What a lower loss costs: the cheapest run of either loss under each law, priced by the training estimate itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, isfinite, log
from statistics import median, stdev
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import LEAST, MOST, MOST_PARAMS
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.planning.laws import NamedLaw, laws_of
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.estimators.planning.own_law import CARRIED, OwnLaw, own_law_of, small_sample
from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.training import training_estimate
from mlquote.formulas.scaling.parametric import ParametricLaw, Run, compute_for_loss
from mlquote.formulas.uncertainty import Z80
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Answer, Number, Range, Trail, Warning

FIGURES = ("training_flop", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "cost_usd")


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """The cheapest run that reaches a loss under one law, and what it takes."""

    loss: float
    params: float
    tokens: float
    training_flop: float
    accelerator_hours: Range | None
    wall_clock_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None


@dataclass(frozen=True, slots=True)
class Step:
    """What comes on top from one run to the other; doubts of price, speed and place are the same in both."""

    training_flop: float
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    times_compute: float
    """Compute of the one over that of the other."""
    usd_per_nat: Number | None
    """Dollars of the next nat at `loss_to`, on the frontier: k USD / (L - E)."""


@dataclass(frozen=True, slots=True)
class UnderLaw:
    """The step under one law; null runs where the law says that no compute reaches the loss."""

    law: str
    loss_floor: float
    """E: no compute comes below it."""
    percent_compute_per_percent_loss: float
    """How much more compute 1 % less of the loss above the floor takes: (alpha + beta) / (alpha beta)."""
    run_from: PlannedRun | None
    run_to: PlannedRun | None
    step: Step | None
    beyond_fit: tuple[str, ...]
    """Which of size and compute of `run_to` lie beyond what the law was fitted on."""
    no_answer: str | None = None


@dataclass(frozen=True, slots=True)
class FitOfRuns:
    """The law of the asker's own runs, and how far other draws of them differ."""

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    runs: int
    rms_log_loss: float
    """Root mean square of ln(fitted / observed loss)."""
    held_out_error: float | None
    draws: int
    draws_that_reach: int | None
    """Of the draws, those under which some compute reaches `loss_to`."""
    times_compute: Range | None
    """Interval of the step's compute over those draws; null where fewer than half of them reach the loss."""


@dataclass(frozen=True, slots=True)
class LossStep:
    """The step under every law, and the range that spans them."""

    laws_asked: int
    laws_that_reach: int
    times_compute: Range | None
    training_flop: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    """On top of the run at `loss_from`: from the lowest end under any law to the highest, the middle law's central."""
    laws: tuple[UnderLaw, ...]
    fit: FitOfRuns | None


def loss_plan(question: LossPlan, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `LossPlan` from one snapshot.

    Raises:  UnknownName, Malformed, OutOfDomain as the laws and the training estimate have them
    """
    moment, trail = question.moment(now), Trail()
    own = _own(question)
    laws = laws_of(question.laws, own, catalog, moment)
    for law in laws:
        law.told(trail)
    told: list[UnderLaw] = []
    for law in laws:
        told.append(_under(question, law.value, catalog, now, trail))
    for warning in _words(question, told, own):
        trail.warn(warning.code, warning.detail)
    echoed = question.filled(as_of=moment, release=catalog.release.id)
    trail.assumptions[:0] = echoed.readings
    return trail.answer(echoed, _spanned(question, told, own), catalog.catalog_ref(moment))


def _own(question: LossPlan) -> Finding[OwnLaw] | None:
    if question.runs is None:
        return None
    objective, tied = question.objective or "huber", bool(question.tied)
    return own_law_of(question.runs, objective=objective, tied=tied, seed=question.seed or 0)


def _under(question: LossPlan, named: NamedLaw, catalog: Snapshot, now: datetime, trail: Trail) -> UnderLaw:
    law = named.law
    if question.loss_to <= law.E:
        detail = f"no compute reaches {question.loss_to:g} under {named.name}: its floor is {law.E:.4g}"
        return UnderLaw(named.name, law.E, law.elasticity, None, None, None, (), detail)
    pair = _cheapest(named, question)
    if pair is None:
        detail = f"{named.name} gives no run that anybody could train between these losses"
        return UnderLaw(named.name, law.E, law.elasticity, None, None, None, (), detail)
    answers = [training_estimate(question.run_of(run.n_params, run.n_tokens), catalog, now) for run in pair]
    _hear(answers[-1], trail)
    planned = [_planned(run, answer.result) for run, answer in zip(pair, answers, strict=True)]
    step = _step(planned[0], planned[1], law)
    beyond = tuple(named.beyond(pair[1].n_params, pair[1].training_flop))
    return UnderLaw(named.name, law.E, law.elasticity, planned[0], planned[1], step, beyond)


def _cheapest(named: NamedLaw, question: LossPlan) -> tuple[Run, Run] | None:
    """The cheapest runs that reach either loss; None where one is of no size or length that there could be."""
    k = named.counting.per_param_token
    try:
        start, end = (compute_for_loss(named.law, loss, k) for loss in (question.loss_from, question.loss_to))
    except ArithmeticError:
        return None
    sound = all(1 <= run.n_params <= MOST_PARAMS and LEAST <= run.n_tokens <= MOST for run in (start, end))
    return (start, end) if sound else None


def _hear(answer: Answer, trail: Trail) -> None:
    """What the training estimate rests on, each once; its efficiency differs by law and stands with the first."""
    known = {each.name for each in trail.assumptions}
    trail.assumptions += [each for each in answer.assumptions if each.name not in known]
    for row in answer.rows:
        trail.use(row)
    for warning in answer.warnings:
        if warning.code not in _OF_ONE_RUN:
            trail.warn(warning.code, warning.detail)


_OF_ONE_RUN = frozenset({"derived-architecture", "no-accelerator-count"})


def _planned(run: Run, result: TrainingResult) -> PlannedRun:
    return PlannedRun(
        run.loss,
        run.n_params,
        run.n_tokens,
        run.training_flop,
        result.accelerator_hours,
        result.wall_clock_hours,
        result.energy_kwh,
        result.emissions_kgco2e.total,
        result.cost_usd,
    )


def _step(start: PlannedRun, end: PlannedRun, law: ParametricLaw) -> Step:
    more = {name: _difference(getattr(start, name), getattr(end, name)) for name in FIGURES[1:]}
    cost = end.cost_usd
    steep = None if cost is None else EXACT.multiply(_exact(cost.central), _exact(law.elasticity / (end.loss - law.E)))
    times = end.training_flop / start.training_flop
    return Step(end.training_flop - start.training_flop, **more, times_compute=times, usd_per_nat=steep)


def _difference(start: Range | None, end: Range | None) -> Range | None:
    """What `end` takes more; the ends belong together, since both are in doubt for the same reasons."""
    if start is None or end is None:
        return None
    return Range(*(EXACT.subtract(_exact(b), _exact(a)) for a, b in zip(_ends(start), _ends(end), strict=True)))


def _ends(span: Range) -> tuple[Number, Number, Number]:
    return span.low, span.central, span.high


def _exact(value: Number) -> Any:
    return EXACT.create_decimal(str(value))


def _spanned(question: LossPlan, told: Sequence[UnderLaw], own: Finding[OwnLaw] | None) -> LossStep:
    steps = [each.step for each in told if each.step is not None]
    flop = [step.training_flop for step in steps]
    times = [step.times_compute for step in steps]
    return LossStep(
        laws_asked=len(told),
        laws_that_reach=len(steps),
        times_compute=_over(times),
        training_flop=_over(flop),
        **{name: _across([getattr(step, name) for step in steps]) for name in FIGURES[1:]},
        laws=tuple(told),
        fit=_fit(question, own),
    )


def _over(values: Sequence[float]) -> Range | None:
    return Range(min(values), median(values), max(values)) if values else None


def _across(spans: Sequence[Range | None]) -> Range | None:
    """From the lowest end of any to the highest, the middle one's central; unknown as soon as one is."""
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return None
    lows, centrals, highs = zip(*(_ends(span) for span in known), strict=True)
    return Range(min(lows), median(centrals), max(highs))


def _fit(question: LossPlan, own: Finding[OwnLaw] | None) -> FitOfRuns | None:
    if own is None or question.runs is None:
        return None
    law, draws = own.value.law, own.value.draws
    reaching = [draw for draw in draws if question.loss_to > draw.E]
    times = [found for draw in reaching if (found := _times(draw, question)) is not None]
    enough = draws and 2 * len(times) >= len(draws)
    interval = _interval(question, own.value, times) if enough else None
    return FitOfRuns(
        law.E, law.A, law.B, law.alpha, law.beta, len(question.runs), own.value.fit.rms_log,
        own.value.held_out_error, len(draws), len(reaching) if draws else None, interval,
    )  # fmt: skip


def _interval(question: LossPlan, own: OwnLaw, drawn: Sequence[float]) -> Range | None:
    """The step's compute under the law of the runs, as far to either side as the draws lie from each other."""
    middle = _times(own.law, question) if question.loss_to > own.law.E else None
    if middle is None or question.runs is None:
        return None
    apart = stdev([log(times) for times in drawn]) * small_sample(len(question.runs))
    try:
        return Range(middle * exp(-Z80 * apart), middle, middle * exp(Z80 * apart))
    except OverflowError:
        return None


def _times(law: ParametricLaw, question: LossPlan) -> float | None:
    """Compute at the one loss over that at the other, l - E to the power of the elasticity; None beyond any number."""
    try:
        times = ((question.loss_from - law.E) / (question.loss_to - law.E)) ** law.elasticity
    except (OverflowError, ZeroDivisionError):
        return None
    return times if isfinite(times) else None


def _words(question: LossPlan, told: Sequence[UnderLaw], own: Finding[OwnLaw] | None) -> Iterator[Warning]:
    if question.grid_zone is not None and question.kgco2e_per_kwh is not None and question.price_model != "owned":
        yield Warning(NOT_USED, "grid_zone changes nothing beside kgco2e_per_kwh: water is not in a plan")
    if question.seed is not None and own is not None and not own.value.draws:
        yield Warning(NOT_USED, "seed changes nothing: so few runs are not drawn again")
    lost = [each for each in told if each.no_answer is not None]
    if lost:
        detail = f"{question.loss_to:g} is out of reach under {len(lost)} of {len(told)} laws: "
        yield Warning(
            "loss-out-of-reach", detail + "; ".join(f"{each.law} ends at {each.loss_floor:.4g}" for each in lost)
        )
    beyond = [each.law for each in told if each.beyond_fit]
    if beyond:
        yield Warning("extrapolated", f"beyond what {', '.join(beyond)} was fitted on: see beyond_fit of each law")
    to = next((each.run_to for each in told if own is not None and each.run_to is not None), None)
    if own is not None and to is not None and to.training_flop > CARRIED * own.value.largest_flop:
        times = to.training_flop / own.value.largest_flop
        yield Warning(
            "extrapolated", f"{times:.3g} times the largest compute of the runs: a law of theirs is carried 10"
        )
    yield Warning("loss-not-comparable", "losses are of each law's own corpus and tokenizer: compare steps, not levels")
