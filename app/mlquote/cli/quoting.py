"""Who answers the command line's questions: the bundled catalogue in this process, or a server."""

import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol, Self

import httpx

from mlquote.catalog.snapshot import Snapshot
from mlquote.cli.answers import answer_told
from mlquote.kit import errors
from mlquote.kit.errors import Fault, Malformed, QuoteError, Unavailable, unknown_name
from mlquote.spend.amounts import Spent, spent
from mlquote.spend.asking import Asked
from mlquote.spend.checks import Report, quoted
from mlquote.spend.documents import from_json, plain, to_json
from mlquote.spend.running import split
from mlquote.spend.spec import Spec
from mlquote.spend.verdicts import WORST_FIRST
from mlquote.store.files import bundled_folder, snapshot_from_files
from mlquote.web.statuses import error_at

KEY_VARIABLE = "MLQUOTE_API_KEY"
_TIMEOUT_S = 60.0
_ATTEMPTS = 4
_RETRIED = frozenset({429, 502, 503, 504})


class Quoter(Protocol):
    """Whoever can answer a question."""

    def quote(self, asked: Asked) -> Spent:
        """The answer; raises QuoteError with pointers that start at the question's own fields."""


class Local:
    """Answers from the bundled catalogue, at one moment."""

    def __init__(self, now: datetime | None = None) -> None:
        """Every question without an `as_of` is asked for `now`."""
        self.now = now or datetime.now(UTC)

    @cached_property
    def catalog(self) -> Snapshot:
        """The bundled catalogue, read on first use."""
        return snapshot_from_files(bundled_folder())

    def quote(self, asked: Asked) -> Spent:
        """The answer to one question."""
        wanted, release = asked.question.release, self.catalog.release.id
        if wanted is not None and wanted != release:
            raise unknown_name("release", wanted, [release], pointer="/release")
        return quoted(asked, self.catalog, self.now)


_AS_JSON = {"Content-Type": "application/json"}


class Remote:
    """Answers from a server; a key comes from the environment variable MLQUOTE_API_KEY."""

    def __init__(self, base: str, transport: httpx.BaseTransport | None = None) -> None:
        """Ask the server at `base`."""
        key = os.environ.get(KEY_VARIABLE)
        if key and not (key.isascii() and key.isprintable()):
            raise Malformed("an API key is letters, digits and underscores", pointer=KEY_VARIABLE, hint="copy it again")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.base = base
        self.client = httpx.Client(base_url=base, headers=headers, timeout=_TIMEOUT_S, transport=transport)

    def __enter__(self) -> Self:
        """Keep the connection while the context lasts."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.client.close()

    def quote(self, asked: Asked) -> Spent:
        """The answer to one question."""
        told = self.post(asked.member.address, split(asked.member, asked.fields)[0])
        try:
            answer = answer_told(told, asked.member.results)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unavailable(f"{self.base} answered something else than an estimate") from error
        return spent(asked.name, asked.member, answer, asked.hours)

    def check(self, budget: str, spec: Spec, labels: Mapping[str, str], *, reserve: bool, key: str | None) -> Any:
        """The server's verdict on a whole spec under one of its budgets."""
        questions = {asked.name: {"kind": asked.kind, **asked.fields} for asked in spec.questions}
        body = {"questions": questions, "reserve": reserve, "labels": labels}
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} if reserve else {}
        try:
            told = self.post(f"/v1/budgets/{budget}/checks", body, headers)
        except QuoteError as error:
            raise _located(error, spec) from error
        report = self.holding(told, [field.name for field in fields(Report)])
        if report["verdict"] not in WORST_FIRST:
            raise Unavailable(f"{self.base} gave the verdict {str(report['verdict'])[:80]!r}, which is none of ours")
        return report

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The answer's JSON, its fractions exact; what failed on the way is tried again.

        Raises: the error that the problem names; Unavailable where no answer came.
        """
        sent = {**_AS_JSON, **(headers or {})}
        return self.send(path, to_json(body).encode(), sent, {})

    def put(self, path: str, body: Any) -> Any:
        """The same for what is so afterwards, however often it is said."""
        answer = self._tried(lambda: self.client.put(path, content=to_json(body).encode(), headers=_AS_JSON))
        return self._read(answer)

    def send(self, path: str, body: bytes, headers: Mapping[str, str], parameters: Mapping[str, str]) -> Any:
        """The same for a body of any kind."""
        answer = self._tried(lambda: self.client.post(path, content=body, headers=headers, params=dict(parameters)))
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise _error(answer)
        try:
            return from_json(answer.content)
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{answer.url} answered something that is no JSON") from error

    def holding(self, told: Any, names: Iterable[str]) -> dict[str, Any]:
        """What was answered, where it is a record of these names.

        Raises: Unavailable
        """
        if not isinstance(told, dict) or not told.keys() >= set(names):
            raise Unavailable(f"{self.base} answered something else than what it was asked")
        return told

    def get(self, path: str, parameters: Mapping[str, str]) -> str:
        """The answer's text, as the server writes it."""
        response = self._tried(lambda: self.client.get(path, params=dict(parameters)))
        if not response.is_success:
            raise _error(response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise Unavailable(f"{response.url} answered a page for browsers")
        return response.text

    def _tried(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        for attempt in range(_ATTEMPTS):
            is_last = attempt == _ATTEMPTS - 1
            try:
                response = send()
            except httpx.HTTPError as error:
                if is_last or isinstance(error, httpx.UnsupportedProtocol):
                    raise Unavailable(f"no answer from {self.base}: {error}") from error
            except httpx.InvalidURL as error:
                raise Unavailable(f"no server at {self.base}: {error}") from error
            else:
                if is_last or response.status_code not in _RETRIED:
                    return response
            time.sleep(0.2 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


@contextmanager
def answering(server: str | None, now: datetime | None = None) -> Iterator[Quoter]:
    """The server if there is one, else this process."""
    if not server:
        yield Local(now)
        return
    with Remote(server) as remote:
        yield remote


def quoted_spec(quoter: Quoter, spec: Spec, step: Callable[[str], AbstractContextManager[None]]) -> list[Spent]:
    """Every question of a spec answered; faults are located in its file."""
    answers = []
    for asked in spec.questions:
        with step(asked.name):
            answers.append(located_quote(quoter, spec, asked))
    return answers


def located_quote(quoter: Quoter, spec: Spec, asked: Asked) -> Spent:
    """One answer; a fault names file and line."""
    try:
        return quoter.quote(asked)
    except (errors.Malformed, errors.OutOfDomain, errors.UnknownName, errors.NotEffective) as error:
        raise spec.located(error, asked) from error


def _error(response: httpx.Response) -> QuoteError:
    """A problem as the error it came from; whatever is no problem of ours is a service that failed."""
    kind = error_at(response.status_code)
    try:
        problem = plain(from_json(response.content))
        faults = [Fault(f["pointer"], f["detail"], f["hint"]) for f in problem["errors"]]
        detail, code = str(problem["detail"]), str(problem["code"])
    except (ValueError, KeyError, TypeError):
        return Unavailable(f"{response.url} answered {response.status_code}")
    if kind in (None, Unavailable) or (kind is errors.UnknownName and code == "not-found"):
        return Unavailable(f"{response.url} answered {response.status_code}: {detail}")
    error = kind(detail, faults=faults)
    error.corrected = str(problem.get("try", ""))
    error.code = code  # a newer server's code may be none of ours
    return error


def _located(error: QuoteError, spec: Spec) -> QuoteError:
    """A check's fault, whose pointer says /questions/NAME/field, at its place in the file."""
    for asked in spec.questions:
        prefix = f"/questions/{asked.name}/"
        inner = [Fault(f.pointer.removeprefix(prefix[:-1]), f.detail, f.hint) for f in error.faults
                 if f.pointer.startswith(prefix)]  # fmt: skip
        if inner:
            return spec.located(error.retold(inner), asked)
    return error
