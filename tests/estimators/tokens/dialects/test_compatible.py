"""Providers in the shape of OpenAI's chat, and what each has of its own."""

from decimal import Decimal
from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed, OutOfDomain


def chat(prompt: int, completion: int, total: int | None = None, **usage: Any) -> dict[str, Any]:
    """A chat completion with these counts."""
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total or prompt + completion}
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": counts | usage}


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


def test_reasoning_beside_is_seen_at_any_provider_by_its_total() -> None:
    body = chat(10, 5, 22, completion_tokens_details={"reasoning_tokens": 7})
    assert read_response("some-new-provider", body).counts["output_tokens"] == 12


def test_groq_timing_is_no_count_and_a_stream_ends_in_x_groq() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "queue_time": 0.03, "total_time": 3.3}
    body = {"object": "chat.completion.chunk", "model": "m", "x_groq": {"id": "r", "usage": usage}}
    assert read_response("groq", body).counts == {"input_tokens": 3, "output_tokens": 4}


@pytest.mark.parametrize("tier", ["on_demand", "flex"])
def test_groq_bills_flex_like_on_demand(tier: str) -> None:
    assert read_response("groq", chat(3, 4) | {"service_tier": tier}).processing == "standard"


def test_groq_compound_names_the_models_it_used() -> None:
    models = {"models": [{"model": "a", "usage": {}}, {"model": "b", "usage": {}}]}
    body = chat(3, 4) | {"usage_breakdown": models}
    assert [w.code for w in read_response("groq", body).warnings] == ["several-models"]


def test_mistral_ocr_bills_pages_and_annotated_pages_once() -> None:
    body: dict[str, Any] = {"model": "mistral-ocr-2512", "pages": [], "usage_info": {"pages_processed": 29}}
    assert read_response("mistral", body).counts == {"pages": 29}
    assert read_response("mistral", body | {"document_annotation": "{}"}).counts == {"annotated_pages": 29}
    drawn = body | {"pages": [{"images": [{"id": "i", "image_annotation": "{}"}]}]}
    assert read_response("mistral", drawn).counts == {"annotated_pages": 29}
    body["usage_info"]["pages_processed_annotation"] = 8
    assert read_response("mistral", body).counts == {"pages": 21, "annotated_pages": 8}


def test_mistral_transcription_is_billed_by_the_second() -> None:
    usage = {"prompt_audio_seconds": 203, "prompt_tokens": 4, "total_tokens": 3264, "completion_tokens": 635}
    body = {"model": "voxtral-mini-2602", "text": "...", "usage": usage}
    assert read_response("mistral", body).counts == {"seconds": 203}


def test_cohere_bills_billed_units_not_tokens() -> None:
    usage = {
        "billed_units": {"input_tokens": 5, "output_tokens": 418},
        "tokens": {"input_tokens": 71, "output_tokens": 418},
    }
    reading = read_response("cohere", {"id": "x", "usage": usage}, request={"model": "command-a-03-2025"})
    assert (reading.model, reading.counts) == ("command-a-03-2025", {"input_tokens": 5, "output_tokens": 418})


def test_cohere_rerank_bills_search_units() -> None:
    body = {"results": [], "meta": {"billed_units": {"search_units": 1}}}
    assert read_response("cohere", body, model="rerank-v3.5").counts == {"rerank_searches": 1}


def test_cohere_without_billed_units_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("cohere", {"usage": {"tokens": {"input_tokens": 71}}})
    assert refusal.value.faults[0].pointer == "/provider_response/usage/billed_units"


def test_openrouters_cost_is_the_charge_and_upstream_is_a_part_of_it() -> None:
    body = chat(10, 5, cost=0.95, is_byok=False, cost_details={"upstream_inference_cost": 0.95})
    assert read_response("openrouter", body).reported_usd == Decimal("0.95")


def test_openrouter_with_ones_own_key_pays_both() -> None:
    """tailcallhq/forgecode#1641: nothing to OpenRouter, 0.0360795 to the provider."""
    body = chat(9171, 113, cost=0, is_byok=True, cost_details={"upstream_inference_cost": 0.0360795})
    reading = read_response("openrouter", body)
    assert (reading.reported_usd, [w.code for w in reading.warnings]) == (Decimal("0.0360795"), ["own-key"])


def test_perplexity_counts_reasoning_and_citations_beside() -> None:
    """bgeneto/open-webui-cost-tracker#6: the total is 108 + 3256, reasoning and citations come on top."""
    body = chat(108, 3256, citation_tokens=7299, num_search_queries=74, reasoning_tokens=73248)
    body["model"] = "sonar-deep-research"
    assert read_response("perplexity", body).counts == {
        "input_tokens": 108,
        "output_tokens": 3256 + 73248,
        "reasoning_tokens": 73248,
        "citation_tokens": 7299,
        "web_searches": 74,
    }


def test_perplexity_bills_a_request_by_its_search_context() -> None:
    body = chat(8, 439, search_context_size="high", cost={"request_cost": 0.012, "total_cost": 0.01245})
    reading = read_response("perplexity", body | {"model": "sonar"})
    assert (reading.counts["web_searches"], reading.facts) == (1, {"search_context": "high"})
    assert reading.reported_usd == Decimal("0.01245")


def test_a_sonar_request_that_does_not_say_reads_little_and_bills_no_citations() -> None:
    body = chat(8, 439, citation_tokens=50, num_search_queries=3) | {"model": "sonar-pro"}
    reading = read_response("perplexity", body)
    assert reading.counts == {"input_tokens": 8, "output_tokens": 439, "web_searches": 1}
    assert (reading.facts, [w.code for w in reading.warnings]) == (
        {"search_context": "low"},
        ["search-context-assumed"],
    )


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
