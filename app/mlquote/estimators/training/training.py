"""What a training run costs: FLOP, accelerator-hours, energy, carbon, water and dollars, each with how sure we are."""

from collections.abc import Iterator
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, ahead, unknown
from mlquote.estimators.asking.question import utc
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.training.answer import result_of
from mlquote.estimators.training.facts import TrainingFacts, facts_of
from mlquote.estimators.training.question import DEFAULT_PRECISION, TrainingQuestion
from mlquote.estimators.training.rollouts import shaped
from mlquote.estimators.training.run import TrainingRun, run_of
from mlquote.estimators.training.unused import unused_fields
from mlquote.kit.provenance import Answer


def training_estimate(question: TrainingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `TrainingQuestion` from one snapshot.

    Raises:  Malformed when nothing says how much is trained; UnknownName for names the catalogue lacks; OutOfDomain
             for figures that contradict each other
    """
    moment = question.moment(now)
    when = utc(question.date) if question.date is not None else moment
    shape = shaped(question, catalog, when)
    question = shape.value
    facts = facts_of(question, catalog, when, moment)
    run = run_of(question, facts)
    result = result_of(run)
    echoed = question.filled(
        as_of=moment,
        release=catalog.release.id,
        date=when,
        cost_basis=run.costs.basis,
        precision=question.precision or DEFAULT_PRECISION,
    )
    envelope = Envelope(echoed, catalog.catalog_ref(moment))
    heard = (
        ahead(when, now),
        _of_its_date(facts, when, moment if moment < now else when),
        unused_fields(question, facts, run),
    )
    return told(envelope, result, shape, *_as_read(facts, run), facts, run, *heard, shares=result.variance_shares)


def _of_its_date(facts: TrainingFacts, when: datetime, moment: datetime) -> Finding[None]:
    """Said of an `as_of` before the run's date, where no law is looked up by what was known then."""
    if when <= moment or facts.loss_law.value is not None:
        return Finding(None)
    detail = f"as_of changes nothing: prices and figures are those of the run's date, {when:%Y-%m-%d}"
    return unknown(NOT_USED, detail)


def _as_read(facts: TrainingFacts, run: TrainingRun) -> Iterator[object]:
    """What a reader meets first: what is trained, how fast, where, for how much, and what is left open."""
    yield from (facts.accelerator, run.impossible, facts.model, facts.amount, run.work, facts.hours, facts.speed)
    yield facts.efficiency
    yield from (facts.site, facts.draw, facts.embodied, facts.rate, facts.spot_overhead, facts.capital)
    yield from (facts.electricity, facts.hosting, facts.storage, facts.egress, run.gaps, run.memory)
    yield facts.room
    yield from (facts.network, run.communication, facts.loss_law)
