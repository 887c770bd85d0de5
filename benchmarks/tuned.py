"""Measured fine-tuning steps of pricing_data as questions, and the rules fitted on them.

Sources are weighed alike, whatever their number of rows, and each rule's spread is that of sources left out of the fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Any

from published import NOW

from mlquote.catalog.rows import TuningRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import utc
from mlquote.estimators.training.memory import Room, memory_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.work import model_of

_SIZES = ("layers", "hidden_size", "heads", "kv_heads", "ffn_size", "ffn_gated", "vocab_size", "tied_embeddings")
_ASKED = ("method", "lora_rank", "tokens", "sequence_length", "micro_batch_size", "recompute", "accelerator",
          "accelerator_count", "fused_loss")  # fmt: skip


def asked_of(run: TuningRun, *, as_run: bool = True) -> dict[str, Any]:
    """What a user would have asked before this step; not `as_run`: without saying that its loss is fused."""
    sizes = {name: getattr(run, name) for name in _SIZES if getattr(run, name) is not None}
    fields = {name: getattr(run, name) for name in _ASKED if getattr(run, name) not in (None, "")}
    if not as_run:
        fields.pop("fused_loss", None)
    if run.run_date is not None:
        fields["date"] = run.run_date.isoformat()
    return fields | ({"model": run.model} if run.model else {"architecture": sizes})


def group_of(run: TuningRun) -> str:
    """Measurements that err together: one source's, of one model under one method."""
    return "/".join((run.source, run.model or f"{run.layers}x{run.hidden_size}", run.method))


@dataclass(frozen=True, slots=True)
class Peak:
    """A measured peak and the bytes that are counted of it."""

    run: TuningRun
    counted_bytes: float
    measured_bytes: float

    def off(self, reserve_bytes: float) -> float:
        """ln(ours / measured) with so much reserve."""
        return log((self.counted_bytes + reserve_bytes) / self.measured_bytes)


def peaks(catalog: Snapshot, runs: Iterable[TuningRun]) -> list[Peak]:
    """The measured peaks among these runs."""
    empty = Room(1e12, 0.0, 0.0)
    found = []
    for run in runs:
        if run.peak_gb is None:
            continue
        question = TrainingQuestion.model_validate(asked_of(run))
        when = utc(question.date or NOW)
        need = memory_of(
            question, model_of(question, catalog, when).value, catalog.accelerator(run.accelerator, when), empty
        ).value
        assert need is not None and need.bytes_per_accelerator is not None
        found.append(Peak(run, need.bytes_per_accelerator, run.peak_gb * 1e9))
    return found


def reserve(seen: Sequence[Peak]) -> tuple[float, float]:
    """(bytes held beside tensors, log-sd of a whole sum).

    The reserve is the middle of the groups' middles; frameworks with fused kernels, which hold less than is counted,
    are left out of it. The spread holds four fifths of the errors of groups left out, as a normal would.
    """
    by_group: dict[str, list[Peak]] = {}
    for peak in seen:
        by_group.setdefault(group_of(peak.run), []).append(peak)
    left_out = []
    for group, each in by_group.items():
        others = _middle([by_group[name] for name in by_group if name != group])
        left_out.extend(abs(peak.off(others)) for peak in each)
    return _middle(list(by_group.values())), _quantile(left_out, 0.8) / 1.2816


def _middle(groups: Sequence[Sequence[Peak]]) -> float:
    """Middle over groups of the middle of what is measured beyond what is counted."""
    plain = [group for group in groups if not group[0].run.fused_loss]
    return median(median(peak.measured_bytes - peak.counted_bytes for peak in group) for group in plain)


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)
