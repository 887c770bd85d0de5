"""Paying a provider per token: /v1/estimates/inference."""

from fastapi import FastAPI

from app.estimators.inference import ApiUsage, inference_estimate
from app.web.questions import add_question


def add_routes(app: FastAPI) -> None:
    """Register the inference estimate."""
    add_question(
        app, "/v1/estimates/inference", ApiUsage, inference_estimate, summary="What API usage costs, to the last digit"
    )
