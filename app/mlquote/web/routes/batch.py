"""Many questions at once: /v1/estimates/inference/batch, lines or a list in, answers streamed out in order.

A batch is answered from one release and at one moment. Lines are priced as they arrive and memory does not grow with
their number; a JSON list must be read whole before its first element is known, so it has a limit of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.web.batch_lines import BatchLines, failed
from mlquote.web.bodies import only_parameters
from mlquote.web.outbox import Outbox
from mlquote.web.routes.rate_cards import named_card

PATH = "/v1/estimates/inference/batch"
MOST_LIST_BYTES = 32 * 2**20
"""A JSON list is read whole; beyond this, send lines."""
MOST_LINE_BYTES = 2**20
"""A longer line is answered 413 in its place."""
_LINE = {
    "type": "object",
    "description": "One answer in the order of the questions: its essentials (detail=full: the whole envelope), or the "
    "problem that a single question would be answered with.",
    "properties": {
        "index": {"type": "integer", "description": "The place of its question, from 0."},
        "result": {
            "type": "object",
            "properties": {
                "provider": {"type": "string"},
                "model": {"type": "string"},
                "cost_usd": {"type": ["number", "null"]},
                "cost_lines": {"type": "array", "items": {"type": "object"}},
                "context_from_tokens": {"type": "integer"},
            },
        },
        "catalog": {"type": "object"},
        "status": {"type": "integer", "description": "Where this question fails: the status it would have alone."},
        "code": {"type": "string"},
    },
    "required": ["index"],
}
_ANSWERS = {
    "application/x-ndjson": {"schema": _LINE},
    "application/json": {"schema": {"type": "array", "items": _LINE}},
}
_SLICE = 256
"""Lines priced between two looks at the other requests of this process."""


def add_routes(app: FastAPI) -> None:
    """Register the batch."""

    @app.post(
        PATH,
        summary="Many API usage questions at once: NDJSON or a JSON list in, answers in order, each failing alone",
        response_model=None,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}, "application/json": {"schema": {}}},
            },
            "parameters": [
                {
                    "name": "release",
                    "in": "query",
                    "description": "The release that answers; default: the newest.",
                    "schema": {"type": "string"},
                },
                {
                    "name": "detail",
                    "in": "query",
                    "description": "full: each answer in its whole envelope.",
                    "schema": {"type": "string", "enum": ["full"]},
                },
            ],
        },
        responses={200: {"content": _ANSWERS}},
    )
    async def batch(request: Request) -> Response:
        release, full = _parameters(request)
        catalog = await request.app.state.snapshots.of(release)
        request.scope.setdefault("state", {})["release"] = catalog.release.id
        find_card = partial(named_card, request)
        lines = BatchLines(catalog, request.app.state.clock(), inference_estimate, find_card=find_card, full=full)
        body = request.stream()
        first = await _first(body)
        if first.lstrip()[:1] == b"[":
            return BatchResponse(_list_answers(lines, await _whole(first, body)), "application/json")
        return BatchResponse(_line_answers(lines, _lines(first, body)), "application/x-ndjson")


def _parameters(request: Request) -> tuple[str | None, bool]:
    only_parameters(request, "release", "detail")
    detail = request.query_params.get("detail", "")
    if detail not in ("", "full"):
        raise Malformed(f"unknown detail {detail[:80]!r}", pointer="/detail", hint="full, or leave it out")
    return request.query_params.get("release"), detail == "full"


async def _first(body: AsyncIterator[bytes]) -> bytes:
    """The body up to its first byte that is not white space."""
    first = b""
    async for chunk in body:
        first += chunk
        if first.strip() or len(first) > MOST_LINE_BYTES:
            break
    if not first.strip():
        raise Malformed("the body holds no question", hint="one JSON question a line, or a JSON list of them")
    return first


async def _whole(first: bytes, body: AsyncIterator[bytes]) -> list[msgspec.Raw]:
    """The elements of a JSON list, each still unread."""
    parts, size = [first], len(first)
    async for chunk in body:
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_LIST_BYTES:
            hint = "send one question a line (application/x-ndjson): lines are streamed"
            raise TooLarge(f"a JSON list may have {MOST_LIST_BYTES} bytes", hint=hint)
    try:
        return msgspec.json.decode(b"".join(parts), type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is no JSON list: {error}", hint="or send one question a line") from error


async def _lines(first: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[list[bytes | None]]:
    """Whole lines as they arrive, blank ones left out; None stands for one that is too long to be read."""
    rest, skipping = b"", False
    chunk: bytes | None = first
    while chunk is not None:
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        found: list[bytes | None] = [None if len(part) > MOST_LINE_BYTES else part for part in parts if part.strip()]
        if skipping and parts:
            found, skipping = found[1:] if parts[0].strip() else found, False
        if len(rest) > MOST_LINE_BYTES:
            found, rest, skipping = (found if skipping else [*found, None]), b"x", True
        yield found
        chunk = await anext(body, None)
    if rest.strip() and not skipping:
        yield [rest]


async def _line_answers(lines: BatchLines, arriving: AsyncIterator[list[bytes | None]]) -> AsyncIterator[bytes]:
    index = 0
    try:
        async for found in arriving:
            for part in _slices(found):
                await lines.prepare([line for line in part if line is not None])
                answers = _answered(lines, part, index)
                index += len(part)
                yield ("\n".join(answers) + "\n").encode()
    except QuoteError as error:
        yield (failed(error, index) + "\n").encode()


def _answered(lines: BatchLines, part: list[Any], index: int) -> list[str]:
    if None not in part:
        return lines.answers(part, index)
    too_long = TooLarge(f"a line may have {MOST_LINE_BYTES} bytes", hint="leave message content out")
    return [
        failed(too_long, place) if line is None else lines.answers([line], place)[0]
        for place, line in enumerate(part, index)
    ]


async def _list_answers(lines: BatchLines, elements: list[msgspec.Raw]) -> AsyncIterator[bytes]:
    index, opening = 0, "["
    for part in _slices(elements):
        await lines.prepare(part)
        yield (opening + ",\n".join(lines.answers(part, index))).encode()
        index, opening = index + len(part), ",\n"
    yield b"]\n" if elements else b"[]\n"


def _slices(lines: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(lines)
    while part := list(islice(remaining, _SLICE)):
        yield part


class BatchResponse(Response):
    """A response whose body is made from the request's body while that still arrives."""

    def __init__(self, answers: AsyncIterator[bytes], media_type: str) -> None:
        self.answers = answers
        self.status_code, self.media_type, self.background = 200, media_type, None
        self.raw_headers = [(b"content-type", media_type.encode()), (b"x-content-type-options", b"nosniff")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send answers in order as they are made; what makes them never waits for what sends them."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        outbox = Outbox()
        making = asyncio.create_task(self._make(outbox))
        try:
            while block := await outbox.take():
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await making
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except ClientDisconnect:
            return
        finally:
            making.cancel()
            outbox.discard()

    async def _make(self, outbox: Outbox) -> None:
        try:
            async for block in self.answers:
                outbox.put(block)
                await outbox.room()
                await asyncio.sleep(0)
        finally:
            outbox.close()
