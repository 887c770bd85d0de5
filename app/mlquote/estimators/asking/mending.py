"""A question that was refused, mended until it is answered: every fault it has, and the question that would do.

A refusal tells the first thing that is wrong; behind it there is often a second. Each round takes what the hints of the
faults offer, and asks again: what comes out has been answered, or nothing comes out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from mlquote.estimators.asking.numbers import is_number
from mlquote.kit.errors import Fault, Malformed, NotEffective, OutOfDomain, QuoteError, UnknownName

E = TypeVar("E", bound=QuoteError)
Ask = Callable[[Mapping[str, str]], Any]

MOST_ROUNDS = 5
"""Faults that stand one behind the other; a question with more is not the question that would be answered."""
MOST_FIELDS, MOST_LETTERS = 60, 2000
"""A question of more fields or letters is nobody's first try at the keyboard, and is not mended."""
MENDED = (Malformed, UnknownName, OutOfDomain, NotEffective)
"""What can be wrong with a question itself."""
_OFFERS = ("nearest: ", "one of: ", "one of ", "known: ", "here it is ", "write ")
_LEFT_OUT = ("as_of", "date", "since", "engine_date", "processing")
"""Fields whose refused value is left out: a moment nobody can read, a mode that is not sold."""
_CLOSE = 0.75
"""How alike two places must be for the one to be a slip of the other."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What a refused question became."""

    parameters: Mapping[str, str] | None
    """Fields and values that are answered; None where no such question was found."""
    faults: tuple[Fault, ...]
    """Everything that was wrong, the first first."""


def mended(parameters: Mapping[str, str], error: QuoteError, ask: Ask, example: Mapping[str, Any]) -> Mended:
    """The question that `parameters` spell as it would be answered, given the `error` that it was refused with.

    Args:    ask: asks such parameters, and raises what they are refused with, its pointers at names of parameters
             example: values for what must be said and is missing
    """
    faults = list(error.faults)
    current = dict(parameters)
    if len(current) > MOST_FIELDS or sum(map(len, current.values())) > MOST_LETTERS:
        return Mended(None, tuple(faults))
    for _ in range(MOST_ROUNDS):
        if not isinstance(error, MENDED) or not all(_mend(current, fault, example) for fault in error.faults):
            break
        try:
            ask(current)
        except QuoteError as again:
            told = {_name(fault) for fault in faults}
            faults += [fault for fault in again.faults if _name(fault) in parameters.keys() - told]
            error = again
        except ArithmeticError:
            break
        else:
            return Mended(current, tuple(faults))
    return Mended(None, tuple(faults))


def all_told(error: E, faults: tuple[Fault, ...]) -> E:
    """The same error with every fault that was found."""
    if len(faults) == len(error.faults):
        return error
    first = re.sub(r" \(and \d+ more\)$", "", error.detail)
    return error.retold(faults, f"{first} (and {len(faults) - 1} more)")


def flat(fields: Mapping[str, Any], lifted: tuple[str, ...]) -> dict[str, str] | None:
    """A question's fields as parameters of a GET; None where one of them cannot be written there."""
    found: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            inner = flat(value, ())
            if inner is None:
                return None
            found |= inner if name in lifted else {f"{name}.{field}": said for field, said in inner.items()}
        elif isinstance(value, bool):
            found[name] = str(value).lower()
        elif isinstance(value, list | tuple):
            return None
        elif value is not None:
            found[name] = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return found


def _name(fault: Fault) -> str:
    return fault.pointer.rpartition("/")[2]


def _mend(current: dict[str, str], fault: Fault, example: Mapping[str, Any]) -> bool:
    """Whether what a fault's hint offers could be put in."""
    name, offered = _name(fault), _offered(fault.hint)
    if _OF_A_PROVIDER in fault.detail and "region" in current:
        return _placed(current, fault, offered)
    if name not in current:
        return _added(current, name, offered, example)
    if fault.detail.startswith("unknown field"):
        value = current.pop(name)
        if offered and offered[0] not in current:
            current[offered[0]] = value
        return True
    if name in _LEFT_OUT:
        other = example.get(current.pop(name).strip().casefold())
        current |= {} if other is None else {name: str(other)}
        return True
    if name == "region":
        return _placed(current, fault, offered)
    return _replaced(current, name, fault.hint, offered)


def _replaced(current: dict[str, str], name: str, hint: str, offered: list[str]) -> bool:
    """A value that is refused: the first one offered that can be meant."""
    if hint.startswith("a share"):
        offered = [f"{current[name]}%"]
    elif hint.startswith("write ") and name not in _NAMED:
        offered = [each for each in offered if is_number(each)]
    elif name in _NAMED and not hint.startswith("write "):
        offered = [each for each in offered if _figures(current[name]) <= _figures(each)]
    if offered:
        current[name] = offered[0]
    return bool(offered)


_NAMED = ("model", "accelerator", "teacher")
"""Fields in which another version or another size is another thing, however alike the names are."""


def _figures(name: str) -> set[str]:
    """The versions and sizes in a name: 3.1 and 70b of llama-3.1-70b."""
    return set(re.findall(r"\d+(?:\.\d+)?", name))


def _added(current: dict[str, str], name: str, offered: list[str], example: Mapping[str, Any]) -> bool:
    """What must be said and is not: what is offered for it, or as an example has it."""
    if name in ("usage", "input_tokens") and "per" not in current:
        current["per"] = "mtok"
        return True
    if not offered and name not in example:
        return False
    current[name] = offered[0] if offered else str(example[name])
    return True


def _placed(current: dict[str, str], fault: Fault, offered: list[str]) -> bool:
    """A region that nobody has: the one it is a slip of, or the grid it may mean, or none."""
    said = current.pop("region")
    close = next((place for place in offered if _likeness(place, said) >= _CLOSE), None)
    if close is not None:
        current["region"] = close
    elif _OF_A_PROVIDER in fault.detail:
        provider = next((who for who, style in _STYLES if style.fullmatch(said.strip().casefold())), None)
        current |= {"grid_zone": said} if provider is None else {"provider": provider, "region": said}
    return True


_OF_A_PROVIDER = "region belongs to a provider"
_STYLES = (("aws", re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")), ("gcp", re.compile(r"[a-z]+-[a-z]+\d")))
"""How providers write their regions: us-east-1 is AWS's, us-central1 Google's."""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _offered(hint: str) -> list[str]:
    """What a hint offers to be sent instead, the best first."""
    beginning = next((said for said in _OFFERS if hint.startswith(said)), None)
    if beginning is None:
        return []
    return [each.strip() for part in hint.removeprefix(beginning).split(", ") for each in part.split(" or ")]
