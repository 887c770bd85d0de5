"""How many questions a second does the batch endpoint answer, over HTTP with parsing, beside genai-prices in process?

`PEER=.peers/genai/bin/python python benchmarks/bench_batch.py`, after
`python -m venv .peers/genai && .peers/genai/bin/pip install genai-prices==0.2.3`. One worker; server and peer run on
the same core in turns, the client on another; every answer's figure is compared with the peer's. What counts is the
ratio.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PEER = os.environ.get("PEER", str(ROOT / ".peers/genai/bin/python"))
PEER_ROWS, ROWS, TURNS = 4_000, 100_000, 5
MODELS = (
    ("anthropic", "claude-opus-4-7"),
    ("anthropic", "claude-sonnet-4-5"),
    ("openai", "gpt-5"),
    ("openai", "gpt-5-mini"),
    ("google", "gemini-2.5-flash"),
    ("google", "gemini-2.5-pro"),
)
PEER_CODE = """
import json, sys, time
from datetime import datetime, UTC
from genai_prices import Usage, calc_price
rows = [json.loads(line) for line in sys.stdin]
when = datetime(2026, 11, 19, 12, tzinfo=UTC)
calls = []
for row in rows:
    counts = row["usage"]
    total = counts["input_tokens"] + counts["cache_read_tokens"]
    cached, said = counts["cache_read_tokens"], counts["output_tokens"]
    usage = Usage(input_tokens=total, output_tokens=said, cache_read_tokens=cached)
    calls.append((usage, row["model"], row["provider"]))
price = lambda c: calc_price(c[0], c[1], provider_id=c[2], genai_request_timestamp=when).total_price
for call in calls[:50]: price(call)
started = time.perf_counter()
prices = [price(call) for call in calls]
spent = time.perf_counter() - started
print(json.dumps({"per_s": len(calls) / spent, "usd": [str(p) for p in prices]}))
"""


def questions(count: int) -> list[dict[str, object]]:
    """Random calls of six current models with a cached prefix."""
    dice = random.Random(1)
    asked = []
    for _ in range(count):
        provider, model = dice.choice(MODELS)
        usage = {
            "input_tokens": dice.randrange(1, 20_000),
            "output_tokens": dice.randrange(1, 3_000),
            "cache_read_tokens": dice.randrange(1, 50_000),
        }
        asked.append({"provider": provider, "model": model, "usage": usage, "as_of": "2026-11-19T12:00:00Z"})
    return asked


def peer(rows: list[dict[str, object]]) -> tuple[float, list[Decimal]]:
    """genai-prices on the first core: calls a second, and what it computed."""
    lines = "\n".join(json.dumps(row) for row in rows)
    done = subprocess.run(
        ["taskset", "-c", "0", PEER, "-c", PEER_CODE], input=lines, capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    return answer["per_s"], [Decimal(usd) for usd in answer["usd"]]


def serve(port: int, folder: str) -> subprocess.Popen[bytes]:
    """One worker on the first core, with a database of its own."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
    return subprocess.Popen(
        ["taskset", "-c", "0", *command, "--no-access-log", "--log-level", "warning"], cwd=ROOT, env=environment
    )


def ready(port: int) -> None:
    """Wait until the service answers."""
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not start")


def ours(port: int, body: bytes, rows: int) -> tuple[float, bytes]:
    """The whole exchange: lines sent, answers read to the last."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request("POST", "/v1/estimates/inference/batch", body, {"Content-Type": "application/x-ndjson"})
    answer = connection.getresponse().read()
    return rows / (time.perf_counter() - started), answer


def main() -> None:
    """Measure in turns; print medians and the ratio."""
    os.sched_setaffinity(0, set(list(os.sched_getaffinity(0))[-1:]))
    asked = questions(ROWS)
    body = "\n".join(json.dumps(row) for row in asked).encode()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        service = serve(port, folder)
        try:
            ready(port)
            ours(port, body, ROWS)
            speeds, ratios, peers = [], [], []
            for _ in range(TURNS):
                theirs, expected = peer(asked[:PEER_ROWS])
                speed, answer = ours(port, body, ROWS)
                speeds.append(speed)
                peers.append(theirs)
                ratios.append(speed / theirs)
        finally:
            service.terminate()
            service.wait()
    lines = answer.splitlines()
    assert len(lines) == ROWS
    got = [json.loads(line, parse_float=Decimal)["result"]["cost_usd"] for line in lines[:PEER_ROWS]]
    same = sum(ours_usd == their_usd for ours_usd, their_usd in zip(got, expected, strict=True))
    print(f"batch over HTTP {median(speeds):>10,.0f} questions/s   ({len(answer) / ROWS:.0f} bytes an answer)")
    print(f"genai-prices    {median(peers):>10,.0f} calls/s, in process")
    print(f"ratio           {median(ratios):>10.1f} x  (goal 5), {min(ratios):.1f} to {max(ratios):.1f}")
    print(f"same figure     {same:>10,} of {PEER_ROWS:,}")


if __name__ == "__main__":
    main()
