"""What usage did cost: POST /v1/usage/cost, and the actuals of a budget."""

import asyncio
import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Name, Part
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.kit.errors import Malformed
from mlquote.spend.budgets import BudgetName
from mlquote.spend.reservations import Request as Again
from mlquote.spend.usage import UsageBill, bill, groups_of, told
from mlquote.spend.usage_lines import LogLine, read_log
from mlquote.store import idempotent, reservations
from mlquote.web.bodies import once
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.guards.auth import demand
from mlquote.web.guards.retries import RETRIED, asked_again
from mlquote.web.respond import respond
from mlquote.web.routes.rate_cards import named_card

PATH = "/v1/usage/cost"
_BODY = {"application/x-ndjson": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}},
         "application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}  # fmt: skip


class Pricing(Part):
    """How a log is priced."""

    by: str = ""
    """Totals by any of day, month, provider, model, line, label.NAME; comma-separated; default: one total."""
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
        by, body = groups_of(pricing.by), await request.body()
        again = await _again(request, pricing, body)
        if again is not None:
            kept = await asyncio.to_thread(idempotent.answered, engine(request), str(pricing.budget), again)
            if kept is not None:
                return respond(request, kept)
        catalog = await snapshots(request).of(pricing.release)
        lines = await asyncio.to_thread(list, read_log(body, request.headers.get("content-type", "")))
        wanted = {line.question.rate_card for line in lines if isinstance(line, LogLine)} - {None}
        cards = {name: await named_card(request, name) for name in wanted if name is not None}
        price = partial(_priced, cards=cards)
        whole = await asyncio.to_thread(bill, lines, catalog, now(request), by, price)
        answer = told(whole, catalog, now(request))
        if again is not None:
            answer = await asyncio.to_thread(_charge, request, pricing, whole, answer, again)
        return respond(request, answer)


async def _again(request: Request, pricing: Pricing, body: bytes) -> Again | None:
    """Who charges a budget, and under which key; None where no budget is charged."""
    if pricing.budget is None:
        return None
    key = await demand(request, "budgets:reserve", pricing.budget)
    again = asked_again(request, key.id, hashlib.sha256(body).hexdigest())
    if again.key is None:
        hint = "any text that names this log; the same log under the same key is charged once"
        raise Malformed("charging a budget needs an Idempotency-Key", pointer="/Idempotency-Key", hint=hint)
    return again


def _priced(question: Any, catalog: Snapshot, moment: Any, *, cards: Mapping[str, Any]) -> Any:
    return inference_estimate(question, catalog, moment, card=cards.get(question.rate_card))


def _charge(request: Request, pricing: Pricing, whole: UsageBill, answer: Mapping[str, Any], again: Again) -> Any:
    name = str(pricing.budget)
    charged = {**answer, "budget": name, "charged_usd": answer["priced_usd"]}
    return reservations.spend(engine(request), name, whole.amounts(), again, labels={}, answer=charged)
