"""What a hostile caller sends costs little, and is answered: bodies, parameters, numbers, text, sockets."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from mlquote.kit.errors import TooMany, Unavailable
from mlquote.web.desks import Desk
from mlquote.web.guards.connections import MOST_HEAD_BYTES, GuardedProtocol

YAML, TOML = {"content-type": "application/yaml"}, {"content-type": "application/toml"}
CHECK = "/v1/budgets/x/checks"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (YAML, "\n".join(f"a{n}: 1" for n in range(3000))),
        (YAML, "\n".join(f"a{n}: {{x: 1}}" for n in range(3000))),
        (TOML, "\n".join(f"[a{n}]\nx=1" for n in range(3000))),
        (TOML, "a = " + "[" * 1000 + "]" * 1000),
        (TOML, "a = " + "9" * 5000),
        (TOML, "a = 1e9999999999999999999"),
        (YAML, "1: 2"),
        (YAML, "true: x"),
        (YAML, "2024-01-01: 3"),
        (YAML, "a: !!bool zz"),
        (YAML, "a: !!int ''"),
        (YAML, "a: \0"),
        (YAML, "params: 7e9\ntokens: 15:00:00\naccelerator: h100\naccelerator_count: 8\n"),
        ({}, '{"question": {"model": "\\ud800", "tokens": 1}}'),
        ({}, '{"question": {"params": 1e9999999999999999999, "tokens": 1}}'),
        ({}, '{"question": {"params": 1, "params": 2}}'),
        ({}, '{"question": ' + "[" * 500 + "]" * 500 + "}"),
    ],
)
def test_a_text_beyond_a_bound_is_refused_with_few_faults(client, headers, text) -> None:
    answer = client.request("POST", CHECK, content=text.encode(), headers=headers)
    assert answer.status_code == 422, answer.text[:300]
    assert 1 <= len(answer.json()["errors"]) <= 50


def test_unknown_names_of_a_question_are_counted_and_few_are_told(client) -> None:
    answer = client.post("/v1/estimates/training", {f"a{n}": 1 for n in range(5000)})
    assert answer.status_code == 422 and len(answer.json()["errors"]) == 50
    assert "4999 more" in answer.json()["detail"] or "5000 more" in answer.json()["detail"]
    assert client.post("/v1/estimates/training", {f"a{n}": 1 for n in range(20_001)}).status_code == 413
    many = "&".join(f"p{n}=1" for n in range(301))
    assert client.request("GET", f"/v1/estimates/training?{many}").status_code == 413


@pytest.mark.parametrize("path", ["/v1/estimates/inference", "/v1/estimates/training"])
def test_a_field_that_is_set_twice_is_refused(client, path) -> None:
    answer = client.request("POST", path, content=b'{"model": "gpt-4o", "usage": {}, "model": "gpt-4"}')
    assert answer.status_code == 422 and "set twice" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999", "1e9999999999999999999"])
@pytest.mark.parametrize("field", ["params", "tokens", "accelerator_count", "accelerator_hours", "batch_tokens"])
def test_a_number_of_endless_exponent_is_refused_on_get(client, field, number) -> None:
    asked = {"params": "7e9", "tokens": "1e9", "accelerator": "h100-sxm", "accelerator_count": "8", field: number}
    answer = client.get("/v1/estimates/training", **asked)
    assert answer.status_code == 422 and f"/{field}" in str(answer.json()["errors"])


def test_what_was_sent_is_quoted_in_short(client) -> None:
    answer = client.post("/v1/losses/evaluate", {"loss": "ab" * 1_000_000})
    assert answer.status_code == 422 and len(answer.content) < 10_000


@pytest.mark.parametrize(
    "array",
    [
        {"$b64": {"dtype": [], "shape": [1], "data": ""}},
        {"$b64": {"dtype": {}, "shape": [1], "data": ""}},
        {"$b64": {"dtype": "<f8", "shape": [0, 2**39, 2**39], "data": ""}},
        {"$part": "x", "tensor": ["a"]},
        {"$part": "x", "tensor": {}},
    ],
)
def test_an_odd_array_is_refused(client, array) -> None:
    answer = client.post("/v1/losses/evaluate", {"loss": "mse", "predictions": array, "targets": [1]})
    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["after=9223372036854775808", "reservation=%00"])
def test_an_odd_page_of_a_ledger_is_refused(client, query) -> None:
    assert client.request("GET", f"/v1/budgets/x/ledger?{query}").status_code == 422


def test_a_line_with_an_endless_number_costs_its_line(client) -> None:
    good = {"provider": "openai", "model": "gpt-4o", "input_tokens": 10, "output_tokens": 1}
    log = f'{json.dumps(good)}\n{{"model": "gpt-4o", "input_tokens": 1e9999999999999999999}}\n{json.dumps(good)}\n'
    answer = client.request(
        "POST", "/v1/usage/cost", content=log.encode(), headers={"content-type": "application/x-ndjson"}
    )
    assert answer.status_code == 200
    assert [line["line"] for line in answer.json()["malformed_lines"]] == [2]


def test_a_desk_bounds_who_waits_and_for_how_long() -> None:
    desk, held = Desk("trying", threads=1, waiting=0, seconds=0.05), threading.Event()

    async def asked() -> None:
        with pytest.raises(Unavailable, match="trying"):
            await desk.do(held.wait, 5)
        with pytest.raises(TooMany):
            await desk.do(int)
        held.set()

    asyncio.run(asked())


@pytest.fixture
def port(service: FastAPI) -> Iterator[int]:
    """The service on a real socket, with times short enough for a test."""

    class Hasty(GuardedProtocol):
        head_seconds, body_seconds, most = 0.3, 0.3, 20

    config = uvicorn.Config(service, port=0, http=Hasty, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(5)
    assert not thread.is_alive(), "the service did not leave"


def _sent(port: int, data: bytes, *, wait_s: float = 3.0) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as held:
        held.sendall(data)
        found = b""
        while piece := held.recv(65536):
            found += piece
        return found


ALIVE = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [b"", b"GET /heal", b"POST /v1/estimates/training HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"],
    ids=["silent", "half a head", "half a body"],
)
def test_a_caller_who_stops_is_let_go(port, data) -> None:
    assert _sent(port, data) == b""  # closed by us: a read that timed out would raise


def test_a_head_without_end_is_431(port) -> None:
    head = b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + b"x-a: " + b"b" * MOST_HEAD_BYTES
    assert b" 431 " in _sent(port, head + b"\r\n\r\n").split(b"\r\n")[0]
    assert b" 200 " in _sent(port, ALIVE).split(b"\r\n")[0]


def test_silent_callers_make_room(port) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    assert b" 200 " in _sent(port, ALIVE).split(b"\r\n")[0]
    for each in silent:
        each.close()
