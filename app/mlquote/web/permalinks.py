"""The address of an answer: its question as a query, release and moment pinned, so that it is the same for ever."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from mlquote.catalog.remembered import Memory
from mlquote.estimators.asking.question import Question
from mlquote.kit.provenance import Answer, CatalogRef
from mlquote.kit.records import quick_record
from mlquote.web.negotiation import SHOWING

_PINNED = ("as_of", "release")
_LEFT_OUT = frozenset((*SHOWING, *_PINNED))
_SAFE = ":,/@"
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9_.~:,/@=&-]*").fullmatch
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9_.~:,/@+-]*").fullmatch
"""Names and values of a query, one after another."""
_PLAIN_PLACE = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9_./-]*").fullmatch
"""A host with its port, and a path."""
MOST_LETTERS = 8000
"""A longer address is none that every proxy passes on."""


@quick_record
class Linked(Answer):
    """An envelope with where it can be found again."""

    links: Mapping[str, str | None]
    """`self`: this answer's own address, release and moment pinned; null for a question that a query cannot spell."""


def linked(request: Request, question: Question, answer: Any) -> Any:
    """The answer with its own address; a law of loss, which answers with its figures at the top, likewise."""
    if isinstance(answer, Answer):
        links = {"self": permalink(request, question, answer.catalog)}
        return Linked(
            answer.question, answer.result, answer.assumptions, answer.catalog, answer.rows, answer.warnings, links
        )
    return {**answer, "links": {"self": permalink(request, question, answer["catalog"])}}


def permalink(request: Request, question: Question, catalog: CatalogRef) -> str | None:
    """The address that gives this answer again; None where the question holds what a query cannot spell."""
    moment = _moments(request) or catalog.as_of.isoformat().replace("+00:00", "Z")
    pinned = [("as_of", moment), ("release", catalog.release)]
    plainly = _plain_address(request) if request.method == "GET" else None
    if plainly is not None:
        return plainly + _query_of(pinned)
    if request.method == "GET":
        asked: Mapping[str, Any] | None = request.query_params
    else:
        asked = spelt(question)
    if asked is None:
        return None
    query = _query_of([*((name, value) for name, value in asked.items() if name not in _LEFT_OUT), *pinned])
    place = _plain_place(request)
    found = str(request.url.replace(query=query, fragment="")) if place is None else f"{place}?{query}"
    return found if len(found) <= MOST_LETTERS else None


def _query_of(pairs: Sequence[tuple[str, str]]) -> str:
    """A query, escaped as `urlencode` escapes it: one that needs none, but of the + of a moment, is put together."""
    if _PLAIN_WORDS("".join([each for pair in pairs for each in pair])):
        return "&".join([f"{name}={value}" for name, value in pairs]).replace("+", "%2B")
    return urlencode(pairs, safe=_SAFE)


def _moments(request: Request) -> str:
    """The moments that a query compares, which are pinned as they are; nothing where it names one or none."""
    if request.method != "GET" or b"as_of=" not in request.scope["query_string"]:
        return ""
    given = request.query_params.get("as_of", "")
    return given if "," in given else ""


def _plain_address(request: Request) -> str | None:
    """The address up to what is pinned, where nothing in it needs an escape, which spares most of the work; else None.

    It is what the general way gives, which a test compares.
    """
    query, place = request.scope["query_string"].decode("latin-1"), _plain_place(request)
    if place is None or len(query) > MOST_LETTERS // 2 or not _PLAIN_QUERY(query):
        return None
    kept = [part for part in query.split("&") if part.partition("=")[0] not in _LEFT_OUT]
    if any(part.count("=") != 1 for part in kept) or len({part.partition("=")[0] for part in kept}) != len(kept):
        return None
    return f"{place}?{''.join([f'{part}&' for part in kept])}"


def _plain_place(request: Request) -> str | None:
    """Scheme, host and path of a request, where nothing in them needs an escape; else None."""
    scope = request.scope
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    place = f"{host}{scope['path']}"
    return f"{scope['scheme']}://{place}" if _PLAIN_PLACE(place) else None


def spelt(question: Question) -> dict[str, str] | None:
    """What was given of a question, as query parameters; None where it holds a list or an object of no part."""
    try:
        return dict(_spelt(question, type(question).lifted))
    except ValueError:
        return None


def _spelt(question: Question, lifted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    taken, given, values = type(question).model_fields, question.model_fields_set, question.__dict__
    if given <= taken.keys():
        plainly = {name: values[name] for name in sorted(given, key=_PLACES[type(question)].__getitem__)}
        if _WORDS.issuperset(map(type, plainly.values())):  # what `model_dump` would give, at a third of its time
            yield from ((name, _word(value)) for name, value in plainly.items() if value is not None)
            return
    for name, value in question.model_dump(exclude_unset=True, exclude_none=True).items():
        if not isinstance(value, Mapping):
            yield name, _word(value)
            continue
        if name not in lifted:
            raise ValueError(name)
        for inner, each in value.items():
            if each is not None:
                yield (f"{name}.{inner}" if inner in taken else inner), _word(each)


def _places(kind: type[Question]) -> dict[str, int]:
    """Field -> its place among the fields."""
    return {name: place for place, name in enumerate(kind.model_fields)}


_PLACES: Memory[type[Question], dict[str, int]] = Memory(_places)
_WORDS = frozenset({str, int, float, bool, Decimal, datetime, type(None)})


def _word(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple | set):
        raise ValueError("no query spells it")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)
