"""Anthropic: input excludes the cache, writes split by lifetime, a stream's counts are cumulative."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed, OutOfDomain


def message(**usage: Any) -> dict[str, Any]:
    """A message with this usage beside one input and one output token."""
    return {"type": "message", "model": "claude-opus-4-7", "usage": {"input_tokens": 1, "output_tokens": 1} | usage}


def test_input_excludes_cache_reads_and_writes() -> None:
    """The console showed 0.05439 for this object, tools said 0.091311 (BerriAI/litellm#9812)."""
    body = message(input_tokens=3, cache_creation_input_tokens=12304, cache_read_input_tokens=0, output_tokens=550)
    assert read_response("anthropic", body).counts == {
        "input_tokens": 3,
        "output_tokens": 550,
        "cache_write_5m_tokens": 12304,
    }


def test_the_breakdown_by_lifetime_is_the_writes_and_no_third_bucket() -> None:
    parts = {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 2000}
    counts = read_response("anthropic", message(cache_creation_input_tokens=3000, cache_creation=parts)).counts
    assert (counts["cache_write_5m_tokens"], counts["cache_write_1h_tokens"]) == (1000, 2000)
    assert "cache_write_tokens" not in counts


@pytest.mark.parametrize("written", [500, 700, 0])
def test_a_breakdown_that_contradicts_the_sum_is_refused(written: int) -> None:
    parts = {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 500}
    with pytest.raises(OutOfDomain, match="holds 100") as refusal:
        read_response("anthropic", message(cache_creation_input_tokens=written, cache_creation=parts))
    assert refusal.value.code == "contradictory-counts"
    assert refusal.value.faults[0].pointer == "/provider_response/usage/cache_creation"


def test_nulls_where_anthropic_writes_them_count_nothing() -> None:
    body = message(cache_creation_input_tokens=None, cache_read_input_tokens=None, server_tool_use=None)
    assert read_response("anthropic", body).counts == {"input_tokens": 1, "output_tokens": 1}


def test_searches_are_billed_and_fetched_pages_are_not() -> None:
    body = message(server_tool_use={"web_search_requests": 3, "web_fetch_requests": 2})
    assert read_response("anthropic", body).counts["web_searches"] == 3


@pytest.mark.parametrize(
    ("usage", "processing"),
    [
        ({"service_tier": "standard"}, "standard"),
        ({"service_tier": "batch"}, "batch"),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "standard", "speed": "fast"}, "fast"),
        ({"service_tier": "standard", "speed": "standard"}, "standard"),
        ({}, None),
    ],
)
def test_tier_and_speed_say_how_it_was_served(usage: dict[str, str], processing: str | None) -> None:
    assert read_response("anthropic", message(**usage)).processing == processing


@pytest.mark.parametrize(
    ("geo", "facts"), [("us", {"inference_geo": "us"}), ("not_available", {}), ("global", {}), (None, {})]
)
def test_only_a_place_is_a_residency(geo: str | None, facts: dict[str, str]) -> None:
    assert read_response("anthropic", message(inference_geo=geo)).facts == facts


def test_a_streams_last_delta_is_cumulative_not_additional() -> None:
    start = {"type": "message_start", "message": message(input_tokens=25, output_tokens=1, cache_read_input_tokens=9)}
    deltas = [
        {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 10}},
        {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 15}},
    ]
    reading = read_response("anthropic", [start, {"type": "ping"}, *deltas, {"type": "message_stop"}])
    assert (reading.model, reading.counts) == (
        "claude-opus-4-7",
        {"input_tokens": 25, "output_tokens": 15, "cache_read_tokens": 9},
    )


def test_a_lone_delta_with_all_counts_takes_the_askers_model() -> None:
    delta = {"type": "message_delta", "usage": {"input_tokens": 25, "output_tokens": 15}}
    reading = read_response("anthropic", delta, model="claude-opus-4-7")
    assert (reading.model, reading.counts["output_tokens"]) == ("claude-opus-4-7", 15)


def test_a_lone_delta_without_input_is_refused() -> None:
    with pytest.raises(Malformed, match="input_tokens is missing"):
        read_response("anthropic", {"type": "message_delta", "usage": {"output_tokens": 15}})


def test_a_batch_line_is_a_batch() -> None:
    line = {"custom_id": "a", "result": {"type": "succeeded", "message": message(service_tier="batch")}}
    assert read_response("anthropic", line).processing == "batch"


def test_an_errored_batch_line_is_not_billed_and_says_so() -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("anthropic", {"custom_id": "a", "result": {"type": "expired"}})
    assert "not billed" in refusal.value.faults[0].hint


def test_every_pass_of_a_compaction_is_billed() -> None:
    """The top level leaves the compaction out: 180000 + 23000 in, 3500 + 1000 out are billed."""
    passes = [
        {"type": "compaction", "input_tokens": 180000, "output_tokens": 3500},
        {"type": "message", "input_tokens": 23000, "output_tokens": 1000},
    ]
    reading = read_response("anthropic", message(input_tokens=23000, output_tokens=1000, iterations=passes))
    assert reading.counts == {"input_tokens": 203000, "output_tokens": 4500}
    assert [w.code for w in reading.warnings] == ["several-passes"]


def test_a_pass_by_another_model_is_a_call_of_its_own() -> None:
    """The advisor tool: two passes of the model that was asked, one of its adviser's, each at its own price."""
    passes = [
        {"type": "message", "input_tokens": 1051, "output_tokens": 35},
        {"type": "advisor_message", "model": "claude-fable-5", "input_tokens": 1500, "output_tokens": 300},
        {"type": "message", "input_tokens": 1363, "output_tokens": 165},
    ]
    reading = read_response("anthropic", message(input_tokens=2414, output_tokens=200, iterations=passes))
    assert reading.counts == {"input_tokens": 2414, "output_tokens": 200}
    assert reading.others == (("claude-fable-5", {"input_tokens": 1500, "output_tokens": 300}),)
    assert [w.code for w in reading.warnings] == ["several-models"]


def test_thinking_is_inside_the_output() -> None:
    body = message(output_tokens=500, output_tokens_details={"thinking_tokens": 480})
    assert read_response("anthropic", body).counts == {
        "input_tokens": 1,
        "output_tokens": 500,
        "reasoning_tokens": 480,
    }
