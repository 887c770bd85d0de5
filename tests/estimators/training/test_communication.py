"""What a step sends, worked out by hand; it is told only where a batch is given, and changes no other figure."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.communication import Communication
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Answer
from tests.estimators.hardware_sample import NOW, row, snapshot

NODE: dict[str, Any] = {"vendor": "NVIDIA", "memory_gb": 1000.0, "accelerators_per_node": 8}
SAMPLE = snapshot(
    accelerators=[
        row("accelerators", id="new", name="New", family="Hopper", interconnect_gb_per_s=900.0, **NODE),
        row("accelerators", id="old", name="Old", family="Ampere", interconnect_gb_per_s=600.0,
            release_date=date(2020, 11, 16), **NODE),
        row("accelerators", id="pod", name="Pod", family="TPU", interconnect_gb_per_s=1200.0, **NODE),
    ]
)  # fmt: skip
RUN: dict[str, Any] = {"params": 10**10, "tokens": 1e12, "accelerator": "new", "accelerator_count": 16,
                       "accelerator_hours": 16_000, "tensor_parallel": 1, "batch_tokens": 4e6}  # fmt: skip


def asked(catalog: Snapshot = SAMPLE, **fields: Any) -> Answer:
    return training_estimate(TrainingQuestion.model_validate(RUN | fields), catalog, NOW)


def sent(catalog: Snapshot = SAMPLE, **fields: Any) -> Communication:
    found = asked(catalog, **fields).result.communication
    assert isinstance(found, Communication)
    return found


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


def test_a_step_worked_out_by_hand() -> None:
    found = sent()
    # 1e10 gradients of 4 bytes over 16 ranks: 2 x 15/16 x 40 GB; eight cards of 50 GB/s leave each node
    assert found.bytes_per_accelerator_per_step == pytest.approx(75e9)
    assert found.seconds_per_step == pytest.approx(75 / 400)
    # 1000 h of wall clock for 250,000 steps
    assert found.compute_seconds_per_step == pytest.approx(14.4)
    assert not found.bounds


@pytest.mark.parametrize(
    ("fields", "gigabytes", "gb_per_s"),
    [
        # 2 x 7/8 x 40 GB over half of 900 GB/s: data sheets count both directions
        pytest.param({"accelerator_count": 8}, 70, 450, id="one node"),
        # 15/16 x (40 + 2 x 20) GB
        pytest.param({"zero_stage": 3}, 75, 400, id="weights sharded"),
        # 15/16 x (40 + 20) GB
        pytest.param({"zero_stage": 1}, 56.25, 400, id="optimizer sharded"),
        # an eighth of the model on each, two data-parallel ranks in two nodes, a card for each: 2 x 1/2 x 5 GB
        pytest.param({"tensor_parallel": 8}, 5, 50, id="tensor parallel"),
        pytest.param({"accelerator": "old"}, 75, 200, id="before Hopper: 8 x 25 GB/s"),
        pytest.param({"accelerator": "pod"}, 75, 600, id="a TPU's links leave its host"),
        pytest.param({"network_gb_per_s": 5}, 75, 40, id="a network of your own"),
        # bf16 gradients weigh half
        pytest.param({"optimizer": "adam_bf16_gradients"}, 37.5, 400, id="gradients in bf16"),
        pytest.param({"trainable_fraction": 0.1}, 7.5, 400, id="a tenth trained"),
        pytest.param({"tensor_parallel": 16}, 0, 50, id="no copies to keep equal"),
    ],
)
def test_layout_and_network_decide(fields: dict[str, Any], gigabytes: float, gb_per_s: float) -> None:
    found = sent(**fields)
    assert found.bytes_per_accelerator_per_step == pytest.approx(gigabytes * 1e9)
    assert found.seconds_per_step == pytest.approx(gigabytes / gb_per_s)


def test_a_small_batch_is_bound_by_the_network_and_says_so() -> None:
    answer = asked(batch_tokens=4e4)  # 0.144 s of step, 0.1875 s of sending
    assert answer.result.communication.bounds
    assert "communication-bound" in codes(answer)
    assert "communication-bound" not in codes(asked())


def test_without_a_batch_nothing_is_said() -> None:
    answer = asked(batch_tokens=None)
    assert answer.result.communication is None
    assert not codes(answer) & {"communication-unknown", "communication-bound"}


def test_no_other_figure_changes() -> None:
    assert replace(asked(batch_tokens=4e4).result, communication=None) == asked(batch_tokens=None).result


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"accelerator_count": None}, id="no count"),
        pytest.param({"accelerator_count": 1}, id="one accelerator"),
        pytest.param({"accelerator": "a1"}, id="no link rate"),
        pytest.param({"tokens": None}, id="no tokens"),
        pytest.param({"params": None, "tokens": None}, id="no model"),
    ],
)
def test_what_is_lacking_is_said(fields: dict[str, Any]) -> None:
    answer = asked(**fields)
    assert answer.result.communication is None
    assert "communication-unknown" in codes(answer)


def test_a_batch_larger_than_the_training_set_is_refused() -> None:
    with pytest.raises(OutOfDomain) as caught:
        asked(batch_tokens=2e12)
    assert caught.value.faults[0].pointer == "/batch_tokens"


def test_the_network_assumed_is_named_with_its_source() -> None:
    assumed = next(each for each in asked().assumptions if each.name == "network_gb_per_s")
    assert (assumed.value, assumed.basis) == (50.0, "default")
    assert assumed.source_url.startswith("https://")


def test_llama_3_1_405b_was_not_bound_by_its_gradients(catalog: Snapshot) -> None:
    found = sent(
        catalog, model="llama-3.1-405b", params=None, tokens=15.6e12, accelerator="h100-sxm", accelerator_count=16384,
        accelerator_hours=30.84e6, tensor_parallel=8, pipeline_parallel=16, zero_stage=1, batch_tokens=16e6,
    )  # fmt: skip
    # Grattafiori et al. 2024, table 4: batches of 16 M tokens, tp 8, pp 16, FSDP on optimizer states and gradients.
    # 405.85e9 / 128 parameters a rank x 127/128 x (4 + 2) bytes; a card for each rank; 30.84 M h over 975,000 steps
    assert found.bytes_per_accelerator_per_step == pytest.approx(18.9e9, rel=0.01)
    assert found.seconds_per_step == pytest.approx(0.377, rel=0.01)
    assert found.compute_seconds_per_step == pytest.approx(6.95, rel=0.01)
    assert not found.bounds


def test_adapters_send_next_to_nothing(catalog: Snapshot) -> None:
    fields = {"model": "llama-3.1-8b", "params": None, "tokens": 1e9, "accelerator": "h100-sxm", "zero_stage": 0}
    whole, adapted = (sent(catalog, **fields, method=method) for method in ("finetune", "lora"))
    assert 0 < adapted.bytes_per_accelerator_per_step < 0.02 * whole.bytes_per_accelerator_per_step


def test_experts_of_their_own_ranks_send_less(catalog: Snapshot) -> None:
    fields = {"model": "mixtral-8x7b", "params": None, "tokens": 1e12, "accelerator": "h100-sxm"}
    alike, apart = (sent(catalog, **fields, expert_parallel=ranks) for ranks in (1, 8))
    assert apart.bytes_per_accelerator_per_step < 0.3 * alike.bytes_per_accelerator_per_step
