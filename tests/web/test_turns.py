"""How often a caller may ask: counted by key or by address, said in headers, refused with the seconds to wait."""

import asyncio
import logging
import os
import uuid
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from mlquote.kit.errors import Malformed
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from mlquote.web.guards.callers import HERE, Caller, address
from mlquote.web.guards.metrics import Metrics
from mlquote.web.guards.turns import Heavy, TurnCounters, Turns

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REDIS_URL = os.environ.get("MLQUOTE_TEST_REDIS_URL", "")
POSTGRES_URL = os.environ.get("MLQUOTE_TEST_POSTGRES_URL", "")
STORES = ["", *(url for url in (REDIS_URL, POSTGRES_URL) if url)]
CODES = "/v1/codes/too-many"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory):
    """A service whose strangers may ask three times at once and every 100 s again; keys ten times."""
    database = tmp_path_factory.mktemp("turns") / "mlquote.sqlite3"
    rates = {"address_rate": "36/h burst 3", "key_rate": "36/h burst 10"}
    app = create_app(Settings(database_url=f"sqlite:///{database}", **rates), now=lambda: NOW)
    yield app
    app.state.engine.dispose()


def ask(app: FastAPI, host: str, path: str = CODES, **options) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(host, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
            return await client.get(path, **options)

    return asyncio.run(call())


def test_an_address_has_its_turns_and_then_waits(limited: FastAPI) -> None:
    answers = [ask(limited, "203.0.113.7") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404] * 3 + [429]  # no such code: an answer all the same
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"address";r=2;t=100',
        '"address";r=1;t=200',
        '"address";r=0;t=300',
        '"address";r=0;t=300',
    ]
    refused = answers[-1]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"address";q=3;w=300'}
    assert refused.headers["retry-after"] == "100" and refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "too-many" and "or with a key" in refused.json()["errors"][0]["hint"]
    assert refused.headers["x-request-id"]
    assert ask(limited, "203.0.113.8").status_code == 404, "another address has its own turns"


def test_made_up_keys_are_all_one_address_and_a_real_one_has_its_own_turns(limited: FastAPI) -> None:
    made_up = [ask(limited, "203.0.113.9", headers={"X-API-Key": f"mlq_a_{n}"}).status_code for n in range(4)]
    assert made_up == [404, 404, 404, 429]
    _, text = create_key(limited.state.engine, "ci", ["keys:write"], now=NOW, by="test")
    mine = {"headers": {"Authorization": f"Bearer {text}"}}
    assert '"address"' in ask(limited, "203.0.113.10", "/v1/keys/self", **mine).headers["ratelimit"], "not yet known"
    known = ask(limited, "203.0.113.9", "/v1/keys/self", **mine)
    assert known.status_code == 200 and known.headers["ratelimit"] == '"key";r=9;t=100'


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.3.2.1", "::ffff:127.0.0.1"])
def test_this_machine_itself_never_waits(limited: FastAPI, host: str) -> None:
    answers = [ask(limited, host) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {404}
    assert "ratelimit" not in answers[0].headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_those_who_watch_never_wait(limited: FastAPI, path: str) -> None:
    assert {ask(limited, "203.0.113.11", path).status_code for _ in range(5)} == {200}


def test_a_proxy_that_nobody_trusts_is_named_once_in_the_log(
    limited: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("mlquote"), "propagate", True)
    believed = {"X-Forwarded-For": "203.0.113.30"}  # uvicorn took the caller from it
    assert [ask(limited, "203.0.113.30", headers=believed).status_code for _ in range(4)][-1] == 429
    assert caplog.messages == []
    for _ in range(5):
        ask(limited, "10.1.2.3", headers={"X-Forwarded-For": "203.0.113.31"})
    assert [message for message in caplog.messages if "TRUSTED_PROXIES" in message] == [
        "10.1.2.3 asks for others and is not in MLQUOTE_TRUSTED_PROXIES: they are one caller"
    ]


def test_a_caller_cannot_take_another_address_of_his_own_network() -> None:
    assert address("2001:db8:1:2::9") == address("2001:db8:1:2:ffff::1") == Caller("address", "2001:db8:1:2::/64")
    assert address("::ffff:203.0.113.7") == address("203.0.113.7")
    assert address("127.0.0.1") is HERE
    assert address("a socket") == Caller("address", "a socket")


@pytest.mark.parametrize("text", ["100/q", "x", "10/s burst 0"])
def test_a_rate_that_nobody_can_read_stops_the_start(text: str) -> None:
    with pytest.raises(Malformed) as error:
        TurnCounters({"address": text}, "", Metrics())
    assert error.value.faults[0].pointer == "MLQUOTE_ADDRESS_RATE"


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared counter may take as long as a busy machine makes it."""
    monkeypatch.setattr("mlquote.web.guards.turns._SHARED_SECONDS", 30.0)


@pytest.mark.parametrize("store", STORES)
def test_a_turn_comes_back_after_its_time(store: str, patient: None) -> None:
    with closing(TurnCounters({"key": "1/s burst 2"}, store, Metrics())) as rates:
        caller = Caller("key", uuid.uuid4().hex)

        async def turns() -> list[tuple[bool, int]]:
            await rates.turn(Caller("key", uuid.uuid4().hex))  # whoever counts is there
            taken = [await rates.turn(caller) for _ in range(3)]
            await asyncio.sleep(1.01)
            taken += [await rates.turn(caller), await rates.turn(caller)]
            return [(turn.is_refused, turn.remaining) for turn in taken if turn]

        assert asyncio.run(turns()) == [(False, 1), (False, 0), (True, 0), (False, 0), (True, 0)]


@pytest.mark.parametrize("store", STORES)
def test_replicas_that_share_a_counter_let_pass_together_what_one_would(store: str, patient: None) -> None:
    counters = [TurnCounters({"key": "1/h burst 10"}, store, Metrics()) for _ in range(3 if store else 1)]
    replicas = counters * (3 // len(counters))
    caller = Caller("key", uuid.uuid4().hex)

    async def turns() -> list[bool]:
        await replicas[0].turn(Caller("key", "somebody else"))  # the table is there, and the connections
        taken = await asyncio.gather(*(replica.turn(caller) for _ in range(8) for replica in replicas))
        return [turn.is_refused for turn in taken if turn]

    found = asyncio.run(turns())
    for counter in counters:
        counter.close()
    assert sorted(found) == [False] * 10 + [True] * 14


def test_an_empty_rate_counts_nobody() -> None:
    assert asyncio.run(TurnCounters({"address": ""}, "", Metrics()).turn(address("203.0.113.7"))) is None


@pytest.mark.parametrize("store", ["redis://127.0.0.1:1/0", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_lost_counter_lets_requests_pass_and_says_so(store: str) -> None:
    metrics = Metrics()
    rates = TurnCounters({"address": "1/h"}, store, metrics)

    async def both() -> list[object]:
        return [await rates.turn(address("203.0.113.7")), await rates.turn(address("203.0.113.7"))]

    assert asyncio.run(both()) == [None, None]
    rates.close()
    assert metrics.registry.get_sample_value("mlquote_lost_turns_total") == 1.0, "asked once, then left alone"


def test_strangers_wait_for_their_own_heavy_work_and_then_for_that_of_all(limited: FastAPI) -> None:
    async def work() -> list[int]:
        begun, leave = asyncio.Semaphore(0), asyncio.Event()

        async def slow(scope, receive, send) -> None:
            begun.release()
            await leave.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        turns = Turns(slow, limited, TurnCounters({}, "", Metrics()), Heavy(("/heavy",), (), of_one=2, of_all=3))

        async def post(host: str, path: str = "/heavy") -> httpx.Response:
            transport = httpx.ASGITransport(turns, client=(host, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
                return await client.post(path)

        working = [asyncio.create_task(post(host)) for host in ("203.0.113.1", "203.0.113.1", "203.0.113.2")]
        for _ in working:
            await begun.acquire()
        refused = [await post("203.0.113.1"), await post("203.0.113.3")]
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        light = asyncio.create_task(post("203.0.113.1", "/light"))
        await begun.acquire()
        leave.set()
        answered = [*refused, *await asyncio.gather(*working, light), await post("203.0.113.1")]
        return [answer.status_code for answer in answered]

    assert asyncio.run(work()) == [429, 503, 200, 200, 200, 200, 200]
