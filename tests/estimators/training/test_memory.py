"""Does it fit: memory through the training question, against Megatron-LM and DeepSpeed."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.memory import MemoryNeed
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import OutOfDomain

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
    # 18 bytes x 405.9e9 = 7.3 TB over 75.2 GB usable each: at least 98
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


def test_splits_that_do_not_divide_are_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        need(catalog, now, model="llama-3.1-8b", accelerator_count=10, tensor_parallel=8)
    assert refused.value.faults[0].pointer == "/accelerator_count"


def test_parameters_alone_still_say_whether_the_states_fit(catalog: Snapshot, now: datetime) -> None:
    assert need(catalog, now, params=1e9, accelerator_count=1).fits
    assert need(catalog, now, params=1e12, accelerator_count=8).fits is False
