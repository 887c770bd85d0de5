"""The shortest way to a question's handler: an exact path and method, looked up once, before the framework's own stack.

Estimates take no dependencies and raise nothing but our own errors, so that what FastAPI puts around a handler (a match
against every route, two exit stacks, an exception middleware) does nothing for them but cost half of the door's time.
They stay registered as FastAPI routes: OpenAPI, the list of methods and other ways of writing a path find them there.
"""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from mlquote.kit.errors import QuoteError
from mlquote.web.guards.problems import malformed, problem_response

Handler = Callable[[Request], Awaitable[Response]]
Ways = dict[tuple[str, str], tuple[BaseRoute, Handler]]


class Door(FastAPI):
    """The application without FastAPI's own telemetry around it, which asks at each request whether it is wanted."""

    has_spans = False
    """Whether spans are sent (web/guards/traces.py): then FastAPI's telemetry is passed, and its routing makes them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request to the guards."""
        if scope["type"] != "http" or self.has_spans:
            await super().__call__(scope, receive, send)
            return
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)


class Direct:
    """ASGI middleware, the innermost: hands a known method and path to its handler, all else to the application."""

    def __init__(self, app: ASGIApp, ways: Ways) -> None:
        """Wrap `app`; `ways` is (method, path) -> the route that documents it and what answers it."""
        self.app = app
        self.ways = ways

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        found = self.ways.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["route"], handler = found
        try:
            response = await handler(Request(scope, receive, send))
        except QuoteError as error:
            response = problem_response(error)
        except ValidationError as error:
            response = problem_response(malformed(error))
        await response(scope, receive, send)


def ways_of(app: FastAPI) -> Ways:
    """The table that `Direct` reads, to which routes are added as they are registered."""
    if not hasattr(app.state, "ways"):
        app.state.ways = {}
    found: Ways = app.state.ways
    return found
