"""A question that a page asks: the same parameters, the same answer and the same refusal as its long address gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request

from mlquote.estimators.asking.mending import MENDED
from mlquote.estimators.asking.wording import question_of
from mlquote.estimators.kinds import Estimator
from mlquote.kit.errors import Fault, QuoteError
from mlquote.web.bodies import parameters_once
from mlquote.web.corrections import AS_THEY_ARE, Corrections
from mlquote.web.desks import desks
from mlquote.web.negotiation import SHOWING
from mlquote.web.permalinks import permalink
from mlquote.web.questions import computed, snapshot_of
from mlquote.web.respond import KEPT
from mlquote.web.routes.rate_cards import with_card

PINNED = ("as_of", "release")
"""Fields that an old link gives."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What became of a page's question: an answer, or what is wrong with it."""

    parameters: Mapping[str, str]
    answer: Mapping[str, Any] | None = None
    link: str | None = None
    """This page for ever: release and moment pinned."""
    faults: tuple[Fault, ...] = ()
    corrected: str = ""
    """The address of the API that would be answered."""


def given_parameters(request: Request, *also: str) -> dict[str, str]:
    """The fields of a query that hold something, without what only says how an answer is shown, and without `also`.

    Raises: Malformed for a field that is given twice
    """
    kept = {name: value.strip() for name, value in parameters_once(request).items() if value.strip()}
    return {name: value for name, value in kept.items() if name not in SHOWING and name not in also}


def query_of(parameters: Mapping[str, str]) -> str:
    """The parameters as a query that people can read."""
    return urlencode(parameters, safe=AS_THEY_ARE)


async def answered(
    request: Request, member: Estimator, parameters: Mapping[str, str], *, is_long: bool = False
) -> PageAnswer:
    """The answer to the question that the parameters spell, or its faults with what would be answered.

    One that `is_long` is answered in a thread, for others ask meanwhile.
    """
    corrections = Corrections(member.question, partial(computed, member.estimate))
    try:
        question = question_of(member.question, member.question.from_parameters(parameters))
        snapshot = await snapshot_of(request, question)
        estimate = await with_card(request, member, question)
        asked = (estimate, question, snapshot, request.app.state.clock())
        answer = await desks(request).quotes.do(computed, *asked) if is_long else computed(*asked)
    except MENDED as error:
        told = corrections.of_parameters(request, parameters, error)
        return PageAnswer(parameters, faults=told.faults, corrected=told.corrected)
    except QuoteError as error:
        return PageAnswer(parameters, faults=error.faults)
    plain: Mapping[str, Any] = msgspec.to_builtins(answer, builtin_types=KEPT)
    return PageAnswer(parameters, plain, permalink(request, question, answer.catalog))
