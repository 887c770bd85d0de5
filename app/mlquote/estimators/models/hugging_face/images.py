"""Image encoders inside multimodal Hugging Face configs: their parameters, projector to the text model included."""

from collections.abc import Callable

from mlquote.estimators.models.hugging_face.fields import Fields


def image_params(vision: Fields, whole: Fields, text_hidden: int) -> int | None:
    """Parameters of the image encoder and its projector, or None for a kind we do not count.

    Args:
        vision: the config's vision part.
        whole: the config around it, for what the projector takes from there.
        text_hidden: hidden size of the text model.

    Returns: parameters, or None.

    Source: the families' modelling code; totals held by the published ones in the tests.
    """
    count = TOWERS.get(vision.word("model_type").removesuffix("_vision"))
    return count(vision, whole, text_hidden) if count else None


def _sizes(c: Fields) -> tuple[int, int, int, int]:
    """(hidden size, layers, feed-forward size, weights of one patch's projection per channel out)."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers", "depth")
    patch = c.count("patch_size", default=14) ** 2 * 3 * c.count("temporal_patch_size", default=1)
    return hidden, depth, c.count("intermediate_size"), patch


def _patches(c: Fields) -> int:
    return int((c.count("image_size", default=224) // c.count("patch_size", default=14)) ** 2)


def _plain_layer(h: int, f: int) -> int:
    """Attention and a two-matrix feed-forward, all with biases, two LayerNorms."""
    return 4 * h * h + 4 * h + 2 * h * f + f + h + 4 * h


def siglip(c: Fields, whole: Fields, text_hidden: int) -> int:
    """SigLIP in Gemma 3: positions, a last norm, then a norm and one projection."""
    h, depth, f, patch = _sizes(c)
    return depth * _plain_layer(h, f) + patch * h + h + _patches(c) * h + 2 * h + h + h * text_hidden


def llama4(c: Fields, whole: Fields, text_hidden: int) -> int:
    """Llama 4: class token, positions, a norm before and after, a pixel-shuffle MLP, one projection."""
    h, depth, f, patch = _sizes(c)
    width = c.count("projector_input_dim", default=4096)
    projected = c.count("projector_output_dim", default=width)
    ratio = c.get("pixel_shuffle_ratio")
    shuffled = round(h / (ratio if isinstance(ratio, float) and 0.01 <= ratio <= 1 else 0.5) ** 2)
    ends = patch * h + h + (_patches(c) + 1) * h + 4 * h + shuffled * width + projected * projected
    return depth * _plain_layer(h, f) + ends + c.count("vision_output_dim", default=projected) * text_hidden


def pixtral(c: Fields, whole: Fields, text_hidden: int) -> int:
    """Pixtral in Mistral 3: gated, no biases, RMSNorm; patches merged, two projections."""
    h, depth, f, patch = _sizes(c)
    merged = whole.count("spatial_merge_size", default=2) ** 2
    bias = whole.flag("multimodal_projector_bias", default=False) * 2 * text_hidden
    ends = patch * h + h + h + merged * h * h + h * text_hidden + text_hidden**2 + bias
    return depth * (4 * h * h + 3 * h * f + 2 * h) + ends


def _merger(h: int, merged: int, out: int, norm: int) -> int:
    """A norm, then two products with biases on so many patches at once."""
    wide = h * merged
    return norm + wide * wide + wide + wide * out + out


def qwen3_vl(c: Fields, whole: Fields, text_hidden: int) -> int:
    """Qwen3-VL and Qwen3.5: learned positions, one merger at the end and one for each deep-stack layer."""
    h, depth, f, patch = _sizes(c)
    merged, out = c.count("spatial_merge_size", default=2) ** 2, c.count("out_hidden_size", default=text_hidden)
    deep = len(c.listed("deepstack_visual_indexes") or [])
    mergers = _merger(h, merged, out, 2 * h) + deep * _merger(h, merged, out, 2 * h * merged)
    return depth * _plain_layer(h, f) + patch * h + h + c.count("num_position_embeddings") * h + mergers


def qwen2_5_vl(c: Fields, whole: Fields, text_hidden: int) -> int:
    """Qwen2.5-VL: gated with biases, RMSNorm, no positions; one merger."""
    h, depth, f, patch = _sizes(c)
    merged = c.count("spatial_merge_size", default=2) ** 2
    layer = 4 * h * h + 4 * h + 3 * h * f + 2 * f + h + 2 * h
    return depth * layer + patch * h + _merger(h, merged, c.count("out_hidden_size", default=text_hidden), h)


def gemma4(c: Fields, whole: Fields, text_hidden: int) -> int:
    """Gemma 4: gated, no biases, four RMSNorms and two on heads, positions of both axes, one projection."""
    h, depth, f, patch = _sizes(c)
    heads = c.count("num_attention_heads")
    head_dim = c.count("head_dim", default=h // heads)
    layer = 4 * h * heads * head_dim + 2 * head_dim + 3 * h * f + 4 * h
    return depth * layer + patch * h + 2 * c.count("position_embedding_size") * h + h * text_hidden


TOWERS: dict[str, Callable[[Fields, Fields, int], int]] = {
    "siglip_vision_model": siglip,
    "llama4_vision_model": llama4,
    "pixtral": pixtral,
    "qwen3_vl": qwen3_vl,
    "qwen3_vl_moe": qwen3_vl,
    "qwen3_5": qwen3_vl,
    "qwen3_5_moe": qwen3_vl,
    "qwen2_5_vl": qwen2_5_vl,
    "gemma4": gemma4,
}
