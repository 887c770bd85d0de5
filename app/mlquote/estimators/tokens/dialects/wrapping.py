"""What a response comes wrapped in: batch lines, events, a stream's events, the text of a stream as it was received."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mlquote.estimators.tokens.dialects import kept, spans, unread
from mlquote.estimators.tokens.dialects.reading import Body, escaped
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
    ("totalUsage",),
    ("token_usage",),
    ("tokenUsage",),
    ("llm_output", "token_usage"),
    ("llmOutput", "tokenUsage"),
    ("accumulated_usage",),
    ("metrics", "accumulated_usage"),
)
"""Where else an event carries its usage: Groq's last chunk, Cohere's message-end, Moonshot's last choice, Codex, the
end of an AI SDK's stream, CrewAI and smolagents, a result of LangChain's, Strands."""
_WRAPPINGS: Final = {
    "response": True, "interaction": True, "kwargs": True, "message": False, "raw": False, "_meta": False,
    "meta": False, "data": False,
}  # fmt: skip
"""Members that are an answer (an event's, LangChain's, LlamaIndex's, Haystack's, OpenRouter's) -> whether they are one
even where they have no usage."""
_COUNTED: Final = frozenset({"prompt_tokens", "input_tokens"})
"""Counts by which a usage kept under a model's name is known."""
_SDK: Final = frozenset({"inputTokens", "promptTokens"})
"""Counts of Vercel's AI SDK; Bedrock has one of them too."""
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
_PROMPTS: Final = frozenset(
    {"prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens", "promptTokens", "inputTokenCount"}
)
"""Counts of the prompt, which no event of a stream tells otherwise than the one before."""
_IDS: Final = ("id", "responseId", "response_id", "generation_id")
"""Where an answer has its own id."""
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
    for name, always in _WRAPPINGS.items():
        inner = response.get(name)
        if isinstance(inner, Mapping) and (always or "usage" in inner):
            inside, _ = line(inner, f"{at}/{name}")
            unread.note_beside(inside, response, at)
            return inside, "request" in response and "usageMetadata" in inner
    if "resourceSpans" in response:
        return spans.billed(list(spans.of_otlp(response, at)), at), False
    metadata = response.get("metadata")
    if isinstance(metadata, Mapping) and "usage" in metadata:
        inside = Body(metadata, f"{at}/metadata")
        unread.note_beside(inside, response, at)
        return inside, False
    return _placed(response, at), False


def _placed(response: Mapping[str, Any], at: str) -> Body:
    """A response with its usage where the dialects look for it, which remembers where it really stands."""
    if "usage_metadata" in response or _SNAKE & response.keys():
        snake = response.get("usage_metadata", response)
        if isinstance(snake, Mapping) and _SNAKE & snake.keys() and "generation_token_count" not in snake:
            return _snake(response, snake, at)
        return kept.of_message(response, at) or Body(response, at)
    usage = response.get("usage")
    if type(usage) is dict and not _SDK.isdisjoint(usage):
        return kept.of_result(response, at) or Body(response, at)
    if "usage" in response or "usageMetadata" in response:
        return Body(response, at)
    for name, count in _BARE:
        if count in response and name not in response:
            return Body({**response, name: response}, at, placed={name: at})
    return _deeper(response, at) or _by_model(response, at) or Body(response, at)


def _deeper(response: Mapping[str, Any], at: str) -> Body | None:
    """A response whose usage stands elsewhere; None where it stands nowhere that is known."""
    for path in _DEEPER:
        holder: Any = None
        found: Any = response
        for step in path:
            holder = found
            known = isinstance(found, Mapping) or (isinstance(found, list) and found and step == 0)
            found = (found.get(step) if isinstance(found, Mapping) else found[0]) if known else None
        if isinstance(found, Mapping):
            where = f"{at}/{'/'.join(map(str, path))}"
            body = Body({**response, "usage": found}, at, placed={"usage": where})
            if holder is not response:
                unread.note_beside(body, holder, where.rpartition("/")[0])
            return body
    return None


def _by_model(response: Mapping[str, Any], at: str) -> Body | None:
    """The usage that DSPy and LangChain's callbacks keep by the model's name; None for anything else.

    Raises: OutOfDomain (`several-answers`) for several models
    """
    for usage in response.values():
        if not isinstance(usage, Mapping) or _COUNTED.isdisjoint(usage):
            return None
    if len(response) > 1:
        raise OutOfDomain(
            f"this is the usage of {len(response)} models, and each is billed by itself",
            pointer=at,
            hint="ask for each: POST /v1/estimates/inference/batch takes one a line",
            code="several-answers",
        )
    for model, usage in response.items():
        return Body({"usage": usage, "model": model}, at, placed={"usage": f"{at}/{escaped(model)}"})
    return None


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
        around: Any = response
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping):
            body = _placed(value, f"{at}/{'/'.join(path)}")
            for place in range(len(path)):
                unread.note_beside(body, around, at if not place else f"{at}/{'/'.join(path[:place])}")
                around = around[path[place]]
            return body, True
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
        self.whole: Mapping[str, Any] | None = None
        self.beside: list[tuple[str, str, Any]] = []
        self.repeated = 0
        self.batch = False

    def add(self, event: Mapping[str, Any], at: str) -> None:
        """One more event."""
        body, batch = line(event, at)
        self.batch = self.batch or batch
        values = body.values
        self.beside += body.notes.beside
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
        after_whole = self.whole is not None and self.whole != counts
        if ("responseTokenCount" in counts or event.get("type") == "response.done") and not after_whole:
            return
        told = [event.get(n) for n in _BATCH_NAMES] + [values.get(n) for n in _IDS]
        found = next((str(one) for one in told if isinstance(one, str) and one), "")
        starts = event.get("type") == "message_start"
        whole = values.get("object") in _COMPLETE or values.get("type") in _COMPLETE
        whole = whole and not ("type" in event and ("response" in event or "message" in event))
        before = self.answers.get(found)
        same = (before is None or not (whole or starts) or (found != "" and before == counts)) and not after_whole
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
        if whole:
            self.whole = counts

    def _falls(self, event: Mapping[str, Any], found: str, counts: Mapping[str, Any]) -> bool:
        """Whether a count falls, or the prompt is another, as in no stream, where nothing else names the answer."""
        if found or "type" in event or "event_type" in event:
            return "payload" in event and bool(self.answers)
        for name, count in counts.items():
            old = self.usage.get(name)
            if type(count) is int and type(old) is int and (count < old or (count != old and name in _PROMPTS)):
                return True
            if name == "billed_units" and old is not None and old != count:
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
        body.notes.beside += self.beside
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
        return _spanned(events, at), False
    for place, event in enumerate(events):
        merging.add(event, f"{at}/{place}")
    if not merging.usage:
        raise Malformed("no event of this stream carries usage", pointer=at, hint="ask the provider to include usage")
    return merging.body(), merging.batch


def _spanned(events: Sequence[Mapping[str, Any]], at: str) -> Body:
    """The one call of a list of spans.

    Raises: OutOfDomain (`several-answers`) for a list that holds an answer of a provider beside them
    """
    for place, event in enumerate(events):
        if not spans.is_span(event) and next(unread.counted(line(event, f"{at}/{place}")[0].values), None):
            raise OutOfDomain(
                "this list holds several answers, a span's and a provider's own, and each is billed by itself",
                pointer=f"{at}/{place}",
                hint="ask for each: POST /v1/estimates/inference/batch takes one a line",
                code="several-answers",
            )
    return spans.one_of(events, at)


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
