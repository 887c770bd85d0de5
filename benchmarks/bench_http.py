"""A token quote and a training quote over HTTP, beside FastAPI and raw ASGI of the same shapes and beside peers.

    python benchmarks/bench_http.py [--rounds 3] [--seconds 1] [--workers 2] [--ours]

One process each, all up at once, driven in turn (ours, theirs, ours, ...) by 1, 8 and 32 connections that each ask
again as soon as they are answered. CPU is the server's own, user and system, from /proc: other work on the machine
moves it least. Ratios are taken within a round, and the median of rounds is printed; above 1 we do more with a second
of CPU. `busiest` is the CPU of the process that had most to do, over all requests, at 32 connections: what bounds a
service of several workers once it has cores enough, so that two workers can be told from one on two cores that the
callers use too; what the workers gain is one worker's over it. What the tutorial and the raw application do is in
http_shapes.py: the same answer, recorded, and a product; the tutorial declares every field that our questions have, or
the few that are asked.

Peers run from environments of their own and are left out where these are not there:

    git clone https://github.com/mlco2/ecologits-api .peers/ecologits-api
    .peers/ecologits/bin/pip install ecologits fastapi 'uvicorn[standard]' pydantic-settings
    .peers/boavizta/bin/pip install boaviztapi uvloop httptools
    .peers/litellm-proxy/bin/pip install 'litellm[proxy]'
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import uvloop

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".peers"
CONNECTIONS = (1, 8, 32)
TOKEN = "provider=openai&model=gpt-4o&input_tokens=12000&output_tokens=800&cache_read_tokens=4000"
TRAINING = {"model": "llama-3.1-8b", "tokens": 15e12, "accelerator": "h100-sxm", "accelerator_count": 512,
            "grid_zone": "USA", "date": "2024-07-01"}  # fmt: skip
IMPACTS = {"provider": "openai", "model_name": "gpt-4o-mini", "output_token_count": 500, "request_latency": 5.0,
           "electricity_mix_zone": "USA"}  # fmt: skip
SPENT = {"completion_response": {
    "id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4o",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    "usage": {"prompt_tokens": 12000, "completion_tokens": 800, "total_tokens": 12800}}}  # fmt: skip


@dataclass(slots=True)
class Measured:
    """What one round of one target came to."""

    cpu_us: float
    busiest_us: float
    answered_per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(slots=True)
class Target:
    """One question at one running server."""

    name: str
    process: int
    port: int
    request: bytes
    rounds: dict[int, list[Measured]] = field(default_factory=dict)

    def median_of(self, connections: int, what: str) -> float:
        """The median of rounds."""
        return median(getattr(one, what) for one in self.rounds[connections])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def tree(process: int) -> list[int]:
    """A process and its children."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def cpu_seconds(process: int) -> dict[int, float]:
    """User and system time of a process and each of its children."""
    found = {}
    for one in tree(process):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        found[one] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


@contextmanager
def served(command: list[str], port: int, folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """A server on a port: its process."""
    path = f"{ROOT / 'benchmarks'}"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONPATH": path}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=folder, env=kept | environment, stdout=log, stderr=log) as server,
    ):
        try:
            for _ in range(900):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if server.poll() is not None:
                    log.seek(0)
                    raise SystemExit(f"{command}: {log.read()[-2000:].decode(errors='replace')}")
                time.sleep(0.1)
            yield server.pid
        finally:
            server.terminate()
            server.wait(20)


def asked(method: str, path: str, body: object = None, **headers: str) -> bytes:
    """An HTTP request."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "accept: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content:
        lines += ["content-type: application/json", f"content-length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Asking(asyncio.Protocol):
    """One connection that asks, and asks again once it is answered; every answer must be 200 with a length."""

    def __init__(self, request: bytes, until: float, waits: list[float]) -> None:
        self.request, self.until, self.waits = request, until, waits
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.held = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the request."""
        self.held, self.began = b"", time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Read on until the answer is whole."""
        self.held += data
        head, parted, body = self.held.partition(b"\r\n\r\n")
        if not parted:
            return
        names = head.lower()
        place = names.find(b"content-length:")
        if not head.startswith(b"HTTP/1.1 200") or place < 0:
            self.done.set_exception(ConnectionError(f"not answered: {self.held[:500]!r}"))
            return
        if len(body) < int(names[place + 15 :].split(b"\r\n", 1)[0]):
            return
        now = time.perf_counter()
        self.waits.append(now - self.began)
        if now < self.until:
            self.ask()
        elif not self.done.done():
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that closes has failed."""
        if not self.done.done():
            self.done.set_exception(ConnectionError(f"closed: {self.held[:500]!r}"))


async def drive(target: Target, connections: int, seconds: float) -> Measured:
    """Ask by so many connections for so long."""
    loop, waits = asyncio.get_running_loop(), list[float]()
    cpu, began = cpu_seconds(target.process), time.perf_counter()
    made = [
        await loop.create_connection(lambda: Asking(target.request, began + seconds, waits), "127.0.0.1", target.port)
        for _ in range(connections)
    ]
    try:
        await asyncio.gather(*(protocol.done for _, protocol in made))
    except ConnectionError as error:
        raise SystemExit(f"{target.name}: {error}") from error
    took = time.perf_counter() - began
    spent = [after - cpu.get(one, after) for one, after in cpu_seconds(target.process).items()]
    waits.sort()
    at = [waits[min(len(waits) - 1, int(len(waits) * share))] * 1e3 for share in (0.5, 0.99)]
    return Measured(sum(spent) / len(waits) * 1e6, max(spent) / len(waits) * 1e6, len(waits) / took, *at)


def body_of(port: int, request: bytes) -> bytes:
    """The body that a request is answered with."""
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(request.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
        whole = b"".join(iter(lambda: one.recv(65536), b""))
    return whole.partition(b"\r\n\r\n")[2]


def uvicorn(python: str, port: int, *target: str) -> list[str]:
    """A uvicorn worker."""
    return [python, "-m", "uvicorn", *target, "--port", str(port), "--log-level", "error", "--no-access-log"]


def ours(stack: ExitStack, folder: Path, workers: int) -> list[Target]:
    """Our own service as it is run, its log lines written to a file."""
    port, environment = free_port(), {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench{workers}.sqlite3"}
    command = [sys.executable, "-m", "mlquote", "serve", "--port", str(port)]
    command += ["--workers", str(workers)] if workers > 1 else []
    process = stack.enter_context(served(command, port, folder, environment))
    name = "mlquote" if workers == 1 else f"mlquote, {workers} workers"
    return [
        Target(f"token: {name}", process, port, asked("GET", f"/v1/estimates/inference?{TOKEN}")),
        Target(f"training: {name}", process, port, asked("POST", "/v1/estimates/training", TRAINING)),
    ]


def of_the_same_shapes(stack: ExitStack, folder: Path) -> list[Target]:
    """Tutorial FastAPI and raw ASGI."""
    found = []
    for name, title in (("tutorial", "tutorial FastAPI"), ("short", "the same, few fields"), ("raw", "raw ASGI")):
        port = free_port()
        command = uvicorn(sys.executable, port, "--factory", f"http_shapes:{name}")
        process = stack.enter_context(served(command, port, folder, {"MLQUOTE_SHAPES": str(folder)}))
        found.append(Target(f"token: {title}", process, port, asked("GET", f"/token?{TOKEN}")))
        found.append(Target(f"training: {title}", process, port, asked("POST", "/training", TRAINING)))
    return found


def of_peers(stack: ExitStack, folder: Path) -> list[Target]:
    """The peers that are installed."""
    found, bins = [], {name: PEERS / name / "bin" for name in ("ecologits", "boavizta", "litellm-proxy")}
    if (bins["ecologits"] / "python").exists() and (PEERS / "ecologits-api").exists():
        port = free_port()
        command = uvicorn(str(bins["ecologits"] / "python"), port, "app.main:app")
        environment = {"PYTHONWARNINGS": "ignore"}
        process = stack.enter_context(served(command, port, PEERS / "ecologits-api", environment))
        found.append(Target("training: EcoLogits API", process, port, asked("POST", "/v1beta/estimations", IMPACTS)))
    if (bins["boavizta"] / "python").exists():
        port = free_port()
        command = uvicorn(str(bins["boavizta"] / "python"), port, "boaviztapi.main:app")
        process = stack.enter_context(served(command, port, folder, {}))
        path = "/v1/cloud/instance?provider=aws&instance_type=m5.xlarge&verbose=false"
        found.append(Target("token: BoaviztAPI", process, port, asked("GET", path)))
    if (bins["litellm-proxy"] / "litellm").exists():
        port, key = free_port(), "sk-of-this-benchmark"
        command = [str(bins["litellm-proxy"] / "litellm"), "--host", "127.0.0.1", "--port", str(port)]
        environment = {"LITELLM_MASTER_KEY": key, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR",
                       "PATH": f"{bins['litellm-proxy']}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
        process = stack.enter_context(served([*command, "--telemetry", "False"], port, folder, environment))
        request = asked("POST", "/spend/calculate", SPENT, authorization=f"Bearer {key}")
        found.append(Target("token: litellm proxy", process, port, request))
    return found


def told(targets: list[Target]) -> None:
    """A table: CPU at 8 connections, the times at each number of them, and CPU beside the first target of its kind."""
    times = "".join(f"{f'p50 p99 ms, c{c}':>17}" for c in CONNECTIONS)
    print(f"{'':28}{'CPU us':>8}{'busiest':>8}{'req/s':>8}{times}{'CPU ratio':>11}")
    for target in targets:
        mark = next(one for one in targets if one.name.split(":")[0] == target.name.split(":")[0])
        cells = "".join(
            f"{target.median_of(c, 'p50_ms'):>9.2f}{target.median_of(c, 'p99_ms'):>8.2f}" for c in CONNECTIONS
        )
        ratio = median(b.cpu_us / a.cpu_us for a, b in zip(mark.rounds[8], target.rounds[8], strict=True))
        cpu, rate = target.median_of(8, "cpu_us"), target.median_of(8, "answered_per_s")
        busiest = target.median_of(32, "busiest_us")
        print(f"{target.name:28}{cpu:>8,.0f}{busiest:>8,.0f}{rate:>8,.0f}{cells}{ratio:>11.2f}")
        if target.name.endswith("workers"):
            gains = [a.busiest_us / b.busiest_us for a, b in zip(mark.rounds[32], target.rounds[32], strict=True)]
            print(f"{'':28}{target.name}: {median(gains):.2f} x what one worker can")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=1, help="more than 1: a second service of ours with so many")
    parser.add_argument("--ours", action="store_true", help="no peers")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        targets = ours(stack, folder, 1)
        for target, name in zip(targets, ("token", "training"), strict=True):
            (folder / f"{name}.json").write_bytes(body_of(target.port, target.request))
        targets += ours(stack, folder, chosen.workers) if chosen.workers > 1 else []
        targets += of_the_same_shapes(stack, folder)
        targets += [] if chosen.ours else of_peers(stack, folder)
        targets.sort(key=lambda target: target.name.split(":")[0])
        for target in targets:
            uvloop.run(drive(target, 8, chosen.seconds))  # warm
        for _ in range(chosen.rounds):
            for connections in CONNECTIONS:
                for target in targets:
                    measured = uvloop.run(drive(target, connections, chosen.seconds))
                    target.rounds.setdefault(connections, []).append(measured)
        told(targets)


if __name__ == "__main__":
    main()
