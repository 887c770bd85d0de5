"""How much arithmetic a training run is: which model, how much of it is seen, and the FLOP of that."""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, unknown, warned
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.flop import Regime, TrainingFlop, image_training_flop, patch_tokens_of, training_flop
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.training.adapters import modules_of
from mlquote.estimators.training.methods import (
    GENERATION,
    POLICY,
    RECIPES,
    Pass,
    forward_flop,
    kept_beside,
    passes_of,
    recipe_of,
)
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rollouts import Rollouts
from mlquote.estimators.training.rows import rows_told, sample_tokens, text_lengths
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError
from mlquote.kit.provenance import Assumption
from mlquote.kit.records import quick_record


@dataclass(frozen=True, slots=True)
class CountDoubt:
    """Log-sd of FLOP by how they are counted."""

    counted: float
    """From a known shape."""
    six_nd: float
    """As 6 N D."""
    encoder_decoder: float
    """Where tokens split between encoder and decoder in unknown shares."""


@quick_record
class Work:
    """How much arithmetic a run is, as far as the question says."""

    resolved: Resolved | None
    model_flop: Uncertain | None
    hardware_flop: Uncertain | None
    tokens: float | None
    counted: TrainingFlop | None = None
    passes: tuple[Pass, ...] = ()
    """Every model that sees the tokens, where more than one pass is run over them."""
    generated_fraction: float = 0.0
    """Share of the model FLOP that is spent on generating rollouts."""


def model_of(question: TrainingQuestion, catalog: Snapshot, when: datetime) -> Finding[Resolved | None]:
    """The model that is trained; None where nobody says its sizes, and the run's hours or FLOP stand for them.

    Raises:  Malformed when nothing says what is trained
    """
    described = Description.of(question)
    if not described.says_something:
        if question.training_flop is None and not question.is_timed:
            hint = "give model, params, architecture or hf_config; or training_flop; or accelerator_hours"
            raise Malformed("nothing says what is trained", pointer="/model", hint=hint)
        return _unshaped(question, "neither a model nor training_flop is given")
    try:
        return _seen(question, resolved_of(described, catalog, when, sequence_tokens=question.sequence_length))
    except (Malformed, OutOfDomain) as fault:
        if not _can_do_without(question, fault):
            raise
        return _unshaped(question, fault.detail)


def _seen(question: TrainingQuestion, found: Finding[Resolved]) -> Finding[Resolved]:
    """A config of which one image is known is a model of images where the question counts samples."""
    sample = found.value.sample
    if sample is None or question.samples is None or found.value.image is not None:
        return found
    return replace(found, value=replace(found.value, image=sample.count))


def amount_of(question: TrainingQuestion, resolved: Resolved | None) -> Finding[float | None]:
    """Tokens that are seen, or images where the model reads those; None where FLOP or hours are known without.

    Raises:  Malformed when nothing says how much is trained, or two fields do
    """
    if resolved is None:
        return Finding(question.tokens * question.epochs if question.tokens else None)
    images = reads_images(resolved)
    seen = Finding(_images(question, resolved)) if images else _tokens(question, resolved)
    if question.training_flop is not None:
        return seen
    if seen.value is None or (images and resolved.image is None and question.accelerator_hours is not None):
        if question.accelerator_hours is None:
            pointer, hint = ("/samples", "give samples") if images else ("/tokens", "give tokens or samples")
            raise Malformed("nothing says how much is trained", pointer=pointer, hint=hint)
        unsaid: Finding[float | None] = Finding(None)
        return warned(unsaid, "flop-unknown", "neither tokens nor training_flop is given: FLOP and MFU are unknown")
    return seen


def count_doubt_of(catalog: Snapshot) -> CountDoubt:
    """How far each way of counting FLOP may be off."""
    return catalog.derived(_count_doubt)


def _count_doubt(catalog: Snapshot) -> CountDoubt:
    return CountDoubt(*(catalog.doubt("training_flop", level) for level in ("counted", "6nd", "encoder_decoder")))


def reads_images(resolved: Resolved) -> bool:
    """The model is trained on images, not on tokens."""
    return resolved.image is not None or resolved.kind in {"cnn", "diffusion"}


def tokens_of(resolved: Resolved | None, seen: float | None) -> float | None:
    """Tokens among what is seen: all of it, or none where those are images."""
    return None if resolved is not None and reads_images(resolved) else seen


@dataclass(frozen=True, slots=True)
class Beside:
    """What a method needs beside the model that it trains."""

    teacher: Resolved | None = None
    rollouts: Rollouts | None = None


def work_of(
    question: TrainingQuestion, resolved: Resolved | None, seen: float | None, doubt: CountDoubt, beside: Beside
) -> Finding[Work]:
    """Model and hardware FLOP: given, counted, or unknown.

    Args:    seen: tokens or images, as `amount_of` found them; doubt: of the count
    Raises:  Malformed for a method on texts where the model reads images
    """
    tokens = tokens_of(resolved, seen)
    if question.training_flop is not None:
        flop = known(question.training_flop)
        return Finding(Work(resolved, flop, flop if question.recompute == "none" else None, tokens))
    if resolved is None or seen is None:
        return Finding(Work(resolved, None, None, tokens))
    return _counted(question, resolved, seen, doubt, beside)


def _can_do_without(question: TrainingQuestion, fault: QuoteError) -> bool:
    """All that is wrong is a size left unsaid, and the run's hours or FLOP are given."""
    if not question.is_timed and question.training_flop is None:
        return False
    size = fault.faults[0].pointer.rpartition("/")[2]
    said = [getattr(part, size, None) for part in (question, question.architecture)]
    return size in {"params", "layers", "hidden_size"} and said == [None, None]


def _unshaped(question: TrainingQuestion, why: str) -> Finding[None]:
    """No model, as nobody gave its sizes: its FLOP are unknown where the question does not say them."""
    return (
        Finding(None)
        if question.training_flop is not None
        else unknown("flop-unknown", f"{why}: FLOP and MFU are unknown")
    )


def _tokens(question: TrainingQuestion, resolved: Resolved) -> Finding[float | None]:
    """Tokens seen: per pass times epochs; a known model's own training set where nothing is said."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.tokens is not None:
        return Finding(question.tokens * question.epochs)
    if question.samples is not None:
        length, which = sample_tokens(question, resolved)
        if length is None:
            hint = "give sequence_length: tokens in one sample"
            raise Malformed("samples need a length in tokens", pointer="/sequence_length", hint=hint)
        texts = recipe_of(question.method).texts * (question.generations_per_prompt or 1)
        tokens = question.samples * length * texts * question.epochs
        why = f"{texts:g} x {length:g} a sample, {which}"
        return Finding(tokens, (Assumption("tokens", tokens, "tokens", basis="derived", why=why),))
    own = resolved.training_tokens
    if own is None or question.accelerator_hours is not None or question.method != "pretrain":
        return Finding(None)
    why = f"what {resolved.name} was trained on"
    return Finding(own * question.epochs, (Assumption("tokens", own, "tokens", basis="catalog", why=why),))


def _images(question: TrainingQuestion, resolved: Resolved) -> float | None:
    """Images seen; a vision transformer's tokens are so many patches an image."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.samples is not None:
        return question.samples * question.epochs
    if question.tokens is None:
        return None
    if resolved.kind != "vit" or resolved.stack is None:
        raise Malformed(
            f"{resolved.name or f'a {resolved.kind}'} reads images, not tokens", pointer="/tokens", hint="give samples"
        )
    return question.tokens * question.epochs / patch_tokens_of(resolved)


def regime_of(question: TrainingQuestion) -> Regime:
    """How the run trains, as far as its arithmetic is concerned."""
    return Regime(
        sequence_tokens=question.sequence_length,
        document_tokens=text_lengths(question),
        convention=question.flop_convention,
        method=question.adapted or question.method,
        lora_rank=question.lora_rank,
        target_modules=modules_of(question),
        trainable_fraction=question.trainable_fraction,
        recompute=question.recompute,
    )


def _counted(
    question: TrainingQuestion, resolved: Resolved, seen: float, doubt: CountDoubt, beside: Beside
) -> Finding[Work]:
    """FLOP of everything seen, with the doubt of how they are counted."""
    images = reads_images(resolved)
    found = (image_training_flop if images else training_flop)(resolved, seen, regime_of(question))
    counted = _headless(found.value) if question.method == "contrastive" else found.value
    passes = _passes(question, resolved, counted, beside)
    whole = sum(each.flop for each in passes) or counted.model_flop
    generated = sum(each.flop for each in passes if each.work == GENERATION) / whole
    model = doubtful(whole, _log_sd(doubt, resolved, counted.convention), "training_flop")
    interval = model.range()
    said = Assumption(
        "training_flop", whole, "FLOP", interval.low, interval.high, basis="derived",
        why="model FLOP, without recomputation" + (", of every pass" if passes else ""),
    )  # fmt: skip
    hardware = Uncertain(whole + counted.hardware_flop - counted.model_flop, model.loads)
    work = Work(resolved, model, hardware, None if images else seen, counted, passes, generated)
    told = (*found.assumptions, said, *_meaning(question), *rows_told(question))
    return Finding(work, told, found.rows, found.warnings)


def _headless(counted: TrainingFlop) -> TrainingFlop:
    """The count without logits: an embedding or a score is read off the last hidden state."""
    if counted.terms is None:
        return counted
    spared = 3.0 * counted.terms.logits * counted.tokens
    return replace(
        counted, model_flop=counted.model_flop - spared, hardware_flop=counted.hardware_flop - spared,
        terms=replace(counted.terms, logits=0.0),
    )  # fmt: skip


def _passes(question: TrainingQuestion, resolved: Resolved, counted: TrainingFlop, beside: Beside) -> tuple[Pass, ...]:
    """Every model that sees tokens, rollouts included; empty where the method has one model and one pass."""
    recipe = recipe_of(question.method)
    if recipe.forwards and counted.unit == "image":
        detail, hint = f"{question.method} trains on texts, and this model reads images", "finetune"
        raise Malformed(detail, pointer="/method", hint=hint)
    regime = regime_of(question)
    passes = passes_of(recipe, resolved, beside.teacher, counted.tokens, regime, counted.model_flop)
    rollouts = beside.rollouts
    if rollouts is None:
        return passes
    read = rollouts.generated_tokens + rollouts.prompt_tokens
    return (*passes, Pass(POLICY, GENERATION, resolved.params, read, forward_flop(resolved, read, regime)))


def _meaning(question: TrainingQuestion) -> tuple[Assumption, ...]:
    """What `tokens` counts under a method that is more than one model reading a text."""
    if question.method not in RECIPES:
        return ()
    recipe = recipe_of(question.method)
    beside = ", ".join((*kept_beside(question), *recipe.also_trained))
    kept = f"; kept beside the policy: {beside}" if beside else ""
    if question.adapted and "reference" in recipe.frozen:
        kept += "; the reference is the base without its adapters, no second copy"
    return (Assumption("method", question.method, basis="given", why=f"tokens are {recipe.tokens}{kept}"),)


def _log_sd(doubt: CountDoubt, resolved: Resolved, convention: str) -> float:
    if resolved.kind == "encoder_decoder" and not resolved.counted:
        return doubt.encoder_decoder
    return doubt.six_nd if convention == "6nd" else doubt.counted
