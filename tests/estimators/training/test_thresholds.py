"""Laws as they stood at the run's date, each judged by the whole range of its FLOP."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from tests.estimators.hardware_sample import NOW, row, snapshot
from tests.estimators.training.asking import PLAIN, asked, result


def test_thresholds_are_judged_by_the_whole_range() -> None:
    verdicts = {v.name: v.exceeded for v in result(**PLAIN).thresholds}
    assert verdicts == {"T1": "yes", "T2": "no"}
    near = training_estimate(
        TrainingQuestion.model_validate(PLAIN),
        snapshot(thresholds=[row("thresholds", id="t3", name="T3", flop=6e22)]),
        NOW,
    ).result
    assert {v.name: v.exceeded for v in near.thresholds}["T3"] == "likely"


def test_the_eu_threshold_of_systemic_risk_is_judged_by_the_range(catalog: Snapshot) -> None:
    # Llama 3.1 405B, 3.8e25 FLOP: above 1e25 (AI Act, article 51), below 1e26 (SB 53)
    found = result(catalog, model="llama-3.1-405b", tokens=15.6e12, accelerator="h100-sxm")
    verdicts = {(verdict.jurisdiction, verdict.flop): verdict.exceeded for verdict in found.thresholds}
    assert verdicts["EU", 1e25] == "yes"
    assert verdicts["US-CA", 1e26] == "no"
    assert all(verdict.status for verdict in found.thresholds)


def test_rules_on_modifying_a_model_speak_only_where_one_is_modified(catalog: Snapshot) -> None:
    fields: dict[str, Any] = {"model": "llama-3.1-8b", "tokens": 1e9, "accelerator": "h100-sxm"}
    anew, tuned = result(catalog, **fields), result(catalog, **fields, method="finetune")
    assert len(tuned.thresholds) > len(anew.thresholds)


def law(**cells: Any) -> Any:
    return row("thresholds", id="l", name="L", flop=1e22, **cells)


ENACTED, IN_FORCE, REVOKED = (datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 2025, 2026))
LIVES = snapshot(
    thresholds=[
        law(status="enacted", effective_from=ENACTED, effective_to=IN_FORCE),
        law(status="in_force", effective_from=IN_FORCE, effective_to=REVOKED),
        law(status="revoked", effective_from=REVOKED),
    ]
)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param("2023-12-31T23:59:59Z", None, id="nobody knows of it"),
        pytest.param("2024-01-01", "enacted", id="its first day"),
        pytest.param("2024-12-31", "enacted", id="the day before it holds"),
        pytest.param("2025-01-01", "in_force", id="the day it holds"),
        pytest.param("2026-01-01", "revoked", id="the day it is revoked"),
    ],
)
def test_a_law_is_told_as_it_stood_on_the_day_of_the_run(day: str, status: str | None) -> None:
    answer = asked(LIVES, **PLAIN, date=day)
    assert [v.status for v in answer.result.thresholds if v.name == "L"] == ([status] if status else [])
    assert ("l" in {used.key for used in answer.rows if used.table == "thresholds"}) == bool(status)


def test_since_when_and_until_when_it_stands_so_is_said() -> None:
    (verdict,) = [v for v in result(LIVES, **PLAIN, date="2024-06-01").thresholds if v.name == "L"]
    assert (verdict.effective_from, verdict.effective_to) == (ENACTED, IN_FORCE)


def test_a_run_of_june_2024_meets_the_laws_of_june_2024(catalog: Snapshot) -> None:
    found = result(catalog, params=10**12, tokens=1e13, accelerator="h100-sxm", date="2024-06-01").thresholds
    # EO 14110 was in force until 2025-01-20; SB 53 was signed 2025-09-29; the EU's act came out in July 2024
    assert {(v.jurisdiction, v.status) for v in found} == {("US", "in_force")}
    assert len(found) == 2


def test_without_flop_no_law_is_named() -> None:
    answer = asked(accelerator="a1", accelerator_hours=10)
    assert answer.result.thresholds == ()
    assert "thresholds" not in {used.table for used in answer.rows}
