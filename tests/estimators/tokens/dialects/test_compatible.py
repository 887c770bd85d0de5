"""Providers in the shape of OpenAI's chat, and what each has of its own."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import OutOfDomain
from tests.estimators.tokens.dialects.chat_sample import chat


@pytest.mark.parametrize(
    ("provider", "usage"),
    [
        ("mistral", {"prompt_tokens_details": {"cached_tokens": 8}}),
        ("mistral", {"prompt_token_details": {"cached_tokens": 8}}),
        ("mistral", {"num_cached_tokens": 8}),
        ("groq", {"prompt_tokens_details": {"cached_tokens": 8}}),
        ("fireworks", {"prompt_tokens_details": {"cached_tokens": 8}}),
        ("together", {"cached_tokens": 8}),
        ("moonshot", {"cached_tokens": 8}),
        ("deepseek", {"prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 2}),
        ("some-new-provider", {"prompt_tokens_details": {"cached_tokens": 8}}),
    ],
)
def test_cached_tokens_are_inside_the_prompt_wherever_they_are_reported(provider: str, usage: dict[str, Any]) -> None:
    assert read_response(provider, chat(10, 5, **usage)).counts == {
        "input_tokens": 2,
        "cache_read_tokens": 8,
        "output_tokens": 5,
    }


@pytest.mark.parametrize(
    ("provider", "usage"),
    [
        ("deepseek", {"prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 3}),
        (
            "deepseek",
            {
                "prompt_cache_hit_tokens": 8,
                "prompt_cache_miss_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 7},
            },
        ),
        ("mistral", {"num_cached_tokens": 11}),
        ("groq", {"total_tokens": 14}),
        ("together", {"cached_tokens": -1}),
        ("some-new-provider", {"prompt_tokens_details": {"cached_tokens": 11}}),
    ],
)
def test_contradictions_are_refused(provider: str, usage: dict[str, Any]) -> None:
    with pytest.raises(OutOfDomain):
        read_response(provider, chat(10, 5, **usage))


def test_reasoning_beside_is_seen_at_any_provider_by_its_total() -> None:
    body = chat(10, 5, 22, completion_tokens_details={"reasoning_tokens": 7})
    assert read_response("some-new-provider", body).counts["output_tokens"] == 12


def test_qwen_counts_explicit_cache_writes_inside_the_prompt() -> None:
    details = {"cached_tokens": 20, "cache_creation": {"ephemeral_5m_input_tokens": 50}}
    assert read_response("alibaba", chat(100, 5, prompt_tokens_details=details)).counts == {
        "input_tokens": 30,
        "cache_read_tokens": 20,
        "cache_write_5m_tokens": 50,
        "output_tokens": 5,
    }


def test_an_anthropic_body_at_a_compatible_provider_is_read_as_one() -> None:
    body: dict[str, Any] = {"model": "m"}
    body["usage"] = {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 90}
    assert read_response("minimax", body).counts["cache_read_tokens"] == 90
    body["usage"]["cache_creation_input_tokens"] = 7
    assert read_response("minimax", body).counts["cache_write_tokens"] == 7


def test_embeddings_of_providers_that_count_only_a_total() -> None:
    body = {"object": "list", "data": [], "model": "voyage-3", "usage": {"total_tokens": 12}}
    assert read_response("voyage", body).counts == {"input_tokens": 12}
