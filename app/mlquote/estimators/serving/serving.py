"""What hosting a model oneself delivers and costs: tokens per second, latency, joules and dollars per token."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.break_even import BreakEven, break_even_of
from mlquote.estimators.serving.cost import (
    Terms,
    UsdPerMtok,
    UtilisationPoint,
    terms_of,
    usd_per_hour,
    usd_per_mtok,
    utilisation_curve,
)
from mlquote.estimators.serving.energy import Power, around, footprint_per_mtok, joules_per_token, log_sd, power_of
from mlquote.estimators.serving.plan import Plan, plan_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.work import Operation, operate
from mlquote.formulas.models.kv_cache import attended_flop_per_token
from mlquote.formulas.serving.load import USABLE_MEMORY, cache_bytes, weights_bytes_per_accelerator
from mlquote.formulas.serving.queueing import replicas_needed
from mlquote.formulas.serving.roofline import critical_batch
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Answer, Range, Trail
from mlquote.kit.units import HOURS_PER_DAY

THROUGHPUT, TPOT, TTFT = "output_tokens_per_s", "tpot_ms", "ttft_ms"


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
class ServingLayout:
    """How the accelerators share the model, and the dtype in which products are computed."""

    replicas: int
    tensor_parallel: int
    pipeline_parallel: int
    sharding: str
    computes_in: str


@dataclass(frozen=True, slots=True)
class ServingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    output_tokens_per_s: Range | None
    output_tokens_per_s_per_accelerator: Range | None
    input_tokens_per_s: Range | None
    requests_per_s: Range | None
    ttft_ms: Range | None
    tpot_ms: Range | None
    flop_per_request: RequestFlop
    concurrency: float
    max_concurrency: float
    critical_batch: float
    """Sequences of one replica above which a data sheet's products outlast its reading of the weights."""
    capacity_output_tokens_per_s: Range
    memory: Memory
    layout: ServingLayout
    bound: str
    power_scope: str
    power_w: Range | None
    power_w_by_scope: dict[str, Range | None]
    joules_per_output_token: Range | None
    usd_per_hour: Range | None
    usd_per_day: Range | None
    usd_per_mtok: UsdPerMtok | None
    utilisation_curve: tuple[UtilisationPoint, ...]
    kgco2e_per_mtok: Range | None
    water_l_per_mtok: Range | None
    replicas_needed: Range | None
    break_even: BreakEven | None


def serving_estimate(question: ServingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `ServingQuestion` from one snapshot.

    Raises:  OutOfDomain where the model does not fit, cannot be computed there or cannot meet the targets, with what
             would be possible; Malformed for contradictions; UnknownName for names the catalogue lacks
    """
    moment, trail = question.moment(now), Trail()
    plan = plan_of(question, catalog, moment, trail)
    work = operate(question, plan, trail)
    terms = terms_of(question, plan.part.row, catalog, moment).told(trail)
    power = power_of(question, plan, work, terms, trail)
    result = _result(question, plan, work, terms, power, catalog, moment, trail)
    echoed = question.filled(as_of=moment, release=catalog.release.id, **plan.defaults)
    return trail.answer(echoed, result, catalog.catalog_ref(moment))


def _result(
    question: ServingQuestion,
    plan: Plan,
    work: Operation,
    terms: Terms,
    power: Power,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
) -> ServingResult:
    done = _delivered(question, plan, work)
    hourly = usd_per_hour(terms, plan.accelerators, power.facility)
    paid = hourly * (1 / question.utilisation_fraction) if hourly else None
    if question.utilisation_fraction == 1.0:
        detail = "dollars per token are at full use of every paid hour; see utilisation_curve for less"
        trail.warn("utilisation-full", detail)
    ratio, chip = plan.input_tokens / plan.output_tokens, plan.part.chip
    split = {"prompt_share": work.at.prompt_s / work.at.cycle_s, "input_per_output": ratio}
    drawn = power.by_scope()[question.power_scope]
    carbon, water = footprint_per_mtok(plan, terms, power, done)
    return ServingResult(
        output_tokens_per_s=_spread(done, plan, THROUGHPUT),
        output_tokens_per_s_per_accelerator=_spread(done, plan, THROUGHPUT, 1 / plan.accelerators),
        input_tokens_per_s=_spread(done, plan, THROUGHPUT, ratio),
        requests_per_s=_spread(done, plan, THROUGHPUT, 1 / plan.output_tokens),
        ttft_ms=_ttft_ms(question, plan, work, trail),
        tpot_ms=None if work.saturated else around(1e3 * work.tpot_s, plan, TPOT),
        flop_per_request=_flop(plan),
        concurrency=work.sequences + work.waiting,
        max_concurrency=plan.room,
        critical_batch=critical_batch(chip.flop_per_s, chip.bandwidth_bytes_per_s, plan.each.weight),
        capacity_output_tokens_per_s=_required(around(work.capacity_tokens_per_s, plan, THROUGHPUT)),
        memory=_memory(plan),
        layout=ServingLayout(
            plan.layout.replicas, plan.layout.width, plan.layout.stages, plan.layout.sharding, plan.part.computes_in
        ),
        bound=_bound(plan, work),
        power_scope=question.power_scope,
        power_w=drawn.range() if drawn else None,
        power_w_by_scope={scope: value.range() if value else None for scope, value in power.by_scope().items()},
        joules_per_output_token=joules_per_token(drawn, done, plan, question),
        usd_per_hour=_usd(hourly, 1.0),
        usd_per_day=_usd(hourly, HOURS_PER_DAY),
        usd_per_mtok=usd_per_mtok(paid, done, **split) if paid and done else None,
        utilisation_curve=utilisation_curve(hourly, done, **split) if hourly and done else (),
        kgco2e_per_mtok=carbon,
        water_l_per_mtok=water,
        replicas_needed=_replicas(question, plan, work),
        break_even=break_even_of(question, plan, work, catalog, moment, trail, facility_w=power.facility),
    )


def _delivered(question: ServingQuestion, plan: Plan, work: Operation) -> Uncertain | None:
    """Output tokens per second of the whole system: measured where given, unknown where the queue has no end."""
    if question.output_tokens_per_s is not None:
        return known(question.output_tokens_per_s)
    if work.saturated:
        return None
    if question.requests_per_s is not None:
        return known(work.output_tokens_per_s)
    return doubtful(work.output_tokens_per_s, log_sd(plan, THROUGHPUT), THROUGHPUT)


def _ttft_ms(question: ServingQuestion, plan: Plan, work: Operation, trail: Trail) -> Range | None:
    """Milliseconds to the first token; none where every request is there from the start and nothing says how many."""
    if question.scenario == "offline" and question.concurrency is None and question.requests_per_s is None:
        trail.warn(
            "ttft-undefined", "offline, all requests are there from the start: give concurrency for a first token"
        )
        return None
    return around(None if work.ttft_s is None else 1e3 * work.ttft_s, plan, TTFT)


def _required(value: Range | None) -> Range:
    assert value is not None
    return value


def _spread(value: Uncertain | None, plan: Plan, quantity: str, factor: float = 1.0) -> Range | None:
    if value is None:
        return None
    if not value.loads:
        return Range(value.median * factor, value.median * factor, value.median * factor)
    return around(value.median * factor, plan, quantity)


def _usd(value: Uncertain | None, factor: float) -> Range | None:
    if value is None:
        return None
    interval = (value * factor).range()
    return Range(*(estimated_usd(float(amount)) for amount in (interval.low, interval.central, interval.high)))


def _flop(plan: Plan) -> RequestFlop:
    """2 A per token, and the attention core: prompts at their causal mean, outputs at the mean length.

    Source:  Kaplan et al. 2020, section 2.1; Pope et al. 2022, section 2
    """
    stack, each = plan.model.stack, 2 * plan.served.active_params
    assert stack is not None
    computed, output = plan.traffic.input_tokens, plan.output_tokens
    cached = plan.input_tokens - computed
    prefill = computed * (each + attended_flop_per_token(stack, cached + computed / 2))
    return RequestFlop(prefill, output * (each + attended_flop_per_token(stack, plan.input_tokens + output / 2)))


def _memory(plan: Plan) -> Memory:
    group = plan.layout.width * plan.layout.stages
    held = weights_bytes_per_accelerator(plan.served, plan.layout, plan.each) * group
    return Memory(
        weights_bytes=held,
        kv_bytes_per_token=(plan.served.full_elements_per_token + plan.served.window_elements_per_token)
        * plan.each.cache,
        kv_bytes_per_sequence=cache_bytes(plan.served, plan.each, plan.input_tokens + plan.output_tokens),
        free_bytes=USABLE_MEMORY * plan.part.chip.memory_bytes * group - held,
        fits=True,
    )


def _bound(plan: Plan, work: Operation) -> str:
    """What takes most of the time: products, bytes, messages or launches; `queue` where requests wait for room."""
    if work.saturated or work.waiting > 0:
        return "queue"
    step = work.at.step
    overlap = step.linear_s / (step.weights_s + step.products_s)
    parts = {
        "memory_bandwidth": step.weights_s * overlap + step.cache_s,
        "compute": step.products_s * overlap + work.at.prompt_s,
        "communication": step.communication_s,
        "overhead": step.overhead_s,
    }
    return max(parts, key=lambda name: parts[name])


def _replicas(question: ServingQuestion, plan: Plan, work: Operation) -> Range | None:
    """Replicas of this layout that keep up with the request rate within memory and targets."""
    if question.requests_per_s is None:
        return None
    one = work.capacity_tokens_per_s / plan.layout.replicas / plan.output_tokens * question.utilisation_fraction
    low, high = plan.constants.residual(THROUGHPUT)
    rate = question.requests_per_s
    return Range(*(replicas_needed(rate, one * factor) for factor in (high, 1.0, low)))
