"""Training estimates per second in process: 500 different questions, parsed, answered with every part, range and
provenance, on one core. Over HTTP and beside peers: bench_http.py.

    python benchmarks/bench_training.py [--rounds 5]
"""

import argparse
import gc
import random
import time
from statistics import median
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.store.files import bundled_folder, snapshot_from_files


def questions(count: int) -> list[dict[str, Any]]:
    """Different questions, the same ones every time."""
    draw = random.Random(0)
    return [
        {
            "model": draw.choice(["llama-3.1-405b", "llama-3.1-8b", "mixtral-8x7b", "deepseek-v3", "qwen2.5-7b"]),
            "tokens": draw.choice([1e11, 1e12, 15e12]) * draw.uniform(0.5, 2),
            "accelerator": draw.choice(["h100-sxm", "a100-80gb", "b200", "tpu-v5p"]),
            "accelerator_count": draw.choice([64, 512, 4096]),
            "date": draw.choice(["2023-09-01", "2024-07-01", "2025-03-01"]),
            "grid_zone": draw.choice(["USA", "FRA", "DEU", "JPN"]),
        }
        for _ in range(count)
    ]


def in_process(catalog: Snapshot, rounds: int) -> float:
    """Full estimates per second of one core (CPU time: other processes do not count)."""
    from published import NOW

    asked = questions(500)

    def all_of_them() -> None:
        for fields in asked:
            training_estimate(TrainingQuestion.model_validate(fields), catalog, NOW)

    all_of_them()
    gc.freeze()
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        all_of_them()
        rates.append(len(asked) / (time.process_time() - began))
    return median(rates)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    rate = in_process(snapshot_from_files(bundled_folder()), asked.rounds)
    print(f"in process            {rate:8,.0f} training estimates/s on one core")


if __name__ == "__main__":
    main()
