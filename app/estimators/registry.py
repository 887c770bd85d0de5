"""Every kind of estimate by its name: what is asked, and the function that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from pydantic import ValidationError

from app.catalog.snapshot import Snapshot
from app.estimators.faults import malformed
from app.estimators.inference import ApiUsage, inference_estimate
from app.estimators.question import Question
from app.estimators.serving import serving_estimate
from app.estimators.serving_question import ServingQuestion
from app.estimators.training import training_estimate
from app.estimators.training_question import TrainingQuestion
from app.kit.errors import Malformed, nearest
from app.kit.provenance import Answer

_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class Estimator:
    """One kind of estimate."""

    kind: str
    question: type[Question]
    estimate: Callable[[Any, Snapshot, datetime], Answer]


ESTIMATORS: dict[str, Estimator] = {
    member.kind: member
    for member in (
        Estimator("training", TrainingQuestion, training_estimate),
        Estimator("inference", ApiUsage, inference_estimate),
        Estimator("serving", ServingQuestion, serving_estimate),
    )
}


def estimator(kind: str, pointer: str = "/kind", among: Mapping[str, Estimator] = ESTIMATORS) -> Estimator:
    """The estimator of a kind.

    Raises: Malformed naming the nearest kind.
    """
    found = among.get(kind.strip().casefold()) if isinstance(kind, str) else None
    if found is None:
        hint = nearest(str(kind)[:80], among) or f"one of {', '.join(among)}"
        raise Malformed(f"no kind of question named {str(kind)[:80]!r}", pointer=pointer, hint=hint)
    return found


def kind_of(fields: Mapping[str, Any], pointer: str = "", among: Mapping[str, Estimator] = ESTIMATORS) -> Estimator:
    """The one kind of question that these fields fit best; a misspelt field counts for the field it is close to.

    Raises: Malformed where two kinds fit equally well.
    """
    scores = {kind: sum(_fit(name, member.question) for name in fields) for kind, member in among.items()}
    best = max(scores.values(), default=0.0)
    fitting = [kind for kind, score in scores.items() if score == best and score > 0]
    if len(fitting) != 1:
        choices = fitting or list(among)
        raise Malformed(
            "these fields do not tell which kind of question this is",
            pointer=f"{pointer}/kind",
            hint=f"kind = one of {', '.join(choices)}",
        )
    return among[fitting[0]]


def read_question(member: Estimator, fields: Mapping[str, Any], pointer: str = "") -> Question:
    """The question that these fields spell.

    Raises: Malformed with a fault for each field, its pointer below `pointer`.
    """
    try:
        return member.question.model_validate(dict(fields))
    except ValidationError as error:
        raise malformed(error, member.question, pointer) from error


def _fit(name: str, question: type[Question]) -> float:
    if name in question.model_fields:
        return 1.0
    closest = max((SequenceMatcher(None, name, known).ratio() for known in question.model_fields), default=0.0)
    return closest / 2 if closest >= _CLOSE else 0.0
