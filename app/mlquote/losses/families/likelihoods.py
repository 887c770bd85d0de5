"""Negative log-likelihoods of predicted distributions beside the Gaussian and the Poisson, and a Cox model's own."""

import math
from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, Softmax, softplus, steep

LOG_2_PI = math.log(2.0 * math.pi)
SERIES_FROM = 6.0
"""From here on six terms of digamma's asymptotic series give 12 digits."""


def log_gamma(x: Array) -> Array:
    """log Gamma of each entry."""
    return np.array([math.lgamma(each) for each in x.ravel().tolist()]).reshape(x.shape)


def digamma(x: Array) -> Array:
    """The slope of log Gamma, x > 0: psi(x) = psi(x + 1) - 1/x up to 6, then its asymptotic series.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 6.3.5 and 6.3.18.
    """
    at, found = x.copy(), np.zeros(x.shape)
    while (low := at < SERIES_FROM).any():
        found -= np.where(low, 1.0 / at, 0.0)
        at += low
    inverse = 1.0 / (at * at)
    tail = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
    total: Array = found + np.log(at) - 0.5 / at - tail
    return total


def laplace_nll(block: Block) -> Array:
    """Negative log-likelihood of a Laplace distribution with predicted scale.

        L = log(2 b) + |y - m| / b

    Gradient: -sign(y - m) / b in the mean; 1/b - |y - m| / b^2 in the scale.
    Domain: mean m any real, scale b > 0, y any real.
    Kinks: m = y, where 0 is returned.
    Aligned with: the conditional median, and the mean absolute deviation as its scale.
    Pitfalls: it falls without bound as the scale of a point that is hit exactly goes to 0.
    Source: Laplace (1774); torch.distributions.Laplace.
    """
    scale, r = _scale(block), block.predictions["mean"] - block.y
    far = np.abs(r) / scale
    if block.slots:
        block.notes.mark("subgradient_at_kink", r == 0.0)
    block.give(np.sign(r) / scale, "mean")
    block.give((1.0 - far) / scale, "scale")
    values: Array = np.log(2.0 * scale) + far
    return values


def _scale(block: Block) -> Array:
    scale = block.predictions["scale"]
    block.require("scale", scale > 0.0, "is not positive", "a scale > 0")
    return scale


def student_t_nll(block: Block) -> Array:
    """Negative log-likelihood of Student's t: a Gaussian with heavy tails.

        L = (nu + 1)/2 log(1 + z^2/nu) + log s + log Gamma(nu/2) - log Gamma((nu + 1)/2) + 1/2 log(pi nu)
        z = (y - m) / s

    Gradient: -(nu + 1) z / (s (nu + z^2)) in the mean; (1 - (nu + 1) z^2 / (nu + z^2)) / s in the scale.
    Domain: mean m any real, scale s > 0, y any real; nu > 0 degrees of freedom.
    Aligned with: the conditional centre, outliers forgiven; its scale is no standard deviation.
    Pitfalls: with nu 1 it is Cauchy's, without a mean; as nu grows it is the Gaussian's.
    Source: Student, The probable error of a mean (1908); Lange, Little, Taylor (1989), section 2.
    """
    scale, nu = _scale(block), block["nu"]
    z = (block.y - block.predictions["mean"]) / scale
    pull = (nu + 1.0) / (nu + z * z)
    block.give(-pull * z / scale, "mean")
    block.give((1.0 - pull * z * z) / scale, "scale")
    constant = math.lgamma(0.5 * nu) - math.lgamma(0.5 * (nu + 1.0)) + 0.5 * math.log(math.pi * nu)
    values: Array = 0.5 * (nu + 1.0) * np.log1p(z * z / nu) + np.log(scale) + constant
    return values


def negative_binomial_nll(block: Block) -> Array:
    """Negative log-likelihood of counts whose spread exceeds a Poisson's.

        L = -y log(mu/(r + mu)) - r log(r/(r + mu)) + log Gamma(r) + log Gamma(y + 1) - log Gamma(y + r)
        mu the predicted mean, or its logarithm; variance mu + mu^2 / r

    Gradient: (mu - y) r / (mu (r + mu)) in the mean, times mu in its logarithm.
    Domain: counts y >= 0; mean > 0 (rate), or any real logarithm of it (log_rate); r > 0.
    Stability: softplus of log mu - log r.
    Aligned with: the conditional mean.
    Pitfalls: r is the number of failures, 1/alpha of other texts; as r grows it is the Poisson's, Stirling's term
        included.
    Source: Hilbe, Negative Binomial Regression (2011), equation 8.5; Salinas et al., DeepAR (2020), section 3.1.
    """
    r, y, log_rate = block["total_count"], block.y, block.batch.form == "log_rate"
    block.require("targets", y >= 0.0, "is negative", "counts >= 0")
    if not log_rate:
        block.require("predictions", block.p > 0.0, "is not positive", "a mean > 0")
    u = (block.p if log_rate else np.log(block.p)) - math.log(r)
    values = y * softplus(-u) + r * softplus(u) + math.lgamma(r) + log_gamma(y + 1.0) - log_gamma(y + r)
    if block.wants():
        slope = (r * np.exp(u) - y) / (1.0 + np.exp(u))
        block.give(slope if log_rate else slope / block.p)
    found: Array = values
    return found


def negative_binomial_properties(params: Params) -> Properties:
    """Convex in the logarithm of the mean; slope there at most r above the target and y below it."""
    return Properties(
        differentiable=True,
        convex_in_predictions=params["_form"] == "log_rate",
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional mean",
    )


def mixture_nll(block: Block) -> Array:
    """Negative log-likelihood of a mixture of Gaussians: a mixture density network's loss.

        L = -log sum_k pi_k N(y; m_k, s_k),  pi = softmax(logits)

    Gradient: pi - w in the logits; w_k (m_k - y) / s_k^2 in the means; w_k (1/s_k - (m_k - y)^2 / s_k^3) in the
        scales; w_k the share of component k in the likelihood of y.
    Domain: logits, means and scales [..., K], scales > 0; one y a row.
    Stability: the largest term of each logarithm of a sum is set apart.
    Aligned with: the conditional density.
    Pitfalls: it falls without bound as a component narrows on one point: keep scales away from 0.
    Source: Bishop, Mixture density networks (1994), equation 29.
    """
    logits, mean, scale = (block.predictions[name] for name in ("logits", "mean", "scale"))
    block.require("scale", scale > 0.0, "is not positive", "a scale > 0")
    z = (mean - block.y) / scale
    weights = Softmax(logits, np.empty_like(logits))
    own = weights.log_probabilities() - 0.5 * z * z - np.log(scale) - 0.5 * LOG_2_PI
    joint = Softmax(own, np.empty_like(own))
    values: Array = -(joint.peak + joint.log)
    if block.slots:
        share = joint.probabilities()
        block.give(weights.probabilities() - share, "logits")
        block.give(share * z / scale, "mean")
        block.give(share * (1.0 - z * z) / scale, "scale")
    return values


def align_mixture(batch: Batch, reader: Reader) -> Batch:
    """One target for each row of components."""
    shape, y = batch.predictions["logits"].shape, batch.y
    if len(shape) < 2 or y.shape != shape[:-1]:
        hint = f"components along the last axis, one target each row: {list(shape[:-1])}"
        reader.refuse("targets", f"targets have shape {list(y.shape)}, logits {list(shape)}", hint)
        return batch
    return batch.with_targets(targets=np.broadcast_to(y[..., None], shape))


def evidential(block: Block) -> Array:
    """Evidence for a Gaussian's mean and variance: a likelihood of both, and a price of evidence that is wrong.

        L = 1/2 log(pi/nu) - alpha log W + (alpha + 1/2) log((y - m)^2 nu + W)
            + log Gamma(alpha) - log Gamma(alpha + 1/2) + coef |y - m| (2 nu + alpha),  W = 2 beta (1 + nu)

    Gradient: of each term in mean, nu, alpha and beta; digamma(alpha) - digamma(alpha + 1/2) for the two Gammas.
    Domain: mean any real; nu > 0, alpha > 1, beta > 0; coef >= 0.
    Kinks: m = y with coef above 0, where 0 is returned.
    Aligned with: the conditional mean; beta / (alpha - 1) is the noise, that over nu what is not known.
    Pitfalls: coef decides how far evidence falls away from the data: 0.01 in the paper; nu and alpha are hardly
        determined by the likelihood alone.
    Source: Amini et al., Deep evidential regression (2020), equations 8 and 9.
    """
    m, nu, alpha, beta = (block.predictions[name] for name in ("mean", "nu", "alpha", "beta"))
    for name, least in (("nu", 0.0), ("alpha", 1.0), ("beta", 0.0)):
        block.require(name, block.predictions[name] > least, f"is not above {least:g}", f"{name} > {least:g}")
    r, coef = m - block.y, block["coef"]
    width = 2.0 * beta * (1.0 + nu)
    spread = r * r * nu + width
    steepness = (alpha + 0.5) / spread
    evidence = 2.0 * nu + alpha
    if block.slots:
        block.notes.mark("subgradient_at_kink", (r == 0.0) & (coef > 0.0))
        block.give(2.0 * steepness * r * nu + coef * np.sign(r) * evidence, "mean")
        rest = steepness - alpha / width
        block.give(-0.5 / nu + steepness * r * r + 2.0 * beta * rest + 2.0 * coef * np.abs(r), "nu")
        between = digamma(alpha) - digamma(alpha + 0.5)
        block.give(np.log(spread / width) + between + coef * np.abs(r), "alpha")
        block.give(2.0 * (1.0 + nu) * rest, "beta")
    values = 0.5 * np.log(math.pi / nu) - alpha * np.log(width) + (alpha + 0.5) * np.log(spread)
    found: Array = values + log_gamma(alpha) - log_gamma(alpha + 0.5) + coef * np.abs(r) * evidence
    return found


def cox(block: Block) -> Array:
    """Cox's partial likelihood: who of those still at risk has the event, by their predicted log-hazards.

        L_i = log sum over j with t_j >= t_i of exp(h_j) - h_i,  of each i with an event

    Gradient: for each event the softmax over those at risk less the one that had it.
    Domain: log-hazards h, times and events (1 had it, 0 was censored), one a row; equal times are at risk together
        (Breslow).
    Stability: logarithms of sums, the largest term set apart.
    Aligned with: the order of the events; any number may be added to all h.
    Pitfalls: it is of a batch: risk sets of micro-batches are not those of the whole; some divide by the number of
        events (the mean here, as the censored are left out), some by N.
    Source: Cox, Regression models and life-tables (1972); Breslow (1974); Katzman et al., DeepSurv (2018).
    """
    h, time, event = block.predictions["log_hazards"], block.targets["times"], block.targets["events"] == 1.0
    order = np.argsort(-time, kind="stable")
    falling, later = h[order], np.logaddexp.accumulate(h[order])
    last = np.searchsorted(-time[order], -time, side="right") - 1
    risk = later[last]
    if block.wants("log_hazards"):
        weight = block.factors * event
        passed = np.full(len(h), -np.inf)
        np.logaddexp.at(passed, last, np.log(weight) - risk)
        slope = np.empty(len(h))
        slope[order] = np.exp(falling + np.logaddexp.accumulate(passed[::-1])[::-1])
        block.give(slope - weight, "log_hazards")
    values: Array = np.where(event, risk - h, 0.0)
    return values


def align_cox(batch: Batch, reader: Reader) -> Batch:
    """A time and an event a row; rows without an event only stand among those at risk."""
    h = batch.predictions["log_hazards"]
    for name in ("times", "events"):
        found = batch.targets[name]
        if h.ndim != 1 or found.shape != h.shape:
            reader.refuse(f"targets/{name}", f"shape {list(found.shape)} beside {list(h.shape)}", "one number a row")
    if reader.faults:
        return batch
    event = batch.targets["events"]
    if not ((event == 0.0) | (event == 1.0)).all():
        at = int(np.argmax((event != 0.0) & (event != 1.0)))
        reader.refuse(f"targets/events/{at}", f"{event[at]:g} is no event", "1 had it, 0 was censored")
    return replace(batch, shape=h.shape).without(event == 0.0)


laplace_properties = steep(
    "conditional median", below=None, note="in the mean alone it is convex, with slope 1 / scale"
)
student_t_properties = steep("conditional centre", below=None, differentiable=True)
mixture_properties = steep("the conditional density", below=None, differentiable=True)
evidential_properties = steep("conditional mean", below=None)
cox_properties = steep("the order of the events", differentiable=True, convex=True)
