"""What nobody read of a response: refused by name, told, or known to be harmless."""

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import OutOfDomain
from tests.estimators.tokens.dialects.chat_sample import chat


@pytest.mark.parametrize(
    "name", ["frobnicated_tokens", "cacheHits", "audio_minutes", "image_tiles", "video_seconds", "characters"]
)
def test_a_count_of_something_billed_is_refused_with_its_pointer_and_the_nearest_name(name: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("together", chat(10, 1, **{name: 7}))
    assert refusal.value.code == "unread-count"
    assert refusal.value.faults[0].pointer == f"/provider_response/usage/{name}"


def test_the_nearest_known_name_is_the_hint() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("together", chat(10, 1, prompt_token=7))
    assert "prompt_tokens" in refusal.value.faults[0].hint


@pytest.mark.parametrize("count", [0, None])
def test_nothing_of_something_unknown_is_nothing(count: int | None) -> None:
    assert read_response("together", chat(10, 1, frobnicated_tokens=count)).warnings == ()


def test_another_number_is_told() -> None:
    (warning,) = read_response("together", chat(10, 1, retries=2)).warnings
    assert (warning.code, "/provider_response/usage/retries (2)" in warning.detail) == ("unread-number", True)


@pytest.mark.parametrize("name", ["queue_time", "total_duration", "latency_ms", "max_output_tokens", "tokens_per_sec"])
def test_times_and_limits_are_no_counts(name: str) -> None:
    assert read_response("together", chat(10, 1, **{name: 7})).warnings == ()


def test_counts_deeper_and_beside_the_usage_are_looked_at_too() -> None:
    for body in (
        chat(10, 1, prompt_tokens_details={"new_tokens": 7}),
        chat(10, 1, some_details=[{"new_tokens": 7}]),
        chat(10, 1) | {"new_tokens": 7},
        chat(10, 1, new_tokens="7"),
    ):
        with pytest.raises(OutOfDomain) as refusal:
            read_response("together", body)
        assert refusal.value.faults[0].pointer.endswith("new_tokens")


def test_counts_that_are_told_once_more_are_not_counted_twice() -> None:
    again = [{"input_tokens": 10, "output_tokens": 1, "x_billing_type": "response_api"}]
    assert read_response("alibaba", chat(10, 1, x_details=again)).counts == {"input_tokens": 10, "output_tokens": 1}
    embedded = {"object": "list", "model": "m", "usage": {"text_tokens": 9, "total_tokens": 9}}
    assert read_response("voyage", embedded).counts == {"input_tokens": 9}
