"""What a loss is: a kernel giving L_i and dL_i/d(predictions) for a block of examples, and what is declared about it.

A kernel sees a block: some examples' predictions and targets, views of the caller's arrays. It writes the gradient of
each L_i into the block's slots and returns the L_i; weighing, masking, reducing and scaling are done once for all
losses in `objective`. Blocks keep the temporaries of large arrays in cache and in reused memory; the price is that a
kernel writes into given arrays instead of composing expressions. Results do not depend on the number of threads:
each block is summed on its own and the sums are added in block order.
"""

import inspect
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.parameters import Param, Params
from mlquote.losses.reading import Array, Reader

ROOM_BYTES = 1 << 20
"""Scratch above this size is given back after use: reuse pays for blocks, not for whole inputs."""


class Layout(StrEnum):
    """Which axes of the predictions make one example."""

    ELEMENTS = "elements"  # every entry is an example; per_example is shaped like the predictions
    CLASSES = "classes"  # the class axis is folded into the example
    VECTORS = "vectors"  # the last axis is folded into the example
    SAMPLES = "samples"  # axis 0 counts examples, all other axes are folded
    WHOLE = "whole"  # examples depend on each other; no blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What is known of L as a function of one example's predictions; None where no finite constant holds."""

    differentiable: bool
    convex_in_predictions: bool
    lipschitz: float | None
    smooth: float | None
    bounded_below: float | None
    numerically_stable: bool = True
    aligned_with: str = ""
    note: str = ""


class Room:
    """Scratch arrays one thread keeps and reuses, so that temporaries stay in cache and cost no new pages."""

    def __init__(self) -> None:
        self._held: dict[Any, Array] = {}

    def take(self, key: Any, shape: tuple[int, ...]) -> Array:
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


@dataclass(slots=True)
class Batch:
    """The whole input, axes folded as the layout says: first axis examples, any second axis one example's entries."""

    predictions: dict[str, Array]
    targets: dict[str, Any]
    params: dict[str, Any]
    form: str | None = None
    class_weights: Array | None = None
    pos_weight: Any = None
    keep: NDArray[np.bool_] | None = None
    per_row_weight: Array | None = None
    """The factor w_y each example already carries in L_i, for the denominator of `weighted_mean`."""
    shape: tuple[int, ...] = ()
    """The examples' own shape, before it was flattened."""
    coefficients: Array | None = None
    """The factor of each L_i in the cost, for losses computed whole; None is 1."""
    extras: dict[str, Any] = field(default_factory=dict)
    """What a whole-batch kernel reports beside its values."""

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

    def drop(self, dropped: NDArray[np.bool_]) -> None:
        """Leave these examples out of numerator and denominator."""
        self.keep = ~dropped if self.keep is None else self.keep & ~dropped

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

    def spare(self, key: Any, shape: tuple[int, ...] | None = None) -> Array:
        """Scratch, by default one entry per entry of the predictions."""
        if shape is None:
            shape = next(iter(self.predictions.values())).shape
        return self.room.take(key, shape)


Kernel = Callable[[Block], Array]
Prepare = Callable[[Batch, Reader], None]
Reduce = Callable[[Array], float | None]


def nothing(batch: Batch, reader: Reader) -> None:
    """Any finite numbers will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A loss by name; everything said in words about it stands in its kernel's docstring."""

    name: str
    kernel: Kernel
    properties: Callable[[Params], Properties]
    params: tuple[Param, ...] = ()
    layout: Layout | Callable[[Params], Layout] = Layout.ELEMENTS
    predictions: tuple[str, ...] = ("predictions",)
    targets: tuple[str, ...] = ("targets",)
    optional: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ()
    classes: bool = False
    """Whether targets may be class indices (and per-class weights mean something)."""
    pos_weight: bool = False
    align: Prepare = nothing
    """Checks and broadcasts before the axes are folded, for losses whose targets are shaped otherwise."""
    prepare: Prepare = nothing
    components: Callable[[Batch, Reduce], dict[str, Any]] | None = None
    proves_finite: frozenset[str | None] = frozenset()
    """Input forms (None: the only one) in which a finite sum of the L_i comes from finite inputs, or masked classes."""
    infinite: frozenset[str] = frozenset()
    """Input forms (or array names) in which -Infinity means something."""

    def folded(self, params: Params) -> Layout:
        """The layout under these parameters."""
        return self.layout if isinstance(self.layout, Layout) else self.layout(params)

    def words(self) -> dict[str, str]:
        """The docstring's parts: `about`, `formula`, and each headed paragraph (gradient, domain, kinks ...)."""
        return docstring_parts(inspect.getdoc(self.kernel) or "")


def docstring_parts(text: str) -> dict[str, str]:
    """Split a formula's docstring into its first sentence, its indented formula and its headed paragraphs."""
    about, _, rest = text.partition("\n")
    parts = {"about": about}
    head = "formula"
    lines: dict[str, list[str]] = {}
    for line in rest.splitlines():
        match = re.match(r"([A-Z][a-z ]+):\s*(.*)", line)
        if match:
            head = match[1].lower().replace(" ", "_")
            lines.setdefault(head, []).append(match[2])
        elif line.strip():
            lines.setdefault(head, []).append(line.strip())
    return parts | {
        name: ("\n" if name == "formula" else " ").join(filter(None, found)) for name, found in lines.items()
    }
