"""The intermediates of an estimate."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.facts import facts_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import run_of
from tests.estimators.serving.asking import LLAMA, NOW, asked, codes, result


def test_flop_of_a_request_are_two_per_parameter_and_token_and_its_attention(catalog: Snapshot, now: datetime) -> None:
    """8.03e9 x 2 x 1000 = 1.606e13; causal attention 4 x 32 layers x 4096 x 500 x 1000 = 2.62e11."""
    found = result(catalog, now, **LLAMA, input_tokens=1000, output_tokens=100)
    assert found.flop_per_request.prefill == pytest.approx(2 * 8.03026e9 * 1000 + 4 * 32 * 4096 * 500 * 1000, rel=1e-4)


def test_memory_of_llama_8b(catalog: Snapshot, now: datetime) -> None:
    """2 x 8 x 128 x 32 layers x 2 bytes = 131,072 bytes a token; 16.06 GB of weights.

    80 GiB x 0.986 x 0.9 - 2.8 GiB = 73.22 GB for weights and caches.
    """
    memory = result(catalog, now, **LLAMA, kv_dtype="bf16").memory
    assert memory.kv_bytes_per_token == 131072
    assert memory.weights_bytes == pytest.approx(16.06e9, rel=1e-3)
    assert memory.free_bytes == pytest.approx(73.22e9 - 16.06e9, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(rate=st.floats(0.01, 5000))
def test_the_replicas_that_are_needed_are_enough(catalog: Snapshot, rate: float) -> None:
    found = result(catalog, NOW, **LLAMA, requests_per_s=rate)
    assert found.replicas_needed is not None
    needed = int(found.replicas_needed.central)
    enough = result(catalog, NOW, **{**LLAMA, "accelerator_count": needed + 1}, tensor_parallel=1, requests_per_s=rate)
    assert enough.output_tokens_per_s is not None


def test_the_run_is_the_same_for_the_same_facts(catalog: Snapshot, now: datetime) -> None:
    question = ServingQuestion.model_validate(LLAMA | {"concurrency": 8})
    facts = facts_of(question, catalog, now)
    assert run_of(question, facts) == run_of(question, facts)


def test_only_the_residuals_that_are_used_are_told(catalog: Snapshot, now: datetime) -> None:
    saturated = asked(catalog, now, **LLAMA, requests_per_s=1e5, power_w=500)
    told = {each.name for each in saturated.assumptions if each.name.startswith("residual.")}
    assert told == {"residual.throughput"}


def test_offline_without_a_count_there_is_no_first_token(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, scenario="offline")
    assert answer.result.ttft_ms is None
    assert "ttft-undefined" in codes(answer)
