"""What a check brings: one or more questions, whether to hold what they ask for, and whose work it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mlquote.estimators.asking.faults import below
from mlquote.estimators.asking.question import Part, Question
from mlquote.estimators.kinds import ESTIMATORS, Estimator, estimator, kind_of
from mlquote.kit.errors import MOST_FAULTS, Fault, Malformed, QuoteError, TooLarge
from mlquote.spend.budgets import Hold, Labels
from mlquote.spend.places import Path
from mlquote.spend.running import read_running

MOST_QUESTIONS = 100
MOST_LETTERS = 200


class CheckRequest(Part):
    """May this be spent?"""

    question: dict[str, Any] | None = None
    """One question: its own fields, `kind` (training, inference, serving ...) where they do not tell, and
    `hours` for serving: how long it runs."""
    questions: list[dict[str, Any]] | dict[str, dict[str, Any]] | None = None
    """Several: a list, each with a `name` if you like, or a mapping of name to question."""
    reserve: bool = False
    """Hold what is asked, if the verdict lets it pass."""
    labels: Labels = Field(default_factory=dict)
    """Whose work it is: team, project, model, as you like."""
    expires_after_s: Annotated[Hold | None, Field()] = None
    """How long it is held; default: as the budget says."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if (self.question is None) == (self.questions is None):
            raise ValueError("give either question or questions")
        if self.questions is not None and not 1 <= len(self.questions) <= MOST_QUESTIONS:
            raise ValueError(f"one check brings 1 to {MOST_QUESTIONS} questions")
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """One named question, read once: what it asks, its fields as they were written, and where they stand."""

    name: str
    member: Estimator
    question: Question
    hours: Decimal | None
    """How long it runs, where its answer is a rate."""
    fields: Mapping[str, Any]
    place: Path = ()

    @property
    def kind(self) -> str:
        """The kind of question."""
        return self.member.kind

    @property
    def pointer(self) -> str:
        """Its place as a JSON pointer."""
        return "".join(f"/{part}" for part in self.place)


def asked_of(name: str, member: Estimator, fields: Mapping[str, Any], place: Path = ()) -> Asked:
    """The question of a kind that these fields spell.

    Raises: Malformed with every fault, its pointer from the question's own fields on.
    """
    if not name.isprintable() or len(name) > MOST_LETTERS:
        raise Malformed(f"{name[:40]!r} is no name of a question", hint=f"up to {MOST_LETTERS} letters on one line")
    return Asked(name, member, *read_running(member, fields), fields, place)


def kind_said(fields: dict[str, Any], among: Mapping[str, Estimator]) -> Estimator:
    """The kind that fields say (and it is taken out of them), or the one that they fit best.

    Raises: Malformed
    """
    kind = fields.pop("kind", None)
    return kind_of(fields, among=among) if kind is None else estimator(kind, among=among)


def questions_of(request: CheckRequest, among: Mapping[str, Estimator] = ESTIMATORS) -> list[Asked]:
    """Every question of a check.

    Raises: Malformed with the faults of every question, their pointers as they stand in the request.
    """
    found: list[Asked] = []
    faults: list[Fault] = []
    for name, written, place in _members(request):
        if len(faults) >= MOST_FAULTS:
            break
        fields = {key: value for key, value in written.items() if key != "name"}
        try:
            found.append(asked_of(name, kind_said(fields, among), fields, place))
        except QuoteError as error:
            faults.extend(below(error, "".join(f"/{part}" for part in place)).faults)
    if sum(asked.member.weight for asked in found) > MOST_QUESTIONS:
        detail = f"a project counts as {max(asked.member.weight for asked in found)} questions, and a check brings "
        raise TooLarge(f"{detail}{MOST_QUESTIONS} at most", faults=[Fault("/questions", detail, "check them apart")])
    names = [asked.name for asked in found]
    if len(set(names)) < len(names):
        raise Malformed("two questions have one name", pointer="/questions", hint="names tell them apart in the answer")
    if faults:
        raise Malformed(f"{faults[0].pointer}: {faults[0].detail}", faults=faults)
    return found


def _members(request: CheckRequest) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    if request.question is not None:
        yield str(request.question.get("name", "question")), request.question, ("question",)
    elif isinstance(request.questions, dict):
        for name, fields in request.questions.items():
            yield name, fields, ("questions", name)
    else:
        for place, fields in enumerate(request.questions or ()):
            yield str(fields.get("name", place + 1)), fields, ("questions", place)
