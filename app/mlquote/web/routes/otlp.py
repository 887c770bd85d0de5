"""Spans as they come: POST /v1/otlp/v1/traces takes what an OpenTelemetry exporter sends, and prices model calls."""

import logging
from typing import Annotated, Any, Final

import msgspec
from fastapi import FastAPI, Query, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from pydantic import Field, TypeAdapter, ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Part
from mlquote.kit.errors import Malformed, QuoteError, Unauthenticated, UnknownCoding
from mlquote.spend.budgets import BudgetName
from mlquote.spend.reservations import Request as Again
from mlquote.spend.span_bills import SpansRead, read_spans
from mlquote.spend.span_export import spans_of
from mlquote.store import spans
from mlquote.store.api_keys import any_key
from mlquote.store.engine import Engine
from mlquote.web.bodies import once
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards import otlp_faults
from mlquote.web.guards.auth import caller, demand
from mlquote.web.guards.callers import presented

PATH: Final = otlp_faults.PATH
PROTOBUF: Final = otlp_faults.PROTOBUF
_log = logging.getLogger("mlquote.usage")
MOST_BYTES: Final = 20 * 2**20
"""Largest export, unpacked: the limit that the protocol names."""
BUDGET_HEADER: Final = "mlquote-budget"
_FORGETS_EVERY: Final = 500
"""Exports of one process between two looks for spans that may be forgotten."""
_TOLD: Final = 3
"""Reasons that a partial success tells; there may be one a span."""
_JSON: Final = "application/json"
_CONTENT: Final[dict[str, Any]] = {
    PROTOBUF: {"schema": {"type": "string", "format": "binary", "description": "An ExportTraceServiceRequest."}},
    _JSON: {"schema": {"type": "object", "description": "The same in the protocol's JSON: ids are hex."}},
}
_ANSWER: Final[dict[str, Any]] = {
    PROTOBUF: {"schema": {"type": "string", "format": "binary", "description": "An ExportTraceServiceResponse."}},
    _JSON: {
        "schema": {
            "type": "object",
            "properties": {
                "partialSuccess": {
                    "type": "object",
                    "properties": {"rejectedSpans": {"type": "string"}, "errorMessage": {"type": "string"}},
                }
            },
        }
    },
}
_BUDGET = TypeAdapter(BudgetName)


class Feeding(Part):
    """Who pays for spans, and by which of their labels what they cost is told."""

    budget: BudgetName | None = None
    """Charge the calls to this budget, each to its own day; needs scope budgets:reserve. Header: mlquote-budget."""
    label: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "service.name"
    """The attribute, of a span or its resource, by whose values /metrics tells what was spent."""


def add_routes(app: FastAPI) -> None:
    """/v1/otlp/v1/traces."""

    @app.post(
        PATH,
        summary="OTLP/HTTP: an exporter's spans, their model calls priced, once each, and charged to a budget",
        responses={200: {"content": _ANSWER, "description": "Taken; a partial success says what was not, and why"}},
        response_class=Response,
        openapi_extra={"requestBody": {"required": True, "content": _CONTENT}},
    )
    async def traces(request: Request, feeding: Annotated[Feeding, Query()]) -> Response:
        once(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind not in (PROTOBUF, _JSON):
            raise UnknownCoding(f"an export of {kind[:80]!r} is not read", hint=f"{PROTOBUF} or {_JSON}")
        budget = feeding.budget or _budget_named(request)
        asker = await _allowed(request, budget)
        catalog, again = await snapshots(request).of(None), Again(asker, now(request))
        work = (engine(request), catalog, await request.body(), kind == PROTOBUF, budget, feeding.label, again)
        read = await desks(request).spans.do(_fed, *work)
        _forget_some(request)
        return _told(read, is_protobuf=kind == PROTOBUF)


async def spent_by_label(request: Request) -> list[dict[str, Any]]:
    """What spans cost, for Prometheus; nothing where the caller may not read what is spent, or nobody can tell."""
    try:
        closed = not request.app.state.settings.open_reading
        if closed and await desks(request).reading.do(any_key, engine(request)):
            if presented(request.scope) is None:
                return []
            (await caller(request)).demand("read")
        return await desks(request).reading.do(spans.sums, engine(request))
    except QuoteError as error:
        _log.info("what spans cost is not told: %s", error.detail)
        return []


def _fed(
    database: Engine, catalog: Snapshot, body: bytes, is_protobuf: bool, budget: str | None, label: str, again: Again
) -> SpansRead:
    """An export decoded, priced and kept.

    Raises: Malformed; UnknownName for a budget that does not exist; Unavailable
    """
    read = read_spans(spans_of(body, is_protobuf=is_protobuf), catalog, again.now, label)
    if read.spans:
        spans.feed(database, budget, read.spans, label, again)
    return read


def _budget_named(request: Request) -> str | None:
    """The budget that a header names: exporters add headers more easily than a query.

    Raises: Malformed
    """
    named = request.headers.get(BUDGET_HEADER)
    try:
        return None if named is None else _BUDGET.validate_python(named)
    except ValidationError as error:
        raise Malformed("not the name of a budget", pointer=f"/{BUDGET_HEADER}", hint="as in /v1/budgets") from error


async def _allowed(request: Request, budget: str | None) -> str:
    """Who sends spans: where any API key exists only those who have one, since what is spent is theirs.

    Raises: Unauthenticated; Forbidden
    """
    if budget is not None:
        return (await demand(request, "budgets:reserve", budget)).id
    if presented(request.scope) is not None:
        key = await caller(request)
        key.demand("estimate")
        return key.id
    if await desks(request).reading.do(any_key, engine(request)):
        raise Unauthenticated("sending spans needs an API key", hint="OTEL_EXPORTER_OTLP_HEADERS=x-api-key=mlq_...")
    return ""


def _forget_some(request: Request) -> None:
    state = request.app.state
    state.exports = getattr(state, "exports", 0) + 1
    if state.exports % _FORGETS_EVERY == 1:
        desks(request).writing.leave(spans.forget, engine(request), now(request))


def _told(read: SpansRead, *, is_protobuf: bool) -> Response:
    """The protocol's answer; what has no price is taken, and said."""
    rejected, message = len(read.rejected), _message(read)
    if is_protobuf:
        answer = ExportTraceServiceResponse()
        if message:
            answer.partial_success.rejected_spans = rejected
            answer.partial_success.error_message = message
        return Response(answer.SerializeToString(), media_type=PROTOBUF)
    said = {"partialSuccess": {"rejectedSpans": str(rejected), "errorMessage": message}} if message else {}
    return Response(msgspec.json.encode(said), media_type=_JSON)


def _message(read: SpansRead) -> str:
    parts = []
    for faults, words in ((read.rejected, "spans cannot be read"), (read.unpriced, "calls have no known price")):
        if faults:
            reasons = list(dict.fromkeys(fault.detail for fault in faults))
            more = f"; and {len(reasons) - _TOLD} more reasons" if len(reasons) > _TOLD else ""
            first = faults[0].key
            named = f"the first is {first.trace.hex()}/{first.own.hex()}"
            parts.append(f"{len(faults)} {words} ({named}): {'; '.join(reasons[:_TOLD])}{more}")
    return ". ".join(parts)[:2000]
