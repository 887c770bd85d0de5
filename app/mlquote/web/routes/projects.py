"""What a whole project costs: /v1/estimates/project."""

from fastapi import FastAPI

from mlquote.estimators.kinds import PROJECT
from mlquote.web.routes.rate_cards import add_priced

PATH = "/v1/estimates/project"


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_priced(app, PROJECT)
