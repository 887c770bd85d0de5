"""Whatever is put into any field of any estimate: an answer or a problem, never a 500, never a number that is none."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

ODD: list[Any] = [
    None, "", -1, 0, 0.5, 1e308, -1e308, 1e-308, 1e-320, 1e-30, 1e-6, 1e30, 10**24,
    "NaN", "inf", [], {}, True, "x" * 500, ["a"], {"a": 1},
    "9999-12-31", "0001-01-01", "2024-13-01", "1e5", "\u0663", "\x00", "usa",
]  # fmt: skip
HARDWARE = {"accelerator": "h100-sxm", "accelerator_count": 64}
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "/v1/estimates/training": [
        {"model": "llama-3.1-8b", "tokens": 1e12, **HARDWARE},
        {"architecture": {"layers": 32, "hidden_size": 4096}, "tokens": 1e9, **HARDWARE},
        {"accelerator": "a100", "accelerator_hours": 1000},
    ],
    "/v1/estimates/serving": [
        {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "concurrency": 16, "engine": "vLLM 0.11"},
        {"model": "llama-3.1-8b", "input_tokens": 100, "output_tokens": 100, **HARDWARE},
        {"architecture": {"layers": 32, "hidden_size": 4096}, "requests_per_s": 3, **HARDWARE},
        {"params": 7e9, "scenario": "interactive", "max_tpot_ms": 50, "accelerator": "a100", "accelerator_count": 1},
    ],
    "/v1/estimates/inference": [
        {"provider": "anthropic", "model": "claude-opus-4-7", "usage": {"input_tokens": 10, "output_tokens": 5}},
        {
            "provider": "openai",
            "model": "gpt-4o",
            "workload": {"requests_per_day": 10, "input_tokens": 100, "output_tokens": 10, "batch_fraction": 0.5},
        },
        {
            "provider": "openai",
            "provider_response": {"model": "gpt-4o", "usage": {"prompt_tokens": 9, "completion_tokens": 1}},
        },
    ],
    "/v1/scaling-laws/evaluate": [{"op": "loss", "N": 7e9, "D": 1e12}],
    "/v1/estimates/annotation": [{"task": "image_polygon", "items": 100, "votes": 3}],
    "/v1/plans/training": [
        {"cost_usd": 1000, "accelerator": "h100-sxm", "provider": "lambda", "laws": "besiroglu2024"}
    ],
    "/v1/plans/adaptation": [
        {"requests_per_month": 1000, "input_tokens": 100, "output_tokens": 10, "model": "gpt-5", "provider": "openai"}
    ],
    "/v1/plans/loss": [{"loss_from": 2.1, "loss_to": 2.0, "accelerator": "h100-sxm"}],
}


def variants(question: dict[str, Any], fields: list[str]) -> list[dict[str, Any]]:
    changed = [question | {field: value} for field in fields for value in ODD]
    for name, part in question.items():
        if isinstance(part, dict):
            changed += [question | {name: part | {field: value}} for field in part for value in ODD]
    return changed


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _emptied(part: Any) -> bool:
    """A range somewhere in an answer whose figures were too large for a float, and came out null."""
    if isinstance(part, dict):
        ends = [part[end] for end in ("low", "central", "high")] if part.keys() == {"low", "central", "high"} else []
        return None in ends or any(_emptied(inner) for inner in part.values())
    return isinstance(part, list) and any(_emptied(inner) for inner in part)


async def faults(app: FastAPI, path: str, bodies: list[dict[str, Any]]) -> list[str]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    found = []
    async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
        for body in bodies:
            answer = await client.post(path, content=json.dumps(body))
            told = json.loads(answer.content, parse_constant=_refused)
            pointers = [fault["pointer"] for fault in told.get("errors", ())]
            if answer.status_code >= 500 or (answer.status_code != 200 and not pointers) or _emptied(told):
                found.append(f"{answer.status_code} for {json.dumps(body)[:200]}")
    return found


@pytest.mark.parametrize("path", QUESTIONS)
def test_no_value_of_any_field_breaks_an_estimate(service: FastAPI, path: str) -> None:
    schema = service.openapi()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    fields = list(service.openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"])
    bodies = [body for question in QUESTIONS[path] for body in variants(question, fields)]
    assert asyncio.run(faults(service, path, bodies)) == []
