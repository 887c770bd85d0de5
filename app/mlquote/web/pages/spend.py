"""Spend: budgets with their burn, one budget's holds and ledger, a check, and a usage log priced.

What an organisation spends is read as its API is: with a key, where keys exist. A browser's page sends the key that was
typed into it, in a header, and never keeps it beyond its tab.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import msgspec
from fastapi import Request, Response
from starlette.datastructures import UploadFile

from mlquote.kit.errors import Malformed, QuoteError, Unauthenticated
from mlquote.render.pages.spending import amounts, bill_view, budget_view, check_view
from mlquote.spend.asking import CheckRequest
from mlquote.store import budgets as kept
from mlquote.store import ledger, reservations
from mlquote.store.api_keys import any_key
from mlquote.web.bodies import only_parameters, read
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import caller
from mlquote.web.guards.callers import presented
from mlquote.web.pages.compare import quote_asked
from mlquote.web.pages.frame import page
from mlquote.web.pages.kinds import KINDS
from mlquote.web.respond import KEPT
from mlquote.web.routes.budgets import checked
from mlquote.web.routes.usage import spooled
from mlquote.web.routes.usage_jobs import found_job
from mlquote.web.usage_pricing import Pricing, priced_log

LOG: Final = "/spend/log"
_MOST_BUDGETS = 24
_MOST_ENTRIES = 100
_JOB_FROM_BYTES: Final = 32 * 1024 * 1024
"""From here on a page sends a log as a job, and shows its progress, even where the service would answer at once."""
_PIECE_BYTES: Final = 256 * 1024


async def spend(request: Request) -> Response:
    """Every budget, and where a log is dropped."""
    shut = await _shut(request)
    views: list[dict[str, Any]] = []
    names: list[str] = []
    if not shut:
        names = [record.name for record in await desks(request).reading.do(kept.list_budgets, engine(request), {})]
        for name in names[:_MOST_BUDGETS]:
            views.append(budget_view(await _standing(request, name)))
    rest = names[_MOST_BUDGETS:]
    job_bytes = min(request.app.state.settings.usage_job_bytes, _JOB_FROM_BYTES)
    told = {"shut": shut, "budgets": views, "rest": rest, "job_bytes": job_bytes}
    return page(request, "spend.html", room="spend", title="Spend", **told)


async def one_budget(request: Request, name: str) -> Response:
    """A budget's limits, its reservations and its ledger, from `after` on."""
    shut = await _shut(request)
    told: dict[str, Any] = {"budget": None, "held": [], "entries": [], "following": None, "missing": ""}
    told["after"] = request.query_params.get("after", "0")
    if not shut:
        try:
            told |= await _told(request, name)
        except QuoteError as error:
            told["missing"] = error.detail
    return page(request, "budget.html", room="spend", title=f"Budget {name}", name=name, shut=shut, **told)


async def _told(request: Request, name: str) -> dict[str, Any]:
    after = request.query_params.get("after", "0")
    start = int(after) if after.isdigit() and len(after) < 19 else 0
    reading = desks(request).reading
    standing = await _standing(request, name)
    held = await reading.do(reservations.list_reservations, engine(request), name, now(request), None, _MOST_ENTRIES)
    rows = await reading.do(_entries, engine(request), name, start)
    return {
        "budget": budget_view(standing),
        "held": [{**each, "told": amounts(each["asked"])} for each in held],
        "entries": rows,
        "following": rows[-1]["id"] if len(rows) == _MOST_ENTRIES else None,
    }


def _entries(database: Any, name: str, after: int) -> list[dict[str, Any]]:
    return ledger.page(database, name, after=after, limit=_MOST_ENTRIES)


async def _standing(request: Request, name: str) -> dict[str, Any]:
    found = await desks(request).reading.do(reservations.standing, engine(request), name, now(request))
    plain: dict[str, Any] = msgspec.to_builtins(found, builtin_types=KEPT)
    return plain


async def _shut(request: Request) -> str:
    """Why budgets are not told to whoever asks; "" where they are."""
    settings = request.app.state.settings
    if settings.open_reading and not settings.require_key:
        return ""
    if presented(request.scope) is None:
        has_keys = settings.require_key or await desks(request).reading.do(any_key, engine(request))
        return "Budgets are told to whoever holds a key with the scope read." if has_keys else ""
    try:
        (await caller(request)).demand("read")
    except QuoteError as error:
        return f"{error.detail}."
    return ""


async def budget_check(request: Request) -> Response:
    """May this be spent? The verdict alone; nothing is held."""
    given = {name: request.query_params.get(name, "").strip() for name in ("budget", "question", "hours")}
    fault, report = "", None
    if given["budget"] and given["question"]:
        try:
            report = await _checked(request, given)
        except QuoteError as error:
            hint = error.faults[0].hint
            fault = error.detail + (f" ({hint})" if hint else "")
    view = None if report is None else check_view(report)
    return page(
        request,
        "check.html",
        room="calculator",
        title="Check a budget",
        given=given,
        kinds=KINDS,
        view=view,
        fault=fault,
    )


async def _checked(request: Request, given: dict[str, str]) -> Any:
    if request.app.state.settings.require_key and presented(request.scope) is None:
        raise Unauthenticated("this service answers with a key", hint="POST /v1/budgets/{name}/checks")
    quote = quote_asked(given["question"])
    fields = quote.kind.member.question.from_parameters(quote.parameters)
    hours = {"hours": given["hours"]} if given["hours"] else {}
    asked = read(CheckRequest, {"question": {"kind": quote.kind.member.kind, **fields, **hours}})
    return await checked(request, given["budget"], asked)


async def spend_log(request: Request) -> Response:
    """A usage log that came as a form's file: its cost by day, by model and by a label."""
    try:
        async with request.form(max_files=1, max_fields=8) as form:
            file = form.get("log")
            if not isinstance(file, UploadFile) or not file.filename:
                raise Malformed("no file came", pointer="/log", hint="a log of usage: NDJSON, CSV, an export")
            said = {name: str(form.get(name) or "").strip() for name in ("label", "provider")}
            log = DroppedLog(file.file, file.filename, file.content_type or "", **said)
            return await dropped(request, log)
    except QuoteError as error:
        return _no_bill(request, error.detail)


@dataclass(frozen=True, slots=True)
class DroppedLog:
    """A usage log that came from a page: its bytes, and how its cost is told."""

    file: IO[bytes]
    name: str
    media_type: str
    label: str = ""
    provider: str = ""


async def dropped(request: Request, log: DroppedLog) -> Response:
    """The bill of a log that is priced while its sender waits.

    Raises: QuoteError
    """
    pricing = read(Pricing, {"by": _by(log.label), "provider": log.provider or None})
    catalog = await snapshots(request).of(None)
    asked = (engine(request), catalog, _pieces(log.file), pricing, log.media_type, now(request))
    _, answer = await desks(request).logs.do(priced_log, *asked)
    return _bill(request, answer, log.label, log.name)


async def view_of_log(request: Request) -> Response:
    """The bill of a log that is this request's body; a fault where it cannot be priced."""
    only_parameters(request, "label", "provider", "name")
    told = {name: request.query_params.get(name, "").strip() for name in ("label", "provider")}
    try:
        async with spooled(request) as log:
            name, media_type = request.query_params.get("name", "Usage log")[:200], request.headers.get("content-type")
            return await dropped(request, DroppedLog(log.file, name, media_type or "", **told))
    except QuoteError as error:
        return _no_bill(request, error.detail)


def _no_bill(request: Request, fault: str) -> Response:
    return page(request, "bill.html", room="spend", title="Usage log", view=None, fault=fault, source="")


async def job_log(request: Request, job_id: str) -> Response:
    """The cost of a long log that a job has priced."""
    try:
        job = await found_job(request, job_id)
    except QuoteError as error:
        return _no_bill(request, error.detail)
    if job.answer is None:
        return _no_bill(request, f"the log is not priced: it is {job.told.state}")
    label = next((name for name in (job.answer["totals"] or [{}])[0] if name.startswith("label.")), "")
    return _bill(request, job.answer, label.removeprefix("label."), f"job {job_id}")


def _bill(request: Request, answer: Any, label: str, source: str) -> Response:
    plain = msgspec.to_builtins(answer, builtin_types=KEPT)
    view = bill_view(plain, f"label.{label}" if label else "")
    return page(request, "bill.html", room="spend", title="Usage log", view=view, fault="", source=source)


def _by(label: str) -> str:
    return f"day,model,label.{label}" if label else "day,model"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece
