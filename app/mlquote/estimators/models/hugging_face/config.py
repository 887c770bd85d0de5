"""A Hugging Face config.json, read as it is: its stack, its parameters, its context, what could not be counted.

Only named families are read: a guess at an unknown one would be a wrong number. Text models nested in multimodal
configs are found; an image tower of a kind we do not count is left out of the parameters, and the answer says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlquote.estimators.models.hugging_face import hybrids
from mlquote.estimators.models.hugging_face import others as hf_others
from mlquote.estimators.models.hugging_face.arithmetic import Sample, arithmetic_of, sample_of
from mlquote.estimators.models.hugging_face.class_defaults import class_defaults
from mlquote.estimators.models.hugging_face.counted import COUNTS
from mlquote.estimators.models.hugging_face.decoders import FAMILIES, SPECIAL, decoder, mllama_text
from mlquote.estimators.models.hugging_face.deepseek_v4 import deepseek_v4
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.gemma4 import gemma4
from mlquote.estimators.models.hugging_face.laws import has_law, law_count
from mlquote.estimators.models.hugging_face.towers import BESIDE
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.weights import Weights
from mlquote.kit.errors import Malformed, OutOfDomain, nearest

STACKS: dict[str, tuple[str, Callable[[Fields], Stack]]] = {
    "bert": ("encoder", hf_others.bert),
    "roberta": ("encoder", hf_others.bert),
    "xlm-roberta": ("encoder", hf_others.bert),
    "camembert": ("encoder", hf_others.bert),
    "distilbert": ("encoder", hf_others.distilbert),
    "t5": ("encoder_decoder", hf_others.t5),
    "mt5": ("encoder_decoder", hf_others.t5),
    "umt5": ("encoder_decoder", hf_others.t5),
    "longt5": ("encoder_decoder", hf_others.t5),
    "vit": ("vit", hf_others.vit),
    "mamba": ("ssm", hf_others.mamba),
    "falcon_mamba": ("ssm", hf_others.mamba),
    "mamba2": ("ssm", hf_others.mamba2),
    "xlstm": ("ssm", hybrids.xlstm),
    "rwkv": ("ssm", hybrids.rwkv),
    **{
        name: ("transformer", read)
        for name, read in {
            "nemotron_h": hf_others.nemotron_h,
            "deepseek_v4": deepseek_v4,
            "gemma4_text": gemma4,
            "granitemoehybrid": hybrids.granitemoehybrid,
            "jamba": hybrids.jamba,
            "bamba": hybrids.bamba,
            "falcon_h1": hybrids.falcon_h1,
            "zamba": hybrids.zamba,
            "zamba2": hybrids.zamba2,
            "lfm2": hybrids.lfm2,
            "lfm2_moe": hybrids.lfm2,
            "lfm3": hybrids.lfm2,
            "minimax": hybrids.minimax,
            "kimi_linear": hybrids.kimi_linear,
            "bailing_hybrid": hybrids.kimi_linear,
            "mimo_v2_flash": hybrids.mimo_v2_flash,
            "longcat_flash": hybrids.longcat_flash,
            "recurrent_gemma": hybrids.recurrent_gemma,
            "jetmoe": hybrids.jetmoe,
            "zaya": hybrids.zaya,
            "gemma3n_text": hybrids.gemma3n,
            "mllama_text_model": mllama_text,
            "granitemoeshared": hybrids.granitemoeshared,
        }.items()
    },
}
"""Models of which every layer is known, with their kind; decoders that are plain stand in `decoders.FAMILIES`."""
RENAMED = {
    "refinedweb": "falcon",
    "refinedwebmodel": "falcon",
    "ministral3": "ministral",
    "kimi_k2": "deepseek_v3",
    "deepseek_ref": "deepseek_v4",
    "minimax_text_01": "minimax",
    "minimax_m1": "minimax",
    "qwen2_5_vl": "qwen2",
    "qwen2_5_vl_text": "qwen2",
    "qwen3_vl_text": "qwen3",
    "qwen3_vl_moe_text": "qwen3_moe",
    "phi-msft": "phi",
    "phi4_multimodal": "phi3",
    "exaone4_5_text": "exaone4",
    "qwen3_omni_moe_text": "qwen3_moe",
    "qwen2_vl_text": "qwen2",
    "qwen2_vl": "qwen2",
    "ernie4_5_vl_moe_text": "ernie4_5_moe",
    "bailing_moe_linear": "bailing_hybrid",
    "iquestcoder": "llama",
}
"""Names under which a family is also published."""
EITHER = ("llama4", "llava", "llava_next_video", "llava_onevision", "fast_vlm")
"""Types whose logits are tied where either object says so: older files said it of the text model alone."""
APART = ("mistral3",)
"""Types whose released weights hold logits of their own where the file does not say, whatever the class would tie."""
UNTIED = ("qwen2_audio",)
"""Types whose logits are tied by the outer object alone."""
RETRIEVERS = {"colqwen2": {"qwen2_vl": "Qwen2VLModel"}}
"""Types that end in a short vector of each token -> the types they may hold, and the class they hold them as."""
TEXT_ALONE = ("MllamaForCausalLM",)
"""Classes that build the text model alone from the whole file."""
FLAT = ("qwen2_vl", "qwen2_5_vl")
"""Types whose older files hold the text model's fields at the top."""
NESTED = ("text_config", "llm_config", "language_config")
ASIDE = (
    "quantization_config", "generation_config", "compression_config", "linear_attn_config", "attn_config", "ffn_config",
    "per_layer_config", "dual_chunk_attention_config", "sparse_attention_config", "init_config",
    "transformers.js_config", "pruned_heads",
)  # fmt: skip
"""Objects of a file that hold no part of the model."""
LOOK_AHEAD = (
    "num_nextn_predict_layers",
    "mtp_num_hidden_layers",
    "num_mtp_layers",
    "num_mtp_modules",
    "mtp_num_layers",
)
"""Layers that predict further ahead: no library builds them from the file, so no count holds them."""
DTYPES = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32", "float8_e4m3fn": "fp8"}


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """What a config says: the model to count, and what stands beside it."""

    family: str
    kind: str
    stack: Stack | None
    """Layer by layer, where each is known; None where only the parameters are."""
    params: int
    context_tokens: int | None
    weight_dtype: str
    look_ahead: int = 0
    """Layers that predict a token further ahead, which the count leaves out."""
    taken: tuple[tuple[str, int], ...] = ()
    """Sizes that the file leaves to its class, by their pointer."""
    patch_size: int | None = None
    image_size: int | None = None
    arithmetic: Weights | None = None
    """Where each product of a model without a stack is made; None where only its parameters are known."""
    sample: Sample | None = None
    """One image of a model that reads images, by that arithmetic."""


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
    if not config:
        raise Malformed("hf_config is empty", pointer=pointer, hint="the contents of config.json")
    try:
        return _read_whole(config, pointer)
    except (IndexError, ZeroDivisionError) as fault:
        detail = "lists or sizes of the config do not fit each other"
        raise OutOfDomain(detail, pointer=pointer, hint="as many items as there are layers or levels") from fault


def _read_whole(config: Mapping[str, Any], pointer: str) -> ReadConfig:
    whole = _whole(config, pointer)
    name = whole.kind
    if name in COUNTS:
        kind, count = COUNTS[name]
        counted = count(whole)
        arithmetic = arithmetic_of(whole, counted)
        sample = sample_of(whole, arithmetic) if arithmetic is not None else None
        read = _read(whole, whole, name, kind, None, int(counted))
        return replace(read, arithmetic=arithmetic, sample=sample)
    if name in RETRIEVERS:
        return _retriever(whole)
    if has_law(name):
        return _read(whole, whole, name, "other", None, law_count(whole))
    text = _text(whole)
    inner = _inherited(whole, text) if text else whole
    family = _family(inner, whole)
    kind, stack = _stack(family, inner)
    beside = _beside(whole, stack, alone=text is None)
    stack = replace(stack, other_params=stack.other_params + beside)
    return _read(whole, inner, family, kind, stack, stack_params(stack).total)


def _retriever(whole: Fields) -> ReadConfig:
    """ColQwen2: a model of words and images without its logits, and a product of each token to a short vector.

    Raises:
        Malformed: the model inside is of another kind.
    """
    inner, named = whole.within("vlm_config"), RETRIEVERS[whole.kind]
    if inner.kind not in named:
        detail = f"{whole.kind} holds a {inner.kind or 'model of no type'}, whose parameters we cannot count"
        raise Malformed(
            detail, pointer=inner.at("model_type"), hint=" or ".join(named), code="unsupported-architecture"
        )
    read = _read_whole({**inner.values, "architectures": [named[inner.kind]]}, inner.pointer)
    assert read.stack is not None
    width = whole.count("embedding_dim", default=128)
    each = read.stack.hidden_size * width
    stack = replace(read.stack, head_params=each, other_params=read.stack.other_params + width)
    return replace(read, family=whole.kind, stack=stack, params=stack_params(stack).total)


def _text(whole: Fields) -> Fields | None:
    """The text model's own object; older files of the same types have its fields at the top."""
    flat = whole.kind in FLAT and not any(whole.values.get(name) for name in NESTED)
    text = whole.part(*NESTED)
    if text is None or not flat:
        return text
    own = {name: value for name, value in whole.values.items() if name not in ("model_type", "architectures")}
    return replace(
        text, values=own, pointer=whole.pointer, defaults={"model_type": text.kind, **class_defaults(text.kind)}
    )


def _whole(config: Mapping[str, Any], pointer: str) -> Fields:
    """The whole file over the defaults of its class."""
    named = config.get("_class_name") or config.get("model_type") or ""
    if not isinstance(named, str):
        raise Malformed(f"model_type is {named!r}", pointer=f"{pointer}/model_type", hint="a string")
    return Fields(config, pointer, {"model_type": named, **class_defaults(named)})


def _read(whole: Fields, inner: Fields, family: str, kind: str, stack: Stack | None, params: int) -> ReadConfig:
    ahead = inner.get(*LOOK_AHEAD)
    return ReadConfig(
        family=family,
        kind=kind,
        stack=stack,
        params=params,
        context_tokens=_context(inner),
        weight_dtype=_weight_dtype(whole, inner),
        look_ahead=ahead if isinstance(ahead, int) else 0,
        taken=tuple(sorted(whole.taken.items())),
        patch_size=whole.count("patch_size", default=16) if kind == "vit" else None,
        image_size=whole.count("image_size", default=224) if kind == "vit" else None,
    )


def _inherited(whole: Fields, text: Fields) -> Fields:
    """The nested text config, with what the outer object says of it: the outer one decides on the head and the tie."""
    said: dict[str, Any] = {"architectures": whole.get("architectures") or ["ForConditionalGeneration"]}
    silent = whole.kind in APART and "tie_word_embeddings" not in whole.values
    tied = None if silent else whole.get("tie_word_embeddings")
    if whole.kind in UNTIED and tied is None:
        tied = False
    if tied is not None and not (whole.kind in EITHER and text.get("tie_word_embeddings") is True):
        said["tie_word_embeddings"] = tied
    return text.replaced(**said)


def _family(inner: Fields, whole: Fields) -> str:
    said = inner.kind or whole.kind
    if not said:
        raise Malformed("model_type is missing", pointer=inner.at("model_type"), hint="llama, qwen3, ...")
    name = said.casefold()
    for candidate in (name, RENAMED.get(name, name), f"{name}_text", name.removesuffix("_text")):
        if candidate in FAMILIES or candidate in STACKS:
            return candidate
    known = [*FAMILIES, *STACKS, *RENAMED, *COUNTS, *RETRIEVERS]
    raise Malformed(
        f"model_type {said!r} is not one whose parameters we can count",
        pointer=inner.at("model_type"),
        hint=nearest(said, known) or "give architecture instead, with its sizes",
        code="unsupported-architecture",
    )


def _stack(family: str, c: Fields) -> tuple[str, Stack]:
    if family in STACKS:
        kind, read = STACKS[family]
        stack = read(c)
        return "encoder" if kind == "encoder_decoder" and not stack.encoder else kind, stack
    special = SPECIAL.get(family)
    return "transformer", special(c) if special else decoder(c, FAMILIES[family])


def _beside(whole: Fields, stack: Stack, *, alone: bool) -> int:
    """Parameters of what stands beside the text model.

    Raises:
        Malformed: there are parts of a kind whose parameters we cannot count.
    """
    count = BESIDE.get(whole.kind)
    if count is not None:
        return 0 if whole.named in TEXT_ALONE else int(count(whole, stack.hidden_size))
    parts = [name for name in whole.values if name.endswith("_config") and name not in (*NESTED, *ASIDE)]
    towers = [name for name in parts if isinstance(whole.values[name], Mapping)]
    if alone and not towers:
        return 0
    raise Malformed(
        f"the parts of {whole.kind!r} beside its text model are not ones we can count",
        pointer=whole.at((towers or ["model_type"])[0]),
        hint="give its text_config alone for the text model, or architecture.params",
        code="unsupported-architecture",
    )


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
