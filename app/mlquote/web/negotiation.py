"""Which face of an answer a client means, and how much of it: `format` and `detail`, or `Accept` as RFC 9110 has it.

A client that can read JSON gets JSON: axios, Angular and dashboards name text/plain beside it and mean JSON, whatever
the order and the weights. Another face is answered where JSON is not acceptable, or by `?format=`. An estimate is never
refused for its face: whoever accepts none of ours gets JSON.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from fastapi import Request

from mlquote.kit.errors import Malformed, nearest

Face = Literal["json", "text", "markdown", "csv"]
Detail = Literal["brief", "full"]

MEDIA_TYPES: dict[Face, str] = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
DETAILS: tuple[Detail, ...] = ("brief", "full")
SHOWING = ("format", "detail")
"""The query parameters that say how an estimate is shown; none of them moves a number."""
_KINDS: dict[Face, str] = {face: kind.partition(";")[0] for face, kind in MEDIA_TYPES.items()}


class _Asked(NamedTuple):
    """One media range of an `Accept` header and its weight, 0 to 1; 0 forbids."""

    kind: str
    weight: float


def wanted_face(request: Request) -> Face:
    """The face that a request asks for; JSON when it does not say.

    Raises: Malformed for a format that is not offered
    """
    if b"format=" in request.scope["query_string"]:
        wanted = request.query_params.get("format", "json").strip().casefold()
        for face in MEDIA_TYPES:
            if face == wanted:
                return face
        hint = nearest(wanted[:40], MEDIA_TYPES) or f"one of {', '.join(MEDIA_TYPES)}"
        raise Malformed(f"no format named {wanted[:40]!r}", pointer="/format", hint=hint)
    accepted = [value for name, value in request.scope["headers"] if name == b"accept"]
    return face_accepted(b",".join(accepted).decode("latin-1")) if accepted else "json"


def wanted_detail(request: Request, face: Face) -> Detail:
    """How much of an answer a request asks for; by default text is brief and every other face whole.

    Raises: Malformed for anything but brief and full
    """
    if b"detail=" not in request.scope["query_string"]:
        return "brief" if face == "text" else "full"
    wanted = request.query_params.get("detail", "full").strip().casefold()
    for detail in DETAILS:
        if detail == wanted:
            return detail
    raise Malformed(f"no detail named {wanted[:40]!r}", pointer="/detail", hint=f"one of {', '.join(DETAILS)}")


@lru_cache(maxsize=256)
def face_accepted(accept: str) -> Face:
    """The face that an `Accept` header asks for: JSON wherever it is acceptable, else the best of the others.

    Source: RFC 9110, 12.4.2 (weights; 0 is not acceptable) and 12.5.1 (the most specific range decides)
    """
    asked = list(_ranges(accept))
    weights: dict[Face, float] = {face: _weight(kind, asked) for face, kind in _KINDS.items()}
    if weights["json"] > 0:
        return "json"
    return max(weights, key=lambda face: weights[face]) if any(weights.values()) else "json"


def _ranges(accept: str) -> Iterator[_Asked]:
    for part in accept.split(","):
        kind, *parameters = (piece.strip().casefold() for piece in part.split(";"))
        if kind:
            yield _Asked(kind, next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0))


def _number(text: str) -> float:
    """A weight; one that is no number is as if it were not there."""
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 1.0


def _weight(kind: str, asked: list[_Asked]) -> float:
    """The weight of the most specific range that holds `kind`; 0 where none does."""
    for pattern in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        named = [each.weight for each in asked if each.kind == pattern]
        if named:
            return max(named)
    return 0.0
