"""Totals split so that each token is in exactly one count."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import OutOfDomain


@pytest.mark.parametrize(
    ("parts", "counts"),
    [
        pytest.param({"total": 10}, {"input_tokens": 10}, id="all text"),
        pytest.param({"total": 10, "cached": 8}, {"input_tokens": 2, "cache_read_tokens": 8}, id="10 - 8"),
        pytest.param(
            {"total": 10, "cached": 3, "written": 5},
            {"input_tokens": 2, "cache_read_tokens": 3, "cache_write_tokens": 5},
            id="10 - 3 - 5",
        ),
        pytest.param(
            {"total": 10, "audio": 4, "cached": 8},
            {"input_tokens": 0, "cache_read_tokens": 6, "audio_input_tokens": 2, "audio_cache_read_tokens": 2},
            id="6 of text are cached first, then 2 of audio",
        ),
        pytest.param(
            {"total": 10, "audio": 4, "cached": 8, "cached_audio": 4},
            {"input_tokens": 2, "cache_read_tokens": 4, "audio_cache_read_tokens": 4},
            id="unless the provider says that all audio was",
        ),
    ],
)
def test_an_input_is_its_parts_each_once(parts: dict[str, int], counts: dict[str, int]) -> None:
    assert split_input(InputParts(**parts), name="prompt_tokens", pointer="/p") == counts


PARTS = st.fixed_dictionaries({name: st.integers(0, 50) for name in ("cached", "written", "audio", "image")})


@given(PARTS, st.integers(0, 200))
def test_no_token_of_an_input_is_lost_or_counted_twice(parts: dict[str, Any], total: int) -> None:
    try:
        counts = split_input(InputParts(total=total, **parts), name="prompt_tokens", pointer="/p")
    except OutOfDomain:
        return
    assert sum(counts.values()) == total
    assert min(counts.values()) >= 0


@pytest.mark.parametrize(
    "parts", [{"total": 5, "cached": 6}, {"total": 5, "audio": 6}, {"total": 5, "cached": 3, "written": 3}]
)
def test_parts_larger_than_their_whole_are_refused(parts: dict[str, int]) -> None:
    with pytest.raises(OutOfDomain) as caught:
        split_input(InputParts(**parts), name="prompt_tokens", pointer="/p")
    assert (caught.value.code, caught.value.faults[0].pointer) == ("contradictory-counts", "/p")


def test_reasoning_stays_inside_the_output_and_media_leave_it() -> None:
    """10 = 7 of text, 4 of them reasoning, and 3 of audio."""
    counts = split_output(10, reasoning=4, audio=3, name="completion_tokens", pointer="/p")
    assert counts == {"output_tokens": 7, "reasoning_tokens": 4, "audio_output_tokens": 3}


def test_more_reasoning_than_output_is_refused() -> None:
    with pytest.raises(OutOfDomain):
        split_output(10, reasoning=11, name="completion_tokens", pointer="/p")
