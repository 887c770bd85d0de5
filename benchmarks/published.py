"""Published runs as questions: what a user would have typed before (or after) each run of pricing_data."""

from datetime import UTC, datetime
from typing import Any

from mlquote.catalog.rows import TrainingRun

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HEADLINE = ("run", "finetune", "benchmark")
_GROUPS = {
    "pretrain": "run", "continued_pretrain": "run", "finetune": "finetune", "lora_finetune": "finetune",
    "rlhf": "finetune", "rl": "finetune", "mlperf_pretrain": "benchmark", "mlperf_other": "benchmark",
    "throughput_benchmark": "throughput", "nas": "aggregate", "family_total": "aggregate",
}  # fmt: skip
_KINDS = {
    "dense_decoder": "transformer", "moe": "transformer", "moe_multimodal": "transformer", "multimodal": "transformer",
    "vision_transformer": "vit", "ssm_hybrid": "ssm", "diffusion_video": "diffusion", "search": "other",
    "recommender": "other",
}  # fmt: skip
_METHODS = {"continued_pretrain": "continued_pretrain", "finetune": "finetune", "lora_finetune": "lora",
            "rlhf": "rlhf", "rl": "rl"}  # fmt: skip
_TUNED = "mlperf"
"""How the ids of runs begin that are tuned benchmarks, whatever they train."""
_RUN_KINDS = {"benchmark": "benchmark", "throughput": "throughput_test"}
_SELLERS = {"(Azure list": "azure", "(Lambda list": "lambda", "($14/h 8xA100": "lambda", "($24/h for 8xH100": "lambda"}
"""Who rented out what a run cost, as its basis of cost names them; the last two authors say so beside their price."""
_SIZES = ("layers", "hidden_size", "heads", "kv_heads", "ffn_size", "ffn_gated", "vocab_size")


def group_of(run: TrainingRun) -> str:
    """`run`, `finetune`, `benchmark`, `throughput` or `aggregate`."""
    return _GROUPS[run.kind]


def seller_of(run: TrainingRun) -> str | None:
    """Who rented out its accelerators, where the run says so."""
    return next((seller for words, seller in _SELLERS.items() if words in run.cost_basis), None)


def is_headline(run: TrainingRun) -> bool:
    """Developers' own figures of whole jobs: what the scoreboard is judged by."""
    return group_of(run) in HEADLINE and run.source_type != "third_party_estimate"


def question_of(run: TrainingRun, *, with_hours: bool = False) -> dict[str, Any]:
    """What is known of a run before it starts; `with_hours` adds the disclosed accelerator-hours, PUE and grid."""
    sizes = {name: getattr(run, name) for name in _SIZES if getattr(run, name) is not None}
    sizes["kind"] = _KINDS.get(run.architecture, run.architecture)
    fields: dict[str, Any] = {
        "params": _count(run.params),
        "active_params": _count(run.active_params),
        "architecture": sizes,
        "tokens": run.tokens,
        "sequence_length": run.sequence_length,
        "method": _METHODS.get(run.kind, "pretrain"),
        "run_kind": "benchmark" if run.id.startswith(_TUNED) else _RUN_KINDS.get(group_of(run), "production"),
        "accelerator": run.accelerator,
        "accelerator_count": run.accelerator_count,
        "precision": run.precision or None,
        "date": run.run_date.isoformat(),
        "grid_zone": run.grid_zone or None,
        "provider": seller_of(run),
    }
    if run.params is None:
        del fields["architecture"]
    if with_hours:
        fields |= {"accelerator_hours": run.accelerator_hours, "pue": run.pue}
        if run.gco2e_per_kwh:
            fields["kgco2e_per_kwh"] = run.gco2e_per_kwh / 1000
    return {name: value for name, value in fields.items() if value is not None}


def _count(value: float | None) -> int | None:
    return None if value is None else round(value)
