"""What should be done, and what it costs: /v1/plans/loss."""

from fastapi import FastAPI

from mlquote.estimators.planning.loss import LossStep, loss_plan
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.web.questions import add_question


def add_routes(app: FastAPI) -> None:
    """Register the plans."""
    summary = "What lowering the loss from a to b costs, under each law"
    add_question(app, "/v1/plans/loss", LossPlan, loss_plan, summary=summary, results=(LossStep,))
