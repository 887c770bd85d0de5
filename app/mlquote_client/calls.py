"""A question as it is sent: method, path, fields, and whether it may be sent twice. Nothing is sent here."""

import base64
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx

from mlquote_client.problems import Problem, UnexpectedAnswer
from mlquote_client.reading import parsed, plain

T = TypeVar("T")
JSON, LINES = "application/json", "application/x-ndjson"
_MOST_LISTED = 10_000
"""Entries of an array that is written out; a longer one is sent as its bytes."""
_DTYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "|u1"})
_AGAIN = frozenset({429, 502, 503, 504})
_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, and what its answer is."""

    method: str
    path: str
    kind: type[T]
    params: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    is_safe: bool = True
    """Whether sending it twice does no more than sending it once."""

    def sent_headers(self) -> dict[str, str]:
        """The headers that this request has of its own."""
        own = {"Accept": "application/json, application/x-ndjson"}
        return own | ({} if self.content is None else {"Content-Type": self.media_type}) | dict(self.headers)


def read(path: str, kind: type[T], **params: Any) -> Call[T]:
    """A GET; parameters that are None are left out."""
    return Call("GET", path, kind, _spelt(params))


def asked(path: str, kind: type[T], question: Mapping[str, Any], **params: Any) -> Call[T]:
    """A POST that changes nothing: an estimate, a loss, a check without a reservation."""
    return Call("POST", path, kind, _spelt(params), encoded(question))


def written(method: str, path: str, kind: type[T], body: Any = None, **params: Any) -> Call[T]:
    """A write that says by itself what is so afterwards: PUT and DELETE may be sent twice."""
    return Call(method, path, kind, _spelt(params), None if body is None else encoded(body))


def keyed(path: str, kind: type[T], content: bytes | None, key: str | None, **sent: Any) -> Call[T]:
    """A POST that changes something, under an Idempotency-Key: the service does it once, however often it is sent."""
    return Call("POST", path, kind, content=content, headers={"Idempotency-Key": key or uuid.uuid4().hex}, **sent)


def encoded(value: Any) -> bytes:
    """JSON of what may be asked with: Decimals by their digits, moments as RFC 3339, arrays and tensors too.

    Raises: ValueError for NaN and infinities
    """
    return json.dumps(value, default=_as_json, allow_nan=False).encode()


def log_bytes(log: bytes | str | Path | Iterable[Mapping[str, Any]]) -> bytes:
    """A usage log as it is sent: bytes and text as they are, a file's content, or a JSON line for each mapping."""
    if isinstance(log, Path):
        return log.read_bytes()
    if isinstance(log, bytes | str):
        return log.encode() if isinstance(log, str) else log
    return b"".join(encoded(line) + b"\n" for line in log)


def refused(answer: httpx.Response) -> Problem | UnexpectedAnswer:
    """What an answer that is no success says."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return UnexpectedAnswer(f"{answer.status_code} of {answer.request.url}: {answer.text[:200]!r}")
    problem = Problem(plain(parsed(answer.content)), answer.status_code)
    problem.retry_after_s = _retry_after(answer)
    return problem


def pause(attempt: int) -> float:
    """Seconds before the next attempt, where nobody says how long."""
    return float(0.25 * 2**attempt)


def pause_after(answer: httpx.Response, attempt: int) -> float | None:
    """Seconds until an answer like this is worth another attempt; None where it is not."""
    if answer.status_code not in _AGAIN:
        return None
    said = _retry_after(answer)
    wait = pause(attempt) if said is None else said
    return wait if wait <= _LONGEST_WAIT_S else None


def lines_of(content: bytes) -> Iterable[bytes]:
    """The lines of NDJSON that say something."""
    return (line for line in content.split(b"\n") if line.strip())


def _retry_after(answer: httpx.Response) -> float | None:
    try:
        return float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return None


def _spelt(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_"): _word(value) for name, value in params.items() if value is not None}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(map(_word, value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "tobytes") and value.size > _MOST_LISTED and value.dtype.str in _DTYPES:
        told = {"dtype": value.dtype.str, "shape": list(value.shape)}
        return {"$b64": told | {"data": base64.b64encode(value.tobytes()).decode()}}
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON can say")
