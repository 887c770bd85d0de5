"""Which model a question means: a catalogue id, a count of parameters, an architecture, or a Hugging Face config.

`resolve_architecture` turns any of them into one `Resolved`, writes down what it had to derive, and leaves the
counting to `mlquote.formulas`. What is given beats the catalogue, the catalogue beats a derivation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mlquote.catalog.rows import Model
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Count, Part, Positive, PositiveCount, Word
from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.image_layers import ConvLayer, described_image, known_image
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import ParameterCount, stack_params
from mlquote.formulas.models.shape import Contradiction, filled
from mlquote.formulas.models.sizes import NAMES, Sizes
from mlquote.formulas.models.stacks import sizes_of, stack_of
from mlquote.formulas.models.vision import ImageCount
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Assumption, Trail

Kind = Literal["transformer", "encoder", "encoder_decoder", "vit", "cnn", "diffusion", "ssm", "other"]

_Small = Annotated[PositiveCount, Field(le=10**7)]
_SmallOrNone = Annotated[Count, Field(le=10**7)]
_ATTENTION = r"^(mha|gqa|mqa|mla|hybrid-linear|hybrid-mamba)(\+swa|\+chunked)?$"
_SHAPED = frozenset({"transformer", "encoder", "encoder_decoder", "vit", "ssm"})


class Architecture(Part):
    """A model's sizes, each optional: what is missing is derived, and the answer's assumptions say how."""

    kind: Annotated[Kind, BeforeValidator(lambda v: v.strip().casefold() if isinstance(v, str) else v)] = "transformer"
    """Decoder (`transformer`), `encoder`, `encoder_decoder`, `vit`, `cnn`, `diffusion`, `ssm`, or `other`."""
    params: PositiveCount | None = None
    """All stored parameters, tied ones once."""
    active_params: PositiveCount | None = None
    """Parameters that one token uses, where experts are chosen."""
    layers: _Small | None = None
    """Decoder layers (of an encoder: its layers)."""
    hidden_size: _Small | None = None
    """Width of the residual stream."""
    heads: _Small | None = None
    """Query heads."""
    kv_heads: _Small | None = None
    """Key-value heads: as many as `heads` (MHA), fewer (GQA) or one (MQA)."""
    head_dim: _Small | None = None
    """Size of one head."""
    ffn_size: _Small | None = None
    """Intermediate size of the feed-forward; of one expert, where there are experts and no `expert_ffn_size`."""
    ffn_gated: bool | None = None
    """Three matrices (SwiGLU, GeGLU) instead of two."""
    vocab_size: _SmallOrNone | None = None
    """Rows of the embedding table, padding included."""
    tied_embeddings: bool | None = None
    """Input and output embeddings are one table."""
    attention: Annotated[Word, Field(pattern=_ATTENTION)] | None = None
    """`mha|gqa|mqa|mla|hybrid-linear|hybrid-mamba`, with `+swa` or `+chunked`."""
    full_attention_layers: _SmallOrNone | None = None
    """Layers that see the whole sequence; the others are windowed, chunked or recurrent."""
    sliding_window: _SmallOrNone | None = None
    """Tokens seen back by a windowed or chunked layer."""
    experts: Annotated[Count, Field(le=10**6)] | None = None
    """Routed experts per layer."""
    experts_per_token: Annotated[Count, Field(le=10**6)] | None = None
    """Routed experts one token uses."""
    shared_experts: Annotated[Count, Field(le=10**6)] | None = None
    """Experts every token uses."""
    dense_layers: _SmallOrNone | None = None
    """Layers of a mixture that have one dense feed-forward instead of experts."""
    expert_ffn_size: _Small | None = None
    """Intermediate size of one expert, where it differs from the dense layers' `ffn_size`."""
    q_lora_rank: _SmallOrNone | None = None
    """Rank of the query's latent (MLA); 0 for none."""
    kv_lora_rank: _Small | None = None
    """Rank of the key-value latent (MLA)."""
    qk_rope_head_dim: _Small | None = None
    """Rotated part of a head (MLA)."""
    qk_nope_head_dim: _Small | None = None
    """Part of a head without rotation (MLA)."""
    v_head_dim: _Small | None = None
    """Size of a head's value (MLA)."""
    state_elements_per_layer: Annotated[Count, Field(le=10**10)] | None = None
    """Numbers in one sequence's recurrent state in one layer (linear attention, Mamba)."""
    encoder_layers: _Small | None = None
    """Encoder layers of an encoder-decoder; default: as many as the decoder has."""
    mtp_layers: Annotated[Count, Field(le=100)] | None = None
    """Layers that predict tokens further ahead in training (DeepSeek-V3: 1), beside `layers`."""
    positions: _SmallOrNone | None = None
    """Rows of a table of learned positions; 0 where positions are computed."""
    patch_size: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """Side of an image patch in pixels (ViT, DiT)."""
    image_size: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Side of a square image in pixels."""
    conv_layers: Annotated[tuple[ConvLayer, ...], Field(min_length=1, max_length=2000)] | None = None
    """A convolutional network, layer by layer, on an image of three channels."""
    forward_flop_per_sample: Positive | None = None
    """Forward FLOP of one sample, where you know it (2 per multiply-add)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model ready to be counted: every size known or derived (the trail's assumptions name the derived ones).

    `stack` is None where only a parameter count makes sense (CNN, diffusion, other). `counted` says whether FLOP may
    be counted from the stack: its width and depth were given, so only 6 N D is left where it is False.
    """

    name: str
    """Catalogue id, or "" for a model of the question's own."""
    sizes: Sizes
    params: int
    active_params: int
    stack: Stack | None
    counted: bool
    context_tokens: int | None = None
    training_sequence_tokens: int | None = None
    training_tokens: float | None = None
    weight_dtype: str = ""
    patch_size: int | None = None
    image_size: int | None = None
    image: ImageCount | None = None
    """What one image costs, where the model reads images and its layers are known."""

    @property
    def kind(self) -> str:
        """Kind of architecture."""
        return self.sizes.kind

    @property
    def mixture(self) -> bool:
        """One token uses only some of the parameters."""
        return self.active_params < self.params

    def __getattr__(self, name: str) -> Any:
        """The sizes, flat: `resolved.layers`, `resolved.kv_heads`, ..."""
        if name in NAMES:
            return getattr(self.sizes, name)
        raise AttributeError(name)


Found = tuple[Resolved, tuple[Assumption, ...]]
"""A model, and what had to be derived of it."""


def resolve_architecture(
    *,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
    model: str | None = None,
    params: int | None = None,
    active_params: int | None = None,
    architecture: Architecture | None = None,
    hf_config: Mapping[str, Any] | None = None,
    sequence_tokens: int | None = None,
) -> Resolved:
    """The model a question means, its derived sizes written into `trail`.

    Args:
        catalog: release to look `model` up in.
        moment: instant whose row counts.
        trail: takes the row used and an assumption for each derived size.
        model: catalogue id or alias; its sizes may be overridden by the fields below.
        params: all parameters; active_params: those one token uses.
        architecture: sizes given one by one.
        hf_config: a Hugging Face config.json as it is; not together with `model`.
        sequence_tokens: training context, the number of learned positions where nothing else says it.

    Returns: a `Resolved`.

    Raises:
        Malformed: nothing says what is trained, or two things do.
        UnknownName: no such model.
        OutOfDomain: sizes contradict each other.
    """
    if model is None and params is None and architecture is None and hf_config is None:
        raise Malformed(
            "nothing says which model", pointer="/model", hint="give model, params, architecture or hf_config"
        )
    if model is not None and hf_config is not None:
        raise Malformed("model and hf_config both say which model", pointer="/hf_config", hint="give one of the two")
    given = _given(params, active_params, architecture)
    try:
        return _resolved(model, given, architecture, hf_config, sequence_tokens, catalog, moment, trail)
    except OutOfDomain as fault:
        raise _outside(fault, {"params": params, "active_params": active_params}) from fault


def _outside(fault: OutOfDomain, said: Mapping[str, int | None]) -> OutOfDomain:
    """The fault, pointing outside `architecture` where the question said it there."""
    first = fault.faults[0]
    name = first.pointer.rpartition("/")[2]
    pointer = f"/{name}" if said.get(name) is not None else first.pointer
    return OutOfDomain(fault.detail, pointer=pointer, hint=first.hint)


def _resolved(
    model: str | None,
    given: Sizes,
    architecture: Architecture | None,
    hf_config: Mapping[str, Any] | None,
    sequence_tokens: int | None,
    catalog: Snapshot,
    moment: datetime,
    trail: Trail,
) -> Resolved:
    if hf_config is not None:
        return _of_config(hf_config, given, trail)
    if model is None:
        return _described(given, trail, sequence_tokens, architecture)
    row = catalog.model(model, moment)
    trail.use(catalog.ref("models", row))
    if architecture is None and given.known().keys() <= {"kind"} and sequence_tokens is None:
        plain = catalog.derived(_plain_rows)
        if row.id not in plain:
            plain[row.id] = _of_row(row, Sizes(), sequence_tokens, None)
        return _noted(plain[row.id], trail)
    return _noted(_of_row(row, given, sequence_tokens, architecture), trail)


def _plain_rows(catalog: Snapshot) -> dict[str, Found]:
    return {}


def _given(params: int | None, active_params: int | None, architecture: Architecture | None) -> Sizes:
    """The sizes the question itself gives."""
    said = {n: v for n in NAMES if (v := getattr(architecture, n)) is not None} if architecture else {}
    for name, value in (("params", params), ("active_params", active_params)):
        if value is not None and said.setdefault(name, value) != value:
            raise Malformed(f"{name} is given twice and differs", pointer=f"/architecture/{name}", hint="give it once")
    return Sizes(**said)


def _described(given: Sizes, trail: Trail, sequence_tokens: int | None, part: Architecture | None) -> Resolved:
    """A model of the question's own."""
    if part is None:
        return _noted(_shaped("", given, sequence_tokens), trail)
    image = _described_image(part)
    if image is not None and given.params is None and image.params:
        given = replace(given, params=image.params)
    resolved, why = _shaped("", given, sequence_tokens, patch_size=part.patch_size, image_size=part.image_size)
    if image is None and (image := _known_image(resolved)) is not None and given.params is None:
        resolved = replace(resolved, params=image.params, active_params=image.params)
    return _noted((replace(resolved, image=image) if image else resolved, why), trail)


def _of_config(config: Mapping[str, Any], given: Sizes, trail: Trail) -> Resolved:
    """A model read from its config; parameters given beside it win over those counted."""
    read = read_config(config)
    sizes = sizes_of(read.stack, read.kind)
    trail.assume("architecture", read.family, basis="given", why="hf_config, counted to the parameter")
    if read.uncounted:
        trail.warn("parameters-uncounted", f"{read.uncounted} is not counted among the parameters")
    params = given.params or sizes.params
    active = given.active_params or sizes.active_params
    assert params is not None and active is not None
    resolved = Resolved(
        "",
        sizes,
        params,
        min(active, params),
        read.stack,
        True,
        context_tokens=read.context_tokens,
        weight_dtype=read.weight_dtype,
        patch_size=read.patch_size,
        image_size=read.image_size,
    )
    return replace(resolved, image=_known_image(resolved))


def _of_row(row: Model, given: Sizes, sequence_tokens: int | None, part: Architecture | None) -> Found:
    """A catalogue model, with what the question overrides."""
    changed = given.known().keys() - {"kind"}
    recounted = changed - {"params", "active_params"}
    left_out = {"params", "active_params"} if recounted else set()
    left_out |= {"full_attention_layers", "dense_layers"} if "layers" in changed else set()
    known = {f.name: getattr(row, f.name) for f in fields(Model) if f.name in NAMES and f.name not in left_out}
    known["attention"] = row.attention or None
    said = {name: value for name, value in given.known().items() if name in changed}
    sizes = Sizes(**{name: value for name, value in known.items() if value is not None} | said)
    resolved, why = _shaped(
        row.id,
        sizes,
        sequence_tokens or row.training_sequence_tokens,
        context_tokens=row.context_tokens,
        training_sequence_tokens=row.training_sequence_tokens,
        training_tokens=row.training_tokens,
        weight_dtype=row.weight_dtype,
        patch_size=(part.patch_size if part else None) or row.patch_size,
        image_size=(part.image_size if part else None) or row.image_size,
    )
    return replace(resolved, image=(_described_image(part) if part else None) or _known_image(resolved)), why


def _shaped(name: str, sizes: Sizes, sequence_tokens: int | None, **rest: Any) -> Found:
    """Sizes made whole and counted."""
    counted = sizes.layers is not None and sizes.hidden_size is not None and sizes.kind in _SHAPED
    if sizes.kind not in _SHAPED:
        if sizes.params is None:
            detail = f"params is missing, which the kind {sizes.kind!r} cannot do without"
            raise Malformed(detail, pointer="/architecture/params", hint="give params")
        active = sizes.active_params or sizes.params
        return Resolved(name, sizes, sizes.params, active, None, False, **rest), ()
    whole, stack, count, derived = _whole(sizes, sequence_tokens or 2048)
    params = sizes.params or count.total
    active = min(sizes.active_params or (count.active if sizes.experts else params), params)
    if counted and not sizes.experts and sizes.ffn_size and abs(count.active / active - 1) > ROUNDING:
        # Parameters say more about FLOP than a feed-forward of which nobody said how many there are.
        freed = replace(sizes, ffn_size=None, params=params, active_params=active)
        found, reasons = _shaped(name, freed, sequence_tokens, **rest)
        why = f"solved from params, which ffn_size {sizes.ffn_size} contradicts"
        return found, tuple(replace(a, why=why) if a.name == "architecture.ffn_size" else a for a in reasons)
    if counted and not 1 / FAR <= count.active / active <= FAR:
        detail = f"the sizes count up to {count.active} parameters a token uses, the question says {active}"
        raise OutOfDomain(detail, pointer="/architecture/params", hint="leave out one or the other")
    return Resolved(name, whole, params, active, stack, counted, **rest), derived


FAR = 2.5
"""Sizes and parameters that disagree by more than this are not of one model."""
ROUNDING = 0.1
"""Published counts are rounded, and leave out or take in embeddings: up to a tenth is no contradiction."""


@lru_cache(maxsize=4096)
def _whole(sizes: Sizes, sequence_tokens: int) -> tuple[Sizes, Stack, ParameterCount, tuple[Assumption, ...]]:
    """Sizes made whole, their stack and count, and an assumption for each derived size."""
    try:
        whole, why = filled(sizes, sequence_tokens=sequence_tokens)
    except Contradiction as fault:
        raise OutOfDomain(str(fault), pointer=f"/architecture/{fault.field}", hint=fault.hint) from fault
    stack = stack_of(whole)
    derived = (
        Assumption(f"architecture.{name}", getattr(whole, name), basis="derived", why=reason)
        for name, reason in why.items()
    )
    return whole, stack, stack_params(stack), tuple(derived)


def _noted(found: Found, trail: Trail) -> Resolved:
    resolved, derived = found
    trail.assumptions.extend(derived)
    return resolved


def _known_image(r: Resolved) -> ImageCount | None:
    stack = r.stack if r.counted and r.kind == "vit" else None
    return known_image(r.name, stack, image_size=r.image_size, patch_size=r.patch_size)


def _described_image(part: Architecture) -> ImageCount | None:
    return described_image(part.conv_layers, image_size=part.image_size, forward_flop=part.forward_flop_per_sample)
