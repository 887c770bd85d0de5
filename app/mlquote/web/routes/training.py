"""What a training run costs: /v1/estimates/training."""

from fastapi import FastAPI

from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.web.questions import add_question


def add_routes(app: FastAPI) -> None:
    """Register the subject's paths."""
    add_question(
        app, "/v1/estimates/training", TrainingQuestion, training_estimate, summary="What a training run costs"
    )
