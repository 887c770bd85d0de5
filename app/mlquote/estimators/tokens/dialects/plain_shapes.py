"""Quick readers of the answers that providers give in shapes of their own: Responses, Messages, Gemini's, Converse."""

from collections.abc import Mapping
from typing import Any, Final

from mlquote.estimators.tokens.dialects import anthropic, bedrock, google, openai
from mlquote.estimators.tokens.dialects.plain import NOTHING, ODD, Plain, count, mode, moment, named, only
from mlquote.estimators.tokens.dialects.reading import MOST_COUNT

_RESPONSE: Final = frozenset(
    {
        "id", "object", "created_at", "completed_at", "status", "background", "error", "incomplete_details",
        "instructions", "max_output_tokens", "max_tool_calls", "model", "output", "parallel_tool_calls",
        "previous_response_id", "prompt_cache_key", "reasoning", "safety_identifier", "service_tier", "store",
        "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "usage", "user",
        "metadata",
    }
)  # fmt: skip
_RESPONSE_USAGE: Final = frozenset(
    {"input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details", "total_tokens"}
)
_ITEMS: Final = ("message", "reasoning", "function_call", "custom_tool_call")
"""Items of an output that cost nothing beside their tokens."""
_MESSAGE: Final = frozenset(
    {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage", "container"}
)
_MESSAGE_USAGE: Final = frozenset(
    {
        "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "output_tokens",
        "output_tokens_details", "service_tier", "server_tool_use", "inference_geo",
    }
)  # fmt: skip
_LIFETIMES: Final = frozenset({"ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"})
_FETCHES: Final = frozenset({"web_search_requests", "web_fetch_requests"})
_GENERATED: Final = frozenset(
    {"candidates", "usageMetadata", "modelVersion", "responseId", "createTime", "promptFeedback"}
)
_GENERATED_USAGE: Final = frozenset(
    {
        "promptTokenCount", "candidatesTokenCount", "totalTokenCount", "cachedContentTokenCount", "thoughtsTokenCount",
        "promptTokensDetails", "cacheTokensDetails", "candidatesTokensDetails", "trafficType",
    }
)  # fmt: skip
_CONVERSE: Final = frozenset(
    {"output", "stopReason", "usage", "metrics", "additionalModelResponseFields", "ResponseMetadata"}
)
_CONVERSE_USAGE: Final = frozenset(
    {"inputTokens", "outputTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens"}
)


def plain_response(response: dict[str, Any], is_batch: bool) -> Plain | None:
    """A response of OpenAI's Responses API that used no tool of the provider's."""
    usage, model = response.get("usage"), named(response.get("model"))
    if response.get("object") != "response" or model is None or not response.keys() <= _RESPONSE:
        return None
    if type(usage) is not dict or not usage.keys() <= _RESPONSE_USAGE or not _is_text(response.get("output", ())):
        return None
    if not isinstance(response.get("prompt_cache_key"), str | None):
        return None
    processing = mode(response.get("service_tier"), is_batch)
    total, said = usage.get("input_tokens"), usage.get("output_tokens")
    if type(total) is not int or type(said) is not int or usage.get("total_tokens") != total + said:
        return None
    cached = only(usage.get("input_tokens_details", NOTHING), "cached_tokens")
    thought = only(usage.get("output_tokens_details", NOTHING), "reasoning_tokens")
    if not 0 <= cached <= total <= MOST_COUNT or not 0 <= thought <= said <= MOST_COUNT or processing == "":
        return None
    counts = {"input_tokens": total - cached}
    if cached:
        counts["cache_read_tokens"] = cached
    counts["output_tokens"] = said
    if thought:
        counts["reasoning_tokens"] = thought
    created = moment(response.get("created_at"))
    return Plain("openai-responses", openai.RESPONSES, model, counts, processing, created)


def _is_text(output: Any) -> bool:
    """Whether an output holds nothing but text, thoughts and calls of the asker's own functions."""
    if type(output) is not list:
        return isinstance(output, tuple)
    return all(type(item) is dict and item.get("type") in _ITEMS for item in output)


def plain_message(response: dict[str, Any], is_batch: bool) -> Plain | None:
    """A message of Claude's in one pass, without searches, at the rates of everywhere."""
    usage, model = response.get("usage"), named(response.get("model"))
    if response.get("type") != "message" or model is None or not response.keys() <= _MESSAGE:
        return None
    if type(usage) is not dict or not usage.keys() <= _MESSAGE_USAGE:
        return None
    processing, geo = mode(usage.get("service_tier"), is_batch), usage.get("inference_geo")
    if processing == "" or not (geo is None or (type(geo) is str and geo in anthropic.ANYWHERE)):
        return None
    counts = _message_counts(usage) if _only_fetches(usage.get("server_tool_use")) else None
    return None if counts is None else Plain("anthropic-messages", anthropic.MESSAGES, model, counts, processing)


def _message_counts(usage: Mapping[str, Any]) -> dict[str, int] | None:
    prompt, said = usage.get("input_tokens", ODD), usage.get("output_tokens", ODD)
    thought = _thinking(usage.get("output_tokens_details"))
    read, written = count(usage, "cache_read_input_tokens"), count(usage, "cache_creation_input_tokens")
    short, long = _lifetimes(usage.get("cache_creation"), written)
    if type(prompt) is not int or type(said) is not int or not 0 <= thought <= said:
        return None
    if min(prompt, read, short, long) < 0 or max(prompt, said, read, written) > MOST_COUNT:
        return None
    counts = {"input_tokens": prompt, "output_tokens": said}
    if thought:
        counts["reasoning_tokens"] = thought
    if read:
        counts["cache_read_tokens"] = read
    if short:
        counts["cache_write_5m_tokens"] = short
    if long:
        counts["cache_write_1h_tokens"] = long
    return counts


def _thinking(details: Any) -> int:
    if details is None:
        return 0
    return count(details, "thinking_tokens") if type(details) is dict and details.keys() <= {"thinking_tokens"} else ODD


def _only_fetches(used: Any) -> bool:
    """Whether no search was made; a page fetched costs only its tokens."""
    if used is None:
        return True
    if type(used) is not dict or not used.keys() <= _FETCHES:
        return False
    return type(used.get("web_fetch_requests", 0)) is int and count(used, "web_search_requests") == 0


def _lifetimes(parts: Any, written: int) -> tuple[int, int]:
    """Cache writes by lifetime, which make up the writes; ODD where they do not."""
    if parts is None:
        return written, 0
    if type(parts) is not dict or not parts or not parts.keys() <= _LIFETIMES:
        return ODD, ODD
    short, long = count(parts, "ephemeral_5m_input_tokens"), count(parts, "ephemeral_1h_input_tokens")
    return (short, long) if short + long == written else (ODD, ODD)


def plain_generated(response: dict[str, Any], is_batch: bool) -> Plain | None:
    """Gemini's answer of text to text, not grounded in anything."""
    usage, model = response.get("usageMetadata"), named(response.get("modelVersion"))
    if is_batch or type(usage) is not dict or model is None or not response.keys() <= _GENERATED:
        return None
    traffic = usage.get("trafficType")
    if not usage.keys() <= _GENERATED_USAGE or model.startswith("models/") or not _is_ungrounded(response):
        return None
    counts = _generated_counts(usage) if traffic is None or traffic == "ON_DEMAND" else None
    processing = None if traffic is None else "standard"
    return None if counts is None else Plain("google-generate-content", google.GENERATE, model, counts, processing)


def _generated_counts(usage: Mapping[str, Any]) -> dict[str, int] | None:
    prompt, said = usage.get("promptTokenCount"), count(usage, "candidatesTokenCount")
    cached, thoughts = count(usage, "cachedContentTokenCount"), count(usage, "thoughtsTokenCount")
    if type(prompt) is not int or min(said, cached, thoughts) < 0 or not cached <= prompt <= MOST_COUNT:
        return None
    if usage.get("totalTokenCount") != prompt + said + thoughts or max(said, thoughts) > MOST_COUNT:
        return None
    parts = (("promptTokensDetails", prompt), ("cacheTokensDetails", cached), ("candidatesTokensDetails", said))
    for name, whole in parts:
        if name in usage and not _is_all_text(usage[name], whole):
            return None
    counts = {"input_tokens": prompt - cached}
    if cached:
        counts["cache_read_tokens"] = cached
    counts["output_tokens"] = said + thoughts
    if thoughts:
        counts["reasoning_tokens"] = thoughts
    return counts


def _is_ungrounded(response: Mapping[str, Any]) -> bool:
    candidates = response.get("candidates", ())
    if type(candidates) is not list:
        return isinstance(candidates, tuple)
    return all(type(one) is dict and "groundingMetadata" not in one for one in candidates)


def _is_all_text(details: Any, whole: int) -> bool:
    """Whether a breakdown by modality has text alone, and no more of it than there is."""
    if type(details) is not list:
        return False
    text = 0
    for part in details:
        if type(part) is not dict or len(part) != 2 or part.get("modality") != "TEXT":
            return False
        tokens = part.get("tokenCount")
        if type(tokens) is not int or tokens < 0:
            return False
        text += tokens
    return text <= whole


def plain_converse(response: dict[str, Any], request: Mapping[str, Any] | None, model: str | None) -> Plain | None:
    """Bedrock's Converse, where the request says no more than the model's id, and that is no ARN."""
    usage = response["usage"]
    if request is not None:
        if len(request) != 1 or type(request.get("modelId")) is not str:
            return None
        model = request["modelId"] or model
    if model is None or named(model) is None or model.startswith("arn:") or not response.keys() <= _CONVERSE:
        return None
    if type(usage) is not dict or not usage.keys() <= _CONVERSE_USAGE:
        return None
    prompt, said = usage.get("inputTokens"), usage.get("outputTokens")
    read, written = count(usage, "cacheReadInputTokens"), count(usage, "cacheWriteInputTokens")
    if type(prompt) is not int or type(said) is not int or min(prompt, said, read, written) < 0:
        return None
    total = usage.get("totalTokens")
    if total not in (prompt + said, prompt + said + read + written) or total > MOST_COUNT:
        return None
    counts = {"input_tokens": prompt, "output_tokens": said}
    if read:
        counts["cache_read_tokens"] = read
    if written:
        counts["cache_write_tokens"] = written
    return Plain("bedrock-converse", bedrock.CONVERSE, model, counts, None)
