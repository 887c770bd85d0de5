"""Speed of serving estimates: in process on one core, and 500 points of a comparison over HTTP (ASGI).

No question is asked twice: model, part, engine, lengths and load vary. Times are of the processor, best of some rounds.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import httpx

from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.files import bundled_folder, snapshot_from_files

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MODELS = ("llama-3.1-8b", "llama-3.1-70b", "deepseek-v3", "gpt-oss-120b", "qwen3-30b-a3b")
PARTS, ENGINES = ("h200", "b200", "mi300x", "mi325x"), ("vllm", "sglang", "tensorrt-llm", None)
ROUNDS, EACH = 20, 200
GRID = {
    "kind": "serving", "model": "llama-3.1-70b", "accelerator": ["h100-sxm", "h200", "b200", "mi300x", "mi325x"],
    "accelerator_count": 8, "weight_dtype": ["bf16", "fp8", "int8", "int4"], "tensor_parallel": [1, 2, 4, 8, None],
    "concurrency": [8, 32, 64, 128, 256], "rank_by": "usd_per_mtok.blended", "as_of": NOW.isoformat(),
}  # fmt: skip


def questions(count: int, seed: int) -> Iterator[ServingQuestion]:
    """Questions that differ in what is served, on what, and under which load; the layout is left to be tried."""
    rng = random.Random(seed)
    for _ in range(count):
        yield ServingQuestion(
            model=rng.choice(MODELS), accelerator=rng.choice(PARTS), accelerator_count=8, engine=rng.choice(ENGINES),
            weight_dtype=rng.choice(("fp8", "int8", None)), input_tokens=rng.randint(16, 8000),
            output_tokens=rng.randint(2, 2000), concurrency=rng.randint(1, 300),
        )  # fmt: skip


def in_process() -> float:
    """Estimates per second of the processor, questions parsed."""
    catalog, best = snapshot_from_files(bundled_folder()), 0.0
    for seed in range(ROUNDS):
        start = time.process_time()
        for question in questions(EACH, seed):
            serving_estimate(question, catalog, NOW)
        best = max(best, EACH / (time.process_time() - start))
    return best


async def over_http() -> tuple[int, float]:
    """(points answered or refused, seconds of the processor) of one comparison, once it has been asked."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/bench.sqlite3"), now=lambda: NOW)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mlquote") as client:
            await client.post("/v1/comparisons", json=GRID)
            spent = float("inf")
            for _ in range(5):
                start = time.process_time()
                answer = await client.post("/v1/comparisons", json=GRID)
                spent = min(spent, time.process_time() - start)
        app.state.engine.dispose()
    answer.raise_for_status()
    return len(answer.json()["result"]["rows"]), spent


if __name__ == "__main__":
    print(f"in process: {in_process():,.0f} serving estimates/s on one core")
    points, seconds = asyncio.run(over_http())
    print(f"over HTTP: {points} points compared in {seconds:.2f} s")
