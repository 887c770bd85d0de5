"""DeepSeek: the prompt is cache hits and cache misses."""

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import OutOfDomain
from tests.estimators.tokens.dialects.chat_sample import chat


def test_hits_are_read_from_the_cache_and_misses_are_not() -> None:
    """10 = 8 hits + 2 misses."""
    reading = read_response("deepseek", chat(10, 5, prompt_cache_hit_tokens=8, prompt_cache_miss_tokens=2))
    assert reading.counts == {"input_tokens": 2, "cache_read_tokens": 8, "output_tokens": 5}
    assert reading.dialect == "deepseek-chat"


def test_hits_and_misses_that_do_not_make_up_the_prompt_are_refused_where_they_stand() -> None:
    with pytest.raises(OutOfDomain) as caught:
        read_response("deepseek", chat(10, 5, prompt_cache_hit_tokens=8, prompt_cache_miss_tokens=3))
    assert caught.value.faults[0].pointer == "/provider_response/usage/prompt_cache_miss_tokens"


def test_hits_alone_leave_the_rest_of_the_prompt() -> None:
    assert read_response("deepseek", chat(10, 5, prompt_cache_hit_tokens=8)).counts["input_tokens"] == 2
