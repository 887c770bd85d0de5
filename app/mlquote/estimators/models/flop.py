"""How much arithmetic a training run is: model FLOP and hardware FLOP of a resolved model, the convention named."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

from mlquote.catalog.remembered import Memory
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.models.denoisers_by_name import CONFIGS, named_denoiser
from mlquote.estimators.models.resolved import Resolved
from mlquote.formulas.models.adapters import ALL_LINEAR, Adapters, adapters_of
from mlquote.formulas.models.compute import (
    Convention,
    FlopTerms,
    Recompute,
    dense_attention_flop_per_token,
    forward_flop,
    mean_document_tokens,
    products_flop,
    recomputed_flop_per_token,
    six_nd_flop_per_token,
    training_flop_per_token,
)
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.vision import patch_tokens
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Assumption, Warning
from mlquote.kit.records import quick_record

Method = Literal[
    "pretrain", "continued_pretrain", "finetune", "lora", "qlora", "rlhf", "rl",
    "sft", "dpo", "orpo", "kto", "grpo", "ppo", "rloo", "distill", "contrastive",
]  # fmt: skip
ADAPTED = frozenset({"lora", "qlora"})
DEFAULT_SEQUENCE_TOKENS = 4096
DEFAULT_LORA_RANK = 16
WITHOUT_STACK = ("causal", "full_attention")
"""Conventions that count products and nothing else."""
LEFT_OUT = 0.1
"""Attention beyond this share of 6 N D is worth a warning where it is left out."""

CONVENTIONS: dict[str, str] = {
    "causal": "3 x forward; multiply-add = 2; causal attention at 1/2; logits once; look-ups, norms and router 0",
    "full_attention": "as causal, the full square of attention counted; router counted",
    "6nd": "6 N D: N the parameters one token uses, attention left out",
    "palm": "6 N D + 12 L H Q S D: attention added, not halved",
    "cookbook": "layers 3 x forward with the full square of attention, logits forward only",
}


@quick_record
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


@quick_record
class FlopBreakdown:
    """FLOP of one token or one image: forward by term, training, and what recomputation adds to the hardware's."""

    convention: str
    unit: str
    forward_flop_per_unit: float | None
    forward_flop_by_term: dict[str, float] | None
    training_flop_per_unit: float
    recomputed_flop_per_unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """How a model is trained on what it sees, as far as its arithmetic is concerned."""

    sequence_tokens: float | None = None
    """Tokens attending to each other; default: the model's own training context, else 4096."""
    document_tokens: tuple[int, ...] = ()
    """Lengths packed into one row; attention stays within each."""
    convention: Convention | None = None
    """See CONVENTIONS; default `causal` where the shape is known, else `6nd`."""
    method: Method = "pretrain"
    """`lora` and `qlora` freeze the base weights."""
    lora_rank: int | None = None
    """Rank of the adapters; default 16."""
    target_modules: tuple[str, ...] = (ALL_LINEAR,)
    """The matrices that have one."""
    trainable_fraction: float | None = None
    """Share of the weights that is trained; default 1, or 0 under adapters."""
    recompute: Recompute = "none"
    """Activations computed again in the backward pass: hardware FLOP only."""

    @property
    def adapted(self) -> bool:
        """The base weights are frozen, and adapters beside them trained."""
        return self.method in ADAPTED

    @property
    def trained(self) -> float:
        """Share of the base weights that is trained."""
        if self.trainable_fraction is not None:
            return self.trainable_fraction
        return 0.0 if self.adapted else 1.0


@dataclass(frozen=True, slots=True)
class _Count:
    """A model counted under one convention: forward FLOP by term where its shape is known, and the length they are
    for."""

    resolved: Resolved
    convention: Convention
    terms: FlopTerms | None
    length: float
    regime: Regime


PRETRAINING = Regime()


def training_flop(resolved: Resolved, tokens: float, regime: Regime = PRETRAINING) -> Finding[TrainingFlop]:
    """Model and hardware FLOP of passing `tokens` through training.

    Args:
        resolved: the model.
        tokens: tokens seen, epochs included.
        regime: how it is trained.

    Returns: a `TrainingFlop`, the convention, the sequence length and the adapter's size its assumptions.

    Raises:
        Malformed: a convention that needs layers and a hidden size nobody gave.

    Source: `mlquote.formulas.models.compute`.
    """
    each = _EACH[resolved, regime]
    flop = TrainingFlop(
        each.value.model_flop * tokens, each.value.hardware_flop * tokens, each.value.convention, tokens,
        each.value.terms,
    )  # fmt: skip
    return each.of(flop)


def _one_token(asked: tuple[Resolved, Regime]) -> Finding[TrainingFlop]:
    """One token's passage: what `training_flop` multiplies."""
    resolved, regime = asked
    used = _convention(resolved, regime)
    length = _length(resolved, used, regime)
    count = _Count(resolved, used, _terms(resolved, used, length.value), length.value, regime)
    adapters = _adapters(resolved, regime)
    trained = 6.0 * adapters.value.active_params
    per_token = _per_token(count) + trained
    hardware = per_token if regime.recompute == "none" else _executed(count) + trained
    said = (
        Assumption("flop_convention", used, basis="given" if regime.convention else "default", why=CONVENTIONS[used]),
        *adapters.assumptions,
        *_halved(resolved),
        *length.assumptions,
    )
    flop = TrainingFlop(per_token, hardware, used, 1.0, count.terms)
    return Finding(flop, said, warnings=_left_out(resolved, used, regime.sequence_tokens))


_FEW_DOCUMENTS = 64
_EACH: Memory[tuple[Resolved, Regime], Finding[TrainingFlop]] = Memory(
    _one_token, keeps=lambda asked: len(asked[1].document_tokens) <= _FEW_DOCUMENTS
)


def image_training_flop(resolved: Resolved, samples: float, regime: Regime = PRETRAINING) -> Finding[TrainingFlop]:
    """Model and hardware FLOP of passing `samples` images through training.

    Args:
        resolved: a model with `image` known.
        samples: images seen, epochs included.
        regime: how it is trained: frozen weights cost 2 x forward instead of 3; `recompute` `full` adds one forward to
            the hardware FLOP.

    Returns: a `TrainingFlop` whose `tokens` are images, the convention and the image's FLOP its assumptions.

    Raises:
        Malformed: the model's layers are not known.

    Source: `mlquote.formulas.models.vision`.
    """
    image = resolved.image
    if image is None:
        hint = "architecture.conv_layers, or architecture.forward_flop_per_sample, or training_flop"
        pointer = "/model" if resolved.name else "/architecture"
        raise Malformed(
            f"the layers of {resolved.name or f'this {resolved.kind}'} are not known", pointer=pointer, hint=hint
        )
    why = "3 x forward less the first layer's input gradient; multiply-add = 2; products and convolutions only"
    said = (
        Assumption("flop_convention", "images", why=why),
        Assumption("forward_flop_per_sample", image.forward_flop, unit="FLOP", basis="derived", why=_of_what(resolved)),
    )
    each = image.training_flop - (1.0 - regime.trained) * image.forward_flop
    again = image.forward_flop if regime.recompute == "full" else 0
    forward = image.forward_flop
    flop = TrainingFlop(each * samples, (each + again) * samples, "images", samples, None, "image", forward)
    return Finding(flop, said)


def _of_what(resolved: Resolved) -> str:
    """What one sample is, where a config says so."""
    sample = resolved.sample
    if sample is None and resolved.name in CONFIGS:
        sample = named_denoiser(resolved.name, resolved.image_size)
    return f"from the layers: {sample.what}" if sample else "from the layers"


def patch_tokens_of(resolved: Resolved) -> int:
    """Tokens of one image of a vision transformer; 224 pixels and patches of 16 where nobody says."""
    return patch_tokens(resolved.image_size or 224, resolved.patch_size or 16)


def _convention(resolved: Resolved, regime: Regime) -> Convention:
    whole = resolved.text is not None and regime.convention in WITHOUT_STACK
    if regime.convention not in (None, "6nd") and not (resolved.counted or whole):
        detail = f"flop_convention {regime.convention!r} needs layers and hidden_size"
        raise Malformed(detail, pointer="/flop_convention", hint="6nd")
    return regime.convention or ("causal" if resolved.laid_out else "6nd")


def _halved(resolved: Resolved) -> tuple[Assumption, ...]:
    """An encoder-decoder's tokens pass one of its two halves."""
    if resolved.kind != "encoder_decoder":
        return ()
    why = "half of the tokens pass the encoder, half the decoder: 3 N D, as T5's authors count"
    return (Assumption("encoder_token_fraction", 0.5, why=why),)


def _length(resolved: Resolved, used: Convention, regime: Regime) -> Finding[float]:
    """Tokens that attend to each other; 0 where attention is not counted."""
    if (resolved.stack is None and resolved.text is None) or used == "6nd":
        return Finding(0.0)
    if regime.document_tokens:
        return Finding(mean_document_tokens(regime.document_tokens))
    if regime.sequence_tokens:
        return Finding(regime.sequence_tokens)
    own = resolved.training_sequence_tokens
    if own:
        why = "the model's own training context"
        return Finding(own, (Assumption("sequence_length", own, unit="tokens", basis="catalog", why=why),))
    length = min(DEFAULT_SEQUENCE_TOKENS, resolved.context_tokens or DEFAULT_SEQUENCE_TOKENS)
    why = "a usual training context; none was given"
    return Finding(length, (Assumption("sequence_length", length, unit="tokens", why=why),))


def _terms(resolved: Resolved, used: Convention, length: float) -> FlopTerms | None:
    """Forward FLOP per token by term, where the convention counts them."""
    if used in ("6nd", "palm"):
        return None
    if resolved.text is not None:
        return products_flop(resolved.text, length, triangle=used == "causal")
    if resolved.stack is None:
        return None
    return forward_flop(resolved.stack, length, triangle=used == "causal", router=used == "full_attention")


def _left_out(resolved: Resolved, used: Convention, sequence_tokens: float | None) -> tuple[Warning, ...]:
    """What 6 N D leaves out at this length, where it is worth a word."""
    if used == "6nd" and resolved.whole:
        return (_by_parameters(resolved),)
    if used != "6nd" or not sequence_tokens or resolved.stack is None:
        return ()
    share = forward_flop(resolved.stack, sequence_tokens).attention / (2.0 * resolved.active_params)
    if share <= LEFT_OUT:
        return ()
    detail = f"6 N D leaves attention out: at {sequence_tokens:g} tokens it would add about {share:.0%}"
    return (Warning("attention-left-out", f"{detail}; give layers and hidden_size to have it counted"),)


def _by_parameters(resolved: Resolved) -> Warning:
    """That 6 N D stands for what a config's layers cost, and what to ask where those are known."""
    detail = "only the parameters of this config are known: convolutions cost more than 6 N D says, tables less"
    if resolved.sample is not None:
        each = f"{resolved.sample.what} costs {resolved.sample.count.forward_flop:.4g} FLOP forward"
        detail = f"6 N D of tokens that this model does not read: {each}; give samples to have it counted"
    elif resolved.text is not None:
        detail = "6 N D leaves attention out and counts tables as products: without flop_convention it is counted"
    return Warning("flop-by-parameters", detail)


def adapters_in(resolved: Resolved, lora_rank: int | None, target_modules: Sequence[str]) -> Adapters:
    """The adapters of a model: none where its matrices are not known."""
    if resolved.stack is None:
        return Adapters(0, 0)
    return adapters_of(resolved.stack, lora_rank or DEFAULT_LORA_RANK, target_modules)


def _adapters(resolved: Resolved, regime: Regime) -> Finding[Adapters]:
    """The adapters; none where the weights themselves are trained."""
    if not regime.adapted:
        return Finding(Adapters(0, 0))
    used = regime.lora_rank or DEFAULT_LORA_RANK
    rank = () if regime.lora_rank else (Assumption("lora_rank", used, why="a usual rank; none was given"),)
    adapters = adapters_in(resolved, used, regime.target_modules)
    where = ", ".join(regime.target_modules)
    why = f"rank x (inputs + outputs) of {where}"
    if regime.target_modules == (ALL_LINEAR,):
        why = "rank x (inputs + outputs) of every projection (all-linear); PEFT alone takes q_proj and v_proj"
    return Finding(adapters, (*rank, Assumption("adapter_params", adapters.params, basis="derived", why=why)))


def _per_token(count: _Count) -> float:
    """Model FLOP per token, forward and backward."""
    resolved, stack, trained = count.resolved, count.resolved.stack, count.regime.trained
    active = float(resolved.active_params)
    half = 0.5 if resolved.kind == "encoder_decoder" else 1.0
    if count.convention == "6nd" or (stack is None and count.terms is None):
        return half * six_nd_flop_per_token(active, trainable_fraction=trained)
    if stack is None and count.terms is not None:
        return training_flop_per_token(count.terms, trainable_fraction=trained)
    if count.terms is None or stack is None:
        return half * _palm(resolved, stack, count.length, trained)
    if count.convention == "cookbook":
        return 3.0 * count.terms.layers + count.terms.logits + 4.0 * stack.hidden_size
    return training_flop_per_token(count.terms, trainable_fraction=trained)


def _palm(resolved: Resolved, stack: Stack | None, length: float, trained: float) -> float:
    """6 N D without positions, and the full square of attention; it needs a stack, and is refused without."""
    assert stack is not None
    width = (resolved.sizes.heads or 0) * (resolved.sizes.head_dim or 0)
    dense = dense_attention_flop_per_token(stack.layers, width, length, causal=False)
    without_positions = resolved.active_params - (resolved.sizes.positions or 0) * stack.hidden_size
    return six_nd_flop_per_token(without_positions, trainable_fraction=trained) + 3.0 * dense


def _executed(count: _Count) -> float:
    """Hardware FLOP per token: as published HFU figures count, the full square of attention and what runs again."""
    recompute, trained, stack = count.regime.recompute, count.regime.trained, count.resolved.stack
    if count.terms is not None and stack is None:
        return _per_token(count) + recomputed_flop_per_token(count.terms, recompute)
    if count.terms is None or stack is None:
        return _per_token(count) + (2.0 * count.resolved.active_params if recompute == "full" else 0.0)
    if count.convention == "causal":
        full = forward_flop(stack, count.length, triangle=False)
        return training_flop_per_token(full, trainable_fraction=trained) + recomputed_flop_per_token(full, recompute)
    return _per_token(count) + recomputed_flop_per_token(count.terms, recompute)
