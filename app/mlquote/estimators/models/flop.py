"""How much arithmetic a training run is: model FLOP and hardware FLOP of a resolved model, the convention named."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

from mlquote.estimators.models.architecture import Resolved
from mlquote.formulas.models.compute import (
    Convention,
    FlopTerms,
    Recompute,
    dense_attention_flop_per_token,
    forward_flop,
    mean_document_tokens,
    recomputed_flop_per_token,
    six_nd_flop_per_token,
    training_flop_per_token,
)
from mlquote.formulas.models.stacks import adapter_params
from mlquote.formulas.models.vision import patch_tokens
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Trail

Method = Literal["pretrain", "continued_pretrain", "finetune", "lora", "qlora", "rlhf", "rl"]
ADAPTED = frozenset({"lora", "qlora"})
DEFAULT_SEQUENCE_TOKENS = 4096
DEFAULT_LORA_RANK = 16

CONVENTIONS: dict[str, str] = {
    "causal": "3 x forward; multiply-add = 2; causal attention at 1/2; logits once; look-ups, norms and router 0",
    "full_attention": "as causal, the full square of attention counted; router counted",
    "6nd": "6 N D: N the parameters one token uses, attention left out",
    "palm": "6 N D + 12 L H Q S D: attention added, not halved",
    "cookbook": "layers 3 x forward with the full square of attention, logits forward only",
}


@dataclass(frozen=True, slots=True)
class TrainingFlop:
    """What a run computes: `model_flop` for an MFU, `hardware_flop` (with recomputation) for an HFU."""

    model_flop: float
    hardware_flop: float
    convention: str
    tokens: float
    terms: FlopTerms | None
    """Forward FLOP per token by term; None where only parameters are known."""
    unit: Literal["token", "image"] = "token"
    forward_flop_per_unit: float | None = None

    def breakdown(self) -> "FlopBreakdown":
        """The count as an answer shows it."""
        terms = {name: value for name in _TERMS if (value := getattr(self.terms, name))} if self.terms else None
        return FlopBreakdown(
            convention=self.convention,
            unit=self.unit,
            forward_flop_per_unit=self.terms.total if self.terms else self.forward_flop_per_unit,
            forward_flop_by_term=terms,
            training_flop_per_unit=self.model_flop / self.tokens,
            recomputed_flop_per_unit=(self.hardware_flop - self.model_flop) / self.tokens,
        )


_TERMS = tuple(field.name for field in fields(FlopTerms))


@dataclass(frozen=True, slots=True)
class FlopBreakdown:
    """FLOP of one token or one image: forward by term, training, and what recomputation adds to the hardware's."""

    convention: str
    unit: str
    forward_flop_per_unit: float | None
    forward_flop_by_term: dict[str, float] | None
    training_flop_per_unit: float
    recomputed_flop_per_unit: float


def training_flop(
    resolved: Resolved,
    tokens: float,
    *,
    trail: Trail,
    sequence_tokens: float | None = None,
    document_tokens: Sequence[int] = (),
    convention: Convention | None = None,
    method: Method = "pretrain",
    lora_rank: int | None = None,
    trainable_fraction: float | None = None,
    recompute: Recompute = "none",
) -> TrainingFlop:
    """Model and hardware FLOP of passing `tokens` through training.

    Args:
        resolved: the model.
        tokens: tokens seen, epochs included.
        trail: takes the convention, the sequence length and the adapter's size as assumptions.
        sequence_tokens: tokens attending to each other; default: the model's own training context, else 4096.
        document_tokens: lengths packed into one row; attention stays within each.
        convention: see CONVENTIONS; default `causal` where the shape is known, else `6nd`.
        method: `lora` and `qlora` freeze the base weights.
        lora_rank: rank of the adapters on every projection; default 16.
        trainable_fraction: share of the weights that is trained; default 1, or 0 under adapters.
        recompute: activations computed again in the backward pass: hardware FLOP only.

    Returns: a `TrainingFlop`.

    Raises:
        Malformed: a convention that needs layers and a hidden size nobody gave.

    Source: `mlquote.formulas.compute`.
    """
    if convention not in (None, "6nd") and not resolved.counted:
        raise Malformed(
            f"flop_convention {convention!r} needs layers and hidden_size", pointer="/flop_convention", hint="6nd"
        )
    used: Convention = convention or ("causal" if resolved.counted else "6nd")
    trail.assume("flop_convention", used, basis="given" if convention else "default", why=CONVENTIONS[used])
    frozen = method in ADAPTED
    trained = trainable_fraction if trainable_fraction is not None else (0.0 if frozen else 1.0)
    adapters = _adapters(resolved, lora_rank, trail) if frozen else 0
    terms, length = None, 0.0
    if resolved.kind == "encoder_decoder":
        why = "half of the tokens pass the encoder, half the decoder: 3 N D, as T5's authors count"
        trail.assume("encoder_token_fraction", 0.5, why=why)
    if resolved.stack is not None and used != "6nd":
        length = mean_document_tokens(document_tokens) if document_tokens else _length(resolved, sequence_tokens, trail)
        if used != "palm":
            terms = forward_flop(resolved.stack, length, triangle=used == "causal", router=used == "full_attention")
    if used == "6nd" and sequence_tokens:
        _warn_of_attention(resolved, sequence_tokens, trail)
    per_token = _per_token(resolved, used, terms, length, trained) + 6.0 * adapters
    executed = _executed(resolved, used, terms, length, trained, recompute) if recompute != "none" else None
    hardware = per_token if executed is None else executed + 6.0 * adapters
    return TrainingFlop(per_token * tokens, hardware * tokens, used, tokens, terms)


LEFT_OUT = 0.1
"""Attention beyond this share of 6 N D is worth a warning where it is left out."""


def _warn_of_attention(resolved: Resolved, sequence_tokens: float, trail: Trail) -> None:
    if resolved.stack is None:
        return
    share = forward_flop(resolved.stack, sequence_tokens).attention / (2.0 * resolved.active_params)
    if share > LEFT_OUT:
        detail = f"6 N D leaves attention out: at {sequence_tokens:g} tokens it would add about {share:.0%}"
        trail.warn("attention-left-out", f"{detail}; give layers and hidden_size to have it counted")


def image_training_flop(
    resolved: Resolved,
    samples: float,
    *,
    trail: Trail,
    method: Method = "pretrain",
    trainable_fraction: float | None = None,
    recompute: Recompute = "none",
) -> TrainingFlop:
    """Model and hardware FLOP of passing `samples` images through training.

    Args:
        resolved: a model with `image` known.
        samples: images seen, epochs included.
        trail: takes the convention and the image's size as assumptions.
        method: `lora` and `qlora` freeze the base weights: 2 x forward instead of 3.
        trainable_fraction: share of the weights that is trained; default 1, or 0 under adapters.
        recompute: `full` adds one forward to the hardware FLOP.

    Returns: a `TrainingFlop`; its `tokens` are images.

    Raises:
        Malformed: the model's layers are not known.

    Source: `mlquote.formulas.vision`.
    """
    image = resolved.image
    if image is None:
        hint = "architecture.conv_layers, or architecture.forward_flop_per_sample, or training_flop"
        raise Malformed(f"the layers of this {resolved.kind} are not known", pointer="/architecture", hint=hint)
    trail.assume(
        "flop_convention",
        "images",
        why="3 x forward less the first layer's input gradient; multiply-add = 2; products and convolutions only",
    )
    trail.assume("forward_flop_per_sample", image.forward_flop, unit="FLOP", basis="derived", why="from the layers")
    trained = trainable_fraction if trainable_fraction is not None else (0.0 if method in ADAPTED else 1.0)
    each = image.training_flop - (1.0 - trained) * image.forward_flop
    again = image.forward_flop if recompute == "full" else 0
    return TrainingFlop(each * samples, (each + again) * samples, "images", samples, None, "image", image.forward_flop)


def patch_tokens_of(resolved: Resolved) -> int:
    """Tokens of one image of a vision transformer; 224 pixels and patches of 16 where nobody says."""
    return patch_tokens(resolved.image_size or 224, resolved.patch_size or 16)


def _length(resolved: Resolved, given: float | None, trail: Trail) -> float:
    if given:
        return given
    own = resolved.training_sequence_tokens
    if own:
        trail.assume("sequence_length", own, unit="tokens", basis="catalog", why="the model's own training context")
        return own
    length = min(DEFAULT_SEQUENCE_TOKENS, resolved.context_tokens or DEFAULT_SEQUENCE_TOKENS)
    trail.assume("sequence_length", length, unit="tokens", why="a usual training context; none was given")
    return length


def _adapters(resolved: Resolved, rank: int | None, trail: Trail) -> int:
    used = rank or DEFAULT_LORA_RANK
    if rank is None:
        trail.assume("lora_rank", used, why="a usual rank; none was given")
    count = adapter_params(resolved.stack, used) if resolved.stack else 0
    trail.assume("adapter_params", count, basis="derived", why="rank x (inputs + outputs) of every projection")
    return count


def _per_token(resolved: Resolved, used: Convention, terms: FlopTerms | None, length: float, trained: float) -> float:
    stack = resolved.stack
    active = float(resolved.active_params)
    half = 0.5 if resolved.kind == "encoder_decoder" else 1.0
    if stack is None or used == "6nd":
        return half * six_nd_flop_per_token(active, trainable_fraction=trained)
    if terms is None:
        width = resolved.heads * resolved.head_dim
        dense = dense_attention_flop_per_token(stack.layers, width, length, causal=False)
        without_positions = active - (resolved.sizes.positions or 0) * stack.hidden_size
        return half * six_nd_flop_per_token(without_positions, trainable_fraction=trained) + 3.0 * dense
    if used == "cookbook":
        return 3.0 * terms.layers + terms.logits + 4.0 * stack.hidden_size
    return training_flop_per_token(terms, trainable_fraction=trained)


def _executed(
    resolved: Resolved, used: Convention, terms: FlopTerms | None, length: float, trained: float, recompute: Recompute
) -> float:
    """Hardware FLOP per token: as published HFU figures count, the full square of attention and what runs again."""
    if terms is None or resolved.stack is None:
        again = 2.0 * resolved.active_params if recompute == "full" else 0.0
        return _per_token(resolved, used, terms, length, trained) + again
    if used == "causal":
        full = forward_flop(resolved.stack, length, triangle=False)
        return training_flop_per_token(full, trainable_fraction=trained) + recomputed_flop_per_token(full, recompute)
    return _per_token(resolved, used, terms, length, trained) + recomputed_flop_per_token(terms, recompute)
