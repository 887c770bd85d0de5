"""The batch: one answer a line, in order, each failing alone, the same figures as the single question."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from mlquote.web.batch_lines import usd_text
from mlquote.web.outbox import Outbox
from mlquote.web.routes.batch import MOST_LINE_BYTES, PATH
from tests.estimators.tokens.test_usage_objects import CASES, FIELDS
from tests.web.conftest import Client

OPUS = {"provider": "anthropic", "model": "claude-opus-4-7"}
QUESTIONS: list[dict[str, Any]] = [
    OPUS | {"usage": {"input_tokens": 1000, "output_tokens": 500, "cache_read_tokens": 10_000}},
    OPUS | {"usage": {"input_tokens": 1000, "output_tokens": 500}, "processing": "batch", "requests": 7},
    OPUS | {"usage": {"input_tokens": 1000}, "region": "us"},
    OPUS | {"usage": {"input_tokens": 1000}, "discount_fraction": 0.15},
    {"provider": "google", "model": "gemini-2.5-pro", "usage": {"input_tokens": 200_001, "output_tokens": 0}},
    {"provider": "google", "model": "gemini-2.5-pro", "usage": {"input_tokens": 200_000, "output_tokens": 1}},
    {"provider": "google", "model": "gemini-2.5-flash", "usage": {"output_tokens": 100, "reasoning_tokens": 60}},
    {"provider": "openai", "model": "gpt-5", "usage": {"output_tokens": 100, "reasoning_tokens": 60}},
    {"provider": "openai", "model": "whisper-1", "usage": {"seconds": 90}},
    {"provider": "deepseek", "model": "deepseek-v4-pro", "usage": {"input_tokens": 9}, "as_of": "2026-10-20T02:00:00Z"},
    {"provider": "deepseek", "model": "deepseek-v4-pro", "usage": {"input_tokens": 9}, "as_of": "2026-08-01"},
    {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 3}, "as_of": "2024-10-01"},
    {
        "provider": "openai",
        "as_of": "2026-11-10",
        "provider_response": {"model": "gpt-5-2025-08-07", "usage": {"prompt_tokens": 9, "completion_tokens": 4}},
    },
]
WRONG: list[dict[str, Any]] = [
    OPUS | {"usage": {"input_tokens": -1}},
    OPUS | {"usage": {"imput": 1}},
    OPUS | {"usage": {"input_tokens": 1}, "processing": "turbo"},
    OPUS | {"usage": {"output_tokens": 5, "reasoning_tokens": 6}},
    {"provider": "anthropic", "model": "claude-opus-99", "usage": {"input_tokens": 1}},
    {"provider": "openai", "provider_response": {"model": "gpt-5", "usage": {"prompt_tokens": 1, "total_tokens": 9}}},
    OPUS | {"usage": {"input_tokens": 1}, "as_of": "yesterday"},
    OPUS | {"usage": {"input_tokens": 1}, "release": "2020-01-01-00000000"},
    {},
]


def lines(questions: list[Any]) -> bytes:
    """Questions as NDJSON."""
    return b"\n".join(json.dumps(q).encode() for q in questions) + b"\n"


def asked(client: Client, body: bytes, path: str = PATH) -> list[dict[str, Any]]:
    """The answers of a batch, amounts as exact decimals."""
    response = client.request("POST", path, content=body)
    assert response.status_code == 200, response.text
    return [json.loads(line, parse_float=Decimal) for line in response.text.splitlines()]


def test_each_line_is_answered_with_the_figures_of_the_single_question(client: Client) -> None:
    answers = asked(client, lines(QUESTIONS))
    assert [answer["index"] for answer in answers] == list(range(len(QUESTIONS)))
    for question, answer in zip(QUESTIONS, answers, strict=True):
        single = json.loads(client.post("/v1/estimates/inference", question).text, parse_float=Decimal)
        result = single["result"]
        assert answer["result"]["cost_usd"] == result["cost_usd"]
        assert answer["catalog"] == {name: single["catalog"][name] for name in ("release", "as_of")}
        assert answer["result"]["context_from_tokens"] == result["context_tier"]["from_tokens"]
        assert (answer["result"]["provider"], answer["result"]["model"]) == (
            single["question"]["provider"],
            single["question"]["model"],
        )
        by_meter = {line["meter"]: line for line in answer["result"]["cost_lines"]}
        assert by_meter == {line["meter"]: line for line in result["cost_lines"]}
        assert answer.get("warnings", []) == single["warnings"]
        assert answer.get("assumptions", []) == single["assumptions"]


def test_every_worked_response_costs_the_same_in_a_batch(client: Client) -> None:
    fields = {name: name for name in FIELDS} | {"provider_response": "response"}
    questions = [{name: case[key] for name, key in fields.items() if key in case} for case in CASES]
    for case, answer in zip(CASES, asked(client, lines(questions)), strict=True):
        if case.get("refused"):
            assert 400 <= answer["status"] < 500, case["id"]
        else:
            assert answer["result"]["cost_usd"] == Decimal(case["cost_usd"]), case["id"]


def test_a_line_that_fails_is_a_problem_in_its_place_and_the_others_are_answered(client: Client) -> None:
    mixed = [item for pair in zip(QUESTIONS, WRONG, strict=False) for item in pair]
    for place, answer in enumerate(asked(client, lines(mixed))):
        assert answer["index"] == place
        if place % 2 == 0:
            assert "result" in answer
            continue
        if "release" in mixed[place]:
            assert (answer["status"], answer["errors"][0]["pointer"]) == (422, "/release")
            continue
        single = client.post("/v1/estimates/inference", mixed[place])
        told = {name: value for name, value in single.json().items() if name != "try"}
        assert answer == {"index": place} | told


def test_what_is_no_json_fails_alone_too(client: Client) -> None:
    body = b'{"provider":\n\n[]\n"text"\nnull\n\xff\xfe\n' + lines(QUESTIONS[:1])
    answers = asked(client, body)
    assert [answer.get("status") for answer in answers] == [422, 422, 422, 422, 422, None]
    assert [answer["index"] for answer in answers] == [0, 1, 2, 3, 4, 5]


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "line",
    [
        b'{"provider": "openai", "provider_response": ' + DEEP + b"}",
        b'{"rate_card": "x", "a": ' + DEEP + b"}",
        b'{"model": "gpt-5", "provider": "openai", "usage": {"input_tokens": ' + b"9" * 6000 + b"}}",
        b'{"model": "gpt-5", "provider": "openai", "usage": {"input_tokens": 1e400}}',
        b'{"model": "gpt-5", "provider": "openai", "usage": {"input_tokens": 1}, "processing": ""}',
        b'{"model": "gpt-5", "provider": "openai", "usage": {"input_tokens": 1}, "as_of": "9999-12-31T23:59:59-23:59"}',
        b'{"model": "gpt-5", "provider": "openai", "usage": {}}',
        b'{"model": "gpt-5", "provider": "\\ud800", "usage": {"input_tokens": 1}}',
        b"\x00",
    ],
)
def test_a_hostile_line_is_refused_like_any_other(client: Client, line: bytes) -> None:
    answers = asked(client, line + b"\n" + lines(QUESTIONS[:1]))
    assert [answer.get("status") for answer in answers] == [422, None]


def test_a_hostile_list_is_refused(client: Client) -> None:
    assert client.request("POST", PATH, content=b"[" + DEEP + b"]").status_code == 422


def test_blank_lines_and_windows_line_ends_are_no_questions(client: Client) -> None:
    body = lines(QUESTIONS[:2]).replace(b"\n", b"\r\n") + b"\r\n  \n"
    assert [answer["index"] for answer in asked(client, body)] == [0, 1]


def test_a_last_line_needs_no_end(client: Client) -> None:
    assert len(asked(client, lines(QUESTIONS[:2]).rstrip())) == 2


def test_a_list_is_answered_as_a_list_with_the_same_answers(client: Client) -> None:
    response = client.post(PATH, QUESTIONS + WRONG)
    assert response.headers["content-type"] == "application/json"
    answers = json.loads(response.text, parse_float=Decimal)
    assert answers == asked(client, lines(QUESTIONS + WRONG))


def test_an_empty_list_has_an_empty_answer_and_an_empty_body_none(client: Client) -> None:
    assert client.post(PATH, []).json() == []
    assert client.request("POST", PATH, content=b" \n").status_code == 422


def test_a_broken_list_is_refused_whole(client: Client) -> None:
    response = client.request("POST", PATH, content=b'[{"a": 1}, ')
    assert (response.status_code, response.json()["code"]) == (422, "malformed")


def test_full_detail_gives_each_line_its_whole_envelope(client: Client) -> None:
    answer = asked(client, lines(QUESTIONS[:1]), PATH + "?detail=full")[0]
    single = json.loads(client.post("/v1/estimates/inference", QUESTIONS[0]).text, parse_float=Decimal)
    del single["links"]  # a line of a batch has no address of its own
    assert answer == {"index": 0} | single


@pytest.mark.parametrize("query", ["?detail=some", "?formt=json", "?release=2020-01-01-00000000"])
def test_an_unknown_parameter_or_release_is_refused_before_anything_is_priced(client: Client, query: str) -> None:
    assert client.request("POST", PATH + query, content=lines(QUESTIONS[:1])).status_code in (404, 422)


def test_a_line_too_long_is_refused_in_its_place(client: Client) -> None:
    long = b'{"model": "' + b"x" * (2 * MOST_LINE_BYTES) + b'"}\n'
    first, last = lines(QUESTIONS[:1]), lines(QUESTIONS[1:2])
    answers = asked(client, first + long + last)
    assert [answer.get("status") for answer in answers] == [None, 413, None]


def test_lines_that_arrive_in_pieces_are_put_together(service: FastAPI) -> None:
    """Any split of the body, also within a line that is too long, gives the same answers."""
    long = b'{"model": "' + b"x" * MOST_LINE_BYTES + b'"}\n'
    body = lines(QUESTIONS[:3]) + long + lines(QUESTIONS[3:5])

    async def posted(size: int) -> str:
        async def pieces() -> Any:
            for start in range(0, len(body), size):
                yield body[start : start + size]

        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as asker:
            return (await asker.post(PATH, content=pieces())).text

    whole = asyncio.run(posted(len(body)))
    assert [json.loads(line).get("status") for line in whole.splitlines()] == [None, None, None, 413, None, None]
    assert asyncio.run(posted(7777)) == whole
    assert asyncio.run(posted(500_000)) == whole


def test_answers_come_while_questions_still_arrive(service: FastAPI) -> None:
    """The first answer is out before the second question is in."""
    order: list[str] = []

    async def exchange() -> None:
        answered = asyncio.Event()
        pending = [lines(QUESTIONS[:1]), lines(QUESTIONS[1:2])]

        async def receive() -> dict[str, Any]:
            if len(pending) == 1:
                await asyncio.wait_for(answered.wait(), 5)
            order.append("in")
            return {"type": "http.request", "body": pending.pop(0), "more_body": bool(pending)}

        async def send(message: Any) -> None:
            if message.get("body"):
                order.append("out")
                answered.set()

        headers = [(b"content-type", b"application/x-ndjson")]
        scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": headers}
        await service(scope | {"http_version": "1.1", "scheme": "http", "asgi": {"version": "3.0"}}, receive, send)

    asyncio.run(exchange())
    assert order == ["in", "out", "in", "out"]


def test_a_client_that_leaves_ends_the_batch_quietly(service: FastAPI) -> None:
    async def leave() -> list[str]:
        messages = [{"type": "http.request", "body": lines(QUESTIONS[:1]), "more_body": True}]
        sent: list[str] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": []}
        await service(scope | {"http_version": "1.1", "scheme": "http", "asgi": {"version": "3.0"}}, receive, send)
        return sent

    assert asyncio.run(leave())[0] == "http.response.start"


def test_a_full_outbox_makes_its_maker_wait_until_all_is_taken() -> None:
    async def go() -> tuple[int, bytes]:
        outbox, put = Outbox(in_memory_bytes=10, in_file_bytes=50), 0

        async def make() -> None:
            nonlocal put
            for number in range(100):
                outbox.put(f"{number:02},".encode())
                put += 1
                await outbox.room()
            outbox.close()

        making = asyncio.create_task(make())
        await asyncio.sleep(0.05)
        before, taken = put, b""
        while block := await outbox.take():
            taken += block
        await making
        outbox.discard()
        return before, taken

    before, taken = asyncio.run(go())
    assert before == 20  # three blocks in memory, then 17 of 3 bytes until the file holds 50
    assert taken == b"".join(f"{number:02},".encode() for number in range(100))


def test_the_outbox_keeps_order_across_memory_and_file() -> None:
    async def passed_through() -> bytes:
        outbox = Outbox(in_memory_bytes=10)
        taken = b""
        for number in range(50):
            outbox.put(f"{number},".encode())
            if number % 7 == 0:
                taken += await outbox.take()
        outbox.close()
        while block := await outbox.take():
            taken += block
        outbox.discard()
        return taken

    assert asyncio.run(passed_through()) == b"".join(f"{number},".encode() for number in range(50))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (1, "0.000000000000000001"),
        (160_000_000_000, "0.00000016"),
        (10**18, "1"),
        (12_340 * 10**15, "12.34"),
        (10**21, "1000"),
    ],
)
def test_amounts_are_written_with_all_their_digits_and_no_more(amount: int, text: str) -> None:
    assert usd_text(amount) == text
