"""OTLP/HTTP: what OpenTelemetry's own exporter sends is priced and charged once, whatever it sends again."""

import gzip
import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import uvicorn
from fastapi import FastAPI
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from mlquote.main import create_app
from mlquote.settings import Settings
from tests.web.conftest import Client
from tests.web.test_budgets import LIMIT, bearer

PATH = "/v1/otlp/v1/traces"
JSON, PROTOBUF = {"Content-Type": "application/json"}, {"Content-Type": "application/x-protobuf"}
# gpt-4o costs $2.50 per million input tokens and $10 per million output tokens: a call of 1000 and 500 is $0.0075.
CALL = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500}  # fmt: skip
AGENT = CALL | {"gen_ai.operation.name": "invoke_agent"}
USD = 0.0075
DAY_NS = int(datetime(2026, 11, 20, 9, tzinfo=UTC).timestamp()) * 10**9


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    database = tmp_path_factory.mktemp("otlp") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}", open_reading=True))
    yield app
    app.state.desks.close(wait=True)
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def client(service: FastAPI) -> Client:
    return Client(service)


@pytest.fixture(scope="module")
def key(service: FastAPI) -> dict[str, str]:
    return bearer(service, "budgets:write", "budgets:reserve", "estimate")


@pytest.fixture
def budget(client: Client, key: dict[str, str], request: pytest.FixtureRequest) -> str:
    """An empty budget of the test's own."""
    name = request.node.name.replace("_", "-")[:90]
    client.request("PUT", f"/v1/budgets/{name}", json={"limits": [LIMIT]}, headers=key)
    return name


def valued(value: int | str) -> dict[str, str]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def span(trace: int, own: int, parent: int = 0, attributes: dict | None = None, **others: object) -> dict:
    values = {} if attributes is None else attributes
    told = [
        {"key": k, "value": {"intValue": str(v)} if isinstance(v, int) else {"stringValue": v}}
        for k, v in values.items()
    ]
    ids = {"traceId": f"{trace:032x}", "spanId": f"{own:016x}"} | ({"parentSpanId": f"{parent:016X}"} if parent else {})
    return ids | {"startTimeUnixNano": str(DAY_NS), "attributes": told} | others


def export(*spans: dict, team: str = "nlp") -> dict:
    resource = {"attributes": [{"key": "team", "value": {"stringValue": team}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


def send(client: Client, key: dict[str, str], budget: str, *spans: dict, **how: str):
    query = f"?budget={budget}&label=team"
    return client.request("POST", PATH + query, content=json.dumps(export(*spans, **how)), headers=JSON | key)


def spent(client: Client, budget: str) -> float:
    balance = client.get(f"/v1/budgets/{budget}").json()["balance"]["spent"]
    return balance["cost_usd"]["central"] if balance else 0


def counted(client: Client, name: str, **labels: str) -> float:
    text, total = client.get("/metrics").text, 0.0
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}_total\{{(.*)\}} (\S+)", line)
        if found and all(f'{label}="{value}"' in found[1] for label, value in labels.items()):
            total += float(found[2])
    return total


class Twice(SpanExporter):
    """The SDK's exporter, whose every answer is lost once: it sends all again, as it does after a 503."""

    def __init__(self, inner: OTLPSpanExporter) -> None:
        self.inner = inner

    def export(self, spans: list[ReadableSpan]) -> SpanExportResult:
        self.inner.export(spans)
        return self.inner.export(spans)

    def shutdown(self) -> None:
        self.inner.shutdown()


@pytest.fixture(scope="module")
def address(service: FastAPI) -> Iterator[str]:
    """The service at a port."""
    server = uvicorn.Server(uvicorn.Config(service, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("packed", [Compression.NoCompression, Compression.Gzip], ids=["plain", "gzip"])
def test_the_sdk_s_own_exporter_is_paid_once_though_it_sends_twice(
    address: str, client: Client, key: dict[str, str], packed: Compression
) -> None:
    name = f"sdk-{packed.value}"
    client.request("PUT", f"/v1/budgets/{name}", json={"limits": [LIMIT]}, headers=key)
    place = f"{address}{PATH}?label=service.name"
    headers = {"authorization": key["Authorization"], "mlquote-budget": name}
    exporter = OTLPSpanExporter(endpoint=place, headers=headers, compression=packed)
    provider = TracerProvider(resource=Resource({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(Twice(exporter)))
    tracer = provider.get_tracer("test")
    for _ in range(20):
        with tracer.start_as_current_span("agent", attributes=AGENT | {"gen_ai.usage.input_tokens": 2000}):
            with tracer.start_as_current_span("tool"), tracer.start_as_current_span("chat", attributes=CALL):
                pass
            with tracer.start_as_current_span("chat", attributes=CALL):
                pass
    provider.shutdown()
    assert spent(client, name) == pytest.approx(40 * USD, abs=1e-12)
    told = {"budget": name, "label": "service.name", "value": name, "provider": "openai", "model": "gpt-4o"}
    assert counted(client, "mlquote_otlp_calls", **told) == 40
    assert counted(client, "mlquote_otlp_usd", **told) == pytest.approx(40 * USD)
    assert counted(client, "mlquote_otlp_withdrawn_calls", **told) == 0


def test_an_agent_is_paid_by_its_calls_in_whatever_order_they_come(
    client: Client, key: dict[str, str], budget: str
) -> None:
    agent, tool, call = span(1, 1, 0, AGENT), span(1, 2, 1), span(1, 3, 2, CALL)
    assert send(client, key, budget, agent).json() == {}
    assert spent(client, budget) == USD  # an agent without calls is all that is known
    assert send(client, key, budget, call).json() == {}
    assert spent(client, budget) == 2 * USD  # nobody knows yet whose call it is
    assert send(client, key, budget, tool, agent, call).json() == {}
    assert spent(client, budget) == USD
    assert counted(client, "mlquote_otlp_withdrawn_usd", budget=budget) == USD
    audit = client.get(f"/v1/budgets/{budget}/ledger/audit").json()
    assert (audit["is_balanced"], audit["agrees_with_balances"]) == (True, True)


def test_the_same_response_told_by_two_spans_of_a_trace_is_paid_once(
    client: Client, key: dict[str, str], budget: str
) -> None:
    told = CALL | {"gen_ai.response.id": "resp_1"}
    send(client, key, budget, span(2, 1, 0, told), span(2, 2, 0, told), span(3, 1, 0, told))
    assert spent(client, budget) == 2 * USD


def test_what_cannot_be_read_is_a_partial_success_and_the_rest_is_paid(
    client: Client, key: dict[str, str], budget: str
) -> None:
    wrong = span(4, 1, 0, CALL | {"gen_ai.usage.cache_read.input_tokens": 2000})
    nameless, unknown = span(0, 2, 0, CALL), span(4, 3, 0, CALL | {"gen_ai.response.model": "llama-of-our-own"})
    answer = send(client, key, budget, wrong, nameless, unknown, span(4, 4, 0, CALL), span(4, 5))
    assert answer.status_code == 200
    told = answer.json()["partialSuccess"]
    assert told["rejectedSpans"] == "2"
    assert "cache reads" in told["errorMessage"] and "llama-of-our-own" in told["errorMessage"]
    assert spent(client, budget) == USD
    assert counted(client, "mlquote_otlp_unpriced_calls", budget=budget) == 1
    only = send(client, key, budget, span(5, 3, 0, CALL | {"gen_ai.response.model": "llama-of-our-own"})).json()
    assert only["partialSuccess"]["rejectedSpans"] == "0"
    silent = send(client, key, budget, span(5, 4, 0, {"gen_ai.operation.name": "chat"})).json()
    assert "counts no tokens" in silent["partialSuccess"]["errorMessage"]


def test_both_encodings_give_one_answer(client: Client, key: dict[str, str], budget: str) -> None:
    request = ExportTraceServiceRequest()
    made = (
        request.resource_spans.add()
        .scope_spans.add()
        .spans.add(trace_id=(6).to_bytes(16), span_id=(1).to_bytes(8), start_time_unix_nano=DAY_NS)
    )
    for name, value in CALL.items():
        pair = made.attributes.add(key=name)
        if isinstance(value, int):
            pair.value.int_value = value
        else:
            pair.value.string_value = value
    body = request.SerializeToString()
    query = f"{PATH}?budget={budget}"
    answer = client.request("POST", query, content=body, headers=PROTOBUF | key)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-protobuf")
    assert not ExportTraceServiceResponse.FromString(answer.content).HasField("partial_success")
    packed = PROTOBUF | key | {"Content-Encoding": "gzip"}
    assert client.request("POST", query, content=gzip.compress(body), headers=packed).status_code == 200
    send(client, key, budget, span(6, 1, 0, CALL))  # the same ids, in hex
    assert spent(client, budget) == USD


def test_a_refusal_is_a_status_in_the_content_type_of_the_request(client: Client, key: dict[str, str]) -> None:
    broken = client.request("POST", PATH, content=b"\xff\xff", headers=PROTOBUF | key)
    assert (broken.status_code, broken.headers["content-type"]) == (400, "application/x-protobuf")
    assert Status.FromString(broken.content).code == 3
    assert client.request("POST", PATH, content=b"{", headers=JSON | key).json()["code"] == 3
    assert client.request("POST", PATH, content=b'{"resourceSpans": 7}', headers=JSON | key).status_code == 400
    stranger = client.request("POST", PATH, content=b"{}", headers=JSON)
    assert (stranger.status_code, stranger.json()["code"]) == (401, 16)
    unknown = client.request(
        "POST", f"{PATH}?budget=nobody", content=json.dumps(export(span(7, 1))), headers=JSON | key
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, 5)
    packed, coded = gzip.compress(b" " * (20 * 2**20 + 1)), {"Content-Encoding": "gzip"}
    large = client.request("POST", PATH, content=packed, headers=PROTOBUF | key | coded)
    assert (large.status_code, Status.FromString(large.content).code) == (413, 8)
    assert client.request("POST", PATH, content=b"", headers=key | {"Content-Type": "text/plain"}).status_code == 415
    assert client.request("POST", PATH, content=b"", headers=PROTOBUF | key).status_code == 200


def test_a_service_that_has_too_much_to_do_says_when_to_come_back(client: Client, key: dict[str, str]) -> None:
    desk = client.app.state.desks.spans
    most, desk._most = desk._most, 0
    try:
        full = client.request("POST", PATH, content=b"{}", headers=JSON | key)
    finally:
        desk._most = most
    assert (full.status_code, full.headers["retry-after"], full.json()["code"]) == (429, "1", 8)
