"""People, people with a model, a model: the same labels three ways."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.annotation import annotation_estimate
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.annotation.ways import LabelWay
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.provenance import Range

MODEL = {"provider": "openai", "model": "gpt-5-mini", "input_tokens": 400, "output_tokens": 10}
TEXTS: dict[str, Any] = {
    "task": "text_annotation", "items": 10_000, "usd_per_worker_hour": 18, "seconds_per_unit": 20,
}  # fmt: skip


def ways(catalog: Snapshot, now: datetime, **fields: Any) -> dict[str, LabelWay]:
    answer = annotation_estimate(AnnotationQuestion.model_validate(TEXTS | fields), catalog, now)
    return {way.way: way for way in answer.result.ways}


def central(way: LabelWay) -> float:
    assert way.cost_usd is not None
    return float(way.cost_usd.central)


def test_a_models_help_saves_a_third_where_it_was_measured(catalog: Snapshot, now: datetime) -> None:
    # 81.7 s an image without, 63.4 and 47.1 with (Snapper): 10,000 texts of 20 s at 18 dollars are 1,000
    found = ways(catalog, now)
    assert central(found["people"]) == 1000
    assert central(found["assisted"]) == pytest.approx(1000 * (63.4 + 47.1) / 2 / 81.7, rel=0.001)
    assert found["model"].no_answer is not None


def test_proposals_that_are_not_taken_cost_the_whole_time_and_the_look(catalog: Snapshot, now: datetime) -> None:
    found = ways(catalog, now, accepted_fraction=0.7, verify_seconds=4)
    assert central(found["assisted"]) == pytest.approx(1000 * (4 + 0.3 * 20) / 20)


def test_a_model_alone_is_its_tokens_and_a_sample_that_people_label(catalog: Snapshot, now: datetime) -> None:
    found = ways(catalog, now, labelling_model=MODEL, setup_usd="100")
    bill = inference_estimate(
        ApiUsage.model_validate(
            {"provider": "openai", "model": "gpt-5-mini", "usage": {"input_tokens": 400, "output_tokens": 10},
             "requests": 10_000}
        ),
        catalog,
        now,
    ).result.cost_usd  # fmt: skip
    assert found["model"].cost_usd == Range(*[bill + Decimal(385) / 10_000 * 1000] * 3)
    assert central(found["people"]) == 1100
    asked = found["model"].question
    assert asked is not None
    assert ApiUsage.model_validate(asked).requests == 10_000
    assert central(ways(catalog, now, labelling_model=MODEL, audit_items=10_000)["model"]) > 1000
