"""Losses of ranked lists: ListNet, ListMLE, LambdaRank."""

import numpy as np

from mlquote.losses.loss import Array, Block, Params, Properties, Softmax, row_dots, row_sums, sigmoid, softplus


def listnet(block: Block) -> Array:
    """Cross-entropy of the scores' softmax against the relevances of a list.

        L = -sum_c t_c log softmax(s)_c,  t the relevances as they are (weights), or their softmax

    Gradient: (sum t) softmax(s) - t.
    Domain: scores and relevances of a list along the last axis; relevances >= 0 as weights, any real under softmax.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the probability that an item is the best.
    Pitfalls: the paper takes the softmax of the relevances; optax and TensorFlow Ranking take them as they are.
    Source: Cao et al., Learning to rank: from pairwise to listwise approach (2007), section 5.
    """
    t = block.y
    if block["relevance"] == "softmax":
        t = Softmax(t, np.empty_like(t)).probabilities()
    else:
        block.require("targets", t >= 0.0, "is negative", "relevances >= 0, or params.relevance softmax")
    soft = Softmax(block.p, np.empty_like(block.p))
    log = soft.log_probabilities()
    if block.wants():
        block.give(soft.probabilities() * row_sums(np.ascontiguousarray(t))[:, None] - t)
    values: Array = -row_dots(np.ascontiguousarray(t), log)
    return values


def listnet_properties(params: Params) -> Properties:
    """Convex, as cross-entropy."""
    softened = params["relevance"] == "softmax"
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=2.0**0.5 if softened else None,
        smooth=0.5 if softened else None,
        bounded_below=0.0,
        aligned_with="the probability of being best",
    )


def listmle(block: Block) -> Array:
    """Negative log-likelihood of the order that the relevances give, item by item from the best.

        L = sum_i (log sum over j >= i of exp s_(j) - s_(i)),  (i) sorted by falling relevance

    Gradient: for each i the softmax over what is left less the item taken.
    Domain: scores and relevances of a list along the last axis; equal relevances keep their order.
    Stability: each tail's largest score is set apart.
    Aligned with: the Plackett-Luce probability of the order.
    Pitfalls: ties are broken by position, which teaches an order that is not there.
    Source: Xia et al., Listwise approach to learning to rank (2008), section 4.
    """
    order = np.argsort(-block.y, axis=1, kind="stable")
    s = np.take_along_axis(block.p, order, axis=1)
    tails = np.logaddexp.accumulate(s[:, ::-1], axis=1)[:, ::-1]
    if block.wants():
        below = np.logaddexp.accumulate(-tails, axis=1)
        slope = np.empty(s.shape)
        np.put_along_axis(slope, order, np.exp(s + below) - 1.0, axis=1)
        block.give(slope)
    values: Array = (tails - s).sum(axis=1)
    return values


def listmle_properties(params: Params) -> Properties:
    """Convex: a sum of cross-entropies."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the probability of the order",
    )


def lambdarank(block: Block) -> Array:
    """Pairs in the wrong order, each weighed by how much NDCG its exchange would change.

        L = sum over y_i > y_j of |dNDCG_ij| softplus(-sigma (s_i - s_j))
        |dNDCG_ij| = |2^y_i - 2^y_j| |1/log2(1 + r_i) - 1/log2(1 + r_j)| / ideal DCG, r the ranks by score, held
        constant

    Gradient: -sigma |dNDCG_ij| sigmoid(-sigma (s_i - s_j)) in s_i, opposite in s_j; the weights are held constant.
    Domain: scores and relevances >= 0 of a list along the last axis; sigma > 0.
    Kinks: equal scores, ranked by position.
    Aligned with: NDCG, through its pairs.
    Pitfalls: the value jumps where ranks change: only the gradient is meant; a list of equal relevances costs 0.
    Source: Burges, From RankNet to LambdaRank to LambdaMART (2010), section 4; Wang et al., LambdaLoss (2018).
    """
    s, y, scale = block.p, block.y, block["sigma"]
    block.require("targets", y >= 0.0, "is negative", "relevances are >= 0")
    gain = 2.0**y
    rank = np.empty(s.shape)
    np.put_along_axis(
        rank, np.argsort(-s, axis=1, kind="stable"), np.broadcast_to(np.arange(1.0, s.shape[1] + 1), s.shape), 1
    )
    discount = 1.0 / np.log2(1.0 + rank)
    best = ((-np.sort(-gain, axis=1) - 1.0) / np.log2(np.arange(2.0, s.shape[1] + 2))).sum(axis=1)
    ahead = y[:, :, None] > y[:, None, :]
    weight = np.abs(gain[:, :, None] - gain[:, None, :]) * np.abs(discount[:, :, None] - discount[:, None, :])
    weight *= ahead / np.where(best > 0.0, best, 1.0)[:, None, None]
    u = scale * (s[:, :, None] - s[:, None, :])
    if block.wants():
        push = -scale * weight * sigmoid(-u)
        block.give(push.sum(axis=2) - push.sum(axis=1))
    values: Array = (weight * softplus(-u)).sum(axis=(1, 2))
    return values


def lambdarank_properties(params: Params) -> Properties:
    """Convex between exchanges of rank; jumps at them."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="NDCG",
    )
