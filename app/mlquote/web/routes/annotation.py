"""What labels cost: /v1/estimates/annotation."""

from fastapi import FastAPI

from mlquote.estimators.kinds import ANNOTATION
from mlquote.web.questions import add_estimate


def add_routes(app: FastAPI) -> None:
    """Register the estimate."""
    add_estimate(app, ANNOTATION)
