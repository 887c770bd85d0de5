"""A provider's own response -> what it used: one module a dialect, each declaring which counts hold which.

`read_response` chooses the dialect by the provider, and by the shape where a provider serves several.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from mlquote.estimators.tokens.dialects import (
    anthropic,
    bedrock,
    cohere,
    compatible,
    deepseek,
    frameworks,
    google,
    groq,
    mistral,
    openai,
    openrouter,
    opentelemetry,
    perplexity,
    quick,
    spans,
    unread,
    xai,
)
from mlquote.estimators.tokens.dialects.call import Call, unwrap
from mlquote.estimators.tokens.dialects.places import place_of
from mlquote.estimators.tokens.dialects.quick import plain as read_plainly
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules
from mlquote.kit.errors import Malformed, nearest

__all__ = ("APIS", "DECLARED", "DIALECTS", "Reading", "Rules", "provider_of", "read_plainly", "read_response")

DIALECTS: Final[Mapping[str, Callable[[Call], Reading]]] = {
    "openai": openai.read,
    "azure-openai": compatible.read,
    "azure-ai-foundry": compatible.read,
    "anthropic": anthropic.read,
    "google": google.read,
    "google-vertex": google.read,
    "aws-bedrock": bedrock.read,
    "mistral": mistral.read,
    "deepseek": deepseek.read,
    "xai": xai.read,
    "groq": groq.read,
    "cohere": cohere.read,
    "perplexity": perplexity.read,
    "openrouter": openrouter.read,
}
"""Catalogue provider -> its reader; every other provider is read as OpenAI-compatible."""

DECLARED: Final[Mapping[str, Rules]] = {
    "openai-chat": openai.CHAT,
    "openai-responses": openai.RESPONSES,
    "openai-embeddings": openai.EMBEDDINGS,
    "openai-images": openai.IMAGES,
    "openai-audio": openai.AUDIO,
    "openai-realtime": openai.REALTIME,
    "anthropic-messages": anthropic.MESSAGES,
    "google-generate-content": google.GENERATE,
    "bedrock-converse": bedrock.CONVERSE,
    "bedrock-invoke": bedrock.INVOKE,
    "mistral-ocr": mistral.OCR,
    "mistral-audio": mistral.AUDIO,
    "cohere": cohere.BILLED,
    "perplexity-chat": perplexity.CHAT,
    "openrouter-generation": openrouter.GENERATION,
    "opentelemetry": opentelemetry.SPAN,
    "langchain": frameworks.LANGCHAIN,
    "vercel-ai": frameworks.VERCEL,
    "pydantic-ai": frameworks.PYDANTIC_AI,
    "strands": frameworks.STRANDS,
} | {
    f"{shape.name}-chat": shape.rules()
    for shape in (
        mistral.SHAPE,
        deepseek.SHAPE,
        xai.SHAPE,
        groq.SHAPE,
        openrouter.SHAPE,
        compatible.GEMINI,
        *compatible.SHAPES.values(),
        compatible.OTHER,
    )
}
"""Dialect -> which of its counts hold which, as docs/provider_responses.md prints them."""

APIS: Final = (
    "chat", "responses", "messages", "converse", "invoke", "generateContent", "embeddings", "images", "audio",
    "realtime", "ocr", "rerank", "batch", "opentelemetry",
)  # fmt: skip
"""What `api` may be."""

_API_WORDS: Final[Mapping[str, str]] = {api.casefold(): api for api in APIS} | {
    "completion": "chat",
    "completions": "chat",
    "chat.completions": "chat",
    "chat/completions": "chat",
    "chat_completions": "chat",
    "response": "responses",
    "message": "messages",
    "message_stream": "messages",
    "messages_stream": "messages",
    "batches": "batch",
    "conversestream": "converse",
    "converse_stream": "converse",
    "invokemodel": "invoke",
    "invoke_model": "invoke",
    "generate_content": "generateContent",
    "streamgeneratecontent": "generateContent",
    "embed": "embeddings",
    "embedding": "embeddings",
    "image": "images",
    "transcription": "audio",
    "transcriptions": "audio",
    "speech": "audio",
    "tts": "audio",
    "otel": "opentelemetry",
}
"""The same, folded, and the words that SDKs and logs use for them."""


_ONE_DIALECT: Final[Mapping[str, tuple[str, ...]]] = {
    "cohere": ("chat", "embeddings", "rerank"),
    "bedrock": ("invoke",),
}
"""Beginning of a dialect's name -> what `api` may say that its end does not."""


def read_response(
    provider: str,
    response: Any,
    *,
    api: str | None = None,
    request: Mapping[str, Any] | None = None,
    model: str | None = None,
) -> Reading:
    """What one provider response used.

    Args:    provider: a catalogue provider id; response: the body as JSON gives it, or its list of stream events;
             api: where the shape does not tell; request: facts that only the request holds; model: as the asker says
    Returns: the counts, each token once, and the facts that choose the price
    Raises:  Malformed (a count missing, null or no number), OutOfDomain (negative, or contradicting another)
    """
    plain = None if api else quick.plain(provider, response, request, model)
    if plain is not None:
        return plain.reading(provider)
    return _read(provider, response, api=api, request=request, model=model)


def _read(
    provider: str, response: Any, *, api: str | None, request: Mapping[str, Any] | None, model: str | None
) -> Reading:
    """The same by the provider's dialect, which reads whatever comes."""
    chosen = _api(api)
    body, batch = unwrap(response)
    call = Call(provider, body, Body(request or {}, "/request"), chosen, model, batch or chosen == "batch")
    reading = _reader(call)(call)
    said = (*body.notes.warnings, *(() if reading.dialect == "opentelemetry" else unread.check(body)))
    place = reading.region or place_of(provider, call.request)
    if place == reading.region and not said:
        return reading
    return replace(reading, region=place, warnings=(*reading.warnings, *said))


def _reader(call: Call) -> Callable[[Call], Reading]:
    if opentelemetry.is_span(call.body.values):
        return opentelemetry.read
    framework = frameworks.reader_of(call)
    if framework is not None:
        return framework
    if call.api == "messages" and call.provider != "aws-bedrock":
        return anthropic.read
    if call.provider == "anthropic" and "prompt_tokens" in call.body.part("usage").values:
        return compatible.read
    return DIALECTS.get(call.provider, compatible.read)


def _api(api: str | None) -> str:
    if api is None:
        return ""
    known = _API_WORDS.get(api.strip().casefold())
    if known is None:
        hint = nearest(api, _API_WORDS) or f"known: {', '.join(APIS)}"
        raise Malformed(f"unknown api {api[:80]!r}", pointer="/api", hint=hint)
    return known


def agrees(dialect: str, api: str) -> bool:
    """Whether an `api` says what a response was read as: chat of openai-chat, invoke of whatever Bedrock passes on."""
    chosen = _api(api)
    word = re.sub("([A-Z])", r"-\1", chosen).casefold()
    return dialect.endswith(word) or chosen in _ONE_DIALECT.get(dialect.partition("-")[0], ())


def provider_of(provider: str | None, response: Any) -> str | None:
    """Whose response it is: as the asker says, or as an OpenTelemetry span says itself; None where neither does."""
    if provider is not None and provider.strip().casefold() not in ("opentelemetry", "otel"):
        return provider
    spanned = next((span for span in _spans(response) if opentelemetry.is_span(span)), None)
    if spanned is not None:
        return opentelemetry.provider_named(spanned)
    return (frameworks.provider_named(response) if isinstance(response, Mapping) else None) or provider


def _spans(response: Any) -> Iterable[Mapping[str, Any]]:
    """What may be spans: the response itself, the members of a list, or those of an OTLP export."""
    if isinstance(response, Mapping):
        return [span for span, _ in spans.of_otlp(response, "")] if "resourceSpans" in response else [response]
    return [one for one in response if isinstance(one, Mapping)] if isinstance(response, list | tuple) else []
