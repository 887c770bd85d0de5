"""Losses of ranked lists: ListNet, ListMLE, LambdaRank."""

import numpy as np

from mlquote.losses.loss import Array, Block, Params, Properties, Softmax, row_dots, row_sums, sigmoid, softplus, steep


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


def pairwise_ranking(block: Block) -> Array:
    """Every pair of a list in the order of its relevances.

        L = sum over y_i > y_j of phi(s_i - s_j)
        logistic: softplus(-d);  hinge: max(0, margin - d);  squared: (d - (y_i - y_j))^2

    Gradient: phi' in s_i, its opposite in s_j.
    Domain: scores and relevances of a list along the last axis; margin >= 0.
    Stability: softplus by log1p.
    Kinks: d = margin with hinge, where 0 is returned.
    Aligned with: the order of the relevances; with squared the relevances up to a constant.
    Pitfalls: a sum over pairs: long lists count more; a list of equal relevances costs 0.
    Source: Burges et al., Learning to rank using gradient descent (2005), equation 3; Joachims (2002).
    """
    s, y, form = block.p, block.y, block["form"]
    d = s[:, :, None] - s[:, None, :]
    ahead = y[:, :, None] > y[:, None, :]
    if form == "logistic":
        cost, slope = softplus(-d), -sigmoid(-d)
    elif form == "hinge":
        gap = block["margin"] - d
        block.notes.mark("subgradient_at_kink", ((gap == 0.0) & ahead).any(axis=2))
        cost, slope = np.maximum(gap, 0.0), -(gap > 0.0).astype(np.float64)
    else:
        off = d - (y[:, :, None] - y[:, None, :])
        cost, slope = off * off, 2.0 * off
    if block.wants():
        push = np.where(ahead, slope, 0.0)
        block.give(push.sum(axis=2) - push.sum(axis=1))
    values: Array = np.where(ahead, cost, 0.0).sum(axis=(1, 2))
    return values


def pairwise_ranking_properties(params: Params) -> Properties:
    """Convex, whichever function of the difference."""
    return Properties(
        differentiable=params["form"] != "hinge",
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the order of the relevances",
    )


def approx_ndcg(block: Block) -> Array:
    """Minus NDCG with ranks made smooth.

        L = -1/ideal sum_i (2^y_i - 1) / log2(1 + r_i),  r_i = 1 + sum over j != i of sigma((s_j - s_i) / temperature)

    Gradient: through each smooth rank in every score of the list.
    Domain: scores and relevances >= 0 of a list along the last axis; temperature > 0.
    Aligned with: NDCG, the better the smaller the temperature.
    Pitfalls: a small temperature is flat nearly everywhere: scale the scores; a list of no relevance costs 0.
    Source: Qin, Liu, Li, A general approximation framework for direct optimization of IR measures (2010), section 4.
    """
    s, y, tau = block.p, block.y, block["temperature"]
    block.require("targets", y >= 0.0, "is negative", "relevances are >= 0")
    gain = 2.0**y - 1.0
    u = (s[:, None, :] - s[:, :, None]) / tau
    before = sigmoid(u)
    rank = before.sum(axis=2) + 0.5
    best = (-np.sort(-gain, axis=1) / np.log2(np.arange(2.0, s.shape[1] + 2))).sum(axis=1)
    weight = gain / np.where(best > 0.0, best, 1.0)[:, None]
    log = np.log1p(rank)
    if block.wants():
        fall = weight * np.log(2.0) / (log * log * (1.0 + rank))
        moved = fall[:, :, None] * before * sigmoid(-u) / tau
        block.give(moved.sum(axis=1) - moved.sum(axis=2))
    values: Array = -(weight * np.log(2.0) / log).sum(axis=1)
    return values


approx_ndcg_properties = steep("NDCG", below=-1.0, differentiable=True)
