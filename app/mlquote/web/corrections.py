"""A refusal over HTTP: everything that is wrong, and in `try` one address that has been answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.mending import Mended, all_told, flat, mended
from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.wording import as_written, question_of
from mlquote.estimators.kinds import ESTIMATORS
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.web.bodies import json_body
from mlquote.web.deps import now, snapshots
from mlquote.web.guards.problems import malformed
from mlquote.web.negotiation import SHOWING

Q = TypeVar("Q", bound=Question)
AS_THEY_ARE = ":/,@"
"""What an address may hold unescaped, and people read better so."""

_EXAMPLES: Mapping[type[Question], Mapping[str, Any]] = {
    **{member.question: member.example for member in ESTIMATORS.values()},
    ScalingQuestion: {"op": "loss"},
}
"""A question -> values for what must be said and is missing."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a path asks, and who answers."""

    model: type[Question]
    estimate: Callable[[Any, Snapshot, datetime], Any]

    def of_parameters(self, request: Request, parameters: Mapping[str, str], error: QuoteError) -> QuoteError:
        """The refusal of a GET, its pointers at parameters, with what would be answered."""
        return self.told(request, self.mended(request, parameters, error), error, request.url.path)

    def mended(self, request: Request, parameters: Mapping[str, str], error: QuoteError) -> Mended:
        """What is wrong with the parameters that were refused with `error`, and those that would be answered."""
        error = self.pointed(error)
        snapshot = snapshots(request).current
        if parameters.get("release") not in (None, snapshot.release.id) or "rate_card" in parameters:
            return Mended(None, error.faults)

        def ask(fields: Mapping[str, str]) -> None:
            try:
                question = question_of(self.model, self.model.from_parameters(fields))
                self.estimate(question, snapshot, now(request))
            except QuoteError as refused:
                raise self.pointed(refused) from refused

        yesterday = (now(request) - timedelta(days=1)).date().isoformat()
        example = {"yesterday": yesterday} | (flat(_EXAMPLES.get(self.model, {}), self.model.lifted) or {})
        return mended(parameters, error, ask, example)

    def told(self, request: Request, found: Mended, error: QuoteError, path: str) -> QuoteError:
        """The refusal with every fault that was found, and the address of `path` that would be answered."""
        error = all_told(self.pointed(error), found.faults)
        if found.parameters is not None:
            shown = {name: request.query_params[name] for name in SHOWING if name in request.query_params}
            query = urlencode({**found.parameters, **shown}, safe=AS_THEY_ARE)
            error.corrected = f"{str(request.base_url).rstrip('/')}{path}?{query}"
        return error

    def of_body(self, request: Request, fields: Any, error: QuoteError) -> QuoteError:
        """The refusal of a POST with the GET that would be answered, where its fields can be asked so."""
        parameters = flat(fields, self.model.lifted) if isinstance(fields, Mapping) else None
        if not parameters:
            return error
        error.corrected = self.of_parameters(request, parameters, error).corrected
        return error

    def pointed(self, error: QuoteError) -> QuoteError:
        """The error as a GET tells it: counts of `usage` are parameters of their own."""
        places = {fault.pointer: _lifted(fault.pointer, self.model.lifted) for fault in error.faults}
        return as_written(error, places)


def _lifted(pointer: str, lifted: tuple[str, ...]) -> str:
    for part in lifted:
        if pointer == f"/{part}":
            return "/input_tokens"
        if pointer.startswith(f"/{part}/"):
            return pointer.removeprefix(f"/{part}")
    return pointer


def question_in(model: type[Q], body: bytes) -> Q:
    """The question of a body, by our names or by others that can mean nothing else.

    Raises: Malformed
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        fields = fields_in(body)
        if not isinstance(fields, Mapping):
            raise malformed(error, model) from error
        return question_of(model, fields)


def fields_in(body: bytes) -> Any:
    """The JSON value of a body; None where it is none."""
    try:
        return json_body(body)
    except Malformed:
        return None
