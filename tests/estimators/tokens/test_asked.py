"""What is asked: by counts, or by a response that decides over what the asker says."""

from typing import Any

import pytest

from mlquote.estimators.tokens.asked import Asked, Beside, asked_by_response, asked_by_usage, same_but_for_date
from mlquote.estimators.tokens.usage import Usage
from mlquote.kit.errors import Malformed

CHAT: dict[str, Any] = {
    "object": "chat.completion",
    "model": "gpt-5-2025-08-07",
    "choices": [],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2},
}
MESSAGE: dict[str, Any] = {
    "type": "message",
    "model": "claude-opus-4-7",
    "usage": {"input_tokens": 3, "output_tokens": 2},
}


def read(provider: str, response: Any, **asked: Any) -> Asked:
    """The response as asked with nothing but these beside it."""
    return asked_by_response(provider, response, Beside(**asked))


def unused(asked: Asked) -> list[str]:
    """The fields that are named as not used."""
    return [warning.detail.partition(":")[0] for warning in asked.warnings if warning.code == "field-not-used"]


def test_counts_need_a_model() -> None:
    with pytest.raises(Malformed) as caught:
        asked_by_usage(None, Usage(input_tokens=1), None, None)
    assert caught.value.faults[0].pointer == "/model"


def test_counts_are_asked_in_the_standard_mode_unless_another_is_named() -> None:
    assert asked_by_usage("m", Usage(input_tokens=1), None, None).processing == "standard"
    assert asked_by_usage("m", Usage(input_tokens=1), "batch", "us") == Asked(
        "m", {"input_tokens": 1}, (), "batch", "us"
    )


@pytest.mark.parametrize(
    ("tier", "asked", "mode", "told"),
    [
        pytest.param("flex", None, "flex", [], id="as served"),
        pytest.param("default", "batch", "batch", [], id="a batch says default"),
        pytest.param("default", "priority", "standard", ["served-otherwise"], id="downgraded, and said"),
        pytest.param(None, "flex", "flex", [], id="as asked, where it does not say"),
    ],
)
def test_the_mode_it_was_served_in_decides(tier: str | None, asked: str | None, mode: str, told: list[str]) -> None:
    found = read("openai", CHAT | ({"service_tier": tier} if tier else {}), processing=asked)
    assert (found.processing, [warning.code for warning in found.warnings]) == (mode, told)


@pytest.mark.parametrize(
    ("geo", "asked", "place", "names"),
    [
        pytest.param("us", None, "us", [], id="the response says"),
        pytest.param("us", "US", "us", [], id="and agrees"),
        pytest.param("us", "eu", "us", ["region"], id="or decides, and that is said"),
        pytest.param("not_available", "us", "us", [], id="where it does not say, the asker does"),
    ],
)
def test_the_place_that_a_response_names_decides(geo: str, asked: str | None, place: str, names: list[str]) -> None:
    message = MESSAGE | {"usage": MESSAGE["usage"] | {"inference_geo": geo}}
    found = read("anthropic", message, region=asked)
    assert (found.region, unused(found)) == (place, names)


def test_a_request_of_which_nothing_is_read_is_named() -> None:
    assert unused(read("openai", CHAT, request={"messages": []})) == ["request"]
    assert unused(read("openai", CHAT, request={"base_url": "https://eu.api.openai.com"})) == []


@pytest.mark.parametrize(
    ("provider", "response", "api", "names"),
    [
        pytest.param("openai", CHAT, "chat.completions", [], id="the word of an SDK"),
        pytest.param("openai", CHAT, "chat", [], id="what it is"),
        pytest.param("anthropic", MESSAGE, "messages", [], id="messages"),
        pytest.param("aws-bedrock", MESSAGE, "invoke", [], id="what Bedrock passes on"),
        pytest.param("anthropic", MESSAGE, "converse", ["api"], id="what it is not"),
    ],
)
def test_an_api_that_the_response_belies_is_named(provider: str, response: Any, api: str, names: list[str]) -> None:
    assert unused(read(provider, response, api=api)) == names


@pytest.mark.parametrize(
    ("model", "asked"),
    [(None, None), ("gpt-5", None), ("GPT-5-2025-08-07", None), ("gpt-5-mini", "gpt-5-mini")],
)
def test_a_model_other_than_the_one_that_answered_is_kept(model: str | None, asked: str | None) -> None:
    assert read("openai", CHAT, model=model).model_asked == asked


def test_names_differ_but_for_a_date() -> None:
    assert same_but_for_date("gpt-4o", "gpt-4o-2024-08-06")
    assert not same_but_for_date("gpt-4", "gpt-4o")


def test_how_a_response_was_read_is_told() -> None:
    told = read("openai", CHAT).read_as
    assert told is not None
    assert (told.dialect, dict(told.counts)) == ("openai-chat", {"input_tokens": 3, "output_tokens": 2})
