"""How many questions a second does the batch endpoint answer, over HTTP with parsing, beside genai-prices in process?

`make peers`, then `python benchmarks/bench_batch.py` (PEER names another interpreter with genai-prices). One worker;
server and peer run on the same core in turns, the client on another; every figure is compared with the peer's. What
counts is the ratio, of CPU time, which other work on the machine hardly moves. Twice: questions that give their counts,
and provider responses, where the peer extracts the usage as well.
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
PEER = os.environ.get("PEER", str(ROOT / ".peers/prices/bin/python"))
PEER_ROWS, ROWS, TURNS = 4_000, 100_000, int(os.environ.get("TURNS", "5"))
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
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
from genai_prices import Usage, calc_price, extract_usage
rows = [json.loads(line) for line in sys.stdin]
when = datetime(2026, 11, 19, 12, tzinfo=UTC)
calls = []
for row in rows:
    if "provider_response" in row:
        calls.append((row["provider_response"], None, row["provider"]))
        continue
    counts = row["usage"]
    total = counts["input_tokens"] + counts["cache_read_tokens"]
    cached, said = counts["cache_read_tokens"], counts["output_tokens"]
    usage = Usage(input_tokens=total, output_tokens=said, cache_read_tokens=cached)
    calls.append((usage, row["model"], row["provider"]))
def price(call):
    usage, model, provider = call
    if model is None:
        found = extract_usage(usage, provider_id=provider, api_flavor="chat")
        usage, model = found.usage, found.model.id
    return calc_price(usage, model, provider_id=provider, genai_request_timestamp=when).total_price
for call in calls[:50]: price(call)
started = time.process_time()
prices = [price(call) for call in calls]
spent = time.process_time() - started
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


def responses(asked: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same calls of OpenAI models as chat completions say them."""
    told = []
    for one in asked:
        usage = one["usage"]
        assert isinstance(usage, dict)
        prompt, said = usage["input_tokens"] + usage["cache_read_tokens"], usage["output_tokens"]
        counts = {
            "prompt_tokens": prompt,
            "completion_tokens": said,
            "total_tokens": prompt + said,
            "prompt_tokens_details": {"cached_tokens": usage["cache_read_tokens"], "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": said // 2, "audio_tokens": 0},
        }
        body = {"id": "chatcmpl-x", "object": "chat.completion", "model": "gpt-5-2025-08-07", "usage": counts}
        told.append({"provider": "openai", "provider_response": body, "as_of": one["as_of"]})
    return told


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
    command = [sys.executable, "-m", "uvicorn", "--factory", "mlquote.main:create_app", "--port", str(port)]
    environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
    return subprocess.Popen(
        ["taskset", "-c", "0", *command, "--no-access-log", "--log-level", "warning"], cwd=ROOT, env=environment
    )


def ready(port: int) -> None:
    """Wait until the service answers."""
    for _ in range(3000):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def cpu_s(pid: int) -> float:
    """The seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def ours(port: int, pid: int, body: bytes, rows: int) -> tuple[float, bytes]:
    """The whole exchange: lines sent, answers read to the last; lines a second of the service's CPU."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = cpu_s(pid)
    connection.request("POST", "/v1/estimates/inference/batch", body, {"Content-Type": "application/x-ndjson"})
    answer = connection.getresponse().read()
    return rows / (cpu_s(pid) - started), answer


def measure(port: int, pid: int, title: str, rows: list[dict[str, object]], goal: str = "") -> None:
    """Both sides in turns; medians, the ratio, and how many figures are the same."""
    body = "\n".join(json.dumps(row) for row in rows).encode()
    ours(port, pid, body, len(rows))
    speeds, ratios, peers = [], [], []
    for _ in range(TURNS):
        theirs, expected = peer(rows[:PEER_ROWS])
        speed, answer = ours(port, pid, body, len(rows))
        speeds.append(speed)
        peers.append(theirs)
        ratios.append(speed / theirs)
    lines = answer.splitlines()
    assert len(lines) == len(rows)
    got = [json.loads(line, parse_float=Decimal)["result"]["cost_usd"] for line in lines[:PEER_ROWS]]
    same = sum(ours_usd == their_usd for ours_usd, their_usd in zip(got, expected, strict=True))
    print(title)
    print(
        f"  batch over HTTP {median(speeds):>10,.0f} questions/s of CPU ({len(answer) / len(rows):.0f} bytes an answer)"
    )
    print(f"  genai-prices    {median(peers):>10,.0f} calls/s of CPU, in process")
    print(f"  ratio           {median(ratios):>10.1f} x{goal}, {min(ratios):.1f} to {max(ratios):.1f}")
    print(f"  same figure     {same:>10,} of {PEER_ROWS:,}")


def main() -> None:
    """Start the service, measure, stop it."""
    os.sched_setaffinity(0, set(list(os.sched_getaffinity(0))[-1:]))
    asked = questions(ROWS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        service = serve(port, folder)
        try:
            ready(port)
            measure(port, service.pid, "counts given", asked, goal=" (goal 8)")
            measure(port, service.pid, "provider responses", responses(asked[: ROWS // 4]), goal=" (goal 4)")
        finally:
            service.terminate()
            service.wait()


if __name__ == "__main__":
    main()
