"""Sizes that were given and that this model has no use for: each is named, so that none is dropped in silence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlquote.estimators.asking.unused import NOT_USED, Needs, unused
from mlquote.estimators.models.architecture import Architecture
from mlquote.estimators.models.image_layers import ConvLayer
from mlquote.formulas.models.sizes import NAMES, Sizes
from mlquote.kit.provenance import Warning

IMAGE_KINDS = frozenset({"vit", "cnn", "diffusion"})
SHAPELESS = frozenset({"cnn", "diffusion", "other"})
"""Kinds of which only the parameters are known."""


@dataclass(frozen=True, slots=True)
class _Model:
    """What decides whether a size is of use."""

    part: Architecture
    sizes: Sizes
    image: bool
    """What one image costs is known."""

    @property
    def attention(self) -> str:
        return self.sizes.attention or ""


_SHAPE = tuple(name for name in NAMES if name not in ("kind", "params", "active_params"))
_LATENT = ("q_lora_rank", "kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")
_EXPERTS = ("experts_per_token", "shared_experts", "dense_layers", "expert_ffn_size")

RULES: tuple[Needs[_Model], ...] = (
    Needs(_SHAPE, lambda m: m.sizes.kind not in SHAPELESS, "only the parameters of such a model are counted"),
    Needs(
        ("active_params",),
        lambda m: not m.image,
        "FLOP are counted image by image, memory from all parameters",
    ),
    Needs(_EXPERTS, lambda m: bool(m.sizes.experts), "the model has no experts"),
    Needs(
        ("ffn_size",),
        lambda m: not m.sizes.experts or bool(m.sizes.dense_layers) or m.part.expert_ffn_size is None,
        "every layer has experts, whose size expert_ffn_size says",
    ),
    Needs(_LATENT, lambda m: m.attention.startswith("mla"), "the model has no latent attention"),
    Needs(("sliding_window",), lambda m: "+" in m.attention, "no layer of the model is windowed"),
    Needs(
        ("full_attention_layers",),
        lambda m: "+" in m.attention or "hybrid" in m.attention,
        "no layer of the model is windowed or recurrent",
    ),
    Needs(
        ("state_elements_per_layer",),
        lambda m: "hybrid" in m.attention or m.sizes.kind == "ssm",
        "no layer of the model is recurrent",
    ),
    Needs(("encoder_layers",), lambda m: m.sizes.kind == "encoder_decoder", "the model is no encoder-decoder"),
    Needs(
        ("patch_size",),
        lambda m: m.sizes.kind == "vit",
        "the model cuts no image into patches, or its name says their size",
    ),
    Needs(
        ("conv_layers", "image_size", "patch_size"),
        lambda m: m.part.forward_flop_per_sample is None,
        "forward_flop_per_sample says what they would tell",
    ),
    Needs(
        ("image_size",),
        lambda m: m.sizes.kind in IMAGE_KINDS or m.part.conv_layers is not None,
        "the model reads no images",
    ),
)
"""Which sizes a model has a use for, and what is said of the others."""

LAYER_FIELDS: Mapping[str, frozenset[str]] = {
    "conv": frozenset(ConvLayer.model_fields),
    "linear": frozenset({"kind", "out_channels", "bias", "repeat"}),
    "pool": frozenset({"kind", "kernel_size", "stride", "padding", "repeat"}),
    "global_pool": frozenset({"kind"}),
}
"""A kind of layer -> what is asked of it."""
_COUNTED_ONLY = ("bias", "norm")
"""Fields of a layer that add parameters and no FLOP."""


def unused_sizes(part: Architecture, sizes: Sizes, *, image: bool) -> tuple[Warning, ...]:
    """A warning for each size that was given and changes nothing.

    Args:    part: what was given; sizes: the model's, whole; image: what one image costs is known
    """
    said = unused(part, _Model(part, sizes, image), RULES).warnings
    layers = part.conv_layers or () if part.forward_flop_per_sample is None else ()
    return (*said, *(warning for n, layer in enumerate(layers) for warning in _unused_in(layer, n, part)))


def _unused_in(layer: ConvLayer, place: int, part: Architecture) -> Iterator[Warning]:
    """The fields of one layer that its kind does not look at, and those that add parameters where all are given."""
    for name in ConvLayer.model_fields:
        if getattr(layer, name) == ConvLayer.model_fields[name].default:
            continue
        where = f"conv_layers/{place}/{name}"
        if name not in LAYER_FIELDS[layer.kind]:
            yield Warning(NOT_USED, f"{where} changes nothing: a layer of kind {layer.kind} has no {name}")
        elif name in _COUNTED_ONLY and part.params is not None:
            yield Warning(NOT_USED, f"{where} changes nothing: params says how many parameters there are")
