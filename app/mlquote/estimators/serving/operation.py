"""The operating point behind a serving estimate: how many sequences run, how fast they go, and who waits.

The batch is given, as much as fits, or as much as the targets allow; targets that even one sequence misses are refused
with what is possible, and a load beyond capacity is called saturated.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.deployment import Candidate
from mlquote.estimators.serving.facts import ServingFacts, Targets
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.serving.batching import (
    Habits,
    Pace,
    inter_token_median_s,
    largest,
    pace,
    prefill_s,
    residence_s,
    tail_tpot_s,
    tokens_per_s,
    tpot_s,
    ttft_s,
    warm_ttft_s,
)
from mlquote.formulas.serving.queueing import mg1_wait_s
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
    tokens_per_s: float
    """What they deliver, as it is estimated."""
    by_targets: bool
    """Targets, not memory or the engine, set it."""
    held_by: frozenset[str] = frozenset()
    """The targets that a larger batch would miss."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The machine at work: seconds and tokens per second of the whole system; None where a queue has no end."""

    sequences: float
    """In flight and running, a mean."""
    waiting: float
    """In flight without a place in a batch, a mean."""
    each: float
    """Sequences of one batch while it runs, >= 1."""
    busy_fraction: float
    """Share of the time in which a batch runs at all."""
    at: Pace
    output_tokens_per_s: float
    tpot_s: float
    inter_token_median_s: float
    ttft_s: float | None
    """Mean, waits for room included."""
    warm_ttft_s: float | None
    """Median of a warm engine, the same waits included."""
    capacity_tokens_per_s: float
    """What it delivers at most, within the targets: measured where it was given."""
    saturated: bool
    limit: Limit
    missed: tuple[str, ...]
    """Targets that the given load misses."""
    said: Finding[None]
    """Who waits, and what is missed."""


class _Cycle(NamedTuple):
    """One request through a replica with so many sequences: what each figure of an answer follows from."""

    each: float
    at: Pace
    first_s: float
    """Mean time to the first token, waits for room apart."""
    warm_s: float
    """Its median on a warm engine."""
    tpot_s: float
    residence_s: float
    tokens_per_s: float
    """Of the whole system."""


class _Machine(NamedTuple):
    """A layout under an engine's habits; batches are counted for one replica's stage."""

    host: Candidate
    habits: Habits
    cycles: dict[float, _Cycle]
    """Those reckoned so far, by the sequences of each batch: the same ones are asked for again and again."""

    @classmethod
    def of(cls, host: Candidate, habits: Habits) -> "_Machine":
        """With nothing reckoned yet."""
        return cls(host, habits, {})

    def each(self, sequences: float) -> float:
        """Sequences of one batch, where so many are spread over all."""
        return max(1.0, sequences / self.host.way.batches)

    def cycle(self, each: float) -> _Cycle:
        """A request's stay, with so many sequences in each batch."""
        known = self.cycles.get(each)
        if known is None:
            known = self.cycles[each] = self._cycle(each)
        return known

    def _cycle(self, each: float) -> _Cycle:
        way, kept, traffic, *_ = self.host
        at = pace(way.law, kept, traffic, each)
        if self.host.prefill_accelerators:
            return self._apart(each, at)
        tpot = tpot_s(at, self.habits, traffic, sequences=each, layers=way.layers)
        warm = warm_ttft_s(self.habits, traffic, at, each_s=tpot, sequences=each, layers=way.layers)
        first = ttft_s(self.habits, warm, each)
        stays = residence_s(traffic, first, tpot)
        return _Cycle(each, at, first, warm, tpot, stays, way.batches * tokens_per_s(traffic, each, stays))

    def _apart(self, each: float, at: Pace) -> _Cycle:
        """Prompts run on accelerators of their own: nothing interrupts a step; no more is decoded than they take in.

        X <= P / (T prefill) out, of P accelerators in groups of T; above, requests wait for their prompt (Little).
        """
        host = self.host
        traffic, groups = host.traffic, host.prefill_accelerators / host.way.laid.layout.accelerators
        layers = host.way.layers
        first = warm = warm_ttft_s(self.habits, traffic, at, each_s=at.step_s, sequences=1.0, layers=layers)
        stays = residence_s(traffic, first, at.step_s)
        done = host.way.batches * tokens_per_s(traffic, each, stays)
        prompt = prefill_s(at, traffic)
        if done * prompt > groups * traffic.output_tokens:
            done = groups * traffic.output_tokens / prompt
            stays = host.way.batches * each * traffic.output_tokens / done
            first = warm = stays - traffic.later_tokens * at.step_s
        return _Cycle(each, at, first, warm, at.step_s, stays, done)

    def running(self, concurrency: float) -> float:
        """Sequences that run where so many are in flight, at least one in each batch."""
        batches = self.host.way.batches
        return max(min(self.host.admitted, max(concurrency, batches)), batches)

    def delivered(self, concurrency: float | None) -> float:
        """Tokens per second of the whole system with so many in flight; as many as it takes where none are given."""
        if concurrency is None:
            return self.cycle(self.each(min(self.host.room, self.host.cap))).tokens_per_s
        busy = min(1.0, concurrency / self.host.way.batches)
        return self.cycle(self.each(self.running(concurrency))).tokens_per_s * busy

    def waited_s(self, cycle: _Cycle, waiting: float) -> float:
        """Time in front of the batches: a request leaves one of them every residence / b seconds."""
        return waiting / self.host.way.batches / cycle.each * cycle.residence_s

    def missed(self, targets: Targets, cycle: _Cycle) -> tuple[str, ...]:
        """The targets that are missed, the time per token first."""
        missed = []
        if targets.tpot_ms is not None and self.tail_ms(targets, cycle) > targets.tpot_ms:
            missed.append("max_tpot_ms")
        if targets.ttft_ms is not None and MS_PER_S * cycle.first_s > targets.ttft_ms:
            missed.append("max_ttft_ms")
        return tuple(missed)

    def tail_ms(self, targets: Targets, cycle: _Cycle) -> float:
        """TPOT that 99 % of the requests stay below."""
        alone = self.cycle(1.0).tpot_s if cycle.each > 1 else cycle.tpot_s
        return MS_PER_S * tail_tpot_s(cycle.tpot_s, alone, targets.tail_factor)

    def operation(self, cycle: _Cycle, limit: Limit, capacity: float, **others: Any) -> Operation:
        """The machine at work in this cycle, all batches running unless others say so."""
        usual: dict[str, Any] = {
            "sequences": cycle.each * self.host.way.batches,
            "waiting": 0.0,
            "busy_fraction": 1.0,
            "output_tokens_per_s": cycle.tokens_per_s,
            "ttft_s": cycle.first_s,
            "warm_ttft_s": cycle.warm_s,
            "saturated": False,
            "missed": (),
            "said": NOTHING,
        }
        return Operation(
            each=cycle.each,
            at=cycle.at,
            tpot_s=cycle.tpot_s,
            inter_token_median_s=cycle.tpot_s
            if self.host.prefill_accelerators
            else inter_token_median_s(cycle.at, self.habits, cycle.each),
            capacity_tokens_per_s=capacity,
            limit=limit,
            **(usual | others),
        )


def best_of(
    question: ServingQuestion, facts: ServingFacts, candidates: tuple[Candidate, ...]
) -> tuple[Candidate, Operation]:
    """The layout that delivers most at the asked load, those that meet the targets first; the earlier of equals.

    Raises:  OutOfDomain where targets cannot be met by any, even with one sequence
    """
    habits = facts.constants.value.habits
    if len(candidates) > 1 and facts.targets.value is None:
        machines = [_Machine.of(candidate, habits) for candidate in candidates]
        best = max(machines, key=lambda machine: machine.delivered(question.concurrency))
        return best.host, _operation(question, facts, best)
    found, refused = [], None
    for candidate in candidates:
        try:
            found.append((candidate, _operation(question, facts, _Machine.of(candidate, habits))))
        except OutOfDomain as fault:
            refused = fault
    if not found:
        assert refused is not None
        raise refused
    return max(found, key=lambda laid: _merit(question, laid[1]))


def _merit(question: ServingQuestion, work: Operation) -> tuple[bool, float]:
    """Targets met, and tokens per second at the asked concurrency, or at most where a rate or nothing is asked."""
    delivered = work.output_tokens_per_s if question.concurrency is not None else work.limit.tokens_per_s
    return not work.missed, delivered


def _operation(question: ServingQuestion, facts: ServingFacts, machine: _Machine) -> Operation:
    """The operating point.

    Raises:  OutOfDomain where targets cannot be met even by one sequence
    """
    full, limit = _limit(question, machine, facts.targets.value)
    measured = question.output_tokens_per_s
    capacity = full.tokens_per_s if measured is None else measured
    if question.requests_per_s is not None:
        return _open_loop(question.requests_per_s, machine, limit, full, capacity)
    if question.concurrency is not None:
        return _closed_loop(question.concurrency, machine, limit, capacity, question, facts.targets.value)
    return machine.operation(full, limit, capacity)


def _limit(question: ServingQuestion, machine: _Machine, targets: Targets | None) -> tuple[_Cycle, Limit]:
    """The largest batch within memory, the engine's cap and the targets, and the machine full of it."""
    most, batches = min(machine.host.room, machine.host.cap), machine.host.way.batches
    full = machine.cycle(machine.each(most))
    limit = Limit(most, full.tokens_per_s, False)
    if targets is None or not machine.missed(targets, full):
        return full, limit
    found = largest(lambda each: not machine.missed(targets, machine.cycle(each)), machine.each(most))
    if found < 1:
        if question.concurrency is not None or question.requests_per_s is not None:
            return full, replace(limit, held_by=frozenset(machine.missed(targets, machine.cycle(1.0))))
        raise _unreachable(machine, targets)
    held, above = machine.cycle(found), machine.cycle(found * JUST_ABOVE)
    costs_nothing = question.concurrency is not None and held.tokens_per_s >= full.tokens_per_s  # prompts bound both
    held_by = frozenset[str]() if costs_nothing else frozenset(machine.missed(targets, above))
    return held, Limit(found * batches, held.tokens_per_s, True, held_by)


def _unreachable(machine: _Machine, targets: Targets) -> OutOfDomain:
    """No batch is small enough: what one sequence alone reaches."""
    alone = machine.cycle(1.0)
    first, best = MS_PER_S * alone.first_s, MS_PER_S * alone.tpot_s
    detail = f"one sequence alone takes {first:.0f} ms to its first token and {best:.1f} ms per token"
    hint = f"possible here: max_ttft_ms {first:.0f}, max_tpot_ms {best:.1f}; or a wider tensor_parallel, a faster part"
    pointer = "/max_ttft_ms" if "max_ttft_ms" in machine.missed(targets, alone) else "/max_tpot_ms"
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="targets-unreachable")


def _closed_loop(
    concurrency: float,
    machine: _Machine,
    limit: Limit,
    capacity: float,
    question: ServingQuestion,
    targets: Targets | None,
) -> Operation:
    """So many sequences are in flight, whatever they take: those without room wait their turn."""
    batches = machine.host.way.batches
    running = machine.running(concurrency)
    waiting = max(concurrency - running, 0.0)
    said = []
    if waiting > 0:
        said.append(_crowded(running, concurrency, machine.host))
    cycle = machine.cycle(machine.each(running))
    busy = min(1.0, concurrency / batches)
    missed = machine.missed(targets, cycle) if targets is not None else ()
    if missed:
        what, verb = " and ".join(missed), "are" if len(missed) > 1 else "is"
        met = f"targets are met up to about {limit.sequences:.0f} sequences"
        said.append(Warning("target-missed", f"{what} {verb} missed at this concurrency; {met}"))
    done, wait = cycle.tokens_per_s * busy, machine.waited_s(cycle, waiting)
    return machine.operation(
        cycle,
        limit,
        max(capacity, done) if question.output_tokens_per_s is None else capacity,
        sequences=min(running, concurrency),
        waiting=waiting,
        busy_fraction=busy,
        output_tokens_per_s=done,
        ttft_s=cycle.first_s + wait,
        warm_ttft_s=cycle.warm_s + wait,
        missed=missed,
        said=Finding(None, warnings=tuple(said)),
    )


def _crowded(running: float, concurrency: float, host: Candidate) -> Warning:
    """Not all run at once: what holds the others back."""
    if host.admitted < host.room:
        detail = f"max_num_seqs lets {running:.0f} of {concurrency:g} sequences run: the others wait their turn"
        return Warning("concurrency-above-max-num-seqs", detail)
    detail = f"caches of {running:.0f} of {concurrency:g} sequences fit: the others wait their turn"
    return Warning("concurrency-above-memory", detail)


def _open_loop(requests_per_s: float, machine: _Machine, limit: Limit, full: _Cycle, capacity: float) -> Operation:
    """Random arrivals: the batch in which as many finish as come (Little), and the wait in front of it."""
    output, batches = machine.host.traffic.output_tokens, machine.host.way.batches
    wanted = requests_per_s * output
    if wanted >= capacity:
        return _saturated(requests_per_s, machine, limit, full, capacity)
    sought = wanted * full.tokens_per_s / capacity
    each = largest(lambda b: machine.cycle(b).tokens_per_s < sought, full.each)
    cycle = machine.cycle(max(each, 1.0))
    wait = mg1_wait_s(requests_per_s / batches, output / (capacity / batches))
    busy = min(1.0, sought / cycle.tokens_per_s)
    return machine.operation(
        cycle,
        limit,
        capacity,
        sequences=cycle.each * batches * busy,
        waiting=requests_per_s * wait,
        busy_fraction=busy,
        output_tokens_per_s=wanted,
        ttft_s=cycle.first_s + wait,
        warm_ttft_s=cycle.warm_s + wait,
    )


def _saturated(requests_per_s: float, machine: _Machine, limit: Limit, full: _Cycle, capacity: float) -> Operation:
    """More requests come than are served: the queue has no end."""
    detail = (
        f"saturated: {requests_per_s:g} requests/s are asked, {capacity / machine.host.traffic.output_tokens:.4g} are "
        "served at most within memory and targets; queues grow without end"
    )
    said = Finding(None, warnings=(Warning("saturated", detail),))
    return machine.operation(
        full, limit, capacity, output_tokens_per_s=capacity, ttft_s=None, warm_ttft_s=None, saturated=True, said=said
    )
