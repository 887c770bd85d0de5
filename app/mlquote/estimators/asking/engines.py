"""What serving engines call the things that questions ask for, and what of theirs is not estimated: hints by name."""

from collections.abc import Collection, Mapping

CALLED: Mapping[str, str] = {
    "tensor_parallel_size": "tensor_parallel", "tp": "tensor_parallel", "tp_size": "tensor_parallel",
    "pipeline_parallel_size": "pipeline_parallel", "pp": "pipeline_parallel", "pp_size": "pipeline_parallel",
    "ep_size": "expert_parallel", "enable_expert_parallel": "expert_parallel", "kv_cache_dtype": "kv_dtype",
    "cache_type_k": "kv_dtype", "cache_type_v": "kv_dtype", "quantization": "weight_dtype", "quant": "weight_dtype",
    "mem_fraction_static": "gpu_memory_utilization", "kv_cache_free_gpu_memory_fraction": "gpu_memory_utilization",
    "max_total_tokens": "max_model_len", "context_length": "max_model_len", "num_ctx": "max_model_len",
    "n_ctx": "max_model_len", "max_seq_len": "max_model_len", "max_running_requests": "max_num_seqs",
    "max_batch_size": "max_num_seqs", "n_parallel": "max_num_seqs", "num_speculative_tokens": "speculative_tokens",
    "speculative_num_draft_tokens": "speculative_tokens", "max_loras": "lora_adapters", "max_lora_rank": "lora_rank",
    "max_concurrency": "concurrency", "batch_size": "concurrency", "request_rate": "requests_per_s",
    "qps": "requests_per_s", "isl": "input_tokens", "osl": "output_tokens", "prompt_tokens": "input_tokens",
    "random_input_len": "input_tokens", "random_output_len": "output_tokens", "max_new_tokens": "output_tokens",
    "max_tokens": "output_tokens", "image": "images", "image_count": "images", "images_per_request": "images",
    "num_images": "images", "limit_mm_per_prompt": "images", "image_width": "image_size",
}  # fmt: skip
"""Arguments of vLLM, SGLang, TensorRT-LLM, llama.cpp, Ollama and their benchmarks -> fields of a serving question."""
OFFLOAD = (
    "weights and caches outside the accelerator's memory are not estimated, each step would wait for its link: take "
    "more accelerators, or a lighter weight_dtype"
)
APART: Mapping[str, str] = {
    **dict.fromkeys(
        ("cpu_offload_gb", "cpu_offload", "offload", "kv_offloading_size", "swap_space", "n_gpu_layers", "gpu_layers",
         "num_gpu_layers", "n_cpu_moe", "cpu_moe", "device_map", "enable_hierarchical_cache"), OFFLOAD
    ),
}  # fmt: skip
"""What engines do and no field asks for -> why, and what to do instead."""
_SERVES = "max_num_seqs"
"""A field that only questions of serving have."""


def engine_argument(name: str, known: Collection[str]) -> str:
    """What an engine's argument stands for here, as a hint; nothing where the question is none of serving."""
    if _SERVES not in known:
        return ""
    field = CALLED.get(name.casefold())
    return f"here it is {field}" if field in known else APART.get(name.casefold(), "")
