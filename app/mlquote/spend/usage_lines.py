"""A usage log's lines as questions: counts of ours, a provider's own response, or OpenTelemetry attributes.

A line is a JSON object (one a line, or a list of them) or a row of CSV with a header. Beside the usage it may say when
(`timestamp`), how many like it (`requests`), in which mode, and `labels` (in CSV a column `labels.NAME` each).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.estimators.asking.question import utc
from mlquote.estimators.tokens.dialects import opentelemetry, spans
from mlquote.estimators.tokens.dialects.wrapping import is_batch_line
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.usage import COUNTED, FACTS
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.spend.log_records import Record, records_of

_SAID = ("model", "requests", "processing", "region", "discount_fraction", "rate_card", "api", "request")
"""Fields of the question that a line may carry as they are."""
MOMENTS_SAID: Final = (
    "timestamp",
    "as_of",
    "time",
    "date",
    "created_at",
    "created",
    "createTime",
    "start_time",
    "startTimeUnixNano",
)
"""Where a line, or the response in it, says when it happened; the first one found counts."""
_RESPONSES = ("provider_response", "response", "body")
_COUNTS = frozenset(COUNTED) | frozenset(FACTS)
_BARE = frozenset({"prompt_tokens", "completion_tokens", "promptTokenCount", "inputTokens"})
"""Counts of providers that a line may carry without the response around them."""
COUNT_NAMES: Final = _COUNTS | _BARE
"""Names of which a table's header has at least one."""
IDS: Final = ("id", "responseId", "response_id", "request_id", "requestId", "gen_ai.response.id")
"""What names one answer, in a response or beside it; the first one found counts."""
_RESPONSE_ID: Final = "gen_ai.response.id"
LABEL = "labels."
_CLOSE = 0.8
_MOST_NAMES, _MOST_LETTERS = 100, 4000


class Lineage(NamedTuple):
    """Which span a line is, and which one is above it, each by a number of its own."""

    own: int
    parent: int
    """0 for none."""


class LogLine(NamedTuple):
    """One line that says what was used: where it stands, its question's fields, when it happened, and whose it is."""

    number: int
    fields: Mapping[str, Any]
    """The question's fields, not yet validated."""
    at: datetime | None
    labels: Mapping[str, str]
    ignored: tuple[str, ...]
    answer_id: str = ""
    """What the provider, or whoever logged the call, names this answer by; "" where the line says none."""
    span: Lineage | None = None

    @property
    def question(self) -> ApiUsage:
        """The question that the line asks.

        Raises: ValidationError
        """
        return ApiUsage.model_validate(self.fields)


class BadLine(NamedTuple):
    """One line that cannot be priced as it stands, and why."""

    number: int
    error: QuoteError
    span: Lineage | None = None


def read_log(
    body: bytes | Iterable[bytes], media_type: str, provider: str | None = None
) -> Iterator[LogLine | BadLine]:
    """Every line of a log in order, the good and the bad, blank ones left out.

    Args:   body: the log, or its pieces as they come; provider: whose the lines are that name none
    Raises: Malformed where the log as a whole cannot be read
    """
    return read_records(records_of(body, media_type, COUNT_NAMES), provider)


def read_records(records: Iterable[Record], provider: str | None = None) -> Iterator[LogLine | BadLine]:
    """Every record of a log as a line.

    Args: provider: whose the lines are that name none
    """
    reader = LineReader(provider)
    return (reader.line(number, record) for number, record in records)


class LineReader:
    """Reads the records of one log; what the names of a line's members tell is worked out once."""

    def __init__(self, provider: str | None = None) -> None:
        """`provider` is whose the lines are that name none."""
        self._provider = provider
        self._shapes, self._columns = Memory(_shape_of, keeps=_is_short), Memory(_unused_columns, keeps=_are_short)

    def line(self, number: int, record: Any) -> LogLine | BadLine:
        """One record: a JSON object, a row, or the QuoteError that says why it is neither."""
        try:
            if isinstance(record, QuoteError):
                raise record
            if type(record) is not dict:
                raise Malformed("a line is one JSON object")
            return _line(number, record, self._provider, self._shapes[tuple(record)], self._columns)
        except QuoteError as error:
            return BadLine(number, error, lineage_of(record)[0] if type(record) is dict else None)


def unused_columns(names: tuple[str, ...]) -> tuple[str, ...] | Malformed:
    """Columns of a table of counts that say nothing about the price, or why one of them looks like a misspelt one."""
    return _unused_columns((names, tuple(name for name in names if name in _COUNTS)))


class _Shape(NamedTuple):
    """What the names of a line's members alone tell of it: lines of one log have few shapes."""

    names: tuple[str, ...]
    may_be_span: bool
    is_batch_line: bool
    said: tuple[str, ...]
    when: tuple[str, ...]
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    holders: tuple[str, ...]
    """Members that may hold a response."""
    counts: tuple[str, ...]
    """Counts of ours that stand flat."""
    theirs: tuple[str, ...]
    """Counts of a provider's that stand flat, where none of ours do."""


def _shape_of(names: tuple[str, ...]) -> _Shape:
    known, bare = frozenset(names), not _BARE.isdisjoint(names)
    return _Shape(
        names=names,
        may_be_span="attributes" in known or any(name.startswith("gen_ai.") for name in names),
        is_batch_line=is_batch_line(dict.fromkeys(names)),
        said=tuple(name for name in _SAID if name in known),
        when=tuple(name for name in MOMENTS_SAID if name in known),
        ids=tuple(name for name in IDS if name in known),
        labels=tuple(name for name in names if name.startswith(LABEL)),
        holders=tuple(name for name in _RESPONSES if name in known),
        counts=tuple(name for name in names if name in _COUNTS),
        theirs=tuple(name for name in names if bare and name.casefold().endswith("tokens")),
    )


def _is_short(names: tuple[str, ...]) -> bool:
    """Whether a line's names are few and short enough to be remembered, as those of every log of a program are."""
    return len(names) <= _MOST_NAMES and sum(map(len, names)) <= _MOST_LETTERS


def _are_short(names: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    return all(map(_is_short, names))


_Columns = Memory[tuple[tuple[str, ...], tuple[str, ...]], "tuple[str, ...] | Malformed"]


def _line(number: int, line: Mapping[str, Any], provider: str | None, shape: _Shape, columns: _Columns) -> LogLine:
    is_span = shape.may_be_span and opentelemetry.is_span(line)
    used, known = ({"provider_response": dict(line)}, shape.names) if is_span else _used(line, shape)
    ignored = () if known is None else columns[shape.names, known]
    if isinstance(ignored, Malformed):
        raise ignored
    response = used.get("provider_response")
    inner = response if type(response) is dict else {}
    at = _when(line, shape.when) if shape.when else None
    if at is None and inner:
        at = _when(inner, MOMENTS_SAID) or _when(_within(inner), MOMENTS_SAID)
    fields: dict[str, Any] = {"provider": _provider(line, is_span) or provider, "as_of": at}
    for name in shape.said:
        value = line[name]
        if value is not None and value != "":
            fields[name] = value
    fields.update(used)
    if is_span:
        span, answer_id = lineage_of(line)
        return LogLine(number, fields, at, _labels(line, shape), ignored, answer_id, span)
    answer_id = (_answer_id(inner, IDS) if inner else "") or (_answer_id(line, shape.ids) if shape.ids else "")
    return LogLine(number, fields, at, _labels(line, shape), ignored, answer_id)


def lineage_of(line: Mapping[str, Any]) -> tuple[Lineage | None, str]:
    """Which span a line is, and what names its answer: its response's id, else the span's own."""
    trace, own, parent = spans.lineage(line)
    attributes = line.get("attributes", line)
    attributes = spans.flat(attributes) if type(attributes) is list else attributes
    response = attributes.get(_RESPONSE_ID) if type(attributes) is dict else None
    if not own:
        return None, response if isinstance(response, str) else ""
    known = Lineage(hash((trace, own)) or 1, hash((trace, parent)) or 1 if parent else 0)
    return known, response if isinstance(response, str) and response else f"{trace}/{own}" if trace else ""


def _used(line: Mapping[str, Any], shape: _Shape) -> tuple[dict[str, Any], tuple[str, ...] | None]:
    """What of a line says the usage, and the members that are read for it; None where no other member is looked at."""
    if shape.is_batch_line:
        return {"provider_response": _without_own(line)}, None
    for name in shape.holders:
        if isinstance(line[name], dict | list):
            return {"provider_response": line[name]}, (name,)
    usage = line.get("usage")
    if usage is None:
        if shape.counts:
            return {"usage": {name: line[name] for name in shape.counts}}, shape.counts
        if shape.theirs:
            return {"provider_response": {"usage": {name: _whole(line[name]) for name in shape.theirs}}}, shape.theirs
    elif isinstance(usage, Mapping) and usage.keys() <= _COUNTS:
        return {"usage": usage}, ("usage",)
    return _whole_response(line), None


def _whole_response(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line that is itself a provider's response.

    Raises: Malformed where it holds no usage
    """
    if not any(isinstance(value, Mapping) for value in line.values()):
        raise Malformed("the line says no usage", pointer="/usage", hint=f"usage, or counts such as {COUNTED[0]}")
    return {"provider_response": _without_own(line)}


def _without_own(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line that is a response, without what the asker says beside it."""
    own = ("provider", "labels", "requests", *_SAID[2:])
    return {name: value for name, value in line.items() if name not in own and not name.startswith(LABEL)}


def _whole(value: Any) -> Any:
    """A count in a table's cell."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


def _provider(line: Mapping[str, Any], is_span: bool) -> Any:
    provider = line.get("provider")
    if provider is None and is_span:
        return opentelemetry.provider_named(line)
    return line.get("custom_llm_provider") if provider is None or provider == "" else provider


def _within(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer inside a batch's line; nothing where there is none."""
    inner = response.get("response")
    inner = inner.get("body", inner) if isinstance(inner, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _answer_id(holder: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = holder.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _labels(line: Mapping[str, Any], shape: _Shape) -> dict[str, str]:
    labels = line.get("labels")
    if labels is None and not shape.labels:
        return {}
    if labels is not None and type(labels) is not dict:
        raise Malformed("labels are a mapping of names to words", pointer="/labels")
    if labels and not shape.labels and all(type(value) is str and value for value in labels.values()):
        return labels
    flat = {name.removeprefix(LABEL): line[name] for name in shape.labels}
    return {str(name): str(value) for name, value in {**(labels or {}), **flat}.items() if value not in (None, "")}


def _unused_columns(shape: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...] | Malformed:
    """Members of a line that say nothing about the price; one that looks like a misspelt one that does is a fault.

    Args: shape: all names of a line, and those that its usage is read from
    """
    names, known = shape
    own = {"provider", "custom_llm_provider", "labels", *_SAID, *MOMENTS_SAID, *IDS, *known}
    others = [name for name in names if name not in own and not name.startswith(LABEL)]
    for name in others:
        hint = nearest(name, (*_COUNTS, *own), count=1)
        if name.endswith("_tokens") or (hint and _is_close(name, hint.removeprefix("nearest: "))):
            return Malformed(f"unknown field {name[:80]!r}", pointer=f"/{name[:80]}", hint=hint, code="unknown-field")
    return tuple(others)


def _is_close(name: str, known: str) -> bool:
    return SequenceMatcher(None, name[:80].casefold(), known).ratio() >= _CLOSE


def _when(line: Mapping[str, Any], names: tuple[str, ...]) -> datetime | None:
    for name in names:
        value = line.get(name)
        if value is not None and value != "":
            try:
                return _moment(value)
            except (ValueError, OverflowError, OSError, TypeError) as error:
                hint = "an RFC 3339 moment, a date, or seconds since 1970"
                raise Malformed(f"{str(value)[:80]!r} is no moment", pointer=f"/{name}", hint=hint) from error
    return None


def _moment(value: Any) -> datetime:
    if isinstance(value, str) and not value.isdigit():
        return utc(datetime.fromisoformat(value))
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    seconds = float(value)
    for step in (1e17, 1e14, 1e11):  # nano-, micro- and milliseconds, by how large the number is
        if seconds > step:
            seconds /= step / 1e8
            break
    return datetime.fromtimestamp(seconds, UTC)
