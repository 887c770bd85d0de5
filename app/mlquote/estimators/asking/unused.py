"""Fields that count only under a condition: where it is not met and they are given, a warning names them.

Nothing is silent: a field moves a number, or is named here, or is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from mlquote.catalog.remembered import Memory, MemoryOfThese
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


Rules: TypeAlias = Sequence[Needs[Any]]
"""The rules of a question, first things first."""


def unused(question: Part, asked: Q, rules: Sequence[Needs[Q]]) -> Finding[None]:
    """A warning for each field that was given and changes nothing, by the first rule that it does not meet.

    Args:    question: whose fields they are; asked: what the rules look at (the question, or its run)
    """
    said: dict[str, str] = {}
    defaults = _DEFAULTS[type(question)]  # an echoed question holds every default and gives none
    given = {name for name in question.model_fields_set if getattr(question, name) != defaults[name]}
    of_field = _OF_FIELD.of(rules)
    for place in sorted({place for name in given for place in of_field.get(name, ())}):
        rule = rules[place]
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


def _places(lists: tuple[Rules, ...]) -> dict[str, list[int]]:
    """Field -> the places of those rules that name it."""
    found: dict[str, list[int]] = {}
    for place, rule in enumerate(rule for rules in lists for rule in rules):
        for name in rule.fields:
            found.setdefault(name, []).append(place)
    return found


_OF_FIELD: MemoryOfThese[Rules, dict[str, list[int]]] = MemoryOfThese(_places)
