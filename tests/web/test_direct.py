"""Estimates go to their handlers without the framework's stack, and nobody can tell from the answers."""

from fastapi import FastAPI

from mlquote.web.guards.direct import ways_of
from tests.web.conftest import Client

ASKED = (
    "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000&as_of=2026-11-23",
    "/v1/estimates/inference?provider=open%61i&model=gpt-4o&input_tokens=1%2C000&as_of=2026-11-23&format=text",
    "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1&input_tokens=2",
    "/v1/estimates/inference?provider=openai&model=gpt-none&input_tokens=1",
    "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=-1",
    "/v1/estimates/inference?&&provider=openai&model=gpt-4o&input_tokens",
    "/v1/estimates/training?params=7e9&tokens=1e12&accelerator=h100-sxm&as_of=2026-11-23",
    "/v1/estimates/serving?params=7e9&accelerator=h100-sxm&format=nothing",
)


def answers(service: FastAPI) -> list[tuple[int, str, bytes]]:
    client, found = Client(service), []
    for url in ASKED:
        answer = client.request("GET", url)
        found.append((answer.status_code, answer.headers["content-type"], answer.content))
    for body in (b'{"params": 7e9, "tokens": 1e12, "as_of": "2026-11-23"}', b"{", b'{"params": 7e9, "tokns": 1}'):
        answer = client.request("POST", "/v1/estimates/training", content=body)
        found.append((answer.status_code, answer.headers["content-type"], answer.content))
    return found


def test_the_short_way_answers_byte_for_byte_as_the_long_one(service: FastAPI) -> None:
    ways = ways_of(service)
    short, kept = answers(service), dict(ways)
    ways.clear()
    try:
        long = answers(service)
    finally:
        ways.update(kept)
    assert short == long
    assert {status for status, _, _ in short} == {200, 404, 422}


def test_every_question_has_its_short_way_in_both_forms(service: FastAPI) -> None:
    for path in ("inference", "training", "serving"):
        for method in ("GET", "POST"):
            assert (method, f"/v1/estimates/{path}") in ways_of(service)


def test_another_method_and_another_spelling_go_the_long_way(service: FastAPI) -> None:
    client = Client(service)
    assert client.request("DELETE", "/v1/estimates/training").status_code == 405
    assert client.request("GET", "/v1/estimates/training/x").status_code == 404


def test_what_breaks_in_a_handler_is_a_500_without_a_trace(service: FastAPI) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("secret")

    ways = ways_of(service)
    key = ("GET", "/v1/estimates/training")
    kept = ways[key]
    ways[key] = (kept[0], broken)
    try:
        answer = Client(service).request("GET", "/v1/estimates/training")
    finally:
        ways[key] = kept
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
