"""The inference door: the quick quote, its formats, and what is refused."""

from decimal import Decimal

import pytest

PATH = "/v1/estimates/inference"
OPUS = {"provider": "anthropic", "model": "claude-opus-4-7"}


def test_the_quick_quote_is_exact(client) -> None:
    answer = client.get(PATH, **(OPUS | {"input_tokens": "1000000", "output_tokens": "1e6"}))
    assert answer.status_code == 200
    assert answer.json(parse_float=Decimal)["result"]["cost_usd"] == 30
    assert answer.json()["rows"][0]["checked_on"]


def test_post_says_the_same_as_get(client) -> None:
    usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
    posted = client.post(PATH, OPUS | {"usage": usage, "processing": "batch"}).json()
    asked = client.get(PATH, **(OPUS | usage | {"processing": "batch"})).json()
    assert posted["result"] == asked["result"]
    assert posted["result"]["cost_usd"] == 15


def test_the_echoed_question_repeats_the_answer(client) -> None:
    first = client.get(PATH, **(OPUS | {"input_tokens": 7, "output_tokens": 9})).json()
    again = client.post(PATH, first["question"] | {"release": first["catalog"]["release"]})
    assert again.json()["result"] == first["result"]


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        pytest.param({"model": "claude-opus-74"}, 404, "/model", id="unknown model"),
        pytest.param({"provider": "antropic"}, 404, "/provider", id="unknown provider"),
        pytest.param({"input_tokens": "-1"}, 422, "/input_tokens", id="negative"),
        pytest.param({"input_tokens": "nan"}, 422, "/input_tokens", id="not a number"),
        pytest.param({"input_tokens": "1.5"}, 422, "/input_tokens", id="half a token"),
        pytest.param({"input_tokens": "1e40"}, 422, "/input_tokens", id="absurd"),
        pytest.param({"prompt_tokens": "1"}, 422, "/prompt_tokens", id="unknown field"),
        pytest.param({"processing": "turbo"}, 422, "/processing", id="unknown mode"),
        pytest.param({"region": "moon"}, 422, "/region", id="unknown region"),
        pytest.param({"requests": "0"}, 422, "/requests", id="no request"),
        pytest.param({"as_of": "yesterday"}, 422, "/as_of", id="no moment"),
    ],
)
def test_bad_questions_name_the_field(client, change: dict[str, str], status: int, pointer: str) -> None:
    answer = client.get(PATH, **(OPUS | {"input_tokens": "5"} | change))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_truth_value_is_no_count(client) -> None:
    answer = client.post(PATH, OPUS | {"usage": {"input_tokens": True}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/usage/input_tokens"
