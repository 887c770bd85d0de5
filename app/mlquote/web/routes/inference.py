"""Paying a provider per token: /v1/estimates/inference, and what a text would cost before it is sent."""

from functools import partial

from fastapi import FastAPI

from mlquote.estimators.kinds import INFERENCE
from mlquote.estimators.tokens.counting import TextCount, TextTokens, text_estimate
from mlquote.web.questions import add_question
from mlquote.web.routes.rate_cards import add_priced
from mlquote.web.tokenizers import tokenizer


def add_routes(app: FastAPI) -> None:
    """Register the inference estimate and the count of a text."""
    add_priced(app, INFERENCE)
    add_question(
        app,
        "/v1/estimates/inference/tokens",
        TextCount,
        partial(text_estimate, tokenizers=tokenizer),
        summary="How many tokens is a text, and what would sending it cost?",
        results=(TextTokens,),
    )
