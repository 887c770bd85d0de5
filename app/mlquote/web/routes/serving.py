"""Hosting a model oneself: /v1/estimates/serving."""

from fastapi import FastAPI

from mlquote.estimators.kinds import SERVING
from mlquote.web.questions import add_estimate


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_estimate(app, SERVING)
