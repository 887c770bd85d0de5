"""Spans of OpenTelemetry: OTLP exports in JSON and protobuf, and spans logged one a line.

Ids are hex in JSON, whatever protobuf's own JSON says; 64-bit integers come as text; a resource's attributes are
labels of its spans. A span that is no call of a model is passed over, and so is one above calls, which the walk of the
trees finds (`usage_spans.py`). A span of a call that counts nothing is a fault: zero would be a guess.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mlquote.estimators.tokens.dialects import spans
from mlquote.estimators.tokens.dialects.reading import Body
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import Layout, Sample
from mlquote.spend.delivered.records import PassedLine, Why
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import BadLine, LineReader, lineage_of

_CALLS: Final = frozenset({"", "chat", "text_completion", "generate_content", "embeddings", "completion", "responses"})
"""Operations that ask a model; a span of any other that counts nothing is no call."""
_MOMENTS: Final = (
    "timestamp", "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "Timestamp", "time",
)  # fmt: skip
_ALIKE: Final = {
    "TraceId": "traceId",
    "SpanId": "spanId",
    "ParentSpanId": "parentSpanId",
    "SpanName": "name",
    "SpanAttributes": "attributes",
    "ResourceAttributes": "resource",
    "StatusCode": "status",
}
"""Columns of the collector's ClickHouse tables -> members of a span."""
_LABELS: Final = (
    "team", "user.id", "session.id", "enduser.id", "gen_ai.agent.name", "gen_ai.conversation.id", "service.name",
    "deployment.environment", "deployment.environment.name",
)  # fmt: skip
"""Attributes of a span that say whose it is."""


def spans_of(export: Any, at: str = "") -> Iterator[tuple[Mapping[str, Any], str]]:
    """The spans of an export in OTLP's JSON, each with its pointer, its resource's attributes among its labels.

    Raises: Malformed for what is no export
    """
    for i, resource in enumerate(_list(export, "resourceSpans", at)):
        about = _attributes(_object(resource, f"{at}/resourceSpans/{i}").get("resource"))
        for j, scope in enumerate(_list(resource, "scopeSpans", f"{at}/resourceSpans/{i}")):
            where = f"{at}/resourceSpans/{i}/scopeSpans/{j}"
            for k, span in enumerate(_list(_object(scope, where), "spans", where)):
                yield {**_object(span, f"{where}/spans/{k}"), "resource": about}, f"{where}/spans/{k}"


def protobuf_spans(raw: bytes) -> Iterator[Mapping[str, Any]]:
    """The spans of an ExportTraceServiceRequest, as `spans_of` gives them.

    Raises: Malformed for bytes that are none
    """
    from google.protobuf.message import DecodeError  # here, for few files are in it
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    try:
        export = ExportTraceServiceRequest.FromString(raw)
    except DecodeError as error:
        raise Malformed(f"no export of spans in protobuf: {error}", hint="ExportTraceServiceRequest") from error
    for resource in export.resource_spans:
        about = {one.key: _plain(one.value) for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield {
                    "traceId": span.trace_id.hex(),
                    "spanId": span.span_id.hex(),
                    "parentSpanId": span.parent_span_id.hex(),
                    "name": span.name,
                    "startTimeUnixNano": span.start_time_unix_nano,
                    "attributes": {one.key: _plain(one.value) for one in span.attributes},
                    "status": {"code": span.status.code},
                    "resource": about,
                }


def lines_of(spans_read: Iterator[Mapping[str, Any]], provider: str | None) -> Iterator[Line]:
    """The lines of spans in order, numbered from 1."""
    reader = LineReader(provider)
    for number, span in enumerate(spans_read, 1):
        yield line_of(number, span, reader)


def line_of(number: int, span: Mapping[str, Any], reader: LineReader) -> Line:
    """What one span tells: a call, a fault, or nothing to pay."""
    record = _plainly(span)
    place, _ = lineage_of(record)
    if not spans.is_span(record):
        return PassedLine(number, Why.NO_CALL, span=place)
    try:
        attributes = spans.attributes_of(Body(record, ""))
        if not spans.counts_of(attributes):
            if _failed(span, attributes.values):
                return PassedLine(number, Why.FAILED, span=place)
            if str(attributes.values.get("gen_ai.operation.name") or "") not in _CALLS:
                return PassedLine(number, Why.NO_CALL, span=place)
    except QuoteError as error:
        return BadLine(number, error, place)
    return reader.line(number, record)


def _plainly(span: Mapping[str, Any]) -> dict[str, Any]:
    """A span under the names that are read: its attributes flat, its moment, what it is labelled with."""
    named = {_ALIKE.get(name, name): value for name, value in span.items()}
    attributes = named.get("attributes", named)
    flat = spans.flat(attributes) if isinstance(attributes, list) else attributes
    if not isinstance(flat, Mapping):
        return named
    about = _attributes(named.pop("resource", None))
    labels = {name: flat[name] for name in _LABELS if isinstance(flat.get(name), str)}
    own = named.get("labels")
    labels = {**{name: value for name, value in about.items() if isinstance(value, str)}, **labels}
    named["labels"] = {**labels, **own} if isinstance(own, Mapping) else labels
    if "attributes" in named:
        named["attributes"] = flat
    for name in _MOMENTS:
        if named.get(name) not in (None, "", 0):
            at = named.pop(name)
            named["timestamp"] = int(at) if isinstance(at, str) and at.isdigit() else at
            break
    for name in ("endTimeUnixNano", "status", "kind", "events", "links", "flags", *_MOMENTS[1:]):
        named.pop(name, None)
    return named


def _failed(span: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    status = span.get("status", span.get("StatusCode"))
    code = status.get("code", status.get("status_code")) if isinstance(status, Mapping) else status
    return "error.type" in attributes or str(code).upper() in ("2", "ERROR", "STATUS_CODE_ERROR")


def _attributes(resource: Any) -> dict[str, Any]:
    """A resource's attributes as one flat object, however they are written."""
    found = resource.get("attributes", resource) if isinstance(resource, Mapping) else resource
    if isinstance(found, list):
        return spans.flat(found)
    return dict(found) if isinstance(found, Mapping) else {}


def _plain(value: Any) -> Any:
    """One value of protobuf's AnyValue; lists and maps say nothing of a price."""
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind in ("string_value", "int_value", "double_value", "bool_value") else None


def _object(value: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed("a span's export is made of objects", pointer=at)
    return value


def _list(holder: Mapping[str, Any], name: str, at: str) -> list[Any]:
    """A member that is a list, in either of the two ways its name is written."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    found = holder.get(name, holder.get(snake))
    if found is not None and not isinstance(found, list):
        raise Malformed(f"{name} must be a list", pointer=f"{at}/{name}")
    return found or []


def _is_export(record: Any) -> bool:
    return isinstance(record, Mapping) and not {"resourceSpans", "resource_spans"}.isdisjoint(record)


def _fits_export(sample: Sample) -> bool:
    return sample.layout is Layout.PROTOBUF or any(map(_is_export, sample.records))


def _fits_spans(sample: Sample) -> bool:
    return not _fits_export(sample) and any(
        spans.is_span(_plainly(record)) and not {"attributes", "SpanAttributes"}.isdisjoint(record)
        for record in sample.records
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    """Every span of a file: those of exports numbered through, those logged one a line by their lines."""
    reader, counted = LineReader(around.provider), 0
    for number, record in records:
        if isinstance(record, bytes):
            yield from lines_of(protobuf_spans(record), around.provider)
            continue
        if not _is_export(record):
            is_span = isinstance(record, Mapping) and not {"attributes", "SpanAttributes"}.isdisjoint(record)
            yield line_of(number, record, reader) if is_span else reader.line(number, record)
            continue
        try:
            for span, at in spans_of(record):
                counted += 1
                line = line_of(counted, span, reader)
                yield _placed(line, at) if isinstance(line, BadLine) else line
        except QuoteError as error:
            yield BadLine(counted + 1, error)


def _placed(line: BadLine, at: str) -> BadLine:
    """A fault under the pointer of its span."""
    found = [type(fault)(f"{at}{fault.pointer}", fault.detail, fault.hint) for fault in line.error.faults]
    return line._replace(error=line.error.retold(found))


_SHARED: Final = {
    "one": "`trace_id` and `span_id`, and `gen_ai.response.id`: the same answer is billed once",
    "left_out": "spans above others that count (agents, workflows, tools); spans that are no call of a model",
    "moment": "the span's start, UTC",
    "holds": "cached and written tokens inside `gen_ai.usage.input_tokens`, reasoning inside `output_tokens`",
}
OTLP = Format(
    source="otlp",
    title="OTLP exports of spans, JSON or protobuf",
    page="https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md",
    fits=_fits_export,
    read=_read,
    **_SHARED,
)
OTEL = Format(
    source="otel",
    title="OpenTelemetry GenAI spans, one a line",
    page="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/",
    fits=_fits_spans,
    read=_read,
    **_SHARED,
)
