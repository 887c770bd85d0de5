"""How much arithmetic a training run is, as far as the question says: counted, given, or unknown."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.flop import Regime, TrainingFlop, image_training_flop, patch_tokens_of, training_flop
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError
from mlquote.kit.provenance import Trail


@dataclass(frozen=True, slots=True)
class Work:
    """How much arithmetic a run is, as far as the question says."""

    resolved: Resolved | None
    model_flop: Uncertain | None
    hardware_flop: Uncertain | None
    tokens: float | None
    counted: TrainingFlop | None = None


def training_work(question: TrainingQuestion, catalog: Snapshot, when: datetime, trail: Trail) -> Work:
    """Model and hardware FLOP: counted, given, or unknown where only hours are known."""
    if not Description.of(question).says_something:
        if question.training_flop is None and question.accelerator_hours is None:
            hint = "give model, params, architecture or hf_config; or training_flop; or accelerator_hours"
            raise Malformed("nothing says what is trained", pointer="/model", hint=hint)
        return _unshaped(question, trail, "neither a model nor training_flop is given")
    try:
        found = resolved_of(Description.of(question), catalog, when, sequence_tokens=question.sequence_length)
        resolved = found.told(trail)
    except (Malformed, OutOfDomain) as fault:
        if not _can_do_without(question, fault):
            raise
        return _unshaped(question, trail, fault.detail)
    images = resolved.image is not None or resolved.kind in {"cnn", "diffusion"}
    seen = _samples(question, resolved) if images else _tokens(question, resolved, trail)
    tokens = None if images else seen
    if question.training_flop is not None:
        flop = known(question.training_flop)
        return Work(resolved, flop, flop if question.recompute == "none" else None, tokens)
    if seen is None or (images and resolved.image is None and question.accelerator_hours is not None):
        if question.accelerator_hours is None:
            pointer, hint = ("/samples", "give samples") if images else ("/tokens", "give tokens or samples")
            raise Malformed("nothing says how much is trained", pointer=pointer, hint=hint)
        trail.warn("flop-unknown", "neither tokens nor training_flop is given: FLOP and MFU are unknown")
        return Work(resolved, None, None, None)
    counted = (image_training_flop if images else training_flop)(resolved, seen, regime_of(question)).told(trail)
    model = doubtful(counted.model_flop, _flop_log_sd(resolved, counted.convention), "training_flop")
    interval = model.range()
    trail.assume(
        "training_flop", counted.model_flop, unit="FLOP", low=interval.low, high=interval.high, basis="derived",
        why="model FLOP, without recomputation",
    )  # fmt: skip
    hardware = Uncertain(counted.hardware_flop, model.loads)
    return Work(resolved, model, hardware, tokens, counted)


COUNTED_LOG_SD = 0.005
"""Doubt of FLOP counted from a known shape: what the convention leaves out (norms, router, softmax) is below 1 %."""
SIX_ND_LOG_SD = 0.04
"""Doubt of 6 N D: exact counts of published shapes are 1.00 to 1.10 times it."""
HALVED_LOG_SD = 0.35
"""Doubt where tokens split between encoder and decoder in unknown shares: 3 to 6 N D."""


def _can_do_without(question: TrainingQuestion, fault: QuoteError) -> bool:
    """All that is wrong is a size left unsaid, and the run's hours or FLOP are given."""
    if question.accelerator_hours is None and question.training_flop is None:
        return False
    size = fault.faults[0].pointer.rpartition("/")[2]
    said = [getattr(part, size, None) for part in (question, question.architecture)]
    return size in {"params", "layers", "hidden_size"} and said == [None, None]


def _unshaped(question: TrainingQuestion, trail: Trail, why: str) -> Work:
    """The work of a model whose sizes nobody gave: its FLOP where the question says them, else unknown."""
    if question.training_flop is None:
        trail.warn("flop-unknown", f"{why}: FLOP and MFU are unknown")
        return Work(None, None, None, question.tokens)
    flop = known(question.training_flop)
    return Work(None, flop, flop if question.recompute == "none" else None, question.tokens)


def _flop_log_sd(resolved: Resolved, convention: str) -> float:
    if resolved.kind == "encoder_decoder" and not resolved.counted:
        return HALVED_LOG_SD
    return SIX_ND_LOG_SD if convention == "6nd" else COUNTED_LOG_SD


def _tokens(question: TrainingQuestion, resolved: Resolved, trail: Trail) -> float | None:
    """Tokens seen: per pass times epochs; a known model's own training set where nothing is said."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.tokens is not None:
        return question.tokens * question.epochs
    if question.samples is not None:
        length = question.sequence_length or resolved.training_sequence_tokens
        if length is None:
            hint = "give sequence_length: tokens in one sample"
            raise Malformed("samples need a length in tokens", pointer="/sequence_length", hint=hint)
        return question.samples * length * question.epochs
    own = resolved.training_tokens
    if own is None or question.accelerator_hours is not None or question.method != "pretrain":
        return None
    trail.assume("tokens", own, unit="tokens", basis="catalog", why=f"what {resolved.name} was trained on")
    return own * question.epochs


def _samples(question: TrainingQuestion, resolved: Resolved) -> float | None:
    """Images seen; a vision transformer's tokens are so many patches an image."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.samples is not None:
        return question.samples * question.epochs
    if question.tokens is None:
        return None
    if resolved.kind != "vit":
        raise Malformed(f"a {resolved.kind} reads images, not tokens", pointer="/tokens", hint="give samples")
    return question.tokens * question.epochs / patch_tokens_of(resolved)


def regime_of(question: TrainingQuestion) -> Regime:
    """How the run trains, as far as its arithmetic is concerned."""
    return Regime(
        sequence_tokens=question.sequence_length,
        document_tokens=question.document_lengths or (),
        convention=question.flop_convention,
        method=question.method,
        lora_rank=question.lora_rank,
        trainable_fraction=question.trainable_fraction,
        recompute=question.recompute,
    )
