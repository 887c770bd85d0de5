"""A question in its asker's words: fields by their other names, and faults where the asker wrote them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from mlquote.estimators.asking.faults import fields_at, malformed
from mlquote.estimators.asking.question import Question, as_read
from mlquote.estimators.asking.synonyms import meant
from mlquote.kit.errors import Fault, QuoteError
from mlquote.kit.provenance import Assumption

Q = TypeVar("Q", bound=Question)
E = TypeVar("E", bound=QuoteError)
Path = tuple[str, ...]


@dataclass(slots=True)
class Reworded:
    """A question's fields under our names, what was read for what, and where each stood."""

    fields: dict[str, Any]
    readings: list[Assumption] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Pointer to a field of ours -> pointer to what the asker wrote."""


def question_of(model: type[Q], fields: Mapping[str, Any], pointer: str = "") -> Q:
    """The question that these fields spell, by our names or by others that can mean nothing else.

    Args:    pointer: where the question stands in what was sent
    Raises:  Malformed with every fault, each at the field as it was written
    """
    try:
        return model.model_validate(dict(fields))
    except ValidationError as refused:
        error = refused
    said = reworded(model, fields, error)
    if not said.readings:
        raise malformed(error, model, pointer) from error
    try:
        question = model.model_validate(said.fields)
    except ValidationError as refused:
        raise as_written(malformed(refused, model), said.places, pointer) from refused
    return question.heard(*said.readings, places=said.places)


def reworded(model: type[Question], fields: Mapping[str, Any], error: ValidationError) -> Reworded:
    """The fields with every unknown name that can mean one field only under the name of that field."""
    said = Reworded(_copied(fields))
    for path in _unknown(error):
        within = _at(said.fields, path[:-1])
        if within is None or path[-1] not in within:
            continue
        found = _meaning(model, path, within[path[-1]], said.fields)
        if found is None:
            continue
        home, value = found
        place = _at(said.fields, home[:-1], make=True)
        if place is None:
            continue
        written = within.pop(path[-1])
        place[home[-1]] = value
        said.places["/" + "/".join(home)] = "/" + "/".join(path)
        said.readings.append(as_read(".".join(path), written, {".".join(home): value}))
    _moved(model, said)
    _now(said, error)
    return said


def as_written(error: E, places: Mapping[str, str], prefix: str = "") -> E:
    """The same error with its pointers at what the asker wrote, below `prefix`."""
    faults = [
        Fault(prefix + places.get(fault.pointer, fault.pointer), fault.detail, fault.hint) for fault in error.faults
    ]
    where = f"{faults[0].pointer}: " if faults[0].pointer else ""
    changed = [fault.pointer for fault in faults] != [fault.pointer for fault in error.faults]
    detail = f"{where}{faults[0].detail}" if changed and error.detail.startswith("/") else None
    return error.retold(faults, detail)


def _unknown(error: ValidationError) -> Iterator[Path]:
    for detail in error.errors(include_url=False, include_context=False):
        if detail["type"] == "extra_forbidden":
            yield tuple(str(part) for part in detail["loc"])


def _meaning(model: type[Question], path: Path, said: Any, fields: Mapping[str, Any]) -> tuple[Path, Any] | None:
    """Where the field stands that a name means, and its value; None where nothing or something given is meant."""
    homes: Sequence[Path] = [path[:-1]]
    if len(path) == 1 or path[:-1] in {(part,) for part in model.lifted}:
        homes = [path[:-1], (), *((part,) for part in (*model.lifted, *model.shortened))]
    if path[-1].casefold() in _WITH_CACHED and "cache" in " ".join((*fields, *(_at(fields, path[:-1]) or ()))):
        return None
    for home in homes:
        known = list(model.model_fields) if not home else fields_at(model, home)
        found = meant(path[-1], said, known)
        if found is None:
            continue
        name, value = found
        is_given = (_at(fields, home) or {}).get(name) is not None
        return None if is_given else ((*home, name), value)
    return None


def _now(said: Reworded, error: ValidationError) -> None:
    """`as_of=now` says what leaving it out says."""
    refused = {detail["loc"] for detail in error.errors(include_url=False, include_context=False)}
    if ("as_of",) in refused and str(said.fields.get("as_of")).strip().casefold() in _NOW:
        said.readings.append(as_read("as_of", said.fields.pop("as_of"), {"as_of": "the moment of asking"}))


_NOW = frozenset({"now", "today", "latest", "current"})
_WITH_CACHED = frozenset({"prompt_tokens", "prompt_token_count"})
"""Counts of a whole prompt, in which some providers hold the tokens that were read from a cache."""


def _moved(model: type[Question], said: Reworded) -> None:
    """Counts of one request belong to the workload, where one is told: both parts have them."""
    for part in model.shortened:
        inner = said.fields.get(part)
        if not isinstance(inner, dict) or f"/{part}/" not in "".join(f"{place}/" for place in said.places):
            continue
        for home in model.lifted:
            counts = said.fields.get(home)
            if isinstance(counts, dict) and counts.keys() <= set(fields_at(model, [part])) - inner.keys():
                said.fields[part] = said.fields.pop(home) | inner
                said.places |= {f"/{part}/{name}": f"/{home}/{name}" for name in counts}


def _at(fields: Mapping[str, Any], path: Path, *, make: bool = False) -> dict[str, Any] | None:
    """The object at a path, made where it is not there yet."""
    here: Any = fields
    for name in path:
        inner = here.get(name)
        if inner is None and make:
            inner = here[name] = {}
        if not isinstance(inner, dict):
            return None
        here = inner
    return here if isinstance(here, dict) else None


def _copied(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with every part a copy of its own."""
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in fields.items()}
