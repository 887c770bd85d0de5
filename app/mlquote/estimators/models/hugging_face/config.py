"""A Hugging Face config.json, read as it is: its stack, its parameters, its context, what could not be counted.

Only named families are read: a guess at an unknown one would be a wrong number. Text models nested in multimodal
configs are found; an image tower of a kind we do not count is left out of the parameters, and the answer says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlquote.estimators.models.hugging_face import others as hf_others
from mlquote.estimators.models.hugging_face.decoders import FAMILIES, SPECIAL, decoder
from mlquote.estimators.models.hugging_face.deepseek_v4 import deepseek_v4
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.gemma4 import gemma4
from mlquote.estimators.models.hugging_face.images import image_params
from mlquote.formulas.models.layers import Stack
from mlquote.kit.errors import Malformed, nearest

OTHERS: dict[str, tuple[str, Callable[[Fields], Stack]]] = {
    "bert": ("encoder", hf_others.bert),
    "roberta": ("encoder", hf_others.bert),
    "xlm-roberta": ("encoder", hf_others.bert),
    "distilbert": ("encoder", hf_others.distilbert),
    "t5": ("encoder_decoder", hf_others.t5),
    "mt5": ("encoder_decoder", hf_others.t5),
    "vit": ("vit", hf_others.vit),
    "mamba": ("ssm", hf_others.mamba),
    "falcon_mamba": ("ssm", hf_others.mamba),
    "mamba2": ("ssm", hf_others.mamba2),
    "nemotron_h": ("transformer", hf_others.nemotron_h),
    "deepseek_v4": ("transformer", deepseek_v4),
    "gemma4_text": ("transformer", gemma4),
}
RENAMED = {
    "refinedweb": "falcon",
    "refinedwebmodel": "falcon",
    "ministral3": "ministral",
    "kimi_k2": "deepseek_v3",
    "deepseek_v32": "deepseek_v3",
    "deepseek_ref": "deepseek_v4",
    "glm_moe_dsa": "deepseek_v3",
    "qwen2_5_vl": "qwen2",
    "qwen2_5_vl_text": "qwen2",
    "qwen3_vl_text": "qwen3",
    "qwen3_vl_moe_text": "qwen3_moe",
    "phi-msft": "phi",
}
"""Names under which a family is also published."""
NESTED = ("text_config", "llm_config", "language_config")
DTYPES = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32", "float8_e4m3fn": "fp8"}


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """What a config says: the stack to count, and what stands beside it."""

    family: str
    kind: str
    stack: Stack
    context_tokens: int | None
    weight_dtype: str
    uncounted: str
    """A part that is left out of the count, or ""."""
    patch_size: int | None = None
    image_size: int | None = None


def read_config(config: Mapping[str, Any], pointer: str = "/hf_config") -> ReadConfig:
    """The model that a config.json describes.

    Args:
        config: the parsed JSON object, as published.
        pointer: where it stands in the question.

    Returns: a `ReadConfig`.

    Raises:
        Malformed: a field is missing or of the wrong type, or the family is not known (code
            `unsupported-architecture`).
        OutOfDomain: a field means nothing or is absurd.
    """
    whole = Fields(config, pointer)
    if not config:
        raise Malformed("hf_config is empty", pointer=pointer, hint="the contents of config.json")
    text = whole.part(*NESTED)
    inner = _inherited(whole, text) if text else whole
    family = _family(inner, whole)
    kind, stack = _stack(family, inner)
    extra, uncounted = _image_part(whole, stack)
    if extra:
        stack = replace(stack, other_params=stack.other_params + extra)
    return ReadConfig(
        family=family,
        kind=kind,
        stack=stack,
        context_tokens=_context(inner),
        weight_dtype=_weight_dtype(whole, inner),
        uncounted=uncounted,
        patch_size=whole.count("patch_size", default=16) if kind == "vit" else None,
        image_size=whole.count("image_size", default=224) if kind == "vit" else None,
    )


def _inherited(whole: Fields, text: Fields) -> Fields:
    """The nested text config, with what only the outer object says of it."""
    outer = {"tie_word_embeddings": whole.get("tie_word_embeddings")}
    return text.with_defaults(**{k: v for k, v in outer.items() if v is not None})


def _family(inner: Fields, whole: Fields) -> str:
    said = inner.word("model_type") or whole.word("model_type")
    if not said:
        raise Malformed("model_type is missing", pointer=inner.at("model_type"), hint="llama, qwen3, ...")
    name = said.casefold()
    for candidate in (name, RENAMED.get(name, name), f"{name}_text", name.removesuffix("_text")):
        if candidate in FAMILIES or candidate in OTHERS:
            return candidate
    known = [*FAMILIES, *OTHERS, *RENAMED]
    raise Malformed(
        f"model_type {said!r} is not one whose parameters we can count",
        pointer=inner.at("model_type"),
        hint=nearest(said, known) or "give architecture instead, with its sizes",
        code="unsupported-architecture",
    )


def _stack(family: str, c: Fields) -> tuple[str, Stack]:
    if family in OTHERS:
        kind, read = OTHERS[family]
        return kind, read(c)
    special = SPECIAL.get(family)
    return "transformer", special(c) if special else decoder(c, FAMILIES[family])


def _image_part(whole: Fields, stack: Stack) -> tuple[int, str]:
    vision = whole.part("vision_config")
    if vision is None:
        return 0, "its image encoder" if whole.word("model_type") == "llama4" else ""
    counted = image_params(vision, whole, stack.hidden_size)
    if counted is None:
        return 0, "its image encoder"
    return counted, "its audio encoder" if whole.part("audio_config") else ""


def _context(c: Fields) -> int | None:
    names = ("max_position_embeddings", "n_positions", "n_ctx", "seq_length", "max_seq_len")
    return c.count(*names, most=10**9) if c.get(*names) is not None else None


def _weight_dtype(whole: Fields, inner: Fields) -> str:
    quantized = whole.part("quantization_config")
    if quantized is not None:
        said = " ".join(str(quantized.get(name) or "") for name in ("quant_method", "quant_algo", "fmt")).casefold()
        bits = quantized.count("bits", "num_bits", default=4, most=64)
        names = {"mxfp4": "mxfp4", "nvfp4": "fp4", "fp8": "fp8", "e4m3": "fp8", "float-quantized": "fp8"}
        return next((dtype for name, dtype in names.items() if name in said), "int8" if bits == 8 else "int4")
    said = inner.word("torch_dtype", "dtype") or whole.word("torch_dtype", "dtype")
    return DTYPES.get(said.removeprefix("torch."), "")
