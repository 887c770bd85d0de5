"""What usage did cost: POST /v1/usage/cost, and the actuals of a budget."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Final

from fastapi import FastAPI, Query, Request, Response

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Name, Part
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer
from mlquote.spend.budgets import BudgetName
from mlquote.spend.reservations import Request as Again
from mlquote.spend.usage import UsageBill, bill, table, told
from mlquote.spend.usage_groups import groups_of, zone_of
from mlquote.spend.usage_lines import read_log
from mlquote.store import idempotent, reservations
from mlquote.web.bodies import once
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.guards.retries import RETRIED, asked_again
from mlquote.web.negotiation import wanted_face
from mlquote.web.respond import respond
from mlquote.web.routes.rate_cards import stored_card

PATH = "/v1/usage/cost"
_PIECE_BYTES: Final = 256 * 1024
_BODY = {"application/x-ndjson": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}},
         "application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}  # fmt: skip


class Pricing(Part):
    """How a log is priced."""

    by: str = ""
    """Totals by any of hour, day, week, month, provider, model, processing, region, line, label.NAME; default: one."""
    timezone: Name | None = None
    """The zone whose hours, days, weeks and months count: Europe/Zurich; default: UTC."""
    provider: Name | None = None
    """Whose the lines are that name no provider: a provider's own export never names it."""
    release: Name | None = None
    """Catalogue release the prices are read from; default: the newest."""
    budget: BudgetName | None = None
    """Charge the cost to this budget, each line to its own day; needs scope budgets:reserve and an Idempotency-Key."""
    format: Name | None = None
    """json, text, markdown or csv."""


def add_routes(app: FastAPI) -> None:
    """/v1/usage/cost."""

    @app.post(
        PATH,
        summary="A usage log priced at the prices of each line's moment; malformed lines come back with their numbers",
        openapi_extra={"requestBody": {"required": True, "content": _BODY}, **RETRIED},
    )
    async def cost(request: Request, pricing: Annotated[Pricing, Query()]) -> Response:
        once(request)
        by, zone = groups_of(pricing.by), zone_of(pricing.timezone)
        with TemporaryFile() as body:
            digest = await _spooled(request, body)
            again = await _again(request, pricing, digest)
            if again is not None:
                kept = await desks(request).reading.do(idempotent.answered, engine(request), str(pricing.budget), again)
                if kept is not None:
                    return _respond(request, kept)
            catalog = await snapshots(request).of(pricing.release)
            lines = read_log(_pieces(body), request.headers.get("content-type", ""), pricing.provider)
            price = _Priced(request)
            whole = await desks(request).logs.do(bill, lines, catalog, now(request), by, price, zone)
        answer = told(whole, catalog, now(request))
        if again is not None:
            answer = await desks(request).writing.do(_charge, request, pricing, whole, answer, again)
        return _respond(request, answer)


async def _spooled(request: Request, body: IO[bytes]) -> str:
    """The request's body written to a file, and its digest."""
    digest = hashlib.sha256()
    async for piece in request.stream():
        digest.update(piece)
        body.write(piece)
    body.seek(0)
    return digest.hexdigest()


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while piece := body.read(_PIECE_BYTES):
        yield piece


def _respond(request: Request, answer: Mapping[str, Any]) -> Response:
    """The answer, as CSV one row a group."""
    return respond(request, table(answer) if wanted_face(request) == "csv" else answer)


async def _again(request: Request, pricing: Pricing, digest: str) -> Again | None:
    """Who charges a budget, and under which key; None where no budget is charged."""
    if pricing.budget is None:
        return None
    key = await demand(request, "budgets:reserve", pricing.budget)
    again = asked_again(request, key.id, digest)
    if again.key is None:
        hint = "any text that names this log; the same log under the same key is charged once"
        raise Malformed("charging a budget needs an Idempotency-Key", pointer="/Idempotency-Key", hint=hint)
    return again


class _Priced:
    """Answers a line's question, under the rate card that it names; each card is looked up once in a log."""

    def __init__(self, request: Request) -> None:
        self._cards = Memory(partial(stored_card, engine(request)))

    def __call__(self, question: ApiUsage, catalog: Snapshot, moment: datetime) -> Answer:
        """The answer to one line.

        Raises: as `inference_estimate`; UnknownName for a card that is not stored
        """
        card = None if question.rate_card is None else self._cards[question.rate_card]
        return inference_estimate(question, catalog, moment, card=card)


def _charge(request: Request, pricing: Pricing, whole: UsageBill, answer: Mapping[str, Any], again: Again) -> Any:
    name = str(pricing.budget)
    charged = {**answer, "budget": name, "charged_usd": answer["priced_usd"]}
    return reservations.spend(engine(request), name, whole.amounts(), again, labels={}, answer=charged)
