"""Budgets over HTTP: what may be spent, checks and reservations, settlement, and the ledger."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import Field, model_validator

from mlquote.estimators.asking.faults import below
from mlquote.estimators.asking.question import Name, Part
from mlquote.estimators.kinds import Estimate
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.render import verdicts
from mlquote.spend.amounts import Spent
from mlquote.spend.asking import Asked, CheckRequest, questions_of
from mlquote.spend.budgets import Budget, BudgetName
from mlquote.spend.checks import Report, quoted
from mlquote.spend.documents import digest
from mlquote.spend.reservations import Request as Again
from mlquote.spend.spec import read_spec
from mlquote.store import budgets as kept
from mlquote.store import idempotent, ledger, reservations
from mlquote.store.corrections import correct as correct_entry
from mlquote.web.bodies import json_body, once, only_parameters, read, schema_of
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.guards.retries import RETRIED, asked_again
from mlquote.web.negotiation import wanted_face
from mlquote.web.respond import VARIES, respond
from mlquote.web.routes.rate_cards import with_card
from mlquote.web.schemas import schema_of_record

_FACES = {
    "text": (verdicts.text, "text/plain; charset=utf-8"),
    "markdown": (verdicts.markdown, "text/markdown; charset=utf-8"),
}
ReservationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1e40"), allow_inf_nan=False)]
FailStatus = Annotated[int | None, Query(ge=400, le=599, description="answer with this status unless it may be spent")]


class Settlement(Part):
    """What was really spent."""

    actual: dict[str, Amount]
    """Figure to number: cost_usd, accelerator_hours, energy_kwh, emissions_kgco2e, training_flop. A figure that was
    asked for and is not given here counts as estimated. The figures may also stand by themselves, without `actual`."""
    confirm: bool = False
    """Said where so much more than was reserved was really spent."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, body: Any) -> Any:
        if not isinstance(body, Mapping) or "actual" in body:
            return body
        figures = {figure: number for figure, number in body.items() if figure != "confirm"}
        return {"actual": figures} | ({"confirm": body["confirm"]} if "confirm" in body else {})


class Correction(Part):
    """What a transaction should have counted as spent."""

    transaction: Annotated[Name, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
    """The transaction's id, as the ledger tells it, or that of the reservation that it settled."""
    actual: dict[str, Amount]
    """Figure to number, as it should have been; 0 takes it back. Figures that are not given stay as they stand."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why, in a line that the ledger keeps."""


class LedgerPage(Part):
    """Which entries."""

    after: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """`next_after` of the page before."""
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """Entries on a page."""
    reservation: Annotated[Name | None, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")] = None
    """Only entries of this reservation."""
    format: Name | None = None
    """json, csv, text or markdown."""


class Listing(Part):
    """Which reservations."""

    state: Literal["held", "settled", "released", "expired"] | None = None
    """Only those in this state."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """The newest so many."""
    format: Name | None = None
    """json, text, markdown or csv."""


def add_routes(app: FastAPI) -> None:
    """/v1/budgets and /v1/reservations."""
    _add_definitions(app)
    _add_checks(app)
    _add_closing(app)
    _add_ledger(app)


def _add_definitions(app: FastAPI) -> None:
    @app.get("/v1/budgets", summary="Every budget, or those with all the labels given as label=team=nlp")
    async def listed(request: Request, label: Annotated[list[str] | None, Query()] = None) -> Response:
        only_parameters(request, "format", often=("label",))
        wanted = dict(_label(text) for text in label or ())
        records = await desks(request).reading.do(kept.list_budgets, engine(request), wanted)
        return respond(request, {"budgets": [kept.told(record) for record in records]})

    @app.put(
        "/v1/budgets/{name}",
        summary="Create a budget, or replace its limits and keep its ledger",
        openapi_extra=schema_of(Budget),
    )
    async def put(request: Request, name: BudgetName) -> Response:
        only_parameters(request, "format")
        key = await demand(request, "budgets:write", name)
        budget = read(Budget, json_body(await request.body()))
        record, created = await desks(request).writing.do(
            partial(kept.put_budget, engine(request), name, budget, now=now(request), by=key.id)
        )
        return respond(request, kept.told(record), 201 if created else 200)

    @app.get("/v1/budgets/{name}", summary="A budget, and where each of its limits stands now")
    async def get(request: Request, name: BudgetName) -> Response:
        only_parameters(request, "format")
        find = partial(reservations.standing, engine(request), name, now(request))
        return respond(request, await desks(request).reading.do(find))

    @app.delete("/v1/budgets/{name}", status_code=204, summary="Take a budget out of use; its ledger is kept")
    async def delete(request: Request, name: BudgetName) -> Response:
        only_parameters(request)
        key = await demand(request, "budgets:write", name)
        await desks(request).writing.do(partial(kept.delete_budget, engine(request), name, now=now(request), by=key.id))
        return Response(status_code=204)

    @app.get("/v1/budgets/{name}/history", summary="Every version of a budget's limits")
    async def history(request: Request, name: BudgetName) -> Response:
        only_parameters(request, "format")
        return respond(request, {"versions": await desks(request).reading.do(kept.history, engine(request), name)})


def _add_checks(app: FastAPI) -> None:
    @app.post(
        "/v1/budgets/{name}/checks",
        summary="May this be spent? With `reserve` it is held until settled, released or expired",
        description="The body may also be a spec file as it is: Content-Type application/toml or application/yaml.",
        openapi_extra={**schema_of(CheckRequest), **RETRIED},
        responses={200: {"model": schema_of_record(Report)}},
    )
    async def check(
        request: Request, name: BudgetName, fail_status: FailStatus = None, reserve: bool = False
    ) -> Response:
        only_parameters(request, "fail_status", "reserve", "format")
        body = await request.body()
        kind = request.headers.get("content-type", "")
        asked, questions = await desks(request).texts.do(_asked, body, kind, reserve)
        by = (await demand(request, "budgets:reserve", name)).id if asked.reserve else ""
        again = asked_again(request, by, digest([request.url.path, asked.model_dump(mode="json")]))
        report: Any = None
        if asked.reserve:
            report = await desks(request).reading.do(idempotent.answered, engine(request), name, again)
        if report is None:
            if questions is None:
                questions = await desks(request).texts.do(questions_of, asked)
            answers = await _quoted(request, questions)
            desk = desks(request).writing if asked.reserve else desks(request).reading
            report = await desk.do(_judge, request, name, asked, answers, again)
        stopped = fail_status is not None and report["verdict"] in ("fail", "unknown")
        return _respond(request, report, fail_status if stopped and fail_status else 200)


def _add_closing(app: FastAPI) -> None:
    async def settle(request: Request, id: ReservationId, name: BudgetName | None = None) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        body = json_body(await request.body())
        settlement = read(Settlement, body)
        budget, again = await _closing(request, id, name, body)
        most: Decimal | None = None if settlement.confirm else request.app.state.settings.settle_most_factor
        settle_it = partial(reservations.settle, engine(request), budget, id, settlement.actual, again)
        close = partial(settle_it, most_factor=most)
        return respond(request, await desks(request).writing.do(close))

    async def release(request: Request, id: ReservationId, name: BudgetName | None = None) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        budget, again = await _closing(request, id, name, {})
        close = partial(reservations.release, engine(request), budget, id, again)
        return respond(request, await desks(request).writing.do(close))

    async def one(request: Request, id: ReservationId, name: BudgetName | None = None) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        find = partial(reservations.find_reservation, engine(request), id, now(request), name)
        return respond(request, await desks(request).reading.do(find))

    for base in ("/v1/budgets/{name}/reservations/{id}", "/v1/reservations/{id}"):
        app.get(base, summary="One reservation")(one)
        app.post(
            f"{base}/settle", summary="Record what was really spent", openapi_extra={**schema_of(Settlement), **RETRIED}
        )(settle)
        app.post(f"{base}/release", summary="Give back what was held", openapi_extra=RETRIED)(release)

    @app.get("/v1/budgets/{name}/reservations", summary="The newest reservations of a budget")
    async def listed(request: Request, name: BudgetName, listing: Annotated[Listing, Query()]) -> Response:
        once(request)
        find = partial(
            reservations.list_reservations, engine(request), name, now(request), listing.state, listing.limit
        )
        return respond(request, {"reservations": await desks(request).reading.do(find)})


def _add_ledger(app: FastAPI) -> None:
    @app.get("/v1/budgets/{name}/ledger", summary="Every entry, in the order in which it was written; csv exports it")
    async def entries(request: Request, name: BudgetName, page: Annotated[LedgerPage, Query()]) -> Response:
        once(request)
        find = partial(
            ledger.page, engine(request), name, after=page.after, limit=page.limit, reservation_id=page.reservation
        )
        rows = await desks(request).reading.do(find)
        following = rows[-1]["id"] if len(rows) == page.limit else None
        return respond(request, {"next_after": following, "rows": rows})

    @app.post(
        "/v1/budgets/{name}/ledger/corrections",
        status_code=201,
        summary="Correct what a transaction counted as spent, by a counter entry with its reason",
        openapi_extra={**schema_of(Correction), **RETRIED},
    )
    async def correct(request: Request, name: BudgetName) -> Response:
        only_parameters(request, "format")
        key = await demand(request, "budgets:write", name)
        body = json_body(await request.body())
        asked = read(Correction, body)
        again = asked_again(request, key.id, digest([request.url.path, body]))
        write = partial(correct_entry, engine(request), name, asked.transaction, asked.actual, asked.reason, again)
        return respond(request, await desks(request).writing.do(write), 201)

    @app.get("/v1/budgets/{name}/ledger/audit", summary="Sum the whole ledger again and compare it with the balances")
    async def audit(request: Request, name: BudgetName) -> Response:
        only_parameters(request, "format")
        return respond(request, await desks(request).reading.do(ledger.audit, engine(request), name))


def _asked(body: bytes, media_type: str, reserve: bool) -> tuple[CheckRequest, list[Asked] | None]:
    """A check from JSON, its questions still unread; or from a spec file posted as it is, with its questions.

    A spec has Content-Type application/toml or application/yaml.
    """
    suffix = next((suffix for suffix in ("toml", "yaml") if suffix in media_type), None)
    if suffix is None:
        asked = read(CheckRequest, json_body(body))
        return (asked.model_copy(update={"reserve": True}) if reserve else asked), None
    try:
        spec = read_spec(body.decode(), f"spec.{suffix}")
    except UnicodeDecodeError as error:
        raise Malformed("the spec is not UTF-8") from error
    fields = {asked.name: {"kind": asked.kind, **asked.fields} for asked in spec.questions}
    check = read(CheckRequest, {"questions": fields, "labels": spec.labels, "reserve": reserve})
    return check, [replace(asked, place=("questions", asked.name)) for asked in spec.questions]


async def checked(request: Request, name: str, asked: CheckRequest) -> Any:
    """The verdict of a budget on what is asked; nothing is held.

    Raises: QuoteError
    """
    questions = await desks(request).texts.do(questions_of, asked)
    answers = await _quoted(request, questions)
    find = partial(reservations.check, engine(request), name, answers, asked.labels, now(request))
    return await desks(request).reading.do(find)


async def _quoted(request: Request, questions: list[Asked]) -> list[Spent]:
    moment = now(request)
    shots = [await snapshots(request).of(asked.question.release) for asked in questions]
    estimates = [await _estimate(request, asked) for asked in questions]

    def answer() -> list[Spent]:
        return [
            quoted(asked, shot, moment, pointer=asked.pointer, estimate=estimate)
            for asked, estimate, shot in zip(questions, estimates, shots, strict=True)
        ]

    return await desks(request).quotes.do(answer)


async def _estimate(request: Request, asked: Asked) -> Estimate:
    """The question's estimate, under the rate card that it names."""
    try:
        return await with_card(request, asked.member, asked.question)
    except QuoteError as error:
        raise below(error, asked.pointer) from error


def _judge(request: Request, name: str, asked: CheckRequest, questions: list[Spent], again: Again) -> Any:
    if asked.reserve:
        return reservations.reserve(
            engine(request), name, questions, again, labels=asked.labels, expires_after_s=asked.expires_after_s
        )
    return reservations.check(engine(request), name, questions, asked.labels, again.now)


async def _closing(request: Request, reservation_id: ReservationId, name: str | None, body: Any) -> tuple[str, Again]:
    budget = name
    if budget is None:
        budget = await desks(request).reading.do(reservations.budget_of, engine(request), reservation_id)
    key = await demand(request, "budgets:reserve", budget)
    return budget, asked_again(request, key.id, digest([request.url.path, body]))


def _respond(request: Request, report: Mapping[str, Any], status: int) -> Response:
    face = _FACES.get(wanted_face(request))
    if face is None:
        return respond(request, report, status)
    return Response(face[0](report), status, VARIES, face[1])


def _label(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise Malformed(f"{text[:80]!r} is no label", pointer="/label", hint="label=team=nlp")
    return name, value
