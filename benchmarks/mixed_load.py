"""Mixed load over two workers for minutes, a release published in the middle: no error, no mixed answer, flat memory.

    python benchmarks/mixed_load.py [--minutes 3] [--workers 2]

Eight callers ask quotes of tokens, training and serving, losses, catalogue pages, budget checks and batches, each on a
connection of its own. Halfway another release is published into the same database by another process, as an operator
would. Printed: requests by status, memory each half minute, when the last worker answered from the new release, and
whether any answer named two releases or two calls of one question under one release differed.
"""

import argparse
import csv
import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CALLERS = 8
SEEN_WITHIN_S = 5.0
GET = (
    "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000&output_tokens=10&as_of=2026-11-20",
    "/v1/estimates/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1000&as_of=2026-11-20",
    "/v1/estimates/training?params=7e9&tokens=1e12&accelerator=h100-sxm&as_of=2026-11-20",
    "/v1/estimates/serving?model=llama-3.1-70b&accelerator=h100-sxm&accelerator_count=4&as_of=2026-11-20",
    "/v1/catalog/accelerators?limit=20",
    "/readyz",
)
QUESTION = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 10, "output_tokens": 1}}
POST: tuple[tuple[str, bytes], ...] = (
    ("/v1/losses/evaluate", json.dumps({"loss": "mse", "predictions": [1, 2], "targets": [0, 0]}).encode()),
    ("/v1/estimates/inference/batch", b"\n".join([json.dumps(QUESTION).encode()] * 50)),
    ("/v1/budgets/mixed/checks", json.dumps({"question": QUESTION, "reserve": True}).encode()),
)


class Service:
    """A service with workers on a database of its own."""

    def __init__(self, folder: Path, workers: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/mixed.sqlite3"}
        command = [sys.executable, "-m", "mlquote", "serve", "--port", str(self.port), "--workers", str(workers)]
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)
        while self.asked("GET", "/healthz")[0] != 200:
            if self.process.poll() is not None:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.2)

    def command(self, *arguments: str) -> str:
        """What a command of ours prints, run beside the service on its database."""
        made = [sys.executable, "-m", "mlquote", *arguments]
        return subprocess.run(made, env=self.environment, capture_output=True, text=True, check=True).stdout

    def asked(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Status and body over a connection of its own; 0 where nobody answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def memory_mb(self) -> int:
        """Memory of parent and workers, shared pages once."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = 0
        for one in [str(self.process.pid), *children]:
            told = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)
            found += int(told[1]) if told else 0
        return found // 1000


class Callers:
    """What was asked and answered."""

    def __init__(self, service: Service, key: str) -> None:
        self.service, self.key, self.until = service, key, time.monotonic()
        self.statuses: Counter[str] = Counter()
        self.answers: dict[tuple[str, str], bytes] = {}
        self.last_of: dict[str, float] = {}
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def ask(self, seed: int) -> None:
        """Ask until it is over."""
        draw = random.Random(seed)
        while time.monotonic() < self.until:
            if draw.random() < 0.8:
                path = draw.choice(GET)
                method, (status, body) = "GET", self.service.asked("GET", path)
            else:
                path, sent = draw.choice(POST)
                method, (status, body) = "POST", self.service.asked("POST", path, sent, Authorization=self.key)
            with self._lock:
                self.note(method, path, status, body)
            time.sleep(0.01)

    def note(self, method: str, path: str, status: int, body: bytes) -> None:
        """Keep what an answer says of itself."""
        self.statuses[f"{method} {path.partition('?')[0]} {status}"] += 1
        if "/estimates/" not in path or status != 200:
            return
        named = set(re.findall(rb'"release":"(\d{4}-[^"]+)"', body)) - {b""}
        if len(named) != 1:
            self.faults.append(f"{path}: {len(named)} releases in one answer")
            return
        release = named.pop().decode()
        self.last_of[release] = time.monotonic()
        if method == "GET":
            known = self.answers.setdefault((path, release), body)
            if known != body:
                self.faults.append(f"{path}: two answers under {release}")


def publish(service: Service, folder: Path) -> None:
    """Another release, of the next day: the bundled rows, one of them with another note."""
    data = folder / "data"
    shutil.copytree(ROOT / "pricing_data", data)
    stamp = data / "release.toml"
    text = stamp.read_text()
    found = re.search(r"published_on = (\S+)", text)
    assert found, text
    day = date.fromisoformat(found[1]) + timedelta(days=1)
    stamp.write_text(f'published_on = {day}\nnote = "mixed load"\n')
    table = data / "doubts.csv"
    with table.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[-1][-1] += " (read again)"
    with table.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    service.command("catalog", "import", str(data))


def key_of(service: Service) -> str:
    """A key that may make and reserve on a budget."""
    told = service.command("keys", "create", "mixed", "--scope", "budgets:write", "--scope", "budgets:reserve")
    found = re.search(r"mlq_\S+", told)
    assert found, told
    return f"Bearer {found[0]}"


def main() -> int:
    """Run, and print; leaves with 1 where an answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        service = Service(folder, chosen.workers)
        try:
            return _run(service, folder, chosen.minutes * 60)
        finally:
            service.process.terminate()
            service.process.wait(20)
            service.log.close()


def _run(service: Service, folder: Path, seconds: float) -> int:
    key = key_of(service)
    budget: dict[str, Any] = {"limits": [{"figure": "cost_usd", "per": "total", "fail_above": 1e6}]}
    status, body = service.asked("PUT", "/v1/budgets/mixed", json.dumps(budget).encode(), Authorization=key)
    if status not in (200, 201):
        raise SystemExit(f"no budget: {status} {body[:500]!r}")
    callers, began = Callers(service, key), time.monotonic()
    callers.until = began + seconds
    threads = [threading.Thread(target=callers.ask, args=(seed,)) for seed in range(CALLERS)]
    for thread in threads:
        thread.start()
    memory, published, swapped = [], False, began
    while time.monotonic() < callers.until:
        memory.append(service.memory_mb())
        if not published and time.monotonic() - began >= seconds / 2:
            publish(service, folder)
            published, swapped = True, time.monotonic()
        time.sleep(min(30.0, seconds / 12))
    for thread in threads:
        thread.join()
    return _told(callers, memory, swapped)


def _told(callers: Callers, memory: list[int], swapped: float) -> int:
    for name, count in sorted(callers.statuses.items()):
        print(f"{count:8} {name}")
    releases = sorted(callers.last_of, key=lambda release: callers.last_of[release])
    late = callers.last_of[releases[0]] - swapped
    print(f"releases: {', '.join(releases)}; the old one answered last {late:.1f} s after the new one was published")
    print(f"memory, MB: {' '.join(map(str, memory))}")
    failed = [name for name in callers.statuses if name.rsplit(" ", 1)[1] not in ("200", "201")]
    if len(releases) != 2 or late > SEEN_WITHIN_S:
        callers.faults.append("the new release was not seen in time")
    for fault in [*failed, *callers.faults[:20]]:
        print(f"FAULT {fault}")
    return 1 if failed or callers.faults else 0


if __name__ == "__main__":
    sys.exit(main())
