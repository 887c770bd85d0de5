"""Plain answers of every shape that is read in one look, and the same with something odd about them."""

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.estimators.tokens.dialects.chat_sample import chat

ODD = (
    None,
    0,
    1,
    7,
    -1,
    3.5,
    "7",
    "",
    " m",
    "priority",
    "flex",
    "auto",
    "batch",
    True,
    10**16,
    {},
    [],
    {"n_tokens": 7},
)
"""What a member may be instead of what it should be."""
ADDED = (
    "x_new_tokens", "x_new_things", "cached_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
    "text_tokens", "audio_tokens", "service_tier", "prompt_cache_key", "stream", "events", "custom_id", "input_tokens",
    "region", "cloud.region", "gen_ai.usage.x_tokens", "gen_ai.usage.prompt_tokens", "gen_ai.request.max_tokens",
    "prompt_cache_hit_tokens", "usage", "object", "type", "modelUsage", "iterations", "speed", "serviceTier", "trace",
)  # fmt: skip


def completion(dice: random.Random) -> dict[str, Any]:
    """A chat completion, its prompt partly cached."""
    prompt, said = dice.randrange(0, 5000), dice.randrange(0, 500)
    return chat(
        prompt,
        said,
        prompt_tokens_details={"cached_tokens": dice.choice([0, prompt // 2, prompt]), "audio_tokens": 0},
        completion_tokens_details={"reasoning_tokens": dice.choice([0, said // 2]), "audio_tokens": 0},
    ) | {
        "created": 1_793_527_200,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "x", "annotations": []}}],
        "service_tier": dice.choice(["default", None]),
    }


def hits(dice: random.Random) -> dict[str, Any]:
    """DeepSeek's, whose prompt is hits and misses."""
    body = completion(dice)
    usage = body["usage"]
    hit = usage["prompt_tokens_details"]["cached_tokens"]
    misses = {"prompt_cache_hit_tokens": hit, "prompt_cache_miss_tokens": usage["prompt_tokens"] - hit}
    return body | {"usage": {**usage, **misses, "prompt_tokens_details": {"cached_tokens": hit}}}


def timed(dice: random.Random) -> dict[str, Any]:
    """Groq's, with its times."""
    body = completion(dice)
    return body | {"usage": {**body["usage"], "queue_time": 0.1, "total_time": 2}, "x_groq": {"id": "req_1"}}


def response(dice: random.Random) -> dict[str, Any]:
    """A response of the Responses API."""
    total, said = dice.randrange(0, 5000), dice.randrange(0, 500)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_793_527_200,
        "model": "gpt-5-2025-08-07",
        "output": [{"type": "reasoning"}, {"type": dice.choice(["message", "message", "web_search_call"])}],
        "service_tier": dice.choice(["default", "priority", "flex", None]),
        "max_output_tokens": dice.choice([None, 100]),
        "tools": [],
        "usage": {
            "input_tokens": total,
            "input_tokens_details": {"cached_tokens": dice.choice([0, total // 2])},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": dice.choice([0, said // 2])},
            "total_tokens": total + said,
        },
    }


def message(dice: random.Random) -> dict[str, Any]:
    """A message of Claude's, its cache writes by lifetime or not."""
    short, long = dice.choice([0, 0, 300]), dice.choice([0, 0, 200])
    usage = {
        "input_tokens": dice.randrange(0, 5000),
        "cache_creation_input_tokens": short + long,
        "cache_read_input_tokens": dice.choice([0, 900]),
        "output_tokens": dice.randrange(100, 500),
        "service_tier": dice.choice(["standard", "priority", "batch", None]),
        "server_tool_use": dice.choice(
            [None, {"web_search_requests": dice.choice([0, 0, 2]), "web_fetch_requests": 1}]
        ),
        "inference_geo": dice.choice([None, "not_available", "us"]),
    }
    if dice.random() < 0.7:
        usage["cache_creation"] = {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long}
    if dice.random() < 0.2:
        usage["output_tokens_details"] = {"thinking_tokens": 50}
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-haiku-4-5", "usage": usage}


def generated(dice: random.Random) -> dict[str, Any]:
    """Gemini's answer."""
    prompt, said, thoughts = dice.randrange(1, 5000), dice.randrange(0, 500), dice.choice([0, 90])
    cached = dice.choice([0, prompt // 2])
    text = [{"modality": "TEXT", "tokenCount": prompt}]
    usage = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": said,
        "totalTokenCount": prompt + said + thoughts,
        "cachedContentTokenCount": cached,
        "promptTokensDetails": dice.choice([text, [], [{"modality": "AUDIO", "tokenCount": 1}]]),
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": cached}],
        "trafficType": dice.choice([None, "ON_DEMAND", "ON_DEMAND_PRIORITY"]),
    }
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    grounding = dice.choice([{}, {}, {}, {"groundingMetadata": {"webSearchQueries": ["a"]}}])
    candidates = [{"content": {"parts": [{"text": "x"}]}, **grounding}]
    return {"candidates": candidates, "usageMetadata": usage, "modelVersion": "gemini-2.5-flash", "responseId": "r"}


def converse(dice: random.Random) -> dict[str, Any]:
    """Bedrock's Converse."""
    prompt, said, read, written = dice.randrange(0, 5000), dice.randrange(0, 500), dice.choice([0, 70]), 0
    counts = {"inputTokens": prompt, "outputTokens": said, "totalTokens": prompt + said + dice.choice([0, read])}
    cache = {"cacheReadInputTokens": read, "cacheWriteInputTokens": dice.choice([written, 0])}
    return {"output": {"message": {}}, "stopReason": "end_turn", "usage": counts | cache, "metrics": {"latencyMs": 5}}


def span(dice: random.Random) -> dict[str, Any]:
    """A span of a model call, its attributes as an object or as OTLP's list."""
    prompt, said, read = dice.randrange(100, 5000), dice.randrange(0, 500), dice.choice([0, 70])
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.request.max_tokens": 500,
        "gen_ai.usage.input_tokens": prompt,
        "gen_ai.usage.output_tokens": said,
        "gen_ai.usage.cache_read.input_tokens": read,
    }
    if dice.random() < 0.3:
        attributes["gen_ai.usage.total_tokens"] = prompt + said + dice.choice([0, read])
    if dice.random() < 0.5:
        attributes["gen_ai.response.model"] = "gpt-5-mini-2025-08-07"
    outside = {"name": "chat", "spanId": "a1", "events": [], "startTimeUnixNano": "1793527200000000000"}
    return {**outside, "attributes": otlp(attributes) if dice.random() < 0.3 else attributes}


def otlp(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Attributes as OTLP's JSON writes them."""
    return [
        {"key": name, "value": {"intValue": str(value)} if type(value) is int else {"stringValue": value}}
        for name, value in attributes.items()
    ]


def delivered(answer: Callable[[random.Random], dict[str, Any]], dice: random.Random) -> dict[str, Any]:
    """An answer as the line of a batch's output."""
    body = answer(dice)
    if answer is message:
        return {"custom_id": "a", "result": {"type": "succeeded", "message": body}}
    return {"id": "batch_req_1", "custom_id": "a", "response": {"status_code": 200, "body": body}, "error": None}


PLAIN: Mapping[str, tuple[Callable[[random.Random], dict[str, Any]], ...]] = {
    "openai": (completion, response),
    "azure-openai": (completion, response),
    "together": (completion,),
    "moonshot": (completion,),
    "alibaba": (completion,),
    "mistral": (completion,),
    "deepseek": (hits, completion),
    "groq": (timed, completion),
    "anthropic": (message,),
    "google": (generated,),
    "google-vertex": (generated, message),
    "aws-bedrock": (converse,),
    "xai": (span, completion),
}
"""Provider -> the shapes it answers in."""


def answers(provider: str, dice: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """So many answers of a provider, plain ones, lines of batches and spans, half of them with something odd."""
    for _ in range(count):
        made = dice.choice((*PLAIN[provider], span))
        body = delivered(made, dice) if made is not span and dice.random() < 0.15 else made(dice)
        for _ in range(dice.choice([0, 0, 1, 2])):
            body = made_odd(body, dice)
        yield body


def made_odd(body: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The same with one member changed, left out, or added."""
    changed = copy.deepcopy(body)
    place = dice.choice(list(_objects(changed)))
    name = dice.choice([*place, *place, *ADDED])
    if name in place and dice.random() < 0.2:
        del place[name]
    elif type(place.get(name)) is int and dice.random() < 0.5:
        place[name] += dice.choice([-1, 1, 1000])
    else:
        place[name] = dice.choice(ODD)
    return changed


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(member)
