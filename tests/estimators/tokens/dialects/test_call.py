"""A response unwrapped from what it came in: a stream, a batch's line, an event, nothing at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.estimators.tokens.dialects.call import Call, served_as, unwrap
from mlquote.estimators.tokens.dialects.reading import Body
from mlquote.kit.errors import Malformed

USAGE = {"prompt_tokens": 3, "completion_tokens": 2}
CHAT = {"model": "m", "usage": USAGE}


@pytest.mark.parametrize(
    ("response", "at", "batch"),
    [
        pytest.param(CHAT, "", False, id="the response itself"),
        pytest.param({"type": "response.completed", "response": CHAT}, "/response", False, id="an event"),
        pytest.param({"custom_id": "1", "response": {"body": CHAT}}, "/response/body", True, id="OpenAI's batch"),
        pytest.param({"custom_id": "1", "result": {"message": CHAT}}, "/result/message", True, id="Anthropic's batch"),
        pytest.param({"recordId": "1", "modelOutput": CHAT}, "/modelOutput", True, id="Bedrock's batch"),
        pytest.param({"key": "1", "response": CHAT}, "/response", True, id="Google's batch"),
        pytest.param({"metadata": CHAT}, "/metadata", False, id="the last event of a Bedrock stream"),
    ],
)
def test_the_counts_are_found_wherever_they_were_wrapped(response: dict[str, Any], at: str, batch: bool) -> None:
    body, is_batch = unwrap(response)
    assert (body.at, is_batch) == (f"/provider_response{at}", batch)
    assert body.values["usage"] == USAGE


def test_a_usage_object_by_itself_is_the_usage_of_a_response() -> None:
    body, _ = unwrap(USAGE)
    assert body.values["usage"] == USAGE
    assert body.pointer("usage") == "/provider_response"


def test_later_usage_of_a_stream_supersedes_earlier() -> None:
    """Counts of a stream are cumulative: 5, not 2 + 5."""
    body, _ = unwrap([{"usage": {"output_tokens": 2, "input_tokens": 7}}, {"usage": {"output_tokens": 5}}])
    assert body.values["usage"] == {"output_tokens": 5, "input_tokens": 7}


@pytest.mark.parametrize(
    "response", ["text", 5, [], [{"delta": "no usage"}], ["text"], {"custom_id": "1", "error": {"code": 1}}]
)
def test_what_carries_no_response_is_refused(response: Any) -> None:
    with pytest.raises(Malformed):
        unwrap(response)


@pytest.mark.parametrize(
    ("word", "batch", "mode"),
    [
        (None, False, None),
        ("default", False, "standard"),
        ("On-Demand", False, "standard"),
        ("flex", False, "flex"),
        ("default", True, "batch"),
        (None, True, "batch"),
        ("auto", False, None),
        ("auto", True, "batch"),
        ("turbo", False, "turbo"),
    ],
)
def test_a_service_tier_is_a_mode_in_the_catalogues_words(word: str | None, batch: bool, mode: str | None) -> None:
    assert served_as(word, batch=batch)[0] == mode


def test_auto_is_a_wish_and_is_said() -> None:
    assert [warning.code for warning in served_as("auto")[1]] == ["service-tier-auto"]


def test_the_response_names_the_model_before_the_request_and_the_asker() -> None:
    request = Body({"modelId": "of the request"}, "/request")
    assert Call("p", Body({"model": "its own"}, ""), request, model="asked").model_named() == "its own"
    assert Call("p", Body({}, ""), request, model="asked").model_named() == "of the request"
    assert Call("p", Body({}, ""), Body({}, "/request"), model="asked").model_named() == "asked"


@pytest.mark.parametrize(
    ("created", "moment"), [(1760000000, datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)), (True, None), (10**12, None)]
)
def test_a_response_says_when_it_was_made(created: Any, moment: datetime | None) -> None:
    assert Call("p", Body({"created": created}, ""), Body({}, "")).answered_at() == moment
