"""Measures fine-tuning steps on the GPU at hand, as `tuning_runs` of pricing_data holds them. Development only.

    python benchmarks/measure_tuning.py OUT.json

Weights and tokens are random: neither memory nor time hangs on their values. A step is the forward and backward pass of
one micro-batch and the optimizer's; the first `WARM` are not timed. The peak is what the allocator held (reserved) and
what tensors took of it (allocated), in GB of 1e9 bytes. Wants torch, transformers, peft and nvidia-ml-py, which mlquote
itself does not. What came of it: docs/measured.md.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pynvml
import torch
import transformers
from peft import LoraConfig, get_peft_model

WARM, TIMED = 3, 8
ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_NAMES = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
          "vocab_size", "tie_word_embeddings")  # fmt: skip
SHAPES: dict[str, tuple[str, tuple[int, ...], dict[str, int]]] = {
    "llama-3.2-1b": ("Llama", (2048, 8192, 16, 32, 8, 128256, True), {"head_dim": 64}),
    "llama-3.2-3b": ("Llama", (3072, 8192, 28, 24, 8, 128256, True), {"head_dim": 128}),
    "llama-3.1-8b": ("Llama", (4096, 14336, 32, 32, 8, 128256, False), {"head_dim": 128}),
    "llama-2-7b": ("Llama", (4096, 11008, 32, 32, 32, 32000, False), {"head_dim": 128}),
    "qwen2.5-7b": ("Qwen2", (3584, 18944, 28, 28, 4, 152064, False), {}),
    "qwen2.5-0.5b": ("Qwen2", (896, 4864, 24, 14, 2, 151936, True), {}),
}
"""Model -> family, sizes in the order of `_NAMES`, others."""


@dataclass(frozen=True, slots=True)
class Case:
    """One step to measure.

    `lora`: bf16 base, fp32 adapters, bf16 autocast; `full_bf16`: weights, gradients and moments in bf16; `full_mixed`:
    all three in fp32, bf16 autocast.
    """

    model: str
    method: str
    sequence_length: int
    micro_batch_size: int
    recompute: bool = False
    lora_rank: int = 16
    targets: tuple[str, ...] = ALL_LINEAR


CASES = (
    Case("llama-3.1-8b", "lora", 512, 1),
    Case("llama-3.1-8b", "lora", 2048, 1),
    Case("llama-3.1-8b", "lora", 2048, 2),
    Case("llama-3.1-8b", "lora", 2048, 4, recompute=True),
    Case("llama-3.1-8b", "lora", 8192, 1, recompute=True),
    Case("llama-3.1-8b", "lora", 2048, 1, lora_rank=8, targets=("q_proj", "v_proj")),
    Case("llama-2-7b", "lora", 2048, 2),
    Case("llama-2-7b", "lora", 512, 8),
    Case("qwen2.5-7b", "lora", 1024, 4, recompute=True),
    Case("llama-3.2-1b", "full_bf16", 512, 1),
    Case("llama-3.2-1b", "full_bf16", 2048, 4),
    Case("llama-3.2-1b", "full_mixed", 2048, 4),
    Case("llama-3.2-1b", "full_mixed", 2048, 4, recompute=True),
    Case("qwen2.5-0.5b", "full_mixed", 1024, 8),
    Case("llama-3.2-3b", "full_bf16", 2048, 2),
    Case("llama-3.2-3b", "full_bf16", 4096, 4, recompute=True),
    Case("llama-3.2-3b", "full_mixed", 1024, 2, recompute=True),
    Case("llama-3.1-8b", "full_bf16", 2048, 1, recompute=True),
)


def built(case: Case) -> Any:
    """The model with random weights, trainable as the method says."""
    family, sizes, others = SHAPES[case.model]
    said = dict(zip(_NAMES, sizes, strict=True)) | others
    config = getattr(transformers, f"{family}Config")(**said, max_position_embeddings=16384, use_cache=False)
    config._attn_implementation = "sdpa"
    torch.set_default_dtype(torch.float32 if case.method == "full_mixed" else torch.bfloat16)
    with torch.device("cuda"):
        model = getattr(transformers, f"{family}ForCausalLM")(config)
    torch.set_default_dtype(torch.float32)
    if case.method == "lora":
        model = _adapted(model, case)
    if case.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        if case.method == "lora":
            model.enable_input_require_grads()
    return model.train()


def _adapted(model: Any, case: Case) -> Any:
    wanted = LoraConfig(r=case.lora_rank, lora_alpha=16, target_modules=list(case.targets), task_type="CAUSAL_LM")
    adapted = get_peft_model(model, wanted)
    for weight in adapted.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
    return adapted


def stepping(model: Any, case: Case) -> Callable[[], None]:
    """One optimizer step of one micro-batch."""
    optimizer = torch.optim.AdamW([w for w in model.parameters() if w.requires_grad], lr=1e-5, fused=True)
    shape = (case.micro_batch_size, case.sequence_length)

    def step() -> None:
        tokens = torch.randint(0, model.config.vocab_size, shape, device="cuda")
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=case.method != "full_bf16"):
            loss = model(input_ids=tokens, labels=tokens).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def measured(case: Case, card: Any) -> dict[str, Any]:
    """Seconds and joules of a step, and the peak of memory, of one case."""
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    model = built(case)
    step = stepping(model, case)
    for _ in range(WARM):
        step()
    torch.cuda.synchronize()
    before, times = pynvml.nvmlDeviceGetTotalEnergyConsumption(card), []
    for _ in range(TIMED):
        began = time.perf_counter()
        step()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    joules = (pynvml.nvmlDeviceGetTotalEnergyConsumption(card) - before) / 1000
    return {
        **asdict(case),
        "step_s": sorted(times)[TIMED // 2],
        "step_s_min": min(times),
        "step_s_max": max(times),
        "joules_per_step": joules / TIMED,
        "watts": joules / sum(times),
        "peak_allocated_gb": torch.cuda.max_memory_allocated() / 1e9,
        "peak_reserved_gb": torch.cuda.max_memory_reserved() / 1e9,
        "device_used_gb": pynvml.nvmlDeviceGetMemoryInfo(card).used / 1e9,
    }


def main(out: Path) -> None:
    """Measure each case and write what was seen after each, so that a lost machine loses one."""
    pynvml.nvmlInit()
    card = pynvml.nvmlDeviceGetHandleByIndex(0)
    rows = []
    for case in CASES:
        try:
            rows.append(measured(case, card))
        except torch.cuda.OutOfMemoryError:
            rows.append({**asdict(case), "out_of_memory": True})
        gc.collect()
        print(rows[-1], flush=True)
        seen = {"gpu": pynvml.nvmlDeviceGetName(card), "torch": torch.__version__, "rows": rows}
        out.write_text(json.dumps(seen, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
