"""What trainers call the things that questions ask for: a hint for whoever brings an argument by the name they know."""

from collections.abc import Collection, Mapping

CALLED: Mapping[str, str] = {
    "per_device_train_batch_size": "micro_batch_size", "train_micro_batch_size_per_gpu": "micro_batch_size",
    "batch_size": "micro_batch_size", "global_batch_size": "batch_tokens", "train_batch_size": "batch_tokens",
    "gradient_accumulation": "gradient_accumulation_steps", "num_train_epochs": "epochs", "n_epochs": "epochs",
    "max_seq_length": "sequence_length", "max_length": "sequence_length", "seq_length": "sequence_length",
    "seq_len": "sequence_length", "cutoff_len": "sequence_length", "model_max_length": "sequence_length",
    "num_generations": "generations_per_prompt", "rloo_k": "generations_per_prompt",
    "max_completion_length": "completion_tokens", "response_length": "completion_tokens",
    "max_new_tokens": "completion_tokens", "gradient_checkpointing": "recompute",
    "activation_checkpointing": "recompute", "use_flash_attention": "fused_attention",
    "use_liger_kernel": "fused_loss", "load_in_4bit": "adapters", "use_peft": "adapters", "peft_config": "adapters",
    "finetuning_type": "adapters", "r": "lora_rank", "lora_r": "lora_rank", "lora_target": "target_modules",
    "lora_target_modules": "target_modules", "sample_packing": "packing", "num_gpus": "accelerator_count",
    "gpus": "accelerator_count", "n_gpus": "accelerator_count", "gpu_count": "accelerator_count", "gpu": "accelerator",
    "gpu_type": "accelerator", "dtype": "precision", "bf16": "precision", "fp16": "precision", "optim": "optimizer",
    "teacher_model": "teacher", "num_samples": "samples", "num_tokens": "tokens", "tp_size": "tensor_parallel",
    "pp_size": "pipeline_parallel",
}  # fmt: skip
"""Arguments of transformers, TRL, PEFT, DeepSpeed, torchtune, Axolotl, LLaMA-Factory and Unsloth -> our fields."""


def called_here(name: str, known: Collection[str]) -> str:
    """The field that an argument of a trainer stands for, as a hint; nothing where the question has no such field."""
    field = CALLED.get(name.casefold())
    return f"here it is {field}" if field in known else ""
