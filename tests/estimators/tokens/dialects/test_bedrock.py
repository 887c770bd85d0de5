"""Bedrock: the request names the model, the cache stands beside the input, ARNs name their region."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed, OutOfDomain

SONNET = {"modelId": "global.anthropic.claude-sonnet-4-6"}


def converse(**usage: Any) -> dict[str, Any]:
    """A Converse response with this usage."""
    return {"output": {}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 900}}


def test_cache_details_split_the_writes_by_lifetime() -> None:
    details = [{"ttl": "5m", "inputTokens": 100}, {"ttl": "1h", "inputTokens": 400}]
    body = converse(inputTokens=10, outputTokens=20, totalTokens=530, cacheWriteInputTokens=500, cacheDetails=details)
    reading = read_response("aws-bedrock", body, request=SONNET)
    assert reading.model == "global.anthropic.claude-sonnet-4-6"
    assert reading.counts == {
        "input_tokens": 10,
        "output_tokens": 20,
        "cache_write_5m_tokens": 100,
        "cache_write_1h_tokens": 400,
    }


@pytest.mark.parametrize("total", [30, 530])
def test_the_total_may_or_may_not_hold_the_cache(total: int) -> None:
    body = converse(inputTokens=10, outputTokens=20, totalTokens=total, cacheReadInputTokens=500)
    assert read_response("aws-bedrock", body, request=SONNET).counts["cache_read_tokens"] == 500


@pytest.mark.parametrize(
    "usage",
    [
        {"totalTokens": 31},
        {"cacheWriteInputTokens": 500, "cacheDetails": [{"ttl": "5m", "inputTokens": 100}]},
        {"cacheReadInputTokens": -1},
    ],
)
def test_contradictions_are_refused(usage: dict[str, Any]) -> None:
    with pytest.raises(OutOfDomain):
        read_response("aws-bedrock", converse(inputTokens=10, outputTokens=20, **usage), request=SONNET)


def test_an_unknown_cache_lifetime_is_refused() -> None:
    details = [{"ttl": "2h", "inputTokens": 5}]
    with pytest.raises(Malformed, match="2h"):
        read_response(
            "aws-bedrock", converse(inputTokens=1, outputTokens=1, cacheWriteInputTokens=5, cacheDetails=details)
        )


def test_an_arn_names_model_and_region() -> None:
    arn = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
    reading = read_response("aws-bedrock", converse(inputTokens=1, outputTokens=1), request={"modelId": arn})
    assert (reading.model, reading.region) == ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu-west-1")


def test_a_streams_metadata_event_holds_the_usage() -> None:
    event = {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}, "metrics": {}}}
    for body in (event, [{"messageStart": {"role": "assistant"}}, event]):
        assert read_response("aws-bedrock", body, request=SONNET).counts == {"input_tokens": 3, "output_tokens": 4}


@pytest.mark.parametrize(("tier", "processing"), [("priority", "priority"), ("flex", "flex"), ("default", "standard")])
def test_the_service_tier_is_an_object(tier: str, processing: str) -> None:
    body = converse(inputTokens=1, outputTokens=1) | {"serviceTier": {"type": tier}}
    assert read_response("aws-bedrock", body, request=SONNET).processing == processing


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        pytest.param(
            {"model": "claude-x", "usage": {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5}},
            {"input_tokens": 3, "output_tokens": 4, "cache_read_tokens": 5},
            id="anthropic",
        ),
        pytest.param(
            {"generation": "", "prompt_token_count": 30, "generation_token_count": 40},
            {"input_tokens": 30, "output_tokens": 40},
            id="llama",
        ),
        pytest.param(
            {"inputTextTokenCount": 5, "results": [{"tokenCount": 6}, {"tokenCount": 7}]},
            {"input_tokens": 5, "output_tokens": 13},
            id="titan text",
        ),
        pytest.param({"embedding": [], "inputTextTokenCount": 5}, {"input_tokens": 5, "output_tokens": 0}, id="titan"),
        pytest.param(
            {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 8, "outputTokenCount": 9}},
            {"input_tokens": 8, "output_tokens": 9},
            id="metrics",
        ),
        pytest.param(
            {"usage": {"prompt_tokens": 8, "completion_tokens": 9, "total_tokens": 17}},
            {"input_tokens": 8, "output_tokens": 9},
            id="openai",
        ),
    ],
)
def test_invoked_bodies_are_read_in_their_models_dialect(body: dict[str, Any], counts: dict[str, int]) -> None:
    reading = read_response("aws-bedrock", body, request={"modelId": "some.model-v1:0"})
    assert (reading.model, reading.counts) == ("some.model-v1:0", counts)


def test_images_are_counted_by_the_piece_size_and_quality() -> None:
    request: dict[str, Any] = {"modelId": "amazon.nova-canvas-v1:0"}
    request["imageGenerationConfig"] = {"width": 1024, "height": 1024, "quality": "standard"}
    reading = read_response("aws-bedrock", {"images": ["...", "..."]}, request=request)
    assert (reading.counts, reading.facts) == (
        {"images": 2},
        {"image_size": "1024x1024", "image_quality": "standard"},
    )


def test_a_batch_record_is_a_batch() -> None:
    output = {"usage": {"input_tokens": 3, "output_tokens": 4}}
    record = {"recordId": "1", "modelInput": {}, "modelOutput": output}
    assert read_response("aws-bedrock", record, request=SONNET).processing == "batch"


def test_a_body_without_counts_is_refused() -> None:
    with pytest.raises(Malformed):
        read_response("aws-bedrock", {"generation": "x"}, request=SONNET)


def test_the_units_of_a_guardrail_are_said_to_be_billed_apart() -> None:
    usage = {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}
    trace = {"guardrail": {"inputAssessment": {"g": {"invocationMetrics": {"usage": {"contentPolicyUnits": 2}}}}}}
    reading = read_response("aws-bedrock", {"usage": usage, "trace": trace}, model="m")
    assert [(w.code, "2 units" in w.detail) for w in reading.warnings] == [("guardrail-not-counted", True)]
