"""Short paths for people with curl: /gpt-4o, /llama-3.1-70b/8xh100, /train/8b/1T/64xh100, /:help.

A path is a question of the long address that its answer ends in. Where a name alone can mean several models, the one
that the long address would offer as `try` is answered, and the first line says so. They stand behind every other route.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from mlquote.estimators.asking.machine_words import is_size, part_and_count
from mlquote.estimators.asking.mending import MENDED
from mlquote.estimators.asking.wording import question_of
from mlquote.estimators.kinds import INFERENCE, SERVING, TRAINING, Estimator
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer
from mlquote.render.one_line import FIELDS, formatted
from mlquote.render.short import short
from mlquote.web.bodies import parameters_once
from mlquote.web.corrections import AS_THEY_ARE, Corrections
from mlquote.web.deps import now, snapshots
from mlquote.web.negotiation import wanted_face
from mlquote.web.respond import KEPT, VARIES, respond
from mlquote.web.short_paths import SHORT

PATH = "/{asked:short}"
HELP = """\
mlquote: what does this model cost?   (release {release})

  {base}gpt-4o                     a model's price per million tokens, by its maker
  {base}openai/gpt-4o              the same at one seller
  {base}llama-3.1-70b/8xh100       hosting it yourself on eight H100
  {base}train/8b/1T/64xh100        training 8 billion parameters on a trillion tokens

  ?format=json                     the whole answer; also text, markdown, csv
  ?q={{model}}: {{usd_per_mtok.input}}  one line of your own: {fields}
                                   and any figure of the result, .low and .high of a range
  ?region=eu&as_of=2026-01-01      every field of the long address, which stands in the last line

All paths and fields: {base}docs    The long way: {base}
"""
_TEXT = "text/plain; charset=utf-8"
_MOST_LETTERS = 300
_SHOWING = ("format", "detail", "q")


class ShortConvertor(Convertor[str]):
    """Paths that no other route begins like, and no file that browsers and scanners ask for."""

    regex = SHORT

    def convert(self, value: str) -> str:
        """The path as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The path as it is."""
        return value


register_url_convertor("short", ShortConvertor())


@dataclass(frozen=True, slots=True)
class ShortQuestion:
    """What a short path asks: a kind of question and its parameters."""

    member: Estimator
    parameters: dict[str, str]


def add_routes(app: FastAPI) -> None:
    """Register the short paths; they must come last."""

    async def answer(request: Request, asked: str) -> Response:
        if asked in (":help", "help"):
            release = snapshots(request).current.release.id
            page = HELP.format(base=request.base_url, release=release, fields=" ".join(f"{{{f}}}" for f in FIELDS))
            return Response(page, media_type=_TEXT)
        return _answered(request, _read(asked, request))

    app.add_api_route(PATH, answer, methods=["GET"], include_in_schema=False, name="short path")


def _read(path: str, request: Request) -> ShortQuestion:
    """The question that a path spells.

    Raises: Malformed for a path too long or of slashes alone, or a training without its tokens
    """
    if len(path) > _MOST_LETTERS:
        raise Malformed("no model has so long a name", pointer="", hint=f"{request.base_url}:help")
    parameters_once(request)
    said = {name: value for name, value in request.query_params.items() if name not in _SHOWING}
    parts = [part for part in path.split("/") if part]
    if not parts:
        raise Malformed("the path names nothing", pointer="", hint=f"{request.base_url}:help")
    *head, last = parts
    if parts[0] == "train":
        return ShortQuestion(TRAINING, _training(parts[1:]) | said)
    if head and part_and_count(last) is not None:
        return ShortQuestion(SERVING, {"model": "/".join(head), "accelerator": last} | said)
    return ShortQuestion(INFERENCE, {"model": path.strip("/"), "per": "mtok"} | said)


def _training(parts: list[str]) -> dict[str, str]:
    machines = parts.pop() if parts and part_and_count(parts[-1]) is not None else "h100-sxm"
    if len(parts) < 2:
        raise Malformed("say what is trained on how many tokens", pointer="", hint="/train/8b/1T/64xh100")
    *model, tokens = parts
    name = "/".join(model)
    return {"params" if is_size(name) else "model": name, "tokens": tokens, "accelerator": machines}


def _answered(request: Request, asked: ShortQuestion) -> Response:
    """The answer as JSON where that is asked for, as one line by `q`, else as a few lines."""
    face = "json" if _wants_json(request) else wanted_face(request) if "format" in request.query_params else "text"
    if face != "text":
        answer, _ = _asked(request, asked, is_mended=False)
        return respond(request, answer)
    answer, parameters = _asked(request, asked, is_mended=True)
    told: Mapping[str, Any] = msgspec.to_builtins(answer, builtin_types=KEPT)
    query = urlencode(parameters, safe=AS_THEY_ARE)
    address = f"{request.base_url}v1/estimates/{asked.member.kind}?{query}"
    if "q" in request.query_params:
        line = formatted(request.query_params["q"], told, address)
        return Response(f"{line}\n", headers=VARIES, media_type=_TEXT)
    changed = {name: value for name, value in parameters.items() if asked.parameters.get(name) != value}
    page = short(told, address, changed if parameters != asked.parameters else {})
    return Response(page, headers=VARIES, media_type=_TEXT)


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "").casefold()
    return "format" not in request.query_params and "application/json" in accepted


def _asked(request: Request, asked: ShortQuestion, *, is_mended: bool) -> tuple[Answer, Mapping[str, str]]:
    """The answer, and the parameters that were answered: mended where a name alone may mean several models."""
    corrections = Corrections(asked.member.question, asked.member.estimate)
    ask = partial(_estimate, request, asked.member)
    try:
        return ask(asked.parameters), asked.parameters
    except MENDED as error:
        found = corrections.mended(request, asked.parameters, error)
        if found.parameters is None or not is_mended:
            raise corrections.told(request, found, error, f"/v1/estimates/{asked.member.kind}") from error
        return ask(found.parameters), found.parameters


def _estimate(request: Request, member: Estimator, parameters: Mapping[str, str]) -> Answer:
    question = question_of(member.question, member.question.from_parameters(parameters))
    return member.estimate(question, snapshots(request).current, now(request))
