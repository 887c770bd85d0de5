"""OpenAI and Azure OpenAI: chat completions, responses, embeddings, images, transcriptions, realtime.

Everything is inclusive here: cached and audio tokens are inside the prompt, reasoning and rejected predictions inside
the completion, and the total is the sum of the two. A response that was cut short is billed as it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mlquote.estimators.tokens.dialects import spellings, unread
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import (
    Body,
    Pass,
    Reading,
    Rules,
    adds_up,
    contradiction,
    null_warning,
    within,
)
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import OutOfDomain
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

FLAT_NAMES = ("cached_input_tokens", "input_cached_tokens", "cache_read_tokens", "cache_write_tokens")
"""How Codex, OpenAI's usage export and pydantic-ai name cached tokens beside `input_tokens`, which includes them."""
IMAGE_EVENTS = ("image_generation.", "image_edit.")
"""How the events of an image stream begin."""
IMAGE_MODELS = ("gpt-image", "chatgpt-image")
_SUMMED = ("requests", "successful_requests")
"""How OpenAI's Agents SDK and CrewAI say how many requests their usage sums up."""
SEARCH_MODELS = ("-search-preview", "-search-api")
"""Chat models that search the web before every answer: one search a call, which their usage does not count."""


def read(call: Call) -> Reading:
    """Any OpenAI response, by its `api` or by its shape."""
    api = call.api or shape(call.body, call.model_named())
    readers = {
        "responses": responses,
        "embeddings": embeddings,
        "images": images,
        "audio": audio,
        "realtime": realtime,
    }
    return readers.get(api, chat)(call)


def shape(body: Body, model: str | None = None) -> str:
    """Which of OpenAI's APIs a body came from; a bare usage is told by the model that is asked about."""
    usage = body.part("usage")
    named = _shape_named(body, usage)
    if named is not None:
        return named
    if "input_tokens" not in usage.values or "prompt_tokens" in usage.values:
        return "chat"
    return "images" if any(word in (model or "").casefold() for word in IMAGE_MODELS) else "responses"


def _shape_named(body: Body, usage: Body) -> str | None:
    """The API that a body's own words or members name."""
    values, kind = body.values, body.values.get("object")
    signs = (
        ("realtime", kind == "realtime.response" or ("input_token_details" in usage.values and "text" not in values)),
        ("images", str(values.get("type", "")).startswith(IMAGE_EVENTS)),
        ("responses", kind == "response" or ("output" in values and "input_tokens" in usage.values)),
        ("images", "data" in values and "created" in values),
        ("embeddings", kind == "list" and "completion_tokens" not in usage.values),
        ("audio", "text" in values or usage.values.get("type") in ("tokens", "duration") or "duration" in values),
    )
    return next((api for api, holds in signs if holds), None)


def chat(call: Call) -> Reading:
    """A chat completion (or a legacy text completion)."""
    usage = call.body.needed_part("usage", "of a stream, only the last chunk carries it: set include_usage")
    prompt = usage.needed("prompt_tokens")
    completion = completed(usage, "completion_tokens", prompt)
    adds_up(usage.maybe("total_tokens"), prompt + completion, CHAT.total, usage.pointer("total_tokens"))
    counts = prompt_counts(usage, prompt) | completion_counts(usage, completion) | searched(usage)
    told_together(usage)
    model = call.model_named() or ""
    if any(name in model for name in SEARCH_MODELS):
        counts["web_searches"] = 1
    return _reading(call, "openai-chat", CHAT, counts)


def completed(usage: Body, name: str, prompt: int) -> int:
    """What was generated; left out only where the total proves that it was nothing."""
    if name not in usage.values and usage.values.get("total_tokens") == prompt:
        return 0
    return usage.needed(name)


def prompt_counts(usage: Body, prompt: int, own: tuple[str, ...] = ()) -> dict[str, int]:
    """An inclusive prompt count with OpenAI's `prompt_tokens_details`; `own` names where else its cached tokens are."""
    return input_counts(prompt, usage, usage.part("prompt_tokens_details"), "prompt_tokens", own)


def input_counts(total: int, usage: Body, details: Body, name: str, own: tuple[str, ...] = ()) -> dict[str, int]:
    """The disjoint counts of an input total that includes all, by its breakdown and by what is named beside it."""
    cached = spellings.agreed(details, usage, spellings.CACHE_READS, own) or 0
    within(cached, "cached_tokens", total, name, details.pointer("cached_tokens"))
    written = spellings.agreed(details, usage, spellings.CACHE_WRITES, own)
    by_lifetime = spellings.lifetimes(details, usage)
    in_all = sum(by_lifetime.values())
    if by_lifetime and written is not None and written != in_all:
        detail = f"cache writes are {written}, but {in_all} by their lifetimes"
        raise contradiction(detail, details.pointer("cache_creation"))
    parts = _parts(total, usage, details, cached, written or in_all)
    stated_text(details, parts.audio + parts.image + parts.video, total, name)
    counts = split_input(parts, name=name, pointer=details.at if details.values else usage.pointer(name))
    if by_lifetime:
        del counts["cache_write_tokens"]
    return counts | by_lifetime


def _parts(total: int, usage: Body, details: Body, cached: int, written: int) -> InputParts:
    """An input total with what is known of its modalities, cached ones apart."""
    audio, image = details.count("audio_tokens"), details.count("image_tokens")
    cached_audio = cached_image = None
    if details.has("cached_tokens_details"):
        held = details.part("cached_tokens_details")
        held.harmless("text_tokens")
        cached_audio, cached_image = held.count("audio_tokens"), held.count("image_tokens")
    elif details.values.keys() & spellings.FLAT:
        cached_audio = spellings.told(details, spellings.CACHED_AUDIO)
        cached_image = spellings.told(details, spellings.CACHED_IMAGE)
    if usage.values.keys() & spellings.FLAT:
        audio = spellings.told(usage, spellings.AUDIO) or audio
        image = spellings.told(usage, spellings.IMAGE) or image
        cached_audio = spellings.told(usage, spellings.CACHED_AUDIO) if cached_audio is None else cached_audio
        cached_image = spellings.told(usage, spellings.CACHED_IMAGE) if cached_image is None else cached_image
    return InputParts(
        total=total,
        cached=cached,
        written=written,
        audio=audio,
        image=image,
        video=details.count("video_tokens"),
        cached_audio=cached_audio,
        cached_image=cached_image,
    )


def output_counts(total: int, usage: Body, details: Body, name: str, *, reasoning: int | None = None) -> dict[str, int]:
    """The disjoint counts of an output total that includes all; `reasoning` where it is known from elsewhere."""
    audio, image = details.count("audio_tokens"), details.count("image_tokens")
    details.harmless("text_tokens")
    thought = details.count("reasoning_tokens")
    if usage.values.keys() & spellings.FLAT_OUT:
        thought = thought or spellings.told(usage, spellings.REASONING) or 0
        audio = audio or spellings.told(usage, spellings.AUDIO_OUT) or 0
        image = image or spellings.told(usage, spellings.IMAGE_OUT) or 0
    return split_output(
        total,
        reasoning=thought if reasoning is None else reasoning,
        audio=audio,
        image=image,
        name=name,
        pointer=details.at if details.values else usage.pointer(name),
    )


def searched(usage: Body) -> dict[str, int]:
    """Web searches that a proxy counts in the usage, as LiteLLM does."""
    count = 0
    for holder, name in (("server_tool_use", "web_search_requests"), ("prompt_tokens_details", "web_search_requests")):
        if usage.has(holder):
            count = max(count, usage.part(holder).count(name))
    return {"web_searches": count} if count else {}


def stated_text(details: Body, media: int, total: int, name: str) -> None:
    """Refuse a stated number of text tokens that does not make up the total with the other modalities."""
    text = details.maybe("text_tokens")
    if text and text + media != total:
        raise contradiction(
            f"text_tokens {text} and other modalities {media} do not make up the {total} of {name}",
            details.pointer("text_tokens"),
        )


def completion_counts(usage: Body, completion: int, *, reasoning: int | None = None) -> dict[str, int]:
    """An inclusive completion count with `completion_tokens_details`; rejected predictions are billed within it."""
    details = usage.part("completion_tokens_details")
    for name in ("accepted_prediction_tokens", "rejected_prediction_tokens"):
        if name in details.values:
            within(details.count(name), name, completion, "completion_tokens", details.pointer(name))
    return output_counts(completion, usage, details, "completion_tokens", reasoning=reasoning)


def responses(call: Call) -> Reading:
    """A response of the Responses API, with the searches, file searches and containers it used.

    Raises: OutOfDomain (`several-answers`) for a row of a usage export that counts several requests together
    """
    together = call.body.maybe("num_model_requests")
    if together is not None and together > 1:
        raise OutOfDomain(
            f"this row counts {together} requests together, and a price may depend on the length of each",
            pointer=call.body.pointer("num_model_requests"),
            hint="say the counts as usage, with the mean of one request and requests",
            code="several-answers",
        )
    if call.body.values.get("batch") is True:
        call = replace(call, batch=True)
    usage = call.body.needed_part("usage", "a response still in progress has none")
    total, counts = input_and_output(usage)
    adds_up(usage.maybe("total_tokens"), total, RESPONSES.total, usage.pointer("total_tokens"))
    tools, facts = _tools(call.body)
    passes = _requests(usage, counts)
    reading = _reading(call, "openai-responses", RESPONSES, (passes[0] if passes else counts) | tools, facts)
    return replace(reading, others=tuple(Pass(None, one) for one in passes[1:])) if passes else reading


def _requests(usage: Body, counts: Mapping[str, int]) -> list[dict[str, int]]:
    """Each request of a run of OpenAI's Agents SDK, whose usage sums them up; none where it does not list them.

    Raises: OutOfDomain where they do not make up the sum
    """
    if not usage.values.get("request_usage_entries"):
        told_together(usage)
        return []
    usage.harmless("requests")
    listed = usage.parts("request_usage_entries")
    entries = [input_and_output(entry) for entry in listed]
    for entry, (total, _) in zip(listed, entries, strict=True):
        adds_up(entry.maybe("total_tokens"), total, RESPONSES.total, entry.pointer("total_tokens"))
    for name in counts.keys() | {name for _, one in entries for name in one}:
        summed, whole = sum(one.get(name, 0) for _, one in entries), counts.get(name, 0)
        if summed != whole:
            raise contradiction(
                f"{name} is {whole} in all, but {summed} by request", usage.pointer("request_usage_entries")
            )
    return [one for _, one in entries]


def told_together(usage: Body) -> None:
    """Say it where an agent framework's usage sums up several requests."""
    for name in _SUMMED:
        if name in usage.values and usage.count(name) > 1:
            told = f"{name}: {usage.count(name)} requests are counted together"
            usage.notes.warnings.append(Warning("requests-together", told))


def input_and_output(usage: Body) -> tuple[int, dict[str, int]]:
    """The counts of an inclusive input_tokens/output_tokens pair, and their sum."""
    total = usage.needed("input_tokens")
    output = completed(usage, "output_tokens", total)
    details, out = usage.part("input_tokens_details"), usage.part("output_tokens_details")
    if usage.values.keys() & spellings.TEXT:
        usage.harmless(*spellings.TEXT)
    counts = input_counts(total, usage, details, "input_tokens", FLAT_NAMES)
    return total + output, counts | output_counts(output, usage, out, "output_tokens")


def _tools(body: Body) -> tuple[dict[str, int], dict[str, str]]:
    """Tool calls that cost money: searches by action (a page opened is none), file searches, containers by session."""
    output = body.parts("output")
    searches = sum(_is_search(item) for item in output)
    reported = body.part("tool_usage").part("web_search").maybe("num_requests")
    containers = {item.word("container_id") for item in output if item.values.get("type") == "code_interpreter_call"}
    shells = (item.part("environment") for item in output if item.values.get("type") == "shell_call")
    containers |= {shell.word("container_id") for shell in shells if shell.has("container_id")}
    counts = {
        "web_searches": searches if reported is None else reported,
        "file_searches": sum(item.values.get("type") == "file_search_call" for item in output),
        "code_sessions": len(containers),
    }
    tools = body.parts("tools")
    facts = {"container_memory": memory} if containers and (memory := _memory(tools)) else {}
    if counts["web_searches"] and any(str(t.values.get("type")).startswith("web_search_preview") for t in tools):
        facts["search_tool"] = "preview"
    return {name: n for name, n in counts.items() if n}, facts


def _memory(tools: list[Body]) -> str:
    """The memory of the containers that were made for a code interpreter or a shell; "" where none is told."""
    for tool in tools:
        for name in ("container", "environment"):
            if isinstance(tool.values.get(name), dict) and tool.part(name).has("memory_limit"):
                return tool.part(name).word("memory_limit") or ""
    return ""


def _is_search(item: Body) -> bool:
    """Whether an output item is a billed search: an action "search", or an old item that names no action."""
    if item.values.get("type") != "web_search_call":
        return False
    action = item.values.get("action")
    return not isinstance(action, dict) or action.get("type", "search") == "search"


def embeddings(call: Call) -> Reading:
    """Embeddings have input only; the total repeats it."""
    usage = call.body.needed_part("usage")
    usage.harmless("text_tokens")
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
    counts = input_counts(total, usage, details, "input_tokens")
    out.harmless("text_tokens")
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
        counts = input_counts(total, usage, details, "input_tokens")
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
    turns = [_spoken(turn) for turn in call.body.parts("turns")]
    reading = _reading(call, "openai-realtime", REALTIME, turns[0] if turns else _spoken(usage))
    if turns:
        unread.forget(usage)
    return replace(reading, others=tuple(Pass(None, counts) for counts in turns[1:]))


def _spoken(usage: Body) -> dict[str, int]:
    """The counts of one turn."""
    total, output = usage.needed("input_tokens"), usage.needed("output_tokens")
    adds_up(usage.maybe("total_tokens"), total + output, REALTIME.total, usage.pointer("total_tokens"))
    details, out = usage.part("input_token_details"), usage.part("output_token_details")
    out.harmless("text_tokens")
    counts = input_counts(total, usage, details, "input_tokens")
    return counts | split_output(output, audio=out.count("audio_tokens"), name="output_tokens", pointer=out.at)


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
