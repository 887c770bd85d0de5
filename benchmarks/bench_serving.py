"""Speed of serving estimates: in process on one core, and 500 points of a comparison over HTTP (ASGI)."""

import asyncio
import time
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
GRID = {
    "kind": "serving", "model": "llama-3.1-70b", "accelerator": ["h100-sxm", "h200", "b200", "mi300x", "mi325x"],
    "accelerator_count": 8, "weight_dtype": ["bf16", "fp8", "int8", "int4"], "tensor_parallel": [1, 2, 4, 8, None],
    "concurrency": [8, 32, 64, 128, 256], "rank_by": "usd_per_mtok.blended", "as_of": NOW.isoformat(),
}  # fmt: skip


def in_process(seconds: float = 3.0) -> float:
    """Estimates per second, questions parsed."""
    catalog = snapshot_from_files(bundled_folder())
    asked = [
        {"model": model, "accelerator": part, "accelerator_count": 8, "concurrency": float(batch), "engine": "vllm"}
        for model in MODELS for part in ("h200", "b200") for batch in (1, 16, 64, 256)
    ]  # fmt: skip
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for fields in asked:
            serving_estimate(ServingQuestion.model_validate(fields), catalog, NOW)
        done += len(asked)
    return done / (time.perf_counter() - start)


async def over_http() -> tuple[int, float]:
    """(points answered or refused, seconds) of one comparison, the second time it is asked."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/bench.sqlite3"), now=lambda: NOW)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mlquote") as client:
            await client.post("/v1/comparisons", json=GRID)
            start = time.perf_counter()
            answer = await client.post("/v1/comparisons", json=GRID)
            spent = time.perf_counter() - start
        app.state.engine.dispose()
    answer.raise_for_status()
    return len(answer.json()["result"]["rows"]), spent


if __name__ == "__main__":
    print(f"in process: {in_process():,.0f} serving estimates/s on one core")
    points, seconds = asyncio.run(over_http())
    print(f"over HTTP: {points} points compared in {seconds:.2f} s")
