"""Losses of labelled embeddings: multi-similarity, NCA, proxies, centres, mined triplets; CoSENT of scored pairs."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import (
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Softmax,
    row_norms,
    steep,
    unnormalized,
)

Pairs = NDArray[np.bool_]
MAX_ROWS = 4096
"""Pairwise losses hold a square of this side (128 MiB of float64)."""


class Rows:
    """Embeddings of one array, divided by their lengths where asked for, and the way back."""

    def __init__(self, block: Block, name: str) -> None:
        self.block, self.name = block, name
        self.x: Array = block.predictions[name]
        self.norm: Array | None = None
        if block["normalize"]:
            self.norm = row_norms(self.x)
            block.require(name, self.norm > 0.0, "has length 0", "embeddings are not all zeros")
            self.x = self.x / self.norm[:, None]

    def give(self, gradient: Array) -> None:
        """Put a gradient in the rows as they are used where it is wanted, in the rows as they came."""
        self.block.give(gradient if self.norm is None else unnormalized(gradient, self.x, self.norm), self.name)


def _log_one_plus(terms: Array, kept: Pairs) -> tuple[Array, Array]:
    """log(1 + sum of exp over what is kept) of each row, and the share of each term in it."""
    with_one = np.concatenate([np.where(kept, terms, -np.inf), np.zeros((len(terms), 1))], axis=1)
    soft = Softmax(with_one, np.empty_like(with_one))
    return soft.peak + soft.log, soft.probabilities()[:, :-1]


def _same(block: Block) -> tuple[Pairs, Pairs]:
    """Which pairs of rows are of one label, themselves left out, and which are not."""
    labels = block.targets["targets"]
    alike = labels[:, None] == labels[None, :]
    return alike & ~np.eye(len(labels), dtype=np.bool_), ~alike


def multi_similarity(block: Block) -> Array:
    """Similarities of one label above a base, those of others below it, each weighed by how far off it is.

        L_i = log(1 + sum_p exp(-alpha (s_ip - base))) / alpha + log(1 + sum_n exp(beta (s_in - base))) / beta
        p over the others of i's label, n over other labels, s = x_i.x_j

    Gradient: minus the softmax weights over positives, plus those over negatives, through the products.
    Domain: embeddings [N, D], one label a row; alpha, beta > 0; normalize divides by lengths.
    Stability: logarithms of sums, the largest term set apart.
    Aligned with: a ranking of neighbours.
    Pitfalls: the paper mines pairs first, here all count; a row without partners costs only its negatives.
    Source: Wang et al., Multi-similarity loss (2019), equation 15; pytorch-metric-learning's defaults.
    """
    rows, base, alpha, beta = Rows(block, "embeddings"), block["base"], block["alpha"], block["beta"]
    s = rows.x @ rows.x.T - base
    positive, negative = _same(block)
    pulled, pull = _log_one_plus(-alpha * s, positive)
    pushed, push = _log_one_plus(beta * s, negative)
    if block.wants("embeddings"):
        slope = (push - pull) * block.factors[:, None]
        rows.give((slope + slope.T) @ rows.x)
    return pulled / alpha + pushed / beta


def nca(block: Block) -> Array:
    """Each row's share of softmax weight, by nearness, that falls on rows of its own label.

        L_i = -log( sum over j of i's label, j != i, exp(-scale d_ij^2) / sum over j != i of exp(-scale d_ij^2) )

    Gradient: of the two logarithms of sums in the squared distances.
    Domain: embeddings [N, D], one label a row; scale > 0; normalize divides by lengths.
    Stability: logarithms of sums, the largest term set apart.
    Aligned with: leave-one-out accuracy of nearest neighbours.
    Pitfalls: rows without a partner are left out.
    Source: Goldberger et al., Neighbourhood components analysis (2005), equation 3, its logarithm.
    """
    rows = Rows(block, "embeddings")
    apart = _squared(rows.x, rows.x)
    np.fill_diagonal(apart, np.inf)
    values, slope = _neighbours(apart, _same(block)[0], block)
    if block.wants("embeddings"):
        both = slope + slope.T
        rows.give(2.0 * (both.sum(axis=1)[:, None] * rows.x - both @ rows.x))
    return values


def proxy_nca(block: Block) -> Array:
    """Cross-entropy of picking the proxy of a row's class by nearness.

        L_i = -log( exp(-scale d(x_i, p_y)^2) / sum_c exp(-scale d(x_i, p_c)^2) )

    Gradient: (onehot - softmax) scale in the squared distances, in embeddings and proxies.
    Domain: embeddings [N, D], proxies [C, D], class indices; scale > 0; normalize divides both by lengths.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the class.
    Pitfalls: the first paper leaves the own proxy out of the sum; this is the form of NCA++ and of
        pytorch-metric-learning, whose softmax_scale is 1.
    Source: Movshovitz-Attias et al., No fuss distance metric learning using proxies (2017); Teh et al. (2020).
    """
    rows, proxies = Rows(block, "embeddings"), Rows(block, "proxies")
    own = block.targets["targets"].astype(np.int64)[:, None] == np.arange(len(proxies.x))
    values, slope = _neighbours(_squared(rows.x, proxies.x), own, block)
    if block.slots:
        rows.give(2.0 * (slope.sum(axis=1)[:, None] * rows.x - slope @ proxies.x))
        proxies.give(2.0 * (slope.sum(axis=0)[:, None] * proxies.x - slope.T @ rows.x))
    return values


def _squared(x: Array, y: Array) -> Array:
    """Squared distances of every row of x from every row of y."""
    found: Array = np.maximum((x * x).sum(axis=1)[:, None] + (y * y).sum(axis=1) - 2.0 * (x @ y.T), 0.0)
    return found


def _neighbours(apart: Array, own: Pairs, block: Block) -> tuple[Array, Array]:
    """-log of the softmax weight on `own`, and each value's weighted slope in the squared distances."""
    near = -block["scale"] * apart
    everyone = Softmax(near, np.empty_like(near))
    some = np.asarray(own.any(axis=1))
    mine = np.where(own, near, -np.inf)
    mine[~some] = near[~some]
    among = Softmax(mine, np.empty_like(mine))
    values: Array = (everyone.peak + everyone.log) - (among.peak + among.log)
    slope = block["scale"] * (among.probabilities() - everyone.probabilities()) * block.factors[:, None]
    return values, np.where(some[:, None], slope, 0.0)


def proxy_anchor(block: Block) -> Array:
    """Each class's proxy as the anchor: its rows drawn near, all others pushed away; one value for the batch.

        L = 1/|C+| sum over c in the batch of log(1 + sum_(y_i = c) exp(-alpha (s_ic - margin)))
          + 1/|C|  sum over all c of log(1 + sum_(y_i != c) exp(alpha (s_ic + margin)))

    Gradient: the softmax weights of each sum, in embeddings and proxies.
    Domain: embeddings [N, D], proxies [C, D], class indices; alpha > 0; normalize divides both by lengths.
    Stability: logarithms of sums, the largest term set apart.
    Aligned with: the class.
    Pitfalls: it is of a batch: means over micro-batches differ from the whole.
    Source: Kim et al., Proxy anchor loss for deep metric learning (2020), equation 4; margin 0.1 and alpha 32.
    """
    rows, proxies, alpha, margin = Rows(block, "embeddings"), Rows(block, "proxies"), block["alpha"], block["margin"]
    s = proxies.x @ rows.x.T
    own = np.arange(len(s))[:, None] == block.targets["targets"]
    pulled, pull = _log_one_plus(-alpha * (s - margin), own)
    pushed, push = _log_one_plus(alpha * (s + margin), ~own)
    present = max(int(own.any(axis=1).sum()), 1)
    if block.slots:
        slope = alpha * (push / len(s) - pull / present) * block.factors[0]
        rows.give(slope.T @ proxies.x)
        proxies.give(slope @ rows.x)
    return np.array([pulled.sum() / present + pushed.sum() / len(s)])


def center(block: Block) -> Array:
    """Half the squared distance of a row from its class's centre.

        L_i = 1/2 |x_i - c_y|^2

    Gradient: x - c in the embeddings, its negative in the centre of the row's class.
    Domain: embeddings [N, D], centers [C, D], class indices.
    Aligned with: the class's mean.
    Pitfalls: used beside cross-entropy, with a weight of 0.001 to 1: alone it draws everything into one point; the
        paper moves the centres by a rule of its own, here they have a gradient.
    Source: Wen et al., A discriminative feature learning approach for deep face recognition (2016), equation 2.
    """
    x, centers = block.predictions["embeddings"], block.predictions["centers"]
    labels = block.targets["targets"].astype(np.int64)
    r = x - centers[labels]
    if block.slots:
        pull = r * block.factors[:, None]
        block.give(pull, "embeddings")
        to_centers = np.zeros(centers.shape)
        np.subtract.at(to_centers, labels, pull)
        block.give(to_centers, "centers")
    values: Array = 0.5 * (r * r).sum(axis=1)
    return values


def triplet_mining(block: Block) -> Array:
    """Triplet loss of a labelled batch, which finds its own triplets.

        batch_hard:  L_i = phi(margin + max over positives of d - min over negatives of d), one an anchor
        semi_hard:   L_ij = phi(margin + d_ij - d_ik), one a positive pair; k the nearest negative beyond j, or the
                     furthest negative where none is
        phi = max(0, .), or softplus with soft;  d = |x_i - x_j|, or its square

    Gradient: through the two distances that were chosen.
    Domain: embeddings [N, D], one label a row; margin >= 0; normalize divides by lengths.
    Kinks: equal distances, where the first is taken, and a distance of 0, where 0 is returned.
    Aligned with: a ranking of neighbours.
    Pitfalls: rows without a partner or without a stranger are left out; batch_hard collapses where labels are noisy.
    Source: Hermans, Beyer, Leibe, In defense of the triplet loss (2017), equation 5; Schroff et al., FaceNet (2015),
        section 3.2.
    """
    rows = Rows(block, "embeddings")
    square = _squared(rows.x, rows.x)
    d = square if block["squared"] else np.sqrt(square)
    positive, negative = _same(block)
    if block["mining"] == "batch_hard":
        anchor = np.arange(len(d))
        near = np.where(positive, d, -np.inf).argmax(axis=1)
        far = np.where(negative, d, np.inf).argmin(axis=1)
    else:
        anchor, near = np.nonzero(positive)
        beyond = negative[anchor] & (d[anchor] > d[anchor, near][:, None])
        nearest = np.where(beyond, d[anchor], np.inf).argmin(axis=1)
        furthest = np.where(negative[anchor], d[anchor], -np.inf).argmax(axis=1)
        far = np.where(beyond.any(axis=1), nearest, furthest)
    gap = block["margin"] + d[anchor, near] - d[anchor, far]
    values = np.logaddexp(0.0, gap) if block["soft"] else np.maximum(gap, 0.0)
    if block.wants("embeddings"):
        push = np.exp(gap - values) if block["soft"] else (gap > 0.0).astype(np.float64)
        slope = np.zeros(d.shape)
        np.add.at(slope, (anchor, near), push * block.factors)
        np.subtract.at(slope, (anchor, far), push * block.factors)
        if not block["squared"]:
            slope *= np.where(d > 0.0, 0.5 / np.where(d > 0.0, d, 1.0), 0.0)
        both = slope + slope.T
        rows.give(2.0 * (both.sum(axis=1)[:, None] * rows.x - both @ rows.x))
    found: Array = values
    return found


def cosent(block: Block) -> Array:
    """Scores of pairs in the order of their labels: every pair in the wrong order costs; one value for the batch.

        L = log(1 + sum over y_i > y_j of exp(scale (s_j - s_i)))

    Gradient: the softmax weight of each wrong order, plus in s_j, minus in s_i, times scale.
    Domain: one score (a cosine) and one label a pair of sentences; scale > 0.
    Stability: a logarithm of a sum, the largest term set apart.
    Aligned with: the rank correlation of scores and labels.
    Pitfalls: it is of a batch; scale is 20 in Sentence Transformers, a temperature of 0.05.
    Source: Su, CoSENT (2022); Sentence Transformers, CoSENTLoss.
    """
    s, y, scale = block.predictions["scores"], block.targets["targets"], block["scale"]
    wrong = scale * (s[None, :] - s[:, None])
    value, share = _log_one_plus(wrong.reshape(1, -1), (y[:, None] > y[None, :]).reshape(1, -1))
    if block.wants("scores"):
        weight = scale * block.factors[0] * share.reshape(wrong.shape)
        block.give(weight.sum(axis=0) - weight.sum(axis=1), "scores")
    return value


def align_labelled(batch: Batch, reader: Reader) -> Batch:
    """One label a row of embeddings, and a class for each label where there are proxies or centres."""
    names = list(batch.predictions)
    x, labels = batch.predictions[names[0]], batch.targets["targets"]
    if x.ndim != 2 or labels.shape != x.shape[:1] or not x.size:
        shapes = f"targets have shape {list(labels.shape)}, {names[0]} {list(x.shape)}"
        reader.refuse("targets", shapes, f"{names[0]} [N, D], one label a row")
        return batch
    if len(x) > MAX_ROWS:
        reader.refuse(f"predictions/{names[0]}", f"{len(x)} rows", f"pairwise losses take {MAX_ROWS}")
    for name in names[1:]:
        other = batch.predictions[name]
        if other.ndim != 2 or other.shape[1:] != x.shape[1:]:
            shapes = f"{name} have shape {list(other.shape)}, {names[0]} {list(x.shape)}"
            reader.refuse(f"predictions/{name}", shapes, f"[C, {x.shape[1]}]")
        elif ((labels != np.trunc(labels)) | (labels < 0) | (labels >= len(other))).any():
            at = int(np.argmax((labels != np.trunc(labels)) | (labels < 0) | (labels >= len(other))))
            hint = f"whole numbers, rows 0 to {len(other) - 1} of {name}"
            reader.refuse(f"targets/{at}", f"{labels[at]:g} is no class here", hint)
    return replace(batch, shape=x.shape[:1])


def align_partners(batch: Batch, reader: Reader) -> Batch:
    """Rows without a partner of their label are left out."""
    batch = align_labelled(batch, reader)
    return batch if reader.faults else batch.without(_partners(batch) < 2)


def align_mined(batch: Batch, reader: Reader) -> Batch:
    """One example an anchor with partner and stranger, or one a positive pair of such anchors."""
    batch = align_labelled(batch, reader)
    if reader.faults:
        return batch
    partners = _partners(batch)
    alone = (partners < 2) | (partners == len(partners))
    if batch.params["mining"] == "batch_hard":
        return batch.without(alone)
    labels = batch.targets["targets"]
    anchor = np.nonzero((labels[:, None] == labels[None, :]) & ~np.eye(len(labels), dtype=np.bool_))[0]
    return replace(batch, shape=anchor.shape).without(alone[anchor])


def _partners(batch: Batch) -> Array:
    labels = batch.targets["targets"]
    found: Array = (labels[:, None] == labels[None, :]).sum(axis=1)
    return found


def align_one_value(batch: Batch, reader: Reader) -> Batch:
    """One value for all rows of embeddings."""
    return replace(align_labelled(batch, reader), shape=(1,))


def align_scores(batch: Batch, reader: Reader) -> Batch:
    """One label a score."""
    s, y = batch.predictions["scores"], batch.targets["targets"]
    if s.ndim != 1 or s.shape != y.shape or not s.size:
        shapes = f"targets have shape {list(y.shape)}, scores {list(s.shape)}"
        reader.refuse("targets", shapes, "one score and one label a pair")
    elif len(s) > MAX_ROWS:
        reader.refuse("predictions/scores", f"{len(s)} scores", f"pairwise losses take {MAX_ROWS}")
    return replace(batch, shape=(1,))


def center_properties(params: Params) -> Properties:
    """Convex in embeddings and centres together: a sum of squares of differences."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the class's mean",
        note="curvature 2 of one row and its centre, more where rows share a centre",
    )


labelled_properties = steep("a ranking of neighbours", differentiable=True)
mined_properties = steep("a ranking of neighbours")
proxy_properties = steep("the class", differentiable=True)
cosent_properties = steep("the rank correlation of scores and labels", differentiable=True, convex=True)
