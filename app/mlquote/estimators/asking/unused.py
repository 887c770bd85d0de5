"""Fields that count only under a condition: where it is not met and they are given, a warning names them.

Nothing is silent: a field moves a number, or is named here, or is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mlquote.catalog.remembered import Memory
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Part
from mlquote.kit.provenance import Warning

Q = TypeVar("Q")

NOT_USED = "field-not-used"
ALL_USED: Finding[None] = Finding(None)
"""Every field that was given counts."""


@dataclass(frozen=True, slots=True)
class Needs(Generic[Q]):
    """Fields that need something of their question (or of what was found about it), and what is said without it."""

    fields: tuple[str, ...]
    met: Callable[[Q], bool]
    otherwise: str


def unused(question: Part, asked: Q, rules: Sequence[Needs[Q]]) -> Finding[None]:
    """A warning for each field that was given and changes nothing, by the first rule that it does not meet.

    Args:    question: whose fields they are; asked: what the rules look at (the question, or its run)
    """
    said: dict[str, str] = {}
    defaults = _DEFAULTS[type(question)]  # an echoed question holds every default and gives none
    given = {name for name in question.model_fields_set if getattr(question, name) != defaults[name]}
    for rule in rules:
        if given.isdisjoint(rule.fields):
            continue
        wanted = [name for name in rule.fields if name in given and name not in said]
        if wanted and not rule.met(asked):
            said.update(dict.fromkeys(wanted, rule.otherwise))
    if not said:
        return ALL_USED
    return Finding(
        None, warnings=tuple(Warning(NOT_USED, f"{name} changes nothing: {why}") for name, why in said.items())
    )


def _defaults(kind: type[Part]) -> dict[str, object]:
    """Each field's default: asked for every answer, so read once for each kind of question."""
    return {name: field.default for name, field in kind.model_fields.items()}


_DEFAULTS: Memory[type[Part], dict[str, object]] = Memory(_defaults)
