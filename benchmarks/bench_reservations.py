"""8 processes reserve 200 times each in one budget while any of them is killed with kill -9: is the ledger exact?

A process that is killed begins again with the same Idempotency-Keys, as a client that retries does. At the end what the
processes were told is compared with what the database holds, to the last digit. One command, both databases:

    MLQUOTE_TEST_POSTGRES_URL=postgresql://USER@HOST/DATABASE python benchmarks/bench_reservations.py

Without that variable SQLite alone is tried. Exits 1 where anything differs.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url

from mlquote.spend.budgets import Budget
from mlquote.store.audit import Wanted, all_written
from mlquote.store.budgets import put_budget
from mlquote.store.engine import Engine, migrate, open_engine
from mlquote.store.ledger import audit
from mlquote.store.reservations import list_reservations

ROOT = Path(__file__).parents[1]
PROCESSES, EACH, LIMIT_USD, KILLS = 8, 200, 2500, 12
NOTHING = {"free": Decimal(0), "held": Decimal(0), "spent": Decimal(0)}


def main() -> None:
    """Try each database and say what was found."""
    server = os.environ.get("MLQUOTE_TEST_POSTGRES_URL", "")
    print("| database | told | passed | failed | killed | held | spent | limit | differences | took |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    found = [tried(kind, url) for kind, url in _addresses(server)]
    sys.exit(any(found))


def tried(kind: str, url: str) -> int:
    """Run all processes to their end, killing some, and count what differs."""
    engine = open_engine(url)
    migrate(engine)
    limit = {"figure": "cost_usd", "per": "total", "fail_above": LIMIT_USD}
    put_budget(engine, "team", Budget.model_validate({"limits": [limit]}), now=datetime.now(UTC), by="bench")
    begun = time.monotonic()
    told, killed = _told(url)
    took_s = time.monotonic() - begun
    sums, wrong = _differences(engine, told)
    passed = sum(answer["id"] is not None for answer in told.values())
    print(
        f"| {kind} | {len(told)} | {passed} | {len(told) - passed} | {killed} | {sums['held']} | {sums['spent']} "
        f"| {LIMIT_USD} | {len(wrong)} | {took_s:.0f} s |"
    )
    for line in wrong:
        print(line)
    engine.dispose()
    return len(wrong)


def _told(url: str) -> tuple[dict[tuple[int, int], dict[str, Any]], int]:
    """What every process was told at every turn, and how often one was killed."""
    dice, told = random.Random(7), {}
    running = {worker: _started(url, worker) for worker in range(PROCESSES)}
    kills_at = [time.monotonic() + 4 * (turn + 1) for turn in range(KILLS)]
    killed = 0
    while running:
        if kills_at and time.monotonic() > kills_at[0]:
            kills_at.pop(0)
            worker = dice.choice(sorted(running))
            if running[worker].poll() is None:
                running[worker].send_signal(signal.SIGKILL)
                killed += 1
        for worker, process in list(running.items()):
            if process.poll() is None:
                continue
            told |= _lines(worker, process)
            if process.returncode == 0:
                del running[worker]
            else:
                running[worker] = _started(url, worker)
        time.sleep(0.02)
    return told, killed


def _started(url: str, worker: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.store.reserving", url, "team", str(worker), str(EACH)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _lines(worker: int, process: "subprocess.Popen[str]") -> dict[tuple[int, int], dict[str, Any]]:
    """The answers that a process printed, by its turns; of one that was killed the last line may be cut."""
    printed = process.communicate()[0]
    whole = printed.splitlines() if printed.endswith("\n") else printed.splitlines()[:-1]
    return {(worker, turn): json.loads(line) for turn, line in enumerate(whole)}


def _differences(engine: Engine, told: dict[tuple[int, int], dict[str, Any]]) -> tuple[dict[str, Decimal], list[str]]:
    """The sums of the ledger, and every way in which the database is not what the processes were told."""
    report = audit(engine, "team")
    sums = NOTHING | {account: amount.central for account, amount in report["sums"].get("cost_usd", {}).items()}
    asked = {worker: random.Random(worker) for worker in range(PROCESSES)}
    held = spent = Decimal(0)
    for (_, turn), answer, dollars in ((at, told[at], asked[at[0]].randint(1, 7)) for at in sorted(told)):
        if answer["id"] is not None and turn % 6 == 0:
            spent += 1
        elif answer["id"] is not None and turn % 6 != 3:
            held += dollars
    kept = {row["id"] for row in list_reservations(engine, "team", datetime.now(UTC), None, 100_000)}
    logged = [
        entry["subject"] for entry in all_written(engine, Wanted(subject="reservation")) if entry["act"] == "reserve"
    ]
    checks = {
        "a turn has no answer": len(told) == PROCESSES * EACH,
        "a transaction is not balanced": report["is_balanced"],
        "the balances are not the sums": report["agrees_with_balances"],
        f"told to hold {held}, held {sums['held']}": held == sums["held"],
        f"told to spend {spent}, spent {sums['spent']}": spent == sums["spent"],
        "the limit was passed": sums["held"] + sums["spent"] <= LIMIT_USD,
        "a reservation was told that is not kept, or kept that was not told": kept
        == {answer["id"] for answer in told.values() if answer["id"] is not None},
        "the log of writes tells of others": sorted(logged) == sorted(f"reservation:{name}" for name in kept),
    }
    return sums, [said for said, holds in checks.items() if not holds]


@contextmanager
def _postgres(server: str) -> Iterator[str]:
    """A database of its own on a server, dropped again."""
    name = f"mlquote_bench_{uuid.uuid4().hex[:10]}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _addresses(server: str) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/mlquote.sqlite3"
    if server:
        with _postgres(server) as url:
            yield "PostgreSQL", url


if __name__ == "__main__":
    main()
