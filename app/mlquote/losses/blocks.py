"""Running a loss's kernel over blocks of examples, on several threads, summed in an order no thread count changes."""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.kit.errors import Fault, OutOfDomain, Unavailable
from mlquote.losses.batch import Batch, Block, Notes, Room
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.reading import Array, finite
from mlquote.losses.sums import dot, surely_finite

BLOCK_ENTRIES = 1 << 16
"""Predictions per block: with four temporaries of 256 KiB, about the L2 cache of one core."""
PARALLEL_ENTRIES = 1 << 17
"""Below this many predictions a second thread costs more than it saves."""

ROOMS_KEPT = 4
"""Scratch kept between computations: one room per thread that works at a time."""


class Cancelled(Unavailable):
    """The computation was stopped before its end, because nobody waits for it any more or its time was up."""

    code = "cancelled"


def never() -> bool:
    """Nobody stops this computation."""
    return False


@dataclass(frozen=True, slots=True)
class Machine:
    """The threads a computation may use beside its own, and how it learns that it should stop."""

    threads: int = 1
    pool: Executor | None = None
    stopped: Callable[[], bool] = never

    def check(self) -> None:
        """Raise `Cancelled` once told to stop."""
        if self.stopped():
            raise Cancelled("the computation was stopped: it ran past its time, or the caller went away")


ALONE = Machine()
_rooms: list[Room] = []


@contextmanager
def room() -> Iterator[Room]:
    """Scratch of one's own for a while; the next computation reuses it (list operations are atomic)."""
    found = _rooms.pop() if _rooms else Room()
    try:
        yield found
    finally:
        if len(_rooms) < ROOMS_KEPT:
            _rooms.append(found)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be computed: the loss over a batch, each L_i times its coefficient, the gradient scaled."""

    loss: Loss
    batch: Batch
    folding: Folding
    coefficients: Array | None
    scale: float
    gradients: dict[str, Array]
    keep_values: bool
    infinite: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The weighted sum of the L_i, the L_i themselves where kept, how many are positive, and what was noticed."""

    total: float
    values: Array | None
    positive: int
    notes: Notes
    extras: dict[str, float] = field(default_factory=dict)
    """What a loss computed whole reports beside its values."""


Summed = tuple[float, int, Notes]
"""A block's weighted sum, how many of its L_i are positive, and what was noticed."""


def compute(work: Work, machine: Machine) -> Outcome:
    """Run every block and put the results together."""
    first = next(iter(work.batch.predictions.values()))
    count = math.prod(work.batch.shape)
    if work.folding is Folding.WHOLE or not count:
        return _whole(work, count)
    step = max(1, BLOCK_ENTRIES * count // max(first.size, 1))
    starts = range(0, count, step)
    values = np.empty(count) if work.keep_values else None

    def run(start: int, scratch: Room) -> Summed:
        machine.check()
        return _block(work, start, min(start + step, count), values, scratch)

    return _gather(_each(run, starts, machine, first.size), values)


def _each(run: Callable[[int, Room], Summed], starts: range, machine: Machine, entries: int) -> list[Summed]:
    """Every block's result in block order, computed by as many threads as pay."""

    def these(part: range) -> list[Summed]:
        with room() as scratch:
            return [run(start, scratch) for start in part]

    if machine.pool is None or machine.threads < 2 or len(starts) < 2 or entries < PARALLEL_ENTRIES:
        return these(starts)
    beside = np.errstate(all="ignore")(these)  # the caller's own thread has its error state set already
    share = -(-len(starts) // machine.threads)
    later = [machine.pool.submit(beside, starts[i : i + share]) for i in range(share, len(starts), share)]
    found = these(starts[:share])
    for future in later:
        found += future.result()
    return found


def _gather(results: list[Summed], values: Array | None) -> Outcome:
    notes = Notes()
    for _, _, seen in results:
        notes.merge(seen)
    return Outcome(exact_sum([total for total, _, _ in results]), values, sum(n for _, n, _ in results), notes)


def exact_sum(parts: list[float]) -> float:
    """The parts added without rounding; infinities and NaN as IEEE adds them."""
    if all(map(math.isfinite, parts)):
        try:
            return math.fsum(parts)
        except OverflowError:
            return math.inf if sum(math.copysign(1.0, part) for part in parts) > 0 else -math.inf
    return float(np.add.reduce(np.array(parts)))


def _block(work: Work, start: int, stop: int, values: Array | None, scratch: Room) -> Summed:
    notes = Notes()
    notes.start = start
    block = Block(
        {name: _slice(array, start, stop) for name, array in work.batch.predictions.items()},
        {name: _slice(t, start, stop) if isinstance(t, np.ndarray) else t for name, t in work.batch.targets.items()},
        work.batch,
        {name: array[start:stop] for name, array in work.gradients.items()},
        scratch,
        notes,
        each=work.keep_values or work.coefficients is not None,
        scale=work.scale,
    )
    factors = None if work.coefficients is None else work.coefficients[start:stop]
    proof = factors is None and work.batch.form in work.loss.proves_finite
    if not proof:
        _require_finite(work, block)
    found = work.loss.kernel(block)
    if factors is None:
        total = float(np.add.reduce(found))
        positive = int(np.count_nonzero(found > 0.0)) if work.keep_values else 0
        proof = proof and math.isfinite(total)
        if not proof and work.batch.form in work.loss.proves_finite:
            _require_finite(work, block)
    else:
        found = np.where(work.batch.keep[start:stop], found, 0.0) if work.batch.keep is not None else found
        total = _guarded(found, factors)
        positive = int(np.count_nonzero((found > 0.0) & (factors != 0.0)))
    for slot in block.slots.values():
        _scale(slot, factors, block.scale)
        if not proof and not surely_finite(slot):
            notes.mark("gradient_infinite", ~np.isfinite(slot))
    if values is not None:
        values[start:stop] = found
    return total, positive, notes


def _slice(array: NDArray[Any], start: int, stop: int) -> NDArray[Any]:
    """Some examples as float64; a view where they came so, unless unaligned, which every operation would pay for."""
    found = array[start:stop]
    if found.dtype.kind == "f" and found.dtype != np.float64:
        return found.astype(np.float64)
    return found if found.flags.aligned else found.copy()


def _guarded(values: Array, factors: Array) -> float:
    """The weighted sum with 0 x Infinity = 0."""
    total = dot(values, factors)
    if math.isfinite(total):
        return total
    used = factors != 0.0
    return dot(values[used], factors[used])


def _scale(slot: Array, factors: Array | None, scale: float) -> None:
    """Turn the gradient of each L_i into its share of the cost's; a factor of 0 silences even an infinite one."""
    if factors is None:
        if scale != 1.0:
            slot *= scale
    else:
        column = factors * scale
        slot *= column if slot.ndim == 1 else column.reshape(-1, *[1] * (slot.ndim - 1))
        silent = factors == 0.0
        if silent.any():
            slot[silent] = 0.0


def _require_finite(work: Work, block: Block) -> None:
    """Refuse NaN and infinities by the block, where the numbers are in cache anyway."""
    for side in (block.predictions, block.targets):
        for name, array in side.items():
            if name[0] == "_" or not isinstance(array, np.ndarray) or array.dtype.kind != "f":
                continue
            if not surely_finite(array):
                block.infinite = True
                _name_infinite(work, block, name, array)


def _name_infinite(work: Work, block: Block, name: str, array: NDArray[Any]) -> None:
    faults: list[Fault] = []
    if finite(array, "", faults, "negative" if work.infinite.get(name) else "none"):
        return
    place = [int(part) for part in faults[0].pointer.split("/")[1:]]
    example = work.batch.place(block.notes.start + place[0])
    rest = "".join(f"/{i}" for i in place[1:])
    pointer = f"{work.batch.pointer(name)}{example}{rest}"
    raise OutOfDomain(faults[0].detail, pointer=pointer, hint=faults[0].hint)


def _whole(work: Work, count: int) -> Outcome:
    """All examples at once, for losses in which they depend on each other (and for none at all)."""
    notes = Notes()
    for slot in work.gradients.values():
        slot[...] = 0.0
    if not count:
        return Outcome(0.0, np.zeros(0), 0, notes)
    factors = np.ones(count) if work.coefficients is None else work.coefficients
    batch = work.batch
    with room() as scratch:
        block = Block(batch.predictions, batch.targets, batch, work.gradients, scratch, notes, coefficients=factors)
        _require_finite(work, block)
        found = work.loss.kernel(block)
    for slot in work.gradients.values():
        np.multiply(slot, work.scale, out=slot)
    if batch.keep is not None:
        found = np.where(batch.keep, found, 0.0)
    positive = int(np.count_nonzero((found > 0.0) & (factors != 0.0)))
    return Outcome(_guarded(found, factors), found, positive, notes, block.extras)
