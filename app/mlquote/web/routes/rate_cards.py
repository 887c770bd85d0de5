"""Rate cards over HTTP: an organisation's own prices and discounts, put, found, listed and taken out of use.

Reading is open like every quote made under a card; MLQUOTE_REQUIRE_KEY=1 closes both. Every change needs a key.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Question
from mlquote.estimators.kinds import Estimate, Estimator
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.estimators.tokens.rule_names import check_rules
from mlquote.estimators.tokens.token_models import price_list
from mlquote.spend.documents import from_json, to_json
from mlquote.store import rate_cards as kept
from mlquote.store.engine import Engine
from mlquote.store.rate_cards import StoredCard
from mlquote.web.bodies import json_body, only_parameters, read, schema_of
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.questions import add_estimate
from mlquote.web.respond import respond

CardName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}(@[1-9]\d{0,8})?$")]


def add_routes(app: FastAPI) -> None:
    """/v1/rate-cards."""

    @app.get("/v1/rate-cards", summary="Every rate card in use")
    async def listed(request: Request) -> Response:
        only_parameters(request, "format")
        cards = await desks(request).reading.do(kept.list_cards, engine(request))
        return respond(request, {"rate_cards": [_summary(card) for card in cards]})

    @app.put(
        "/v1/rate-cards/{name}",
        summary="Create a rate card, or make a new version of it; older versions keep answering by number",
        openapi_extra=schema_of(RateCard),
    )
    async def put(request: Request, name: CardName) -> Response:
        only_parameters(request, "format")
        key = await demand(request, "rate-cards:write", name)
        checked = partial(_checked, snapshots(request).current, now(request))
        card = await desks(request).texts.do(checked, await request.body())
        body = to_json(card.model_dump(exclude_defaults=True))
        store = partial(kept.put_card, engine(request), name, body, card.digest(), now=now(request), by=key.id)
        stored, added = await desks(request).writing.do(store)
        return respond(request, _told(stored) | {"warnings": []}, 201 if added else 200)

    @app.get("/v1/rate-cards/{name}", summary="A rate card: acme is the newest version, acme@3 that one")
    async def get(request: Request, name: Reference) -> Response:
        only_parameters(request, "format")
        return respond(request, _told(await desks(request).reading.do(kept.find_card, engine(request), name)))

    @app.get("/v1/rate-cards/{name}/history", summary="Every version of a rate card")
    async def history(request: Request, name: CardName) -> Response:
        only_parameters(request, "format")
        cards = await desks(request).reading.do(kept.card_versions, engine(request), name)
        return respond(request, {"versions": [_told(card) for card in cards]})

    @app.delete("/v1/rate-cards/{name}", status_code=204, summary="Take a rate card out of use; its versions are kept")
    async def delete(request: Request, name: CardName) -> Response:
        only_parameters(request)
        key = await demand(request, "rate-cards:write", name)
        await desks(request).writing.do(partial(kept.delete_card, engine(request), name, now=now(request), by=key.id))
        return Response(status_code=204)


def _checked(catalog: Snapshot, moment: datetime, body: bytes) -> RateCard:
    """The card of a body, each of whose rules means something; a thousand rules take seconds, beside the event loop.

    Raises: Malformed
    """
    card = read(RateCard, json_body(body))
    check_rules(card, catalog.derived(price_list), moment)
    return card


async def named_card(request: Request, reference: str) -> NamedCard:
    """The stored card that a question names, under the name that finds exactly it again.

    Raises: UnknownName; Unavailable when the database cannot be reached.
    """
    return await desks(request).reading.do(stored_card, engine(request), reference)


def stored_card(database: Engine, reference: str) -> NamedCard:
    """The same, for whoever has a thread of his own."""
    stored = kept.find_card(database, reference)
    return NamedCard(stored.reference, RateCard.model_validate(from_json(stored.body)))


async def with_card(request: Request, member: Estimator, question: Question) -> Estimate:
    """The estimate of a kind, under the rate card that the question names."""
    name = member.card_named(question)
    if name is None or member.under_card is None:
        return member.estimate
    return member.under_card(await named_card(request, name))


def add_priced(app: FastAPI, member: Estimator) -> None:
    """Register the path of a kind of question that may name a rate card."""

    async def prepare(request: Request, question: Question) -> Estimate:
        return await with_card(request, member, question)

    add_estimate(app, member, prepare)


def _summary(stored: StoredCard) -> dict[str, Any]:
    return {
        "name": stored.name,
        "version": stored.version,
        "reference": stored.reference,
        "digest": stored.digest,
        "put_at": stored.put_at,
        "put_by": stored.put_by,
    }


def _told(stored: StoredCard) -> dict[str, Any]:
    body: Mapping[str, Any] = from_json(stored.body)
    return _summary(stored) | dict(body)
