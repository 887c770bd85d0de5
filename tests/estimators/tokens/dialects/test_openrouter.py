"""OpenRouter: what it charged, and what the provider upstream did."""

from decimal import Decimal

from mlquote.estimators.tokens.dialects import read_response
from tests.estimators.tokens.dialects.chat_sample import chat


def test_openrouters_cost_is_the_charge_and_upstream_is_a_part_of_it() -> None:
    body = chat(10, 5, cost=0.95, is_byok=False, cost_details={"upstream_inference_cost": 0.95})
    assert read_response("openrouter", body).reported_usd == Decimal("0.95")


def test_openrouter_with_ones_own_key_pays_both() -> None:
    """tailcallhq/forgecode#1641: nothing to OpenRouter, 0.0360795 to the provider."""
    body = chat(9171, 113, cost=0, is_byok=True, cost_details={"upstream_inference_cost": 0.0360795})
    reading = read_response("openrouter", body)
    assert (reading.reported_usd, [w.code for w in reading.warnings]) == (Decimal("0.0360795"), ["own-key"])


def test_what_openrouter_keeps_of_an_answer_tells_the_charge_and_the_providers_counts() -> None:
    """https://openrouter.ai/docs/api-reference/get-a-generation: `tokens_*` are by another tokenizer."""
    kept = {
        "id": "gen-1", "model": "openai/gpt-4o", "total_cost": 0.0015, "usage": 0.0015, "is_byok": False,
        "tokens_prompt": 990, "tokens_completion": 140, "native_tokens_prompt": 1000, "native_tokens_completion": 150,
        "native_tokens_cached": 900, "native_tokens_reasoning": 0, "generation_time": 1200,
    }  # fmt: skip
    for response in (kept, {"data": kept}):
        reading = read_response("openrouter", response)
        assert (reading.model, reading.reported_usd) == ("openai/gpt-4o", Decimal("0.0015"))
        assert reading.counts == {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 150}
