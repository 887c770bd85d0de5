"""A usage log's lines as questions: counts of ours, a provider's own response, or OpenTelemetry attributes.

A line is a JSON object (one a line, or a list of them) or a row of CSV with a header. Beside the usage it may say when
(`timestamp`), how many like it (`requests`), in which mode, and `labels` (in CSV a column `labels.NAME` each).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from typing import Any

from pydantic import ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.asking.question import utc
from mlquote.estimators.tokens.dialects import opentelemetry
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.usage import COUNTED, FACTS
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.spend.documents import from_json

_SAID = ("model", "requests", "processing", "region", "discount_fraction", "rate_card", "api", "request")
"""Fields of the question that a line may carry as they are."""
_WHEN = ("timestamp", "as_of", "time", "date", "created_at", "created", "createTime", "start_time", "startTimeUnixNano")
"""Where a line, or the response in it, says when it happened; the first one found counts."""
_RESPONSES = ("provider_response", "response", "body")
_COUNTS = frozenset(COUNTED) | frozenset(FACTS)
_LABEL = "labels."
_CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class LogLine:
    """One well-formed line: where it stands, the question it asks, when it happened, and whose it is."""

    number: int
    question: ApiUsage
    at: datetime | None
    labels: Mapping[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that cannot be priced as it stands, and why."""

    number: int
    error: QuoteError


def read_log(body: bytes, media_type: str) -> Iterator[LogLine | BadLine]:
    """Every line of a log in order, the good and the bad, blank ones left out.

    Raises: Malformed where the log as a whole cannot be read.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("the log is not UTF-8", hint="NDJSON, a JSON list or CSV, in UTF-8") from error
    start = text.lstrip()[:1]
    if not start:
        raise Malformed("the log holds no line", hint="NDJSON, a JSON list or CSV")
    is_csv = "csv" in media_type or start not in ("{", "[")
    for number, line in _csv(text) if is_csv else _list(text) if start == "[" else _ndjson(text):
        yield _read(number, line)


def _read(number: int, line: Any) -> LogLine | BadLine:
    try:
        if isinstance(line, QuoteError):
            raise line
        if not isinstance(line, Mapping):
            raise Malformed("a line is one JSON object")
        return _line(number, line)
    except ValidationError as error:
        return BadLine(number, malformed(error, ApiUsage))
    except QuoteError as error:
        return BadLine(number, error)


def _line(number: int, line: Mapping[str, Any]) -> LogLine:
    usage = line.get("usage")
    holder = next((name for name in _RESPONSES if isinstance(line.get(name), Mapping | list)), None)
    if opentelemetry.is_span(line):
        return _made(number, line, {"provider_response": dict(line)}, _ignored(line, known=line))
    if holder is not None:
        return _made(number, line, {"provider_response": line[holder]}, _ignored(line, known=(holder,)))
    if isinstance(usage, Mapping) and set(usage) <= _COUNTS:
        return _made(number, line, {"usage": usage}, _ignored(line, known=("usage",)))
    counts = {name: value for name, value in line.items() if name in _COUNTS}
    if usage is None and counts:
        return _made(number, line, {"usage": counts}, _ignored(line, known=counts))
    if not isinstance(usage, Mapping) and not any(isinstance(value, Mapping) for value in line.values()):
        raise Malformed("the line says no usage", pointer="/usage", hint=f"usage, or counts such as {COUNTED[0]}")
    own = ("provider", "labels", "requests", *_SAID[2:])
    response = {name: value for name, value in line.items() if name not in own}
    return _made(number, line, {"provider_response": response}, ())


def _made(number: int, line: Mapping[str, Any], used: Mapping[str, Any], ignored: tuple[str, ...]) -> LogLine:
    provider = line.get("provider")
    if provider is None and opentelemetry.is_span(line):
        provider = opentelemetry.provider_named(line)
    response = used.get("provider_response")
    at = _when(line) or (_when(response) if isinstance(response, Mapping) else None)
    said = {name: line[name] for name in _SAID if line.get(name) not in (None, "")}
    fields = {"provider": provider, "as_of": at, **said, **used}
    return LogLine(number, ApiUsage.model_validate(fields), at, _labels(line), ignored)


def _labels(line: Mapping[str, Any]) -> dict[str, str]:
    labels = line.get("labels")
    if labels is not None and not isinstance(labels, Mapping):
        raise Malformed("labels are a mapping of names to words", pointer="/labels")
    flat = {name.removeprefix(_LABEL): value for name, value in line.items() if name.startswith(_LABEL)}
    return {str(name): str(value) for name, value in {**(labels or {}), **flat}.items() if value not in (None, "")}


def _ignored(line: Mapping[str, Any], known: Any) -> tuple[str, ...]:
    """Columns that say nothing about the price; one that looks like a misspelt one that does is a fault."""
    own = {"provider", "labels", *_SAID, *_WHEN, *known}
    others = [name for name in line if name not in own and not name.startswith(_LABEL)]
    for name in others:
        hint = nearest(name, (*_COUNTS, *own), count=1)
        if name.endswith("_tokens") or (hint and _is_close(name, hint.removeprefix("nearest: "))):
            raise Malformed(f"unknown field {name[:80]!r}", pointer=f"/{name[:80]}", hint=hint, code="unknown-field")
    return tuple(others)


def _is_close(name: str, known: str) -> bool:
    return SequenceMatcher(None, name.casefold(), known).ratio() >= _CLOSE


def _when(line: Mapping[str, Any]) -> datetime | None:
    name = next((name for name in _WHEN if line.get(name) not in (None, "")), None)
    if name is None:
        return None
    try:
        return _moment(line[name])
    except (ValueError, OverflowError, OSError, TypeError) as error:
        hint = "an RFC 3339 moment, a date, or seconds since 1970"
        raise Malformed(f"{str(line[name])[:80]!r} is no moment", pointer=f"/{name}", hint=hint) from error


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


def _ndjson(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, from_json(line)
            except (ValueError, RecursionError) as error:
                yield number, Malformed(f"no JSON: {error}")


def _list(text: str) -> Iterator[tuple[int, Any]]:
    try:
        members = from_json(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the log is no JSON list: {error}", hint="or send one JSON object a line") from error
    yield from enumerate(members, 1)


def _csv(text: str) -> Iterator[tuple[int, Any]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    header: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, Malformed(f"no CSV: {error}")
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            _check_header(header)
        elif cells:
            yield reader.line_num, _row(header, cells)


def _check_header(header: list[str]) -> None:
    if len(set(header)) < len(header):
        raise Malformed("the header names a column twice", pointer="/1")
    if not any(name in _COUNTS for name in header):
        raise Malformed("the header names no count", pointer="/1", hint=f"provider,model,{COUNTED[0]},{COUNTED[1]}")


def _row(header: list[str], cells: list[str]) -> Any:
    if len(cells) != len(header):
        return Malformed(f"{len(cells)} cells where the header has {len(header)}")
    return {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}
