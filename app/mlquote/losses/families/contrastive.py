"""Losses of embeddings: triplet margins and InfoNCE with its variants NT-Xent, SupCon and CLIP."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import (
    Answer,
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Reduce,
    Softmax,
    row_dots,
    row_norms,
    sigmoid,
    softplus,
    unnormalized,
)

ROWS_ENTRIES = 1 << 16
"""Similarities turned into a softmax at a time: what a cache holds."""
MAX_PAIRWISE_ROWS = 4096
"""Pairwise losses hold a square of this side (128 MiB of float64)."""
INFONCE_ARRAYS = {
    "similarities": ("similarities",),
    "paired": ("queries", "keys"),
    "explicit_negatives": ("queries", "positives", "negatives"),
    "ntxent": ("embeddings",),
    "supcon": ("embeddings",),
}
"""The arrays of predictions each variant of InfoNCE takes."""
EMBEDDED = tuple(name for name in INFONCE_ARRAYS if name != "similarities")
"""The variants whose similarities are made here, of embeddings."""


def triplet(block: Block) -> Array:
    """An anchor's distance to its positive, wanted smaller than to its negative by a margin.

        L = max(0, d(a, p) - d(a, n) + margin);  softplus of the same with soft
        swap: d(a, n) is replaced by min(d(a, n), d(p, n))
        lp           (sum |x - y + eps|^p)^(1/p), or (sum |x - y|^p + eps)^(1/p) with eps_placement sum
        sqeuclidean  sum (x - y)^2
        cosine       1 - x.y / (|x| |y|)

    Gradient: +- the distances' gradients where the margin is violated; carried through the normalisation x / |x|.
    Domain: three arrays of one shape, embeddings along the last axis; margin > 0, p > 0, eps >= 0.
    Kinks: a violation of exactly 0 and d(a, n) = d(p, n) under swap; a zero distance has gradient 0.
    Stability: PyTorch's eps on the difference keeps the gradient at d = 0 finite; absolute values for odd p.
    Aligned with: a ranking of neighbours.
    Pitfalls: FaceNet squares the distances, PyTorch does not; optax puts eps inside the root and takes no absolute
        value (NaN for odd p); pytorch-metric-learning normalises and averages over non-zero triplets.
    Source: Schroff, Kalenichenko, Philbin, FaceNet (2015), equation 1; swap: Balntas et al., BMVC (2016).
    """
    given = {name: block.predictions[name] for name in ("anchor", "positive", "negative")}
    norms = {name: row_norms(x) for name, x in given.items()} if block["normalize"] else {}
    for name, norm in norms.items():
        block.require(name, norm > 0.0, "has length 0", "an embedding to be normalised is not all zeros")
    x = {name: x / norms[name][:, None] for name, x in given.items()} if norms else given
    near, gap = Distance(block, x["anchor"], x["positive"], 0), Distance(block, x["anchor"], x["negative"], 1)
    far = gap.value
    swapped = None
    if block["swap"]:
        other = Distance(block, x["positive"], x["negative"], 2)
        swapped = other.value < far
        far = np.where(swapped, other.value, far)
    violation = near.value - far + block["margin"]
    if block["soft"]:
        values, active = softplus(violation), sigmoid(violation)
    else:
        values, active = np.maximum(violation, 0.0), (violation > 0.0).astype(np.float64)
        if block.slots:
            block.notes.mark("subgradient_at_kink", violation == 0.0)
    if block.slots:
        parts = [*near.slopes(active, "anchor", "positive")]
        sign = -active if swapped is None else -active * ~swapped
        parts += gap.slopes(sign, "anchor", "negative")
        if swapped is not None:
            parts += other.slopes(-active * swapped, "positive", "negative")
        for name, slot in block.slots.items():
            _add_up(slot, [(slope, turned) for end, slope, turned in parts if end == name])
            if norms:
                slot[...] = unnormalized(slot, x[name], norms[name])
    return values


def _add_up(slot: Array, parts: list[tuple[Array, bool]]) -> None:
    """Put the sum of some slopes, each as it is or turned around, into a slot."""
    (first, turned), *others = parts
    if turned:
        np.negative(first, out=slot)
    else:
        slot[...] = first
    for slope, turned in others:
        (np.subtract if turned else np.add)(slot, slope, out=slot)


class Distance:
    """One distance of a triplet and its gradient in both ends, scaled by a factor per row."""

    def __init__(self, block: Block, x: Array, y: Array, key: int) -> None:
        self.kind, self.p = block["distance"], block["p"]
        self.x, self.y = x, y
        self.difference = np.subtract(x, y, out=block.spare(("difference", key), x.shape))
        inside = block["eps"] if block["eps_placement"] == "sum" else 0.0
        if self.kind == "cosine":
            self.lengths = row_norms(x), row_norms(y)
            for length in self.lengths:
                block.require("anchor", length > 0.0, "meets an embedding of length 0", "cosine needs non-zero vectors")
            self.cosine = row_dots(x, y) / (self.lengths[0] * self.lengths[1])
            self.value = 1.0 - self.cosine
        elif self.kind == "sqeuclidean":
            self.value = row_dots(self.difference, self.difference)
        else:
            if block["eps_placement"] == "difference" and block["eps"]:
                self.difference += block["eps"]
            self.value = self._norm(inside)

    def _norm(self, inside: float) -> Array:
        if self.p == 2.0:
            norm: Array = np.sqrt(row_dots(self.difference, self.difference) + inside)
        elif self.p == 1.0:
            norm = np.abs(self.difference).sum(axis=1) + inside
        else:
            norm = ((np.abs(self.difference) ** self.p).sum(axis=1) + inside) ** (1.0 / self.p)
        return norm

    def slopes(self, scale: Array, x: str, y: str) -> list[tuple[str, Array, bool]]:
        """scale x the gradient in both ends, as (end, slope, whether turned around); a distance of 0 has slope 0."""
        if self.kind == "cosine":
            return [(x, self._cosine_slope(scale, 0), False), (y, self._cosine_slope(scale, 1), False)]
        slope = self.difference
        if self.kind == "sqeuclidean":
            slope *= (2.0 * scale)[:, None]
            return [(x, slope, False), (y, slope, True)]
        power = self.p - 1.0
        if power == 0.0:
            np.sign(slope, out=slope)
        elif power != 1.0:
            size = np.abs(slope)
            slope = np.sign(slope) * np.where(size > 0.0, size, 1.0) ** power
        below = np.where(self.value > 0.0, self.value, 1.0) ** power
        slope *= np.where(self.value > 0.0, scale / below, 0.0)[:, None]
        return [(x, slope, False), (y, slope, True)]

    def _cosine_slope(self, scale: Array, end: int) -> Array:
        """-scale d cos / d(one end)."""
        a, b = (length[:, None] for length in self.lengths)
        own, other, length = (self.x, self.y, a) if end == 0 else (self.y, self.x, b)
        return -scale[:, None] * (other / (a * b) - self.cosine[:, None] * own / (length * length))


def triplet_properties(params: Params) -> Properties:
    """Not convex; with Euclidean distances six unit slopes, two an embedding, give at most sqrt(6)."""
    bounded_slope = params["distance"] == "lp" and params["p"] == 2.0 and not params["normalize"] and not params["swap"]
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=math.sqrt(6.0) if bounded_slope else None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="a ranking of neighbours",
    )


def infonce(block: Block) -> Array:
    """Cross-entropy of picking the right partner among others by similarity.

        L_i = -log( exp(s_ip / tau) / sum over the denominator's j of exp(s_ij / tau) )
        similarities        s is given; targets name the positive of each row
        paired              s = queries . keys; row i's positive is key i; symmetric averages rows and columns (CLIP)
        explicit_negatives  the denominator is the positive and the given negatives, shared [M, d] or per row [N, M, d]
        ntxent              one loss per positive pair (i, j) of equal labels; the denominator is that pair and every
                            other label (other positives are left out)
        supcon              per anchor, the mean over its positives; the denominator is everything but the anchor

    Gradient: (softmax - onehot) / tau in the similarities, carried to embeddings and through the normalisation.
    Domain: tau > 0; embeddings along the last axis; normalize divides each by its length.
    Stability: the denominator's largest term is set apart, as in cross_entropy.
    Aligned with: the density ratio p(key | query) / p(key): a lower bound on mutual information, at most log N.
    Pitfalls: which terms stand in the denominator is what `variant` names; optax's ntxent returns a mean.
    Source: van den Oord et al., Representation learning with contrastive predictive coding (2018), equation 4; Chen et
        al., SimCLR (2020); Khosla et al., Supervised contrastive learning (2020); Radford et al., CLIP (2021).
    """
    return INFONCE_VARIANTS[block["variant"]](block)


@dataclass(frozen=True, slots=True)
class Picked:
    """-log softmax at each row's label, the weighted slopes in the similarities, and how often the label was best."""

    values: Array
    slope: Array
    accuracy: float


def picked(s: Array, labels: NDArray[np.int64], weight: Array) -> Picked:
    """Cross-entropy of each row of s against its label, written over s a few rows at a time."""
    values, hits = np.empty(len(s)), 0
    step = max(1, ROWS_ENTRIES // max(s.shape[1], 1))
    for start in range(0, len(s), step):
        part, wanted = s[start : start + step], labels[start : start + step]
        own = part[np.arange(len(part)), wanted]
        soft = Softmax(part, part)
        values[start : start + step] = (soft.peak - own) + soft.log
        hits += int(np.count_nonzero(soft.top == wanted))
        soft.gradient(wanted, weight[start : start + step])
    return Picked(values, s, hits / max(len(s), 1))


def _similarities(block: Block) -> Array:
    s = block.predictions["similarities"] / block["temperature"]
    found = picked(s, block.targets["targets"], block.factors / block["temperature"])
    block.extras["accuracy"] = found.accuracy
    if block.wants("similarities"):
        block.slot("similarities")[...] = found.slope
    return found.values


class Units:
    """Embeddings, normalised where asked for, and the way back."""

    def __init__(self, block: Block, name: str) -> None:
        self.x: Array = block.predictions[name]
        self.norm = None
        if block["normalize"]:
            flat = self.x.reshape(-1, self.x.shape[-1])
            norm = row_norms(flat)
            block.require(name, norm.reshape(self.x.shape[:-1]) > 0.0, "has length 0", "embeddings are not all zeros")
            self.norm = norm
            self.x = (flat / norm[:, None]).reshape(self.x.shape)

    def back(self, gradient: Array) -> Array:
        """The gradient in the embeddings as given."""
        if self.norm is None:
            return gradient
        width = self.x.shape[-1]
        flat = unnormalized(gradient.reshape(-1, width), self.x.reshape(-1, width), self.norm)
        return flat.reshape(self.x.shape)


def _paired(block: Block) -> Array:
    queries, keys = Units(block, "queries"), Units(block, "keys")
    tau, symmetric = block["temperature"], block["symmetric"]
    s = queries.x @ keys.x.T
    s /= tau
    labels = np.arange(len(s))
    share = 0.5 if symmetric else 1.0
    weight = block.factors * (share / tau)
    columns = picked(np.ascontiguousarray(s.T), labels, weight) if symmetric else None
    rows = picked(s, labels, weight)
    values, slope = rows.values, rows.slope
    block.extras["accuracy"] = rows.accuracy
    if columns:
        values, slope = 0.5 * (values + columns.values), slope + columns.slope.T
    if block.wants("queries"):
        block.slot("queries")[...] = queries.back(slope @ keys.x)
    if block.wants("keys"):
        block.slot("keys")[...] = keys.back(slope.T @ queries.x)
    return values


def _explicit_negatives(block: Block) -> Array:
    queries, positives = Units(block, "queries"), Units(block, "positives")
    negatives = Units(block, "negatives")
    shared = negatives.x.ndim == 2
    pattern = "nd,md->nm" if shared else "nd,nmd->nm"
    others = np.einsum(pattern, queries.x, negatives.x)
    own = np.einsum("nd,nd->n", queries.x, positives.x)
    tau = block["temperature"]
    s = np.concatenate([own[:, None], others], axis=1) / tau
    labels = np.zeros(len(s), dtype=np.int64)
    found = picked(s, labels, block.factors / tau)
    block.extras["accuracy"] = found.accuracy
    if block.slots:
        to_own, to_others = found.slope[:, :1], found.slope[:, 1:]
        back = "nm,md->nd" if shared else "nm,nmd->nd"
        slopes = {
            "queries": queries.back(to_own * positives.x + np.einsum(back, to_others, negatives.x)),
            "positives": positives.back(to_own * queries.x),
            "negatives": negatives.back(np.einsum("nm,nd->md" if shared else "nm,nd->nmd", to_others, queries.x)),
        }
        for name in block.slots:
            block.slots[name][...] = slopes[name]
    return found.values


def positive_pairs(labels: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs (i, j) are positives (same label, i != j) and which are negatives."""
    same = labels[:, None] == labels[None, :]
    positive = same.copy()
    np.fill_diagonal(positive, False)
    return positive, ~same


def _ntxent(block: Block) -> Array:
    embeddings = Units(block, "embeddings")
    s = embeddings.x @ embeddings.x.T / block["temperature"]
    positive, negative = positive_pairs(block.targets["targets"])
    first, second = np.nonzero(positive)
    soft = Softmax(np.where(negative, s, -np.inf), np.empty_like(s)) if negative.any() else None
    others = np.full(len(s), -np.inf)
    if soft is not None:
        others = np.where(negative.any(axis=1), soft.peak + soft.log, -np.inf)
    violation = others[first] - s[first, second]
    values = softplus(violation)
    if block.slots:
        pull = block.factors * sigmoid(violation)
        slope = np.zeros_like(s)
        if soft is not None:
            slope = np.where(negative, soft.probabilities(), 0.0)
            slope *= np.bincount(first, weights=pull, minlength=len(s))[:, None]
        slope[first, second] -= pull
        _through_gram(block, embeddings, slope)
    return values


def _through_gram(block: Block, embeddings: Units, slope: Array) -> None:
    """A gradient in s = x x' / tau carried to the embeddings x."""
    slope = (slope + slope.T) / block["temperature"]
    block.slot("embeddings")[...] = embeddings.back(slope @ embeddings.x)


def _supcon(block: Block) -> Array:
    embeddings = Units(block, "embeddings")
    s = embeddings.x @ embeddings.x.T / block["temperature"]
    positive, _ = positive_pairs(block.targets["targets"])
    count = positive.sum(axis=1)
    share = positive / np.maximum(count, 1)[:, None]
    apart = s.copy()
    np.fill_diagonal(apart, -np.inf)
    if len(s) < 2:
        return np.zeros(len(s))
    soft = Softmax(apart, np.empty_like(s))
    values = (share * ((soft.peak[:, None] - s) + soft.log[:, None])).sum(axis=1)
    if block.slots:
        slope = soft.probabilities() - share
        slope *= (block.factors * (count > 0))[:, None]
        _through_gram(block, embeddings, slope)
    return values


INFONCE_VARIANTS = {
    "similarities": _similarities,
    "paired": _paired,
    "explicit_negatives": _explicit_negatives,
    "ntxent": _ntxent,
    "supcon": _supcon,
}


def align_infonce(batch: Batch, reader: Reader) -> Batch:
    """The arrays the variant names, of matching shapes; labels to fit; the examples' own shape."""
    variant = batch.params["variant"]
    wanted = INFONCE_ARRAYS[variant]
    _require_arrays(batch, reader, variant, wanted)
    if reader.faults:
        return batch
    first = batch.predictions[wanted[0]]
    if len(first) > MAX_PAIRWISE_ROWS:
        reader.refuse(f"predictions/{wanted[0]}", f"{len(first)} rows", f"pairwise losses take {MAX_PAIRWISE_ROWS}")
    for name in ("keys", "positives"):
        if name in wanted and batch.predictions[name].shape != first.shape:
            shapes = f"{list(batch.predictions[name].shape)} against {list(first.shape)}"
            reader.refuse(f"predictions/{name}", f"shapes differ: {shapes}", "one partner per query")
    _align_negatives(batch, reader, first)
    batch = _align_labels(batch, reader, len(first), first.shape[-1])
    if "targets" not in batch.targets or reader.faults or variant not in {"ntxent", "supcon"}:
        return replace(batch, shape=(len(first),))
    positive = positive_pairs(batch.y)[0]
    if variant == "ntxent":
        return replace(batch, shape=(int(positive.sum()),))
    return replace(batch, shape=(len(first),)).without(positive.sum(axis=1) == 0)


def _require_arrays(batch: Batch, reader: Reader, variant: str, wanted: tuple[str, ...]) -> None:
    """No array but the variant's own, each of them, and rows of numbers."""
    for name in batch.predictions:
        if name not in wanted:
            reader.refuse(f"predictions/{name}", f"variant {variant} has no {name}", f"it takes {', '.join(wanted)}")
    for name in wanted:
        if name not in batch.predictions:
            reader.refuse(f"predictions/{name}", f"variant {variant} needs {name}", f"it takes {', '.join(wanted)}")
        elif batch.predictions[name].ndim != 2 and name != "negatives":
            reader.refuse(f"predictions/{name}", f"{name} has rank {batch.predictions[name].ndim}", "rows of numbers")


def _align_negatives(batch: Batch, reader: Reader, queries: Array) -> None:
    if "negatives" not in batch.predictions:
        return
    shape = batch.predictions["negatives"].shape
    right = len(shape) in {2, 3} and shape[-1] == queries.shape[-1] and (len(shape) == 2 or shape[0] == len(queries))
    if not right:
        hint = f"[M, {queries.shape[-1]}] shared, or [{len(queries)}, M, {queries.shape[-1]}] per query"
        reader.refuse("predictions/negatives", f"negatives have shape {list(shape)}", hint)


def _align_labels(batch: Batch, reader: Reader, rows: int, columns: int) -> Batch:
    """One whole number per row, naming a column where similarities are given."""
    variant = batch.params["variant"]
    if variant in {"paired", "explicit_negatives"}:
        if "targets" in batch.targets:
            hint = "the partners' order says which is positive"
            reader.refuse("targets", f"variant {variant} takes no targets", hint)
        return batch
    labels = batch.targets.get("targets")
    if labels is None or labels.shape != (rows,):
        reader.refuse("targets", f"variant {variant} needs one label per row", f"{rows} whole numbers")
        return batch
    whole = labels.astype(np.int64)
    inside = (whole >= 0) & (whole < columns) if variant == "similarities" else np.ones(rows, dtype=np.bool_)
    if not (inside & (whole == labels)).all():
        at = int(np.argmin(inside & (whole == labels)))
        hint = f"whole numbers, columns 0 to {columns - 1}"
        reader.refuse(f"targets/{at}", f"{labels[at]:g} is not a label here", hint)
    return batch.with_targets(targets=np.where(inside, whole, 0))


def infonce_components(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """The share of rows whose positive is the most similar, where rows have one positive."""
    return dict(extras)


def infonce_properties(params: Params) -> Properties:
    """In given similarities a cross-entropy of s / tau: slope sqrt(2) / tau, curvature 1 / (2 tau^2)."""
    tau = params["temperature"]
    given = params["variant"] == "similarities"
    return Properties(
        differentiable=True,
        convex_in_predictions=given,
        lipschitz=math.sqrt(2.0) / tau if given else None,
        smooth=0.5 / tau**2 if given else None,
        bounded_below=0.0,
        aligned_with="the density ratio of partners",
        note="of cosine similarities the bound is log(1 + (K-1) exp(-2/tau)); not convex in embeddings",
    )
