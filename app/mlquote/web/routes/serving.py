"""Hosting a model oneself: /v1/estimates/serving."""

from fastapi import FastAPI

from mlquote.estimators.kinds import SERVING
from mlquote.web.routes.rate_cards import add_priced


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_priced(app, SERVING)
