"""Layouts: what fits, what would, and what is left over."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.facts import facts_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import run_of
from mlquote.kit.errors import Malformed, OutOfDomain
from tests.estimators.serving.asking import LLAMA, asked, assumption, central, detail, result


def test_what_the_refusal_offers_is_then_possible(catalog: Snapshot, now: datetime) -> None:
    """70B in bf16 needs two parts of 80 GB: 141.1 of 152 GB."""
    assert result(catalog, now, model="llama-3.1-70b", accelerator="h100", accelerator_count=2, tensor_parallel=2)


def test_llama_cpp_on_two_parts_holds_more_and_goes_no_faster(catalog: Snapshot, now: datetime) -> None:
    one = {"model": "llama-3.1-8b", "accelerator": "rtx-4090", "weight_dtype": "q4_k_m", "concurrency": 1}
    single, double = (result(catalog, now, **one, accelerator_count=n, engine="llama.cpp") for n in (1, 2))
    assert central(double.tpot_ms) == pytest.approx(central(single.tpot_ms))
    wide = result(catalog, now, **one, accelerator_count=2, tensor_parallel=2, engine="llama.cpp")
    assert (wide.layout.tensor_parallel, wide.layout.pipeline_parallel) == (1, 2)
    assert central(wide.output_tokens_per_s) == pytest.approx(central(single.output_tokens_per_s))


def test_accelerators_that_a_layout_leaves_over_are_said(catalog: Snapshot, now: datetime) -> None:
    """Two replicas of two leave one of five."""
    answer = asked(catalog, now, model="llama-3.1-8b", accelerator="h100-sxm", accelerator_count=5, tensor_parallel=2)
    assert detail(answer, "accelerators-left-over").startswith("1 accelerators")
    assert answer.result.layout.replicas == 2


def test_accelerators_that_nobody_counts_are_the_least_power_of_two_with_room(catalog: Snapshot, now: datetime) -> None:
    """70.6e9 x 2 bytes = 141.1 GB: over 75 % of 160 GB, under 75 % of 320."""
    answer = asked(catalog, now, model="llama-3.1-70b", accelerator="h100-sxm", concurrency=4)
    said = assumption(answer, "accelerator_count")
    assert (said.value, said.why) == (4, "the least power of two whose memory the weights fill to 75 %")


def test_lighter_weights_are_proposed_where_they_would_fit(catalog: Snapshot, now: datetime) -> None:
    """70.6 GB in fp8 fit into 76 of 80 GB."""
    with pytest.raises(OutOfDomain) as refused:
        asked(catalog, now, model="llama-3.1-70b", accelerator="h100-sxm", accelerator_count=1)
    assert "weight_dtype fp8" in refused.value.faults[0].hint


def test_experts_and_tensors_are_not_spread_at_once(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(Malformed) as refused:
        asked(
            catalog, now, model="deepseek-v3", accelerator="h200", accelerator_count=16, expert_parallel=16,
            tensor_parallel=2,
        )  # fmt: skip
    assert refused.value.faults[0].pointer == "/tensor_parallel"


def test_more_stages_than_layers_are_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        asked(catalog, now, model="llama-3.1-8b", accelerator="h100-sxm", accelerator_count=64, pipeline_parallel=64)
    assert "at most 32" in refused.value.faults[0].hint


def test_drafts_verify_several_tokens_a_step(catalog: Snapshot, now: datetime) -> None:
    """2 drafted, 0.5 accepted: (1 - 0.5^3) / (1 - 0.5) = 1.75 tokens a step, 1 + 2 x 0.1 its time."""
    question = ServingQuestion.model_validate(
        LLAMA | {"speculative_tokens": 2, "acceptance_fraction": 0.5, "draft_cost_fraction": 0.1}
    )
    traffic = run_of(question, facts_of(question, catalog, now)).deployment.traffic
    assert (traffic.tokens_per_sequence, traffic.tokens_per_step, traffic.draft_factor) == pytest.approx((3, 1.75, 1.2))
