"""An answer carries its own address: followed, it gives the same result, and may be kept for ever."""

from typing import Any

import pytest

from mlquote.web.guards.caching import LASTING
from tests.web.conftest import Client

INFERENCE, TRAINING = "/v1/estimates/inference", "/v1/estimates/training"
RUN = {"model": "llama-3.1-8b", "tokens": "1T", "accelerator": "8xH100", "region": "us east (ohio)", "provider": "aws"}
CALL = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1000, "output_tokens": 10}, "requests": 3}
LAW = {"op": "loss", "N": 7e9, "D": 1.4e11}


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (INFERENCE, CALL),
        (INFERENCE, CALL | {"discount_fraction": 0.1, "as_of": "2026-11-01"}),
        (TRAINING, RUN),
        (TRAINING, {"params": 8_000_000_000, "tokens": 15e12, "accelerator": "h100", "packing": True, "mfu": 0.4}),
        ("/v1/estimates/serving", {"model": "llama-3.1-8b", "accelerator": "h100", "concurrency": 16.5}),
        ("/v1/scaling-laws/evaluate", LAW),
    ],
)
def test_a_posted_answer_is_found_again(client: Client, path: str, asked: dict[str, Any]) -> None:
    answer = client.post(path, asked).json()
    again = client.request("GET", answer["links"]["self"])
    assert again.status_code == 200, again.text
    assert again.json()["result"] == answer["result"]
    assert again.json()["warnings"] == answer["warnings"]
    assert again.headers["cache-control"] in (LASTING, "no-cache")


def test_an_answer_to_get_names_the_query_it_was_asked_and_nothing_of_how_it_is_shown(client: Client) -> None:
    asked = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1M&detail=brief"
    answer = client.request("GET", asked).json()
    address = answer["links"]["self"]
    assert address.startswith(
        "http://mlquote/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1M&as_of="
    )
    assert "detail" not in address and f"release={answer['catalog']['release']}" in address
    whole = client.request("GET", address)
    assert whole.json()["result"] == answer["result"] and whole.headers["cache-control"] == LASTING
    assert whole.json()["links"]["self"] == address


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (TRAINING, {"architecture": {"params": 8e9}, "tokens": 1e12, "accelerator": "h100"}),
        ("/v1/comparisons", {"provider": "openai", "model": ["gpt-4o", "gpt-4.1"], "usage": {"input_tokens": 9}}),
    ],
)
def test_a_question_that_no_query_spells_says_so(client: Client, path: str, asked: dict[str, Any]) -> None:
    assert client.post(path, asked).json()["links"] == {"self": None}


@pytest.mark.parametrize(
    "query",
    [
        "provider=openai&model=gpt-4o&input_tokens=1000&as_of=2026-11-23&format=json",
        "provider=openai&&model=gpt-4o&input_tokens=1e3&as_of=2026-11-23T00:00:00Z",
        "provider=open%61i&model=gpt-4o&input_tokens=1%2C000&as_of=2026-11-23",
        "provider=openai&model=gpt+4o&input_tokens=1&as_of=2026-11-23&processing=batch",
    ],
)
def test_an_address_without_escapes_is_the_one_that_the_general_way_gives(
    client: Client, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = f"/v1/estimates/inference?{query}"
    plainly = client.request("GET", asked).json()
    monkeypatch.setattr("mlquote.web.permalinks._plain_address", lambda _: None)
    monkeypatch.setattr("mlquote.web.permalinks._plain_place", lambda _: None)
    monkeypatch.setattr("mlquote.web.permalinks._PLAIN_WORDS", lambda _: None)
    assert client.request("GET", asked).json() == plainly
    assert plainly["links"]["self"]


@pytest.mark.parametrize("region", ["us-east-2", "us east (ohio)", "US East (Ohio)"])
def test_a_posted_answers_address_is_the_one_that_the_general_way_gives(
    client: Client, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = RUN | {"region": region, "as_of": "2026-11-23", "epochs": 2, "fused_attention": False, "pue": "1.10"}
    asked |= {"date": "2026-10-01T00:00:00+02:00"}
    plainly = client.post(TRAINING, asked).json()
    for name, value in (("_plain_place", lambda _: None), ("_PLAIN_WORDS", lambda _: None), ("_WORDS", frozenset())):
        monkeypatch.setattr(f"mlquote.web.permalinks.{name}", value)
    assert client.post(TRAINING, asked).json() == plainly
    assert "epochs=2.0&fused_attention=false" in plainly["links"]["self"]
