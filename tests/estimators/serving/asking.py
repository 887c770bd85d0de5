"""Serving questions put to the bundled catalogue, for the tests of every module of serving."""

from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.answer import ServingResult
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.kit.provenance import Answer, Assumption, Range

LLAMA = {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1}
BIG = {"model": "llama-3.1-70b", "accelerator": "h100-sxm", "accelerator_count": 4, "tensor_parallel": 4}
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


def asked(catalog: Snapshot, now: datetime, **fields: Any) -> Answer:
    return serving_estimate(ServingQuestion.model_validate(fields), catalog, now)


def result(catalog: Snapshot, now: datetime, **fields: Any) -> ServingResult:
    found = asked(catalog, now, **fields).result
    assert isinstance(found, ServingResult)
    return found


def central(value: Range | None) -> float:
    assert value is not None
    return float(value.central)


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


def detail(answer: Answer, code: str) -> str:
    """What the first warning of this code says."""
    return next(warning.detail for warning in answer.warnings if warning.code == code)


def assumption(answer: Answer, name: str) -> Assumption:
    """The assumption of this name."""
    return next(each for each in answer.assumptions if each.name == name)


def rows(answer: Answer, table: str) -> list[str]:
    """Keys of the rows of one table that an answer names."""
    return [row.key for row in answer.rows if row.table == table]
