"""What the door is measured beside: the same questions and answers as a FastAPI tutorial and raw ASGI would have them.

`tutorial` declares every field of our questions, as its parameters and its body; `short` only the few that are asked.
All answer a recorded answer of ours whose total they compute anew from the counts: no catalogue, no provenance, no
log line. So their time is that of reading a question and writing an answer of these shapes, and nothing else.

    MLQUOTE_SHAPES=FOLDER uvicorn --factory http_shapes:tutorial    # or short, raw; FOLDER holds token.json, ...
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

USD_PER_TOKEN = {("openai", "gpt-4o"): (2.5e-6, 1e-5)}
FLOP_PER_PARAMETER_AND_TOKEN = 6
ENDS = ("low", "central", "high")
COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens")


def recorded(name: str) -> dict[str, Any]:
    """An answer of ours, as a tutorial would hold it."""
    return msgspec.json.decode(Path(os.environ["MLQUOTE_SHAPES"], f"{name}.json").read_bytes())


def _token(answer: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    per_input, per_output = USD_PER_TOKEN[asked["provider"], asked["model"]]
    cost_usd = (asked["input_tokens"] + asked["cache_read_tokens"]) * per_input + asked["output_tokens"] * per_output
    return answer | {"result": answer["result"] | {"cost_usd": cost_usd}}


def _training(answer: dict[str, Any], tokens: float) -> dict[str, Any]:
    flop = FLOP_PER_PARAMETER_AND_TOKEN * 8e9 * tokens
    return answer | {"result": answer["result"] | {"training_flop": dict.fromkeys(ENDS, flop)}}


def _models() -> tuple[Any, Any]:
    """Our answers as response models."""
    from mlquote.estimators.tokens.bill import InferenceCost
    from mlquote.estimators.training.answer import TrainingResult
    from mlquote.web.schemas import envelope

    return envelope("TokenAnswer", (InferenceCost,)), envelope("TrainingAnswer", (TrainingResult,))


def tutorial() -> Any:
    """FastAPI as its tutorial has it, with every field of our questions."""
    from inspect import Parameter, Signature
    from typing import Annotated

    from fastapi import FastAPI, Query

    from mlquote.estimators.tokens.usage import Usage
    from mlquote.estimators.training.question import TrainingQuestion

    async def of_tokens(**asked: Any) -> Any:
        return _token(token, asked)

    known = {"provider": str, "model": str, "processing": str, "region": str, "requests": int, "as_of": str}
    known |= {"release": str, "discount_fraction": float, "rate_card": str, "api": str, "per": str}
    known |= dict.fromkeys(Usage.model_fields, int) | {"image_size": str, "image_quality": str}
    of_tokens.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, Query()])
            for name, kind in known.items()
        ]
    )

    async def of_training(question: TrainingQuestion) -> Any:
        return _training(training, float(question.tokens or 0))

    app, token, training = FastAPI(), recorded("token"), recorded("training")
    TokenAnswer, TrainingAnswer = _models()
    app.get("/token", response_model=TokenAnswer)(of_tokens)
    app.post("/training", response_model=TrainingAnswer)(of_training)
    return app


def short() -> Any:
    """FastAPI as its tutorial has it: parameters or a body model in, a response model out."""
    from fastapi import FastAPI
    from pydantic import BaseModel, Field

    app, token, training = FastAPI(), recorded("token"), recorded("training")
    TokenAnswer, TrainingAnswer = _models()

    class TrainingQuestion(BaseModel):
        model: str
        tokens: float = Field(gt=0)
        accelerator: str
        accelerator_count: int = Field(ge=1)
        grid_zone: str | None = None
        date: str | None = None

    @app.get("/token", response_model=TokenAnswer)
    async def of_tokens(  # the parameters that the question below names
        provider: str, model: str, input_tokens: int = 0, output_tokens: int = 0, cache_read_tokens: int = 0
    ) -> Any:
        counts = {"input_tokens": input_tokens, "output_tokens": output_tokens, "cache_read_tokens": cache_read_tokens}
        return _token(token, {"provider": provider, "model": model, **counts})

    @app.post("/training", response_model=TrainingAnswer)
    async def of_training(question: TrainingQuestion) -> Any:
        return _training(training, question.tokens)

    return app


def raw() -> Any:
    """The floor: the same by hand, nothing validated."""
    from urllib.parse import parse_qsl

    token, training = recorded("token"), recorded("training")
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                kind = (await receive())["type"]
                await send({"type": kind + ".complete"})
                if kind == "lifespan.shutdown":
                    return
        if scope["method"] == "GET":
            asked = dict(parse_qsl(scope["query_string"].decode()))
            body = encode(_token(token, {**asked, **{name: int(asked[name]) for name in COUNTS}}))
        else:
            body = encode(_training(training, decode((await receive())["body"])["tokens"]))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
