"""Losses of spans: where an answer begins and where it ends."""

from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Reader, Softmax, steep

ENDS = (("start_logits", "start_positions"), ("end_logits", "end_positions"))


def span_extraction(block: Block) -> Array:
    """Cross-entropy of a span's first and of its last position, averaged; one value for the batch.

        L = 1/2 (mean over kept starts of -log softmax(z)_s + mean over kept ends of -log softmax(z')_e)

    Gradient: (softmax - onehot) over twice the number of kept starts, or ends.
    Domain: logits [N, L] over positions for start and end, one whole position each; positions of L and beyond are left
        out, those below 0 are 0.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the probabilities of the first and the last position, apart from each other.
    Pitfalls: starts and ends are averaged over their own counts; answers outside the text are left out silently.
    Source: Devlin et al., BERT (2019), section 4.2; Transformers, ForQuestionAnsweringLoss.
    """
    total = 0.0
    for logits, positions in ENDS:
        z, at = block.predictions[logits], block.targets[positions].astype(np.int64)
        kept = at < z.shape[1]
        count = int(np.count_nonzero(kept))
        if not count:
            return np.array([np.nan])
        soft = Softmax(z, np.empty_like(z))
        labels = np.where(kept, at, 0)
        total += 0.5 * float((soft.negative_log(labels) * kept).sum()) / count
        if block.wants(logits):
            soft.gradient(labels, kept * (0.5 / count) * block.factors[0])
            block.give(soft.e, logits)
    return np.array([total])


def align_spans(batch: Batch, reader: Reader) -> Batch:
    """One start and one end for each row of both logits."""
    shape = batch.predictions["start_logits"].shape
    for logits, positions in ENDS:
        found, at = batch.predictions[logits].shape, batch.targets[positions]
        if len(shape) != 2 or found != shape or not all(shape):
            reader.refuse(f"predictions/{logits}", f"shape {list(found)} beside {list(shape)}", "two arrays [N, L]")
        elif at.shape not in {shape[:1], (*shape[:1], 1)} or (at != np.trunc(at)).any():
            detail = f"{positions} of shape {list(at.shape)}"
            reader.refuse(f"targets/{positions}", detail, f"one whole number a row: [{shape[0]}]")
    if reader.faults:
        return batch
    places = {name: np.maximum(batch.targets[name].reshape(-1), 0.0) for _, name in ENDS}
    return replace(batch.with_targets(**places), shape=(1,))


span_properties = steep("the first and the last position", differentiable=True, convex=True)
