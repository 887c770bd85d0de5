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
