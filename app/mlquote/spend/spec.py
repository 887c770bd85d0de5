"""A spec file: named questions with the questions' own fields, kept beside the code whose cost they state.

    labels = { team = "search" }                    # optional

    [questions.pretrain]
    kind = "training"                               # optional where the fields tell it
    model = "llama-3.1-8b"
    tokens = 15e12
    accelerator = "h100-sxm"

    [[budget.limits]]                               # optional: a budget of this file alone; budgets.NAME for several
    figure = "cost_usd"
    fail_above = 500_000

A file that is one question holds its fields at the top. `questions` may be left out where every table at the top is a
question; `[training.NAME]`, and likewise for every other kind, says the kind in the header. TOML, YAML and JSON alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.kinds import ESTIMATORS, Estimator
from mlquote.kit.errors import MOST_FAULTS, Fault, Malformed, QuoteError, nearest
from mlquote.spend.asking import Asked, asked_of, kind_said
from mlquote.spend.budgets import Budget, Labels
from mlquote.spend.places import Path, Places, parsed

_RESERVED = ("questions", "budget", "budgets", "labels")
_LABELS = TypeAdapter(Labels)
FILL = "FILL IN"
"""How a value begins that is still to be filled in: `mlquote scan` writes it where no file tells a field."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec file, read and checked: every question is read, once."""

    questions: tuple[Asked, ...]
    budgets: Mapping[str, Budget]
    """By name; the one under `budget` is named ""."""
    labels: Mapping[str, str]
    places: Places

    def located(self, error: QuoteError, asked: Asked | None = None) -> QuoteError:
        """The same error with its pointers as file:line:path; those of one question start below its place."""
        base = asked.place if asked is not None else ()
        faults = [
            Fault(self.places.pointer(_path(fault.pointer, base)), fault.detail, fault.hint) for fault in error.faults
        ]
        return error.retold(faults, f"{faults[0].pointer}: {faults[0].detail}")


def read_spec(text: str, file: str, among: Mapping[str, Estimator] = ESTIMATORS) -> Spec:
    """The spec that `text` holds; `file` names it in faults and its suffix says its format.

    Raises: Malformed with every fault as file:line:path, a misspelt field with the nearest one.
    """
    data, places = parsed(text, file)
    faults: list[Fault] = list(islice(_unfilled(data, places, ()), MOST_FAULTS))
    if faults:
        detail = f"{len(faults)} values are to be filled in, the first in {faults[0].pointer}"
        raise Malformed(detail, faults=faults, code="to-be-filled-in")
    questions = list(_questions(data, places, among, faults))
    budgets = dict(_budgets(data, places, faults))
    labels = _labels(data, places, faults)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise Malformed(f"{faults[0].pointer}: {faults[0].detail}{more}", faults=faults)
    return Spec(tuple(questions), budgets, labels, places)


def _unfilled(value: Any, places: Places, path: Path) -> Iterator[Fault]:
    if isinstance(value, str) and value.startswith(FILL):
        yield Fault(places.pointer(path), value, "no file tells it")
    elif isinstance(value, Mapping | list):
        members = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, member in members:
            yield from _unfilled(member, places, (*path, name))


def read_budget(text: str, file: str) -> Budget:
    """A budget file: what a budget's body is, in TOML, YAML or JSON, at the top or under `budget`.

    Raises: Malformed with every fault as file:line:path.
    """
    data, places = parsed(text, file)
    faults: list[Fault] = []
    place: Path = ("budget",) if "budget" in data else ()
    found = _budget(data["budget"] if place else data, place, places, faults)
    if found is None:
        raise Malformed(f"{faults[0].pointer}: {faults[0].detail}", faults=faults)
    return found


def _questions(
    data: Mapping[str, Any], places: Places, among: Mapping[str, Estimator], faults: list[Fault]
) -> Iterator[Asked]:
    body = {name: value for name, value in data.items() if name not in _RESERVED}
    if "questions" in data:
        for name in islice(body, MOST_FAULTS):
            faults.append(Fault(places.pointer((name,)), f"unknown name {name!r} at the top", nearest(name, _RESERVED)))
        members = _listed(data["questions"], places, faults)
    elif body and all(isinstance(value, Mapping) for value in body.values()) and not _is_one_question(body, among):
        members = [(name, value, (name,)) for name, value in body.items()]
    else:
        members = [(str(body.get("kind", "question")), body, ())] if body else []
    if not members and "questions" not in data and not any(name in data for name in ("budget", "budgets")):
        faults.append(Fault(places.pointer(()), "no question in this file", "[questions.NAME]"))
    for name, fields, place in members:
        if len(faults) >= MOST_FAULTS:
            return
        yield from _grouped(name, fields, place, among, places, faults)


def _is_one_question(body: Mapping[str, Any], among: Mapping[str, Estimator]) -> bool:
    """Tables that are all fields of one kind, and among them the one that each of its questions holds (`parts`)."""
    holding = [member.question for member in among.values() if member.question.held in body]
    return any(body.keys() <= question.model_fields.keys() for question in holding)


def _listed(value: Any, places: Places, faults: list[Fault]) -> list[tuple[str, Any, Path]]:
    if isinstance(value, Mapping):
        return [(name, fields, ("questions", name)) for name, fields in value.items()]
    if isinstance(value, list):
        names = [
            str(item.get("name", n + 1)) if isinstance(item, Mapping) else str(n + 1) for n, item in enumerate(value)
        ]
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name in seen:
                faults.append(Fault(places.pointer(("questions", place)), f"a second question named {name!r}"))
            seen.add(name)
        return [
            (name, _unnamed(item), ("questions", n)) for n, (name, item) in enumerate(zip(names, value, strict=True))
        ]
    faults.append(Fault(places.pointer(("questions",)), "questions are a table of named questions, or a list"))
    return []


def _unnamed(item: Any) -> Any:
    return {key: value for key, value in item.items() if key != "name"} if isinstance(item, Mapping) else item


def _grouped(
    name: str, fields: Any, place: Path, among: Mapping[str, Estimator], places: Places, faults: list[Fault]
) -> Iterator[Asked]:
    """One question, or the questions under a table that is named for a kind."""
    if not isinstance(fields, Mapping):
        faults.append(Fault(places.pointer(place), f"{name!r} is no question: a question is a table of fields"))
        return
    member = among.get(name)
    if member is not None and fields and _are_questions(fields, member):
        for inner, value in fields.items():
            if len(faults) >= MOST_FAULTS:
                return
            yield from _one(inner, {"kind": name} | dict(value), (*place, inner), among, places, faults)
        return
    own = dict(fields) if member is None or "kind" in fields else {"kind": name} | dict(fields)
    yield from _one(name, own, place, among, places, faults)


def _are_questions(fields: Mapping[str, Any], member: Estimator) -> bool:
    known = member.question.model_fields
    return all(isinstance(value, Mapping) and name not in known for name, value in fields.items())


def _one(
    name: str,
    fields: dict[str, Any],
    place: Path,
    among: Mapping[str, Estimator],
    places: Places,
    faults: list[Fault],
) -> Iterator[Asked]:
    try:
        yield asked_of(name, kind_said(fields, among), fields, place)
    except Malformed as error:
        faults.extend(Fault(places.pointer(_path(f.pointer, place)), f.detail, f.hint) for f in error.faults)


def _budgets(data: Mapping[str, Any], places: Places, faults: list[Fault]) -> Iterator[tuple[str, Budget]]:
    named = data.get("budgets", {})
    if not isinstance(named, Mapping):
        faults.append(Fault(places.pointer(("budgets",)), "budgets are a table of named budgets", "[budgets.NAME]"))
        named = {}
    members: list[tuple[str, Any, Path]] = [(name, body, ("budgets", name)) for name, body in named.items()]
    if "budget" in data:
        members.append(("", data["budget"], ("budget",)))
    for name, body, place in members:
        budget = _budget(body, place, places, faults)
        if budget is not None:
            yield name, budget


def _budget(body: Any, place: Path, places: Places, faults: list[Fault]) -> Budget | None:
    try:
        return Budget.model_validate(body)
    except ValidationError as error:
        found = malformed(error, Budget).faults
        faults.extend(Fault(places.pointer(_path(f.pointer, place)), f.detail, f.hint) for f in found)
        return None


def _labels(data: Mapping[str, Any], places: Places, faults: list[Fault]) -> Mapping[str, str]:
    try:
        return _LABELS.validate_python(data.get("labels", {}))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            faults.append(Fault(places.pointer(("labels", *detail["loc"])), detail["msg"]))
        return {}


def _path(pointer: str, base: Path) -> Path:
    return (*base, *(int(part) if part.isdigit() else part for part in pointer.split("/") if part))
