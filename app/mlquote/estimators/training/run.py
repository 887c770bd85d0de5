"""A training run as it is reckoned: from its question and facts through formulas alone, each intermediate named."""

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.footprint import Footprint, footprint_of
from mlquote.estimators.training.communication import Communication, communication_of
from mlquote.estimators.training.cost import Costs, costs_of
from mlquote.estimators.training.facts import TrainingFacts
from mlquote.estimators.training.hours import Goodput, Pace, goodput_of, pace_of, with_rollouts
from mlquote.estimators.training.memory import Memory
from mlquote.estimators.training.methods import POLICY_ALONE
from mlquote.estimators.training.possible import impossible
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.speed import hours_at
from mlquote.estimators.training.thresholds import ThresholdVerdict, verdicts_of
from mlquote.estimators.training.work import Beside, Work, work_of
from mlquote.formulas.carbon import sci_kgco2e_per_unit
from mlquote.formulas.scaling.parametric import predicted_loss
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Warning
from mlquote.kit.records import quick_record
from mlquote.kit.units import TOKENS_PER_MTOK


@quick_record
class TrainingRun:
    """Every intermediate of a run, with its doubt; what had to be derived or assumed on the way says so itself."""

    work: Finding[Work]
    pace: Pace
    """Hours of the final run, and its MFU."""
    hours: Uncertain
    """All accelerator-hours, experiments and failed runs included."""
    wall_clock_hours: Uncertain | None
    """Of the final run; None without a count of accelerators."""
    goodput: Goodput | None
    footprint: Footprint
    sci_kgco2e_per_mtok: Uncertain | None
    """Software carbon intensity, per million training tokens."""
    costs: Costs
    memory: Memory
    communication: Finding[Communication | None]
    predicted_loss: float | None
    """Nats per token."""
    thresholds: tuple[ThresholdVerdict, ...]
    impossible: Finding[None]
    """Why the run cannot be as it was asked."""
    gaps: Finding[None]
    """Why a figure is null or leaves something out, where no look-up has said so already."""


def run_of(question: TrainingQuestion, facts: TrainingFacts) -> TrainingRun:
    """The run that a question and its facts give.

    Raises:  Malformed for an HFU without hardware FLOP, or a convention without a shape; OutOfDomain for splits that
             do not divide, or a batch larger than the training set
    """
    count, part = question.accelerator_count, facts.accelerator.value
    beside = Beside(facts.teacher.value, facts.rollouts.value)
    work = work_of(question, facts.model.value, facts.amount.value, facts.count_doubt, beside)
    speed, seen = facts.speed.value, work.value
    measured = hours_at(speed, seen.tokens, seen.model_flop, question.goodput_fraction) if speed else None
    known_hours = measured or facts.hours.value
    pace = pace_of(question, seen, facts.peaks.value, known_hours, facts.efficiency.value)
    pace = with_rollouts(pace, seen, facts.peaks.value, beside.rollouts)
    hours = pace.hours * question.experiments_multiplier
    wall = pace.hours / count if count else None
    marks = footprint_of(hours, facts.draw, facts.site, facts.embodied.value)
    memory = facts.stands.memory
    return TrainingRun(
        work=work,
        pace=pace,
        hours=hours,
        wall_clock_hours=wall,
        goodput=goodput_of(count, wall.median) if count and wall else None,
        footprint=marks,
        sci_kgco2e_per_mtok=_sci(marks, work.value.tokens),
        costs=costs_of(question, facts, hours, marks),
        memory=memory,
        communication=communication_of(question, part, work.value, memory.value, pace.hours, facts.network.value),
        predicted_loss=_loss(facts, work.value),
        thresholds=verdicts_of(facts.laws.value, work.value.model_flop),
        impossible=impossible(question, pace, facts.peaks.value, facts.reachable_fraction, memory.value),
        gaps=_gaps(question, marks),
    )


def _sci(marks: Footprint, tokens: float | None) -> Uncertain | None:
    operational, embodied = marks.location_based_kgco2e, marks.embodied_kgco2e
    if operational is None or embodied is None or not tokens:
        return None
    return sci_kgco2e_per_unit(operational, embodied, tokens / TOKENS_PER_MTOK)


def _loss(facts: TrainingFacts, work: Work) -> float | None:
    """Nats per token that the law foretells."""
    law = facts.loss_law.value
    if law is None or work.resolved is None or work.tokens is None:
        return None
    return predicted_loss(law, work.resolved.params, work.tokens)


def _gaps(question: TrainingQuestion, marks: Footprint) -> Finding[None]:
    said = []
    if question.accelerator_count is None:
        detail = "without accelerator_count the wall-clock time is unknown"
        said.append(Warning("no-accelerator-count", detail))
    if marks.market_based_kgco2e is None:
        detail = "no market-based carbon factor is published for this place"
        said.append(Warning("no-market-based-factor", detail))
    if question.method in POLICY_ALONE:
        detail = (
            f"{question.method} counts the policy alone; dpo, orpo, kto, grpo, rloo and ppo count what they keep and "
        )
        said.append(Warning("policy-alone", f"{detail}generate"))
    left_out = "staff and data" if question.storage_gb_months else "staff, data and storage"
    detail = f"research and engineering {left_out} are not in these dollars"
    said.append(Warning("staff-not-included", detail))
    return Finding(None, warnings=tuple(said))
