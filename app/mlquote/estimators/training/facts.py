"""What is found for a training run: every look-up, each a Finding that says where it comes from."""

from dataclasses import replace
from datetime import datetime
from math import hypot

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Figure, Finding, unknown, warned
from mlquote.estimators.machines.own_part import is_unknown
from mlquote.estimators.machines.ownership import Capital
from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.power import Draw
from mlquote.estimators.machines.site import Site
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.scaling.laws import loss_law
from mlquote.estimators.training.communication import network_of
from mlquote.estimators.training.memory import Room
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rollouts import Rollouts, rollouts_of
from mlquote.estimators.training.speed import Speed, speed_of
from mlquote.estimators.training.standing import NOT_NEEDED, Standing, standing_of
from mlquote.estimators.training.steps import is_stepped, step_of, tuned_mfu
from mlquote.estimators.training.thresholds import Law, laws_of
from mlquote.estimators.training.utilisation import efficiency_job, efficiency_of
from mlquote.estimators.training.work import CountDoubt, amount_of, count_doubt_of, tokens_of
from mlquote.formulas.scaling.parametric import ParametricLaw
from mlquote.formulas.uncertainty import doubtful, known
from mlquote.kit.errors import NotEffective
from mlquote.kit.provenance import Assumption
from mlquote.kit.records import quick_record

NO_LAW = unknown("no-loss-law", "no scaling law had been published by as_of: predicted_loss is null")


@quick_record
class TrainingFacts:
    """All that a run rests on beside its question, in the order in which an answer tells it."""

    stands: Standing
    """What does not depend on how much is trained."""
    accelerator: Finding[Accelerator]
    model: Finding[Resolved | None]
    """The model that is trained; None where FLOP or hours stand for it."""
    amount: Finding[float | None]
    """Tokens that are seen, or images."""
    teacher: Finding[Resolved | None]
    """What a distilled model learns from."""
    rollouts: Finding[Rollouts | None]
    """What is generated, and how fast, under methods that do."""
    count_doubt: CountDoubt
    """How far FLOP may be off, by how they are counted."""
    hours: Figure
    """Accelerator-hours of the final run, where they are given."""
    speed: Finding[Speed | None]
    """How fast one accelerator trains, where that was measured."""
    efficiency: Figure
    """HFU where the question gives one, else MFU; None where hours or a speed are given."""
    peaks: Finding[Peaks | None]
    """Dense peaks that the efficiency counts against; None where no FLOP are known to set against them."""
    reachable_fraction: float
    """Of a dense peak, what the best kernels reach: a run beyond it cannot be."""
    place: Finding[Place]
    site: Site
    draw: Draw
    embodied: Figure
    """kg CO2e of making, per accelerator-hour."""
    rate: Figure
    """Rent of an accelerator-hour, $."""
    spot_overhead: Figure
    """Billed over useful hours; None on other terms than spot."""
    capital: Finding[Capital | None]
    """What an owned accelerator-hour loses in value."""
    electricity: Figure
    """$ per kWh; None where no owner's bill can be drawn up."""
    hosting: Figure
    """$ per kWh of IT energy for the racks' place; None where the energy is unknown."""
    storage: Figure
    """$ per GB-month; None where nothing is stored."""
    egress: Figure
    """$ per GB; None where nothing is sent out."""
    room: Finding[Room]
    """What the part has for a run in its memory."""
    network: Figure
    """GB/s between nodes for each accelerator; None where no step's traffic is asked for."""
    loss_law: Finding[ParametricLaw | None]
    laws: Finding[tuple[Law, ...]]
    """Thresholds of training compute known at the run's date."""


def facts_of(question: TrainingQuestion, catalog: Snapshot, when: datetime, moment: datetime) -> TrainingFacts:
    """Every look-up that a question needs.

    Args:    when: the date of the run, whose prices, laws and figures count; moment: what is known by then
    Raises:  Malformed when nothing says what or how much is trained; UnknownName for names the catalogue lacks;
             OutOfDomain where no peak of the part, or no grid of the zone, is known
    """
    try:
        return _facts(question, standing_of(question, catalog, when), when, moment)
    except NotEffective:
        return _facts(question, Standing(question, catalog, when), when, moment)  # the refusal names what was asked


def _facts(question: TrainingQuestion, stands: Standing, when: datetime, moment: datetime) -> TrainingFacts:
    """What stands, and what depends on how much is trained."""
    catalog, accelerator, model = stands.catalog, stands.accelerator, stands.model
    part = accelerator.value
    amount = amount_of(question, model.value)
    tokens = tokens_of(model.value, amount.value)
    peaks = stands.peaks
    is_counted = question.training_flop is not None or (model.value is not None and amount.value is not None)
    return TrainingFacts(
        stands=stands,
        accelerator=accelerator,
        model=model,
        amount=amount,
        place=stands.place,
        site=stands.site,
        draw=stands.draw,
        capital=stands.capital,
        teacher=stands.teacher,
        rollouts=rollouts_of(question, tokens, catalog, when) if model.value is not None else NOT_NEEDED,
        count_doubt=count_doubt_of(catalog),
        hours=_hours(question),
        speed=speed_of(question, tokens),
        efficiency=_efficiency(question, part, model.value, tokens, peaks.value, catalog, when),
        peaks=peaks if is_counted else NOT_NEEDED,
        reachable_fraction=stands.reachable_fraction,
        embodied=stands.embodied,
        rate=stands.rate,
        spot_overhead=stands.spot_overhead,
        electricity=stands.electricity,
        hosting=stands.hosting,
        storage=stands.storage,
        egress=stands.egress,
        room=stands.room,
        network=network_of(question, part, model.value, tokens, catalog),
        loss_law=loss_law_of(question, model.value, tokens, catalog, moment),
        laws=laws_of(catalog, when, modified=question.method != "pretrain") if is_counted else Finding(()),
    )


def _efficiency(
    question: TrainingQuestion, part: Accelerator, resolved: Resolved | None, tokens: float | None,
    peaks: Peaks | None, catalog: Snapshot, when: datetime,
) -> Figure:  # fmt: skip
    """HFU or MFU as given, else what such a job reaches."""
    job = efficiency_job(question, part, resolved, tokens, when, peaks)
    whole_job = efficiency_of(question, part, peaks, job, catalog)
    if question.mfu is not None or question.hfu is not None or whole_job.value is None:
        return whole_job
    likely = whole_job
    if resolved is not None and peaks is not None and is_stepped(question, job, resolved):
        reachable = catalog.default("reachable_fraction", when).value or 1.0
        step = step_of(question, resolved, part, peaks, catalog, when)
        likely = tuned_mfu(step, job, peaks, whole_job, catalog, reachable)
    return _never_measured(part, likely, catalog) if is_unknown(part) else likely


def _never_measured(part: Accelerator, likely: Figure, catalog: Snapshot) -> Figure:
    """The efficiency of a part on which nobody published a run: that of others, in wider doubt."""
    assert likely.value is not None
    log_sd = hypot(likely.value.log_sd, catalog.doubt("mfu", "unknown_part"))
    wide = doubtful(likely.value.median, log_sd, "mfu")
    ends = wide.range()
    said = tuple(replace(each, low=ends.low, high=ends.high) for each in likely.assumptions)
    detail = f"no run on {part.id} was published: its share of the peak is other makers', in a wider range"
    return warned(Finding(wide, said, likely.rows, likely.warnings, likely.level), "no-measured-runs", detail)


def loss_law_of(
    question: TrainingQuestion, resolved: Resolved | None, tokens: float | None, catalog: Snapshot, moment: datetime
) -> Finding[ParametricLaw | None]:
    """The scaling law that foretells the loss, where one applies: to a dense decoder, pretrained on fresh text.

    Args:    moment: what is known by then; a law is knowledge, whenever the run was
    """
    if resolved is None or tokens is None or resolved.kind != "transformer" or resolved.mixture:
        return NOT_NEEDED
    if question.method != "pretrain" or question.epochs != 1:
        return NOT_NEEDED
    law = catalog.remembered(loss_law, spell_of(moment, changes_of(catalog, "scaling_laws")))
    return law if law.value is not None else NO_LAW


def _hours(question: TrainingQuestion) -> Figure:
    hours = question.accelerator_hours
    if hours is None:
        return NOT_NEEDED
    return Finding(known(hours), (Assumption("accelerator_hours", hours, "h", basis="given", why="given"),))
