"""The answer about serving: every figure with its unit in its name, shaped from a run."""

from dataclasses import dataclass

from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.telling import shares_of
from mlquote.estimators.serving.break_even import BreakEven
from mlquote.estimators.serving.cost import TokenCost, UtilisationPoint
from mlquote.estimators.serving.operation import MS_PER_S
from mlquote.estimators.serving.run import Memory, RequestFlop, ServingRun
from mlquote.formulas.serving.roofline import critical_batch
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Range
from mlquote.kit.units import HOURS_PER_DAY

LATENCY = "mean of a run of some twenty waves, the first one cold; *_median: median, warm"
"""What the latencies of an answer are."""


@dataclass(frozen=True, slots=True)
class ServingLayout:
    """How the accelerators share the model, and the dtype in which products are computed."""

    replicas: int
    tensor_parallel: int
    pipeline_parallel: int
    sharding: str
    computes_in: str
    prefill_accelerators: int | None = None
    """Those that compute prompts alone; null where all do both."""


@dataclass(frozen=True, slots=True)
class UsdPerMtok:
    """Dollars per million tokens: prompts and outputs by the time they take, blended over both."""

    input: Range | None
    output: Range | None
    blended: Range | None


@dataclass(frozen=True, slots=True)
class ServingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    output_tokens_per_s: Range | None
    output_tokens_per_s_per_accelerator: Range | None
    input_tokens_per_s: Range | None
    requests_per_s: Range | None
    ttft_ms: Range | None
    """Mean over a run, a share of its first wave of requests included."""
    ttft_ms_median: Range | None
    """Median of a warm engine."""
    tpot_ms: Range | None
    inter_token_ms_median: Range | None
    latency_statistic: str
    """What the latencies are: mean or median, cold or warm."""
    flop_per_request: RequestFlop
    concurrency: float
    max_concurrency: float
    cache_tokens: float
    """Tokens that the caches of all replicas hold, in sequences of `max_model_len`."""
    max_concurrency_at_max_model_len: float
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
    kgco2e_per_hour: Range | None
    """Of all accelerators, their making included."""
    water_l_per_mtok: Range | None
    replicas_needed: Range | None
    break_even: BreakEven | None
    variance_shares: dict[str, dict[str, float]]


def result_of(run: ServingRun) -> ServingResult:
    """The figures of a run as ranges."""
    deployment, work, power = run.deployment, run.operation, run.power
    chip, scope = deployment.chip, run.question.power_scope
    by_scope = {name: _range(value) for name, value in power.by_scope().items()}
    return ServingResult(
        output_tokens_per_s=_throughput(run),
        output_tokens_per_s_per_accelerator=_throughput(run, 1 / deployment.accelerators),
        input_tokens_per_s=_throughput(run, deployment.input_tokens / deployment.output_tokens),
        requests_per_s=_throughput(run, 1 / deployment.output_tokens),
        ttft_ms=_ttft_ms(run, run.operation.ttft_s),
        ttft_ms_median=_ttft_ms(run, run.operation.warm_ttft_s),
        tpot_ms=_ms(run, run.operation.tpot_s),
        inter_token_ms_median=_ms(run, run.operation.inter_token_median_s),
        latency_statistic=LATENCY,
        flop_per_request=run.request_flop,
        concurrency=work.sequences + work.waiting,
        max_concurrency=deployment.room,
        cache_tokens=deployment.longest.value.cache_tokens,
        max_concurrency_at_max_model_len=deployment.longest.value.sequences,
        critical_batch=critical_batch(chip.flop_per_s, chip.bandwidth_bytes_per_s, deployment.each.weight),
        capacity_output_tokens_per_s=_capacity(run),
        memory=run.memory,
        layout=_layout(run),
        bound=_bound(run),
        power_scope=scope,
        power_w=by_scope[scope],
        power_w_by_scope=by_scope,
        joules_per_output_token=_joules(run),
        usd_per_hour=usd_range(run.usd_per_hour),
        usd_per_day=usd_range(run.usd_per_hour * HOURS_PER_DAY if run.usd_per_hour else None),
        usd_per_mtok=_usd_per_mtok(run.token_cost),
        utilisation_curve=run.utilisation_curve,
        kgco2e_per_mtok=_range(run.footprint.kgco2e_per_mtok),
        kgco2e_per_hour=_range(run.footprint.kgco2e_per_hour),
        water_l_per_mtok=_range(run.footprint.water_l_per_mtok),
        replicas_needed=run.replicas_needed,
        break_even=run.break_even.value,
        variance_shares=_shares(run),
    )


def _throughput(run: ServingRun, factor: float = 1.0) -> Range | None:
    """What is delivered, in tokens or in what they make; as lopsided as the held-out runs are where it is estimated."""
    done = run.output_tokens_per_s
    return None if done is None else run.residuals.output_tokens_per_s.value.range(done * factor)


def _capacity(run: ServingRun) -> Range:
    """What is delivered at most: the measured throughput where one is given."""
    if run.question.output_tokens_per_s is not None:
        return Range(*3 * (run.operation.capacity_tokens_per_s,))
    return run.residuals.output_tokens_per_s.value.around(run.operation.capacity_tokens_per_s)


def _ttft_ms(run: ServingRun, first: float | None) -> Range | None:
    """Milliseconds to the first token; none where every request is there from the start and nothing says how many."""
    residual = run.residuals.ttft_ms
    return None if residual is None or first is None else residual.value.around(MS_PER_S * first)


def _ms(run: ServingRun, each_s: float) -> Range | None:
    """Milliseconds between tokens, as far off as times per token are."""
    residual = run.residuals.tpot_ms
    return None if residual is None else residual.value.around(MS_PER_S * each_s)


def _joules(run: ServingRun) -> Range | None:
    residual, each = run.residuals.joules_per_output_token, run.joules_per_output_token
    return _range(each) if residual is None or each is None else residual.value.range(each)


def _layout(run: ServingRun) -> ServingLayout:
    layout = run.deployment.layout
    return ServingLayout(
        layout.replicas,
        layout.width,
        layout.stages,
        layout.sharding,
        run.deployment.computes_in.value,
        run.deployment.prefill_accelerators or None,
    )


def _usd_per_mtok(cost: TokenCost | None) -> UsdPerMtok | None:
    if cost is None:
        return None
    return UsdPerMtok(usd_range(cost.input), usd_range(cost.output), usd_range(cost.blended))


def _bound(run: ServingRun) -> str:
    """What takes most of the time: products, bytes, messages or launches; `queue` where requests wait for room."""
    work = run.operation
    if work.saturated or (work.waiting > 0 and run.question.requests_per_s is None):
        return "queue"
    step = work.at.step
    overlap = step.linear_s / (step.weights_s + step.products_s)
    seconds = {
        "memory_bandwidth": step.weights_s * overlap + step.cache_s,
        "compute": step.products_s * overlap + work.at.prompt_s,
        "communication": step.communication_s,
        "overhead": step.overhead_s,
    }
    return max(seconds, key=lambda name: seconds[name])


def _shares(run: ServingRun) -> dict[str, dict[str, float]]:
    """Headline result -> source of doubt -> share of its variance."""
    return shares_of(
        {
            "output_tokens_per_s": run.output_tokens_per_s,
            "joules_per_output_token": run.joules_per_output_token,
            "usd_per_mtok.output": run.token_cost.output if run.token_cost else None,
            "kgco2e_per_mtok": run.footprint.kgco2e_per_mtok,
            **_hourly(run),
        }
    )


def _hourly(run: ServingRun) -> dict[str, Uncertain | None]:
    """The headlines that are of an hour: what whoever adds up deployments reads."""
    return {
        "usd_per_hour": run.usd_per_hour,
        "power_w_by_scope.facility": run.power.facility,
        "kgco2e_per_hour": run.footprint.kgco2e_per_hour,
    }


def shares_told(result: ServingResult) -> dict[str, dict[str, float]]:
    """The shares of the headlines that are of tokens: those that an assumption's own share is the mean of."""
    return {name: shares for name, shares in result.variance_shares.items() if name not in _HOURLY}


_HOURLY = frozenset({"usd_per_hour", "power_w_by_scope.facility", "kgco2e_per_hour"})


def _range(value: Uncertain | None) -> Range | None:
    return value.range() if value is not None else None
