"""Lists and streams: the events of one answer are put together, several answers never are."""

import json
from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.estimators.tokens.dialects.wrapping import events_of
from mlquote.kit.errors import Malformed, OutOfDomain
from tests.estimators.tokens.dialects.chat_sample import chat

USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
MESSAGE = {"type": "message", "model": "claude-haiku-4-5", "usage": {"input_tokens": 1000, "output_tokens": 100}}
GEMINI = {"modelVersion": "gemini-2.5-flash", "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1}}
RESPONSE = {"object": "response", "model": "gpt-5", "output": [], "usage": {"input_tokens": 10, "output_tokens": 1}}
START = {"type": "message_start", "message": {"id": "m", **MESSAGE}}
CONVERSE = {"inputTokens": 9, "outputTokens": 1, "totalTokens": 10}
COHERE = {"billed_units": {"input_tokens": 9, "output_tokens": 1}}
SPAN = {"gen_ai.provider.name": "openai", "gen_ai.usage.input_tokens": 9, "gen_ai.usage.output_tokens": 1}
CHUNK = {"object": "chat.completion.chunk", "id": "c", "model": "m"}


def batch_line(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """A line of an OpenAI batch's output file."""
    return {"id": f"batch_req_{name}", "custom_id": name, "response": {"status_code": 200, "body": body}}


@pytest.mark.parametrize(
    ("provider", "answers"),
    [
        pytest.param("openai", [chat(1000, 100) | {"id": "a"}, chat(10, 1) | {"id": "b"}], id="chat completions"),
        pytest.param("openai", [chat(1000, 100), chat(10, 1)], id="without ids"),
        pytest.param("openai", [chat(10, 1), chat(1000, 100)], id="the larger one last"),
        pytest.param("openai", [{"usage": chat(1000, 100)["usage"]}, {"usage": chat(10, 1)["usage"]}], id="bare"),
        pytest.param("openai", [RESPONSE | {"id": "a"}, RESPONSE | {"id": "b"}], id="Responses"),
        pytest.param("openai", [batch_line("a", chat(9, 1)), batch_line("b", chat(9, 1))], id="batch lines"),
        pytest.param("anthropic", [MESSAGE | {"id": "a"}, MESSAGE | {"id": "b"}], id="messages"),
        pytest.param("anthropic", [MESSAGE, MESSAGE], id="like messages without ids"),
        pytest.param("anthropic", [START, {**START, "message": MESSAGE | {"id": "n"}}], id="two streams"),
        pytest.param("google", [GEMINI, {"usageMetadata": {"promptTokenCount": 99}}], id="Gemini without ids"),
        pytest.param("aws-bedrock", [{"usage": CONVERSE}, {"usage": CONVERSE | {"inputTokens": 99}}], id="Converse"),
        pytest.param("cohere", [{"usage": COHERE}, {"usage": {"billed_units": {"input_tokens": 99}}}], id="Cohere"),
        pytest.param(
            "openai", [chat(9, 1), {"usage": {"prompt_tokens": 9, "completion_tokens": 5}}], id="after a whole"
        ),
        pytest.param("openai", [SPAN, chat(9, 1)], id="a span and an answer"),
        pytest.param("openai", [chat(9, 1), SPAN], id="an answer and a span"),
        pytest.param("google", [GEMINI | {"responseId": "a"}, GEMINI | {"responseId": "b"}], id="Gemini"),
    ],
)
def test_several_answers_in_a_list_are_never_one(provider: str, answers: list[Any]) -> None:
    with pytest.raises(OutOfDomain, match="several answers") as refusal:
        read_response(provider, answers)
    assert refusal.value.code == "several-answers"


@pytest.mark.parametrize(
    ("provider", "line"),
    [
        pytest.param("openai", batch_line("a", chat(1000, 100)), id="OpenAI"),
        pytest.param("anthropic", {"custom_id": "a", "result": {"message": MESSAGE}}, id="Anthropic"),
        pytest.param("google", {"key": "a", "response": GEMINI}, id="Google"),
    ],
)
def test_a_list_of_one_batch_line_is_a_batch(provider: str, line: dict[str, Any]) -> None:
    assert read_response(provider, [line]) == read_response(provider, line)
    assert read_response(provider, [line]).processing == "batch"


def test_an_answer_that_is_told_twice_is_billed_once_and_said() -> None:
    reading = read_response("openai", [chat(10, 1) | {"id": "a"}, chat(10, 1) | {"id": "a"}])
    assert reading.counts == {"input_tokens": 10, "output_tokens": 1}
    assert [w.code for w in reading.warnings] == ["repeated-answers"]


@pytest.mark.parametrize(
    ("provider", "events", "counts"),
    [
        pytest.param(
            "groq",
            [CHUNK, CHUNK | {"x_groq": {"id": "r", "usage": chat(3, 4)["usage"]}}],
            {"input_tokens": 3, "output_tokens": 4},
            id="Groq's last chunk",
        ),
        pytest.param(
            "cohere",
            [
                {"type": "message-start", "id": "x", "delta": {"message": {}}},
                {
                    "type": "message-end",
                    "delta": {
                        "usage": {
                            "billed_units": {"input_tokens": 3, "output_tokens": 30},
                            "tokens": {"input_tokens": 69},
                        }
                    },
                },
            ],
            {"input_tokens": 3, "output_tokens": 30},
            id="Cohere v2",
        ),
        pytest.param(
            "cohere",
            [
                {"event_type": "text-generation", "text": "x"},
                {
                    "event_type": "stream-end",
                    "response": {"meta": {"billed_units": {"input_tokens": 3, "output_tokens": 30}}},
                },
            ],
            {"input_tokens": 3, "output_tokens": 30},
            id="Cohere v1",
        ),
        pytest.param(
            "moonshot",
            [
                CHUNK | {"choices": [{"delta": {}}]},
                CHUNK | {"choices": [{"delta": {}, "usage": chat(19, 13)["usage"]}]},
            ],
            {"input_tokens": 19, "output_tokens": 13},
            id="Moonshot's last choice",
        ),
        pytest.param(
            "google",
            [
                {"event_type": "content.delta", "delta": {"text": "x"}},
                {
                    "event_type": "interaction.complete",
                    "interaction": {"id": "i", "usage": {"total_input_tokens": 7, "total_output_tokens": 2}},
                },
            ],
            {"input_tokens": 7, "output_tokens": 2},
            id="Gemini Interactions",
        ),
    ],
)
def test_a_stream_ends_in_its_usage_wherever_that_stands(
    provider: str, events: list[Any], counts: dict[str, int]
) -> None:
    assert read_response(provider, events, model="m").counts == counts


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        pytest.param({"ephemeral_5m_input_tokens": 3068}, {"cache_write_5m_tokens": 3337}, id="five minutes"),
        pytest.param({"ephemeral_1h_input_tokens": 3068}, {"cache_write_1h_tokens": 3337}, id="one hour"),
        pytest.param({"ephemeral_5m_input_tokens": 0}, {"cache_write_5m_tokens": 3337}, id="none yet"),
    ],
)
def test_a_breakdown_of_an_earlier_event_is_stale(before: dict[str, int], counts: dict[str, int]) -> None:
    """A turn with server tools writes more cache than its first pass, and repeats no breakdown."""
    usage = {"input_tokens": 2, "cache_creation_input_tokens": sum(before.values()), "cache_creation": before}
    start = {"type": "message_start", "message": {"model": "m", "usage": usage | {"output_tokens": 69}}}
    end = {
        "type": "message_delta",
        "usage": {"input_tokens": 6, "cache_creation_input_tokens": 3337, "output_tokens": 198},
    }
    reading = read_response("anthropic", [start, end])
    assert reading.counts == {"input_tokens": 6, "output_tokens": 198} | counts


def test_an_image_stream_is_billed_as_images() -> None:
    usage = {
        "total_tokens": 4210,
        "input_tokens": 50,
        "output_tokens": 4160,
        "input_tokens_details": {"text_tokens": 50},
    }
    events = [{"type": "image_generation.partial_image"}, {"type": "image_generation.completed", "usage": usage}]
    counts = {"input_tokens": 50, "output_tokens": 0, "image_output_tokens": 4160}
    assert read_response("openai", events, model="gpt-image-1.5").counts == counts
    assert read_response("openai", usage, model="gpt-image-1.5").counts == counts


def test_each_turn_of_a_live_session_is_a_call() -> None:
    turns = [
        {"usageMetadata": {"promptTokenCount": 585, "responseTokenCount": 50, "totalTokenCount": 635}},
        {"usageMetadata": {"promptTokenCount": 579, "responseTokenCount": 25, "totalTokenCount": 604}},
    ]
    reading = read_response("google", turns, model="m")
    assert reading.counts == {"input_tokens": 585, "output_tokens": 50}
    assert [one.counts for one in reading.others] == [{"input_tokens": 579, "output_tokens": 25}]


def test_each_response_of_a_realtime_session_is_a_call() -> None:
    def done(name: str, said: int) -> dict[str, Any]:
        usage = {"total_tokens": 10 + said, "input_tokens": 10, "output_tokens": said}
        return {"type": "response.done", "response": {"id": name, "object": "realtime.response", "usage": usage}}

    reading = read_response("openai", [done("a", 5), done("b", 7)], model="gpt-realtime")
    assert reading.counts == {"input_tokens": 10, "output_tokens": 5}
    assert [one.counts for one in reading.others] == [{"input_tokens": 10, "output_tokens": 7}]


def test_the_text_of_a_stream_is_read_as_it_was_received() -> None:
    events = [CHUNK | {"choices": []}, CHUNK | {"choices": [], "usage": chat(3, 4)["usage"]}]
    text = "".join(f"event: x\ndata: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    assert read_response("openai", text) == read_response("openai", events)
    assert events_of("\n".join(json.dumps(event) for event in events), "") == events


def test_text_that_is_no_stream_is_refused() -> None:
    with pytest.raises(Malformed, match="no event"):
        read_response("openai", "hello")


def test_google_genai_dumps_snake_case_and_the_pointer_says_so() -> None:
    usage = {"prompt_token_count": 9, "candidates_token_count": 2, "thoughts_token_count": 3, "total_token_count": 14}
    reading = read_response("google", {"model_version": "gemini-2.5-flash", "usage_metadata": usage})
    assert (reading.model, reading.counts) == (
        "gemini-2.5-flash",
        {"input_tokens": 9, "output_tokens": 5, "reasoning_tokens": 3},
    )
    with pytest.raises(OutOfDomain) as refusal:
        read_response("google", {"usage_metadata": usage | {"new_token_count": 7}})
    assert refusal.value.faults[0].pointer == "/provider_response/usage_metadata/new_token_count"


@pytest.mark.parametrize(
    "response",
    [
        pytest.param({"token_usage": USAGE}, id="smolagents"),
        pytest.param({"token_usage": USAGE | {"successful_requests": 1}}, id="CrewAI"),
        pytest.param({"llm_output": {"token_usage": USAGE, "model_name": "gpt-5"}}, id="an LLMResult of LangChain"),
        pytest.param({"raw": chat(9, 2), "additional_kwargs": {"prompt_tokens": 9}}, id="LlamaIndex"),
        pytest.param({"_role": "assistant", "_meta": {"model": "gpt-5", "usage": USAGE}}, id="Haystack"),
        pytest.param({"openai/gpt-5": USAGE}, id="DSPy"),
    ],
)
def test_a_frameworks_answer_holds_the_providers(response: dict[str, Any]) -> None:
    assert read_response("openai", response, model="gpt-5").counts == {"input_tokens": 9, "output_tokens": 2}


def test_the_usage_of_several_models_is_that_of_several_answers() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", {"openai/gpt-5": USAGE, "openai/gpt-4o": USAGE})
    assert refusal.value.code == "several-answers"
