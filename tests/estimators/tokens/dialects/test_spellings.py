"""Counts under other names inside an inclusive total: LiteLLM's, Codex's, exports'."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import OutOfDomain
from tests.estimators.tokens.dialects.chat_sample import chat

LITELLM = {
    "cache_read_input_tokens": 66360,
    "cache_creation_input_tokens": 32435,
    "prompt_tokens_details": {"cached_tokens": 66360, "cache_creation_tokens": 32435},
}


@pytest.mark.parametrize("provider", ["anthropic", "aws-bedrock", "openai", "google", "together", "openrouter"])
def test_litellm_includes_what_the_cache_did_whoever_answered(provider: str) -> None:
    """98,805 = 10 + 66,360 read + 32,435 written (BerriAI/litellm#11364)."""
    reading = read_response(provider, chat(98805, 5120, **LITELLM))
    assert reading.counts == {
        "input_tokens": 10,
        "cache_read_tokens": 66360,
        "cache_write_tokens": 32435,
        "output_tokens": 5120,
    }
    assert reading.warnings == ()


def test_litellm_tells_cache_writes_by_lifetime() -> None:
    details = {"cache_creation_tokens": 30, "cache_creation_token_details": {"ephemeral_1h_input_tokens": 30}}
    counts = read_response("anthropic", chat(100, 1, prompt_tokens_details=details)).counts
    assert counts == {"input_tokens": 70, "cache_write_1h_tokens": 30, "output_tokens": 1}


def test_a_turn_of_codex_includes_cached_input_and_reasoning() -> None:
    """24,763 in, of which 24,448 cached (janekbaraniewski/openusage#360)."""
    usage = {"input_tokens": 24763, "cached_input_tokens": 24448, "output_tokens": 122, "reasoning_output_tokens": 64}
    counts = {"input_tokens": 315, "cache_read_tokens": 24448, "output_tokens": 122, "reasoning_tokens": 64}
    assert read_response("openai", {"type": "turn.completed", "usage": usage}, model="gpt-5").counts == counts
    info = {"total_token_usage": {"input_tokens": 99999}, "last_token_usage": usage | {"total_tokens": 24885}}
    line = {"type": "event_msg", "payload": {"type": "token_count", "info": info}}
    assert read_response("openai", line, model="gpt-5").counts == counts


EXPORT = {
    "object": "organization.usage.completions.result",
    "model": "gpt-4o-2024-08-06",
    "input_tokens": 5000,
    "output_tokens": 1000,
    "input_cached_tokens": 4000,
    "input_audio_tokens": 300,
    "output_audio_tokens": 200,
    "num_model_requests": 1,
    "batch": True,
}


def test_a_row_of_openais_usage_export_is_read_whole() -> None:
    reading = read_response("openai", EXPORT)
    assert reading.counts == {
        "input_tokens": 700,
        "cache_read_tokens": 4000,
        "audio_input_tokens": 300,
        "output_tokens": 800,
        "audio_output_tokens": 200,
    }
    assert reading.processing == "batch"


def test_a_row_of_several_requests_is_no_answer() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", EXPORT | {"num_model_requests": 5})
    assert refusal.value.code == "several-answers"


def test_a_name_that_the_provider_does_not_use_is_read_with_a_word() -> None:
    reading = read_response("openai", chat(1000, 1, prompt_cache_hit_tokens=900))
    assert reading.counts == {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 1}
    assert [w.code for w in reading.warnings] == ["count-by-another-name"]


def test_two_names_of_one_count_must_agree() -> None:
    with pytest.raises(OutOfDomain, match="900"):
        read_response("openai", chat(1000, 1, cached_tokens=900, prompt_tokens_details={"cached_tokens": 800}))


def test_cached_audio_has_its_own_meter() -> None:
    details = {"cached_tokens": 500, "audio_tokens": 400, "cached_audio_tokens": 129}
    counts = read_response("openai", chat(1000, 1, prompt_tokens_details=details)).counts
    assert counts == {
        "input_tokens": 229,
        "cache_read_tokens": 371,
        "audio_input_tokens": 271,
        "audio_cache_read_tokens": 129,
        "output_tokens": 1,
    }


def test_thoughts_of_gemini_in_openais_shape_are_in_the_total_alone() -> None:
    counts: dict[str, Any] = {"input_tokens": 35, "output_tokens": 74, "reasoning_tokens": 62}
    assert read_response("google", chat(35, 12, 109)).counts == counts
    with pytest.raises(OutOfDomain, match="total_tokens is 109"):
        read_response("together", chat(35, 12, 109))
