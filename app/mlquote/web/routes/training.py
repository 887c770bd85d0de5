"""What a training run costs: /v1/estimates/training."""

from fastapi import FastAPI

from mlquote.estimators.kinds import TRAINING
from mlquote.web.questions import add_estimate


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_estimate(app, TRAINING)
