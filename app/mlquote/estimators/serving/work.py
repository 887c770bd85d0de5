"""The operating point behind a serving estimate: how many sequences run, how fast they go, and who waits.

The batch is given, as much as fits, or as much as the targets allow; targets that even one sequence misses are refused
with what is possible, and a load beyond capacity is called saturated.
"""

from dataclasses import dataclass

from mlquote.estimators.serving.plan import Plan
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.serving.batching import Pace, largest, pace, tail_tpot_s, tokens_per_s, tpot_s, ttft_s
from mlquote.formulas.serving.queueing import mg1_wait_s
from mlquote.formulas.serving.roofline import raised
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Trail

DEFAULT_TPOT_MS = 200.0
"""MLPerf Inference's limit for Llama-2-70B under server load, at the 99th percentile."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The machine at work: seconds and tokens per second of the whole system; None where a queue has no end."""

    sequences: float
    waiting: float
    at: Pace
    output_tokens_per_s: float
    tpot_s: float
    ttft_s: float | None
    capacity_tokens_per_s: float
    """What it delivers at most, within the targets."""
    saturated: bool
    limits_set: bool
    """Targets, not memory or the engine, set the batch."""


def operate(question: ServingQuestion, plan: Plan, trail: Trail) -> Operation:
    """The operating point.

    Raises:  OutOfDomain where targets cannot be met even by one sequence
    """
    most = min(plan.room, plan.cap)
    limited, set_by_targets = _most_within(question, plan, most, trail)
    full = _at(plan, limited)
    capacity = _system_tokens_per_s(plan, full, limited)
    if question.requests_per_s is not None:
        return _open_loop(question, plan, limited, capacity, set_by_targets, trail)
    if question.concurrency is None:
        return Operation(
            limited, 0.0, full, capacity, tpot_s(full, plan.habits), _ttft(plan, full, limited, 0.0), capacity, False,
            set_by_targets,
        )  # fmt: skip
    fits = min(plan.room, max(question.concurrency, plan.parts))
    running = max(fits, plan.parts)
    waiting = max(question.concurrency - running, 0.0)
    if waiting > 0:
        detail = f"caches of {running:.0f} of {question.concurrency:g} sequences fit: the others wait their turn"
        trail.warn("concurrency-above-memory", detail)
    at = _at(plan, running)
    busy = min(1.0, question.concurrency / plan.parts)
    done = _system_tokens_per_s(plan, at, running) * busy
    first = _ttft(plan, at, running, waiting)
    _check_targets(question, at, plan, running, limited, trail)
    return Operation(running, waiting, at, done, tpot_s(at, plan.habits), first, max(capacity, done), False, False)


def _at(plan: Plan, sequences: float) -> Pace:
    return _pace(plan, max(1.0, sequences / plan.parts))


def _system_tokens_per_s(plan: Plan, at: Pace, sequences: float) -> float:
    return plan.parts * tokens_per_s(at, plan.habits, max(1.0, sequences / plan.parts))


def _ttft(plan: Plan, at: Pace, sequences: float, waiting: float) -> float:
    each = max(1.0, sequences / plan.parts)
    layers = plan.served.layers * raised(plan.rates.mixture_layer_factor, plan.load.mixture)
    return ttft_s(plan.habits, plan.traffic, at, sequences=each, waiting=waiting / plan.parts, layers=layers)


def targets_of(question: ServingQuestion) -> tuple[float | None, float | None]:
    """(TTFT, TPOT) in ms that hold the batch down; the default TPOT where nothing else says how full it may be."""
    tpot = question.max_tpot_ms
    unsaid = question.concurrency is None and question.requests_per_s is None and question.max_ttft_ms is None
    if tpot is None and question.scenario != "offline" and unsaid:
        tpot = DEFAULT_TPOT_MS
    return question.max_ttft_ms, tpot


def _most_within(question: ServingQuestion, plan: Plan, most: float, trail: Trail) -> tuple[float, bool]:
    """(sequences that meet the targets, whether these set the number)."""
    ttft_ms, tpot_ms = targets_of(question)
    if ttft_ms is None and tpot_ms is None:
        return most, False
    if tpot_ms == DEFAULT_TPOT_MS and question.max_tpot_ms is None:
        why = "neither concurrency nor targets are given: the machine is filled within MLPerf's server limit"
        trail.assume("max_tpot_ms", tpot_ms, unit="ms", why=why)
    why = "targets hold for 99 % of requests: crowding slows them this many times as much as the mean, MLPerf runs"
    trail.assume("tail_factor", plan.constants.values["tail_factor", "any"], unit="ratio", basis="catalog", why=why)

    def within(each: float) -> bool:
        return not any(_missed(plan, _pace(plan, each), each, ttft_ms, tpot_ms))

    found = largest(within, max(1.0, most / plan.parts))
    if found < 1:
        if question.concurrency is not None or question.requests_per_s is not None:
            return most, False
        raise _unreachable(plan, ttft_ms, tpot_ms)
    return found * plan.parts, found * plan.parts < most


def _tail_ms(plan: Plan, at: Pace) -> float:
    """TPOT that 99 % of the requests stay below."""
    mean, alone = tpot_s(at, plan.habits), tpot_s(_pace(plan, 1.0), plan.habits)
    return 1e3 * tail_tpot_s(mean, alone, plan.constants.values["tail_factor", "any"])


def _missed(plan: Plan, at: Pace, each: float, ttft_ms: float | None, tpot_ms: float | None) -> tuple[bool, bool]:
    """(TTFT, TPOT): whether each target is missed with so many sequences in each batch."""
    late = ttft_ms is not None and 1e3 * _ttft(plan, at, each * plan.parts, 0.0) > ttft_ms
    return late, tpot_ms is not None and _tail_ms(plan, at) > tpot_ms


def _unreachable(plan: Plan, ttft_ms: float | None, tpot_ms: float | None) -> OutOfDomain:
    """No batch is small enough: what one sequence alone reaches."""
    at = _pace(plan, 1.0)
    first, best = 1e3 * _ttft(plan, at, float(plan.parts), 0.0), 1e3 * tpot_s(at, plan.habits)
    late, _slow = _missed(plan, at, 1.0, ttft_ms, tpot_ms)
    detail = f"one sequence alone takes {first:.0f} ms to its first token and {best:.1f} ms per token"
    hint = f"possible here: max_ttft_ms {first:.0f}, max_tpot_ms {best:.1f}; or a wider tensor_parallel, a faster part"
    pointer = "/max_ttft_ms" if late else "/max_tpot_ms"
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="targets-unreachable")


def _check_targets(
    question: ServingQuestion, at: Pace, plan: Plan, running: float, limited: float, trail: Trail
) -> None:
    """Warn where the given concurrency misses a given target."""
    each = max(1.0, running / plan.parts)
    late, slow = _missed(plan, at, each, question.max_ttft_ms, question.max_tpot_ms)
    if slow or late:
        what = "max_tpot_ms" if slow else "max_ttft_ms"
        detail = f"{what} is missed at this concurrency; targets are met up to about {limited:.0f} sequences"
        trail.warn("target-missed", detail)


def _open_loop(
    question: ServingQuestion, plan: Plan, limited: float, capacity: float, set_by_targets: bool, trail: Trail
) -> Operation:
    """Random arrivals: the batch in which as many finish as come (Little), and the wait in front of it."""
    assert question.requests_per_s is not None
    wanted = question.requests_per_s * plan.output_tokens
    if wanted >= capacity:
        at = _at(plan, limited)
        detail = (
            f"saturated: {question.requests_per_s:g} requests/s are asked, {capacity / plan.output_tokens:.4g} are "
            "served at most within memory and targets; queues grow without end"
        )
        trail.warn("saturated", detail)
        return Operation(limited, 0.0, at, capacity, tpot_s(at, plan.habits), None, capacity, True, set_by_targets)
    per_part = wanted / plan.parts
    each = largest(lambda b: tokens_per_s(_pace(plan, b), plan.habits, b) < per_part, max(1.0, limited / plan.parts))
    each = max(each, 1.0)
    at = _pace(plan, each)
    arrivals = question.requests_per_s / plan.parts
    service = plan.output_tokens / (capacity / plan.parts)
    first = _ttft(plan, at, each * plan.parts, 0.0) + mg1_wait_s(arrivals, service)
    return Operation(each * plan.parts, 0.0, at, wanted, tpot_s(at, plan.habits), first, capacity, False, False)


def _pace(plan: Plan, each: float) -> Pace:
    return pace(plan.load, plan.rates, plan.traffic, each)
