"""Types counted by a law: parameters as a polynomial of their fields, learned from the library that builds them.

A law holds for the fields that it names; what it does not know how to follow is held to its class's default, and a file
that says otherwise is refused: no count is a guess. `benchmarks/hf_shapes.py` learns them, `law_table` holds them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.law_table import TABLE
from mlquote.kit.errors import Malformed, OutOfDomain

LAYERS = "num_hidden_layers"
MOST = 10**12
"""A field beyond this is absurd."""


@dataclass
class FieldLaw:
    """One class of a type."""

    fields: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """Letter -> (path of the field, its class's default)."""
    derived: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Letter -> terms that a class works the field out by where the file is silent."""
    held: dict[str, Any] = field(default_factory=dict)
    """Path -> the only value that the law holds for."""
    lengths: dict[str, int] = field(default_factory=dict)
    """Path of a list -> its items, where some of them count for nothing."""
    terms: tuple[str, ...] = ()


@cache
def _laws() -> dict[str, dict[str, FieldLaw]]:
    """Type -> class -> law; a type's usual class comes first."""
    found: dict[str, dict[str, FieldLaw]] = {}
    for line in TABLE.replace("\n ", " ").strip().splitlines():
        kind, named, *words = line.split()
        found.setdefault(kind, {})[named] = _law(words)
    return found


def _law(words: list[str]) -> FieldLaw:
    law, terms = FieldLaw(), []
    for word in words:
        if word[0] in "+-":
            terms.append(word)
        elif word[0] == "#" and "=" in word:
            path, _, length = word[1:].partition("=")
            law.lengths[path] = int(length)
        elif word[0] == "!":
            path, _, value = word[1:].partition("=")
            law.held[path] = json.loads(value)
        elif "~" in word:
            letter, _, sums = word.partition("~")
            law.derived[letter] = tuple(sums.split(";")) if sums else ()
        else:
            letter, _, rest = word.partition(":")
            path, _, value = rest.partition("=")
            law.fields[letter] = (path, json.loads(value))
    law.terms = tuple(terms)
    return law


def has_law(kind: str) -> bool:
    """A type is counted by a law."""
    return kind in _laws()


def law_count(c: Fields) -> int:
    """Parameters by the law of the file's type and class.

    Args:
        c: the whole file.

    Returns: parameters.

    Raises:
        Malformed: a class or a value that the law does not hold for.
        OutOfDomain: a field that is absurd.
    """
    classes = _laws()[c.kind]
    law = classes.get(c.named) if c.named else next(iter(classes.values()))
    if law is None:
        raise _unlike(c, "architectures", f"{c.named} is not a class of {c.kind} that we count", " or ".join(classes))
    for path, value in law.held.items():
        said = _said(c, path)
        if said is None and isinstance(value, list):
            said = value[: _layers_beside(c, path, len(value))]
        if said is not None and said != value:
            raise _unlike(c, path, f"{c.kind} is counted with its usual {path} alone", json.dumps(value)[:80])
    values = _values(c, law)
    total = round(sum(_term(word, values) for word in law.terms))
    if not 0 < total < 10**15:
        raise OutOfDomain(f"the fields come to {total} parameters", pointer=c.pointer, hint="sizes that fit each other")
    return total


def _values(c: Fields, law: FieldLaw) -> dict[str, float]:
    """Each letter's number: as said, else worked out, else the default."""
    said = {letter: _number(c, path, law) for letter, (path, _) in law.fields.items()}
    values: dict[str, float] = {letter: float(usual) for letter, (_, usual) in law.fields.items()}
    values |= {letter: value for letter, value in said.items() if value is not None}
    changed = any(said[letter] not in (None, usual) for letter, (_, usual) in law.fields.items())
    for letter, terms in law.derived.items():
        path = law.fields[letter][0]
        if said[letter] is None and changed:
            if not terms:
                raise Malformed(f"{path} is missing", pointer=_at(c, path), hint="its class works it out from others")
            values[letter] = round(sum(_term(word, values) for word in terms))
    for letter, (path, _) in law.fields.items():
        if said[letter] is None and letter not in law.derived and _is_left_open(c, path, law):
            raise Malformed(f"{path} is missing", pointer=_at(c, path), hint="its class works it out from its layers")
        if said[letter] is None:
            c.taken[_at(c, path)] = int(values[letter])
    return values


def _term(word: str, values: Mapping[str, float]) -> float:
    """One product of a law."""
    number, *factors = word.split("*")
    product = float(Fraction(number))
    for factor in factors:
        a, _, b = factor.partition("//")
        if not b:
            product *= values[a]
        else:
            product *= values[a] // (int(b) if b.isdigit() else values[b])
    return product


def _number(c: Fields, path: str, law: FieldLaw) -> float | None:
    """What the file says of one field, as the law counts it: an item, how often a word comes, a number of classes."""
    if path == "#labels":
        return _labels(c)
    base, _, word = path.partition("/")
    head, _, item = base.rpartition(".")
    listed = _said(c, head) if item.isdigit() else None
    value = _said(c, base) if listed is None else _item(c, head, listed, int(item), law)
    if word:
        return None if value is None else _words(c, base, value, word, law)
    if value is None:
        return None
    if not isinstance(value, bool | int | float):
        raise Malformed(f"{base} is {value!r}"[:200], pointer=_at(c, base), hint="a number")
    if not 0 <= value <= MOST:
        raise OutOfDomain(f"{base} is {value}", pointer=_at(c, base), hint="0 or more")
    return value


def _labels(c: Fields) -> int | None:
    named = c.part("id2label")
    if c.values.get("num_labels") is not None:
        return c.count("num_labels")
    return len(named.values) if named else None


def _item(c: Fields, path: str, listed: Any, n: int, law: FieldLaw) -> Any:
    known = law.lengths.get(path) or sum(p.rpartition(".")[0] == path for p, _ in law.fields.values())
    if not isinstance(listed, list) or len(listed) != known:
        raise _unlike(c, path, f"{path} is counted with {known} items alone", f"{known} items")
    return listed[n]


def _words(c: Fields, path: str, value: Any, word: str, law: FieldLaw) -> int:
    known = [p.partition("/")[2] for p, _ in law.fields.values() if p.startswith(f"{path}/")]
    if not isinstance(value, list) or any(v not in known for v in value):
        raise _unlike(c, path, f"{path} holds a word that we do not count", ", ".join(known))
    return value[: _layers_beside(c, path, len(value))].count(word)


def _layers_beside(c: Fields, path: str, items: int) -> int | None:
    """How many layers a list of their types is for, where the file says so: a longer one is read so far.

    Raises:
        Malformed: the list is shorter than the layers are many.
    """
    room, _, last = path.rpartition(".")
    layers = _said(c, f"{room}.{LAYERS}" if room else LAYERS)
    if "layer" not in last or not isinstance(layers, int):
        return None
    if items < layers:
        raise _unlike(c, path, f"{path} has {items} items for {layers} layers", f"{layers} items")
    return layers


def _is_left_open(c: Fields, path: str, law: FieldLaw) -> bool:
    """A list of layers' types is silent where the file says another number of layers than its class."""
    base, _, word = path.partition("/")
    room, _, last = base.rpartition(".")
    beside = f"{room}.{LAYERS}" if room else LAYERS
    usual = next((value for known, value in law.fields.values() if known == beside), None)
    return bool(word) and "layer" in last and usual is not None and _said(c, beside) not in (None, usual)


def _said(c: Fields, path: str) -> Any:
    """What the file says under a path; None where it is silent."""
    value: Any = c.values
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _at(c: Fields, path: str) -> str:
    return c.at(path.partition("/")[0].replace(".", "/").removeprefix("#"))


def _unlike(c: Fields, path: str, detail: str, hint: str) -> Malformed:
    return Malformed(detail, pointer=_at(c, path), hint=hint, code="unsupported-architecture")
