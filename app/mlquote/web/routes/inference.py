"""Paying a provider per token: /v1/estimates/inference."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import FastAPI, Request

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import ApiUsage, inference_estimate
from mlquote.kit.provenance import Answer
from mlquote.web.questions import add_question
from mlquote.web.routes.rate_cards import named_card


def add_routes(app: FastAPI) -> None:
    """Register the inference estimate."""
    add_question(
        app,
        "/v1/estimates/inference",
        ApiUsage,
        inference_estimate,
        summary="What API usage costs, to the last digit",
        prepare=with_card,
    )


async def with_card(request: Request, question: ApiUsage) -> Callable[[ApiUsage, Snapshot, datetime], Answer]:
    """The estimate, under the rate card that the question names."""
    if question.rate_card is None:
        return inference_estimate
    return partial(inference_estimate, card=await named_card(request, question.rate_card))
