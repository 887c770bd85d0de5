"""Measure prefill, decode and power of a dense decoder on the GPU at hand, and the card's own ceilings.

    python benchmarks/measure_serving.py OUT.json

Weights and tokens are random: time does not hang on their values. A batch of equal prompts; TTFT is one forward pass
over them, logits of the last token alone; TPOT one decode step replayed as a CUDA graph, so that the processor's loop
is not in it. Transformers' static cache repeats keys and values over the query heads: only short contexts are those of
an engine. Joules are the card's energy counter. Needs torch, transformers and nvidia-ml-py, which mlquote does not.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pynvml
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, StaticCache

KINDS = {"llama": (LlamaConfig, LlamaForCausalLM), "qwen2": (Qwen2Config, Qwen2ForCausalLM)}
SHAPES = {
    "llama-3.1-8b": ("llama", 4096, 14336, 32, 32, 8, 128256),
    "llama-3.2-1b": ("llama", 2048, 8192, 16, 32, 8, 128256),
    "qwen2.5-7b": ("qwen2", 3584, 18944, 28, 28, 4, 152064),
}
"""Kind, hidden size, feed-forward size, layers, heads, key-value heads, vocabulary."""
POINTS = (
    *(("llama-3.1-8b", 128, 128, batch) for batch in (1, 8, 64)),
    *(("llama-3.1-8b", 2048, 128, batch) for batch in (1, 8, 32)),
    *(("llama-3.1-8b", 8192, 128, batch) for batch in (1, 4)),
    *(("qwen2.5-7b", 512, 128, batch) for batch in (1, 16)),
    *(("llama-3.2-1b", 512, 128, batch) for batch in (1, 32)),
)
"""Model, prompt, output, prompts at once."""
SIDE = 8192
COPIED = 2**32
SECONDS = 2.0


def joules(card: Any) -> float:
    """The card's energy counter, J."""
    return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(card)) / 1e3


def drawn(work: Callable[[], object], card: Any) -> tuple[float, float]:
    """Seconds a call takes back to back, and watts meanwhile."""
    for _ in range(3):
        work()
    torch.cuda.synchronize()
    calls, start, before = 0, time.perf_counter(), joules(card)
    while time.perf_counter() - start < SECONDS:
        work()
        torch.cuda.synchronize()
        calls += 1
    took = time.perf_counter() - start
    return took / calls, (joules(card) - before) / took


def ceilings(card: Any) -> list[dict[str, Any]]:
    """Idle watts, rates of square products, and of a copy."""
    before, start = joules(card), time.perf_counter()
    time.sleep(4)
    rows: list[dict[str, Any]] = [
        {"what": "idle", "watts": (joules(card) - before) / (time.perf_counter() - start)},
    ]
    left, right = (torch.randn(SIDE, SIDE, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    one = torch.tensor(1.0, device="cuda")
    eight, other = left.to(torch.float8_e4m3fn), right.t().contiguous().to(torch.float8_e4m3fn).t()
    source = torch.empty(COPIED, device="cuda", dtype=torch.uint8)
    target = torch.empty_like(source)
    product, moved = 2 * SIDE**3, 2 * COPIED
    for what, work, amount in (
        ("bf16 product, FLOP/s", lambda: torch.matmul(left, right), product),
        ("fp8 product, FLOP/s", lambda: torch._scaled_mm(eight, other, one, one, out_dtype=torch.bfloat16), product),
        ("copy, bytes/s read and written", lambda: target.copy_(source), moved),
    ):
        each, watts = drawn(work, card)
        rows.append({"what": what, "rate": amount / each, "watts": watts})
    return rows


def loaded(name: str) -> Any:
    """The model in bf16 on the card, with random weights."""
    kind, hidden, feed_forward, layers, heads, kv_heads, vocabulary = SHAPES[name]
    config, model = KINDS[kind]
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        return model(
            config(
                hidden_size=hidden, intermediate_size=feed_forward, num_hidden_layers=layers, num_attention_heads=heads,
                num_key_value_heads=kv_heads, vocab_size=vocabulary, max_position_embeddings=16384,
                attn_implementation="sdpa",
            )
        ).eval()  # fmt: skip


def captured(model: Any, cache: Any, prompt: int, batch: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """(replay of one decode step, the cache as it stood after the prompts)."""
    token, at = torch.randint(0, 32000, (batch, 1), device="cuda"), torch.tensor([prompt], device="cuda")

    def rewind() -> None:
        for layer in cache.layers:
            layer.cumulative_length.fill_(prompt)

    def step() -> Any:
        answer = model(token, past_key_values=cache, cache_position=at, position_ids=at[None], use_cache=True)
        return answer.logits.argmax(-1)

    rewind()
    side, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    with torch.cuda.graph(graph):
        step()
    return graph.replay, rewind


def measured(model: Any, prompt: int, output: int, batch: int, card: Any) -> dict[str, Any]:
    """One point: milliseconds and watts of prompts and of decode steps, joules per output token of both."""
    cache = StaticCache(config=model.config, max_cache_len=prompt + output)
    prompts, places = torch.randint(0, 32000, (batch, prompt), device="cuda"), torch.arange(prompt, device="cuda")

    def prefill() -> None:
        cache.reset()
        model(
            prompts, past_key_values=cache, cache_position=places, position_ids=places[None], use_cache=True,
            logits_to_keep=1,
        )  # fmt: skip

    first, prefill_watts = drawn(prefill, card)
    replay, rewind = captured(model, cache, prompt, batch)

    def decode() -> None:
        rewind()
        for _ in range(output - 1):
            replay()

    rest, decode_watts = drawn(decode, card)
    return {
        "input_tokens": prompt, "output_tokens": output, "concurrency": batch, "ttft_ms": 1e3 * first,
        "tpot_ms": 1e3 * rest / (output - 1), "output_tokens_per_s": batch * output / (first + rest),
        "joules_per_output_token": (prefill_watts * first + decode_watts * rest) / (batch * output),
        "prefill_w": prefill_watts, "decode_w": decode_watts,
    }  # fmt: skip


def main(out: Path) -> None:
    pynvml.nvmlInit()
    card = pynvml.nvmlDeviceGetHandleByIndex(0)
    answer: dict[str, Any] = {"gpu": str(pynvml.nvmlDeviceGetName(card)), "ceilings": ceilings(card), "rows": []}
    held, model = "", None
    for name, prompt, output, batch in POINTS:
        if name != held:
            model = None
            torch.cuda.empty_cache()
            held, model = name, loaded(name)
        with torch.inference_mode():
            answer["rows"].append({"model": name, **measured(model, prompt, output, batch, card)})
        print(answer["rows"][-1], flush=True)
        out.write_text(json.dumps(answer, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
