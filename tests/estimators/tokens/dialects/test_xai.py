"""xAI: reasoning beside the completion, charges in ticks, tools by the call."""

from decimal import Decimal

from mlquote.estimators.tokens.dialects import read_response
from tests.estimators.tokens.dialects.chat_sample import chat


def test_xai_counts_reasoning_beside_the_completion() -> None:
    """200000 + 100 + 900 = 201000: 1000 tokens of output."""
    body = chat(200000, 100, 201000, completion_tokens_details={"reasoning_tokens": 900})
    assert read_response("xai", body).counts["output_tokens"] == 1000


def test_xai_reasoning_inside_is_believed_when_the_total_says_so() -> None:
    body = chat(500, 500, 1000, completion_tokens_details={"reasoning_tokens": 200})
    assert read_response("xai", body).counts["output_tokens"] == 500


def test_xai_without_a_total_follows_its_own_rule() -> None:
    body = chat(500, 500, completion_tokens_details={"reasoning_tokens": 200})
    del body["usage"]["total_tokens"]
    assert read_response("xai", body).counts["output_tokens"] == 700


def test_xai_responses_count_reasoning_inside() -> None:
    body = {
        "object": "response",
        "model": "grok-4.7",
        "usage": {"input_tokens": 10, "output_tokens": 50, "total_tokens": 60}
        | {"output_tokens_details": {"reasoning_tokens": 40}},
    }
    assert read_response("xai", body).counts["output_tokens"] == 50


def test_xai_reports_its_charge_in_ticks_and_its_tools_by_the_call() -> None:
    """233008500 ticks are 0.02330085 dollars (BerriAI/litellm#39441)."""
    body = chat(10, 5, cost_in_usd_ticks=233008500)
    body["usage"]["server_side_tool_usage_details"] = {"web_search_calls": 2, "x_search_calls": 1}
    reading = read_response("xai", body)
    assert (reading.reported_usd, reading.counts["web_searches"]) == (Decimal("0.02330085"), 3)


def test_xai_sources_of_live_search_are_not_passed_over() -> None:
    assert [w.code for w in read_response("xai", chat(10, 5, num_sources_used=3)).warnings] == ["sources-not-priced"]
    assert read_response("xai", chat(10, 5, num_sources_used=0)).warnings == ()


def test_xai_batch_results_are_batches() -> None:
    line = {"batch_request_id": "a", "batch_result": {"response": {"chat_get_completion": chat(3, 4)}}}
    assert read_response("xai", line).processing == "batch"


def test_the_sdk_tells_cached_text_by_a_name_of_its_own() -> None:
    """xai-sdk's `usage`: prompt_tokens are all of text here, reasoning is beside the completion."""
    usage = {
        "prompt_tokens": 12, "prompt_text_tokens": 12, "cached_prompt_text_tokens": 2, "completion_tokens": 2,
        "reasoning_tokens": 320, "total_tokens": 334,
    }  # fmt: skip
    counts = read_response("xai", {"model": "grok-4", "usage": usage}).counts
    assert counts == {"input_tokens": 10, "cache_read_tokens": 2, "output_tokens": 322, "reasoning_tokens": 320}
