"""Losses of a predicted distribution: KL divergence, Gaussian and Poisson negative log-likelihood."""

import math
from dataclasses import replace

import numpy as np

from mlquote.losses.loss import (
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Softmax,
    log,
    only_on_probabilities,
    row_dots,
    row_sums,
    times,
)

SMALLEST = 1e-300
"""t log t below this is 0 in float64 sums, and log(0) never has to be taken."""


def kl_divergence(block: Block) -> Array:
    """Kullback-Leibler divergence of the prediction q from the target t, summed over the last axis.

        L = sum_c t_c (log t_c - log q_c);  logits are divided by the temperature T first;
        with temperature_squared the whole is multiplied by T^2

    Gradient: -t in log-probabilities; -t / q in probabilities; ((sum t) q - t) / T in logits.
    Domain: t a distribution (given as probabilities, log-probabilities or logits); q in the input form.
    Stability: 0 log 0 = 0, also for a log-target of -Infinity; an exact log-softmax.
    Aligned with: the target distribution; with a temperature, knowledge distillation.
    Pitfalls: PyTorch's reduction mean divides by every element (`element_mean` here), which is not the KL; batchmean
        divides by axis 0 only, so on [B, T, V] it sums over tokens.
    Source: Kullback and Leibler, On information and sufficiency (1951); distillation: Hinton, Vinyals, Dean (2015).
    """
    scale = block["temperature"] ** 2 if block["temperature_squared"] else 1.0
    t, log_t = _target(block)
    log_q = _prediction(block, t)
    terms = np.subtract(log_t, log_q, out=block.spare(2))
    values = row_dots(t, terms)
    if np.isnan(np.add.reduce(values)):
        values = times(t, terms).sum(axis=1)
    if scale != 1.0:
        values *= scale
        if block.wants():
            block.slot()[...] *= scale
    return values


def _target(block: Block) -> tuple[Array, Array]:
    """t and log t, the logarithm finite wherever t is 0."""
    form = block["target_form"]
    if form == "probabilities":
        t = block.y
        block.require_distribution("targets", t)
        if block["clamp"]["kind"] == "prob_eps":
            t = np.clip(t, block["clamp"]["value"], 1.0)
        log_t = np.maximum(t, SMALLEST, out=block.spare(0))
        return t, log(log_t, out=log_t)
    if form == "logits":
        z = block.y / block["temperature"]
        soft = Softmax(z, block.spare(0))
        log_t = (z - soft.peak[:, None]) - soft.log[:, None]
        return soft.probabilities(), np.maximum(log_t, math.log(SMALLEST))
    t = np.exp(block.y)
    block.require_rows("targets", t)
    return t, np.maximum(block.y, math.log(SMALLEST))


def _prediction(block: Block, t: Array) -> Array:
    """log q, and the gradient of L in the predictions as they came."""
    p, form = block.p, block.batch.form
    if form == "log_probabilities":
        if p.size and p.max() > 0.0:
            block.notes.mark("probabilities_passed_as_log_probabilities", p > 0.0)
        if block.wants():
            np.negative(t, out=block.slot())
        return p
    if form == "logits":
        return _log_softmax(block, t)
    block.require_distribution("predictions", p)
    total = row_sums(p)[:, None] if block["normalize_probabilities"] else None
    p = p if total is None else p / total
    clamp = block["clamp"]
    q = np.maximum(p, clamp["value"]) if clamp["kind"] == "prob_eps" else p
    log_q = np.log(q)
    held = q != p
    if clamp["kind"] == "log_floor":
        held = log_q < clamp["value"]
        log_q = np.maximum(log_q, clamp["value"])
    block.notes.mark("saturated_probabilities_clamped", held & (t != 0.0))
    if block.wants():
        slope = 1.0 / q
        slope[held] = 0.0
        np.negative(times(t, slope), out=block.slot())
        if total is not None:
            block.slot()[...] = (block.slot() - row_dots(block.slot(), p)[:, None]) / total
    return log_q


def _log_softmax(block: Block, t: Array) -> Array:
    temperature = block["temperature"]
    z = block.p if temperature == 1.0 else block.p / temperature
    soft = Softmax(z, block.slot())
    block.require_some_class(soft)
    log_q = np.subtract(z, soft.peak[:, None], out=block.spare(1))
    log_q -= soft.log[:, None]
    if block.wants():
        gradient = soft.probabilities()
        gradient *= row_sums(t)[:, None]
        gradient -= t
        if temperature != 1.0:
            gradient /= temperature
    return log_q


def prepare_kl(batch: Batch, reader: Reader) -> Batch:
    """A temperature divides logits; on anything else it would silently do nothing."""
    only_on_probabilities(batch, reader)
    if batch.params["temperature"] != 1.0 and batch.form != "logits":
        reader.refuse("params/temperature", f"a temperature has no meaning on {batch.form}", "give logits")
    return batch


def kl_properties(params: Params) -> Properties:
    """Cross-entropy less the target's own entropy: its constants, with logits over the temperature."""
    form = params["_form"]
    temperature = params["temperature"]
    logits_smooth = 0.5 if params["temperature_squared"] else 0.5 / temperature**2
    return Properties(
        differentiable=True,
        convex_in_predictions=form != "probabilities" or params["clamp"]["kind"] == "none",
        lipschitz=math.sqrt(2.0) / temperature if form == "logits" and not params["temperature_squared"] else None,
        smooth={"logits": logits_smooth, "log_probabilities": 0.0}.get(form),
        bounded_below=None if form == "log_probabilities" else 0.0,
        aligned_with="the target distribution",
        note="in log-probabilities linear, and 0 is a bound only while they are normalised",
    )


def gaussian_nll(block: Block) -> Array:
    """Negative log-likelihood of a normal target with predicted mean m and variance v.

        L = 1/2 (log v + (m - y)^2 / v)   (+ 1/2 log 2 pi with full),  v = max(variance, eps)

    Gradient: (m - y) / v in the mean; 1/2 (1/v - (m - y)^2 / v^2) in the variance, 0 where eps holds it.
    Domain: variance >= 0, eps > 0.
    Aligned with: the conditional mean and variance.
    Pitfalls: not jointly convex and unbounded below as the variance goes to 0, down to the eps clamp; PyTorch passes
        the gradient through the clamp as if it were not there.
    Source: Nix and Weigend, Estimating the mean and variance of the target probability distribution (1994).
    """
    mean, given = block.predictions["mean"], block.predictions["variance"]
    block.require("variance", given >= 0.0, "is negative", "a variance is >= 0")
    variance = np.maximum(given, block["eps"])
    held = given < block["eps"]
    block.notes.mark("variance_clamped", held)
    r = mean - block.y
    scaled = r / variance
    if block.wants("mean"):
        block.slot("mean")[...] = scaled
    if block.wants("variance"):
        slope = 0.5 * (1.0 / variance - scaled * scaled)
        slope[held] = 0.0
        block.slot("variance")[...] = slope
    values: Array = 0.5 * (np.log(variance) + r * scaled)
    return values + 0.5 * math.log(2.0 * math.pi) if block["full"] else values


def align_gaussian(batch: Batch, reader: Reader) -> Batch:
    """One variance an entry, or one a row: shaped as the mean but for its last axis, which is left out or 1."""
    mean, variance = batch.predictions["mean"], batch.predictions["variance"]
    shape = mean.shape
    if variance.shape == shape or not shape or variance.shape not in {shape[:-1], (*shape[:-1], 1)}:
        return batch
    rows = variance.reshape(*shape[:-1], 1)
    wide = np.ascontiguousarray(np.broadcast_to(rows, shape))
    return replace(batch, predictions={**batch.predictions, "variance": wide})


def gaussian_nll_properties(params: Params) -> Properties:
    """Not jointly convex; bounded only by the eps clamp, at 1/2 log eps."""
    constant = 0.5 * math.log(2.0 * math.pi) if params["full"] else 0.0
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.5 * math.log(params["eps"]) + constant,
        aligned_with="conditional mean and variance",
        note="the bound is the eps clamp's; without it the loss is unbounded below",
    )


def poisson_nll(block: Block) -> Array:
    """Negative log-likelihood of a count y with predicted rate r.

        L = exp(u) - y u                 log_rate u
        L = r - y log(r + eps)           rate r
        full adds Stirling's y log y - y + 1/2 log(2 pi y) where y > 1

    Gradient: exp(u) - y; 1 - y / (r + eps).
    Domain: y >= 0; r >= 0; eps >= 0.
    Aligned with: the conditional mean of counts.
    Pitfalls: Keras's Poisson takes rates, PyTorch's default is log rates.
    Source: McCullagh and Nelder, Generalized linear models (1989), section 6.2.
    """
    y, p = block.y, block.p
    block.require("targets", y >= 0.0, "is negative", "counts are >= 0")
    if block.batch.form == "log_rate":
        rate = np.exp(p)
        values = rate - times(y, p)
        slope = rate - y
    else:
        block.require("predictions", p >= 0.0, "is negative", "a rate is >= 0; for logarithms say input_form log_rate")
        shifted = p + block["eps"]
        values = p - times(y, np.log(shifted))
        slope = 1.0 - np.divide(y, shifted, out=np.zeros_like(y), where=(y != 0.0) | (shifted != 0.0))
    if block["full"]:
        large = y > 1.0
        count = np.where(large, y, 1.0)
        values += np.where(large, count * np.log(count) - count + 0.5 * np.log(2.0 * math.pi * count), 0.0)
    if block.wants():
        block.slot()[...] = slope
    result: Array = values
    return result


def poisson_nll_properties(params: Params) -> Properties:
    """Convex in rate and log-rate; steep without bound."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="conditional mean of counts",
        note="for each target y the bound is y - y log y",
    )
