"""A question asked within the service at its own address, so that a picture shows exactly what the API answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response
from starlette.types import Message, Scope

from mlquote.web.respond import encoded


@dataclass(frozen=True, slots=True)
class Heard:
    """What a path answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def answer(self) -> Any:
        """The JSON of it.

        Raises: Refused where it is a problem
        """
        if self.status != 200:
            raise Refused(self)
        return msgspec.json.decode(self.body)


class Refused(Exception):
    """The question has no answer: its problem is the picture's."""

    def __init__(self, heard: Heard) -> None:
        """What its address answered."""
        super().__init__(heard.status)
        self.heard = heard

    def response(self) -> Response:
        """The same problem, for whoever asked for the picture."""
        headers = {name: value for name, value in self.heard.headers.items() if name in _PASSED_ON}
        return Response(self.heard.body, self.heard.status, headers)


_PASSED_ON = ("content-type", "www-authenticate", "retry-after")


async def asked_get(request: Request, path: str, parameters: Mapping[str, str]) -> Heard:
    """GET `path` with query parameters, as this caller."""
    query = urlencode(parameters, safe=":,/@").encode("latin-1")
    return await _asked(request, {"method": "GET", "path": path, "query_string": query}, b"")


async def asked_post(request: Request, path: str, question: Mapping[str, Any]) -> Heard:
    """POST `question` to `path`, as this caller."""
    return await _asked(request, {"method": "POST", "path": path, "query_string": b""}, encoded(question))


_LEFT = frozenset({b"accept", b"content-type", b"content-length", b"if-none-match", b"transfer-encoding"})
"""Headers that are about the picture, not about the question."""


async def _asked(request: Request, place: Mapping[str, Any], body: bytes) -> Heard:
    own = [(name, value) for name, value in request.scope["headers"] if name not in _LEFT]
    if body:
        own += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    raw = place["path"].encode()
    scope: Scope = {**request.scope, **place, "raw_path": raw, "headers": own, "path_params": {}}
    told: list[Message] = []
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        message = await request.receive()
        while message["type"] != "http.disconnect":  # the picture's own body, which is none
            message = await request.receive()
        return message

    async def send(message: Message) -> None:
        told.append(message)

    await request.app.router(scope, receive, send)
    head = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in told[0]["headers"]}
    return Heard(told[0]["status"], head, b"".join(message.get("body", b"") for message in told[1:]))


def nested(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Query parameters as the body of a question: each value JSON where it is, else a list of numbers or a word.

    A dot names a field within one: `params.delta=1`.
    """
    found: dict[str, Any] = {}
    for name, text in parameters.items():
        *outer, last = name.split(".")
        place = found
        for each in outer:
            inner = place.setdefault(each, {})
            place = inner if isinstance(inner, dict) else place
        place[last] = value_of(text)
    return found


def value_of(text: str) -> Any:
    """A query parameter's value: JSON, numbers with commas between, or a word."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        pieces = text.split(",")
    if len(pieces) < 2:
        return text
    try:
        return [float(piece) for piece in pieces]
    except ValueError:
        return [piece.strip() for piece in pieces]
