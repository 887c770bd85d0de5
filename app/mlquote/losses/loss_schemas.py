"""The JSON Schema of a question of each loss, with an example that is answered: what OpenAPI says under components.

A question under an alias, in another case or under a framework's spelling is the last of the choices, which knows every
field and parameter; a schema a loss says which arrays, forms and parameters its id takes.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from mlquote.losses.aliases import ALIASES
from mlquote.losses.examples import example
from mlquote.losses.fields import ARRAY, ARRAY_OR_NUMBER, ASKED, FLAG, Field, Schema, thing, within, word
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import Param
from mlquote.losses.reading import REQUIRED
from mlquote.losses.registry import LOSSES

EVALUATE, COMPARE = "/v1/losses/evaluate", "/v1/losses/compare"
REFERENCE = "#/components/schemas/"
PREFIX = {EVALUATE: "LossQuestion_", COMPARE: "LossComparison_"}
"""What the schema of a loss is called, by operation."""
OTHER = "any"
"""The choice of a question under another name than an id."""
SHARED = "LossField_"
"""What the schema of a field that all losses have alike is called."""
OWN = frozenset({"loss", "predictions", "targets", "input_form", "params", "weights"})
"""Fields that a loss says itself."""


def choices(path: str) -> Schema:
    """The question of an operation: one schema a loss, told apart by `loss`, and one of any other name."""
    named = {name: f"{REFERENCE}{PREFIX[path]}{name}" for name in (*LOSSES, OTHER)}
    mapping = {name: place for name, place in named.items() if name != OTHER}
    return {
        "anyOf": [{"$ref": place} for place in named.values()],
        "discriminator": {"propertyName": "loss", "mapping": mapping},
        "examples": [ASKED[path].example],
    }


@cache
def components() -> Mapping[str, Schema]:
    """Every schema that `choices` refers to, by name."""
    found: dict[str, Schema] = {}
    for path, prefix in PREFIX.items():
        fields = {field.name: field for field in ASKED[path].fields}
        for name, field in fields.items():
            if name not in OWN:
                found[SHARED + name] = {**field.schema, "description": field.about}
        for loss in LOSSES.values():
            found[prefix + loss.name] = _question(loss, fields)
        found[prefix + OTHER] = thing(fields.values()) | {"description": "under an alias, or a framework's spelling"}
    return found


def _question(loss: Loss, fields: Mapping[str, Field]) -> Schema:
    """A question of one loss by its id."""
    aliases = [alias for alias, name in ALIASES.items() if name == loss.name]
    called = f"also called {', '.join(aliases)}" if aliases else "its id"
    own = [
        Field("loss", called, {"const": loss.name, "type": "string"}, True),
        _arrays("predictions", loss, loss.predictions),
        *([_arrays("targets", loss, loss.targets)] if loss.targets else []),
        *([_form(loss)] if loss.forms else []),
        Field("params", "the loss's own parameters", thing(map(_param, loss.params))),
        Field("weights", "what examples and classes count for", _weights(loss, fields["weights"])),
    ]
    rest = [Field(name, field.about, {"$ref": REFERENCE + SHARED + name}) for name, field in fields.items()]
    schema = thing([*own, *(field for field in rest if field.name not in OWN)])
    schema["properties"] |= {f.name: f.schema for f in rest if f.name not in OWN}
    return schema | {"description": loss.words()["about"], "examples": [example(loss)]}


def _arrays(side: str, loss: Loss, names: tuple[str, ...]) -> Field:
    """One array, or an object of named ones; an array alone stands for the only one that is needed."""
    needed = [name for name in names if name not in loss.optional]
    array = ARRAY_OR_NUMBER if loss.folding is Folding.ELEMENTS or callable(loss.folding) else ARRAY
    if names == (side,):
        return Field(side, "an array", array, side not in loss.optional)
    listed = thing(Field(name, "an array", array, name in needed) for name in names)
    schema = {"anyOf": [listed, array]} if len(needed) == 1 else listed
    return Field(side, ", ".join(names), schema, bool(needed))


def _form(loss: Loss) -> Field:
    """What the predictions are: said wherever more than one form is taken and none is usual."""
    usual = loss.usual_form or (loss.forms[0] if len(loss.forms) == 1 else None)
    about = "never guessed" if usual is None else f"{usual} unless told otherwise"
    return Field("input_form", f"what the predictions are; {about}", word(loss.forms), usual is None)


def _param(param: Param) -> Field:
    """A parameter: its numbers, words or flags, and its default."""
    options = param.domain.removesuffix(" or null").split(" | ")
    schema: Schema = {}
    if param.interval is not None:
        schema = within(param.interval)
    elif {"true", "false"} <= set(options):
        schema = dict(FLAG)
    elif len(options) > 1 and "{" not in param.domain and not options[0].isdigit():
        schema = word(options)
    if schema and (param.default is None or "null" in param.domain):
        schema = {"anyOf": [schema, {"type": "null"}]}
    if param.default is not REQUIRED and param.default is not None:
        schema = {**schema, "default": param.default}
    acts = "" if param.acts is None else f", {param.acts.words}"
    return Field(param.name, f"{param.about} ({param.domain}{acts})", schema, param.default is REQUIRED)


def _weights(loss: Loss, field: Field) -> Schema:
    """The weights that a loss takes: of examples, of classes, of the positive term."""
    taken = {"sample": True, "class": loss.classes, "pos": loss.pos_weight}
    properties: dict[str, Any] = field.schema["properties"]
    kept = {name: schema for name, schema in properties.items() if taken[name]}
    return {**field.schema, "properties": kept}
