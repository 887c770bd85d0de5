"""Measured fine-tuning steps of pricing_data as questions, and the rules fitted on them.

The middle of memory weighs sources alike, whatever their number of rows; each rule's spread is that of the figures of
groups left out of the fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from published import NOW

from mlquote.catalog.rows import TuningRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import utc
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.estimators.training.memory import Room, memory_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.steps import step_of
from mlquote.estimators.training.work import model_of
from mlquote.formulas.training.steps import MicroStep, StepCosts, micro_step_s, saturated_terms
from mlquote.kit.units import SECONDS_PER_HOUR

_SIZES = ("layers", "hidden_size", "heads", "kv_heads", "ffn_size", "ffn_gated", "vocab_size", "tied_embeddings")
_ASKED = ("method", "lora_rank", "tokens", "sequence_length", "micro_batch_size", "recompute", "accelerator",
          "accelerator_count", "fused_loss", "gradient_accumulation_steps", "optimizer",
          "target_modules")  # fmt: skip


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


ENOUGH = 8
"""So many figures tell a spread of their own."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How far a figure lies from a rule that was fitted without its group, and which adapters were trained."""

    group: str
    adapted: str | None
    off: float
    """|ln(ours / measured)|."""


def spread_of(left_out: Iterable[LeftOut]) -> float:
    """The log-sd that holds four fifths of these errors, as a normal would; each figure counts once."""
    return _quantile((each.off for each in left_out), 0.8) / 1.2816


def _adapted(run: TuningRun) -> str | None:
    return run.method if run.method in ("lora", "qlora") else None


def reserve(seen: Sequence[Peak]) -> tuple[float, list[LeftOut]]:
    """(bytes held beside tensors, the errors of whole sums with groups left out).

    The reserve is the middle of the groups' middles; frameworks with fused kernels, which hold less than is counted,
    are left out of it.
    """
    by_group: dict[str, list[Peak]] = {}
    for peak in seen:
        by_group.setdefault(group_of(peak.run), []).append(peak)
    left_out: list[LeftOut] = []
    for group, each in by_group.items():
        others = _middle([by_group[name] for name in by_group if name != group])
        left_out.extend(LeftOut(group, _adapted(peak.run), abs(peak.off(others))) for peak in each)
    return _middle(list(by_group.values())), left_out


def _middle(groups: Sequence[Sequence[Peak]]) -> float:
    """Middle over groups of the middle of what is measured beyond what is counted."""
    plain = [group for group in groups if not group[0].run.fused_loss]
    return median(median(peak.measured_bytes - peak.counted_bytes for peak in group) for group in plain)


@dataclass(frozen=True, slots=True)
class Timed:
    """A measured micro-step and its dense 16-bit peak."""

    group: str
    adapted: str | None
    step: MicroStep
    peak_flop_per_s: float
    seconds: float

    def off(self, rule: NDArray[np.float64]) -> float:
        """ln(ours / measured) under a rule of `TERMS` and `COSTS`, all as logarithms."""
        factors = dict(zip(TERMS, rule, strict=False))
        share = exp(sum(factors[term] * value for term, value in saturated_terms(self.step).items()))
        costs = StepCosts(*(exp(cost) for cost in rule[len(TERMS) :]))
        return log(micro_step_s(self.step, costs, flop_per_s=share * self.peak_flop_per_s) / self.seconds)


TERMS = ("base", "params:per_decade", "balance", "adapters", "card", "fused")
COSTS = ("launch_s_per_layer", "trained_passes", "dequantised_s_per_weight")
PRIOR = np.array([log(0.55), 0.0, 0.0, 0.0, 0.0, 0.0, log(5e-3), log(4.0), log(1.2e-11)])
PRIOR_SD = np.array([1.0, 0.3, 0.5, 0.5, 0.2, 0.5, 1.0, 1.0, 1.0])
"""A step's utilisation within a factor 2.7 of 0.55, small terms unless shown, and the costs of usual kernels."""
STEP_SD, HUBER = 0.15, 1.3


def timed(catalog: Snapshot, runs: Iterable[TuningRun]) -> list[Timed]:
    """The measured speeds among these runs, a micro-step each."""
    found = []
    for run in runs:
        if run.accelerator_hours is None:
            continue
        question = TrainingQuestion.model_validate(asked_of(run))
        when = utc(question.date or NOW)
        part = catalog.accelerator(run.accelerator, when)
        resolved, peaks = model_of(question, catalog, when).value, peaks_of(part, "bf16", catalog).value
        assert resolved is not None and peaks is not None
        tokens = run.sequence_length * (run.micro_batch_size or 1)
        seconds = run.accelerator_hours * SECONDS_PER_HOUR * tokens / run.tokens
        step = step_of(question, resolved, part, peaks, catalog, when).micro
        found.append(Timed(group_of(run), _adapted(run), step, peaks.sixteen_bit, seconds))
    return found


def step_rule(seen: Sequence[Timed]) -> tuple[NDArray[np.float64], list[LeftOut]]:
    """(the rule, the errors of groups left out): Gauss-Newton on Huber-weighted logarithms around the priors."""
    left_out: list[LeftOut] = []
    for group in sorted({each.group for each in seen}):
        rule = _step_rule([each for each in seen if each.group != group])
        left_out.extend(LeftOut(group, each.adapted, abs(each.off(rule))) for each in seen if each.group == group)
    return _step_rule(seen), left_out


def _step_rule(seen: Sequence[Timed]) -> NDArray[np.float64]:
    def wrong(rule: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([*(each.off(rule) / STEP_SD for each in seen), *((rule - PRIOR) / PRIOR_SD)])

    rule, nudge = PRIOR.copy(), 1e-4
    for _ in range(30):
        now = wrong(rule)
        slope = np.array([(wrong(rule + nudge * axis) - now) / nudge for axis in np.eye(len(rule))]).T
        weight = np.ones(len(now))
        weight[: len(seen)] = np.minimum(1.0, HUBER / np.maximum(np.abs(now[: len(seen)]), 1e-9))
        rule = rule - np.linalg.solve(slope.T @ (weight[:, None] * slope), slope.T @ (weight * now))
    return rule


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)
