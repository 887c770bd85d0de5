"""CTC as each framework computes it: which labels it reads, what impossible ones cost, and whose slope it gives."""

import numpy as np

from mlquote.losses.families import sequence
from mlquote.losses.families.sequence import Ints, Path
from mlquote.losses.loss import Array, Batch, Block, Reader

LEAST = -1e5
"""What optax and Keras take for the logarithm of 0."""


def torch_path(log_p: Array, labels: Ints, blank: int) -> Path:
    """PyTorch's sums: where the last label is the blank, its slope forgets the paths that end in a blank proper."""
    found = sequence.ctc_path(log_p, labels, blank)
    if len(labels) and labels[-1] == blank:
        found.posterior[-1, blank] -= found.last_blank
    return found


def torch_ctc(block: Block) -> Array:
    """PyTorch's CTC: the slope in log-probabilities is that of the logits behind, exp(p) - posterior; NaN of none."""
    values = sequence.summed(block, torch_path, behind=True)
    if block.wants():
        for lost in np.flatnonzero(np.isposinf(values)):
            block.slot()[lost, : block.targets["_inputs"][lost]] = np.nan
    return values


def blank_among_labels(batch: Batch, reader: Reader) -> Batch:
    """PyTorch and optax take the blank among the labels for a label like any other, which a path may skip to."""
    return sequence.aligned(batch, reader, rank=3, blank_is_a_label=True)


def counted_labels(batch: Batch, reader: Reader) -> Batch:
    """Keras: as many labels as are not 0, from the first on; a 0 among those is a label like any other."""
    counted = np.count_nonzero(batch.targets["labels"], axis=-1)
    return blank_among_labels(batch.with_targets(label_lengths=counted), reader)


def held_path(log_p: Array, labels: Ints, blank: int) -> Path:
    """Forward and backward sums as optax has them, whose steps that cannot be have the logarithm -1e5, not -Infinity.

    After each step a path waits before label n, having passed a blank or nothing (`wait`, n = 0 to S), or has just
    given out label n (`give`). From giving n it comes to waiting for n + 1 without a blank, unless n + 1 repeats n.

    Args:    log_p, log-probabilities of each symbol at each step, shape [T, V]; labels, shape [S]
    Source:  optax 0.2.8, ctc_loss_with_forward_probs; Keras 3.15.1 has it of there
    """
    steps, size = len(log_p), len(labels)
    given, quiet = log_p[:, labels], log_p[:, blank]
    repeats = np.zeros(size, dtype=np.bool_)
    repeats[:-1] = labels[1:] == labels[:-1]
    free, by_blank = np.where(repeats, LEAST, 0.0), np.where(repeats, 0.0, LEAST)
    wait, give = np.full((steps + 1, size + 1), LEAST), np.full((steps + 1, size), LEAST)
    wait[0, 0] = 0.0
    for t in range(steps):
        ready = wait[t].copy()
        ready[1:] = np.logaddexp(ready[1:], give[t] + free)
        give[t + 1] = np.logaddexp(ready[:-1], give[t]) + given[t]
        wait[t + 1] = ready + quiet[t]
        wait[t + 1, 1:] = np.logaddexp(wait[t + 1, 1:], give[t] + by_blank + quiet[t])
    waits, gives = np.full(size + 1, -np.inf), np.full(size, -np.inf)
    waits[-1], gives[-1:] = 0.0, 0.0
    total = float(np.logaddexp.reduce([wait[-1, -1], *give[-1, -1:]]))
    posterior = np.zeros(log_p.shape)
    for t in range(steps - 1, -1, -1):
        np.add.at(posterior[t], labels, np.exp(give[t + 1] + gives - total))
        posterior[t, blank] += np.exp(wait[t + 1] + waits - total).sum()
        gives, waits = gives + given[t], waits + quiet[t]
        blanked, waits = waits[1:] + by_blank, np.logaddexp(waits, np.append(gives, -np.inf))
        gives = sequence.log_sum(gives, waits[1:] + free, blanked)
    return Path(-total, posterior)


def held_ctc(block: Block) -> Array:
    """optax's and Keras' CTC: labels that do not fit their steps cost about 1e5, with a slope."""
    return sequence.summed(block, held_path)
