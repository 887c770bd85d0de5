"""Losses over HTTP: the whole call against receiving its body plus computing, JSON against parsing it, quotes beside.

    python benchmarks/bench_losses_http.py [--repeats 15]

Starts two servers on this machine: the service, and a bare endpoint that receives a body and answers nothing. Ratios
are medians of alternating calls in this run; the goals are those of the project's speed promises.
"""

import argparse
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from mlquote.losses.objective import evaluate

ROOT = Path(__file__).parent.parent
QUOTE = "/v1/estimates/inference?model=gpt-4o&input_tokens=1000&output_tokens=500"


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Receive a body and answer nothing."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = []
    while True:
        message = await receive()
        body.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    b"".join(body)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


@contextmanager
def server(target: str, port: int, *options: str) -> Iterator[None]:
    """A uvicorn worker of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT / 'app'}:{ROOT / 'benchmarks'}",
            "MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        }
        command = [sys.executable, "-m", "uvicorn", target, "--port", str(port), "--log-level", "warning", *options]
        process = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            for _ in range(600):
                try:
                    call(port, "GET", "/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait()


def call(port: int, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, {"content-type": kind})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def npy_body(question: dict[str, Any], arrays: dict[str, np.ndarray]) -> tuple[bytes, str]:
    """A multipart body with .npy parts."""
    boundary = "bench-boundary"
    pieces = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="request"\r\n\r\n{json.dumps(question)}\r\n'.encode()
    ]
    for name, array in arrays.items():
        file = io.BytesIO()
        np.save(file, array, allow_pickle=False)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.npy"\r\n\r\n'
        pieces += [head.encode(), file.getvalue(), b"\r\n"]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def took(work: Callable[[], Any]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(repeats: int, *works: Callable[[], Any]) -> list[float]:
    """Median seconds of each work, called in turn."""
    rounds = [[took(work) for work in works] for _ in range(repeats)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the sorted values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def quotes(port: int, seconds: float) -> list[float]:
    """Latencies of quotes asked one after another on one connection."""
    connection, found = http.client.HTTPConnection("127.0.0.1", port), []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection.request("GET", QUOTE)
        connection.getresponse().read()
        found.append(time.perf_counter() - start)
        time.sleep(0.002)
    return found


def main() -> None:
    """Print each ratio with its goal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    draw = np.random.default_rng(0)
    p, y = draw.normal(size=1_000_000), draw.normal(size=1_000_000)
    question = {"loss": "mse", "predictions": {"$part": "p"}, "targets": {"$part": "y"}}
    body, kind = npy_body(question, {"p": p, "y": y})
    with server("bench_losses_http:bare", 8411), server("mlquote.main:create_app", 8412, "--factory"):
        in_process = {"loss": "mse", "predictions": p, "targets": y}
        receive, compute, whole = medians(
            options.repeats,
            lambda: call(8411, "POST", "/", body, kind),
            lambda: evaluate(in_process),
            lambda: call(8412, "POST", "/v1/losses/evaluate", body, kind),
        )
        print(
            f".npy 2 x 1e6: whole {whole * 1e3:.1f} ms, receive {receive * 1e3:.1f} ms, compute {compute * 1e3:.1f} ms"
        )
        print(f"  whole / (receive + compute) = {whole / (receive + compute):.2f} (goal 1.1)")
        half = {"loss": "mse", "predictions": p[:50_000].tolist(), "targets": y[:50_000].tolist()}
        raw = json.dumps(half).encode()
        receive, parse, whole = medians(
            options.repeats,
            lambda: call(8411, "POST", "/", raw),
            lambda: msgspec.json.decode(raw),
            lambda: call(8412, "POST", "/v1/losses/evaluate", raw),
        )
        print(
            f"JSON of 1e5 numbers: whole {whole * 1e3:.1f} ms, receive {receive * 1e3:.1f}, parse {parse * 1e3:.1f} ms"
        )
        print(f"  whole / parse = {whole / parse:.2f}, less receiving {(whole - receive) / parse:.2f} (goal 1.8)")
        focal = {**question, "loss": "focal", "input_form": "logits"}
        heavy, heavy_kind = npy_body(focal, {"p": p, "y": (y > 0).astype(np.float64)})
        quotes(8412, 1.0)
        quiet = quotes(8412, 5.0)
        done = threading.Event()

        def post() -> None:
            while not done.is_set():
                call(8412, "POST", "/v1/losses/evaluate", heavy, heavy_kind)

        poster = threading.Thread(target=post)
        poster.start()
        busy = quotes(8412, 8.0)
        done.set()
        poster.join()
        calm, strained = (quantile(each, 0.99) for each in (quiet, busy))
        print(f"quotes p99: quiet {calm * 1e3:.2f} ms, beside 2 x 1e6 focal {strained * 1e3:.2f} ms")
        print(f"  busy / quiet = {strained / calm:.2f} (goal 4)")


if __name__ == "__main__":
    main()
