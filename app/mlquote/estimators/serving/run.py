"""Serving as it is reckoned: from its question and facts through formulas alone, each intermediate named."""

from dataclasses import dataclass

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.break_even import BreakEven, break_even_of
from mlquote.estimators.serving.cost import (
    TimeSplit,
    TokenCost,
    UtilisationPoint,
    token_cost_of,
    usd_per_hour,
    utilisation_curve,
)
from mlquote.estimators.serving.deployment import Deployment, candidates_of, deployed
from mlquote.estimators.serving.energy import Footprint, Power, footprint_of, joules_per_token, power_of
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.operation import Operation, best_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.residuals import Residual, Residuals
from mlquote.formulas.models.kv_cache import attended_flop_per_token
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.serving.load import cache_bytes
from mlquote.formulas.serving.queueing import replicas_needed
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.provenance import Range, Warning


@dataclass(frozen=True, slots=True)
class RequestFlop:
    """Model FLOP of one mean request, cached prompt tokens left out."""

    prefill: float
    decode: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of one replica; `free_bytes` is what its caches may take."""

    weights_bytes: float
    kv_bytes_per_token: float
    kv_bytes_per_sequence: float
    free_bytes: float
    fits: bool


@dataclass(frozen=True, slots=True)
class ServingRun:
    """Every intermediate of an estimate, with its doubt; what is derived or assumed on the way says so itself."""

    question: ServingQuestion
    deployment: Deployment
    operation: Operation
    residuals: Residuals
    output_tokens_per_s: Uncertain | None
    """Of the whole system; None where the queue has no end."""
    request_flop: RequestFlop
    memory: Memory
    power: Power
    joules_per_output_token: Uncertain | None
    """In the scope that is asked, prompts included."""
    footprint: Footprint
    usd_per_hour: Uncertain | None
    token_cost: TokenCost | None
    """Of paid hours, idle ones included."""
    utilisation_curve: tuple[UtilisationPoint, ...]
    replicas_needed: Range | None
    """Replicas of this layout that keep up with the request rate, within memory and targets."""
    break_even: Finding[BreakEven | None]
    gaps: Finding[None]
    """Why a figure is null or leaves something out, where no look-up has said so already."""


def run_of(question: ServingQuestion, facts: ServingFacts) -> ServingRun:
    """The serving that a question and its facts give.

    Raises:  OutOfDomain where the model does not fit, generates nothing or cannot meet the targets; Malformed for
             contradictions
    """
    among = candidates_of(question, facts)
    best, work = best_of(question, facts, among.each)
    deployment = deployed(question, facts, among, best)
    residuals = _residuals(question, facts, work)
    done = _delivered(question, work, residuals.output_tokens_per_s.value)
    power = power_of(question, facts, deployment, work, residuals)
    hourly = usd_per_hour(facts.price, deployment.accelerators, power.facility)
    paid = hourly * (1 / question.utilisation_fraction) if hourly else None
    split = TimeSplit(_prompt_share(deployment, work), deployment.input_tokens / deployment.output_tokens)
    return ServingRun(
        question=question,
        deployment=deployment,
        operation=work,
        residuals=residuals,
        output_tokens_per_s=done,
        request_flop=_request_flop(facts, deployment),
        memory=_memory(deployment),
        power=power,
        joules_per_output_token=joules_per_token(power.by_scope()[question.power_scope], done, residuals),
        footprint=footprint_of(facts, deployment.accelerators, power, done),
        usd_per_hour=hourly,
        token_cost=token_cost_of(paid, done, split) if paid and done else None,
        utilisation_curve=utilisation_curve(hourly, done, split) if hourly and done else (),
        replicas_needed=replicas_of(
            question, deployment, work, residuals.output_tokens_per_s.value, question.utilisation_fraction
        ),
        break_even=break_even_of(
            question, facts, deployment, work, residuals.output_tokens_per_s.value, power.facility
        ),
        gaps=_gaps(question),
    )


def _prompt_share(deployment: Deployment, work: Operation) -> float:
    """Share of the paid time that goes into prompts: that of their own accelerators, or of the steps they interrupt."""
    if deployment.prefill_accelerators:
        return deployment.prefill_accelerators / deployment.accelerators
    return work.at.prompt_s / work.at.cycle_s


def _residuals(question: ServingQuestion, facts: ServingFacts, work: Operation) -> Residuals:
    """How far off the fit may be, of each quantity that is estimated and not given."""
    constants = facts.constants.value
    is_drawn = facts.wall_factor.value is not None
    is_rated = question.output_tokens_per_s is None and question.requests_per_s is None
    return Residuals(
        output_tokens_per_s=constants.residual("output_tokens_per_s"),
        tpot_ms=None if work.saturated else constants.residual("tpot_ms"),
        ttft_ms=None if work.ttft_s is None or question.is_filled else constants.residual("ttft_ms"),
        power_w=constants.residual("power_w") if is_drawn else None,
        joules_per_output_token=constants.residual("joules_per_output_token") if is_drawn and is_rated else None,
    )


def _delivered(question: ServingQuestion, work: Operation, residual: Residual) -> Uncertain | None:
    """Output tokens per second of the whole system: measured where given, unknown where the queue has no end."""
    if question.output_tokens_per_s is not None:
        return known(question.output_tokens_per_s)
    if work.saturated:
        return None
    if question.requests_per_s is not None:
        return known(work.output_tokens_per_s)
    return residual.of(work.output_tokens_per_s)


def _request_flop(facts: ServingFacts, deployment: Deployment) -> RequestFlop:
    """2 A per token, and the attention core: prompts at their causal mean, outputs at the mean length; images encoded.

    Source:  Kaplan et al. 2020, section 2.1; Pope et al. 2022, section 2
    """
    stack, each = facts.model.value.stack, 2 * deployment.served.multiplied_params
    assert isinstance(stack, Stack)
    computed, prompt, output = deployment.traffic.input_tokens, deployment.input_tokens, deployment.output_tokens
    cached = prompt - computed
    prefill = computed * (each + attended_flop_per_token(stack, cached + computed / 2))
    if facts.images.value is not None:
        prefill += facts.images.value.encoding_flop * computed / prompt
    return RequestFlop(prefill, output * (each + attended_flop_per_token(stack, prompt + output / 2)))


def _memory(deployment: Deployment) -> Memory:
    served, each, held = deployment.served, deployment.each, deployment.weights_bytes
    return Memory(
        weights_bytes=held,
        kv_bytes_per_token=(served.full_elements_per_token + served.window_elements_per_token) * each.cache,
        kv_bytes_per_sequence=cache_bytes(served, each, deployment.input_tokens + deployment.output_tokens),
        free_bytes=deployment.chip.usable_bytes * deployment.layout.accelerators - held,
        fits=True,
    )


def replicas_of(
    question: ServingQuestion, deployment: Deployment, work: Operation, residual: Residual, utilisation: float
) -> Range | None:
    """Replicas that keep up with the request rate where paid hours are used so much; None without a rate."""
    rate = question.requests_per_s
    if rate is None:
        return None
    one = work.capacity_tokens_per_s / deployment.layout.replicas / deployment.output_tokens * utilisation
    if question.output_tokens_per_s is not None:
        return Range(*3 * (replicas_needed(rate, one),))
    return Range(*(replicas_needed(rate, one * factor) for factor in (residual.high, 1.0, residual.low)))


def _gaps(question: ServingQuestion) -> Finding[None]:
    said = []
    if question.utilisation_fraction == 1.0:
        detail = "dollars per token are at full use of every paid hour; see utilisation_curve for less"
        said.append(Warning("utilisation-full", detail))
    if question.is_filled:
        detail = "offline, all requests are there from the start: give concurrency for a first token"
        said.append(Warning("ttft-undefined", detail))
    return Finding(None, warnings=tuple(said))
