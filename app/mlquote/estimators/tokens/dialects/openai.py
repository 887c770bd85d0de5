"""OpenAI and Azure OpenAI: chat completions, responses, embeddings, images, transcriptions, realtime.

Everything is inclusive here: cached and audio tokens are inside the prompt, reasoning and rejected predictions inside
the completion, and the total is the sum of the two. A response that was cut short is billed as it is.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import (
    Body,
    Reading,
    Rules,
    adds_up,
    contradiction,
    null_warning,
    within,
)
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.provenance import Warning

CHAT = Rules(
    cached="inside usage.prompt_tokens",
    reasoning="inside usage.completion_tokens",
    total="prompt_tokens + completion_tokens",
    source_url="https://platform.openai.com/docs/api-reference/chat/object",
)
RESPONSES = Rules(
    cached="inside usage.input_tokens",
    reasoning="inside usage.output_tokens",
    total="input_tokens + output_tokens",
    source_url="https://platform.openai.com/docs/api-reference/responses/object",
)
EMBEDDINGS = Rules(
    cached="",
    reasoning="",
    total="prompt_tokens",
    source_url="https://platform.openai.com/docs/api-reference/embeddings",
)
IMAGES = Rules(
    cached="inside usage.input_tokens",
    reasoning="",
    total="input_tokens + output_tokens; every output token is an image token unless a breakdown says otherwise",
    source_url="https://platform.openai.com/docs/api-reference/images/object",
)
AUDIO = Rules(
    cached="",
    reasoning="",
    total="input_tokens + output_tokens, or usage.seconds",
    source_url="https://platform.openai.com/docs/api-reference/audio/json-object",
)
REALTIME = Rules(
    cached="inside usage.input_tokens",
    reasoning="inside usage.output_tokens",
    total="input_tokens + output_tokens",
    source_url="https://platform.openai.com/docs/api-reference/realtime-server-events/response/done",
)

SEARCH_MODELS = ("-search-preview", "-search-api")
"""Chat models that search the web before every answer: one search a call, which their usage does not count."""


def read(call: Call) -> Reading:
    """Any OpenAI response, by its `api` or by its shape."""
    api = call.api or shape(call.body)
    readers = {
        "responses": responses,
        "embeddings": embeddings,
        "images": images,
        "audio": audio,
        "realtime": realtime,
    }
    return readers.get(api, chat)(call)


def shape(body: Body) -> str:
    """Which of OpenAI's APIs a body came from."""
    kind = body.values.get("object")
    usage = body.part("usage")
    if kind == "realtime.response" or ("input_token_details" in usage.values and "text" not in body.values):
        return "realtime"
    if kind == "response" or ("output" in body.values and "input_tokens" in usage.values):
        return "responses"
    if "data" in body.values and "created" in body.values:
        return "images"
    if kind == "list" and "completion_tokens" not in usage.values:
        return "embeddings"
    if "text" in body.values or usage.values.get("type") in ("tokens", "duration") or "duration" in body.values:
        return "audio"
    return "responses" if "input_tokens" in usage.values and "prompt_tokens" not in usage.values else "chat"


def chat(call: Call) -> Reading:
    """A chat completion (or a legacy text completion)."""
    usage = call.body.needed_part("usage", "of a stream, only the last chunk carries it: set include_usage")
    prompt = usage.needed("prompt_tokens")
    completion = completed(usage, "completion_tokens", prompt)
    adds_up(usage.maybe("total_tokens"), prompt + completion, CHAT.total, usage.pointer("total_tokens"))
    counts = prompt_counts(usage, prompt) | completion_counts(usage, completion)
    model = call.model_named() or ""
    if any(name in model for name in SEARCH_MODELS):
        counts["web_searches"] = 1
    return _reading(call, "openai-chat", CHAT, counts)


def completed(usage: Body, name: str, prompt: int) -> int:
    """What was generated; left out only where the total proves that it was nothing."""
    if name not in usage.values and usage.values.get("total_tokens") == prompt:
        return 0
    return usage.needed(name)


def prompt_counts(usage: Body, prompt: int, cached: int | None = None) -> dict[str, int]:
    """An inclusive prompt count with OpenAI's `prompt_tokens_details`; `cached` where it is reported elsewhere."""
    details = usage.part("prompt_tokens_details")
    detailed = details.maybe("cached_tokens")
    if cached is not None and detailed is not None and cached != detailed:
        raise contradiction(
            f"cached tokens are {detailed} in one place and {cached} in another", details.pointer("cached_tokens")
        )
    read = (detailed or 0) if cached is None else cached
    return input_counts(prompt, details, read, "prompt_tokens")


def inclusive(total: int, details: Body, cached: int) -> InputParts:
    """An input total with OpenAI's breakdown of it by modality and by what the cache did."""
    held = details.part("cached_tokens_details")
    known = details.has("cached_tokens_details")
    return InputParts(
        total=total,
        cached=cached,
        written=details.count("cache_write_tokens"),
        audio=details.count("audio_tokens"),
        image=details.count("image_tokens"),
        video=details.count("video_tokens"),
        cached_audio=held.count("audio_tokens") if known else None,
        cached_image=held.count("image_tokens") if known else None,
    )


def input_counts(total: int, details: Body, cached: int, name: str) -> dict[str, int]:
    """The disjoint counts of such a total, checked against itself."""
    within(cached, "cached_tokens", total, name, details.pointer("cached_tokens"))
    parts = inclusive(total, details, cached)
    stated_text(details, parts.audio + parts.image + parts.video, total, name)
    return split_input(parts, name=name, pointer=details.at)


def stated_text(details: Body, media: int, total: int, name: str) -> None:
    """Refuse a stated number of text tokens that does not make up the total with the other modalities."""
    text = details.maybe("text_tokens")
    if text and text + media != total:
        raise contradiction(
            f"text_tokens {text} and other modalities {media} do not make up the {total} of {name}",
            details.pointer("text_tokens"),
        )


def completion_counts(usage: Body, completion: int) -> dict[str, int]:
    """An inclusive completion count with `completion_tokens_details`; rejected predictions are billed within it."""
    details = usage.part("completion_tokens_details")
    for name in ("accepted_prediction_tokens", "rejected_prediction_tokens"):
        within(details.count(name), name, completion, "completion_tokens", details.pointer(name))
    return split_output(
        completion,
        reasoning=details.count("reasoning_tokens"),
        audio=details.count("audio_tokens"),
        image=details.count("image_tokens"),
        name="completion_tokens",
        pointer=details.at,
    )


def responses(call: Call) -> Reading:
    """A response of the Responses API, with the searches, file searches and containers it used."""
    usage = call.body.needed_part("usage", "a response still in progress has none")
    total, counts = _input_output(usage)
    adds_up(usage.maybe("total_tokens"), total, RESPONSES.total, usage.pointer("total_tokens"))
    tools, facts = _tools(call.body)
    return _reading(call, "openai-responses", RESPONSES, counts | tools, facts)


def _input_output(usage: Body) -> tuple[int, dict[str, int]]:
    """The counts of an inclusive input_tokens/output_tokens pair, and their sum."""
    total = usage.needed("input_tokens")
    output = completed(usage, "output_tokens", total)
    details = usage.part("input_tokens_details")
    out = usage.part("output_tokens_details")
    counts = input_counts(total, details, details.count("cached_tokens"), "input_tokens")
    return total + output, counts | split_output(
        output,
        reasoning=out.count("reasoning_tokens"),
        audio=out.count("audio_tokens"),
        name="output_tokens",
        pointer=out.at,
    )


def _tools(body: Body) -> tuple[dict[str, int], dict[str, str]]:
    """Tool calls that cost money: searches by action (a page opened is none), file searches, containers by session."""
    output = body.parts("output")
    searches = sum(_is_search(item) for item in output)
    reported = body.part("tool_usage").part("web_search").maybe("num_requests")
    sessions = {item.word("container_id") for item in output if item.values.get("type") == "code_interpreter_call"}
    counts = {
        "web_searches": searches if reported is None else reported,
        "file_searches": sum(item.values.get("type") == "file_search_call" for item in output),
        "code_sessions": len(sessions),
    }
    tools = {str(tool.values.get("type", "")) for tool in body.parts("tools")}
    preview = counts["web_searches"] and any(name.startswith("web_search_preview") for name in tools)
    return {name: n for name, n in counts.items() if n}, ({"search_tool": "preview"} if preview else {})


def _is_search(item: Body) -> bool:
    """Whether an output item is a billed search: an action "search", or an old item that names no action."""
    if item.values.get("type") != "web_search_call":
        return False
    action = item.values.get("action")
    return not isinstance(action, dict) or action.get("type", "search") == "search"


def embeddings(call: Call) -> Reading:
    """Embeddings have input only; the total repeats it."""
    usage = call.body.needed_part("usage")
    prompt = usage.needed("prompt_tokens") if usage.has("prompt_tokens") else usage.needed("total_tokens")
    adds_up(usage.maybe("total_tokens"), prompt, "prompt_tokens", usage.pointer("total_tokens"))
    return _reading(call, "openai-embeddings", EMBEDDINGS, {"input_tokens": prompt})


def images(call: Call) -> Reading:
    """The Images endpoint: tokens where the model reports them, else images by size and quality."""
    facts = _image_facts(call)
    if not call.body.has("usage"):
        made = len(call.body.values.get("data") or ()) or call.request.count("n")
        return _reading(call, "openai-images", IMAGES, {"images": made or 1}, facts)
    usage = call.body.part("usage")
    total, output = usage.needed("input_tokens"), usage.needed("output_tokens")
    adds_up(usage.maybe("total_tokens"), total + output, "input_tokens + output_tokens", usage.pointer("total_tokens"))
    details, out = usage.part("input_tokens_details"), usage.part("output_tokens_details")
    counts = input_counts(total, details, details.count("cached_tokens"), "input_tokens")
    drawn = out.maybe("image_tokens") if out.has("image_tokens") else output - out.count("text_tokens")
    counts |= split_output(output, image=drawn or 0, name="output_tokens", pointer=out.at)
    return _reading(call, "openai-images", IMAGES, counts)


def _image_facts(call: Call) -> dict[str, str]:
    """Size and quality, by the response's word or else the request's; an auto is no size."""
    facts: dict[str, str] = {}
    for name in ("size", "quality"):
        word = call.body.word(name) or call.request.word(name)
        if word and word != "auto":
            facts[f"image_{name}"] = word
    return facts


def audio(call: Call) -> Reading:
    """A transcription by tokens or by seconds, or speech by characters of the request's input."""
    usage = call.body.part("usage")
    seconds = usage.quantity("seconds")
    if seconds is None:
        seconds = call.body.quantity("duration")
    if usage.has("input_tokens"):
        total, output = usage.needed("input_tokens"), usage.count("output_tokens")
        adds_up(usage.maybe("total_tokens"), total + output, AUDIO.total, usage.pointer("total_tokens"))
        details = usage.part("input_token_details")
        counts = input_counts(total, details, details.count("cached_tokens"), "input_tokens")
        return _reading(call, "openai-audio", AUDIO, counts | {"output_tokens": output})
    if seconds is not None:
        return _reading(call, "openai-audio", AUDIO, {"seconds": whole_seconds(seconds)})
    characters = call.request.maybe("characters")
    spoken = call.request.word("input")
    if characters is None and spoken is None:
        usage.needed("input_tokens")
    return _reading(call, "openai-audio", AUDIO, {"characters": characters or len(spoken or "")})


def whole_seconds(seconds: Decimal) -> int:
    """A duration as it is billed: rounded to the nearest second."""
    return int(seconds.to_integral_value(ROUND_HALF_UP))


def realtime(call: Call) -> Reading:
    """A `response.done` of the Realtime API: every modality apart, cached ones too."""
    usage = call.body.needed_part("usage")
    total, output = usage.needed("input_tokens"), usage.needed("output_tokens")
    adds_up(usage.maybe("total_tokens"), total + output, REALTIME.total, usage.pointer("total_tokens"))
    details, out = usage.part("input_token_details"), usage.part("output_token_details")
    counts = input_counts(total, details, details.count("cached_tokens"), "input_tokens")
    counts |= split_output(output, audio=out.count("audio_tokens"), name="output_tokens", pointer=out.at)
    return _reading(call, "openai-realtime", REALTIME, counts)


def _reading(
    call: Call, dialect: str, rules: Rules, counts: dict[str, int], facts: dict[str, str] | None = None
) -> Reading:
    processing, warnings = served_as(call.body.word("service_tier"), batch=call.batch)
    return Reading(
        dialect=dialect,
        rules=rules,
        provider=call.provider,
        model=call.model_named(),
        counts=counts,
        processing=processing,
        facts=facts or {},
        answered_at=call.answered_at() or call.answered_at("created_at"),
        warnings=(*warnings, *_left_out(call), *null_warning(call.body)),
    )


def _left_out(call: Call) -> tuple[Warning, ...]:
    """What the usage leaves out: chat searches, which a citation proves, and images drawn by another model."""
    output, choices = call.body.values.get("output"), call.body.values.get("choices")
    if isinstance(output, list) and any(_member(item, "type") == "image_generation_call" for item in output):
        detail = "an image model drew images for this response; its tokens are not in this usage, nor in this cost"
        return (Warning("image-generation-not-counted", detail),)
    cited = isinstance(choices, list) and any(_member(_member(one, "message"), "annotations") for one in choices)
    if not cited or any(name in (call.model_named() or "") for name in SEARCH_MODELS):
        return ()
    return (Warning("search-not-counted", "the message cites web pages, and chat usage does not count searches"),)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
