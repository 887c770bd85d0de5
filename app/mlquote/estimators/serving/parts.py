"""What a serving question names, as the formulas need it: the model, the part and what it computes in, the engine."""

import re
from dataclasses import dataclass

from mlquote.catalog.rows import Accelerator, AcceleratorPeak
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure
from mlquote.estimators.machines.peaks import SIXTEEN_BIT, dense_peaks
from mlquote.estimators.machines.power import rated_of
from mlquote.estimators.models.resolved import Resolved
from mlquote.formulas.models.kv_cache import cached_elements_per_token, state_elements
from mlquote.formulas.models.layers import Attention, LatentAttention, Recurrence, Stack
from mlquote.formulas.serving.load import Chip, Served
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.units import BYTES_PER_GB, FLOP_PER_TFLOP

PCIE_GB_PER_S = 32.0
"""Both directions of PCIe 3.0 x16, for parts whose sheet names no link."""
WEIGHT_ONLY_SINCE = {"Ampere", "Ada", "Hopper", "Grace Hopper", "Blackwell", "Grace Blackwell", "Blackwell Ultra",
                     "Grace Blackwell Ultra", "Rubin", "CDNA3", "CDNA4"}  # fmt: skip
"""Generations on which fp8 and fp4 weights are unpacked to 16 bits where the part does not compute in them
(Marlin kernels need compute capability 8.0)."""
EIGHT_BIT_FLOAT = WEIGHT_ONLY_SINCE - {"Ampere"}
"""Generations that compute in fp8, at the rate of int8 where only that one is published."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The software that serves: its family, and whether it runs one fixed batch to the end."""

    family: str
    static: bool


_FAMILIES = (
    (r"tensorrt|trt[-_ ]?llm|\bnim\b|triton", "tensorrt_llm"),
    (r"vllm|mango|llmboost", "vllm"),
    (r"sgl", "sglang"),
    (r"llama\.?cpp|ollama|gguf|lm ?studio", "llama_cpp"),
    (r"deepspeed", "deepspeed"),
    (r"faster ?transformer|\bft\b", "fastertransformer"),
    (r"transformers|exllama|ctranslate|eager|pytorch|accelerate", "eager"),
)
_STATIC = frozenset({"llama_cpp", "deepspeed", "fastertransformer", "eager"})


def engine_of(text: str | None) -> Engine:
    """The family an engine's name belongs to ("TensorRT-LLM 0.17" -> tensorrt_llm); "any" where none is recognised.

    TensorRT-LLM before 0.9 was measured with its own fixed-batch benchmark, without a server in front.
    """
    name = (text or "").casefold()
    family = next((family for pattern, family in _FAMILIES if re.search(pattern, name)), "any")
    early = re.search(r"llm[^0-9]*0\.([0-8])(\D|$)", name) is not None and family == "tensorrt_llm"
    return Engine(family, family in _STATIC or early)


def served_of(model: Resolved) -> Served:
    """The model as the formulas see it.

    Raises:  OutOfDomain where it has no decoder layers to count
    """
    stack = model.stack
    if stack is None or model.image is not None or model.kind not in ("transformer", "ssm", "encoder_decoder"):
        hint = "give a decoder: a catalogue model, params, architecture or hf_config"
        raise OutOfDomain(f"{model.kind} models do not generate tokens one by one", pointer="/architecture", hint=hint)
    full, windowed, window = _cached(stack)
    recurrence = next((b.mixer for b in stack.blocks if isinstance(b.mixer, Recurrence)), None)
    latent = any(isinstance(b.mixer, LatentAttention) for b in stack.blocks)
    heads = max((b.mixer.kv_heads for b in stack.blocks if isinstance(b.mixer, Attention)), default=1)
    experts = model.sizes.experts or 0
    return Served(
        params=float(model.params),
        active_params=float(model.active_params),
        layers=float(stack.layers),
        hidden_size=float(stack.hidden_size),
        kv_heads=1.0 if latent else float(heads),
        full_layers=float(_full_layers(stack)),
        full_elements_per_token=full,
        window_elements_per_token=windowed,
        window=window,
        state_elements=float(state_elements(stack)),
        experts=float(experts) if model.mixture else 0.0,
        experts_per_token=float(model.sizes.experts_per_token or 0) if model.mixture else 0.0,
        latent=latent,
        recurrent=recurrence.kind if recurrence else "",
    )


def _cached(stack: Stack) -> tuple[float, float, float]:
    """(elements per token of full layers, of windowed ones, their window)."""
    full = windowed = window = 0.0
    for block in stack.blocks:
        each = block.count * cached_elements_per_token(block.mixer)
        if isinstance(block.mixer, Attention) and block.mixer.window:
            windowed, window = windowed + each, float(block.mixer.window)
        else:
            full += each
    return full, windowed, window


def _full_layers(stack: Stack) -> int:
    whole = (b for b in stack.blocks if isinstance(b.mixer, Attention | LatentAttention))
    return sum(b.count for b in whole if not (isinstance(b.mixer, Attention) and b.mixer.window))


@dataclass(frozen=True, slots=True)
class Part:
    """An accelerator in one weight dtype: its figures, what it computes in, and the rows they come from."""

    row: Accelerator
    chip: Chip
    computes_in: str
    peak: AcceleratorPeak
    rated: Figure
    """Rated power, W."""


def part_of(accelerator: Accelerator, weight_dtype: str, catalog: Snapshot) -> Part:
    """The accelerator as it serves weights of this dtype; worked out once for each pair.

    Raises:  OutOfDomain where a figure is not published, or the part cannot compute with such weights at all
    """
    known = catalog.derived(_parts)
    key = (accelerator.id, weight_dtype)
    if key not in known:
        known[key] = _part(accelerator, weight_dtype, catalog)
    return known[key]


def _parts(_: Snapshot) -> dict[tuple[str, str], Part]:
    return {}


def _part(accelerator: Accelerator, weight_dtype: str, catalog: Snapshot) -> Part:
    peaks = dense_peaks(accelerator, catalog)
    sixteen = next((peaks[dtype] for dtype in SIXTEEN_BIT if dtype in peaks), None)
    own = _computed_in(accelerator, weight_dtype, peaks, sixteen)
    rated = rated_of(accelerator, catalog)
    if accelerator.memory_gb is None or accelerator.memory_bandwidth_gb_per_s is None or sixteen is None:
        detail = f"memory, bandwidth or a 16-bit rate of {accelerator.id} is not published"
        raise OutOfDomain(detail, pointer="/accelerator", hint="take another accelerator", code="accelerator-unknown")
    chip = Chip(
        memory_bytes=accelerator.memory_gb * BYTES_PER_GB,
        bandwidth_bytes_per_s=accelerator.memory_bandwidth_gb_per_s * BYTES_PER_GB,
        link_bytes_per_s=(accelerator.interconnect_gb_per_s or PCIE_GB_PER_S) / 2 * BYTES_PER_GB,
        sixteen_bit_flop_per_s=sixteen.tflop_per_s * FLOP_PER_TFLOP,
        flop_per_s=own.tflop_per_s * FLOP_PER_TFLOP,
        tdp_w=rated.value.median if rated.value else None,
    )
    return Part(accelerator, chip, own.dtype, own, rated)


def _computed_in(
    accelerator: Accelerator,
    weight_dtype: str,
    peaks: dict[str, AcceleratorPeak],
    sixteen: AcceleratorPeak | None,
) -> AcceleratorPeak:
    """The rate at which weights of this dtype are multiplied: their own, or that of what they are unpacked to."""
    twice = ("int8",) if accelerator.family.split(" (")[0] in EIGHT_BIT_FLOAT else ()
    direct = {"fp8": ("fp8", *twice), "fp4": ("fp4",), "mxfp4": ("fp8",) if "fp4" in peaks else (), "fp32": ("fp32",),
              "tf32": ("tf32",), "fp64": ("fp64",)}.get(weight_dtype, ())  # fmt: skip
    for dtype in direct:
        if dtype in peaks:
            return peaks[dtype]
    able = sorted({*peaks, *({"int8", "int4", "q4_k_m"} if sixteen else set())})
    unpacked = accelerator.family.split(" (")[0] in WEIGHT_ONLY_SINCE
    foreign = weight_dtype == "bf16" and "bf16" not in peaks and accelerator.vendor != "Apple"
    foreign |= weight_dtype in ("fp8", "fp4", "mxfp4") and not unpacked and accelerator.vendor != "Apple"
    foreign |= weight_dtype in ("fp64", "tf32")
    if foreign or sixteen is None:
        hint = f"weights it can serve: {', '.join(able)}"
        detail = f"{accelerator.id} computes neither in {weight_dtype} nor unpacks such weights"
        raise OutOfDomain(detail, pointer="/weight_dtype", hint=hint, code="dtype-not-computable")
    return peaks[weight_dtype] if weight_dtype in SIXTEEN_BIT and weight_dtype in peaks else sixteen
