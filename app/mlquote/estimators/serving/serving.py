"""What hosting a model oneself delivers and costs: tokens per second, latency, joules and dollars per token."""

from collections.abc import Iterator
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, ahead
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.asking.unused import unused
from mlquote.estimators.serving.answer import result_of, shares_told
from mlquote.estimators.serving.facts import ServingFacts, facts_of
from mlquote.estimators.serving.own_figures import figures_heard
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import ServingRun, run_of
from mlquote.estimators.serving.tasks import task_estimate
from mlquote.estimators.serving.unused import RULES, Used
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.kit.provenance import Answer


def serving_estimate(
    question: ServingQuestion, catalog: Snapshot, now: datetime, card: NamedCard | None = None
) -> Answer:
    """Answer a `ServingQuestion` from one snapshot.

    Args:    card: the rate card that `question.rate_card` names, found by whoever can reach the store

    Raises:  OutOfDomain where the model does not fit, cannot be computed there or cannot meet the targets, with what
             would be possible; Malformed for contradictions; UnknownName for names the catalogue lacks
    """
    if question.task != "generate":
        return task_estimate(question, catalog, now)
    when = question.moment(now)
    facts = facts_of(question, catalog, when, card)
    run = run_of(question, facts)
    result = result_of(run)
    echoed = question.filled(
        as_of=when,
        release=catalog.release.id,
        weight_dtype=facts.weight_dtype.value,
        kv_dtype=facts.kv_dtype.value,
        input_tokens=facts.input_tokens.value,
        output_tokens=facts.output_tokens.value,
        accelerator_count=run.deployment.accelerators,
    )
    envelope = Envelope(echoed, catalog.catalog_ref(when))
    silent = unused(question, Used(question, facts, run), RULES)
    heard = (ahead(when, now), silent, _figures(question, facts, run))
    return told(envelope, result, *_as_read(facts, run), facts, run, *heard, shares=shares_told(result))


def _figures(question: ServingQuestion, facts: ServingFacts, run: ServingRun) -> Finding[None]:
    host = run.deployment
    width = host.layout.width * host.layout.stages
    return figures_heard(question, facts.price, host.computes_in.value, width=width, reads_weights=True)


def _as_read(facts: ServingFacts, run: ServingRun) -> Iterator[object]:
    """What a reader meets first: what is served on what, how, how fast, where, for how much, and what is left open."""
    host = run.deployment
    yield from (facts.model, facts.weight_dtype, facts.kv_dtype, facts.accelerator, facts.memory, facts.sheet)
    yield from (facts.input_tokens, facts.images, facts.output_tokens, facts.weights_fill, host.count, facts.drafting)
    yield from (facts.constants, host.computes_in, facts.engine, host, facts.targets, run.operation)
    yield from (facts.site, facts.price, facts.embodied, facts.rated_w, run.power, facts.wall_factor)
    yield from (run.residuals, run.gaps, facts.api, run.break_even)
