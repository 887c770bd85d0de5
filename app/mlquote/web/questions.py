"""How an estimate is asked over HTTP: POST with JSON or GET with query parameters, the same fields, one answer.

The hot path: one compiled pydantic validator in, a snapshot in memory, bytes out. FastAPI documents these routes from
the question model; its dependency solving is passed by, so these routes take no dependencies.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.mending import MENDED
from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.wording import as_written, question_of
from mlquote.estimators.kinds import Estimator
from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.kit.provenance import Answer, WithdrawnRef
from mlquote.web.bodies import only_parameters, parameters_once, within
from mlquote.web.corrections import Corrections, fields_in, question_in
from mlquote.web.deps import Snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.caching import LASTING
from mlquote.web.guards.direct import ways_of
from mlquote.web.negotiation import SHOWING
from mlquote.web.openapi.parameters import SHOWN, query_parameters
from mlquote.web.permalinks import linked
from mlquote.web.respond import respond
from mlquote.web.schemas import envelope

Q = TypeVar("Q", bound=Question)
Estimate = Callable[[Q, Snapshot, datetime], Answer]
Prepare = Callable[[Request, Q], Awaitable[Callable[[Q, Snapshot, datetime], Answer]]]


LONG = "/v1/plans/"
"""Where questions take a second and more."""


def add_question(
    app: FastAPI,
    path: str,
    model: type[Q],
    estimate: Estimate[Q],
    *,
    summary: str,
    results: tuple[type[Any], ...] = (),
    prepare: Prepare[Q] | None = None,
) -> None:
    """Register POST and GET `path`: `model` in, `estimate` asked, the envelope out, its result one of `results`.

    `prepare` may look up what a question names and the pure room cannot reach; it returns the estimate to ask.
    A plan is answered in a thread: a search of a second must not hold up the quotes of others.
    """

    corrections = Corrections(model, partial(computed, estimate))

    async def answer(request: Request, question: Q) -> Response:
        snapshot = await snapshot_of(request, question)
        chosen = estimate if prepare is None else await prepare(request, question)
        asked = (chosen, question, snapshot, request.app.state.clock())
        found = await desks(request).quotes.do(computed, *asked) if path.startswith(LONG) else computed(*asked)
        lasts = request.method == "GET" and chosen is estimate and _lasts(question, found)
        return respond(request, linked(request, question, found), headers=_KEPT if lasts else None)

    async def post(request: Request) -> Response:
        only_parameters(request, *SHOWING, hint="fields go into the body")
        body = within(await request.body())
        try:
            return await answer(request, question_in(model, body))
        except MENDED as error:
            raise corrections.of_body(request, fields_in(body), error) from error

    async def get(request: Request) -> Response:
        parameters = _parameters(request)
        try:
            return await answer(request, question_of(model, model.from_parameters(parameters)))
        except MENDED as error:
            raise corrections.of_parameters(request, parameters, error) from error

    page = _Page(path, summary, envelope(f"{model.__name__}Answer", results))
    asked = [*query_parameters(model), *SHOWN]
    _add_raw(app, "POST", page, post, documented=_in_body(model), extra={"parameters": SHOWN})
    _add_raw(app, "GET", page, get, documented=_in_query, extra={"parameters": asked})


def add_estimate(app: FastAPI, member: Estimator, prepare: Prepare[Any] | None = None) -> None:
    """Register the path of a kind of question."""
    asked, answering = member.question, member.estimate
    add_question(app, member.address, asked, answering, summary=member.summary, results=member.results, prepare=prepare)


def computed(estimate: Estimate[Q], question: Q, snapshot: Snapshot, now: datetime) -> Answer:
    """The answer to a question, its faults where the asker wrote them.

    Raises: QuoteError
    """
    try:
        return estimate(question, snapshot, now)
    except QuoteError as error:
        raise as_written(error, question.places) from error
    except ArithmeticError as error:
        raise OutOfDomain(
            "these figures together lead beyond what can be computed", hint="check the order of magnitude of each"
        ) from error


def _lasts(question: Question, answer: Any) -> bool:
    """Whether this answer is the same for ever: release and moment are pinned, and no warning looks at the clock."""
    told: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {n: getattr(answer, n) for n in _LOOKED_AT}
    if question.release is None or question.as_of is None or isinstance(told["catalog"], WithdrawnRef):
        return False
    return not any(warning.code in _PASSING for warning in told["warnings"])


_KEPT = {"Cache-Control": LASTING}
_LOOKED_AT = ("catalog", "warnings")


_PASSING = frozenset({"as-of-in-future", "price-ends"})
"""Warnings that are no longer said one day, whatever was asked."""


async def snapshot_of(request: Request, question: Question) -> Snapshot:
    """The release that a question names, or the newest; noted for the request's log line."""
    snapshots: Snapshots = request.app.state.snapshots
    snapshot = snapshots.current if question.release is None else await snapshots.of(question.release)
    request.scope.setdefault("state", {})["release"] = snapshot.release.id
    return snapshot


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class _Page:
    """What OpenAPI says of a path: where, in a line, and the shape of the answer."""

    path: str
    summary: str
    told: type[Any]


def _in_body(model: type[Question]) -> Callable[..., Any]:
    """A signature for OpenAPI to read: the question is the body."""

    async def documented(question: Any) -> Answer:
        raise AssertionError("answered by the raw handler")

    documented.__annotations__["question"] = model
    return documented


async def _in_query() -> Answer:  # no docstring: OpenAPI would print it
    raise AssertionError("answered by the raw handler")


def _add_raw(
    app: FastAPI,
    method: str,
    page: _Page,
    handler: Handler,
    *,
    documented: Callable[..., Any],
    extra: dict[str, Any] | None = None,
) -> None:
    class RawRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            return handler

    app.router.add_api_route(
        page.path,
        documented,
        methods=[method],
        summary=page.summary,
        response_model=None,
        responses={200: {"model": page.told, "description": "The envelope of every estimate"}},
        openapi_extra=extra,
        route_class_override=RawRoute,
        name=f"{method.lower()} {page.path}",
    )
    ways_of(app)[method, page.path] = (app.router.routes[-1], handler)


def _parameters(request: Request) -> dict[str, str]:
    parameters = parameters_once(request)
    for shown in SHOWING:
        parameters.pop(shown, None)
    return parameters
