"""Paying a provider per token: /v1/estimates/inference."""

from fastapi import FastAPI, Request

from mlquote.estimators.asking.question import Question
from mlquote.estimators.kinds import INFERENCE, Estimate
from mlquote.web.questions import add_estimate
from mlquote.web.routes.rate_cards import with_card


def add_routes(app: FastAPI) -> None:
    """Register the inference estimate."""

    async def prepare(request: Request, question: Question) -> Estimate:
        return await with_card(request, INFERENCE, question)

    add_estimate(app, INFERENCE, prepare)
