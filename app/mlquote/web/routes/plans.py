"""What should be done, and what it costs: every path below /v1/plans."""

from fastapi import FastAPI

from mlquote.estimators.comparing.placement import Placement, Placements, placement
from mlquote.estimators.kinds import ADAPTATION, PLAN
from mlquote.estimators.planning.loss import LossStep, loss_plan
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.web.questions import add_estimate, add_question


def add_routes(app: FastAPI) -> None:
    """Register the plans."""
    add_estimate(app, ADAPTATION)
    summary = "What lowering the loss from a to b costs, under each law"
    add_question(app, "/v1/plans/loss", LossPlan, loss_plan, summary=summary, results=(LossStep,))
    summary = "The same run elsewhere, at another time or on other terms: what it saves"
    add_question(app, "/v1/plans/placement", Placement, placement, summary=summary, results=(Placements,))
    add_estimate(app, PLAN)
