"""J(theta) over HTTP: losses, penalties, closed forms, weights, thresholds, descent, surfaces, and the scaling laws."""

from collections.abc import Callable, Mapping
from datetime import datetime
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from fastapi import FastAPI, HTTPException, Request, Response

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.estimators.scaling.scaling import scaling_estimate
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.fields import ASKED, answer_schema
from mlquote.losses.glossary import losses, one_loss, one_regularizer, regularizers, terms
from mlquote.losses.loss_schemas import PREFIX as SCHEMA_A_LOSS
from mlquote.losses.loss_schemas import choices, components
from mlquote.losses.objective import evaluate
from mlquote.losses.question import streams
from mlquote.losses.regularizers import regularizer
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.comparison import compare
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.slices import loss_slice
from mlquote.losses.uses.surface import surface
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights
from mlquote.losses.wordbook import reductions, words
from mlquote.web.arrays import Body, Parts, filled, from_multipart, written
from mlquote.web.batch_lines import failed
from mlquote.web.bodies import only_parameters
from mlquote.web.negotiation import SHOWING, wanted_face
from mlquote.web.parsing import counted, decoded
from mlquote.web.questions import add_question
from mlquote.web.respond import VARIES, respond_values
from mlquote.web.workbench import Limits, Workbench

Operation = Callable[[Mapping[str, Any], Machine], dict[str, Any]]

QUICK_NUMBERS = 20_000
"""Up to this many numbers a loss is computed in a few ms, less than handing it to a worker could cost others."""
EVALUATE = "/v1/losses/evaluate"
MOST_QUESTIONS = 1000
"""Questions one batch may hold; beyond this, send several."""
PREFIXES = ("/v1/losses", "/v1/regularizers")


def _alone(answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Operation:
    """An operation that needs no threads."""
    return lambda body, machine: answer(body)


OPERATIONS: tuple[tuple[str, Operation, bool, str], ...] = (
    ("/v1/losses/evaluate", evaluate, True, "One loss: cost, per-example values, gradient, penalty, diagnostics"),
    ("/v1/losses/compare", compare, True, "One input under every framework's defaults, each gap explained"),
    ("/v1/losses/slice", loss_slice, False, "One example's loss as a prediction moves: value, slope, curvature, kinks"),
    ("/v1/regularizers/evaluate", _alone(regularizer), True, "Penalties and their gradients"),
    ("/v1/losses/closed-form", closed_form, False, "Least squares, ridge, lasso and elastic net coefficients"),
    ("/v1/losses/class-weights", _alone(class_weights), True, "Weights of imbalanced classes"),
    ("/v1/losses/decision-threshold", _alone(threshold), True, "Decisions from probabilities and costs"),
    ("/v1/losses/descent", descent, False, "Every step of gradient descent and its relatives"),
    ("/v1/losses/surface", surface, False, "The objective along one or two directions"),
)
"""Path, what answers it, whether few numbers mean little work, and a summary."""


def add_routes(app: FastAPI) -> None:
    """Every path of the losses, and of the scaling laws."""
    _describe(app)
    _add_reading(app)
    _add_batch(app)
    for path, operation, quick, summary in OPERATIONS:
        _add_operation(app, path, operation, quick=quick, summary=summary)
    add_question(
        app,
        "/v1/scaling-laws/evaluate",
        ScalingQuestion,
        _scaling,
        summary="Loss against parameters, tokens, compute and dollars under one law, the other laws beside it",
    )


def _describe(app: FastAPI) -> None:
    """Put the schema of each loss among the components of OpenAPI, where the questions refer to it."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        found = plain()
        found.setdefault("components", {}).setdefault("schemas", {}).update(components())
        return found

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way of extending it


def _scaling(question: ScalingQuestion, catalog: Snapshot, now: datetime) -> Any:
    """The envelope, with the result's figures at its top too: every loss operation answers with its figures there."""
    answer = scaling_estimate(question, catalog, now)
    envelope = {name: getattr(answer, name) for name in ("question", "result", "assumptions", "catalog", "rows")}
    return {**answer.result, **envelope, "warnings": answer.warnings}


def _add_reading(app: FastAPI) -> None:
    @app.get("/v1/losses", summary="Every loss: formula, parameters, properties, framework spellings, pitfalls")
    async def every_loss(request: Request) -> Response:
        only_parameters(request, "format")
        return _answer(request, losses())

    @app.get("/v1/losses/terms", summary="Loss, cost, risk, objective, criterion, reward: what each word means here")
    async def every_term(request: Request) -> Response:
        only_parameters(request, "format")
        return _answer(request, terms())

    @app.get("/v1/losses/words", summary="Every word of a question by its field, with its other names")
    async def every_word(request: Request) -> Response:
        only_parameters(request, "format")
        return _answer(request, words())

    @app.get("/v1/losses/reductions", summary="What each reduction divides by, and its other names")
    async def every_reduction(request: Request) -> Response:
        only_parameters(request, "format")
        return _answer(request, reductions())

    @app.get("/v1/losses/{name}", summary="One loss")
    async def a_loss(request: Request, name: str) -> Response:
        if f"/v1/losses/{name}" in {path for path, *_ in OPERATIONS}:
            raise HTTPException(405, headers={"Allow": "POST"})
        only_parameters(request, "format")
        return _answer(request, one_loss(name))

    @app.get("/v1/regularizers", summary="Every penalty")
    async def every_penalty(request: Request) -> Response:
        only_parameters(request, "format")
        return _answer(request, regularizers())

    @app.get("/v1/regularizers/{name}", summary="One penalty: formula, fields, framework spellings")
    async def a_penalty(request: Request, name: str) -> Response:
        if name == "evaluate":
            raise HTTPException(405, headers={"Allow": "POST"})
        only_parameters(request, "format")
        return _answer(request, one_regularizer(name))


def _add_operation(app: FastAPI, path: str, operation: Operation, *, quick: bool, summary: str) -> None:
    @app.post(path, summary=summary, openapi_extra=_documented(path))
    async def answer(request: Request) -> Response:
        only_parameters(request, *SHOWING, "arrays", hint="fields go into the body")
        bench: Workbench = request.app.state.workbench
        kind, _, rest = request.headers.get("content-type", "").partition(";")
        multipart = kind.strip().casefold() == "multipart/form-data"
        raw = await _received(request, bench.limits, multipart=multipart)
        if multipart:
            boundary = _boundary(rest)
            return await bench.do(
                lambda machine: _face(request, _multipart(raw, boundary, bench.limits), operation, machine), request
            )
        body = await _json(raw, bench)
        if quick and not body.binary and body.numbers <= QUICK_NUMBERS:
            return _answer(request, operation(_object(body), ALONE))
        return await bench.do(lambda machine: _face(request, body, operation, machine), request)


def _add_batch(app: FastAPI) -> None:
    summary = "Many losses at once: a list or NDJSON in, answers in order, each failing alone"

    @app.post(f"{EVALUATE}/batch", summary=summary, openapi_extra=_documented_batch())
    async def batch(request: Request) -> Response:
        only_parameters(request, hint="fields go into the body")
        bench: Workbench = request.app.state.workbench
        raw, kind = bytes(await _received(request, bench.limits)), request.headers.get("content-type", "")
        if len(raw) > bench.limits.json_bytes:
            raise TooLarge(f"a JSON body of {len(raw)} bytes", hint=f"at most {bench.limits.json_bytes}")
        lines = "ndjson" in kind.casefold() or raw.lstrip()[:1] == b"{"
        asked = [each for each in raw.splitlines() if each.strip()] if lines else _listed(raw)
        if len(asked) > MOST_QUESTIONS:
            raise TooLarge(f"{len(asked)} questions", pointer="/", hint=f"at most {MOST_QUESTIONS}")
        return await bench.do(lambda machine: _answers(asked, bench.limits, machine, lines=lines), request)


def _listed(raw: bytes) -> list[Any]:
    try:
        value = decoded(raw)
    except ValueError as error:
        raise Malformed(str(error), hint="a list of questions, or one a line") from None
    if isinstance(value, list):
        return value
    raise Malformed(f"the body is a JSON {type(value).__name__}", hint="a list of questions, or one a line")


def _answers(asked: list[Any], limits: Limits, machine: Machine, *, lines: bool) -> Response:
    """Each question's answer with its place, or the problem it would be answered with alone."""
    found: list[bytes] = []
    for index, each in enumerate(asked):
        try:
            body = _checked(decoded(each) if lines else each, Parts(), limits)
            found.append(written({"index": index, **evaluate(_object(body), machine)}, packed=False))
        except QuoteError as error:
            found.append(failed(error, index).encode())
        except ValueError as error:
            found.append(failed(Malformed(str(error), hint="one JSON object"), index).encode())
    if lines:
        return Response(b"".join(line + b"\n" for line in found), media_type="application/x-ndjson")
    return Response(b"[" + b",".join(found) + b"]", media_type="application/json")


def _documented_batch() -> dict[str, Any]:
    question, answer = choices(EVALUATE), answer_schema(EVALUATE)
    lines = {"schema": {"type": "string", "description": "one question a line"}}
    many = {"schema": {"type": "array", "items": question, "maxItems": MOST_QUESTIONS}}
    said = "the answers in order, each with its index, or with status and code where it failed"
    answers = {"application/json": {"schema": {"type": "array", "items": answer}}}
    return {
        "requestBody": {"required": True, "content": {"application/json": many, "application/x-ndjson": lines}},
        "responses": {"200": {"description": said, "content": answers}},
    }


def _documented(path: str) -> dict[str, Any]:
    """Question and answer in OpenAPI: JSON, or multipart with arrays as files."""
    multipart = {"type": "object", "properties": {"request": {"type": "string"}}, "additionalProperties": True}
    question = choices(path) if path in SCHEMA_A_LOSS else ASKED[path].question()
    asked = {"application/json": {"schema": question}, "multipart/form-data": {"schema": multipart}}
    answered = {"application/json": {"schema": answer_schema(path)}}
    return {
        "requestBody": {"required": True, "content": asked},
        "responses": {"200": {"description": "the answer", "content": answered}},
    }


async def _received(request: Request, limits: Limits, *, multipart: bool = False) -> memoryview:
    """The whole body, put together as it comes: joining its pieces at the end would hold everything up.

    Addresses are set aside for what is announced, memory only for what has come: pages nobody wrote to take none.
    """
    announced = request.headers.get("content-length", "")
    if not announced.isdigit() or int(announced) > limits.binary_bytes:
        return await _spooled(request, multipart=multipart, limits=limits)
    body, end = np.empty(int(announced), dtype=np.uint8).data, 0  # bytearray would write zeros first
    async for piece in request.stream():
        body[end : end + len(piece)] = piece
        end += len(piece)
    return body[:end]


async def _spooled(request: Request, limits: Limits, *, multipart: bool) -> memoryview:
    """A body of unknown length, or a long one of arrays, as a view of a file that goes when nobody looks at it.

    Raises: TooLarge for a long one of JSON, which would have to be parsed in memory
    """
    most = limits.spooled_bytes if multipart else limits.binary_bytes
    length = 0
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise TooLarge(f"a body of {announced} bytes", hint=f"at most {most} bytes here")
    with TemporaryFile() as file:
        async for piece in request.stream():
            length += len(piece)
            if length > most:
                raise TooLarge(f"the body is larger than {most} bytes", hint=f"at most {most} bytes here")
            file.write(piece)
        file.flush()
        return memoryview(mmap(file.fileno(), length, access=ACCESS_READ) if length else b"")


async def _json(raw: memoryview, bench: Workbench) -> Body:
    """A JSON question, its base64 arrays put in.

    Raises: Malformed, TooLarge
    """
    if len(raw) > bench.limits.json_bytes and b"$b64" not in bytes(raw):
        hint = f"at most {bench.limits.json_bytes}; or send .npy parts"
        raise TooLarge(f"a JSON body of {len(raw)} bytes", hint=hint)
    value = await bench.parse(raw)
    try:
        return _checked(value, Parts(), bench.limits)
    except ValueError as error:
        raise Malformed(str(error), hint="one JSON object with arrays of at most six axes") from None


def _multipart(raw: memoryview, boundary: bytes, limits: Limits) -> Body:
    """A question with its arrays as parts.

    Raises: Malformed, TooLarge
    """
    question, parts = from_multipart(raw, boundary)
    if len(question) > limits.json_bytes:
        raise TooLarge(f"a JSON part of {len(question)} bytes", pointer="/request", hint=f"at most {limits.json_bytes}")
    try:
        return _checked(decoded(question), parts, limits)
    except ValueError as error:
        raise Malformed(f"the part request is not JSON: {error}", pointer="/request") from None


def _checked(value: Any, parts: Parts, limits: Limits) -> Body:
    """The question with its arrays in it, and not too many numbers."""
    listed = counted(value)
    if listed > limits.json_numbers:
        hint = f"at most {limits.json_numbers}; or send .npy parts"
        raise TooLarge(f"{listed} numbers in JSON", pointer="/", hint=hint)
    body = Body(None, numbers=listed)
    body.question = filled(value, parts, body)
    if body.numbers > limits.binary_numbers and not _streams(body, parts):
        hint = f"at most {limits.binary_numbers}; more as float parts of a loss by rows, without its gradient"
        raise TooLarge(f"{body.numbers} numbers", pointer="/", hint=hint)
    return body


def _streams(body: Body, parts: Parts) -> bool:
    """Whether nothing as long as the arrays is made of a question: they are computed as they lie, a block at a time."""
    arrays = [*parts.arrays.values(), *(each for held in parts.tensors.values() for each in held.values())]
    lie = all(each.flags.c_contiguous and (each.dtype.kind == "f" or each.ndim < 2) for each in arrays)
    return lie and isinstance(body.question, Mapping) and streams(body.question)


def _boundary(rest: str) -> bytes:
    for piece in rest.split(";"):
        name, _, value = piece.strip().partition("=")
        if name.casefold() == "boundary" and value:
            return value.strip('"').encode("latin-1")
    raise Malformed("the multipart body names no boundary", hint="content-type: multipart/form-data; boundary=...")


def _object(body: Body) -> Mapping[str, Any]:
    if isinstance(body.question, Mapping):
        return body.question
    raise Malformed(f"the body is a JSON {type(body.question).__name__}", hint="one JSON object")


def _face(request: Request, body: Body, operation: Operation, machine: Machine) -> Response:
    """The answer, long arrays of a binary request as base64 unless `?arrays=json`."""
    asked = request.query_params.get("arrays", "b64" if body.binary else "json")
    if asked not in {"json", "b64"}:
        raise Malformed(f"arrays are not written as {asked[:40]!r}", pointer="/arrays", hint="json or b64")
    answer = operation(_object(body), machine)
    if body.input_dtypes and "numerics" in answer:
        answer["numerics"]["input_dtype"] = sorted(body.input_dtypes)
    return _answer(request, answer, packed=asked == "b64")


def _answer(request: Request, answer: dict[str, Any], *, packed: bool = False) -> Response:
    if wanted_face(request) == "json":
        return Response(written(answer, packed=packed), headers=VARIES, media_type="application/json")
    return respond_values(request, _plain(answer))


def _plain(value: Any) -> Any:
    """Arrays as lists, for the faces that are tables."""
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.tolist() if hasattr(value, "tolist") else value
