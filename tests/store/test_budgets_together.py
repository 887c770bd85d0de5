"""Many at once: never more than the limit, nothing lost, nothing doubled, whatever is killed in between."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mlquote.kit.errors import Unavailable
from mlquote.spend.reservations import Request
from mlquote.store import reservations
from mlquote.store.api_keys import create_key
from mlquote.store.budgets import history, put_budget
from mlquote.store.engine import migrate, reachable
from mlquote.store.ledger import audit
from tests.store.asking import asking, budget

ROOT = Path(__file__).parents[2]
PROCESSES, EACH = 8, 25
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def amounts(engine: Engine) -> dict[str, Decimal]:
    report = audit(engine, "team")
    assert report["is_balanced"]
    assert report["agrees_with_balances"]
    return {account: amount.central for account, amount in report["sums"]["cost_usd"].items()}


def test_200_reservations_from_8_processes_never_exceed_the_limit(engine: Engine, database_url: str) -> None:
    migrate(engine)
    put_budget(engine, "team", budget(300), now=NOW, by="test")
    commands = [
        [sys.executable, "-m", "tests.store.reserving", database_url, "team", str(n), str(EACH)]
        for n in range(PROCESSES)
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for command in commands]
    told = [json.loads(line) for process in running for line in process.communicate(timeout=120)[0].splitlines()]
    assert [process.returncode for process in running] == [0] * PROCESSES
    assert len(told) == PROCESSES * EACH
    sums = amounts(engine)
    # 200 asks of 1 to 7 dollars, a third of them closed for $1 or nothing: the limit is reached and never passed
    assert 300 - 7 < sums["held"] + sums["spent"] <= 300
    assert {answer["verdict"] for answer in told} == {"pass", "fail"}
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id FROM reservations")).scalars().all()
    assert sorted(kept) == sorted(answer["id"] for answer in told if answer["id"])


def test_a_budget_that_many_create_at_once_is_one_budget(engine: Engine) -> None:
    migrate(engine)
    with ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(put_budget, engine, "team", budget(n % 2), now=NOW, by="test") for n in range(32)]
        made = [each.result() for each in puts]
    assert sum(created for _, created in made) == 1
    assert max(record.version for record, _ in made) == len(history(engine, "team"))


class Server:
    """The real service in a process of its own, killed and started again on the same port and database."""

    def __init__(self, database_url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = os.environ | {"MLQUOTE_DATABASE_URL": database_url}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "mlquote", "serve", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def test_kill_9_and_retries_lose_nothing_and_double_nothing(engine: Engine, database_url: str) -> None:
    migrate(engine)
    put_budget(engine, "team", budget(500), now=NOW, by="test")
    _, key = create_key(engine, "ci", ["budgets:reserve"], now=NOW, by="test")
    server = Server(database_url)
    url = f"http://127.0.0.1:{server.port}/v1/budgets/team/checks"
    answers: dict[str, dict] = {}
    tries = [0]

    def work(worker: int) -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            for turn in range(EACH):
                name = f"{worker}-{turn}"
                tokens = 100_000 * (1 + (worker + turn) % 7)  # gpt-4o output is $10 per million: $1 to $7
                question = {"provider": "openai", "model": "gpt-4o", "usage": {"output_tokens": tokens}}
                answers[name] = _until_answered(client, url, name, {"question": question, "reserve": True}, tries)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(PROCESSES)]
    for each in workers:
        each.start()
    try:
        for answered in (30, 80, 140):
            while len(answers) < answered and any(each.is_alive() for each in workers):
                time.sleep(0.002)
            server.kill()
            server.start()
        for each in workers:
            each.join(120)
    finally:
        server.kill()
    assert len(answers) == PROCESSES * EACH
    assert tries[0] > len(answers), "nobody had to try again: the kills came too late to prove anything"
    held = {name: answer["reservation"] for name, answer in answers.items() if answer["reservation"]}
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id FROM reservations")).scalars().all()
    assert sorted(kept) == sorted(each["id"] for each in held.values())
    total = amounts(engine)["held"]
    assert total == sum(Decimal(str(each["asked"]["cost_usd"]["central"])) for each in held.values())
    assert 500 - 7 < total <= 500


def _until_answered(client: httpx.Client, url: str, key: str, body: dict, tries: list[int]) -> dict:
    until = time.monotonic() + 100
    while True:
        tries[0] += 1
        try:
            response = client.post(url, json=body, headers={"Idempotency-Key": key})
            if response.status_code == 200:
                return response.json()
            assert response.status_code == 503, response.text
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


@pytest.mark.parametrize("crash", ["before", "inside"])
def test_a_reservation_that_dies_inside_its_transaction_leaves_nothing(engine: Engine, crash: str, monkeypatch) -> None:
    migrate(engine)
    put_budget(engine, "team", budget(), now=NOW, by="test")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reservations, "post" if crash == "before" else "described", die)
    request = Request("test", NOW, "job-1", "a")
    with pytest.raises(KeyboardInterrupt):
        reservations.reserve(engine, "team", asking(60), request, labels={})
    monkeypatch.undo()
    assert audit(engine, "team")["entries"] == 0
    assert reservations.reserve(engine, "team", asking(60), request, labels={})["verdict"] == "pass"
    assert amounts(engine)["held"] == 60


def test_a_database_too_busy_to_answer_is_unavailable_not_a_crash() -> None:
    with pytest.raises(Unavailable), reachable():
        raise PoolTimeout("no connection is free")
