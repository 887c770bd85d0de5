"""Caches as engines print them: share of the memory, reserve, sixteen-bit tables."""

from datetime import datetime
from statistics import median
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.estimators.serving.asking import LLAMA, asked, assumption, result

GIB = 1 << 30
PRINTED: tuple[tuple[dict[str, Any], int], ...] = (
    ({"model": "llama-3.1-8b", "accelerator": "rtx-3090", "max_model_len": 20000}, 31232),
    ({"model": "qwen2.5-7b", "weight_dtype": "int4", "accelerator": "rtx-4080", "max_model_len": 32768}, 149712),
    ({"model": "qwen3-14b", "accelerator": "l40s", "max_model_len": 40960}, 75824),
    ({"model": "qwen3.5-27b", "weight_dtype": "fp8", "kv_dtype": "fp8", "accelerator": "rtx-3090",
      "accelerator_count": 2, "tensor_parallel": 2, "max_model_len": 131072, "gpu_memory_utilization": 0.92}, 302921),
    ({"model": "qwen3.5-35b-a3b", "weight_dtype": "fp4", "kv_dtype": "fp8", "accelerator": "rtx-5090",
      "max_model_len": 131072}, 569878),
    ({"model": "minimax-m2.5", "weight_dtype": "fp8", "accelerator": "h100-sxm", "accelerator_count": 4,
      "tensor_parallel": 4, "max_model_len": 131072}, 244576),
    ({"model": "llama-3.1-70b", "weight_dtype": "int8", "accelerator": "h100-sxm", "max_model_len": 2048,
      "gpu_memory_utilization": 0.98}, 22096),
    ({"model": "llama-2-7b", "accelerator": "a100-sxm4-80gb"}, 117616),
    ({"model": "llama-2-70b", "accelerator": "a100-sxm4-80gb", "accelerator_count": 4, "tensor_parallel": 4}, 333840),
    ({"model": "llama-3.1-8b", "accelerator": "rtx-3090", "max_model_len": 29000}, 23648),
    ({"model": "qwen3-235b-a22b", "weight_dtype": "fp8", "accelerator": "h100-sxm", "accelerator_count": 4,
      "tensor_parallel": 4}, 178880),
)  # fmt: skip
"""Cache sizes in tokens that vLLM printed (vllm-project/vllm#10517, #12569, #2031, #21348,
mitchross/talos-argocd-proxmox#1995, noonghunna/club-3090#652, and logs kept in repositories), asked with the share of
the memory that each source gives."""


def test_cache_sizes_are_as_printed(catalog: Snapshot, now: datetime) -> None:
    """Far off: four cards in 2023 and the widest mixture, too large; small cards with a small batch, too small."""
    defaults = {"engine": "vLLM", "accelerator_count": 1, "concurrency": 1}
    off = [abs(result(catalog, now, **(defaults | asked)).cache_tokens / tokens - 1) for asked, tokens in PRINTED]
    assert median(off) < 0.08 and sum(each < 0.23 for each in off) >= 8


def test_the_engines_share_moves_the_room(catalog: Snapshot, now: datetime) -> None:
    """80 GiB x 0.986 = 78.88 GiB; each tenth of it is 7.888 GiB."""
    low, high = (result(catalog, now, **LLAMA, gpu_memory_utilization=u).memory.free_bytes for u in (0.7, 0.8))
    assert high - low == pytest.approx(7.888 * GIB)


def test_engines_without_a_pool_take_what_the_card_has(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, engine="llama.cpp")
    assert assumption(answer, "gpu_memory_utilization").value == 1
    assert answer.result.memory.free_bytes == pytest.approx(77.88 * GIB - 16.06e9, rel=1e-3)


def test_quantised_weights_keep_table_and_head_in_sixteen_bits(catalog: Snapshot, now: datetime) -> None:
    """Llama 3.1 8B: two tables of 128,256 x 4,096 = 1.05e9 of 8.03e9 weights; 6.98e9 x 0.53 + 1.05e9 x 2 bytes."""
    memory = result(catalog, now, **LLAMA, weight_dtype="int4").memory
    assert memory.weights_bytes == pytest.approx(6.98e9 * 0.53 + 1.0507e9 * 2, rel=1e-3)
