"""What fields and figures are called on a page: a phrase for those that people meet first, else the name in words."""

from mlquote.kit.units import SUFFIXES

FIELDS = {
    "accelerator_count": "Count", "accelerator_hours": "Accelerator-hours",
    "tokens": "Tokens", "model": "Model", "accelerator": "Accelerator",
    "provider": "Seller", "grid_zone": "Place", "usd_per_accelerator_hour": "Price per accelerator-hour",
    "mfu": "Utilisation (MFU)", "hfu": "Hardware utilisation (HFU)", "pue": "Power usage effectiveness (PUE)",
    "kgco2e_per_kwh": "Carbon intensity", "as_of": "Prices as of", "release": "Catalogue release",
    "input_tokens": "Input tokens of one request", "output_tokens": "Output tokens of one request",
    "requests": "Requests", "processing": "Processing", "cache_read_tokens": "Of them read from a cache",
    "workload.requests_per_day": "Requests a day", "workload.input_tokens": "Input tokens of one request",
    "workload.output_tokens": "Output tokens of one request", "workload.days": "Days",
    "power_w": "Draw of one accelerator", "params": "Parameters", "method": "Method", "lora_rank": "Rank of adapters",
    "concurrency": "Requests in flight", "scenario": "Scenario", "weight_dtype": "Weights stored as",
    "max_ttft_ms": "Most time to first token", "max_tpot_ms": "Most time per token", "price_model": "Terms",
    "discount_fraction": "Negotiated discount", "region": "Region", "epochs": "Passes (epochs)",
    "residual.throughput": "Throughput, measured over estimated", "residual.joules": "Energy, measured over estimated",
    "residual.power": "Power, measured over estimated", "embodied_kgco2e_per_hour": "Embodied carbon",
    "training_flop": "Work (model FLOP)",
}  # fmt: skip
FIGURES = {
    "cost_usd": "Cost", "cost_range_usd": "Cost", "wall_clock_hours": "Wall clock",
    "accelerator_hours": "Accelerator-hours", "energy_kwh": "Energy", "emissions_kgco2e.total": "Emissions",
    "water_l": "Water", "training_flop": "Work", "memory.bytes": "Memory", "predicted_loss": "Predicted loss",
    "cost_per_request_usd": "One request", "cost_per_day_usd": "A day", "cost_per_month_usd": "A month",
    "usd_per_mtok.input": "Input tokens", "usd_per_mtok.output": "Output tokens", "usd_per_mtok.blended": "All tokens",
    "list_cost_usd": "At list price", "savings_usd": "Saved", "usd_per_hour": "An hour", "usd_per_day": "A day",
    "output_tokens_per_s": "Throughput", "ttft_ms": "Time to first token", "tpot_ms": "Time per token",
    "max_concurrency": "Most sequences at once", "power_w": "Power", "kgco2e_per_mtok": "Emissions",
    "plan.losses.0.loss": "Loss", "plan.wall_clock_hours": "Wall clock", "plan.params": "Parameters",
    "plan.tokens": "Tokens", "plan.mfu": "Utilisation (MFU)", "plan.memory_bytes_per_accelerator": "Memory",
    "emissions_kgco2e": "Emissions", "times_compute": "Compute, times", "usd_per_item": "An item",
    "usd_per_worker_hour": "An hour of work", "worker_hours": "Hours of work", "verdict_accuracy": "Right verdicts",
    "joules_per_output_token": "Energy of a token", "replicas_needed": "Replicas needed",
}  # fmt: skip
NOTES = {
    "energy_kwh": "at the plug, with the building's overhead", "emissions_kgco2e.total": "location-based and embodied",
    "memory.bytes": "of the fullest accelerator", "training_flop": "model FLOP, without recomputation",
    "list_cost_usd": "standard processing, nothing cached", "usd_per_mtok.blended": "as input and output are mixed",
    "power_w": "accelerators in use, as `power_scope` has it", "kgco2e_per_mtok": "of a million tokens",
    "predicted_loss": "by a scaling law, which gives no range", "max_concurrency": "that the caches have room for",
}  # fmt: skip


def field_label(name: str) -> str:
    """`max_model_len` -> Max model len; the unit that ends a name stands beside the field instead."""
    if name in FIELDS:
        return FIELDS[name]
    bare = name.rpartition(".")[2]
    suffix = next((each for each in SUFFIXES if bare.endswith(each) and len(each) < len(bare)), "")
    words = bare.removesuffix(suffix).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def figure_label(name: str) -> str:
    """A figure of an answer by its path."""
    return FIGURES.get(name) or field_label(name)
