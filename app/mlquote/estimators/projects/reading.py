"""A part as it was written -> a base: asked of the estimator of its kind, or read as it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.asking.question import Part, Question
from mlquote.estimators.asking.wording import question_of
from mlquote.estimators.projects.given import GIVEN, kind_told
from mlquote.estimators.projects.question import ProjectPart, ProjectQuestion
from mlquote.kit.errors import Fault, Malformed, nearest
from mlquote.kit.provenance import Answer, Number, Range


class PricedKind(Protocol):
    """What a project must know of a kind of question."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def question(self) -> type[Question]:
        """What is asked."""

    @property
    def estimate(self) -> Callable[[Any, Snapshot, datetime], Answer]:
        """Who answers."""

    @property
    def spends(self) -> Mapping[str, Callable[[Answer], Range | Number | None]]:
        """Every figure that it spends."""

    @property
    def doubts(self) -> Mapping[str, str]:
        """Figure -> the headline whose `variance_shares` tell where its doubt comes from, where it is another."""

    @property
    def is_rate(self) -> bool:
        """Its figures are of an hour."""

    @property
    def under_card(self) -> Callable[[Any], Callable[[Any, Snapshot, datetime], Answer]] | None:
        """Its estimate under a rate card, where rate cards can price it."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of question that a part may be."""

    among: Mapping[str, PricedKind]
    kind_of: Callable[[Mapping[str, Any], str], PricedKind]
    """The kind that fields tell."""


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part, read: a question and its kind, or what was given."""

    name: str
    said: ProjectPart
    kind: str
    asked: Question | None
    member: PricedKind | None
    given: Part | None
    pointer: str
    """Where its own fields stand."""
    taken: frozenset[str]
    """Shared fields that it took."""

    @property
    def is_rate(self) -> bool:
        """Its figures are of an hour."""
        return self.member is not None and self.member.is_rate


def part_read(name: str, said: ProjectPart, place: str, shared: Mapping[str, Any], kinds: Kinds) -> PartRead:
    """One part of a project.

    Args:    place: the pointer to it; shared: fields for every question that has them and does not say
    Raises:  Malformed with every fault, below `place`
    """
    fields, pointer = said.asked(), f"{place}/question" if said.question is not None else place
    if said.question is not None and said.model_extra:
        extra = next(iter(said.model_extra))
        raise Malformed(f"{extra} stands beside question", pointer=f"{place}/{extra}", hint=f"put it at {pointer}")
    kind = said.kind or kind_told(fields)
    model = GIVEN.get(kind) if kind is not None else None
    if kind is not None and model is not None:
        own, taken = _with_shared(fields, model, shared)
        try:
            given = model.model_validate(own)
        except ValidationError as error:
            raise _hinted(malformed(error, model, pointer), pointer) from error
        return PartRead(name, said, kind, None, None, given, pointer, taken)
    member = kinds.kind_of(fields, pointer) if kind is None else _member(kind, place, kinds)
    own, taken = _with_shared(fields, member.question, shared)
    for field in ("as_of", "release", "rate_card"):
        if field in fields:
            raise Malformed(f"{field} stands inside a part", pointer=f"{pointer}/{field}", hint=f"give it as /{field}")
    own |= {field: value for field in _OF_QUESTIONS if (value := _of_question(said, member, field)) is not None}
    try:
        asked = question_of(member.question, own, pointer)
    except Malformed as error:
        raise _hinted(error, pointer) from error
    return PartRead(name, said, member.kind, asked, member, None, pointer, taken)


def _hinted(error: Malformed, pointer: str) -> Malformed:
    """The error with the nearest field that every part has, where an unknown one is near none of its own kind's."""
    faults = [
        Fault(fault.pointer, fault.detail, nearest(fault.pointer.rpartition("/")[2], ProjectPart.model_fields))
        if fault.detail.startswith("unknown field") and not fault.hint and fault.pointer.rpartition("/")[0] == pointer
        else fault
        for fault in error.faults
    ]
    return error.retold(faults)


_OF_QUESTIONS = ("hours", "hours_per_month", "months")
"""Fields that a part and a question may both have: what a part says of them, its question hears too."""


def _of_question(said: ProjectPart, member: PricedKind, field: str) -> Any:
    """What a part says, where its kind's question has a field of that name: over how many months labels are made."""
    is_own = not member.is_rate and field in member.question.model_fields and said.question is None
    return getattr(said, field) if is_own and said.occurs != "monthly" else None


def shared_fields(question: ProjectQuestion) -> dict[str, Any]:
    """What every part may take from the project."""
    own = {
        "cost_basis": question.cost_basis,
        "usd_per_accelerator_hour": question.usd_per_accelerator_hour,
        "rate_card": question.rate_card,
    }
    return {name: value for name, value in own.items() if value is not None} | dict(question.shared)


def _with_shared(fields: dict[str, Any], model: type[Part], shared: Mapping[str, Any]) -> tuple[Any, frozenset[str]]:
    """The fields with those that all parts share, where the part has them and does not say; and which it took."""
    known = model.model_fields.keys()
    taken = {name: value for name, value in shared.items() if name in known and name not in fields}
    return fields | taken, frozenset(taken)


def _member(kind: str, place: str, kinds: Kinds) -> PricedKind:
    found = kinds.among.get(kind.strip().casefold())
    if found is None:
        names = [*kinds.among, *GIVEN]
        hint = nearest(kind[:80], names) or f"one of {', '.join(names)}"
        raise Malformed(f"no kind of part named {kind[:80]!r}", pointer=f"{place}/kind", hint=hint)
    return found
