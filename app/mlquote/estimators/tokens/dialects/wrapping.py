"""What a response comes wrapped in: batch lines, events, a stream's events, the text of a stream as it was received."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mlquote.estimators.tokens.dialects import spans
from mlquote.estimators.tokens.dialects.reading import Body
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Warning

_BARE: Final = (
    ("usage", "prompt_tokens"),
    ("usage", "input_tokens"),
    ("usage", "inputTokens"),
    ("usage", "promptTokens"),
    ("usage", "billed_units"),
    ("usageMetadata", "promptTokenCount"),
    ("usage_info", "pages_processed"),
)
"""A usage object by itself is known by a count that no response has at its top."""
_BATCH_NAMES: Final = frozenset({"custom_id", "recordId", "batch_request_id"})
"""What only a line of a batch's output has: OpenAI, Anthropic and Mistral; Bedrock; xAI."""
_BATCH_PATHS: Final = (
    ("response", "body"),
    ("result", "message"),
    ("modelOutput",),
    ("batch_result", "response", "chat_get_completion"),
    ("response",),
)
USAGE_NAMES: Final = ("usage", "usageMetadata", "amazon-bedrock-invocationMetrics")
_DEEPER: Final = (
    ("x_groq", "usage"),
    ("delta", "usage"),
    ("choices", 0, "usage"),
    ("payload", "info", "last_token_usage"),
)
"""Where else an event carries its usage: Groq's last chunk, Cohere's message-end, Moonshot's last choice, Codex."""
_SNAKE: Final = frozenset({"prompt_token_count", "candidates_token_count", "total_token_count"})
"""Names of Google's Python SDK; Llama on Bedrock has prompt_token_count too, beside generation_token_count."""
_STALE: Final = {
    "cache_creation": "cache_creation_input_tokens",
    "input_tokens_details": "input_tokens",
    "output_tokens_details": "output_tokens",
    "prompt_tokens_details": "prompt_tokens",
    "completion_tokens_details": "completion_tokens",
    "promptTokensDetails": "promptTokenCount",
    "cacheTokensDetails": "cachedContentTokenCount",
    "candidatesTokensDetails": "candidatesTokenCount",
    "responseTokensDetails": "responseTokenCount",
    "toolUsePromptTokensDetails": "toolUsePromptTokenCount",
    "cacheDetails": "cacheWriteInputTokens",
}
"""A breakdown -> the count that it breaks down: an event that renews the count makes an earlier breakdown stale."""
_PROMPTS: Final = frozenset({"prompt_tokens", "input_tokens"})
_COMPLETE: Final = frozenset({"chat.completion", "response", "message"})
"""The `object` or `type` of a whole answer; a stream's chunks and events are called something else."""


def is_batch_line(response: Mapping[str, Any]) -> bool:
    """Whether an object is a line of a batch's output file."""
    return not _BATCH_NAMES.isdisjoint(response) or ("key" in response and "response" in response)


def line(response: Mapping[str, Any], at: str) -> tuple[Body, bool]:
    """A batch line, an event, or the response itself."""
    if is_batch_line(response):
        return _batch_line(response, at)
    if "usage" in response or "usageMetadata" in response:
        return _placed(response, at), False
    for name in ("response", "message", "interaction", "kwargs"):
        inner = response.get(name)
        if isinstance(inner, Mapping) and (name != "message" or "usage" in inner):
            inside, _ = line(inner, f"{at}/{name}")
            return inside, "request" in response and "usageMetadata" in inner
    if "resourceSpans" in response:
        return spans.billed(list(spans.of_otlp(response, at)), at), False
    metadata = response.get("metadata")
    if isinstance(metadata, Mapping) and "usage" in metadata:
        return Body(metadata, f"{at}/metadata"), False
    return _placed(response, at), False


def _placed(response: Mapping[str, Any], at: str) -> Body:
    """A response with its usage where the dialects look for it, which remembers where it really stands."""
    if "usage_metadata" in response or _SNAKE & response.keys():
        snake = response.get("usage_metadata", response)
        if isinstance(snake, Mapping) and _SNAKE & snake.keys() and "generation_token_count" not in snake:
            return _snake(response, snake, at)
    if "usage" in response or "usageMetadata" in response:
        return Body(response, at)
    for name, count in _BARE:
        if count in response and name not in response:
            return Body({**response, name: response}, at, placed={name: at})
    for path in _DEEPER:
        found: Any = response
        for step in path:
            known = isinstance(found, Mapping) or (isinstance(found, list) and found and step == 0)
            found = (found.get(step) if isinstance(found, Mapping) else found[0]) if known else None
        if isinstance(found, Mapping):
            where = f"{at}/{'/'.join(map(str, path))}"
            return Body({**response, "usage": found}, at, placed={"usage": where})
    return Body(response, at)


def _snake(response: Mapping[str, Any], usage: Mapping[str, Any], at: str) -> Body:
    """An answer of google-genai's `model_dump()`, in the names of the API itself."""
    values = {
        "usageMetadata": _renamed(usage, camel),
        "candidates": _renamed(response.get("candidates"), camel),
        "modelVersion": response.get("model_version"),
        "responseId": response.get("response_id"),
        "model": response.get("model"),
    }
    values = {name: value for name, value in values.items() if value is not None}
    placed = {"usageMetadata": at} if usage is response else {}
    return Body(values, at, placed=placed, spelt=snake)


def camel(name: str) -> str:
    """prompt_token_count -> promptTokenCount."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """promptTokenCount -> prompt_token_count."""
    return re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """The same value, every member of every object under another name."""
    if isinstance(value, Mapping):
        return {rename(str(name)): _renamed(inside, rename) for name, inside in value.items()}
    return [_renamed(member, rename) for member in value] if isinstance(value, list) else value


def _batch_line(response: Mapping[str, Any], at: str) -> tuple[Body, bool]:
    for path in _BATCH_PATHS:
        value: Any = response
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping):
            return _placed(value, f"{at}/{'/'.join(path)}"), True
    raise Malformed(
        "this batch line carries no response", pointer=at, hint="an errored, expired or canceled line is not billed"
    )


class _Merging:
    """A stream's events put together: later usage supersedes earlier, since the counts of a stream are cumulative."""

    def __init__(self, at: str) -> None:
        self.at = self.where = at
        self.merged: dict[str, Any] = {}
        self.usage: dict[str, Any] = {}
        self.name = "usage"
        self.placed: dict[str, str] = {}
        self.spelt: Callable[[str], str] | None = None
        self.queries: list[Any] = []
        self.turns: list[Any] = []
        self.answers: dict[str, Mapping[str, Any]] = {}
        self.repeated = 0
        self.batch = False

    def add(self, event: Mapping[str, Any], at: str) -> None:
        """One more event."""
        body, batch = line(event, at)
        self.batch = self.batch or batch
        values = body.values
        name = next((n for n in (*USAGE_NAMES, "meta") if isinstance(values.get(n), Mapping)), None)
        if name is not None and (name != "meta" or "billed_units" in values[name]):
            self._count(name, body, event)
        self.queries += [c for c in values.get("candidates") or () if isinstance(c, Mapping)]
        self.merged |= {n: value for n, value in values.items() if value is not None}

    def _count(self, name: str, body: Body, event: Mapping[str, Any]) -> None:
        counts = body.values[name]
        new = {n: value for n, value in counts.items() if value is not None or n not in self.usage}
        self._is_same_answer(body, event, counts)
        for breakdown, total in _STALE.items():
            if breakdown in self.usage and breakdown not in new and new.get(total, ...) != self.usage.get(total, ...):
                self._make_stale(breakdown, renewed=total in new)
        self.usage |= new
        self.name, self.where, self.spelt = name, body.at, body.spelt
        self.placed = {name: body.pointer(name)}
        if "responseTokenCount" in counts or event.get("type") == "response.done":
            self.turns.append(counts)

    def _make_stale(self, breakdown: str, *, renewed: bool) -> None:
        """Drop a breakdown whose count is renewed; of cache writes it still tells the lifetime, if they all had one."""
        if not renewed:
            return
        old = self.usage.pop(breakdown)
        if breakdown == "cache_creation" and isinstance(old, Mapping):
            used = [name for name, count in old.items() if count]
            if len(used) > 1:
                raise OutOfDomain(
                    "cache_creation is of an earlier event than cache_creation_input_tokens, and had two lifetimes",
                    pointer=f"{self.where}/{self.name}/cache_creation",
                    code="contradictory-counts",
                )
            self.usage["stale_lifetime"] = used[0] if used else ""

    def _is_same_answer(self, body: Body, event: Mapping[str, Any], counts: Mapping[str, Any]) -> None:
        """Refuse a list of several answers: only the events of one stream are merged.

        Raises: OutOfDomain (`several-answers`)
        """
        values = body.values
        if "responseTokenCount" in counts or event.get("type") == "response.done":
            return
        told = [event.get(n) for n in _BATCH_NAMES] + [values.get(n) for n in ("id", "responseId", "response_id")]
        found = next((str(one) for one in told if isinstance(one, str) and one), "")
        starts = event.get("type") == "message_start"
        whole = values.get("object") in _COMPLETE or values.get("type") in _COMPLETE
        whole = whole and "response" not in event
        before = self.answers.get(found)
        same = before is None or not (whole or starts) or (found != "" and before == counts)
        if before is not None and whole and same:
            self.repeated += 1
        if (self.answers and found and found not in self.answers) or not same or self._falls(event, found, counts):
            raise OutOfDomain(
                "this list holds the usage of several answers, and each is billed by itself",
                pointer=body.at,
                hint="ask for each answer: POST /v1/estimates/inference/batch takes one a line",
                code="several-answers",
            )
        self.answers[found] = counts

    def _falls(self, event: Mapping[str, Any], found: str, counts: Mapping[str, Any]) -> bool:
        """Whether a count falls, or the prompt is another, as in no stream, where nothing else names the answer."""
        if found or "type" in event or "event_type" in event:
            return "payload" in event and bool(self.answers)
        for name, count in counts.items():
            old = self.usage.get(name)
            if type(count) is int and type(old) is int and (count < old or (count != old and name in _PROMPTS)):
                return True
        return False

    def body(self) -> Body:
        """The whole answer."""
        self.merged[self.name] = self.usage
        if self.queries:
            self.merged["candidates"] = self.queries
        if len(self.turns) > 1:
            self.merged["turns"] = self.turns
        body = Body(self.merged, self.where, placed=self.placed, spelt=self.spelt)
        if self.repeated:
            told = f"{self.repeated} of the answers in this list have the id of another one, and are billed once"
            body.notes.warnings.append(Warning("repeated-answers", told))
        return body


def stream(events: Sequence[Any], at: str) -> tuple[Body, bool]:
    """One object from a stream's events, and whether they are a line of a batch.

    Raises: Malformed where no event carries usage; OutOfDomain where the list holds several answers
    """
    merging = _Merging(at)
    for place, event in enumerate(events):
        if not isinstance(event, Mapping):
            raise Malformed("each stream event must be a JSON object", pointer=f"{at}/{place}")
    if any(spans.is_span(event) for event in events):
        return spans.one_of(events, at), False
    for place, event in enumerate(events):
        merging.add(event, f"{at}/{place}")
    if not merging.usage:
        raise Malformed("no event of this stream carries usage", pointer=at, hint="ask the provider to include usage")
    return merging.body(), merging.batch


def events_of(text: str, at: str) -> Any:
    """The events of a stream's text as it was received: server-sent events, one JSON object a line, or plain JSON.

    Raises: Malformed where no line of it is JSON
    """
    stripped = text.strip()
    try:
        return json.loads(stripped, parse_float=Decimal)
    except ValueError:
        pass
    events, data = [], ""
    for row in [*stripped.splitlines(), ""]:
        word = row.strip()
        if word.startswith("data:"):
            data += word.removeprefix("data:").strip()
        elif word.startswith("{"):
            data += word
        if data and data != "[DONE]":
            try:
                events.append(json.loads(data, parse_float=Decimal))
            except ValueError:
                if not word:
                    raise Malformed("an event of this text is no JSON", pointer=at) from None
                continue
        data = ""
    if not events:
        raise Malformed("this text holds no event of a stream", pointer=at, hint="send it as it was received, or JSON")
    return events
