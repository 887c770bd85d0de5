"""Losses of sequences that are not aligned with their labels: CTC and the RNN transducer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, Softmax

Ints = NDArray[np.int64]
MAX_STEPS = 1_000_000
"""Steps of the recursion over a whole batch, each a few operations on vectors."""


@dataclass(frozen=True, slots=True)
class Path:
    """-log of the probability summed over alignments, and the posterior of each symbol at each place."""

    value: float
    posterior: Array
    last_blank: float = 0.0
    """The share of the alignments that end in a blank, of a recursion over blanks between labels."""


def log_sum(*terms: Array) -> Array:
    """log of the sum of exponentials, -Infinity where all are."""
    found: Array = np.logaddexp.reduce(np.stack(terms), axis=0)
    return found


def shifted(row: Array, by: int) -> Array:
    """A row moved right by some places, -Infinity coming in."""
    found = np.full(row.shape, -np.inf)
    found[by:] = row[: len(row) - by]
    return found


def ctc_path(log_p: Array, labels: Ints, blank: int) -> Path:
    """Forward and backward sums over all alignments of labels to steps, blanks between them.

    Args:    log_p, log-probabilities of each symbol at each step, shape [T, V]; labels, shape [S]
    Source:  Graves et al., Connectionist temporal classification (2006), equations 6 to 11
    """
    extended = np.full(2 * len(labels) + 1, blank, dtype=np.int64)
    extended[1::2] = labels
    size, steps = len(extended), len(log_p)
    skips = np.zeros(size, dtype=np.bool_)
    skips[2:] = extended[2:] != extended[:-2]
    emitted = log_p[:, extended]
    forward = np.full((steps, size), -np.inf)
    forward[0, :2] = emitted[0, :2]
    for t in range(1, steps):
        last = forward[t - 1]
        jump = np.where(skips, shifted(last, 2), -np.inf)
        forward[t] = log_sum(last, shifted(last, 1), jump) + emitted[t]
    total = float(np.logaddexp.reduce(forward[-1, -2:]))
    if total == -np.inf:
        return Path(np.inf, np.zeros(log_p.shape))
    backward = np.full((steps, size), -np.inf)
    backward[-1, -2:] = 0.0
    for t in range(steps - 2, -1, -1):
        later = backward[t + 1] + emitted[t + 1]
        jump = shifted(np.where(skips, later, -np.inf)[::-1], 2)[::-1]
        backward[t] = log_sum(later, shifted(later[::-1], 1)[::-1], jump)
    share = np.exp(forward + backward - total)
    posterior = np.zeros(log_p.shape)
    for place, symbol in enumerate(extended):
        posterior[:, symbol] += share[:, place]
    return Path(-total, posterior, float(share[-1, -1]))


def rnnt_path(log_p: Array, labels: Ints, blank: int) -> Path:
    """Forward and backward sums over all monotone paths through steps and labels.

    Args:    log_p, log-probabilities of each symbol after t steps and u labels, shape [T, U + 1, V]; labels, shape [U]
    Source:  Graves, Sequence transduction with recurrent neural networks (2012), equations 16 to 20
    """
    steps, rows = log_p.shape[:2]
    still = log_p[:, :, blank]
    emit = log_p[:, np.arange(rows - 1), labels]
    forward = np.full((steps, rows), -np.inf)
    backward = np.full((steps, rows), -np.inf)
    for t in range(steps):
        for u in range(rows):
            if not t and not u:
                forward[0, 0] = 0.0
                continue
            stay = forward[t - 1, u] + still[t - 1, u] if t else -np.inf
            move = forward[t, u - 1] + emit[t, u - 1] if u else -np.inf
            forward[t, u] = np.logaddexp(stay, move)
    for t in range(steps - 1, -1, -1):
        for u in range(rows - 1, -1, -1):
            if t == steps - 1 and u == rows - 1:
                backward[t, u] = still[t, u]
                continue
            stay = backward[t + 1, u] + still[t, u] if t + 1 < steps else -np.inf
            move = backward[t, u + 1] + emit[t, u] if u + 1 < rows else -np.inf
            backward[t, u] = np.logaddexp(stay, move)
    total = float(backward[0, 0])
    posterior = np.zeros(log_p.shape)
    if total == -np.inf:
        return Path(np.inf, posterior)
    ahead = np.vstack([backward[1:], np.full((1, rows), -np.inf)])
    ahead[-1, -1] = 0.0
    posterior[:, :, blank] = np.exp(forward + still + ahead - total)
    posterior[:, np.arange(rows - 1), labels] += np.exp(forward[:, :-1] + emit + backward[:, 1:] - total)
    return Path(-total, posterior)


def ctc(block: Block) -> Array:
    """Negative log-probability of a label sequence, summed over all its alignments to the steps.

        L = -log sum over paths that read as the labels once repeats and blanks are taken out, of prod_t p_t(symbol)
        divide_by_label_length: L / max(S, 1)

    Gradient: softmax - posterior in the logits; - posterior in log-probabilities, the posterior of each symbol per
        step.
    Domain: predictions [B, T, V]; labels [B, S] below V, filled up with anything; input_lengths <= T, label_lengths <=
        S. Left out, input_lengths are T, and label_lengths the labels before the trailing blanks.
    Stability: sums of logarithms; a label sequence too long for its steps has probability 0: Infinity, or 0 with zero
        gradient under zero_infinity.
    Aligned with: the probability of the label sequence.
    Pitfalls: PyTorch's mean divides each value by its label length first (divide_by_label_length) and its gradient in
        log-probabilities is that of the logits behind them; Keras and optax divide by nothing.
    Source: Graves et al., Connectionist temporal classification (2006), section 4.
    """
    return summed(block, ctc_path)


def rnnt(block: Block) -> Array:
    """Negative log-probability of a label sequence under a transducer, summed over all monotone paths.

        L = -log sum over paths of steps (blank) and labels from (0, 0) to (T, U), of prod p(symbol | t, u)

    Gradient: softmax - posterior in the logits, each place counted as often as paths pass it; - posterior in
        log-probabilities.
    Domain: predictions [B, T, U+1, V]; labels [B, U] below V; input_lengths <= T, label_lengths <= U.
    Stability: sums of logarithms.
    Aligned with: the probability of the label sequence.
    Pitfalls: the blank is the last symbol in torchaudio and the first in many other implementations: here blank says
        it.
    Source: Graves, Sequence transduction with recurrent neural networks (2012), section 2.4.
    """
    return summed(block, rnnt_path)


def summed(block: Block, path: Any, *, behind: bool = False) -> Array:
    """Each sequence's value and slope by a recursion over its paths: `ctc_path`, `rnnt_path`, or a framework's own.

    `behind`: log-probabilities have the slope of the logits behind them, each place passed once.
    """
    p, labels = block.p, block.targets["labels"].astype(np.int64)
    inputs, lengths = block.targets["_inputs"], block.targets["_lengths"]
    values = np.empty(len(p))
    if block.wants():
        block.slot()[...] = 0.0
    for i in range(len(p)):
        part = p[i, : inputs[i]] if p.ndim == 3 else p[i, : inputs[i], : lengths[i] + 1]
        log_p, q = _log_probabilities(block, part)
        found = path(log_p, labels[i, : lengths[i]], int(block["blank"]))
        lost = not np.isfinite(found.value)
        values[i] = 0.0 if lost and block.batch.params.get("zero_infinity") else found.value
        share = 1.0
        if block.batch.params.get("divide_by_label_length"):
            share = 1.0 / max(int(lengths[i]), 1)
            values[i] *= share
        if block.wants() and not lost:
            passed = 1.0 if behind else found.posterior.sum(axis=-1, keepdims=True)
            q = np.exp(log_p) if behind else q
            slope = -found.posterior if q is None else passed * q - found.posterior
            place = block.slot()[i]
            target = place[: inputs[i]] if p.ndim == 3 else place[: inputs[i], : lengths[i] + 1]
            target[...] = slope * (share * block.factors[i])
    return values


def _log_probabilities(block: Block, z: Array) -> tuple[Array, Array | None]:
    """log q, and q where it has to be carried back to logits."""
    if block.batch.form == "log_probabilities":
        block.notes.mark("probabilities_passed_as_log_probabilities", z.reshape(1, -1) > 1e-9)
        return z, None
    flat = np.ascontiguousarray(z).reshape(-1, z.shape[-1])
    soft = Softmax(flat, np.empty_like(flat))
    log = soft.log_probabilities().reshape(z.shape)
    return log, soft.probabilities().reshape(z.shape)


def align_ctc(batch: Batch, reader: Reader) -> Batch:
    """Labels and lengths that fit [B, T, V]."""
    return aligned(batch, reader, rank=3)


def align_rnnt(batch: Batch, reader: Reader) -> Batch:
    """Labels and lengths that fit [B, T, U + 1, V]."""
    return aligned(batch, reader, rank=4)


def aligned(batch: Batch, reader: Reader, *, rank: int, blank_is_a_label: bool = False) -> Batch:
    """Labels and lengths that fit; the blank among the labels is refused unless a framework takes it for one."""
    p, labels = batch.p, batch.targets["labels"]
    if p.ndim != rank or not p.size:
        shape = "[B, T, V]" if rank == 3 else "[B, T, U + 1, V]"
        reader.refuse("predictions", f"predictions have shape {list(p.shape)}", shape)
        return batch
    if labels.ndim != 2 or len(labels) != len(p) or (rank == 4 and labels.shape[1] != p.shape[2] - 1):
        shapes = f"labels have shape {list(labels.shape)}, predictions {list(p.shape)}"
        reader.refuse("targets/labels", shapes, "one row of labels per sequence" + (", U long" if rank == 4 else ""))
        return batch
    blank = int(batch.params["blank"])
    blank += p.shape[-1] if blank < 0 else 0
    if not 0 <= blank < p.shape[-1]:
        reader.refuse("params/blank", f"there is no symbol {blank}", f"0 to {p.shape[-1] - 1}")
    inputs = _lengths(batch, reader, "input_lengths", np.full(len(p), p.shape[1]), p.shape[1], 1)
    told = labels.shape[1] - (np.logical_and.accumulate((labels == blank)[:, ::-1], axis=1)).sum(axis=1)
    lengths = _lengths(batch, reader, "label_lengths", told, labels.shape[1], 0)
    used = np.arange(labels.shape[1])[None, :] < lengths[:, None]
    wrong = used & ((labels != np.trunc(labels)) | (labels < 0) | (labels >= p.shape[-1]))
    wrong |= used & (labels == blank) & (not blank_is_a_label)
    if wrong.any():
        row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        hint = f"symbols 0 to {p.shape[-1] - 1}" + ("" if blank_is_a_label else f", not the blank {blank}")
        reader.refuse(f"targets/labels/{row}/{column}", f"{labels[row, column]:g} is no label here", hint)
    cells = int((inputs * (1 if rank == 3 else lengths + 1)).sum())
    if cells > MAX_STEPS:
        reader.refuse("predictions", f"{cells} steps", f"at most {MAX_STEPS}")
    targets = {**batch.targets, "labels": np.where(used, labels, 0.0), "_inputs": inputs, "_lengths": lengths}
    return replace(batch, shape=(len(p),), targets=targets, params=_with_blank(batch.params, blank))


def _with_blank(params: Params, blank: int) -> Mapping[str, Any]:
    return {**params, "blank": blank}


def _lengths(batch: Batch, reader: Reader, name: str, fallback: Ints, most: int, least: int) -> Ints:
    given = batch.targets.get(name)
    if given is None:
        return fallback.astype(np.int64)
    right = given.shape == fallback.shape and bool(((given == np.trunc(given)) & (given >= least)).all())
    if not right or not (given <= most).all():
        reader.refuse(f"targets/{name}", f"{name} do not fit", f"one whole number {least} to {most} per sequence")
        return fallback.astype(np.int64)
    return given.astype(np.int64)


def sequence_properties(params: Params) -> Properties:
    """A sum over paths under a logarithm: not convex in logits."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=None if params["_form"] == "log_probabilities" else 0.0,
        aligned_with="the probability of the label sequence",
        note="0 is a bound while log-probabilities are normalised",
    )
