"""The operating point: targets, queues, and who waits."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.answer import ServingResult
from mlquote.estimators.serving.facts import facts_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import run_of
from tests.estimators.serving.asking import BIG, asked, central, codes, detail, result


def test_past_capacity_it_says_saturated_and_gives_no_number(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **BIG, requests_per_s=1000, output_tokens=500)
    found: ServingResult = answer.result
    assert "saturated" in codes(answer) and found.bound == "queue"
    assert found.output_tokens_per_s is None and found.ttft_ms is None and found.usd_per_mtok is None
    assert found.replicas_needed is not None and found.replicas_needed.central > 1


def test_more_sequences_than_caches_fit_wait(catalog: Snapshot, now: datetime) -> None:
    """70B in fp8 on one part of 80 GB: 1.4 GB beside weights and table hold 4 sequences of 2,176 tokens."""
    fields = {"model": "llama-3.1-70b", "accelerator": "h100", "accelerator_count": 1, "weight_dtype": "fp8",
              "kv_dtype": "fp8", "input_tokens": 128, "output_tokens": 4096}  # fmt: skip
    few, many = (asked(catalog, now, **fields, concurrency=n) for n in (4, 64))
    assert "concurrency-above-memory" in codes(many)
    assert central(many.result.ttft_ms) > 20 * central(few.result.ttft_ms)
    assert central(many.result.tpot_ms) < 1.5 * central(few.result.tpot_ms)


def test_open_loop_at_a_load_runs_as_a_closed_loop_of_as_many(catalog: Snapshot, now: datetime) -> None:
    """Little: sequences = rate x time each stays."""
    load = result(catalog, now, **BIG, requests_per_s=2, output_tokens=500)
    stays = 500 * central(load.tpot_ms) / 1e3
    assert load.concurrency == pytest.approx(2 * stays, rel=0.25)
    assert central(load.output_tokens_per_s) == pytest.approx(1000)


def test_tighter_targets_allow_fewer_sequences(catalog: Snapshot, now: datetime) -> None:
    loose, tight = (result(catalog, now, **BIG, scenario="interactive", max_tpot_ms=t) for t in (100, 40))
    assert tight.concurrency < loose.concurrency
    assert central(tight.output_tokens_per_s) < central(loose.output_tokens_per_s)
    assert central(tight.tpot_ms) <= 40


def test_a_missed_target_at_a_given_concurrency_is_said(catalog: Snapshot, now: datetime) -> None:
    assert "target-missed" in codes(asked(catalog, now, **BIG, concurrency=400, max_tpot_ms=25))


def test_two_targets_that_are_missed_are_both_named(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **BIG, concurrency=400, max_tpot_ms=25, max_ttft_ms=100)
    assert detail(answer, "target-missed").startswith("max_tpot_ms and max_ttft_ms are missed")


def test_the_target_that_holds_the_batch_down_is_known(catalog: Snapshot, now: datetime) -> None:
    question = ServingQuestion.model_validate(BIG | {"max_tpot_ms": 40, "max_ttft_ms": 1e6})
    limit = run_of(question, facts_of(question, catalog, now)).operation.limit
    assert limit.by_targets
    assert limit.held_by == {"max_tpot_ms"}
