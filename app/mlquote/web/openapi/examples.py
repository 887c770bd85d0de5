"""A call of every operation that runs: what the document shows, and what a test asks in this order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlquote.estimators.kinds import ADAPTATION, ANNOTATION, INFERENCE, PROJECT, SERVING, TRAINING

JSON, LINES = "application/json", "application/x-ndjson"
RESERVATION, RELEASE, KEY, JOB = "RESERVATION", "RELEASE", "KEY", "job_00000000000000000000000000000000"
"""Ids that an earlier answer tells."""


@dataclass(frozen=True, slots=True)
class Example:
    """What one call says."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    kind: str = JSON


_ASKED = Example()
_CALL = {"provider": "anthropic", "model": "claude-opus-4-7", "input_tokens": 1000, "output_tokens": 500}
_LINE = '{"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1000, "output_tokens": 500}}\n'
_LOGGED = '{"timestamp": "2026-11-20", ' + _LINE[1:]
_SPAN: dict[str, Any] = {
    "traceId": "24aa558130d037cc3827136ae6ee99bb",
    "spanId": "a0b943361b1321b5",
    "startTimeUnixNano": "1793718052000000000",
    "attributes": [
        {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}},
        {"key": "gen_ai.response.model", "value": {"stringValue": "gpt-4o"}},
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "1000"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "500"}},
    ],
}
_EXPORT: dict[str, Any] = {"resourceSpans": [{"scopeSpans": [{"spans": [_SPAN]}]}]}
_SELLERS = {"model": ["gpt-4o", "gpt-4.1"], "provider": "openai", "usage": {"input_tokens": 1000}}
_SINCE = {"since": "2026-06-01"}
_TEXT = {"provider": "openai", "model": "gpt-4o", "text": "What does this model cost?"}
_LAW = {"op": "loss", "N": 7e9, "D": 1.4e11}
_STEP = {"loss_from": 2.1, "loss_to": 2.05, "accelerator": "h100-sxm", "accelerator_count": 256}
_BUDGET = {"cost_usd": 50000, "deadline_days": 21, "laws": "besiroglu2024"}
_LOSS = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[2, 0.5], [0.1, 1.2]], "targets": [0, 1]}
_POINTS: dict[str, Any] = {"X": [[1, 0], [0, 2], [1, 1]], "y": [1, 2, 3]}
_SEARCH = {"name": "search"}
_HELD = {"name": "search", "id": RESERVATION}
_ASKING = {"question": {"kind": "inference", **INFERENCE.example}, "reserve": True}
_HISTORY = {"table": "token_prices", "key": "deepseek-chat"}

ESTIMATES: dict[tuple[str, str], Example] = {
    ("GET", "/v1/estimates/training"): Example(query=TRAINING.example),
    ("POST", "/v1/estimates/training"): Example(body=dict(TRAINING.example)),
    ("GET", "/v1/estimates/inference"): Example(query=_CALL),
    ("POST", "/v1/estimates/inference"): Example(body=dict(INFERENCE.example)),
    ("GET", "/v1/estimates/serving"): Example(query=SERVING.example),
    ("POST", "/v1/estimates/serving"): Example(body=dict(SERVING.example)),
    ("GET", "/v1/estimates/annotation"): Example(query=ANNOTATION.example),
    ("POST", "/v1/estimates/annotation"): Example(body=dict(ANNOTATION.example)),
    ("GET", "/v1/estimates/project"): Example(query={"parts.run.usd": 500, "parts.tuning.usd": 100}),
    ("POST", "/v1/estimates/project"): Example(body=dict(PROJECT.example)),
    ("GET", "/v1/estimates/inference/tokens"): Example(query=_TEXT),
    ("POST", "/v1/estimates/inference/tokens"): Example(body=_TEXT),
    ("POST", "/v1/estimates/inference/batch"): Example(body=_LINE, kind=LINES),
    ("GET", "/v1/comparisons"): Example(query={"kind": "serving", "model": "llama-3.1-8b", "accelerator": "h100,l40s"}),
    ("POST", "/v1/comparisons"): Example(body=_SELLERS),
    ("GET", "/v1/comparisons/releases"): Example(query=_CALL | _SINCE),
    ("POST", "/v1/comparisons/releases"): Example(body={**INFERENCE.example, **_SINCE}),
    ("GET", "/v1/explore/prices"): Example(query={"model": "gpt-4o,deepseek-chat"}),
    ("POST", "/v1/explore/prices"): Example(body={"accelerator": ["h100-sxm"], "provider": ["aws", "lambda"]}),
    ("GET", "/v1/explore/models"): Example(query={"provider": "openai,anthropic", "since": "2025-06-01"}),
    ("POST", "/v1/explore/models"): Example(body={"q": "llama", "provider": ["groq"], "against": "context"}),
    ("GET", "/v1/plans/training"): Example(query=_BUDGET),
    ("POST", "/v1/plans/training"): Example(body=_BUDGET),
    ("GET", "/v1/plans/adaptation"): Example(query=ADAPTATION.example),
    ("POST", "/v1/plans/adaptation"): Example(body=dict(ADAPTATION.example)),
    ("GET", "/v1/plans/placement"): Example(query={**TRAINING.example, "grid_zones": "FRA,POL"}),
    ("POST", "/v1/plans/placement"): Example(
        body={"question": dict(TRAINING.example), "regions": ["gcp/europe-north1"]}
    ),
    ("GET", "/v1/plans/loss"): Example(query=_STEP),
    ("POST", "/v1/plans/loss"): Example(body=_STEP),
    ("GET", "/v1/scaling-laws/evaluate"): Example(query=_LAW),
    ("POST", "/v1/scaling-laws/evaluate"): Example(body=_LAW),
}
LOSSES: dict[tuple[str, str], Example] = {
    ("GET", "/v1/losses"): _ASKED,
    ("GET", "/v1/losses/terms"): _ASKED,
    ("GET", "/v1/losses/words"): _ASKED,
    ("GET", "/v1/losses/reductions"): _ASKED,
    ("GET", "/v1/losses/{name}"): Example({"name": "huber"}),
    ("GET", "/v1/regularizers"): _ASKED,
    ("GET", "/v1/regularizers/{name}"): Example({"name": "l2"}),
    ("POST", "/v1/losses/evaluate"): Example(body=_LOSS | {"gradient": True}),
    ("POST", "/v1/losses/evaluate/batch"): Example(body=[_LOSS]),
    ("POST", "/v1/losses/compare"): Example(body={"loss": "huber", "predictions": [1.5, 2], "targets": [1, 0.5]}),
    ("POST", "/v1/losses/slice"): Example(body={"loss": "huber", "params": {"delta": 1}, "at": [-2, 0.5]}),
    ("POST", "/v1/regularizers/evaluate"): Example(
        body={"penalties": [{"type": "l1", "lambda": 0.1, "theta": [0, -2, 0.5]}], "gradient": True}
    ),
    ("POST", "/v1/losses/closed-form"): Example(
        body={"problem": "ridge", **_POINTS, "lambda": 2, "convention": "sum", "fit_intercept": True}
    ),
    ("POST", "/v1/losses/class-weights"): Example(body={"scheme": "balanced", "labels": [0, 0, 0, 1, 2, 2]}),
    ("POST", "/v1/losses/decision-threshold"): Example(
        body={"op": "optimal", "costs": {"tp": 0, "tn": 0, "fp": 1, "fn": 4}, "probabilities": [0.1, 0.2, 0.7]}
    ),
    ("POST", "/v1/losses/descent"): Example(
        body={"model": "linear", **_POINTS, "theta0": [0, 0], "learning_rate": 0.25, "steps": 4, "optimizer": "gd"}
    ),
    ("POST", "/v1/losses/surface"): Example(
        body={"model": "ridge", **_POINTS, "lambda": 0.5, "convention": "sum", "theta": [1, 1],
              "directions": [[1, 0], [0, 1]], "grid": [[-1, 0, 1], [-1, 0, 1]]}
    ),
}  # fmt: skip
CATALOGUE: dict[tuple[str, str], Example] = {
    ("GET", "/v1/catalog"): _ASKED,
    ("GET", "/v1/catalog/providers"): _ASKED,
    ("GET", "/v1/catalog/token_models"): Example(query={"q": "gpt-4o"}),
    ("GET", "/v1/catalog/zones"): Example(query={"q": "oregon"}),
    ("GET", "/v1/catalog/releases"): _ASKED,
    ("POST", "/v1/catalog/releases"): Example(body={"files": {"release.toml": 'id = "2027-01-01"\n'}}),
    ("GET", "/v1/catalog/releases/{a}/diff/{b}"): Example({"a": RELEASE, "b": RELEASE}),
    ("POST", "/v1/catalog/releases/{release}/withdrawal"): Example({"release": RELEASE}, body={"because": "a slip"}),
    ("GET", "/v1/catalog/{table}"): Example({"table": "accelerators"}),
    ("GET", "/v1/catalog/{table}/{key}"): Example({"table": "accelerators", "key": "h100-sxm"}),
    ("GET", "/v1/catalog/{table}/{key}/history"): Example(_HISTORY, {"provider": "deepseek"}),
}
SPENDING: dict[tuple[str, str], Example] = {
    ("PUT", "/v1/budgets/{name}"): Example(
        _SEARCH, body={"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 100}]}
    ),
    ("GET", "/v1/budgets"): _ASKED,
    ("GET", "/v1/budgets/{name}"): Example(_SEARCH),
    ("GET", "/v1/budgets/{name}/history"): Example(_SEARCH),
    ("POST", "/v1/budgets/{name}/checks"): Example(_SEARCH, body=_ASKING),
    ("GET", "/v1/budgets/{name}/reservations"): Example(_SEARCH),
    ("GET", "/v1/budgets/{name}/reservations/{id}"): Example(_HELD),
    ("POST", "/v1/budgets/{name}/reservations/{id}/settle"): Example(_HELD, body={"actual": {"cost_usd": 0.01}}),
    ("POST", "/v1/budgets/{name}/ledger/corrections"): Example(
        _SEARCH, body={"transaction": RESERVATION, "actual": {"cost_usd": 0.02}, "reason": "as invoiced"}
    ),
    ("POST", "/v1/budgets/{name}/reservations/{id}/release"): Example(_HELD),
    ("GET", "/v1/reservations/{id}"): Example({"id": RESERVATION}),
    ("POST", "/v1/reservations/{id}/settle"): Example({"id": RESERVATION}, body={"actual": {"cost_usd": 0.01}}),
    ("POST", "/v1/reservations/{id}/release"): Example({"id": RESERVATION}),
    ("GET", "/v1/budgets/{name}/ledger"): Example(_SEARCH),
    ("GET", "/v1/budgets/{name}/ledger/audit"): Example(_SEARCH),
    ("POST", "/v1/usage/cost"): Example(body=_LOGGED, kind=LINES),
    ("POST", "/v1/otlp/v1/traces"): Example(query={"label": "team"}, body=_EXPORT),
    ("GET", "/v1/usage/jobs/{id}"): Example({"id": JOB}),
    ("GET", "/v1/usage/jobs/{id}/answer"): Example({"id": JOB}),
    ("DELETE", "/v1/budgets/{name}"): Example(_SEARCH),
    ("PUT", "/v1/rate-cards/{name}"): Example(
        {"name": "acme"},
        body={"description": "Acme Ltd", "rules": [{"model": "claude-opus-*", "multiplier": 0.9, "note": "C-17"}]},
    ),
    ("GET", "/v1/rate-cards"): _ASKED,
    ("GET", "/v1/rate-cards/{name}"): Example({"name": "acme"}),
    ("GET", "/v1/rate-cards/{name}/history"): Example({"name": "acme"}),
    ("DELETE", "/v1/rate-cards/{name}"): Example({"name": "acme"}),
    ("POST", "/v1/keys"): Example(body={"name": "nightly check", "scopes": ["budgets:reserve:search"]}),
    ("GET", "/v1/keys"): _ASKED,
    ("GET", "/v1/keys/self"): _ASKED,
    ("POST", "/v1/keys/{id}/rotate"): Example({"id": KEY}, body={"overlap_hours": 24}),
    ("DELETE", "/v1/keys/{id}"): Example({"id": KEY}),
    ("GET", "/v1/audit"): Example(query={"subject": "budget:search"}),
    ("GET", "/v1/audit/export"): Example(query={"subject": "key"}),
}
SERVICE: dict[tuple[str, str], Example] = {
    ("GET", "/v1"): _ASKED,
    ("GET", "/v1/badges/{kind}.svg"): Example({"kind": "cost"}, TRAINING.example),
    ("GET", "/v1/charts"): _ASKED,
    ("GET", "/v1/charts/{kind}.{form}"): Example(
        {"kind": "training", "form": "svg"}, {**TRAINING.example, "size": "640"}
    ),
    ("GET", "/v1/codes"): _ASKED,
    ("GET", "/v1/views"): _ASKED,
    ("GET", "/v1/views/{view}"): Example({"view": "training"}, TRAINING.example),
    ("POST", "/v1/views/usage-log"): Example(query={"label": "team"}, body=_LINE, kind=LINES),
    ("GET", "/healthz"): _ASKED,
    ("GET", "/readyz"): _ASKED,
    ("GET", "/metrics"): _ASKED,
}
EXAMPLES = ESTIMATES | LOSSES | CATALOGUE | SPENDING | SERVICE
