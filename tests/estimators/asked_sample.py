"""Questions as people ask them: plausible values for every field of every question, and seeded combinations of them.

A field without an entry here makes tests/estimators/test_nothing_silent.py fail: a new field brings its values along.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.annotation import annotation_estimate
from mlquote.estimators.annotation.question import AnnotationQuestion, LabellingModel, TimeStage
from mlquote.estimators.asking.question import Part, Question
from mlquote.estimators.comparing.comparison import Comparison, comparison
from mlquote.estimators.comparing.price_history import QuoteChange, quote_change
from mlquote.estimators.kinds import PROJECT
from mlquote.estimators.machines.own_part import AcceleratorFigures
from mlquote.estimators.models.architecture import Architecture
from mlquote.estimators.models.image_layers import ConvLayer
from mlquote.estimators.planning.adaptation import adaptation_plan
from mlquote.estimators.planning.adaptation_question import AdaptationPlan
from mlquote.estimators.planning.loss import loss_plan
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.estimators.planning.own_law import TrainedRun
from mlquote.estimators.planning.training_plan import training_plan
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.projects.question import ProjectQuestion, WhatIf
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.estimators.scaling.scaling import scaling_estimate
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.tokens.inference import ApiUsage, inference_estimate
from mlquote.estimators.tokens.usage import Usage
from mlquote.estimators.tokens.workload import Workload
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.provenance import Answer

Fields = dict[str, Any]
Values = Mapping[str, Sequence[Any]]
Estimate = Callable[[Any, Snapshot, datetime], Answer]


@dataclass(frozen=True)
class Kind:
    """A kind of question: what it is, who answers, and how one of its questions is made up."""

    name: str
    question: type[Question]
    estimate: Estimate
    base: Callable[[random.Random], Fields]
    count: int
    """How many of the seeded questions are of this kind."""


LLAMA_CONFIG: Fields = {
    "model_type": "llama", "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 22,
    "num_attention_heads": 32, "num_key_value_heads": 4, "vocab_size": 32000, "max_position_embeddings": 2048,
}  # fmt: skip
GPT2_CONFIG: Fields = {
    "model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257, "n_positions": 1024,
}  # fmt: skip

DENSE: Fields = {"layers": 24, "hidden_size": 2048, "heads": 16, "ffn_size": 5632, "vocab_size": 32000}
MIXTURE: Fields = DENSE | {"experts": 16, "experts_per_token": 2, "expert_ffn_size": 1408}
LATENT: Fields = DENSE | {
    "attention": "mla", "q_lora_rank": 768, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128,
    "v_head_dim": 128,
}  # fmt: skip
WINDOWED: Fields = DENSE | {"attention": "gqa+swa", "kv_heads": 4, "sliding_window": 1024, "full_attention_layers": 4}
RECURRENT: Fields = DENSE | {
    "attention": "hybrid-linear",
    "full_attention_layers": 6,
    "state_elements_per_layer": 262144,
}
TRANSLATOR: Fields = DENSE | {"kind": "encoder_decoder", "encoder_layers": 24}
READER: Fields = DENSE | {"kind": "encoder", "positions": 512}
PATCHES: Fields = {
    "kind": "vit", "layers": 12, "hidden_size": 768, "heads": 12, "ffn_size": 3072, "patch_size": 16, "image_size": 224,
}  # fmt: skip
CONVOLUTIONS: Fields = {
    "kind": "cnn", "image_size": 64, "params": 200_000,
    "conv_layers": [
        {"kind": "conv", "out_channels": 32, "kernel_size": 3},
        {"kind": "pool", "kernel_size": 2, "stride": 2},
        {"kind": "linear", "out_channels": 10},
    ],
}  # fmt: skip
TEXT_SHAPES = (DENSE, MIXTURE, LATENT, WINDOWED, RECURRENT, TRANSLATOR, READER)

ARCHITECTURE: Values = {
    "kind": ("encoder", "encoder_decoder", "transformer"),
    "params": (2_000_000_000, 1_500_000_000),
    "active_params": (300_000_000, 700_000_000),
    "layers": (16, 36),
    "hidden_size": (1024, 4096),
    "heads": (8, 32),
    "kv_heads": (2, 8),
    "head_dim": (64, 256),
    "ffn_size": (4096, 8192),
    "ffn_gated": (False, True),
    "vocab_size": (50257, 128256),
    "tied_embeddings": (True, False),
    "attention": ("mqa", "gqa+swa", "mla", "hybrid-mamba"),
    "full_attention_layers": (2, 8),
    "sliding_window": (256, 2048),
    "experts": (8, 64),
    "experts_per_token": (1, 4),
    "shared_experts": (1, 2),
    "dense_layers": (1, 3),
    "expert_ffn_size": (704, 2816),
    "q_lora_rank": (0, 1536),
    "kv_lora_rank": (128, 256),
    "qk_rope_head_dim": (32, 128),
    "qk_nope_head_dim": (64, 256),
    "v_head_dim": (64, 256),
    "state_elements_per_layer": (65536, 1048576),
    "encoder_layers": (6, 12),
    "mtp_layers": (1, 2),
    "positions": (1024, 4096),
    "patch_size": (14, 32),
    "image_size": (128, 384),
    "conv_layers": ([{"out_channels": 64}], [{"out_channels": 8, "kernel_size": 5}]),
    "forward_flop_per_sample": (4.1e9, 1e12),
}
CONV_LAYER: Values = {
    "kind": ("pool", "conv", "linear", "global_pool"),
    "out_channels": (16, 64),
    "kernel_size": (1, 5),
    "stride": (2, 4),
    "padding": (0, 2),
    "groups": (1, 2),
    "bias": (True, False),
    "norm": (False, True),
    "repeat": (2, 3),
}

TEXT_MODELS = ("llama-3.1-8b", "llama-3.1-70b", "deepseek-v3", "gpt-2-xl", "gemma-2-9b", "falcon-mamba-7b", "bert-base")
IMAGE_MODELS = ("resnet-50", "dit-xl-2", "efficientnet-b0")
PARTS = ("h100-sxm", "a100-sxm4-80gb", "h200-sxm", "mi300x", "tpu-v5e", "l4", "v100-sxm2-32gb", "mi210")
PLACES: tuple[Fields, ...] = (
    {"provider": "aws", "region": "us-east-1"},
    {"provider": "gcp", "region": "europe-west1"},
    {"provider": "azure", "region": "eastus"},
    {"provider": "lambda"},
    {"grid_zone": "FRA"},
    {"grid_zone": "US-CA"},
    {},
    {},
)

FIGURES: Values = {
    "memory_gb": (48.0, 192.0),
    "memory_gb_per_s": (1500.0, 9000.0),
    "peak_tflop_per_s": ({"bf16": 400.0}, {"bf16": 700.0, "fp8": 1400.0}),
    "tdp_w": (350.0, 1000.0),
    "link_gb_per_s": (64.0, 1800.0),
    "usd_per_hour": ("1.10", "6"),
    "purchase_usd": ("2500", "31000"),
}
MINE: Fields = {
    "memory_gb": 96, "memory_gb_per_s": 3000, "peak_tflop_per_s": {"bf16": 500, "fp16": 500}, "tdp_w": 600,
    "link_gb_per_s": 400, "usd_per_hour": "2", "purchase_usd": "20000",
}  # fmt: skip

_MODEL: Values = {
    "model": ("llama-3.1-70b", "gemma-2-9b", "gpt-2-xl"),
    "params": (3_000_000_000, 40_000_000_000),
    "active_params": (1_000_000_000, 2_000_000_000),
    "architecture": (DENSE, MIXTURE),
    "hf_config": (LLAMA_CONFIG, GPT2_CONFIG),
}
_PLACE: Values = {
    "provider": ("aws", "gcp", "lambda", "runpod"),
    "region": ("us-west-2", "europe-west4", "eu-north-1", "europe-north1", "westeurope"),
    "grid_zone": ("POL", "NOR", "IND"),
    "kgco2e_per_kwh": (0.05, 0.7),
    "pue": (1.05, 1.6),
    "power_w": (300.0, 900.0),
    "price_model": ("spot", "capacity_block", "reserved_1m", "reserved_3m", "reserved_6m", "reserved_1y", "owned"),
    "place": ("home", "office", "datacentre"),
    "usd_per_accelerator_hour": ("1.25", "7"),
    "cost_basis": ("amortised", "rental"),
    "accelerator_figures": (MINE, {"memory_gb": 48.0}),
}
_WHEN: Values = {"as_of": ("2019-06-01", "2024-03-01", "2027-06-01")}

TRAINING: Values = {
    **_MODEL,
    **_PLACE,
    **_WHEN,
    "tokens": (2e11, 7e12),
    "samples": (1e6, 5e8),
    "training_flop": (3e21, 4e24),
    "epochs": (2.0, 5.0),
    "sequence_length": (1024, 32768),
    "document_lengths": ([512, 512], [1000, 3000, 96]),
    "mean_document_tokens": (300.0, 900.0),
    "packing": (False, True),
    "method": (
        "finetune",
        "lora",
        "qlora",
        "rlhf",
        "rl",
        "continued_pretrain",
        "pretrain",
        "sft",
        "dpo",
        "grpo",
        "ppo",
    ),
    "generations_per_prompt": (4, 16),
    "completion_tokens": (64, 500),
    "teacher": ("llama-3.1-70b", "gemma-2-9b"),
    "run_kind": ("benchmark", "throughput_test", "production"),
    "adapters": ("lora", "qlora"),
    "lora_rank": (8, 128),
    "target_modules": (["q_proj", "v_proj"], ["all-linear"], ["c_attn"]),
    "trainable_fraction": (0.1, 0.5),
    "recompute": ("full", "selective", "none"),
    "flop_convention": ("6nd", "palm", "full_attention", "cookbook"),
    "tensor_parallel": (2, 8, 1),
    "pipeline_parallel": (2, 4, 1),
    "expert_parallel": (2, 8, 1),
    "zero_stage": (1, 3, 0, 2),
    "batch_tokens": (1e6, 1.6e7),
    "network_gb_per_s": (5.0, 400.0),
    "micro_batch_size": (2, 8),
    "optimizer": (
        "sgd",
        "adam_8bit",
        "muon",
        "adam_fp32",
        "adam_bf16",
        "adam_8bit_paged_in_backward",
        "adam_offloaded",
    ),
    "gradient_accumulation_steps": (2, 16),
    "fused_attention": (False, True),
    "fused_loss": (False, True),
    "embedding_dtype": ("bf16", "fp32"),
    "memory_convention": ("deepspeed", "parts"),
    "experiments_multiplier": (2.0, 4.0),
    "accelerator": ("a100-sxm4-80gb", "mi300x", "h200-sxm", "tpu-v5e"),
    "accelerator_count": (64, 4096),
    "precision": ("fp8", "fp32", "fp16"),
    "mfu": (0.2, 0.55),
    "hfu": (0.25, 0.6),
    "goodput_fraction": (0.5, 0.97),
    "accelerator_hours": (1000.0, 2e6),
    "tokens_per_s_per_accelerator": (500.0, 9000.0),
    "step_s": (0.8, 20.0),
    "tflop_per_s_per_accelerator": (60.0, 400.0),
    "power_scope": ("chip", "system"),
    "idle_fraction": (0.1, 0.4),
    "date": ("2022-06-01", "2024-03-01", "2027-01-01"),
    "storage_gb_months": (1000.0, 5e5),
    "usd_per_gb_month": ("0.01", "0.05"),
    "egress_gb": (500.0, 2e4),
    "usd_per_egress_gb": ("0.02", "0.2"),
}
SERVING: Values = {
    **_MODEL,
    **_PLACE,
    **_WHEN,
    "accelerator": ("a100-sxm4-80gb", "mi300x", "h200-sxm", "l4"),
    "accelerator_count": (2, 16),
    "tensor_parallel": (2, 4, 1),
    "pipeline_parallel": (2, 4),
    "expert_parallel": (2, 8),
    "prefill_accelerators": (1, 4),
    "engine_date": ("2024-06-01", "2026-03-01"),
    "weight_dtype": ("fp8", "int4", "fp32"),
    "kv_dtype": ("fp8", "fp32"),
    "lora_rank": (8, 256),
    "lora_adapters": (4, 64),
    "task": ("embed", "rerank", "generate"),
    "steps": (20, 30),
    "passes_per_step": (1, 2),
    "image_size": (512, 768),
    "image_height": (480, 900),
    "images": (1, 3.5),
    "image_tokens": (256, 1500),
    "audio_seconds": (12.0, 95.0),
    "gpu_memory_utilization": (0.7, 0.97),
    "max_model_len": (8192, 100000),
    "max_num_seqs": (2, 64, 100000),
    "engine": ("vLLM 0.11.1", "TensorRT-LLM 1.0", "sglang"),
    "input_tokens": (64.0, 4000.0, 0.0),
    "output_tokens": (32.0, 1500.0),
    "scenario": ("offline", "interactive", "server"),
    "concurrency": (4.0, 200.0),
    "requests_per_s": (0.2, 3.0),
    "max_ttft_ms": (200.0, 2000.0),
    "max_tpot_ms": (15.0, 60.0),
    "prefix_cache_hit_fraction": (0.3, 0.9),
    "speculative_tokens": (2, 5),
    "acceptance_fraction": (0.5, 0.9),
    "draft_cost_fraction": (0.01, 0.2),
    "output_tokens_per_s": (300.0, 9000.0),
    "utilisation_fraction": (0.3, 0.8),
    "power_scope": ("gpu", "wall", "facility"),
    "against_provider": ("openai", "groq", "together"),
    "against_model": ("gpt-4o-mini", "llama-3.1-8b-instant"),
    "operations_usd_per_month": ("500", "20000"),
    "rate_card": ("acme", "acme@3"),
}
USAGE: Values = {
    **dict.fromkeys(Usage.model_fields, (250, 40000)),
    "reasoning_tokens": (10, 100),
    "image_size": ("1024x1024", "2K"),
    "image_quality": ("low", "hd"),
    "resolution": ("720p", "1080p"),
    "search_context": ("low", "high"),
    "images": (1, 4),
    "input_images": (1, 3),
    "seconds": ("8", "12.5"),
    "input_seconds": ("30", "90"),
    "output_seconds": ("5", "20"),
}
WORKLOAD: Values = {
    "requests_per_day": ("500", "20000"),
    "input_tokens": (3000, 9000),
    "output_tokens": (100, 2000),
    "cached_input_fraction": ("0.3", "0.8"),
    "shared_prefix_tokens": (500, 1500),
    "cache_hit_fraction": ("0.4", "0.9"),
    "cache_ttl": ("1h", "5m"),
    "batch_fraction": ("0.25", "1"),
    "days": (7, 365),
}
OPENAI_RESPONSE: Fields = {
    "model": "gpt-5-mini", "object": "chat.completion",
    "usage": {"prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500},
}  # fmt: skip
ANTHROPIC_RESPONSE: Fields = {
    "model": "claude-opus-4-7", "type": "message", "usage": {"input_tokens": 900, "output_tokens": 400},
}  # fmt: skip
BEDROCK_RESPONSE: Fields = {"usage": {"inputTokens": 900, "outputTokens": 400, "totalTokens": 1300}}
INFERENCE: Values = {
    **_WHEN,
    "provider": ("openai", "anthropic", "google", "aws-bedrock"),
    "model": ("gpt-5-mini", "claude-haiku-4-5", "gemini-2.5-pro"),
    "usage": ({"input_tokens": 10}, {"input_tokens": 5000, "output_tokens": 700}),
    "provider_response": (OPENAI_RESPONSE, ANTHROPIC_RESPONSE),
    "api": ("responses", "messages", "chat", "converse"),
    "request": ({"modelId": "anthropic.claude-haiku-4-5-20251001-v1:0"}, {"service_tier": "flex"}),
    "workload": ({"requests_per_day": 100, "input_tokens": 400}, {"requests_per_day": 9, "input_tokens": 90}),
    "requests": (7, 1_000_000),
    "per": ("mtok",),
    "processing": ("batch", "priority", "flex"),
    "region": ("us", "eu", "us-east-1", "us-mars-9"),
    "discount_fraction": ("0.15", "-0.1"),
    "rate_card": ("acme", "acme@3"),
}
SCALING: Values = {
    **_WHEN,
    "op": ("loss", "compute_optimal", "tokens_for_loss"),
    "law": ("hoffmann2022-approach3", "muennighoff2023", "kaplan2020-joint"),
    "coefficients": (
        {"E": 1.7, "A": 400, "B": 410, "alpha": 0.34, "beta": 0.28},
        {"E": 1.8, "A": 480, "B": 2080, "alpha": 0.35, "beta": 0.37},
    ),
    "N": (3e9, 2e10),
    "D": (1e11, 2e12),
    "C": (1e22, 1e25),
    "x": (1e9, 1e10),
    "loss": (2.1, 2.4),
    "loss_from": (2.6, 2.9),
    "loss_to": (2.05, 2.2),
    "unique_tokens": (1e10, 1e11),
    "epochs": (2, 16),
    "weight_bits": (3, 8),
    "activation_bits": (4, 8),
    "cache_bits": (2, 3),
    "inference_tokens": (1e12, 1e13),
    "flops_per_param_token": (7.0, 8.0),
    "inference_flops_per_param_token": (2.5, 3.0),
    "peak_flops": (3.12e14, 9.9e14),
    "mfu": (0.3, 0.5),
    "usd_per_gpu_hour": (1.5, 4.0),
}
COMPARISON: Values = {
    **_WHEN,
    "kind": ("training", "serving", "inference"),
    "question": ({"model": ["gpt-5", "gpt-5-mini"], "provider": "openai", "usage": {"input_tokens": 7}},),
    "alternatives": ([{"requests": 2}, {"requests": 5}], [{"requests": 3}]),
    "rank_by": ("energy_kwh", "usd_per_mtok.input", "usd_per_hour", "joules_per_output_token"),
    "order": ("highest", "lowest"),
    "pareto": (["cost_usd", "energy_kwh"], ["cost_usd", "cost_per_request_usd"]),
}
LOSS_PLAN: Values = {
    **_WHEN,
    "loss_from": (2.3, 2.5),
    "loss_to": (1.97, 2.02),
    "laws": (["besiroglu2024"], ["hoffmann2022-printed", "gadre2024-c4"]),
    "runs": ([{"params": n, "tokens": n * r, "loss": 2 + 30 / n**0.2 + 9 / (n * r) ** 0.1}
              for n, r in ((1e8, 9), (1e8, 90), (1e9, 20), (3e9, 8), (3e9, 70), (9e9, 30))],),
    "objective": ("huber", "least_squares"),
    "tied": (True, False),
    "seed": (1, 2),
    "accelerator": ("a100-sxm4-80gb", "h200"),
    "accelerator_count": (8, 4096),
    "precision": ("fp8", "fp32"),
    "mfu": (0.2, 0.5),
    "goodput_fraction": (0.7, 0.9),
    "experiments_multiplier": (2, 5),
    "date": ("2024-03-01", "2025-06-01"),
    "provider": ("aws", "lambda"),
    "region": ("us-east-1", "eu-west-1"),
    "price_model": ("spot", "owned"),
    "usd_per_accelerator_hour": (1.5, 4),
    "grid_zone": ("FR", "PL"),
    "kgco2e_per_kwh": (0.05, 0.6),
    "pue": (1.05, 1.6),
}  # fmt: skip
TRAINING_PLAN: Values = {
    **_WHEN,
    "cost_usd": (900, 20000),
    "accelerator_hours": (300, 5000),
    "energy_kwh": (400, 4000),
    "emissions_kgco2e": (90, 3000),
    "training_flop": (1e20, 4e21),
    "deadline_days": (2, 60),
    "deadline_hours": (30, 900),
    "max_tokens": (1e10, 9e12),
    "min_tokens": (5e9, 1e13),
    "unique_tokens": (2e9, 3e10),
    "max_epochs": (2, 40),
    "min_params": (2e8, 4e9),
    "max_params": (9e8, 6e10),
    "loss_to": (2.0, 2.6),
    "inference_tokens": (1e11, 1e14),
    "shape_family": ("pythia-1.4b", "qwen3-8b"),
    "sequence_length": (2048, 32768),
    "accelerator": ("a100-sxm4-80gb", "h100-sxm,b200-sxm"),
    "accelerator_count": (8, "8,16,64"),
    "max_accelerators": (16, 4096),
    "precision": ("fp8", "bf16,fp8"),
    "provider": ("aws", "lambda,gcp"),
    "region": ("us-east-1", "europe-west4"),
    "price_model": ("spot", "reserved_1y", "owned"),
    "usd_per_accelerator_hour": (1.5, 4),
    "grid_zone": ("FR", "PL"),
    "kgco2e_per_kwh": (0.05, 0.6),
    "pue": (1.05, 1.6),
    "mfu": (0.2, 0.5),
    "goodput_fraction": (0.7, 0.9),
    "optimizer": ("adam_8bit", "sgd"),
    "recompute": ("full", "selective"),
    "micro_batch_size": (2, 4),
    "flop_convention": ("6nd", "palm"),
    "experiments_multiplier": (2, 5),
    "date": ("2025-03-01", "2026-06-01"),
    "laws": (["hoffmann2022-tex"], ["besiroglu2024", "muennighoff2023"]),
    "runs": LOSS_PLAN["runs"],
    "objective": ("huber", "least_squares"),
    "tied": (True, False),
}
TRAINED_RUN: Values = {"params": (2e8, 5e9), "tokens": (3e9, 2e11), "loss": (2.9, 3.4)}
ANNOTATION: Values = {
    **_WHEN,
    "task": ("image_polygon", "text_classification", "preference_pair"),
    "items": (20_000, 3_000_000),
    "labels_per_item": (2.5, 8),
    "words_per_item": (70, 430),
    "words_per_unit": (20, 1000),
    "media_seconds": (25, 700),
    "media_seconds_per_unit": (7, 1000),
    "ranking_size": (4, 9),
    "votes": (5, 11),
    "vote_margin": (2, 3),
    "labeler_accuracy": (0.8, 0.95),
    "gold_fraction": (0.05, 0.1),
    "rework_fraction": (0.08, 0.2),
    "review_fraction": (0.1, 0.3),
    "review_usd_per_unit": ("0.02", "1"),
    "review_seconds": (4, 60),
    "setup_usd": ("500", "20000"),
    "provider": ("google-data-labeling", "sagemaker-ground-truth", "mechanical-turk"),
    "annotator": ("crowd", "expert"),
    "basis": ("hourly", "per_unit"),
    "usd_per_unit": ("0.04", "2"),
    "usd_per_worker_hour": ("9", "40"),
    "productive_fraction": (0.6, 0.85),
    "seconds_per_unit": (12, 200),
    "stages": ([{"name": "draw", "seconds_per_unit": 20}],),
    "worker_hours": (400, 90_000),
    "months": (3, 12),
    "units_per_assignment": (10, 25),
    "assisted_time_fraction": (0.5, 0.9),
    "accepted_fraction": ("0.6", "0.9"),
    "verify_seconds": (2, 5),
    "labelling_model": ({"model": "gpt-5-mini", "provider": "openai", "input_tokens": 900, "output_tokens": 20},),
    "audit_items": (100, 900),
}
ADAPTATION: Values = {
    **_WHEN,
    "requests_per_month": (40_000, 90_000_000),
    "input_tokens": (1800, 6000),
    "output_tokens": (60, 900),
    "shared_prefix_tokens": (400, 1600),
    "months": (3, 36),
    "provider": ("openai", "azure"),
    "model": ("gpt-5-mini", "gpt-5-nano"),
    "cache_ttl": ("1h", "5m"),
    "cache_hit_fraction": ("0.5", "0.95"),
    "hosted_model": ("gemma-2-9b", "llama-3.1-70b"),
    "accelerator": ("a100-sxm4-80gb", "h200-sxm"),
    "accelerator_count": (2, 8),
    "weight_dtype": ("fp8", "int8"),
    "peak_factor": (20, 200),
    "machine_provider": ("lambda", "aws"),
    "region": ("us-west-2", "eu-north-1"),
    "price_model": ("spot", "owned"),
    "usd_per_accelerator_hour": ("1.25", "7"),
    "operations_usd_per_month": ("500", "20000"),
    "examples": (2000, 500_000),
    "epochs": (1, 5),
    "usd_per_example": ("0.5", "12"),
    "examples_ready": (True, False),
    "eval_items": (100, 2000),
    "eval_votes": (1, 7),
    "usd_per_eval_label": ("0.1", "3"),
    "train_params": (400_000_000, 2_000_000_000),
    "train_tokens": (1e10, 3e11),
    "seed": (1, 2),
}
TIME_STAGE: Values = {
    "name": ("spot", "check"),
    "seconds_per_unit": (9.0, 30.0),
    "seconds_per_item": (8.0, 70.0),
    "worker_hours": (100.0, 9000.0),
}
LABELLING_MODEL: Values = {
    "provider": ("openai", "azure"),
    "model": ("gpt-5-mini", "gpt-5-nano"),
    "input_tokens": (300, 5000),
    "output_tokens": (5, 300),
}
RUN: Fields = {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator": "h100-sxm", "accelerator_count": 256}
API: Fields = {"provider": "openai", "model": "gpt-5-mini", "workload": {"requests_per_day": 9000, "input_tokens": 900}}
PROJECT_VALUES: Values = {
    **_WHEN,
    "parts": ({"staff": {"usd": 5}}, {"run": RUN, "staff": {"usd": 900}}),
    "months": (6, 9),
    "cost_basis": ("amortised", "rental"),
    "usd_per_accelerator_hour": ("1.25", "7"),
    "shared": ({"grid_zone": "FRA"}, {"pue": 1.5}, {"mfu": 0.2}),
    "rate_card": ("acme", "acme@3"),
    "discount_rate_per_year": ("0.05", "20%"),
    "alternative": ({"api": API},),
    "what_if": ([{"change": {"pue": 1.7}}], [{"part": "staff", "change": {"usd": 7}}]),
    "seed": (1, 2),
}
WHAT_IF: Values = {
    "name": ("more", "less"),
    "part": ("staff", "run"),
    "change": ({"months": 8}, {"usd": 50}),
}
QUOTE_CHANGE: Values = {
    **_WHEN,
    "question": ({"model": "gpt-5", "provider": "openai", "usage": {"input_tokens": 7}},),
    "since": ("2020-01-01", "2025-09-01"),
}

VALUES: Mapping[type[Part], Values] = {
    TrainingQuestion: TRAINING,
    ServingQuestion: SERVING,
    ApiUsage: INFERENCE,
    Usage: USAGE,
    Workload: WORKLOAD,
    Architecture: ARCHITECTURE,
    AcceleratorFigures: FIGURES,
    ConvLayer: CONV_LAYER,
    ScalingQuestion: SCALING,
    Comparison: COMPARISON,
    LossPlan: LOSS_PLAN,
    TrainingPlan: TRAINING_PLAN,
    TrainedRun: TRAINED_RUN,
    QuoteChange: QUOTE_CHANGE,
    AnnotationQuestion: ANNOTATION,
    AdaptationPlan: ADAPTATION,
    TimeStage: TIME_STAGE,
    LabellingModel: LABELLING_MODEL,
    ProjectQuestion: PROJECT_VALUES,
    WhatIf: WHAT_IF,
}
"""What each field of a question, or of a part of one, may plausibly say instead."""

AT_THE_DOOR: Mapping[str, str] = {
    "release": "the door hands over that release's snapshot; tests/web/test_releases.py holds it",
    "since_release": "the door hands over the old release's snapshot; tests/web/test_releases.py holds it",
}
"""Fields that act before an estimate is asked, and why."""


def _model(rng: random.Random) -> Fields:
    """One way to say which model."""
    return rng.choice(
        (
            lambda: {"model": rng.choice(TEXT_MODELS)},
            lambda: {"model": rng.choice(TEXT_MODELS)},
            lambda: {"params": rng.choice((1_300_000_000, 7_000_000_000))},
            lambda: {"architecture": dict(rng.choice(TEXT_SHAPES))},
            lambda: {"architecture": dict(rng.choice(TEXT_SHAPES))},
            lambda: {"hf_config": rng.choice((LLAMA_CONFIG, GPT2_CONFIG))},
        )
    )()


def _price(rng: random.Random) -> Fields:
    return rng.choice(
        ({}, {}, {"price_model": rng.choice(("spot", "reserved_1y", "owned"))}, {"usd_per_accelerator_hour": "2.5"})
    )


def _some(rng: random.Random, values: Values, most: int, besides: Sequence[str] = ()) -> Fields:
    """A few more fields, each at one of its plausible values."""
    names = sorted(set(values) - set(besides))
    return {name: rng.choice(values[name]) for name in rng.sample(names, rng.randint(0, most))}


_MODEL_NAMES = tuple(_MODEL)


def _training(rng: random.Random) -> Fields:
    part: Fields = {"accelerator": rng.choice(PARTS)}
    if rng.random() < 0.25:
        shapes = ({"model": rng.choice(IMAGE_MODELS)}, {"architecture": PATCHES}, {"architecture": CONVOLUTIONS})
        more = _some(rng, TRAINING, 2, (*_MODEL_NAMES, "samples"))
        return more | rng.choice(shapes) | part | {"samples": 1.2e9} | dict(rng.choice(PLACES))
    work: Fields = rng.choice(({"tokens": 1e12}, {"tokens": 1e12}, {"samples": 1e8}))
    if rng.random() < 0.2:
        work = rng.choice(({"training_flop": 1e23}, {"accelerator_hours": 5e4}))
    if rng.random() < 0.8:
        part["accelerator_count"] = rng.choice((8, 256, 1024))
    more = _some(rng, TRAINING, 5, (*_MODEL_NAMES, "tokens", "samples", "training_flop", "accelerator_hours"))
    model = {} if work.keys() & {"accelerator_hours", "training_flop"} and rng.random() < 0.5 else _model(rng)
    return more | model | work | part | dict(rng.choice(PLACES)) | _price(rng)


def _serving(rng: random.Random) -> Fields:
    part: Fields = {"accelerator": rng.choice(PARTS)}
    if rng.random() < 0.7:
        part["accelerator_count"] = rng.choice((1, 4, 8))
    load: Fields = rng.choice(
        (
            {"concurrency": 16.0},
            {"concurrency": 64.0, "scenario": "server"},
            {"requests_per_s": 1.0},
            {"scenario": "offline"},
            {"scenario": "interactive", "max_tpot_ms": 50.0},
            {"output_tokens_per_s": 2000.0},
        )
    )
    return _some(rng, SERVING, 5, _MODEL_NAMES) | _model(rng) | part | load | dict(rng.choice(PLACES)) | _price(rng)


SOLD = (
    ("openai", "gpt-5"),
    ("openai", "gpt-image-1"),
    ("openai", "gpt-realtime"),
    ("anthropic", "claude-opus-4-7"),
    ("google", "gemini-2.5-flash"),
    ("google", "gemini-2.5-pro"),
    ("aws-bedrock", "anthropic.claude-haiku-4-5-20251001-v1:0"),
    ("mistral", "mistral-ocr-2505"),
    ("perplexity", "sonar-pro"),
    ("deepseek", "deepseek-chat"),
)


def _inference(rng: random.Random) -> Fields:
    provider, model = rng.choice(SOLD)
    sold: Fields = {"provider": provider, "model": model}
    more = _some(rng, INFERENCE, 2, ("provider", "model", "usage", "provider_response", "workload", "rate_card", "per"))
    way = rng.random()
    if way < 0.2:
        response, whose = rng.choice(
            ((OPENAI_RESPONSE, "openai"), (ANTHROPIC_RESPONSE, "anthropic"), (BEDROCK_RESPONSE, "aws-bedrock"))
        )
        named = {"model": SOLD[6][1]} if whose == "aws-bedrock" else {}
        return more | named | {"provider": whose, "provider_response": response}
    if way < 0.45:
        workload = {"requests_per_day": 1000, "input_tokens": 2000} | _some(rng, WORKLOAD, 4)
        return {k: v for k, v in more.items() if k != "requests"} | sold | {"workload": workload}
    usage = {"input_tokens": 1000, "output_tokens": 200} | _some(rng, USAGE, 2)
    return more | sold | {"usage": usage}


_OPERATIONS: tuple[Fields, ...] = (
    {"op": "loss", "N": 7e9, "D": 1e12},
    {"op": "compute_optimal", "C": 1e24},
    {"op": "compute_for_loss", "loss": 2.2},
    {"op": "chinchilla_for_params", "N": 7e9},
    {"op": "tokens_for_loss", "N": 7e9, "loss": 2.2},
    {"op": "inference_optimal", "loss": 2.2, "inference_tokens": 2e12},
    {"op": "data_constrained_loss", "N": 7e9, "D": 1e12, "unique_tokens": 1e11},
    {"op": "kaplan_joint_loss", "N": 7e9, "D": 1e12},
    {"op": "power_law_loss", "x": 1e9},
    {"op": "loss_at_compute", "C": 1e22},
    {"op": "allocation_exponent"},
    {"op": "tokens_per_param", "C": 1e22, "law": "llama3-2024-isoflop"},
    {"op": "deadweight_compute", "N": 7e9, "D": 1e12},
    {"op": "data_constrained_optimal", "C": 1e22, "unique_tokens": 25e9},
    {"op": "effective_unique_tokens", "epochs": 4},
    {"op": "effective_params", "N": 7e9, "weight_bits": 4},
    {"op": "dollars_for_loss", "loss_from": 2.5, "loss_to": 2.2, "peak_flops": 1e15, "mfu": 0.4, "usd_per_gpu_hour": 2},
)


def _scaling(rng: random.Random) -> Fields:
    return dict(rng.choice(_OPERATIONS)) | _some(rng, SCALING, 1, ("op",))


def _loss_plan(rng: random.Random) -> Fields:
    asked: Fields = {"loss_from": 2.2, "loss_to": 2.05, "accelerator": "h100-sxm"}
    if rng.random() < 0.25:
        asked |= {"runs": LOSS_PLAN["runs"][0], "loss_from": 4.4, "loss_to": 4.0}
    return asked | _some(
        rng, LOSS_PLAN, 2, ("loss_from", "loss_to", "accelerator", "runs", "objective", "tied", "seed")
    )


_LABELS: tuple[Fields, ...] = (
    {"task": "image_bounding_box", "items": 90_000, "provider": "google-data-labeling", "gold_fraction": 0.05},
    {"task": "image_segmentation", "items": 4000, "usd_per_worker_hour": 12, "productive_fraction": 0.8,
     "stages": [{"name": "draw", "seconds_per_unit": 60}, {"name": "spot", "seconds_per_item": 20}]},
    {"task": "text_classification", "items": 5000, "words_per_item": 120, "usd_per_unit": "0.1", "votes": 3,
     "labelling_model": {"model": "gpt-5", "provider": "openai", "input_tokens": 400, "output_tokens": 10}},
    {"task": "video_event", "items": 300, "media_seconds": 120, "labels_per_item": 10, "usd_per_unit": "0.2",
     "provider": "mechanical-turk", "review_fraction": 0.1},
    {"task": "preference_pair", "items": 2000, "annotator": "trained", "labeler_accuracy": 0.8, "vote_margin": 2},
    {"task": "transcription", "items": 700, "media_seconds": 90, "usd_per_worker_hour": 20, "accepted_fraction": 0.5,
     "verify_seconds": 30},
)  # fmt: skip


def _annotation(rng: random.Random) -> Fields:
    """One of these, and now and then with stages and a model, whose fields are to be tried too."""
    asked = dict(rng.choice(_LABELS))
    if rng.random() < 0.5:
        asked |= {"stages": [{"name": "work", "worker_hours": 300}], "labelling_model": _LABELS[2]["labelling_model"]}
        asked.pop("accepted_fraction", None), asked.pop("verify_seconds", None)
    return asked


def _training_plan(rng: random.Random) -> Fields:
    asked: Fields = {"cost_usd": 3000, "accelerator": "h100-sxm", "provider": "lambda", "laws": "besiroglu2024"}
    if rng.random() < 0.5:
        asked |= {"unique_tokens": 5e9, "max_epochs": 8, "deadline_hours": 100}
    return asked


def _adaptation(rng: random.Random) -> Fields:
    asked: Fields = {
        "requests_per_month": 2_000_000, "input_tokens": 2000, "output_tokens": 300, "shared_prefix_tokens": 1500,
        "provider": "openai", "model": "gpt-5", "hosted_model": "llama-3.1-8b", "accelerator": "h100-sxm",
        "examples": 10_000, "machine_provider": rng.choice(("aws", "lambda")), "train_params": 10**9,
        "train_tokens": 2e10,
    }  # fmt: skip
    return asked | ({"usd_per_example": "2"} if rng.random() < 0.5 else {"examples_ready": True})


def _comparison(rng: random.Random) -> Fields:
    asked: Fields = rng.choice(
        (
            {"provider": "openai", "model": ["gpt-5", "gpt-5-mini", "gpt-5-nano"], "usage": {"input_tokens": 1000}},
            {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator": ["h100-sxm", "a100-sxm4-80gb"]},
            {"kind": "serving", "model": "llama-3.1-8b", "accelerator": ["h100-sxm", "l4"], "concurrency": 8},
        )
    )
    own = {"kind": asked["kind"]} if "kind" in asked else {}
    if rng.random() < 0.5:
        asked = own | {"question": {name: value for name, value in asked.items() if name != "kind"}}
    return asked | _some(rng, COMPARISON, 1, ("question", "kind"))


def _quote_change(rng: random.Random) -> Fields:
    provider, model = rng.choice(SOLD[:6])
    asked: Fields = {"provider": provider, "model": model, "usage": {"input_tokens": 1000, "output_tokens": 200}}
    since = {"since": rng.choice(("2025-01-01", "2026-01-01"))}
    return since | (asked if rng.random() < 0.5 else {"question": asked}) | _some(rng, QUOTE_CHANGE, 1, ("question",))


def _project(rng: random.Random) -> Fields:
    parts: Fields = {"run": RUN | dict(rng.choice(PLACES)), "staff": {"usd": 3000, "occurs": "monthly"}}
    if rng.random() < 0.5:
        parts["api"] = API
    asked: Fields = {"months": 4, "parts": parts, "what_if": [{"part": "run", "change": {"pue": 1.3}}]}
    return asked | _some(rng, PROJECT_VALUES, 2, ("parts", "rate_card", "months", "what_if"))


def _changed(question: Any, catalog: Snapshot, now: datetime) -> Answer:
    return quote_change(question, catalog, now)


KINDS: tuple[Kind, ...] = (
    Kind("training", TrainingQuestion, training_estimate, _training, 50),
    Kind("serving", ServingQuestion, serving_estimate, _serving, 48),
    Kind("inference", ApiUsage, inference_estimate, _inference, 50),
    Kind("scaling", ScalingQuestion, scaling_estimate, _scaling, 15),
    Kind("annotation", AnnotationQuestion, annotation_estimate, _annotation, 8),
    Kind("adaptation", AdaptationPlan, adaptation_plan, _adaptation, 3),
    Kind("loss-plan", LossPlan, loss_plan, _loss_plan, 4),
    Kind("training-plan", TrainingPlan, training_plan, _training_plan, 3),
    Kind("comparison", Comparison, comparison, _comparison, 8),
    Kind("quote-change", QuoteChange, _changed, _quote_change, 7),
    Kind("project", ProjectQuestion, PROJECT.estimate, _project, 4),
)
"""200 questions in all."""


def seeded(kind: Kind) -> Iterator[Fields]:
    """The made-up questions of one kind, the same ones at every run, without an end."""
    seed = 0
    while True:
        yield kind.base(random.Random(f"{kind.name} {seed}"))
        seed += 1
