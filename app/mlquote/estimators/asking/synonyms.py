"""What people call the fields of a question: names that can mean one field only, and names that may mean it.

A name of the first list is read as the field, and the answer says so; one of the second is refused, with the field it
probably stands for as the hint.
"""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mlquote.estimators.asking.numbers import is_number


class Means(NamedTuple):
    """The field that a name stands for, and the value that what was said becomes."""

    field: str
    value: Callable[[Any], Any] = lambda said: said
    takes: Callable[[Any], bool] = lambda said: True


def _is_counted(said: Any) -> bool:
    return is_number(said) if isinstance(said, str) else isinstance(said, int | float | Decimal) and said is not True


def _is_yes(said: Any) -> bool:
    return said is True or (isinstance(said, str) and said.strip().casefold() in {"true", "yes", "1", "on"})


def _word(field: str, word: str) -> Means:
    """A flag that stands for one word of a field."""
    return Means(field, lambda _: word, _is_yes)


def _times(field: str, unit: str) -> Means:
    """A number in thousands, millions, billions or trillions of a field."""
    return Means(field, lambda said: f"{said}{unit}", _is_counted)


def _is_part(said: Any) -> bool:
    """A part's name, which may be four digits: 4090."""
    return isinstance(said, str) and (not is_number(said) or _FOUR_DIGITS.fullmatch(said.strip()) is not None)


_FOUR_DIGITS = re.compile(r"[1-9]\d{3}")
_PART = Means("accelerator", takes=_is_part)
_COUNT = Means("accelerator_count", takes=_is_counted)

SURE: Mapping[str, tuple[Means, ...]] = {
    **dict.fromkeys(("gpu", "gpu_type", "gpu_name", "accelerator_type", "tpu", "chip", "hardware"), (_PART, _COUNT)),
    **dict.fromkeys(
        ("gpus", "accelerators", "num_gpus", "n_gpus", "ngpus", "gpu_count", "number_of_gpus", "num_accelerators",
         "n_accelerators"),
        (_COUNT, _PART),
    ),
    **dict.fromkeys(("gpu_hours", "gpu_hrs", "accelerator_hrs", "tpu_hours"), (Means("accelerator_hours"),)),
    **dict.fromkeys(
        ("usd_per_gpu_hour", "price_per_gpu_hour", "cost_per_gpu_hour", "gpu_price_per_hour", "gpu_hour_price",
         "dollars_per_gpu_hour", "usd_per_gpu_hr", "gpu_hourly_rate", "gpu_hourly_price"),
        (Means("usd_per_accelerator_hour"),),
    ),
    **dict.fromkeys(("cloud", "cloud_provider", "seller", "api_provider"), (Means("provider"),)),
    **dict.fromkeys(("country", "grid", "electricity_zone"), (Means("grid_zone"),)),
    **dict.fromkeys(
        ("n_params", "num_params", "nparams", "parameters", "num_parameters", "n_parameters", "parameter_count",
         "param_count", "total_params", "model_params", "model_size", "size"),
        (Means("params", takes=_is_counted), Means("N", takes=_is_counted)),
    ),
    "params": (Means("N"),),
    **dict.fromkeys(("params_b", "params_billion", "params_billions", "billion_params", "size_b"),
                    (_times("params", "b"), _times("N", "b"))),
    **dict.fromkeys(("active_parameters", "activated_params", "n_active_params"), (Means("active_params"),)),
    **dict.fromkeys(("model_name", "model_id", "llm"), (Means("model"),)),
    **dict.fromkeys(
        ("n_tokens", "num_tokens", "training_tokens", "train_tokens", "dataset_tokens", "total_tokens", "token_count"),
        (Means("tokens"), Means("D")),
    ),
    "tokens": (Means("D"),),
    **dict.fromkeys(("tokens_b", "tokens_billion", "tokens_billions"), (_times("tokens", "b"), _times("D", "b"))),
    **dict.fromkeys(("tokens_t", "tokens_trillion", "tokens_trillions"), (_times("tokens", "t"), _times("D", "t"))),
    **dict.fromkeys(("n_samples", "num_samples", "examples", "num_examples"), (Means("samples"),)),
    **dict.fromkeys(("flop", "flops", "total_flop", "total_flops", "training_flops", "train_flops", "compute_flop"),
                    (Means("training_flop"), Means("C"))),
    **dict.fromkeys(("training_flop", "compute"), (Means("C"),)),
    **dict.fromkeys(("seq_len", "seqlen", "seq_length", "sequence_len", "max_seq_length"), (Means("sequence_length"),)),
    **dict.fromkeys(("n_epochs", "num_epochs", "num_train_epochs"), (Means("epochs"),)),
    **dict.fromkeys(("lora_r", "rank"), (Means("lora_rank"),)),
    **dict.fromkeys(("optim",), (Means("optimizer"),)),
    **dict.fromkeys(("spot", "preemptible"), (_word("price_model", "spot"),)),
    "on_demand": (_word("price_model", "on_demand"),),
    **dict.fromkeys(
        ("prompt_tokens", "tokens_in", "in_tokens", "input", "inputs", "n_input_tokens", "num_input_tokens",
         "input_token", "input_token_count", "prompt_token_count", "input_len", "input_length", "isl", "prompt_len"),
        (Means("input_tokens", takes=_is_counted),),
    ),
    **dict.fromkeys(
        ("completion_tokens", "generated_tokens", "tokens_out", "out_tokens", "output", "outputs", "n_output_tokens",
         "num_output_tokens", "output_token", "output_token_count", "candidates_token_count", "output_len",
         "output_length", "osl", "response_tokens"),
        (Means("output_tokens", takes=_is_counted),),
    ),
    **dict.fromkeys(("cache_read_input_tokens", "cache_read"), (Means("cache_read_tokens"),)),
    **dict.fromkeys(("cache_creation_input_tokens", "cache_write"), (Means("cache_write_tokens"),)),
    **dict.fromkeys(("thinking_tokens", "n_reasoning_tokens"), (Means("reasoning_tokens"),)),
    **dict.fromkeys(("calls", "api_calls", "n_requests", "num_requests", "request_count", "num_calls"),
                    (Means("requests"),)),
    **dict.fromkeys(("requests_per_day", "daily_requests", "calls_per_day", "rpd"), (Means("requests_per_day"),)),
    **dict.fromkeys(("service_tier",), (Means("processing"),)),
    **dict.fromkeys(("batch", "batch_api", "is_batch"), (_word("processing", "batch"),)),
    "flex": (_word("processing", "flex"),),
    **dict.fromkeys(("per_million", "per_million_tokens", "per_mtok", "per_1m"), (_word("per", "mtok"),)),
    "discount": (Means("discount_fraction"),),
    **dict.fromkeys(("when", "as_of_date", "price_date"), (Means("as_of"),)),
    **dict.fromkeys(("qps", "rps", "request_rate", "requests_per_second"), (Means("requests_per_s"),)),
    **dict.fromkeys(("concurrent_users", "concurrent_requests", "max_concurrency"), (Means("concurrency"),)),
    **dict.fromkeys(("utilization_fraction", "utilization", "utilisation"), (Means("utilisation_fraction"),)),
    **dict.fromkeys(("ttft_ms", "target_ttft_ms"), (Means("max_ttft_ms"),)),
    **dict.fromkeys(("tpot_ms", "itl_ms", "target_tpot_ms"), (Means("max_tpot_ms"),)),
    **dict.fromkeys(("dtype",), (Means("precision"), Means("weight_dtype"))),
    **dict.fromkeys(("precision", "quantization", "quantisation", "quant"), (Means("weight_dtype"),)),
    **dict.fromkeys(("tp", "tp_size", "tensor_parallel_size"), (Means("tensor_parallel"),)),
    **dict.fromkeys(("pp", "pp_size", "pipeline_parallel_size"), (Means("pipeline_parallel"),)),
    **dict.fromkeys(("backend", "framework", "runtime"), (Means("engine"),)),
    **dict.fromkeys(
        ("images", "texts", "videos", "recordings", "prompts", "scenes", "n_items", "num_items", "item_count"),
        (Means("items", takes=_is_counted),),
    ),
    **dict.fromkeys(
        ("labelers", "labellers", "annotators", "raters", "votes_per_item"), (Means("votes", takes=_is_counted),)
    ),
    **dict.fromkeys(
        ("boxes_per_image", "objects_per_image", "segments_per_image", "polygons_per_image", "events_per_video",
         "labels_per_image"),
        (Means("labels_per_item", takes=_is_counted),),
    ),
    **dict.fromkeys(("words", "words_per_text"), (Means("words_per_item", takes=_is_counted),)),
    **dict.fromkeys(
        ("video_seconds", "video_s", "audio_seconds", "audio_s"), (Means("media_seconds", takes=_is_counted),)
    ),
    **dict.fromkeys(("labour_hours", "labor_hours", "annotation_hours", "person_hours"), (Means("worker_hours"),)),
    **dict.fromkeys(("wage", "hourly_wage", "wage_usd_per_hour"), (Means("usd_per_worker_hour"),)),
    **dict.fromkeys(("usd_per_label", "price_per_label", "cost_per_label", "price_per_unit"), (Means("usd_per_unit"),)),
    **dict.fromkeys(("monthly_requests", "calls_per_month"), (Means("requests_per_month"),)),
}  # fmt: skip
"""A name, folded -> the fields it stands for, the first that a question has and that takes the value."""

LIKELY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("price", "cost", "rate", "hourly_rate", "price_per_hour", "cost_per_hour", "usd_per_hour"),
                    ("usd_per_accelerator_hour", "usd_per_unit", "usd_per_worker_hour")),
    **dict.fromkeys(("hours", "hrs", "time", "duration"), ("accelerator_hours", "worker_hours")),
    **dict.fromkeys(("vendor", "company", "host", "platform", "service"), ("provider",)),
    **dict.fromkeys(("location", "datacenter", "datacentre"), ("region", "grid_zone")),
    **dict.fromkeys(("zone", "state", "city"), ("grid_zone", "region")),
    **dict.fromkeys(("carbon_intensity", "co2_per_kwh", "kg_per_kwh"), ("kgco2e_per_kwh",)),
    **dict.fromkeys(("tokens", "total_tokens", "token", "prompt"), ("input_tokens",)),
    **dict.fromkeys(("max_tokens", "max_new_tokens", "completion"), ("output_tokens",)),
    **dict.fromkeys(("cached_tokens", "cached_input_tokens", "cached"), ("cache_read_tokens",)),
    **dict.fromkeys(("n", "count", "times"), ("requests", "accelerator_count")),
    **dict.fromkeys(("nodes", "num_nodes", "instances", "machines"), ("accelerator_count",)),
    **dict.fromkeys(("context", "ctx", "context_length", "context_window"), ("max_model_len", "sequence_length")),
    **dict.fromkeys(("batch", "batch_size"), ("concurrency", "batch_tokens")),
    **dict.fromkeys(("tier", "mode"), ("processing",)),
    **dict.fromkeys(("date", "time", "at", "day"), ("as_of",)),
    **dict.fromkeys(("name", "id"), ("model",)),
    **dict.fromkeys(("card", "device", "instance", "instance_type", "machine"), ("accelerator",)),
    **dict.fromkeys(("utilization", "utilisation", "efficiency"), ("mfu", "utilisation_fraction")),
    **dict.fromkeys(("power", "watts", "tdp"), ("power_w",)),
    **dict.fromkeys(("images", "rows", "dataset_size", "records"), ("samples",)),
    **dict.fromkeys(("type", "task"), ("method",)),
    **dict.fromkeys(("boxes", "objects", "segments", "events", "labels"), ("labels_per_item",)),
    **dict.fromkeys(("users",), ("concurrency",)),
    **dict.fromkeys(("months", "days"), ("days",)),
}  # fmt: skip
"""A name that may mean more than one thing -> the field it probably stands for."""


def folded_name(name: str) -> str:
    """A name as the tables have it: inputTokens, input-tokens and "Input Tokens" are input_tokens."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()[:_LONGEST])
    return re.sub(r"[\s\-]+", "_", parted).casefold()


_LONGEST = 80


def meant(name: str, said: Any, known: Collection[str]) -> tuple[str, Any] | None:
    """The field of `known` that a name can only stand for, and its value; None where there is no such field."""
    folded = folded_name(name)
    if folded in known:
        return folded, said
    for means in SURE.get(folded, ()):
        if means.field in known and means.takes(said):
            return means.field, means.value(said)
    return None


def likely(name: str, known: Collection[str]) -> str:
    """The field of `known` that a name probably stands for, sure or not; "" where none is."""
    folded = folded_name(name)
    fields = (*(means.field for means in SURE.get(folded, ())), *LIKELY.get(folded, ()))
    return next((field for field in fields if field in known), "")
