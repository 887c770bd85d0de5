"""Spans of OpenTelemetry in every dress: one call once, whatever stands above it and however often it is sent.

Claude Haiku 4.5, 130,213 tokens in of which 128,955 were read and 1,253 written, 100 out:
(5 + 128,955 * 0.1 + 1,253 * 1.25 + 100 * 5) / 1e6 = 0.01496675.
"""

import json
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from mlquote.catalog.snapshot import Snapshot
from tests.spend.delivered.reading import answered, bad_lines, codes, ndjson

USD = Decimal("0.01496675")
AT = 1_793_577_600_000_000_000
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-haiku-4-5",
    "gen_ai.usage.input_tokens": 130_213,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 128_955,
    "gen_ai.usage.cache_creation.input_tokens": 1_253,
}
AGENT = {**CALL, "gen_ai.operation.name": "invoke_agent"}
OLDER = {
    "v1.26": {
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-haiku-4-5",
        "gen_ai.usage.prompt_tokens": 1_000,
        "gen_ai.usage.completion_tokens": 100,
    },
    "v1.27": {
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-haiku-4-5",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 100,
    },
    "v1.37": {
        "gen_ai.provider.name": "anthropic",
        "gen_ai.response.model": "claude-haiku-4-5",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 100,
    },
}
"""Attributes of semantic conventions by version: 1,000 in, 100 out."""
WRITTEN = {name: n for name, n in CALL.items() if "creation" not in name} | {
    "gen_ai.usage.cache_write.input_tokens": 1_253
}
"""As the GenAI repository names them since v1.44."""


def span(own: int, attributes: dict[str, Any], parent: int = 0, trace: int = 1, **more: Any) -> dict[str, Any]:
    """A span logged on a line."""
    return {
        "trace_id": f"{trace:032x}",
        "span_id": f"{own:016x}",
        "parent_span_id": f"{parent:016x}" if parent else "",
        "startTimeUnixNano": str(AT),
        "attributes": attributes,
        **more,
    }


def value(of: Any) -> dict[str, Any]:
    """A value in OTLP's JSON: whole numbers as text."""
    return {"intValue": str(of)} if isinstance(of, int) else {"stringValue": of}


def otlp_json(*spans: dict[str, Any], team: str = "search") -> dict[str, Any]:
    """An export of these spans in OTLP's JSON."""
    told = [
        {
            "traceId": one["trace_id"],
            "spanId": one["span_id"],
            "parentSpanId": one["parent_span_id"],
            "startTimeUnixNano": one["startTimeUnixNano"],
            "attributes": [{"key": name, "value": value(of)} for name, of in one["attributes"].items()],
        }
        for one in spans
    ]
    resource = {"attributes": [{"key": "team", "value": {"stringValue": team}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "x"}, "spans": told}]}]}


def otlp_protobuf(*spans: dict[str, Any], team: str = "search") -> bytes:
    """The same export in protobuf."""
    export = ExportTraceServiceRequest()
    resource = export.resource_spans.add()
    resource.resource.attributes.append(KeyValue(key="team", value=AnyValue(string_value=team)))
    scope = resource.scope_spans.add()
    for one in spans:
        added = scope.spans.add()
        added.trace_id, added.span_id = bytes.fromhex(one["trace_id"]), bytes.fromhex(one["span_id"])
        added.parent_span_id = bytes.fromhex(one["parent_span_id"])
        added.start_time_unix_nano = int(one["startTimeUnixNano"])
        for name, of in one["attributes"].items():
            any_value = AnyValue(int_value=of) if isinstance(of, int) else AnyValue(string_value=of)
            added.attributes.append(KeyValue(key=name, value=any_value))
    return bytes(export.SerializeToString())


SPANS = (
    span(2, CALL, parent=1),
    span(1, AGENT),
    span(3, {"http.request.method": "GET"}, parent=1),
    span(4, {"gen_ai.operation.name": "execute_tool"}, parent=1),
    span(5, {**CALL, "gen_ai.usage.input_tokens": 5}),
)
"""A call, the agent above it, a span of HTTP, a tool's, and a call that contradicts itself."""


@pytest.mark.parametrize(
    ("body", "source"),
    [
        pytest.param(ndjson(*SPANS), "otel", id="a line each"),
        pytest.param(json.dumps(list(SPANS)).encode(), "otel", id="a list"),
        pytest.param(ndjson(otlp_json(*SPANS)), "otlp", id="OTLP JSON on a line"),
        pytest.param(json.dumps(otlp_json(*SPANS), indent=1).encode(), "otlp", id="OTLP JSON on many"),
        pytest.param(ndjson(otlp_json(*SPANS[:2]), otlp_json(*SPANS[2:])), "otlp", id="exports, a line each"),
        pytest.param(otlp_protobuf(*SPANS), "otlp", id="OTLP protobuf"),
    ],
)
def test_spans_give_one_answer_in_every_encoding(catalog: Snapshot, body: bytes, source: str) -> None:
    answer = answered(body, catalog)
    assert (answer["read_as"], answer["priced_usd"], answer["calls"]) == (source, USD, 1)
    assert (bad_lines(answer), answer["repeated_lines"]) == ([5], 1)
    assert {"repeated-answers", "lines-passed-over"} <= codes(answer)
    assert answer["malformed_lines"][0].code == "contradictory-counts"


def test_a_resource_labels_its_spans(catalog: Snapshot) -> None:
    for body in (otlp_protobuf(SPANS[0]), ndjson(otlp_json(SPANS[0]))):
        assert answered(body, catalog, by="label.team")["totals"][0]["label.team"] == "search"


def test_two_names_of_a_count_that_disagree_are_told_by_the_spans_pointer(catalog: Snapshot) -> None:
    torn = span(6, {**CALL, "gen_ai.usage.prompt_tokens": 7})
    fault = answered(ndjson(otlp_json(SPANS[0], torn)), catalog)["malformed_lines"][0]
    assert fault.errors[0]["pointer"].startswith("/resourceSpans/0/scopeSpans/0/spans/1/attributes/")


@pytest.mark.parametrize("attributes", [pytest.param(a, id=version) for version, a in OLDER.items()])
def test_older_conventions_are_read(catalog: Snapshot, attributes: dict[str, Any]) -> None:
    """1,000 at 1 and 100 at 5 dollars a million: 0.0015."""
    assert answered(ndjson(span(1, attributes)), catalog)["priced_usd"] == Decimal("0.0015")


def test_newer_conventions_are_read(catalog: Snapshot) -> None:
    assert answered(ndjson(span(1, WRITTEN)), catalog)["priced_usd"] == USD


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param((span(1, AGENT), span(2, CALL, parent=1)), id="the parent first"),
        pytest.param((span(2, CALL, parent=1), span(1, AGENT)), id="the child first"),
        pytest.param((span(3, CALL, parent=2), span(2, {"x": "y"}, parent=1), span(1, AGENT)), id="with one between"),
        pytest.param((span(1, AGENT),), id="an agent with nothing below it"),
        pytest.param((span(2, CALL), span(2, CALL)), id="sent twice"),
        pytest.param(
            (span(2, CALL), span(9, {"gen_ai.operation.name": "chat", "error.type": "timeout"})), id="one that failed"
        ),
    ],
)
def test_one_call_is_paid_once(catalog: Snapshot, spans: tuple[dict[str, Any], ...]) -> None:
    answer = answered(ndjson(*spans), catalog)
    assert (answer["priced_usd"], answer["calls"], bad_lines(answer)) == (USD, 1, [])


def test_a_call_that_counts_nothing_is_unknown_and_not_free(catalog: Snapshot) -> None:
    silent = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "claude-haiku-4-5"}
    assert bad_lines(answered(ndjson(span(1, silent), span(2, CALL)), catalog)) == [1]
