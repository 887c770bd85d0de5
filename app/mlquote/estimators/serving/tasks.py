"""What a task of whole passes delivers and costs: images, vectors, scores, transcripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, ahead
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.asking.unused import Needs, unused
from mlquote.estimators.serving.own_figures import figures_heard
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.task_answer import task_result_of
from mlquote.estimators.serving.task_facts import TaskFacts, task_facts_of
from mlquote.estimators.serving.task_run import TaskRun, task_run_of
from mlquote.kit.provenance import Answer


def task_estimate(question: ServingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `ServingQuestion` about another task than generating, from one snapshot.

    Raises:  OutOfDomain where the model does no such task or does not fit; UnknownName for names the catalogue lacks
    """
    when = question.moment(now)
    facts = task_facts_of(question, catalog, when)
    run = task_run_of(question, facts)
    result = task_result_of(run)
    echoed = question.filled(
        as_of=when,
        release=catalog.release.id,
        weight_dtype=facts.weight_dtype.value,
        accelerator_count=run.layout.count.value,
    )
    silent = unused(question, _Used(question, facts, run), RULES)
    heard = (ahead(when, now), silent, _figures(question, facts, run))
    envelope = Envelope(echoed, catalog.catalog_ref(when))
    return told(envelope, result, *_as_read(facts, run), facts, run, *heard, shares=result.variance_shares)


def _figures(question: ServingQuestion, facts: TaskFacts, run: TaskRun) -> Finding[None]:
    return figures_heard(question, facts.price, run.computes_in, width=run.layout.width, reads_weights=False)


def _as_read(facts: TaskFacts, run: TaskRun) -> Iterator[object]:
    """What a reader meets first: what runs on what, how much of it is reached, where, and for how much."""
    yield from (facts.model, facts.weight_dtype, facts.accelerator, facts.memory, facts.sheet)
    yield from (facts.input_tokens, facts.steps, facts.passes_per_step, facts.audio_s, facts.spoken_tokens_per_s)
    yield from (facts.peak_fraction, run.layout.count, facts.site, facts.price)
    yield from (facts.embodied, facts.rated_w)


@dataclass(frozen=True, slots=True)
class _Used:
    """What the rules look at."""

    question: ServingQuestion
    facts: TaskFacts
    run: TaskRun

    @property
    def is_sold(self) -> bool:
        return self.facts.price.rate.value is not None

    @property
    def is_market_rate(self) -> bool:
        """The rent was looked up at a seller's."""
        return self.question.own_usd_per_hour is None and self.facts.price.price_model != "owned"

    @property
    def is_emitting(self) -> bool:
        return self.run.kgco2e_per_request is not None

    @property
    def has_electricity(self) -> bool:
        """An owner's electricity is in the dollars."""
        return self.facts.price.is_of_its_zone and self.run.usd_per_hour is not None

    def feels_premises(self) -> bool:
        """Host, tariff or overhead go by where a machine of one's own stands."""
        asked, is_powered = self.question, self.run.power.facility is not None
        if asked.own_usd_per_hour is None and self.is_sold:
            return True
        return is_powered and (self.is_sold or asked.pue is None)

    def is_regional(self) -> bool:
        """Some figure is the region's own: its rent, its PUE, its grid."""
        asked = self.question
        by_grid = asked.grid_zone is None and asked.kgco2e_per_kwh is None and self.is_emitting
        return self.is_market_rate or self.facts.site.pue.level == "region" or by_grid

    def is_providers(self) -> bool:
        return self.facts.site.pue.level == "fleet" or self.is_regional()


def _reads_text(used: _Used) -> bool:
    return used.facts.input_tokens.value is not None


RULES: tuple[Needs[_Used], ...] = (
    Needs(
        (
            "kv_dtype",
            "engine",
            "engine_date",
            "output_tokens",
            "scenario",
            "concurrency",
            "max_ttft_ms",
            "max_tpot_ms",
            "prefix_cache_hit_fraction",
            "speculative_tokens",
            "acceptance_fraction",
            "draft_cost_fraction",
            "output_tokens_per_s",
            "pipeline_parallel",
            "expert_parallel",
            "prefill_accelerators",
            "max_model_len",
            "max_num_seqs",
            "lora_adapters",
            "lora_rank",
            "against_provider",
            "against_model",
            "rate_card",
            "operations_usd_per_month",
            "images",
            "image_height",
            "image_tokens",
        ),
        lambda used: False,
        "this task generates no tokens one by one",
    ),
    Needs(
        ("active_params",),
        lambda used: not used.facts.model.value.sizes.experts,
        "whole passes are counted by the experts that the sizes name",
    ),
    Needs(("input_tokens",), _reads_text, "this task reads no text"),
    Needs(("steps", "passes_per_step", "image_size"), lambda used: used.question.task == "image", "no image is made"),
    Needs(("audio_seconds",), lambda used: used.question.task == "transcribe", "nothing is transcribed"),
    Needs(
        ("utilisation_fraction",),
        lambda used: used.is_sold or used.run.replicas_needed is not None,
        "no dollars are known, and no replicas are counted",
    ),
    Needs(("price_model", "cost_basis"), lambda used: used.is_sold, "no price of an hour is known under these terms"),
    Needs(
        ("price_model",),
        lambda used: used.question.terms == used.question.price_model,
        "cost_basis says which terms are taken",
    ),
    Needs(
        ("place",),
        lambda used: used.question.terms == "owned",
        "only machines of one's own stand there; give price_model owned",
    ),
    Needs(("place",), _Used.feels_premises, "neither an owner's dollars nor an overhead are told"),
    Needs(
        ("price_model",),
        lambda used: used.question.own_usd_per_hour is None or used.question.price_model == "owned",
        "usd_per_accelerator_hour (or accelerator_figures.usd_per_hour) is the price, whatever the terms",
    ),
    Needs(
        ("grid_zone",),
        lambda used: (used.question.kgco2e_per_kwh is None and used.is_emitting) or used.has_electricity,
        "kgco2e_per_kwh is given, or no carbon is answered, and no electricity is paid for",
    ),
    Needs(("kgco2e_per_kwh",), lambda used: used.is_emitting, "no power is known to count carbon of"),
    Needs(("pue",), lambda used: used.run.power.facility is not None, "no power is known to multiply by it"),
    Needs(("region",), _Used.is_regional, "price and site are given, and nothing else is the region's own"),
    Needs(("provider",), _Used.is_providers, "price and site are given, and nothing else is the provider's own"),
)
"""In the order in which they are said; a field takes the first rule that it does not meet."""
