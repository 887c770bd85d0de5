"""One response as a dialect receives it: unwrapped from its stream, batch line or event, beside what the asker said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mlquote.estimators.tokens.dialects.reading import Body
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Warning

STANDARD_WORDS = frozenset({"default", "standard", "standard_only", "on_demand", "on-demand"})
"""How providers say "the list price". `auto` is not among them: it is a wish, and no rate."""


_BARE = (
    ("usage", "prompt_tokens"),
    ("usage", "input_tokens"),
    ("usage", "inputTokens"),
    ("usage", "billed_units"),
    ("usageMetadata", "promptTokenCount"),
    ("usage_info", "pages_processed"),
)
"""A usage object by itself is known by a count that no response has at its top."""
_BATCH_NAMES = frozenset({"custom_id", "recordId", "batch_request_id"})
"""What only a line of a batch's output has: OpenAI, Anthropic and Mistral; Bedrock; xAI."""
_BATCH_PATHS = (
    ("response", "body"),
    ("result", "message"),
    ("modelOutput",),
    ("batch_result", "response", "chat_get_completion"),
    ("response",),
)
_USAGE_NAMES = ("usage", "usageMetadata", "amazon-bedrock-invocationMetrics")


@dataclass(frozen=True, slots=True)
class Call:
    """A response and its circumstances."""

    provider: str
    body: Body
    request: Body
    """Facts that only the request holds: Bedrock's modelId, an image's size."""
    api: str = ""
    model: str | None = None
    """The model the asker named; a response that names its own wins."""
    batch: bool = False
    """The response came wrapped as a line of a batch's output file."""

    def model_named(self, *names: str) -> str | None:
        """The model by the response's own word, else by the request, else by the asker."""
        for name in names or ("model",):
            if self.body.word(name):
                return self.body.word(name)
        return self.request.word("model") or self.request.word("modelId") or self.model

    def answered_at(self, name: str = "created") -> datetime | None:
        """When the provider answered, where the response says so in seconds since 1970."""
        value = self.body.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**10:
            return datetime.fromtimestamp(value, UTC)
        return None


def served_as(word: str | None, *, batch: bool = False) -> tuple[str | None, tuple[Warning, ...]]:
    """The processing mode that a response's service tier means, in the catalogue's words.

    A batch line says `default` and is a batch all the same. `auto` names no rate, and is left to the asker. Any other
    word goes through as it is: the catalogue knows it, or refuses it by naming those it knows.
    """
    folded = (word or "").casefold()
    if folded == "auto":
        warning = Warning("service-tier-auto", "the response's service tier is 'auto', which is a wish and not a rate")
        return ("batch" if batch else None), (warning,)
    if batch and (not folded or folded in STANDARD_WORDS):
        return "batch", ()
    if not folded:
        return None, ()
    return ("standard" if folded in STANDARD_WORDS else folded), ()


def unwrap(response: Any, at: str = "/provider_response") -> tuple[Body, bool]:
    """The object that holds the counts, wherever it was wrapped, and whether it was a line of a batch.

    Known wrappings: a list of stream chunks or events, an event that carries the whole response, a line of an OpenAI,
    Anthropic, Google or Bedrock batch output file, a Bedrock stream's metadata event.

    Raises: Malformed, when it is not an object, or a batch line that carries an error and no response.
    """
    if isinstance(response, Sequence) and not isinstance(response, str | bytes):
        return _stream(response, at)
    if not isinstance(response, Mapping):
        raise Malformed("the provider's response must be its JSON object (or its list of stream events)", pointer=at)
    for name in ("events", "chunks", "stream"):
        events = response.get(name)
        if isinstance(events, list) and "usage" not in response and "usageMetadata" not in response:
            return _stream(events, f"{at}/{name}")
    return _line(response, at)


def _line(response: Mapping[str, Any], at: str) -> tuple[Body, bool]:
    """A batch line, an event, or the response itself."""
    if _BATCH_NAMES & response.keys() or ("key" in response and "response" in response):
        return _batch_line(response, at)
    inner = response.get("response")
    if isinstance(inner, Mapping):
        return Body(inner, f"{at}/response"), "request" in response and "usageMetadata" in inner
    message = response.get("message")
    if response.get("type") == "message_start" and isinstance(message, Mapping):
        return Body(message, f"{at}/message"), False
    metadata = response.get("metadata")
    if isinstance(metadata, Mapping) and "usage" in metadata and "usage" not in response:
        return Body(metadata, f"{at}/metadata"), False
    for name, count in _BARE:
        if count in response and name not in response:
            return Body({**response, name: response}, at, bare=name), False
    return Body(response, at), False


def _batch_line(response: Mapping[str, Any], at: str) -> tuple[Body, bool]:
    for path in _BATCH_PATHS:
        value: Any = response
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping):
            return Body(value, f"{at}/{'/'.join(path)}"), True
    raise Malformed(
        "this batch line carries no response", pointer=at, hint="an errored, expired or canceled line is not billed"
    )


def _stream(events: Sequence[Any], at: str) -> tuple[Body, bool]:
    """One object from a stream: later usage supersedes earlier, since every provider's stream counts are cumulative."""
    merged: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    queries: list[Any] = []
    where = at
    for place, event in enumerate(events):
        if not isinstance(event, Mapping):
            raise Malformed("each stream event must be a JSON object", pointer=f"{at}/{place}")
        body, _ = _line(event, f"{at}/{place}")
        counts = next((body.values[n] for n in _USAGE_NAMES if isinstance(body.values.get(n), Mapping)), None)
        if counts is not None:
            usage |= {name: value for name, value in counts.items() if value is not None or name not in usage}
            where = body.at
        queries += [c for c in body.values.get("candidates") or () if isinstance(c, Mapping)]
        merged |= {name: value for name, value in body.values.items() if value is not None}
    if not usage:
        raise Malformed("no event of this stream carries usage", pointer=at, hint="ask the provider to include usage")
    name = next((n for n in _USAGE_NAMES if n in merged), "usage")
    merged[name] = usage
    if queries:
        merged["candidates"] = queries
    return Body(merged, where), False
