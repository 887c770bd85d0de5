"""Every name a loss may be asked under, and what it means: the loss, and what the name itself says beside.

A name is resolved once, where a question is read, whatever its case and with `-` for `_`. A framework's own spelling
means that framework's way with the loss (`convention`); where two losses share one, it is refused and both are named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import numpy as np

from mlquote.kit.errors import nearest
from mlquote.losses.aliases import ALIASES, ELSEWHERE, NARROWER
from mlquote.losses.frameworks.function import Choice, Function, Outline, choose, key_of, shortened
from mlquote.losses.frameworks.table import FRAMEWORKS, FUNCTIONS, SPELLINGS
from mlquote.losses.frameworks.unanswered import UNANSWERED
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import Params
from mlquote.losses.reading import REQUIRED, Body, Reader, folded, spelt
from mlquote.losses.registry import LOSSES

FRAMEWORK_ALIASES = {
    "torch": "pytorch",
    "torchvision": "pytorch",
    "tensorflow": "keras",
    "tf": "keras",
    "tf.keras": "keras",
    "jax": "optax",
    "scikit_learn": "sklearn",
    "scikitlearn": "sklearn",
    "hugging_face": "transformers",
    "huggingface": "transformers",
    "hf": "transformers",
}
"""Other names of a framework."""

FORM_ALIASES = {
    "logit": "logits",
    "scores": "logits",
    "probability": "probabilities",
    "probs": "probabilities",
    "log_probs": "log_probabilities",
    "logprobs": "log_probabilities",
    "log_probability": "log_probabilities",
    "rates": "rate",
    "log_rates": "log_rate",
}
"""What others call the input forms."""
FORMS = tuple(dict.fromkeys(form for loss in LOSSES.values() for form in loss.forms))


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: a loss, the parameters the name says, or the functions of frameworks that bear it."""

    loss: Loss
    functions: tuple[Function, ...] = ()
    """The functions of that name; none for a name of the loss itself."""
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    needs: tuple[str, ...] = ()


def _meanings() -> Mapping[str, tuple[Named, ...]]:
    """Folded name -> what it may mean: a name of the loss itself, then a form of one, then frameworks' own names."""
    found: dict[str, tuple[Named, ...]] = {}
    for spelling, functions in SPELLINGS.items():
        losses = dict.fromkeys(function.loss.name for function in functions)
        found[spelling] = tuple(
            Named(LOSSES[name], tuple(each for each in functions if each.loss.name == name)) for name in losses
        )
    found |= {alias: (Named(LOSSES[name]),) for alias, name in ALIASES.items()}
    found |= {
        name: (Named(LOSSES[each.loss], params=each.params, needs=each.needs),) for name, each in NARROWER.items()
    }
    return found | {name: (Named(loss),) for name, loss in LOSSES.items()}


MEANINGS = _meanings()
"""Folded name -> what it may mean; more than one meaning is for the question to choose from."""


_MOST_LETTERS = 200
"""No loss has a longer name, whoever calls it."""


def meanings(name: str) -> tuple[Named, ...]:
    """What a name may mean: nothing, one thing, or several."""
    return (
        MEANINGS.get(name) or MEANINGS.get(folded(name)) or MEANINGS.get(key_of(name)) or MEANINGS.get(bare(name), ())
    )


def bare(name: str) -> str:
    """A name without the word `loss` that many put behind it: `center_loss`, `WingLoss`, `dice loss`."""
    return folded(re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", name.strip())).removesuffix("_loss")


def read_loss(reader: Reader, default: Any = REQUIRED) -> Named | None:
    """The loss a question names in `loss`; None and a fault where the name means none, or several."""
    given = reader.body.get("loss", default)
    found = meanings(given) if isinstance(given, str) and len(given) <= _MOST_LETTERS else ()
    if not found:
        _refuse_loss(reader, default)
        return None
    reader.raw("loss", default)
    framework = _framework(reader.body.get("convention"))
    of = [each for each in found if framework is None or framework in {f.framework for f in each.functions}]
    found = tuple(of) or found
    if len(found) > 1:
        found = tuple(each for each in found if _fits(each, framework, reader.body)) or found
    if len(found) > 1:
        names = ", ".join(dict.fromkeys(named.loss.name for named in found))
        reader.refuse("loss", f"{given!r} is a name of several losses", f"one of: {names}")
        return None
    return found[0]


def _framework(given: Any) -> str | None:
    """The framework a word means, where it means one."""
    return spelt(given, FRAMEWORKS, FRAMEWORK_ALIASES) if isinstance(given, str) else None


def _fits(named: Named, framework: str | None, body: Body) -> bool:
    """Whether the targets' shape suits a loss that shares its name with another one."""
    asked = asked_of(body)
    one_axis = named.loss.folding is not Folding.CLASSES
    return (asked.rank == 1) == one_axis


def asked_of(body: Body, params: Params | None = None) -> Outline:
    """What tells a framework's functions apart, without reading a number."""
    given = body.get("params")
    form = body.get("input_form")
    rank, target_rank = _rank(body.get("predictions")), _rank(body.get("targets"))
    known = {**(params or {}), **(given if isinstance(given, Mapping) else {})}
    word = spelt(form, FORMS, FORM_ALIASES) if isinstance(form, str) else None
    return Outline(word, known, 0 < rank == target_rank, rank)


def _rank(value: Any) -> int:
    """How many axes nested lists or an array have; 0 for what is neither."""
    if isinstance(value, np.ndarray):
        return value.ndim
    rank = 0
    while isinstance(value, list | tuple):
        rank, value = rank + 1, value[0] if value else None
    return rank


def functions_of(framework: str, loss: Loss) -> tuple[Function, ...]:
    """The functions a framework has for a loss."""
    return FUNCTIONS.get(loss.name, {}).get(framework, ())


def read_function(reader: Reader, named: Named) -> Function | None:
    """The framework's function a question means, by its own name or by `convention`; None where no framework is."""
    framework = read_framework(reader)
    own = {function.framework for function in named.functions}
    if framework is None and not own:
        return None
    if framework is not None and own and framework not in own:
        hint = f"drop it, or say the loss {named.loss.name}"
        reader.refuse("convention", f"{reader.body['loss']} is {', '.join(sorted(own))}'s, not {framework}'s", hint)
        return None
    if framework is None and len(own) > 1:
        detail = f"{reader.body['loss']!r} is a name in {', '.join(sorted(own))}"
        reader.refuse("convention", detail, "say which one is meant")
        return None
    found = _chosen(named, framework or next(iter(own)), asked_of(reader.body, named.params))
    if found.function is None:
        _refuse_function(reader, named.loss, framework or next(iter(own)), found)
    return found.function


def _chosen(named: Named, framework: str, asked: Outline) -> Choice:
    mine = tuple(function for function in named.functions if function.framework == framework)
    if len(mine) == 1:
        return Choice(mine[0])
    if mine:
        return choose(tuple(replace(each, by_name=False) for each in mine), asked, named.loss)
    return choose(functions_of(framework, named.loss), asked, named.loss)


def _refuse_function(reader: Reader, loss: Loss, framework: str, found: Choice) -> None:
    if not found.reason:
        have = ", ".join(FUNCTIONS.get(loss.name, {})) or "no framework"
        reader.refuse("convention", f"{framework} has no {loss.name}", f"this loss exists in: {have}")
    elif "input_form" in found.reason or " takes " in found.reason:
        reader.refuse("input_form", found.reason, found.hint)
    else:
        reader.refuse("convention", found.reason, found.hint)


def _refuse_loss(reader: Reader, default: Any) -> None:
    """A fault of the field `loss`, with the nearest of all names there are."""
    given = reader.raw("loss", default)
    if given is not None:
        hint = near(given[:_MOST_LETTERS]) if isinstance(given, str) else ""
        reader.refuse("loss", f"{given!r} is not a known loss", hint or "GET /v1/losses lists them all")


def near(name: str) -> str:
    """The nearest names of losses as a hint: an alias with the loss it names; "" where none is near."""
    key = folded(name)
    if bare(key) in ELSEWHERE:
        return ELSEWHERE[bare(key)]
    reason = not_answered(name)
    if reason is not None:
        return reason
    found = nearest(key, [*LOSSES, *ALIASES, *NARROWER]) or nearest(key.rpartition(".")[2], MEANINGS)
    if found:
        return found
    cut = get_close_matches(key, [*LOSSES, *ALIASES, *NARROWER, *MEANINGS], n=3, cutoff=0.4)
    return f"nearest: {', '.join(cut)}" if cut else ""


def not_answered(name: str) -> str | None:
    """Why a framework's function is not answered for; None of any other name."""
    key = key_of(name)
    for framework, listed in UNANSWERED.items():
        for spelling, reason in listed.items():
            if key in map(key_of, shortened(spelling)):
                return f"{spelling} of {framework} has no answer here: {reason}"
    return None


def read_framework(reader: Reader) -> str | None:
    """The framework a question names in `convention`, whatever its case; None where there is none."""
    return reader.word("convention", FRAMEWORKS, None, aliases=FRAMEWORK_ALIASES)


def read_narrowing(reader: Reader, named: Named, params: Params) -> None:
    """Refuse parameters that contradict the name a loss was asked under, or that it has no meaning without."""
    given, said = reader.body.get("params") or {}, reader.body.get("loss")
    for name, value in named.params.items():
        if params[name] != value:
            hint = f"drop it, or say the loss {named.loss.name}"
            reader.refuse(f"params/{name}", f"{said} says {name} {value}, not {params[name]}", hint)
    for name in named.needs:
        if name not in given:
            hint = f"give it, or say the loss {named.loss.name}"
            reader.refuse(f"params/{name}", f"{said} needs params.{name}", hint)
