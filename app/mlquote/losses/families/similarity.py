"""Losses of pairs of vectors: cosine similarity, cosine embedding, and the contrastive loss of a pair."""

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, row_dots, row_norms, steep


class Cosine:
    """The cosine of rows x and y, 0 where one has no length, and its slope in either."""

    def __init__(self, x: Array, y: Array, epsilon: float) -> None:
        self.x, self.y = x, y
        self.lengths = row_norms(x), row_norms(y)
        self.held = tuple(np.maximum(length, epsilon) for length in self.lengths)
        self.below = np.where((self.held[0] > 0.0) & (self.held[1] > 0.0), self.held[0] * self.held[1], np.inf)
        self.value: Array = row_dots(x, y) / self.below

    def slope(self, end: int) -> Array:
        """d cos / d(one end); a length held by epsilon does not move."""
        own, other = (self.x, self.y) if end == 0 else (self.y, self.x)
        length = self.lengths[end]
        moves = (length >= self.held[end]) & (length > 0.0)
        along = np.where(moves, self.value / np.where(moves, length * length, 1.0), 0.0)
        found: Array = other / self.below[:, None] - along[:, None] * own
        return found


def cosine_similarity(block: Block) -> Array:
    """How little two vectors point the same way.

        distance:    1 - cos
        negative:    -cos
        similarity:  cos
        cos = x.y / (max(|x|, epsilon) max(|y|, epsilon)), 0 where a vector has no length

    Gradient: of cos: y / (|x| |y|) - cos x / |x|^2.
    Domain: vectors along the last axis; epsilon >= 0.
    Kinks: a vector of length 0, where 0 is returned with epsilon 0.
    Aligned with: the direction of the target's mean.
    Pitfalls: Keras returns minus the cosine, optax's cosine_similarity the cosine itself, which is to be maximised, and
        NaN for a vector of length 0.
    Source: Salton, Wong, Yang, A vector space model for automatic indexing (1975).
    """
    cosine = Cosine(block.p, block.y, block["epsilon"])
    sign = 1.0 if block["form"] == "similarity" else -1.0
    if block.wants():
        block.notes.mark("subgradient_at_kink", cosine.lengths[0] == 0.0)
        block.give(sign * cosine.slope(0))
    values: Array = sign * cosine.value
    return values + 1.0 if block["form"] == "distance" else values


def cosine_similarity_properties(params: Params) -> Properties:
    """Of angles only: steep without bound near the zero vector."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below={"distance": 0.0}.get(params["form"], -1.0),
        aligned_with="the direction of the mean target",
    )


def cosine_embedding(block: Block) -> Array:
    """Two vectors wanted alike, or wanted apart beyond a margin.

        L = 1 - cos where y = 1;  max(0, cos - margin) where y = -1

    Gradient: -d cos, or +d cos beyond the margin, in either input.
    Domain: labels -1/+1; margin in [-1, 1].
    Kinks: cos = margin with y = -1, and a vector of length 0, where 0 is returned.
    Aligned with: a threshold on the angle.
    Pitfalls: with margin 0 unlike pairs need only be orthogonal; a vector of length 0 has cosine 0 and costs 1 with y
        = 1.
    Source: PyTorch, CosineEmbeddingLoss; after Chopra, Hadsell, LeCun (2005).
    """
    y = _label(block, "labels are -1 or +1", (-1.0, 1.0))
    cosine = Cosine(block.predictions["input1"], block.predictions["input2"], 0.0)
    over = cosine.value - block["margin"]
    slope = np.where(y > 0.0, -1.0, over > 0.0)
    if block.slots:
        block.notes.mark("subgradient_at_kink", (over == 0.0) & (y < 0.0))
        for end, name in enumerate(("input1", "input2")):
            block.give(slope[:, None] * cosine.slope(end), name)
    values: Array = np.where(y > 0.0, 1.0 - cosine.value, np.maximum(over, 0.0))
    return values


def _label(block: Block, hint: str, allowed: tuple[float, float]) -> Array:
    y: Array = block.targets["targets"][:, 0]
    block.require("targets", (y == allowed[0]) | (y == allowed[1]), "is not a label", hint)
    return y


def align_pairs(batch: Batch, reader: Reader) -> Batch:
    """One label for each pair of vectors."""
    shape, y = batch.predictions["input1"].shape, batch.targets["targets"]
    if len(shape) < 2 or y.shape != shape[:-1]:
        hint = f"vectors along the last axis, one label each: {list(shape[:-1])}"
        reader.refuse("targets", f"targets have shape {list(y.shape)}, input1 {list(shape)}", hint)
        return batch
    return batch.with_targets(targets=np.broadcast_to(y[..., None], shape))


def cosine_embedding_properties(params: Params) -> Properties:
    """Of angles only, with a kink at the margin."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="a threshold on the angle",
    )


def contrastive_pair(block: Block) -> Array:
    """Two vectors wanted near, or wanted further apart than a margin.

        L = scale (y d^2 + (1 - y) max(0, margin - d)^2),  d = |a - b|

    Gradient: 2 scale (a - b) for y = 1; -2 scale (margin - d) (a - b) / d within the margin; opposite in b.
    Domain: labels 1 (alike) or 0; margin > 0.
    Kinks: d = 0 with y = 0, where 0 is returned.
    Aligned with: a threshold on the distance.
    Pitfalls: labels are the other way round in the paper (0 alike); the factor 1/2 is the paper's, Keras's examples and
        pytorch-metric-learning leave it out.
    Source: Hadsell, Chopra, LeCun, Dimensionality reduction by learning an invariant mapping (2006), equation 4.
    """
    y, scale = _label(block, "labels are 1 (alike) or 0", (0.0, 1.0)), block["scale"]
    apart = block.predictions["input1"] - block.predictions["input2"]
    d = row_norms(apart)
    gap = np.maximum(block["margin"] - d, 0.0)
    if block.slots:
        block.notes.mark("subgradient_at_kink", (d == 0.0) & (y == 0.0))
        pull = 2.0 * scale * np.where(y == 1.0, 1.0, np.where(d > 0.0, -gap / np.where(d > 0.0, d, 1.0), 0.0))
        block.give(pull[:, None] * apart, "input1")
        block.give(-pull[:, None] * apart, "input2")
    values: Array = scale * np.where(y == 1.0, d * d, gap * gap)
    return values


def contrastive_pair_properties(params: Params) -> Properties:
    """Convex for pairs alike only."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="a threshold on the distance",
    )


def byol(block: Block) -> Array:
    """Squared distance of two vectors of length 1: what one view says of the other.

        L = |p/|p| - z/|z||^2 = 2 - 2 cos

    Gradient: -2 d cos in the predictions; the targets have none.
    Domain: vectors along the last axis.
    Kinks: a vector of length 0, where 0 is returned.
    Aligned with: the direction of the target's mean.
    Pitfalls: BYOL adds the loss of both orders of views; SimSiam is the negative cosine, half of it less 1.
    Source: Grill et al., Bootstrap your own latent (2020), equation 2.
    """
    cosine = Cosine(block.p, block.y, 0.0)
    if block.wants():
        block.notes.mark("subgradient_at_kink", cosine.lengths[0] == 0.0)
        block.give(-2.0 * cosine.slope(0))
    values: Array = 2.0 - 2.0 * cosine.value
    return values


byol_properties = steep("the direction of the mean target")
