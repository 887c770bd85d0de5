"""EcoLogits behind FastAPI, as its own API serves it (genai-impact/ecologits-api, POST /v1beta/estimations): a peer."""

from ecologits.tracers.utils import llm_impacts
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Estimation(BaseModel):
    """What its API takes."""

    provider: str
    model_name: str
    output_token_count: int
    request_latency: float
    electricity_mix_zone: str | None = None


@app.post("/v1beta/estimations")
async def estimations(asked: Estimation) -> dict[str, object]:
    """The impacts of one request."""
    impacts = llm_impacts(
        provider=asked.provider,
        model_name=asked.model_name,
        output_token_count=asked.output_token_count,
        request_latency=asked.request_latency,
        electricity_mix_zone=asked.electricity_mix_zone or "WOR",
    )
    return {"impacts": impacts.model_dump()}
