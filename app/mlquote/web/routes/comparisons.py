"""One question, several answers side by side: /v1/comparisons, and one answer then and now."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import FastAPI, Request

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.comparison import Comparison, Ranking, cards_named, comparison
from mlquote.estimators.comparing.price_history import Change, QuoteChange, quote_change
from mlquote.kit.provenance import Answer
from mlquote.web.deps import snapshots
from mlquote.web.questions import add_question
from mlquote.web.routes.rate_cards import named_card

PATH = "/v1/comparisons"


def add_routes(app: FastAPI) -> None:
    """Register both comparisons."""
    add_question(
        app,
        PATH,
        Comparison,
        comparison,
        summary="One question with fields given as lists: ranked",
        results=(Ranking,),
        prepare=_with_cards,
    )
    add_question(
        app,
        f"{PATH}/releases",
        QuoteChange,
        quote_change,
        summary="Why a quote of API usage is not what it was",
        results=(Change,),
        prepare=_with_release,
    )


async def _with_cards(request: Request, question: Comparison) -> Callable[[Comparison, Snapshot, datetime], Answer]:
    """The comparison, under the rate cards that its combinations name."""
    cards = {name: await named_card(request, name) for name in cards_named(question)}
    return partial(comparison, cards=cards) if cards else comparison


async def _with_release(request: Request, question: QuoteChange) -> Callable[[QuoteChange, Snapshot, datetime], Answer]:
    """The change since the release that the question names."""
    if question.since_release is None:
        return quote_change
    return partial(quote_change, before=await snapshots(request).of(question.since_release))
