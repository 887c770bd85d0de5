"""OpenAI and Azure: every count is inside a total, and each token ends in exactly one meter.

Shapes are those of OpenAI's API reference; expected counts are worked by hand beside each case.
"""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed, OutOfDomain


def chat(usage: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A chat completion with this usage."""
    return {"object": "chat.completion", "model": "gpt-5-nano-2025-08-07", "choices": [], "usage": usage} | more


def test_reasoning_is_already_inside_the_completion() -> None:
    """BerriAI/litellm#18599: 482 tokens are billed, 448 of them reasoning; not 482 + 448."""
    usage = {
        "prompt_tokens": 17,
        "completion_tokens": 482,
        "total_tokens": 499,
        "completion_tokens_details": {"reasoning_tokens": 448},
    }
    assert read_response("openai", chat(usage)).counts == {
        "input_tokens": 17,
        "output_tokens": 482,
        "reasoning_tokens": 448,
    }


def test_cached_written_and_audio_tokens_are_taken_out_of_the_prompt() -> None:
    """1000 = 300 cached + 100 written + 250 audio + 350 text."""
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 90,
        "total_tokens": 1090,
        "prompt_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 100, "audio_tokens": 250},
        "completion_tokens_details": {"audio_tokens": 60},
    }
    assert read_response("openai", chat(usage)).counts == {
        "input_tokens": 350,
        "cache_read_tokens": 300,
        "cache_write_tokens": 100,
        "audio_input_tokens": 250,
        "output_tokens": 30,
        "audio_output_tokens": 60,
    }


def test_cached_tokens_beyond_the_text_were_audio() -> None:
    """100 text + 900 audio with 400 cached: at most 100 of the cached are text, so 300 audio tokens were cached."""
    details = {"cached_tokens": 400, "audio_tokens": 900}
    usage = {"prompt_tokens": 1000, "completion_tokens": 0, "prompt_tokens_details": details}
    assert read_response("openai", chat(usage)).counts == {
        "input_tokens": 0,
        "cache_read_tokens": 100,
        "audio_cache_read_tokens": 300,
        "audio_input_tokens": 600,
        "output_tokens": 0,
    }


def test_rejected_predictions_are_billed_within_the_completion() -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 224,
        "total_tokens": 234,
        "completion_tokens_details": {"accepted_prediction_tokens": 76, "rejected_prediction_tokens": 20},
    }
    assert read_response("openai", chat(usage)).counts["output_tokens"] == 224


@pytest.mark.parametrize(
    ("tier", "processing"),
    [("default", "standard"), ("flex", "flex"), ("priority", "priority"), ("auto", None), (None, None)],
)
def test_the_response_says_how_it_was_served_and_auto_is_no_rate(tier: str | None, processing: str | None) -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    reading = read_response("openai", chat(usage, service_tier=tier))
    assert reading.processing == processing
    assert [w.code for w in reading.warnings] == (["service-tier-auto"] if tier == "auto" else [])


def test_a_batch_line_says_default_and_is_a_batch() -> None:
    body = chat({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}, service_tier="default")
    line = {"id": "batch_req_1", "custom_id": "a", "response": {"status_code": 200, "body": body}, "error": None}
    reading = read_response("openai", line)
    assert (reading.processing, reading.counts["output_tokens"]) == ("batch", 7)


def test_a_stream_counts_its_last_chunk_once() -> None:
    chunks = [
        chat(None, object="chat.completion.chunk"),
        chat({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}, object="chat.completion.chunk"),
    ]
    assert read_response("openai", chunks).counts == {"input_tokens": 5, "output_tokens": 7}


RESPONSE: dict[str, Any] = {
    "object": "response",
    "model": "gpt-5.6-terra",
    "service_tier": "default",
    "usage": {
        "input_tokens": 20000,
        "input_tokens_details": {"cached_tokens": 12000, "cache_write_tokens": 6000},
        "output_tokens": 500,
        "output_tokens_details": {"reasoning_tokens": 100},
        "total_tokens": 20500,
    },
}


def test_responses_take_reads_and_writes_out_of_the_input() -> None:
    """20000 = 12000 read + 6000 written + 2000 neither."""
    assert read_response("openai", RESPONSE).counts == {
        "input_tokens": 2000,
        "cache_read_tokens": 12000,
        "cache_write_tokens": 6000,
        "output_tokens": 500,
        "reasoning_tokens": 100,
    }


def test_a_completed_event_is_read_like_the_response_it_carries() -> None:
    event = {"type": "response.completed", "sequence_number": 9, "response": RESPONSE}
    assert read_response("openai", event).counts == read_response("openai", RESPONSE).counts


def test_searches_are_billed_by_the_action_not_by_the_item() -> None:
    output = [
        {"type": "web_search_call", "action": {"type": "search", "query": "a"}},
        {"type": "web_search_call", "action": {"type": "open_page", "url": "b"}},
        {"type": "web_search_call", "action": {"type": "find_in_page", "url": "b"}},
        {"type": "web_search_call", "action": {"type": "search", "query": "c"}},
        {"type": "file_search_call"},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "message"},
    ]
    counts = read_response("openai", RESPONSE | {"output": output}).counts
    assert (counts["web_searches"], counts["file_searches"], counts["code_sessions"]) == (2, 1, 1)


@pytest.mark.parametrize("tool", ["code_interpreter", "shell"])
def test_containers_are_told_by_their_id_and_their_memory(tool: str) -> None:
    """A shell runs in containers too, and both may share one."""
    made = {"container": {"type": "auto", "memory_limit": "4g"}}
    tools = [{"type": tool, **(made if tool != "shell" else {"environment": made["container"]})}]
    output = [
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "shell_call", "environment": {"type": "container_reference", "container_id": "c1"}},
        {"type": "shell_call", "environment": {"type": "container_reference", "container_id": "c2"}},
        {"type": "shell_call", "environment": {"type": "local"}},
    ]
    reading = read_response("openai", RESPONSE | {"tools": tools, "output": output})
    assert (reading.counts["code_sessions"], reading.facts) == (2, {"container_memory": "4g"})
    assert read_response("openai", RESPONSE | {"tools": tools}).facts == {}


def test_cache_writes_are_told_by_how_long_they_last() -> None:
    """openai 3.57.0's `cache_write_tokens_details`: half an hour is the default, twelve hours cost twice as much."""
    told = {"ttl_30m_tokens": 4000, "ttl_12h_tokens": 2000}
    details = RESPONSE["usage"]["input_tokens_details"] | {"cache_write_tokens_details": told}
    usage = RESPONSE["usage"] | {"input_tokens_details": details}
    counts = read_response("openai", RESPONSE | {"usage": usage}).counts
    assert (counts["cache_write_tokens"], counts["cache_write_12h_tokens"], counts["input_tokens"]) == (
        4000,
        2000,
        2000,
    )
    with pytest.raises(OutOfDomain, match="by their lifetimes"):
        wrong = details | {"cache_write_tokens_details": told | {"ttl_12h_tokens": 1}}
        read_response("openai", RESPONSE | {"usage": usage | {"input_tokens_details": wrong}})


def test_a_count_of_searches_by_the_provider_wins_over_ours() -> None:
    """BerriAI/litellm#39610: a search and a page opened are two items, and one request in tool_usage."""
    body = RESPONSE | {"output": [{"type": "web_search_call"}] * 2, "tool_usage": {"web_search": {"num_requests": 1}}}
    assert read_response("openai", body).counts["web_searches"] == 1


def test_the_preview_tool_is_told_from_the_general_one() -> None:
    body = RESPONSE | {"tools": [{"type": "web_search_preview"}], "output": [{"type": "web_search_call"}]}
    assert read_response("openai", body).facts == {"search_tool": "preview"}


def test_images_drawn_by_another_model_are_not_passed_over() -> None:
    body = RESPONSE | {"output": [{"type": "image_generation_call"}]}
    assert [w.code for w in read_response("openai", body).warnings] == ["image-generation-not-counted"]


def test_embeddings_have_input_only_and_the_total_repeats_it() -> None:
    body = {"object": "list", "model": "text-embedding-3-small", "data": [], "usage": {"prompt_tokens": 8}}
    body["usage"] = {"prompt_tokens": 8, "total_tokens": 8}
    assert read_response("openai", body).counts == {"input_tokens": 8}


IMAGE_USAGE: dict[str, Any] = {
    "total_tokens": 1402,
    "input_tokens": 346,
    "input_tokens_details": {"text_tokens": 23, "image_tokens": 323},
    "output_tokens": 1056,
}


def test_without_a_breakdown_every_output_token_of_an_image_is_an_image_token() -> None:
    """BerriAI/litellm#31142."""
    body = {"created": 1, "data": [{}], "model": "gpt-image-1.5", "usage": IMAGE_USAGE}
    assert read_response("openai", body).counts == {
        "input_tokens": 23,
        "image_input_tokens": 323,
        "output_tokens": 0,
        "image_output_tokens": 1056,
    }


def test_with_a_breakdown_the_text_of_an_image_answer_is_text() -> None:
    usage = IMAGE_USAGE | {"output_tokens_details": {"image_tokens": 1000, "text_tokens": 56}}
    counts = read_response("openai", {"created": 1, "data": [{}], "usage": usage}, api="images").counts
    assert (counts["output_tokens"], counts["image_output_tokens"]) == (56, 1000)


def test_images_without_usage_are_billed_by_the_piece_size_and_quality() -> None:
    request = {"model": "dall-e-3", "size": "1024x1792", "quality": "hd"}
    reading = read_response("openai", {"created": 1, "data": [{"url": ""}, {"url": ""}]}, request=request)
    assert (reading.model, reading.counts) == ("dall-e-3", {"images": 2})
    assert reading.facts == {"image_size": "1024x1792", "image_quality": "hd"}


def test_a_transcription_is_billed_by_tokens_or_by_seconds() -> None:
    tokens = {
        "text": "hello",
        "usage": {
            "type": "tokens",
            "input_tokens": 14,
            "input_token_details": {"text_tokens": 4, "audio_tokens": 10},
            "output_tokens": 101,
            "total_tokens": 115,
        },
    }
    assert read_response("openai", tokens, model="gpt-4o-transcribe").counts == {
        "input_tokens": 4,
        "audio_input_tokens": 10,
        "output_tokens": 101,
    }
    seconds = {"text": "hello", "usage": {"type": "duration", "seconds": 9}}
    assert read_response("openai", seconds, model="whisper-1").counts == {"seconds": 9}
    verbose = {"task": "transcribe", "duration": 8.47, "text": "hello"}
    assert read_response("openai", verbose, model="whisper-1").counts == {"seconds": 8}


def test_speech_is_billed_by_the_characters_of_the_request() -> None:
    counts = read_response("openai", {}, api="audio", request={"model": "tts-1", "input": "hello"}).counts
    assert counts == {"characters": 5}


def test_realtime_counts_every_modality_apart() -> None:
    """127 in: 23 text (4 of them cached), 92 audio (8 cached), 12 images; 148 out: 30 text, 118 audio."""
    usage = {
        "total_tokens": 275,
        "input_tokens": 127,
        "output_tokens": 148,
        "input_token_details": {
            "text_tokens": 23,
            "audio_tokens": 92,
            "image_tokens": 12,
            "cached_tokens": 12,
            "cached_tokens_details": {"text_tokens": 4, "audio_tokens": 8, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": 30, "audio_tokens": 118},
    }
    event = {"type": "response.done", "response": {"object": "realtime.response", "usage": usage}}
    assert read_response("openai", event, model="gpt-realtime").counts == {
        "input_tokens": 19,
        "cache_read_tokens": 4,
        "audio_input_tokens": 84,
        "image_input_tokens": 12,
        "audio_cache_read_tokens": 8,
        "output_tokens": 30,
        "audio_output_tokens": 118,
    }


@pytest.mark.parametrize(
    ("usage", "pointer"),
    [
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 11}},
            "/provider_response/usage/prompt_tokens_details/cached_tokens",
            id="more cached than there was",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 12},
            "/provider_response/usage/total_tokens",
            id="a total that is not the sum",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 6}},
            "/provider_response/usage/completion_tokens_details",
            id="more reasoning than output",
        ),
        pytest.param(
            {"prompt_tokens": -10, "completion_tokens": 5}, "/provider_response/usage/prompt_tokens", id="negative"
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"audio_tokens": 11}},
            "/provider_response/usage/prompt_tokens_details",
            id="more audio than prompt",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 8}}
            | {"prompt_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 3}},
            "/provider_response/usage/prompt_tokens_details",
            id="reads and writes exceed the prompt",
        ),
        pytest.param(
            {"prompt_tokens": 10.5, "completion_tokens": 1}, "/provider_response/usage/prompt_tokens", id="a fraction"
        ),
        pytest.param(
            {"prompt_tokens": 1e300, "completion_tokens": 1}, "/provider_response/usage/prompt_tokens", id="absurd"
        ),
    ],
)
def test_counts_that_cannot_be_true_are_refused_where_they_stand(usage: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", chat(usage))
    assert refusal.value.faults[0].pointer == pointer


@pytest.mark.parametrize(
    ("usage", "pointer"),
    [
        pytest.param(None, "/provider_response/usage", id="usage is null, as in all but the last chunk"),
        pytest.param({"completion_tokens": 3}, "/provider_response/usage/prompt_tokens", id="missing"),
        pytest.param(
            {"prompt_tokens": None, "completion_tokens": 3}, "/provider_response/usage/prompt_tokens", id="null"
        ),
        pytest.param(
            {"prompt_tokens": 12, "completion_tokens": None},
            "/provider_response/usage/completion_tokens",
            id="a null completion",
        ),
        pytest.param({"prompt_tokens": 12}, "/provider_response/usage/completion_tokens", id="no completion"),
        pytest.param(
            {"prompt_tokens": "12", "completion_tokens": 3}, "/provider_response/usage/prompt_tokens", id="text"
        ),
        pytest.param(
            {"prompt_tokens": True, "completion_tokens": 3}, "/provider_response/usage/prompt_tokens", id="true"
        ),
        pytest.param(
            {"prompt_tokens": 1, "completion_tokens": 3, "prompt_tokens_details": 5},
            "/provider_response/usage/prompt_tokens_details",
            id="details that are no object",
        ),
    ],
)
def test_a_count_that_is_not_there_is_never_taken_for_zero(usage: Any, pointer: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("openai", chat(usage))
    assert refusal.value.faults[0].pointer == pointer


def test_null_details_count_nothing_and_a_null_count_is_said() -> None:
    usage = {
        "prompt_tokens": 4,
        "completion_tokens": 0,
        "total_tokens": 4,
        "prompt_tokens_details": {"cached_tokens": None},
        "completion_tokens_details": None,
    }
    reading = read_response("openai", chat(usage))
    assert reading.counts == {"input_tokens": 4, "output_tokens": 0}
    assert [w.code for w in reading.warnings] == ["null-counts"]
    assert "/provider_response/usage/prompt_tokens_details/cached_tokens" in reading.warnings[0].detail


@pytest.mark.parametrize("body", [[], "text", 5, [1], {"custom_id": "a", "response": None, "error": {"code": "x"}}])
def test_what_is_no_response_is_refused(body: Any) -> None:
    with pytest.raises(Malformed):
        read_response("openai", body)


def test_an_unknown_api_names_the_known_ones() -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("openai", chat({}), api="chatt")
    assert "chat" in refusal.value.faults[0].hint


def test_the_words_of_sdks_and_logs_are_understood() -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    for api in ("chat", "Chat.Completions", "completions", "CHAT/completions"):
        assert read_response("openai", chat(usage), api=api).dialect == "openai-chat"


def test_a_completion_left_out_is_none_where_the_total_proves_it() -> None:
    counts = read_response("openai", chat({"prompt_tokens": 12, "total_tokens": 12})).counts
    assert counts == {"input_tokens": 12, "output_tokens": 0}


def test_azure_is_read_like_openai() -> None:
    usage: dict[str, Any] = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    usage |= {"prompt_tokens_details": {"cached_tokens": 4}}
    assert read_response("azure-openai", chat(usage)).counts == {
        "input_tokens": 6,
        "cache_read_tokens": 4,
        "output_tokens": 5,
    }


def run_of(*entries: tuple[int, int], requests: int) -> dict[str, object]:
    """The usage of a run of OpenAI's Agents SDK, its requests listed where they are given."""
    listed = [{"input_tokens": i, "output_tokens": o, "total_tokens": i + o} for i, o in entries]
    return {"requests": requests, "input_tokens": 1000, "output_tokens": 150, "total_tokens": 1150} | (
        {"request_usage_entries": listed} if listed else {}
    )


def test_each_request_of_a_run_is_billed_by_itself_where_the_run_lists_them() -> None:
    reading = read_response("openai", {"usage": run_of((400, 50), (600, 100), requests=2)})
    assert [dict(reading.counts), *(dict(one.counts) for one in reading.others)] == [
        {"input_tokens": 400, "output_tokens": 50},
        {"input_tokens": 600, "output_tokens": 100},
    ]
    assert reading.warnings == ()


def test_a_run_that_lists_other_requests_than_it_sums_up_is_refused() -> None:
    with pytest.raises(OutOfDomain, match="by request"):
        read_response("openai", {"usage": run_of((400, 50), (500, 100), requests=2)})


def test_requests_that_are_only_summed_up_are_told() -> None:
    reading = read_response("openai", {"usage": run_of(requests=3)})
    assert [(one.code, one.detail) for one in reading.warnings] == [
        ("requests-together", "requests: 3 requests are counted together")
    ]
    assert read_response("openai", {"usage": run_of(requests=1)}).warnings == ()
