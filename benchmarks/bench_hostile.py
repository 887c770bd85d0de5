"""Hostile bodies and sockets beside a running quote: how long a quote waited, and what memory grew to.

    python benchmarks/bench_hostile.py [CASE ...]

Starts the service on this machine with its own database, sends each body once while quotes are asked one after another,
and prints the status, the seconds, the longest wait of a quote, and by how much the process's memory grew. Then 1,000
silent sockets, headers of 60 MB, and SIGTERM while a body stands still. What it printed stands in docs/reliability.md.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUOTE = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000&output_tokens=10"
CHECK = "/v1/budgets/x/checks"
YAML, TOML, NDJSON = "application/yaml", "application/toml", "application/x-ndjson"
BODIES: dict[str, tuple[str, str, str]] = {
    "yaml, 20,000 names": (CHECK, YAML, "\n".join(f"a{n}: 1" for n in range(20_000))),
    "yaml, 9,000 questions": (CHECK, YAML, "\n".join(f"a{n}: {{params: 7e9, tokns: 1}}" for n in range(9_000))),
    "toml, 3,000 tables": (CHECK, TOML, "\n".join(f"[a{n}]\nx=1" for n in range(3_000))),
    "toml, 10,000 dotted": (CHECK, TOML, "\n".join("a." * 30 + f"b{n}=1" for n in range(10_000))),
    "check, 20,000 fields": (CHECK, "", '{"question":{' + ",".join(f'"a{n}":1' for n in range(20_000)) + "}}"),
    "training, 20,000 fields": ("/v1/estimates/training", "", "{" + ",".join(f'"a{n}":1' for n in range(20_000)) + "}"),
    "training, 4 MB of fields": (
        "/v1/estimates/training",
        "",
        "{" + ",".join(f'"a{n}":1' for n in range(340_000)) + "}",
    ),
    "loss of an 8 MB name": ("/v1/losses/evaluate", "", '{"loss": "' + "ab" * 4_000_000 + '"}'),
    "10 MB of {} as a log": ("/v1/usage/cost", NDJSON, "{}\n" * 3_300_000),
    "0.6 MB of {} as a batch": ("/v1/estimates/inference/batch", NDJSON, "{}\n" * 200_000),
}


@contextmanager
def service() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of its own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/x.sqlite3"}
        command = [sys.executable, "-m", "mlquote", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while asked(port, "/healthz", 1.0) != 200:
            time.sleep(0.2)
        try:
            yield process, port
        finally:
            process.kill()
            process.wait()


def asked(port: int, path: str, seconds: float = 60.0) -> int:
    """The status of a GET; 0 where nobody answered."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0


def memory_mb(process: subprocess.Popen[bytes]) -> int:
    """The process's largest resident memory so far, MB."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM"))


@contextmanager
def quotes(port: int) -> Iterator[list[float]]:
    """Quotes asked one after another while the context lasts: how long each took, s."""
    waits: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            begun = time.perf_counter()
            status = asked(port, QUOTE)
            waits.append(time.perf_counter() - begun if status == 200 else float("inf"))
            time.sleep(0.005)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.3)
    waits.clear()
    try:
        yield waits
    finally:
        stop.set()
        thread.join()


def send(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    """One body beside quotes, as a line of the table."""
    path, kind, text = BODIES[name]
    body, before = text.encode(), memory_mb(process)
    with quotes(port) as waits:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request("POST", path, body, {"Content-Type": kind} if kind else {})
        answer = connection.getresponse()
        size, took = len(answer.read()), time.perf_counter() - begun
    grown, sent = memory_mb(process) - before, len(body) / 1e6
    seen = f"{answer.status}  {took:6.2f} s  {max(waits, default=0.0):7.3f} s  +{grown:4} MB  {size:>9,} B"
    print(f"{name:26} {sent:6.2f} MB  {seen}", flush=True)


def hold(port: int) -> None:
    """Silent sockets, endless headers: a quote is answered beside them."""
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(1000)]
    with quotes(port) as waits:
        time.sleep(2)
    print(f"1,000 silent sockets: longest wait of a quote {max(waits, default=0.0):.3f} s")
    for each in silent:
        each.close()
    with socket.create_connection(("127.0.0.1", port)) as one, quotes(port) as waits:
        sent = 0
        try:
            one.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n")
            for _ in range(960):
                one.sendall(b"x-a: " + b"b" * 62_500 + b"\r\n")
                sent += 62_507
        except OSError:
            pass
        time.sleep(0.5)
    longest = max(waits, default=0.0)
    print(f"headers without end: refused after {sent / 1e6:.2f} MB; longest wait of a quote {longest:.3f} s")


def leave(process: subprocess.Popen[bytes], port: int) -> None:
    """SIGTERM while a body stands still."""
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"POST /v1/estimates/training HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        time.sleep(0.2)
        begun = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        print(f"SIGTERM while a body stands still: gone after {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    with service() as (running, at):
        print(f"{'body':26} {'size':>9}  status   took   quote waited  memory   answer")
        for case in sys.argv[1:] or BODIES:
            send(running, at, case)
        hold(at)
        leave(running, at)
