"""Nothing is silent: a changed field moves a number, or a warning names it, or it is refused.

Every field of every question and of its parts is found by reflection, and tried on 200 seeded questions. A try is
heard where the result differs, where a new warning (or `field-not-used`) names the field, or where the question is
refused. A field that stays unheard at every one of its plausible values is silent, which fails the test.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Part
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Answer, Warning
from tests.estimators.asked_sample import AT_THE_DOOR, KINDS, VALUES, Fields, Kind, seeded

Path = tuple[str | int, ...]

TRIES = 3
"""Questions on which each field is tried at least; more where there is room."""
PER_QUESTION = 100
"""Fields tried on one question, at most, but for those that want for tries."""


UNUSED = frozenset({NOT_USED, "efficiency-not-used", "communication-unknown", "precision-not-supported"})
"""Codes that say of a field that it changes nothing: before the change or after it, that is heard."""
MOMENTS = frozenset({"as_of", "date", "since"})
"""Fields that say when."""


@dataclass(frozen=True)
class Silence:
    """A field that was changed without a word."""

    kind: str
    path: Path
    value: Any
    question: Fields

    @property
    def size(self) -> int:
        """Length of the question as JSON: the shortest is the easiest to understand."""
        return len(json.dumps(self.question, default=str))

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path)
        return f"{self.kind}: {where} = {json.dumps(self.value)} is silent in {json.dumps(self.question)}"


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    """The kinds of part that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated, tuple):
        for inside in get_args(annotation):
            yield from parts_in(inside)


def fields_of(part: type[Part]) -> list[tuple[type[Part], str]]:
    """(part, field) of a question and of every part below it."""
    found: list[tuple[type[Part], str]] = []
    for name, field in part.model_fields.items():
        found.append((part, name))
        for inner in parts_in(field.annotation):
            found += fields_of(inner)
    return found


def places_in(part: type[Part], fields: Fields, at: Path = ()) -> Iterator[tuple[type[Part], Path]]:
    """Where each field of a question stands in `fields`, or could stand: those of absent parts are left out,
    but for the one part that overrides a named model."""
    for name, field in part.model_fields.items():
        if name in AT_THE_DOOR:
            continue
        yield part, (*at, name)
        held = fields.get(name)
        for inner in parts_in(field.annotation):
            if isinstance(held, dict):
                yield from places_in(inner, held, (*at, name))
            elif isinstance(held, list | tuple):
                for n, item in enumerate(held):
                    yield from places_in(inner, item, (*at, name, n))
            elif name == "architecture" and "model" in fields:
                yield from places_in(inner, {}, (*at, name))


def with_value(fields: Any, path: Path, value: Any) -> Any:
    """The same fields with one of them set."""
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return [with_value(item, rest, value) if n == step else item for n, item in enumerate(fields)]
    return {**fields, step: with_value(fields.get(step) or {}, rest, value) if rest else value}


def value_at(fields: Any, path: Path) -> Any:
    """The value at a path, None where nothing is."""
    for step in path:
        if isinstance(step, str) and not (isinstance(fields, dict) and step in fields):
            return None
        fields = fields[step]
    return fields


def answered(kind: Kind, fields: Fields, catalog: Snapshot, now: datetime) -> Answer | None:
    """The answer, or None where the question is refused."""
    try:
        return kind.estimate(kind.question.model_validate(fields), catalog, now)
    except (ValidationError, QuoteError):
        return None


def is_heard(path: Path, before: Answer, after: Answer | None, inner: tuple[str, ...] = ()) -> bool:
    """Something in the answer tells that the field, or one of the `inner` ones that it holds, was changed."""
    if after is None or after.result != before.result:
        return True
    names = [step for step in path if isinstance(step, str)]
    if names[0] == "architecture" and derived_sizes(before) != derived_sizes(after):
        return True
    known = set(before.warnings)
    unused = [warning for warning in (*before.warnings, *after.warnings) if warning.code in UNUSED]
    new = [warning for warning in after.warnings if warning not in known]
    return any(is_named(name, warning) for name in (*names, *inner) for warning in unused) or any(
        is_named(names[-1], warning) for warning in new
    )


def is_named(field: str, warning: Warning) -> bool:
    """The warning's detail, or its code, holds the field's name as a word of its own."""
    in_code = f"-{field.replace('_', '-')}-" in f"-{warning.code}-"
    return in_code or re.search(rf"(?<!\w){re.escape(field)}(?!\w)", warning.detail) is not None


def names_same_rows(before: Answer, after: Answer | None) -> bool:
    """Another moment at which the same rows hold moves nothing, and need not: test_facts_hold.py says that they hold
    there, or that a warning says what stands in."""
    return after is not None and set(after.rows) == set(before.rows)


def derived_sizes(answer: Answer) -> dict[str, Any]:
    """Sizes of the model that the answer had to derive: heads alone move no FLOP, but the size of one head."""
    derived = (assumption for assumption in answer.assumptions if assumption.basis == "derived")
    return {each.name: each.value for each in derived if each.name.startswith("architecture.")}


def silence_at(kind: Kind, part: type[Part], path: Path, fields: Fields, before: Answer, ask: Any) -> Silence | None:
    """The silence of one field in one question: none of its values is heard."""
    field = str(path[-1])
    held, tried = value_at(fields, path), None
    for value in VALUES[part][field]:
        if value == held:
            continue
        after = ask(with_value(fields, path, value))
        inner = tuple(value) if isinstance(value, dict) else ()
        if is_heard(path, before, after, inner) or (field in MOMENTS and names_same_rows(before, after)):
            return None
        tried = value
    return None if tried is None else Silence(kind.name, path, tried, fields)


def smallest(kind: Kind, part: type[Part], silence: Silence, ask: Any) -> Silence:
    """The same silence in a question from which every field was left out that can be."""
    for name in list(silence.question):
        fewer = {other: value for other, value in silence.question.items() if other != name}
        before = ask(fewer)
        if before is None:
            continue
        still = silence_at(kind, part, silence.path, fewer, before, ask)
        silence = still or silence
    return silence


@cache
def silences(kind: Kind, catalog: Snapshot, now: datetime) -> tuple[list[Silence], Counter[tuple[type[Part], str]]]:
    """Every silent field of one kind, the smallest question that shows it, and how often each field was tried."""

    def ask(fields: Fields) -> Answer | None:
        return answered(kind, fields, catalog, now)

    tries: Counter[tuple[type[Part], str]] = Counter()
    found: dict[Path, tuple[type[Part], Silence]] = {}
    answerable = ((fields, before) for fields in seeded(kind) if (before := ask(fields)) is not None)
    for seed, (fields, before) in enumerate(islice(answerable, kind.count)):
        rng = random.Random(seed)
        places = list(places_in(kind.question, fields))
        rng.shuffle(places)
        places.sort(key=lambda place: tries[place[0], str(place[1][-1])])
        for n, (part, path) in enumerate(places):
            key = (part, str(path[-1]))
            if n >= PER_QUESTION and tries[key] >= TRIES:
                break
            tries[key] += 1
            silence = silence_at(kind, part, path, fields, before, ask)
            shape = tuple(step for step in path if isinstance(step, str))
            if silence is not None and (shape not in found or silence.size < found[shape][1].size):
                found[shape] = (part, silence)
    shrunk = [smallest(kind, part, silence, ask) for part, silence in found.values()]
    return sorted(shrunk, key=lambda silence: silence.size), tries


def test_every_field_of_every_question_has_plausible_values() -> None:
    missing = [
        f"{part.__name__}.{name}"
        for kind in KINDS
        for part, name in fields_of(kind.question)
        if name not in AT_THE_DOOR and len(VALUES.get(part, {}).get(name, ())) < 1
    ]
    assert missing == []


def test_no_value_is_kept_for_a_field_that_no_question_has() -> None:
    unknown = [
        f"{part.__name__}.{name}" for part, values in VALUES.items() for name in values if name not in part.model_fields
    ]
    assert unknown == []


def test_the_seeded_questions_are_two_hundred() -> None:
    assert sum(kind.count for kind in KINDS) == 200


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_a_changed_field_moves_a_number_or_is_named_or_is_refused(kind: Kind, catalog: Snapshot, now: datetime) -> None:
    found, _ = silences(kind, catalog, now)
    assert found == [], "\n" + "\n".join(str(silence) for silence in found)


def test_no_field_is_tried_less_than_thrice(catalog: Snapshot, now: datetime) -> None:
    """Over all kinds: the layers of an image network, say, are a training question's."""
    tries: Counter[tuple[type[Part], str]] = Counter()
    for kind in KINDS:
        tries += silences(kind, catalog, now)[1]
    fields = {(part, name) for kind in KINDS for part, name in fields_of(kind.question) if name not in AT_THE_DOOR}
    assert [f"{part.__name__}.{name}" for part, name in fields if tries[part, name] < TRIES] == []


def test_a_field_made_silent_on_purpose_is_found(catalog: Snapshot, now: datetime) -> None:
    """An estimate that drops `pue` before it asks is reported, with the field and a question that shows it."""
    training = next(kind for kind in KINDS if kind.name == "training")

    def deaf(question: Any, catalog: Snapshot, now: datetime) -> Answer:
        return training.estimate(question.model_copy(update={"pue": None}), catalog, now)

    found, _ = silences(replace(training, estimate=deaf, count=40), catalog, now)
    assert ("pue",) in [silence.path for silence in found]
