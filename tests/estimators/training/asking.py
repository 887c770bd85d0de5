"""How tests ask a training question: of a catalogue of round figures, or of the bundled one."""

from typing import Any

from mlquote.catalog.rows import TuningRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.provenance import Answer, Range
from tests.estimators.hardware_sample import NOW, snapshot

CATALOG = snapshot()
PLAIN: dict[str, Any] = {"params": 10**10, "tokens": 1e12, "accelerator": "a1", "flop_convention": "6nd"}


def asked(catalog: Snapshot = CATALOG, **fields: Any) -> Answer:
    """The answer to a question of these fields."""
    return training_estimate(TrainingQuestion.model_validate(fields), catalog, NOW)


def result(catalog: Snapshot = CATALOG, **fields: Any) -> TrainingResult:
    """Its figures."""
    answer = asked(catalog, **fields).result
    assert isinstance(answer, TrainingResult)
    return answer


def middle(interval: Range | None) -> float:
    """The central figure of a range that must be known."""
    assert interval is not None
    return float(interval.central)


def holds(interval: Range | None, value: float) -> bool:
    """Whether a range that must be known contains a value."""
    assert interval is not None
    return float(interval.low) <= value <= float(interval.high)


def codes(answer: Answer) -> set[str]:
    """The codes of an answer's warnings."""
    return {warning.code for warning in answer.warnings}


def of_measured(run: TuningRun) -> dict[str, Any]:
    """The question a user would have asked before a measured step of fine-tuning, without what the source adds."""
    said = ("method", "lora_rank", "tokens", "sequence_length", "micro_batch_size", "recompute", "accelerator",
            "accelerator_count")  # fmt: skip
    sizes = ("layers", "hidden_size", "heads", "kv_heads", "ffn_size", "ffn_gated", "vocab_size", "tied_embeddings")
    fields = {name: getattr(run, name) for name in said if getattr(run, name) not in (None, "")}
    shape = {name: getattr(run, name) for name in sizes if getattr(run, name) is not None}
    return fields | ({"model": run.model} if run.model else {"architecture": shape})
