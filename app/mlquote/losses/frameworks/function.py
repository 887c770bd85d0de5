"""One function of one framework as a loss of its own: what it can be told, what it cannot, and how it departs.

A function is not a set of defaults put over a formula. Where it computes something else (a missing absolute value, a
row rescaled first, a label recoded), its `loss` carries a kernel or a preparation of its own; a parameter that it does
not have is refused, never computed under its name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from mlquote.losses.loss import Loss
from mlquote.losses.parameters import Params
from mlquote.losses.reading import Body, Reader
from mlquote.losses.registry import LOSSES


def nothing() -> Mapping[str, Any]:
    """No parameters, no words."""
    return MappingProxyType({})


EXAMPLES = frozenset({"sample"})
Settle = Callable[[Params, Reader], Params]


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a question tells which of a framework's functions is meant."""

    form: str | None
    params: Body
    soft: bool
    """Whether the targets have as many axes as the predictions."""
    rank: int
    """How many axes the predictions have."""


def always(asked: Outline) -> bool:
    """Whatever is asked."""
    return True


def hard_targets(asked: Outline) -> bool:
    """Where targets are class indices."""
    return not asked.soft


def soft_targets(asked: Outline) -> bool:
    """Where targets are one number per class."""
    return asked.soft


def of_kind(kind: str) -> Callable[[Outline], bool]:
    """Where `params.kind` is this word, or is not given."""
    return lambda asked: asked.params.get("kind", kind) == kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A framework's function under its own name."""

    framework: str
    spelling: str
    loss: Loss
    """The function as a loss: its forms, its kernel, what it makes of targets."""
    also: tuple[str, ...] = ()
    """Other names it goes by in its framework."""
    has: Params = field(default_factory=nothing)
    """The parameters it can be told, each with the framework's default."""
    fixed: Params = field(default_factory=nothing)
    """What it does of its own accord and cannot be told otherwise."""
    tells: frozenset[str] = frozenset()
    """Parameters that describe the input, which it finds out by itself: taken as given, without a say."""
    form: str | None = None
    """The input form it takes unless told otherwise."""
    form_said: bool = False
    """Whether the input form must be said where only the framework is named: another function takes the other form."""
    weights: frozenset[str] = frozenset()
    """Which weights it takes: sample, class, pos."""
    reduction: str | None = None
    """What it reduces with unless told otherwise; None is the loss's own way, or the mean."""
    words: Mapping[str, str] = field(default_factory=nothing)
    """Its own words for reductions that are another's word here."""
    when: Callable[[Outline], bool] = always
    """Which questions mean this function where only the framework is named."""
    unreduced: Loss | None = None
    """The loss where nothing is reduced, in a framework whose array is shaped otherwise than the examples."""
    by_name: bool = False
    """Whether it is meant only where it is named."""
    settle: Settle | None = None
    """What it makes of its parameters once they are read."""
    exchanged: frozenset[str] = frozenset()
    """Parameters whose names mean each other's here: settled otherwise, and none of them ignored."""
    labels: Callable[[Any, Reader], Any] | None = None
    """What it makes of targets as they came, before they are read as numbers."""
    nothing_left: Literal["null", "zero", "refused"] = "null"
    """Its cost where nothing is left to average."""
    broadcasts_weights: bool = False
    """Whether sample weights are multiplied as Keras multiplies them, ranks made equal first."""
    differs: str = ""
    """Where it departs from the formula, in words."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name it goes by: with its module, with less of it, and bare."""
        return tuple(dict.fromkeys(short for name in (self.spelling, *self.also) for short in shortened(name)))


SHORT = {"torch.nn.functional.": "F.", "keras.losses.": "tf.keras.losses.", "optax.losses.": "optax."}
"""What users write for a module."""


def shortened(name: str) -> list[str]:
    """A dotted name and each of its ends: `torch.nn.MSELoss`, `nn.MSELoss`, `MSELoss`."""
    head, bracket, rest = name.partition("(")
    parts = head.split(".")
    found = [".".join(parts[at:]) + bracket + rest for at in range(len(parts))]
    found += [short + name.removeprefix(module) for module, short in SHORT.items() if name.startswith(module)]
    return found


def key_of(name: str) -> str:
    """A spelling as it is compared: no case, no quotes, no `loss=`, no empty brackets."""
    return re.sub(r"loss\s*=|['\"\s]", "", name.casefold()).removesuffix("()").replace("-", "_")


def own(base: str, **changes: Any) -> Loss:
    """A loss of the registry with some of it replaced."""
    return replace(LOSSES[base], **changes)


@dataclass(frozen=True, slots=True)
class Choice:
    """The function a question means, or why there is none."""

    function: Function | None
    reason: str = ""
    hint: str = ""


def choose(functions: tuple[Function, ...], asked: Outline, loss: Loss) -> Choice:
    """The function of a framework that a question about a loss means: by its input form, then by what it looks like."""
    meant = [each for each in functions if not each.by_name]
    if not meant:
        named = ", ".join(each.spelling for each in functions)
        return Choice(None, f"only by its own name: {named}" if named else "", named)
    framework = meant[0].framework
    if loss.forms:
        told = [each for each in meant if asked.form in each.loss.forms or (asked.form is None and not each.form_said)]
        if not told and asked.form is None:
            reason = f"{loss.name} needs input_form: it is never guessed"
            return Choice(None, reason, " | ".join(dict.fromkeys(f for each in meant for f in each.loss.forms)))
        if not told:
            forms = " or ".join(dict.fromkeys(form for each in meant for form in each.loss.forms))
            return Choice(None, f"{meant[0].spelling} takes {forms}, not {asked.form}", f"{framework} takes {forms}")
        meant = told
    fitting = next((each for each in meant if each.when(asked)), None)
    if fitting is None:
        return Choice(None, f"no such form of {loss.name} in {framework}", f"it has {meant[0].spelling}")
    return Choice(fitting)


def read_held(function: Function, name: str, default: Any, form: str | None) -> Any:
    """What a parameter is that a function cannot be told; clamps act on probabilities only."""
    if name == "clamp" and form not in {None, "probabilities"}:
        return default
    return function.fixed.get(name, default)


@dataclass(frozen=True, slots=True)
class Module:
    """The names of one library's functions, and the version they were checked with."""

    framework: str
    version: str
    functions: tuple[Function, ...] = field(default=())
