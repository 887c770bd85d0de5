"""Paying a provider per token: /v1/estimates/inference, and what a text would cost before it is sent."""

from functools import partial

from fastapi import FastAPI, Request

from mlquote.estimators.asking.question import Question
from mlquote.estimators.kinds import INFERENCE, Estimate
from mlquote.estimators.tokens.counting import TextCount, TextTokens, text_estimate
from mlquote.web.questions import add_estimate, add_question
from mlquote.web.routes.rate_cards import with_card
from mlquote.web.tokenizers import tokenizer


def add_routes(app: FastAPI) -> None:
    """Register the inference estimate and the count of a text."""

    async def prepare(request: Request, question: Question) -> Estimate:
        return await with_card(request, INFERENCE, question)

    add_estimate(app, INFERENCE, prepare)
    add_question(
        app,
        "/v1/estimates/inference/tokens",
        TextCount,
        partial(text_estimate, tokenizers=tokenizer),
        summary="How many tokens is a text, and what would sending it cost?",
        results=(TextTokens,),
    )
