"""Every kind of estimate by its name: what is asked, and the function that answers."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.asking.question import Question
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.tokens.inference import ApiUsage, inference_estimate
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.kit.provenance import Answer

_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class Estimator:
    """One kind of estimate."""

    kind: str
    question: type[Question]
    estimate: Callable[[Any, Snapshot, datetime], Answer]
    example: Mapping[str, Any]
    """A question that any full catalogue can answer."""


ESTIMATORS: dict[str, Estimator] = {
    member.kind: member
    for member in (
        Estimator(
            "training",
            TrainingQuestion,
            training_estimate,
            {"model": "llama-3.1-8b", "tokens": 15e12, "accelerator": "h100-sxm", "accelerator_count": 1024},
        ),
        Estimator(
            "inference",
            ApiUsage,
            inference_estimate,
            {
                "provider": "anthropic",
                "model": "claude-opus-4-7",
                "usage": {"input_tokens": 1000, "output_tokens": 500},
            },
        ),
        Estimator(
            "serving",
            ServingQuestion,
            serving_estimate,
            {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1, "concurrency": 16},
        ),
    )
}


def warm(catalog: Snapshot, now: datetime) -> None:
    """Ask each estimator its example, so that what it derives from a whole snapshot is there before a caller waits."""
    for member in ESTIMATORS.values():
        with suppress(QuoteError):  # a small catalogue may not know the names
            member.estimate(member.question.model_validate(member.example), catalog, now)


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
