"""One response as a dialect receives it: unwrapped from its stream, batch line or event, beside what the asker said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mlquote.estimators.tokens.dialects.reading import Body
from mlquote.estimators.tokens.dialects.spans import is_span
from mlquote.estimators.tokens.dialects.wrapping import events_of, line, stream
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Warning

STANDARD_WORDS = frozenset({"default", "standard", "standard_only", "on_demand", "on-demand"})
"""How providers say "the list price". `auto` is not among them: it is a wish, and no rate."""


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

    Known wrappings: a list of stream chunks or events, the text of a stream as it was received, an event that carries
    the whole response, a line of an OpenAI, Anthropic, Google or Bedrock batch output file, a Bedrock stream's
    metadata, spans.

    Raises: Malformed, when it is not an object, or a batch line that carries an error and no response
    """
    if isinstance(response, str):
        response = events_of(response, at)
    if isinstance(response, Sequence) and not isinstance(response, str | bytes):
        return stream(response, at)
    if not isinstance(response, Mapping):
        raise Malformed("the provider's response must be its JSON object (or its list of stream events)", pointer=at)
    for name in ("events", "chunks", "stream"):
        events = response.get(name)
        if isinstance(events, list) and _is_stream(response):
            return stream(events, f"{at}/{name}")
    return line(response, at)


def _is_stream(response: Mapping[str, Any]) -> bool:
    """Whether an object has its counts in its events alone: a span's events are what happened within it."""
    return "usage" not in response and "usageMetadata" not in response and not is_span(response)
