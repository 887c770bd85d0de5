"""HEAD and OPTIONS wherever GET answers, and on 405 an `Allow` that names every method of the path."""

from fastapi import FastAPI, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ORDER = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class HeadAsGet:
    """ASGI middleware: HEAD is answered as GET would be, without its body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})  # shared with the copy: the log line reads it
        asked = {**scope, "method": "GET"}

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(asked, receive, without_body)
        finally:
            scope["route"] = asked.get("route")


def allowed(app: FastAPI, scope: Scope) -> list[str]:
    """The methods that the path of a request answers; a path that is written out goes before one with a name in it."""
    found = [route for route in app.routes if route.matches(scope)[0] is not Match.NONE]
    written_out = [route for route in found if getattr(route, "path", None) == scope["path"]]
    methods = {"OPTIONS"}.union(*(getattr(route, "methods", None) or () for route in written_out or found))
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()), key=_place)


def options(methods: list[str]) -> Response:
    """What OPTIONS answers: no body, and the methods there are."""
    return Response(status_code=204, headers={"Allow": ", ".join(methods)})


def _place(method: str) -> tuple[int, str]:
    return (_ORDER.index(method) if method in _ORDER else len(_ORDER), method)
