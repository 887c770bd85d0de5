"""The operating point behind a serving estimate: how many sequences run, how fast they go, and who waits.

The batch is given, as much as fits, or as much as the targets allow; targets that even one sequence misses are refused
with what is possible, and a load beyond capacity is called saturated.
"""

from dataclasses import dataclass

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.deployment import Deployment
from mlquote.estimators.serving.facts import ServingFacts, Targets
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.serving.batching import Habits, Pace, largest, pace, tail_tpot_s, tokens_per_s, tpot_s, ttft_s
from mlquote.formulas.serving.queueing import mg1_wait_s
from mlquote.formulas.serving.roofline import Rates, raised
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Warning

MS_PER_S = 1e3
NOTHING: Finding[None] = Finding(None)
JUST_ABOVE = 1.001
"""A batch larger by this misses the target that holds it down."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest batch that is allowed, and by what."""

    sequences: float
    """Over everything."""
    by_targets: bool
    """Targets, not memory or the engine, set it."""
    held_by: frozenset[str] = frozenset()
    """The targets that a larger batch would miss."""


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
    limit: Limit
    missed: tuple[str, ...]
    """Targets that the given load misses."""
    said: Finding[None]
    """Who waits, and what is missed."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """A deployment with the constants that say how fast it goes; batches are counted for one replica's stage."""

    deployment: Deployment
    rates: Rates
    habits: Habits

    def each(self, sequences: float) -> float:
        """Sequences of one batch, where so many are spread over all."""
        return max(1.0, sequences / self.deployment.batches)

    def pace(self, each: float) -> Pace:
        return pace(self.deployment.load, self.rates, self.deployment.traffic, each)

    def tokens_per_s(self, at: Pace, each: float) -> float:
        """Of the whole system, with so many sequences in each batch."""
        return self.deployment.batches * tokens_per_s(at, self.habits, each)

    def tpot_s(self, at: Pace) -> float:
        return tpot_s(at, self.habits)

    def ttft_s(self, at: Pace, each: float, waiting: float = 0.0) -> float:
        """Args: waiting: sequences outside all batches"""
        load, batches = self.deployment.load, self.deployment.batches
        layers = self.deployment.served.layers * raised(self.rates.mixture_layer_factor, load.mixture)
        return ttft_s(
            self.habits, self.deployment.traffic, at, sequences=each, waiting=waiting / batches, layers=layers
        )

    def missed(self, targets: Targets, at: Pace, each: float) -> tuple[str, ...]:
        """The targets that are missed with so many sequences in each batch, the time per token first."""
        missed = []
        if targets.tpot_ms is not None and self.tail_ms(targets, at) > targets.tpot_ms:
            missed.append("max_tpot_ms")
        if targets.ttft_ms is not None and MS_PER_S * self.ttft_s(at, each) > targets.ttft_ms:
            missed.append("max_ttft_ms")
        return tuple(missed)

    def tail_ms(self, targets: Targets, at: Pace) -> float:
        """TPOT that 99 % of the requests stay below."""
        mean, alone = self.tpot_s(at), self.tpot_s(self.pace(1.0))
        return MS_PER_S * tail_tpot_s(mean, alone, targets.tail_factor)


def operation_of(question: ServingQuestion, facts: ServingFacts, deployment: Deployment) -> Operation:
    """The operating point.

    Raises:  OutOfDomain where targets cannot be met even by one sequence
    """
    constants = facts.constants.value
    machine = _Machine(deployment, constants.rates, constants.habits)
    limit = _limit(question, machine, facts.targets.value)
    each = machine.each(limit.sequences)
    full = machine.pace(each)
    capacity = machine.tokens_per_s(full, each)
    if question.requests_per_s is not None:
        return _open_loop(question.requests_per_s, machine, limit, capacity)
    if question.concurrency is not None:
        return _closed_loop(question.concurrency, machine, limit, capacity, facts.targets.value)
    return Operation(
        sequences=limit.sequences,
        waiting=0.0,
        at=full,
        output_tokens_per_s=capacity,
        tpot_s=machine.tpot_s(full),
        ttft_s=machine.ttft_s(full, each),
        capacity_tokens_per_s=capacity,
        saturated=False,
        limit=limit,
        missed=(),
        said=NOTHING,
    )


def _limit(question: ServingQuestion, machine: _Machine, targets: Targets | None) -> Limit:
    """The largest batch within memory, the engine's cap and the targets."""
    most, batches = min(machine.deployment.room, machine.deployment.cap), machine.deployment.batches
    if targets is None:
        return Limit(most, False)
    found = largest(lambda each: not machine.missed(targets, machine.pace(each), each), machine.each(most))
    if found < 1:
        if question.concurrency is not None or question.requests_per_s is not None:
            return Limit(most, False, frozenset(machine.missed(targets, machine.pace(1.0), 1.0)))
        raise _unreachable(machine, targets)
    if found * batches >= most:
        return Limit(found * batches, False)
    above = found * JUST_ABOVE
    return Limit(found * batches, True, frozenset(machine.missed(targets, machine.pace(above), above)))


def _unreachable(machine: _Machine, targets: Targets) -> OutOfDomain:
    """No batch is small enough: what one sequence alone reaches."""
    at = machine.pace(1.0)
    first, best = MS_PER_S * machine.ttft_s(at, 1.0), MS_PER_S * machine.tpot_s(at)
    detail = f"one sequence alone takes {first:.0f} ms to its first token and {best:.1f} ms per token"
    hint = f"possible here: max_ttft_ms {first:.0f}, max_tpot_ms {best:.1f}; or a wider tensor_parallel, a faster part"
    pointer = "/max_ttft_ms" if "max_ttft_ms" in machine.missed(targets, at, 1.0) else "/max_tpot_ms"
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="targets-unreachable")


def _closed_loop(
    concurrency: float, machine: _Machine, limit: Limit, capacity: float, targets: Targets | None
) -> Operation:
    """So many sequences are in flight, whatever they take: those without room wait their turn."""
    batches = machine.deployment.batches
    running = max(min(machine.deployment.admitted, max(concurrency, batches)), batches)
    waiting = max(concurrency - running, 0.0)
    said = []
    if waiting > 0:
        said.append(_crowded(running, concurrency, machine.deployment))
    each = machine.each(running)
    at = machine.pace(each)
    done = machine.tokens_per_s(at, each) * min(1.0, concurrency / batches)
    missed = machine.missed(targets, at, each) if targets is not None else ()
    if missed:
        what, verb = " and ".join(missed), "are" if len(missed) > 1 else "is"
        met = f"targets are met up to about {limit.sequences:.0f} sequences"
        said.append(Warning("target-missed", f"{what} {verb} missed at this concurrency; {met}"))
    return Operation(
        sequences=running,
        waiting=waiting,
        at=at,
        output_tokens_per_s=done,
        tpot_s=machine.tpot_s(at),
        ttft_s=machine.ttft_s(at, each, waiting),
        capacity_tokens_per_s=max(capacity, done),
        saturated=False,
        limit=limit,
        missed=missed,
        said=Finding(None, warnings=tuple(said)),
    )


def _crowded(running: float, concurrency: float, deployment: Deployment) -> Warning:
    """Not all run at once: what holds the others back."""
    if deployment.admitted < deployment.room:
        detail = f"max_num_seqs lets {running:.0f} of {concurrency:g} sequences run: the others wait their turn"
        return Warning("concurrency-above-max-num-seqs", detail)
    detail = f"caches of {running:.0f} of {concurrency:g} sequences fit: the others wait their turn"
    return Warning("concurrency-above-memory", detail)


def _open_loop(requests_per_s: float, machine: _Machine, limit: Limit, capacity: float) -> Operation:
    """Random arrivals: the batch in which as many finish as come (Little), and the wait in front of it."""
    output, batches = machine.deployment.output_tokens, machine.deployment.batches
    wanted = requests_per_s * output
    if wanted >= capacity:
        return _saturated(requests_per_s, machine, limit, capacity)
    per_batch = wanted / batches
    each = largest(
        lambda b: tokens_per_s(machine.pace(b), machine.habits, b) < per_batch, machine.each(limit.sequences)
    )
    each = max(each, 1.0)
    at = machine.pace(each)
    wait = mg1_wait_s(requests_per_s / batches, output / (capacity / batches))
    return Operation(
        sequences=each * batches,
        waiting=0.0,
        at=at,
        output_tokens_per_s=wanted,
        tpot_s=machine.tpot_s(at),
        ttft_s=machine.ttft_s(at, each) + wait,
        capacity_tokens_per_s=capacity,
        saturated=False,
        limit=limit,
        missed=(),
        said=NOTHING,
    )


def _saturated(requests_per_s: float, machine: _Machine, limit: Limit, capacity: float) -> Operation:
    """More requests come than are served: the queue has no end."""
    at = machine.pace(machine.each(limit.sequences))
    detail = (
        f"saturated: {requests_per_s:g} requests/s are asked, {capacity / machine.deployment.output_tokens:.4g} are "
        "served at most within memory and targets; queues grow without end"
    )
    return Operation(
        sequences=limit.sequences,
        waiting=0.0,
        at=at,
        output_tokens_per_s=capacity,
        tpot_s=machine.tpot_s(at),
        ttft_s=None,
        capacity_tokens_per_s=capacity,
        saturated=True,
        limit=limit,
        missed=(),
        said=Finding(None, warnings=(Warning("saturated", detail),)),
    )
