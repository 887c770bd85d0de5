"""Hosting a model oneself, asked over HTTP."""

from fastapi import FastAPI

from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.web.questions import add_question


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_question(
        app, "/v1/estimates/serving", ServingQuestion, serving_estimate, summary="What hosting a model yourself costs"
    )
