"""What is found for a run: only what it rests on, each with its row and its words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.telling import findings_in
from mlquote.estimators.training.facts import TrainingFacts, facts_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from tests.estimators.hardware_sample import NOW, row, snapshot
from tests.estimators.training.asking import CATALOG, PLAIN, asked, codes


def test_a_part_before_its_time_is_remarked_on() -> None:
    early = row("accelerators", id="a3", vendor="NVIDIA", name="A3", family="Hopper", release_date=NOW.date())
    question = TrainingQuestion.model_validate({"accelerator": "a3", "accelerator_hours": 1, "date": "2020-01-01"})
    answer = training_estimate(question, snapshot(accelerators=[early]), NOW)
    assert "accelerator-not-yet-released" in codes(answer)


WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def facts(catalog: Snapshot = CATALOG, **fields: Any) -> TrainingFacts:
    return facts_of(TrainingQuestion.model_validate(fields), catalog, WHEN, WHEN)


def test_peaks_are_named_where_an_efficiency_or_hours_are_set_against_them() -> None:
    for fields in ({"mfu": 0.4}, {"accelerator_hours": 1000}, {}):
        answer = asked(**PLAIN, **fields)
        (used,) = (used.key for used in answer.rows if used.table == "accelerator_peaks")
        assert used.startswith("a1/bf16/matrix/")
    assert "accelerator_peaks" not in {used.table for used in asked(accelerator="a1", accelerator_hours=1).rows}


def test_what_a_run_does_not_rest_on_is_not_looked_up() -> None:
    found = facts(accelerator="a1", accelerator_hours=1000)
    spared = (found.peaks, found.efficiency, found.network, found.loss_law, found.storage, found.egress)
    assert [finding.value for finding in (*spared, found.spot_overhead)] == [None] * 7
    assert found.laws.value == ()


def test_without_a_power_nobody_pays_for_electricity() -> None:
    bare = snapshot(accelerators=[row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd")])
    found = facts(bare, accelerator="x9", accelerator_hours=10)
    assert found.draw.system_w is None
    assert found.electricity.value is found.hosting.value is None


def test_every_finding_of_the_facts_is_told() -> None:
    found, answer = facts(**PLAIN, provider="p1"), asked(**PLAIN, provider="p1", date=WHEN.isoformat())
    told = {assumption.name for assumption in answer.assumptions}
    assert {a.name for finding in findings_in(found) for a in finding.assumptions} <= told


@pytest.mark.parametrize(
    ("as_of", "law"),
    [
        pytest.param("2026-11-01", "besiroglu2024", id="the replication"),
        pytest.param("2024-04-14T23:59:59Z", "hoffmann2022-printed", id="the day before it came out"),
        pytest.param("2021-01-01", None, id="before any"),
    ],
)
def test_a_loss_is_foretold_by_the_law_known_then(catalog: Snapshot, as_of: str, law: str | None) -> None:
    answer = asked(catalog, params=10**9, tokens=2e10, accelerator="a100-80gb", date="2021-01-01", as_of=as_of)
    assert [a.value for a in answer.assumptions if a.name == "loss_law"] == ([law] if law else [])
    assert (answer.result.predicted_loss is None) == ("no-loss-law" in codes(answer)) == (law is None)
