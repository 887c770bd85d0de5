"""Does it fit: memory through the training question, against Megatron-LM and DeepSpeed."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.memory import MemoryNeed
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import OutOfDomain
from tests.estimators.training.asking import of_measured

GIB = 2**30
GPT3 = {"hidden_size": 12288, "layers": 96, "heads": 96, "kv_heads": 96, "ffn_size": 49152, "vocab_size": 51200}
RUN = {"accelerator": "h100-sxm5-80gb", "tokens": 1e9}


def need(catalog: Snapshot, now: datetime, **asked: Any) -> MemoryNeed:
    result = training_estimate(TrainingQuestion.model_validate(RUN | asked), catalog, now).result
    memory: MemoryNeed = result.memory
    return memory


def test_gpt3_on_64_ranks_needs_what_megatron_says(catalog: Snapshot, now: datetime) -> None:
    # theoretical_memory_usage.py: tp 8, pp 8, dp 1, micro-batch 1: 46.8908 GiB of states, 9.586 GiB of activations
    memory = need(
        catalog, now, architecture=GPT3, accelerator_count=64, tensor_parallel=8, pipeline_parallel=8,
        sequence_length=2048, recompute="selective",
    )  # fmt: skip
    assert memory.weights_bytes and memory.gradients_bytes and memory.optimizer_bytes and memory.activations_bytes
    states = memory.weights_bytes + memory.gradients_bytes + memory.optimizer_bytes
    assert states / GIB == pytest.approx(46.8908, rel=1e-4)
    assert memory.activations_bytes / GIB == pytest.approx(9.586, rel=1e-4)
    assert memory.fits


def test_deepspeeds_estimator_is_a_convention_of_its_own(catalog: Snapshot, now: datetime) -> None:
    # Llama-2 7B, ZeRO-2 without offload, one GPU: 20 P = 134,768,312,320 bytes
    asked = {"model": "llama-2-7b", "memory_convention": "deepspeed", "zero_stage": 2}
    assert need(catalog, now, **asked, accelerator_count=1).bytes_per_accelerator == 134768312320
    assert need(catalog, now, **asked, accelerator_count=64).bytes_per_accelerator == 28638266368


def test_a_405b_model_does_not_fit_eight_and_says_how_many_it_takes(catalog: Snapshot, now: datetime) -> None:
    # 18 bytes x 405.9e9 = 7.3 TB over some 75 GB that surely hold it: at least 98
    memory = need(catalog, now, model="llama-3.1-405b", accelerator_count=8)
    assert memory.fits is False
    assert memory.min_accelerators is not None and 98 <= memory.min_accelerators <= 140


def test_a_suggested_layout_fits_what_there_is(catalog: Snapshot, now: datetime) -> None:
    memory = need(catalog, now, model="llama-3.1-70b", accelerator_count=256)
    assert memory.fits and memory.layout
    split = memory.layout
    assert split.tensor_parallel * split.pipeline_parallel * split.data_parallel == 256


def test_qlora_brings_a_70b_model_onto_one_card(catalog: Snapshot, now: datetime) -> None:
    # 70.6e9 x 0.52 bytes = 36.7 GB of weights; full fine-tuning of the same needs more than a thousand
    asked = {"model": "llama-3.1-70b", "accelerator_count": 1, "sequence_length": 512, "recompute": "full"}
    assert need(catalog, now, **asked, method="qlora").fits
    assert need(catalog, now, **asked, method="finetune").fits is False


def test_a_14b_model_that_was_measured_above_a_card_does_not_fit_it(catalog: Snapshot, now: datetime) -> None:
    # QwenLM/Qwen README: 18.7 GB at 256 tokens; a T4 has 14.6 GiB = 15.7e9 bytes for programs
    qwen = {"layers": 40, "hidden_size": 5120, "heads": 40, "kv_heads": 40, "ffn_size": 13696, "ffn_gated": True,
            "vocab_size": 152064}  # fmt: skip
    asked = {"architecture": qwen, "sequence_length": 256, "method": "qlora", "lora_rank": 64, "recompute": "full"}
    memory = need(catalog, now, **asked, accelerator="t4", accelerator_count=1)
    assert memory.fits is False
    assert memory.bytes is not None and memory.bytes.low <= 18.7e9 <= memory.bytes.high
    assert memory.capacity_bytes == pytest.approx(16 * GIB * 0.922)
    assert memory.fits_probability is not None and memory.fits_probability < 0.2


def test_a_7b_full_fine_tuning_fits_one_card_by_pure_16_bit_states_in_backward(
    catalog: Snapshot, now: datetime
) -> None:
    # torchtune: Llama 3.1 8B in 18.9 GiB of an RTX 4090, paged 8-bit states and no gradients kept
    asked = {"model": "llama-3.1-8b", "method": "finetune", "accelerator": "rtx-4090", "accelerator_count": 1,
             "sequence_length": 2048, "recompute": "full", "fused_loss": True}  # fmt: skip
    memory = need(catalog, now, **asked, optimizer="adam_8bit_paged_in_backward")
    assert memory.fits
    assert memory.bytes is not None and memory.bytes.low <= 18.9 * GIB <= memory.bytes.high
    assert need(catalog, now, **asked).fits is False


def test_gradients_that_are_not_kept_cannot_be_accumulated(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        need(catalog, now, params=1e9, optimizer="adam_bf16_in_backward", gradient_accumulation_steps=4)
    assert refused.value.faults[0].pointer == "/gradient_accumulation_steps"


def test_every_measured_peak_that_exceeds_a_card_is_not_said_to_fit_it(catalog: Snapshot, now: datetime) -> None:
    """The smallest card of the market below each measured peak: at most one in twelve is called large enough."""
    cards = {8: "rtx-2080", 10: "rtx-3080", 16: "rtx-4080", 24: "rtx-4090", 32: "rtx-5090", 40: "a100-sxm4-40gb"}
    wrong = tried = 0
    for run in catalog.rows("tuning_runs"):
        below = [gib for gib in cards if run.peak_gb and gib * GIB < run.peak_gb * 1e9]
        if below:
            asked = of_measured(run) | {"accelerator": cards[below[-1]]}
            wrong += need(catalog, now, **asked).fits is True
            tried += 1
    assert tried >= 20
    assert wrong <= tried / 12


def test_splits_that_do_not_divide_are_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        need(catalog, now, model="llama-3.1-8b", accelerator_count=10, tensor_parallel=8)
    assert refused.value.faults[0].pointer == "/accelerator_count"


def test_parameters_alone_still_say_whether_the_states_fit(catalog: Snapshot, now: datetime) -> None:
    assert need(catalog, now, params=1e9, accelerator_count=1).fits
    assert need(catalog, now, params=1e12, accelerator_count=8).fits is False


@pytest.mark.parametrize(
    ("fields", "measured_gb"),
    [
        ({"method": "lora", "micro_batch_size": 2}, 51.52),
        ({"method": "lora", "target_modules": "q_proj,v_proj", "lora_rank": 8}, 29.54),
        ({"method": "lora", "micro_batch_size": 4, "recompute": "full"}, 31.52),
        ({"method": "finetune", "optimizer": "adam_bf16", "recompute": "full"}, 64.33),
    ],
    ids=["lora", "on-q-and-v", "recomputed", "full"],
)
def test_the_parts_counted_are_what_tensors_took(
    catalog: Snapshot, now: datetime, fields: dict[str, Any], measured_gb: float
) -> None:
    # Llama 3.1 8B at 2,048 tokens, measured on an H100 (docs/measured.md)
    asked = {
        "model": "llama-3.1-8b",
        "sequence_length": 2048,
        "tokens": 1e6,
        "lora_rank": 16,
        "accelerator": "h100-sxm",
    }
    question = TrainingQuestion.model_validate(asked | {"accelerator_count": 1} | fields)
    memory = training_estimate(question, catalog, now).result.memory
    assert memory is not None and memory.bytes_per_accelerator is not None and memory.reserve_bytes is not None
    assert memory.bytes_per_accelerator - memory.reserve_bytes == pytest.approx(measured_gb * 1e9, rel=0.005)
