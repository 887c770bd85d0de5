"""What a kernel sees: the question's arrays, a block of them with slots for gradients, scratch, and notes.

A batch is read once and never changed: what looks at it returns another. Only a block is written to, and only its
slots, its scratch and its notes.
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.parameters import Params
from mlquote.losses.reading import Array
from mlquote.losses.stable import Softmax
from mlquote.losses.sums import row_sums

ROOM_BYTES = 1 << 21
"""Scratch above this size is given back after use: reuse pays for blocks, not for whole inputs."""
ROW_SUM_TOLERANCE = 1e-3
"""Probabilities summing to 1 within this are taken as a distribution; beyond it the caller must say which is meant."""


class Room:
    """Scratch arrays one thread keeps and reuses, so that temporaries stay in cache and cost no new pages."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Array] = {}

    def take(self, key: Hashable, shape: tuple[int, ...]) -> Array:
        """An uninitialised array of this shape; the same key gives the same memory."""
        size = math.prod(shape)
        held = self._held.get(key)
        if held is None or held.size < size:
            held = np.empty(size)
            if held.nbytes <= ROOM_BYTES:
                self._held[key] = held
        return held[:size].reshape(shape)


@dataclass(slots=True)
class Note:
    """One thing observed while computing: how often, and the first places it was seen."""

    count: int = 0
    indices: list[int] = field(default_factory=list)


class Notes(dict[str, Note]):
    """Observations by diagnostic code; `start` is the block's first example."""

    start = 0

    def mark(self, code: str, seen: NDArray[np.bool_]) -> None:
        """Count the examples of this block where `seen` holds (any trailing axes are folded)."""
        count = int(np.count_nonzero(seen))
        if not count:
            return
        note = self.setdefault(code, Note())
        note.count += count
        if len(note.indices) < 20:
            rows = seen.reshape(len(seen), -1).any(axis=1) if seen.ndim > 1 else seen
            note.indices += (np.flatnonzero(rows)[: 20 - len(note.indices)] + self.start).tolist()

    def merge(self, other: "Notes") -> None:
        """Add the observations of a later block."""
        for code, note in other.items():
            mine = self.setdefault(code, Note())
            mine.count += note.count
            mine.indices = (mine.indices + note.indices)[:20]


@dataclass(frozen=True, slots=True)
class Batch:
    """The whole input, axes folded as the loss says: first axis examples, any second axis one example's entries."""

    predictions: Mapping[str, Array]
    targets: Mapping[str, NDArray[Any]]
    """As given; under a leading underscore what was made of them or of a parameter, one entry per example."""
    params: Params
    form: str | None = None
    shape: tuple[int, ...] = ()
    """The examples' own shape, before it was flattened."""
    keep: NDArray[np.bool_] | None = None
    class_weights: Array | None = None
    pos_weight: float | Array | None = None
    per_row_weight: Array | None = None
    """The factor w_y each example already carries in L_i, for the denominator of `weighted_mean`."""

    @property
    def p(self) -> Array:
        """The predictions of a loss that has one array of them."""
        return self.predictions["predictions"]

    @property
    def y(self) -> NDArray[Any]:
        """The targets of a loss that has one array of them."""
        return self.targets["targets"]

    @property
    def hard(self) -> bool:
        """Whether the targets are class indices, one per example, rather than one probability per class."""
        return self.y.ndim == 1

    @property
    def masked(self) -> int:
        """How many examples are left out."""
        return 0 if self.keep is None else int(np.count_nonzero(~self.keep))

    def without(self, dropped: NDArray[np.bool_]) -> "Batch":
        """The batch with these examples left out of numerator and denominator, too."""
        return replace(self, keep=~dropped if self.keep is None else self.keep & ~dropped)

    def with_targets(self, **arrays: NDArray[Any]) -> "Batch":
        """The batch with these targets instead, or beside."""
        return self.shaped(self.predictions, {**self.targets, **arrays}, self.shape)

    def shaped(
        self, predictions: Mapping[str, Array], targets: Mapping[str, NDArray[Any]], shape: tuple[int, ...]
    ) -> "Batch":
        """The batch with other arrays and another shape of its examples; `replace` takes twice as long."""
        rest = (self.keep, self.class_weights, self.pos_weight, self.per_row_weight)
        return Batch(predictions, targets, self.params, self.form, shape, *rest)

    def one_a_row(self, name: str, shape: tuple[int, ...]) -> "Batch":
        """The batch with a target that has one number a row of axis 0, [B] or [B, 1], beside every entry of its row."""
        given = self.targets.get(name)
        if (
            given is None
            or given.shape == shape
            or given.shape not in {shape[:1], (*shape[:1], *[1] * (len(shape) - 1))}
        ):
            return self
        column = given.reshape(*shape[:1], *[1] * (len(shape) - 1))
        return self.with_targets(**{name: np.ascontiguousarray(np.broadcast_to(column, shape))})

    def pointer(self, name: str) -> str:
        """Where an array stands in the question."""
        side = "targets" if name in self.targets else "predictions"
        return f"/{side}" if name == side else f"/{side}/{name}"

    def place(self, example: int) -> str:
        """An example's (or, in a loss computed whole, a row's) place as the end of a JSON pointer."""
        if example >= math.prod(self.shape):
            return f"/{example}"
        return "".join(f"/{i}" for i in np.unravel_index(example, self.shape))


@dataclass(slots=True)
class Block:
    """Some examples of a batch, with the slots their gradients go to."""

    predictions: Mapping[str, Array]
    targets: Mapping[str, NDArray[Any]]
    batch: Batch
    slots: Mapping[str, Array]
    room: Room
    notes: Notes
    infinite: bool = False
    """Whether some entry of this block is -Infinity (or its sum of squares overflows)."""
    coefficients: Array | None = None
    """The factor of each L_i in the cost, for losses computed whole; None is 1."""
    each: bool = True
    """Whether each L_i is wanted; a kernel may give any numbers of the same sum where it is not."""
    scale: float = 1.0
    """What the gradients are still to be multiplied with, unless the kernel does it on its way."""
    extras: dict[str, float] = field(default_factory=dict)
    """What a whole-batch kernel reports beside its values."""

    @property
    def p(self) -> Array:
        """The predictions of a loss that has one array of them."""
        return self.predictions["predictions"]

    @property
    def y(self) -> NDArray[Any]:
        """The targets of a loss that has one array of them."""
        return self.targets["targets"]

    def __getitem__(self, name: str) -> Any:
        return self.batch.params[name]

    def wants(self, name: str = "predictions") -> bool:
        """Whether the gradient with respect to this array was asked for."""
        return name in self.slots

    def slot(self, name: str = "predictions") -> Array:
        """Where the gradient with respect to this array goes; scratch when nobody asked."""
        if name in self.slots:
            return self.slots[name]
        return self.room.take(("slot", name), self.predictions[name].shape)

    def take_scale(self) -> float:
        """What the gradients are to be multiplied with; the kernel that takes it does so, once and for all of them."""
        taken, self.scale = self.scale, 1.0
        return taken

    @property
    def factors(self) -> Array:
        """The factor of each L_i in the cost, of a loss computed whole, whose kernel multiplies by it."""
        assert self.coefficients is not None  # what is computed whole has them
        return self.coefficients

    def give(self, gradient: Array, name: str = "predictions") -> None:
        """Put a gradient where it is wanted."""
        if name in self.slots:
            self.slots[name][...] = gradient

    def require(self, name: str, right: NDArray[np.bool_], detail: str, hint: str) -> None:
        """Raise `OutOfDomain` at the first kept example of this block where `right` does not hold."""
        if right.all():
            return
        rows = np.asarray(right.reshape(len(right), -1).all(axis=1))
        kept = None if self.batch.keep is None else self.batch.keep[self.notes.start : self.notes.start + len(rows)]
        if kept is not None and kept.shape == rows.shape:
            rows |= ~kept
        if rows.all():
            return
        at = int(np.argmin(rows))
        place = self.batch.place(self.notes.start + at)
        found = np.asarray(self.targets[name] if name in self.targets else self.predictions[name])[at]
        raise OutOfDomain(f"{found!s} {detail}", pointer=f"{self.batch.pointer(name)}{place}", hint=hint)

    def require_probabilities(self, name: str, p: Array) -> None:
        """Raise `OutOfDomain` unless every entry lies in [0, 1]."""
        if p.size and not (p.min() >= 0.0 and p.max() <= 1.0):
            hint = "probabilities lie in [0, 1]; for raw scores say input_form logits"
            self.require(name, (p >= 0.0) & (p <= 1.0), "lies outside [0, 1]", hint)

    def require_rows(self, name: str, p: Array) -> None:
        """Raise `OutOfDomain` unless every row sums to 1, or the question says what to do with those that do not."""
        if self.batch.params.get("normalize_probabilities") is not None:
            return
        wrong = np.abs(row_sums(p) - 1.0) > ROW_SUM_TOLERANCE
        if wrong.any():
            hint = "each row sums to 1 within 1e-3"
            if "normalize_probabilities" in self.batch.params:
                hint += "; params.normalize_probabilities false takes rows as they are"
            self.require(name, ~wrong, "does not sum to 1", hint)

    def require_distribution(self, name: str, p: Array) -> None:
        """Raise `OutOfDomain` unless rows are numbers >= 0 that sum to 1."""
        self.require_rows(name, p)
        if p.size and not p.min() >= 0.0:
            self.require_probabilities(name, p)

    def require_some_class(self, soft: Softmax) -> None:
        """Raise `OutOfDomain` at a row of -Infinity only, which is no distribution."""
        lost = np.isneginf(soft.peak)
        if lost.any():
            self.require("predictions", ~lost, "masks every class", "at least one logit of a row is finite")

    def spare(self, key: Hashable, shape: tuple[int, ...] | None = None) -> Array:
        """Scratch, by default one entry per entry of the predictions."""
        if shape is None:
            shape = next(iter(self.predictions.values())).shape
        return self.room.take(key, shape)
