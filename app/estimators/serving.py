"""What hosting a model oneself delivers and costs: tokens per second, latency, joules and dollars per token."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import log

from app.catalog.snapshot import Snapshot
from app.estimators.break_even import BreakEven, Crossing, api_usd_per_request, crossing_of, stairs
from app.estimators.serving_cost import (
    Power,
    Terms,
    UsdPerMtok,
    UtilisationPoint,
    terms_of,
    usd_per_hour,
    usd_per_mtok,
    utilisation_curve,
)
from app.estimators.serving_question import PriceModel, ServingQuestion
from app.estimators.serving_work import Operation, Plan, operate, plan_of
from app.formulas.batching import draw_fraction
from app.formulas.kv_cache import attended_flop_per_token
from app.formulas.queueing import replicas_needed
from app.formulas.serving_load import cache_bytes, weights_bytes_per_accelerator
from app.formulas.uncertainty import Z80, Uncertain, doubtful, known
from app.kit.money import estimated_usd
from app.kit.provenance import Answer, Range, Trail
from app.kit.units import HOURS_PER_DAY, SECONDS_PER_DAY, SECONDS_PER_HOUR, TOKENS_PER_MTOK, WATTS_PER_KILOWATT

THROUGHPUT, TPOT, TTFT = "output_tokens_per_s", "tpot_ms", "ttft_ms"
POWER, JOULES = "power_w", "joules_per_output_token"


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
    power = _power(question, plan, work, terms, trail)
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
    hourly = usd_per_hour(terms, plan.accelerators, power)
    paid = hourly * (1 / question.utilisation_fraction) if hourly else None
    if question.utilisation_fraction == 1.0:
        detail = "dollars per token are at full use of every paid hour; see utilisation_curve for less"
        trail.warn("utilisation-full", detail)
    ratio = plan.input_tokens / plan.output_tokens
    share = work.at.prompt_s / work.at.cycle_s
    money = done is not None and paid is not None
    drawn = power.of(question.power_scope)
    carbon, water = _footprint(plan, terms, power, done)
    return ServingResult(
        output_tokens_per_s=_spread(done, plan, THROUGHPUT),
        output_tokens_per_s_per_accelerator=_spread(done, plan, THROUGHPUT, 1 / plan.accelerators),
        input_tokens_per_s=_spread(done, plan, THROUGHPUT, ratio),
        requests_per_s=_spread(done, plan, THROUGHPUT, 1 / plan.output_tokens),
        ttft_ms=_ttft_ms(question, plan, work, trail),
        tpot_ms=None if work.saturated else _around(1e3 * work.tpot_s, plan, TPOT),
        flop_per_request=_flop(plan),
        concurrency=work.sequences + work.waiting,
        max_concurrency=plan.room,
        capacity_output_tokens_per_s=_required(_around(work.capacity_tokens_per_s, plan, THROUGHPUT)),
        memory=_memory(plan),
        layout=ServingLayout(
            plan.layout.replicas, plan.layout.width, plan.layout.stages, plan.layout.sharding, plan.part.computes_in
        ),
        bound=_bound(plan, work),
        power_scope=question.power_scope,
        power_w=_power_range(drawn),
        power_w_by_scope={scope: _power_range(power.of(scope)) for scope in ("gpu", "wall", "facility")},
        joules_per_output_token=_joules(drawn, done, plan, question),
        usd_per_hour=_usd(hourly, 1.0),
        usd_per_day=_usd(hourly, HOURS_PER_DAY),
        usd_per_mtok=usd_per_mtok(paid, done, prompt_share=share, input_per_output=ratio)
        if money and paid and done
        else None,
        utilisation_curve=utilisation_curve(hourly, done, prompt_share=share, input_per_output=ratio)
        if hourly and done
        else (),
        kgco2e_per_mtok=carbon,
        water_l_per_mtok=water,
        replicas_needed=_replicas(question, plan, work),
        break_even=_break_even(question, plan, work, terms, power, catalog, moment, trail),
    )


def _delivered(question: ServingQuestion, plan: Plan, work: Operation) -> Uncertain | None:
    """Output tokens per second of the whole system: measured where given, unknown where the queue has no end."""
    if question.output_tokens_per_s is not None:
        return known(question.output_tokens_per_s)
    if work.saturated:
        return None
    if question.requests_per_s is not None:
        return known(work.output_tokens_per_s)
    return doubtful(work.output_tokens_per_s, _log_sd(plan, THROUGHPUT), THROUGHPUT)


def _log_sd(plan: Plan, quantity: str) -> float:
    low, high = plan.constants.residual(quantity)
    return log(high / low) / (2 * Z80)


def _around(value: float | None, plan: Plan, quantity: str) -> Range | None:
    """The 80 % interval that held-out measurements of this quantity had around their estimates."""
    if value is None:
        return None
    low, high = plan.constants.residual(quantity)
    return Range(value * min(low, 1.0), value, value * max(high, 1.0))


def _ttft_ms(question: ServingQuestion, plan: Plan, work: Operation, trail: Trail) -> Range | None:
    """Milliseconds to the first token; none where every request is there from the start and nothing says how many."""
    if question.scenario == "offline" and question.concurrency is None and question.requests_per_s is None:
        trail.warn(
            "ttft-undefined", "offline, all requests are there from the start: give concurrency for a first token"
        )
        return None
    return _around(None if work.ttft_s is None else 1e3 * work.ttft_s, plan, TTFT)


def _required(value: Range | None) -> Range:
    assert value is not None
    return value


def _spread(value: Uncertain | None, plan: Plan, quantity: str, factor: float = 1.0) -> Range | None:
    if value is None:
        return None
    if not value.loads:
        return Range(value.median * factor, value.median * factor, value.median * factor)
    return _around(value.median * factor, plan, quantity)


def _power(question: ServingQuestion, plan: Plan, work: Operation, terms: Terms, trail: Trail) -> Power:
    """Draw by scope: chips as fitted, servers over chips as measured at the plug, the building by its PUE."""
    if question.power_w is not None:
        trail.assume("power_w", question.power_w, unit="W per accelerator, whole system", basis="given", why="given")
        wall = known(question.power_w * plan.accelerators)
        return Power(None, wall, wall * terms.site.pue)
    rated = plan.part.chip.tdp_w
    if rated is None:
        trail.warn("no-tdp", f"no rated power of {plan.part.row.id} is published: power and energy are unknown")
        return Power(None, None, None)
    each = max(1.0, work.sequences / plan.parts)
    share = draw_fraction(
        plan.load, plan.rates, plan.habits, plan.traffic, work.at, sequences=each, width=float(plan.layout.width)
    )  # fmt: skip
    chips = doubtful(share * rated * plan.accelerators, _log_sd(plan, POWER), POWER)
    factor = plan.constants.values["wall_factor", "any"]
    trail.assume(
        "wall_factor", factor, unit="ratio", basis="catalog", source_url=plan.constants.source_url,
        why="whole server over its accelerators, from runs measured at the plug",
    )  # fmt: skip
    wall = chips * factor
    return Power(chips, wall, wall * terms.site.pue)


def _power_range(value: Uncertain | None) -> Range | None:
    return value.range() if value else None


def _joules(drawn: Uncertain | None, done: Uncertain | None, plan: Plan, question: ServingQuestion) -> Range | None:
    """Joules per output token in the scope that is asked, prompts included."""
    if drawn is None or done is None:
        return None
    if question.power_w is not None or not done.loads:
        return (drawn / done).range()
    return _around(drawn.median / done.median, plan, JOULES)


def _usd(value: Uncertain | None, factor: float) -> Range | None:
    if value is None:
        return None
    interval = (value * factor).range()
    return Range(*(estimated_usd(float(amount)) for amount in (interval.low, interval.central, interval.high)))


def _footprint(plan: Plan, terms: Terms, power: Power, done: Uncertain | None) -> tuple[Range | None, Range | None]:
    """(kg CO2e, litres evaporated on site) per million output tokens, the making of the accelerators included."""
    if done is None or power.facility is None or power.wall is None:
        return None, None
    hours = TOKENS_PER_MTOK / SECONDS_PER_HOUR
    energy = power.facility / done * (hours / WATTS_PER_KILOWATT)
    carbon = energy * terms.site.kgco2e_per_kwh
    if terms.embodied is not None:
        carbon = carbon + terms.embodied / done * (hours * plan.accelerators)
    wet = terms.site.wue_l_per_kwh
    water = power.wall / done * (hours / WATTS_PER_KILOWATT) * wet if wet is not None else None
    return carbon.range(), water.range() if water else None


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
        free_bytes=0.95 * plan.part.chip.memory_bytes * group - held,
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


PRICE_MODELS: tuple[PriceModel, ...] = ("on_demand", "reserved_1y", "reserved_3y", "spot")


def _break_even(
    question: ServingQuestion,
    plan: Plan,
    work: Operation,
    terms: Terms,
    power: Power,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
) -> BreakEven | None:
    """Requests per day from which hosting costs no more than the API that is named; None where none is."""
    if question.against_model is None:
        return None
    name, api = api_usd_per_request(
        question.against_provider, question.against_model, input_tokens=plan.input_tokens,
        cached_fraction=question.prefix_cache_hit_fraction, output_tokens=plan.output_tokens, catalog=catalog,
        moment=moment, trail=trail,
    )  # fmt: skip
    if api is None:
        return None
    if question.operations_usd_per_month is None:
        trail.assume("operations_usd_per_month", Decimal(0), unit="$", why="none given: people and storage come on top")
    other = float(question.operations_usd_per_month or 0)
    group = plan.accelerators // plan.layout.replicas
    per_day = work.capacity_tokens_per_s / plan.layout.replicas / plan.output_tokens * SECONDS_PER_DAY
    per_day *= question.utilisation_fraction
    crossings: list[Crossing] = []
    own = usd_per_hour(
        terms, 1, Power(None, None, power.facility * (1 / plan.accelerators) if power.facility else None)
    )
    priced = {question.price_model: own.median} if own else {}
    if question.usd_per_accelerator_hour is None:
        for model in PRICE_MODELS:
            if model not in priced:
                other_terms = terms_of(
                    question.model_copy(update={"price_model": model}), plan.part.row, catalog, moment
                )
                if other_terms.rate is not None:
                    priced[model] = other_terms.rate.median
    for model, rate in priced.items():
        crossings.append(
            crossing_of(model, rate, accelerators=group, capacity_per_day=per_day, api_usd=api, other_usd=other)
        )
    if not crossings:
        return None
    first = crossings[0]
    steps = stairs(
        priced[question.price_model] if question.price_model in priced else next(iter(priced.values())),
        accelerators=group, capacity_per_day=per_day, api_usd=api, other_usd=other, steps=(first.replicas or 1) + 3,
    )  # fmt: skip
    return BreakEven(name, api, first.requests_per_day, first.usd_per_month, tuple(crossings), steps)
