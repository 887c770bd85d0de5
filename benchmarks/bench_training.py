"""Training estimates per second, in process and over HTTP, beside EcoLogits' API on the same machine.

    python benchmarks/bench_training.py [--rounds 5]

In process: 500 different questions, parsed, answered with every part, range and provenance, on one core. Over HTTP: one
uvicorn worker each, wrk with 16 connections, rounds interleaved (ours, theirs, ours, ...); the ratio of each round
counts, for the machine's own speed moves more. On a busy machine the server's own CPU time per request (from /proc) is
the steadier figure, and its ratio stands beside. EcoLogits needs an environment of its own, never the product's:

    git clone https://github.com/mlco2/ecologits-api .peers/ecologits-api
    python -m venv .peers/ecologits
    .peers/ecologits/bin/pip install ecologits 'fastapi[standard]' 'uvicorn[standard]' pydantic-settings
"""

import argparse
import gc
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.store.files import bundled_folder, snapshot_from_files

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".peers" / "ecologits" / "bin" / "python"
PEER_API = ROOT / ".peers" / "ecologits-api"
OURS = {"model": "llama-3.1-8b", "tokens": 15e12, "accelerator": "h100-sxm", "accelerator_count": 512,
        "grid_zone": "USA", "date": "2024-07-01"}  # fmt: skip
THEIRS = {"provider": "openai", "model_name": "gpt-4o-mini", "output_token_count": 500, "request_latency": 5.0,
          "electricity_mix_zone": "USA"}  # fmt: skip


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


@contextmanager
def served(
    python: str, folder: Path, target: str, environment: dict[str, str], *factory: str
) -> Iterator[tuple[int, int]]:
    """A uvicorn worker: (its process id, a port of its own)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        python,
        "-m",
        "uvicorn",
        target,
        *factory,
        "--port",
        str(port),
        "--log-level",
        "error",
        "--no-access-log",
    ]
    with subprocess.Popen(
        command, cwd=folder, env=_clean(os.environ) | environment, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield server.pid, port
        finally:
            server.terminate()


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without our own search path: both services call their package `app`."""
    return {name: value for name, value in environment.items() if name != "PYTHONPATH"}


def load(server: tuple[int, int], path: str, body: dict[str, Any], seconds: int) -> tuple[float, float]:
    """(answered requests per second, requests per second of the server's CPU) under wrk with 16 connections.

    An answer that is not 2xx stops the measurement.
    """
    process, port = server
    began = _cpu_seconds(process)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
            f"wrk.body = {json.dumps(json.dumps(body))}\n"
        )
        script.flush()
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{port}{path}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise SystemExit(f"not every answer was 2xx: {output}")
    answered = float(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, answered / (_cpu_seconds(process) - began)


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def over_http(rounds: int, seconds: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """For each round ours and theirs: requests per second, and per second of CPU."""
    with tempfile.TemporaryDirectory() as folder:
        ours_environment = {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        with (
            served(sys.executable, ROOT, "mlquote.main:create_app", ours_environment, "--factory") as ours,
            served(str(PEER), PEER_API, "mlquote.main:app", {"PYTHONWARNINGS": "ignore"}) as theirs,
        ):
            ask_us = (ours, "/v1/estimates/training", OURS)
            ask_them = (theirs, "/v1beta/estimations", THEIRS)
            load(*ask_us, 2)
            load(*ask_them, 2)
            return [(load(*ask_us, seconds), load(*ask_them, seconds)) for _ in range(rounds)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    asked = parser.parse_args()
    rate = in_process(snapshot_from_files(bundled_folder()), asked.rounds)
    print(f"in process            {rate:8,.0f} training estimates/s on one core")
    if not PEER.exists() or not PEER_API.exists() or shutil.which("wrk") is None:
        print("over HTTP             not measured: needs wrk and both peers (see the head of this file)")
        return
    pairs = over_http(asked.rounds, asked.seconds)
    for name, side in (("mlquote", 0), ("EcoLogits", 1)):
        rate, per_cpu = (median(pair[side][i] for pair in pairs) for i in (0, 1))
        print(f"over HTTP, {name:10} {rate:8,.0f} requests/s, {per_cpu:8,.0f} per second of CPU")
    wall, cpu = (median(ours[i] / theirs[i] for ours, theirs in pairs) for i in (0, 1))
    print(f"ratio                 {wall:8.2f} by the clock, {cpu:.2f} by CPU")


if __name__ == "__main__":
    main()
