"""What a loss is: a kernel giving L_i and dL_i/d(predictions) for a block of examples, and what is declared about it.

A kernel sees a block: some examples' predictions and targets, views of the caller's arrays. It writes the gradient of
each L_i into the block's slots and returns the L_i; weighing, masking, reducing and scaling are done once for all
losses in `objective`. Blocks keep the temporaries of large arrays in cache and in reused memory; the price is that a
kernel writes into given arrays instead of composing expressions. Results do not depend on the number of threads:
each block is summed on its own and the sums are added in block order.

A family of losses imports this module and nothing else of this room: every name a kernel needs is to be had here.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from mlquote.losses.batch import Batch, Block
from mlquote.losses.elementary import cross_entropy_rows, exp, log, softplus_of_labels
from mlquote.losses.parameters import Condition, Param, Params
from mlquote.losses.reading import Answer, Array, Reader
from mlquote.losses.stable import Softmax, clamped_log, row_norms, sigmoid, softplus, times, unnormalized
from mlquote.losses.sums import dot, row_dots, row_sums, sum_of_logs

__all__ = [
    "Answer",
    "Array",
    "Batch",
    "Block",
    "Folding",
    "Loss",
    "Params",
    "Properties",
    "Reader",
    "Reduce",
    "Softmax",
    "clamped_log",
    "cross_entropy_rows",
    "docstring_parts",
    "dot",
    "exp",
    "log",
    "nothing",
    "only_on_probabilities",
    "row_dots",
    "row_norms",
    "row_sums",
    "sigmoid",
    "softplus",
    "softplus_of_labels",
    "steep",
    "sum_of_logs",
    "times",
    "unnormalized",
]


class Folding(StrEnum):
    """Which axes of the predictions make one example."""

    ELEMENTS = "elements"  # every entry is an example; per_example is shaped like the predictions
    CLASSES = "classes"  # the class axis is folded into the example
    VECTORS = "vectors"  # the last axis is folded into the example
    SAMPLES = "samples"  # axis 0 counts examples, all other axes are folded
    ROWS = "rows"  # the last axis is folded into the example, and a single axis is one row
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


def steep(
    aligned_with: str,
    *,
    below: float | None = 0.0,
    differentiable: bool = False,
    convex: bool = False,
    note: str = "",
) -> Callable[[Params], Properties]:
    """What is known of a loss whose slope and curvature have no bound, whatever its parameters are."""

    def known(params: Params) -> Properties:
        """Steep without bound, whatever the parameters are."""
        return found

    found = Properties(
        differentiable=differentiable,
        convex_in_predictions=convex,
        lipschitz=None,
        smooth=None,
        bounded_below=below,
        aligned_with=aligned_with,
        note=note,
    )
    return known


PROPERTY_NAMES = tuple(each.name for each in fields(Properties))
Kernel = Callable[[Block], Array]
Prepare = Callable[[Batch, Reader], Batch]
Reduce = Callable[[Array], float | None]
Outer = Callable[[float, Params], tuple[float, float]]
"""A reduced value and the parameters -> a function of it, and that function's slope."""
Components = Callable[[Batch, Mapping[str, float], Reduce], Answer]
"""The batch, what a whole-batch kernel reported, and how the cost was reduced -> an answer's `components`."""


def nothing(batch: Batch, reader: Reader) -> Batch:
    """Any finite numbers will do."""
    return batch


def only_on_probabilities(batch: Batch, reader: Reader) -> None:
    """Clamps and renormalising act on probabilities; asked for on logits they would silently do nothing."""
    if batch.form == "probabilities":
        return
    given = reader.body.get("params") or {}
    if "clamp" in given and batch.params["clamp"]["kind"] != "none":
        reader.refuse("params/clamp", f"a clamp has no meaning on {batch.form}", "drop it, or give probabilities")
    if batch.params.get("normalize_probabilities") and "normalize_probabilities" in given:
        reader.refuse("params/normalize_probabilities", f"{batch.form} are not probabilities", "drop it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A loss by name; everything said in words about it stands in its kernel's docstring."""

    name: str
    kernel: Kernel
    properties: Callable[[Params], Properties]
    params: tuple[Param, ...] = ()
    folding: Folding | Callable[[Params], Folding] = Folding.ELEMENTS
    predictions: tuple[str, ...] = ("predictions",)
    targets: tuple[str, ...] = ("targets",)
    optional: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ()
    usual_form: str | None = None
    """The form taken where none is said: one that refuses what is another, or under which it means the same."""
    classes: bool = False
    """Whether targets may be class indices (and per-class weights mean something)."""
    soft: bool = False
    """Whether targets may be one number per class, too."""
    reduction: Callable[[Params], str] | None = None
    """What reduces the L_i unless a question or a framework says otherwise; None is the mean."""
    divisor: Callable[[Batch], float | None] | None = None
    """What the reduction `constant` divides by where the question does not say."""
    outer: Outer | None = None
    """What the cost is of the reduced L_i, where it is not they themselves (a root, an exponential)."""
    pos_weight: bool = False
    align: Prepare = nothing
    """Checks and broadcasts before the axes are folded, for losses whose targets are shaped otherwise."""
    prepare: Prepare = nothing
    components: Components | None = None
    proves_finite: frozenset[str | None] = frozenset()
    """Input forms (None: the only one) in which a finite sum of the L_i comes from finite inputs, or masked classes."""
    infinite: frozenset[str] = frozenset()
    """Input forms (or array names) in which -Infinity means something."""
    streams: bool = False
    """Whether its arrays may stay of a narrower type until a block of them is computed: nothing looks at them whole."""
    array_acts: Mapping[str, Condition] = field(default_factory=dict)
    """Optional arrays that have a say only under a condition."""

    def folded(self, params: Params) -> Folding:
        """The folding under these parameters."""
        return self.folding if isinstance(self.folding, Folding) else self.folding(params)

    def known(self, params: Params, form: str | None) -> Answer:
        """What is known of the loss under these parameters, by name."""
        found = self.properties({**params, "_form": form})
        return {name: getattr(found, name) for name in PROPERTY_NAMES}

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
