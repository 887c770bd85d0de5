"""Spans as OpenTelemetry's exporters send them, protobuf or JSON, flat: ids, moment, attributes, and their resource's.

What the door reads while an exporter waits, and no more of it than a price needs; whole files of spans are read by
`delivered/otlp.py`. The JSON is the protocol's own, not protobuf's: ids are hex and not base64, 64-bit integers may be
text, unknown fields are passed over.

Source: opentelemetry-proto, docs/specification.md, "OTLP/HTTP"
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from mlquote.kit.errors import Malformed

TRACE_BYTES: Final = 16
SPAN_BYTES: Final = 8
_NANOS: Final = 1_000_000_000
_HINT: Final = "an ExportTraceServiceRequest as the OTLP specification has it"


class SentSpan(NamedTuple):
    """One span."""

    trace: bytes
    own: bytes
    parent: bytes
    """Empty where it is the first of its trace."""
    started_ns: int
    """Nanoseconds since 1970; 0 where it does not say."""
    attributes: Mapping[str, Any]
    resource: Mapping[str, Any]
    """The attributes of what sent it; spans of one resource share them."""

    @property
    def is_identified(self) -> bool:
        """Whether its ids are as the protocol wants them: 16 and 8 bytes, not all zero."""
        return len(self.trace) == TRACE_BYTES and len(self.own) == SPAN_BYTES and any(self.trace) and any(self.own)

    @property
    def at(self) -> datetime | None:
        """When it began."""
        if not 0 < self.started_ns < 2**63:
            return None
        return datetime.fromtimestamp(self.started_ns // _NANOS, UTC)


def spans_of(body: bytes, *, is_protobuf: bool) -> list[SentSpan]:
    """Every span of an export, in order.

    Raises: Malformed
    """
    return list(_of_protobuf(body) if is_protobuf else _of_json(body))


def _of_protobuf(body: bytes) -> Iterator[SentSpan]:
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise Malformed(f"the body is no protobuf of an export: {error}", hint=_HINT) from error
    for group in request.resource_spans:
        resource = _flat(group.resource.attributes)
        for scope in group.scope_spans:
            for span in scope.spans:
                yield SentSpan(
                    span.trace_id,
                    span.span_id,
                    span.parent_span_id,
                    span.start_time_unix_nano,
                    _flat(span.attributes),
                    resource,
                )


def _flat(attributes: Iterable[Any]) -> dict[str, Any]:
    """Keys and values, scalars alone: lists and maps say nothing of a price."""
    found = {}
    for pair in attributes:
        value = pair.value
        text = value.string_value
        if text:  # most are text: asking which of the kinds a value is costs as much again
            found[pair.key] = text
            continue
        kind = value.WhichOneof("value")
        if kind == "string_value":
            found[pair.key] = value.string_value
        elif kind == "int_value":
            found[pair.key] = value.int_value
        elif kind == "double_value":
            found[pair.key] = value.double_value
        elif kind == "bool_value":
            found[pair.key] = value.bool_value
    return found


def _of_json(body: bytes) -> Iterator[SentSpan]:
    try:
        request = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is no JSON: {error}", hint=_HINT) from error
    for group, at in _each(request, "resourceSpans", ""):
        resource = _pairs(group.get("resource") or {}, f"{at}/resource")
        for scope, inside in _each(group, "scopeSpans", at):
            for span, place in _each(scope, "spans", inside):
                yield SentSpan(
                    _hex(span.get("traceId")),
                    _hex(span.get("spanId")),
                    _hex(span.get("parentSpanId")),
                    _integer(span.get("startTimeUnixNano")),
                    _pairs(span, place),
                    resource,
                )


def _each(holder: Any, name: str, at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a list that may not be there, each with its pointer.

    Raises: Malformed
    """
    members = holder.get(name) if isinstance(holder, dict) else None
    if members is None and isinstance(holder, dict):
        return
    if not isinstance(members, list):
        raise Malformed(f"{name} is a list in an object", pointer=f"{at}/{name}", hint=_HINT)
    for place, member in enumerate(members):
        if not isinstance(member, dict):
            raise Malformed("an object is wanted", pointer=f"{at}/{name}/{place}", hint=_HINT)
        yield member, f"{at}/{name}/{place}"


def _pairs(holder: Any, at: str) -> dict[str, Any]:
    found = {}
    for pair, place in _each(holder, "attributes", at):
        value = pair.get("value")
        if not isinstance(pair.get("key"), str) or not isinstance(value, dict | None):
            raise Malformed("an attribute is a key and a value", pointer=place, hint=_HINT)
        scalar = _scalar(value or {})
        if scalar is not None:
            found[pair["key"]] = scalar
    return found


def _scalar(value: Mapping[str, Any]) -> Any:
    """A value without its type around it; 64-bit integers may be text."""
    if "intValue" in value:
        said = value["intValue"]
        return int(said) if isinstance(said, str) and said.lstrip("-").isdecimal() and len(said) <= 20 else said
    return next((value[kind] for kind in ("stringValue", "doubleValue", "boolValue") if kind in value), None)


def _hex(text: Any) -> bytes:
    """An id; empty where it is none, so that its span alone is refused."""
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _integer(said: Any) -> int:
    if isinstance(said, int):
        return said
    return int(said) if isinstance(said, str) and said.isdecimal() and len(said) <= 20 else 0
