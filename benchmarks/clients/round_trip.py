"""Every estimate, asked by a client made from /openapi.json: `python round_trip.py http://127.0.0.1:8000`.

The generator calls a variable of its own `params` and overwrites our field of that name, so that its GET functions of
training, hosting and scaling laws always send it; they are asked by POST. Its `from_dict` keeps what it reads in `d`,
which is our field D: a law's question is made by its constructor.
"""

import sys
from typing import Any

from generated import Client
from generated.api.comparisons import post_comparisons
from generated.api.estimates import (
    get_estimates_inference,
    post_estimates_inference,
    post_estimates_serving,
    post_estimates_training,
)
from generated.api.scaling_laws import post_scaling_laws_evaluate
from generated.models import (
    ApiUsage,
    Comparison,
    Problem,
    ScalingQuestion,
    ScalingQuestionOp,
    ServingQuestion,
    TrainingQuestion,
)

CALL = {"provider": "openai", "model": "gpt-4o"}
RUN = {"model": "llama-3.1-8b", "accelerator": "h100-sxm"}


def known(name: str, answer: Any) -> Any:
    """The answer, which is none of our problems."""
    assert answer is not None and not isinstance(answer, Problem), (name, answer)
    print("python", name)
    return answer


def main() -> None:
    """Ask each."""
    client = Client(base_url=sys.argv[1])
    asked = get_estimates_inference.sync(client=client, **CALL, input_tokens="1M")
    assert known("GET inference", asked).result.cost_usd > 0
    call = ApiUsage.from_dict(CALL | {"usage": {"input_tokens": 1000}})
    known("POST inference", post_estimates_inference.sync(client=client, body=call))
    run = TrainingQuestion.from_dict(RUN | {"tokens": 15e12})
    trained = known("POST training", post_estimates_training.sync(client=client, body=run))
    assert trained.result.cost_usd.central > 0
    hosted = ServingQuestion.from_dict(RUN)
    known("POST serving", post_estimates_serving.sync(client=client, body=hosted))
    many = Comparison.from_dict({"question": {**CALL, "model": ["gpt-4o", "gpt-4.1"], "usage": {"input_tokens": 9}}})
    known("POST comparisons", post_comparisons.sync(client=client, body=many))
    law = ScalingQuestion(op=ScalingQuestionOp.LOSS, n=7e9, d=1.4e11)
    known("POST scaling laws", post_scaling_laws_evaluate.sync(client=client, body=law))
    refused = get_estimates_inference.sync(client=client, model="nobody", input_tokens=1)
    assert isinstance(refused, Problem) and refused.errors[0].pointer == "/model"


main()
