"""Losses of latent variables: KL between Gaussians, and the negative evidence lower bound of an autoencoder."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Answer, Array, Batch, Block, Params, Properties, Reader, Reduce, sigmoid, softplus


def gaussian_kl(block: Block) -> Array:
    """KL divergence of a diagonal Gaussian from a prior, the standard one unless given, summed over the last axis.

        L = beta/2 sum (v / w + (m - a)^2 / w - 1 - log(v / w)),  v = exp(log_variance), prior mean a, variance w

    Gradient: beta (m - a) / w in the mean; beta/2 (v / w - 1) in the log-variance.
    Domain: any real mean and log-variance, latents along the last axis; beta >= 0.
    Stability: expm1 keeps the digits near v = w.
    Aligned with: the prior.
    Pitfalls: summed over the latents: an average over them weakens it by their number, which is a beta of its own; it
        is log_variance, not log standard deviation.
    Source: Kingma and Welling, Auto-encoding variational Bayes (2014), appendix B; beta: Higgins et al., beta-VAE
        (2017).
    """
    values, mean_slope, variance_slope = divergence(
        block.predictions["mean"],
        block.predictions["log_variance"],
        block.targets.get("prior_mean", 0.0),
        block.targets.get("prior_log_variance", 0.0),
    )
    block.give(block["beta"] * mean_slope, "mean")
    block.give(block["beta"] * variance_slope, "log_variance")
    return block["beta"] * values


def divergence(m: Array, log_v: Array, a: Array | float, log_w: Array | float) -> tuple[Array, Array, Array]:
    """KL of each row, and its slopes in mean and log-variance."""
    weight = np.exp(-np.asarray(log_w))
    excess, far = np.expm1(log_v - log_w), m - a
    values: Array = 0.5 * (excess - (log_v - log_w) + far * far * weight).sum(axis=1)
    return values, far * weight, 0.5 * excess


def gaussian_kl_properties(params: Params) -> Properties:
    """Convex in mean and log-variance together."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the prior",
    )


def elbo(block: Block) -> Array:
    """Negative evidence lower bound: what a latent code fails to rebuild, and how far it is from the standard prior.

        L = R + beta KL(N(mean, exp(log_variance)) || N(0, 1))
        gaussian:   R = sum (x - reconstruction)^2 / 2
        bernoulli:  R = sum x softplus(-z) + (1 - x) softplus(z), z the reconstruction's logits

    Gradient: reconstruction - x, or sigma(z) - x; beta mean; beta/2 (exp(log_variance) - 1).
    Domain: x real, or in [0, 1] for bernoulli; beta >= 0.
    Stability: softplus by log1p, expm1 near variance 1.
    Aligned with: the likelihood of the data, from above.
    Pitfalls: sums over entries and over latents: means over either change the balance, and so what beta 1 means; of one
        sample of the latent, the reconstruction is an estimate.
    Source: Kingma and Welling, Auto-encoding variational Bayes (2014), equation 10; beta: Higgins et al. (2017).
    """
    x, rebuilt = block.y, block.predictions["reconstruction"]
    rows = len(x)
    if block["reconstruction"] == "gaussian":
        r = rebuilt - x
        missed = 0.5 * (r * r).reshape(rows, -1).sum(axis=1)
    else:
        block.require("targets", (x >= 0.0) & (x <= 1.0), "lies outside [0, 1]", "entries in [0, 1]")
        r = sigmoid(rebuilt) - x
        missed = (x * softplus(-rebuilt) + (1.0 - x) * softplus(rebuilt)).reshape(rows, -1).sum(axis=1)
    kl, mean_slope, variance_slope = divergence(block.predictions["mean"], block.predictions["log_variance"], 0.0, 0.0)
    factors = block.factors
    block.give(r * factors.reshape(-1, *[1] * (r.ndim - 1)), "reconstruction")
    block.give(block["beta"] * mean_slope * factors[:, None], "mean")
    block.give(block["beta"] * variance_slope * factors[:, None], "log_variance")
    block.extras.update({"reconstruction": float(missed.mean()), "kl": float(kl.mean())})
    values: Array = missed + block["beta"] * kl
    return values


def align_elbo(batch: Batch, reader: Reader) -> Batch:
    """One code an example; the reconstruction shaped like the data."""
    rebuilt, mean = batch.predictions["reconstruction"], batch.predictions["mean"]
    if batch.y.shape != rebuilt.shape or rebuilt.ndim < 2:
        shapes = f"targets have shape {list(batch.y.shape)}, reconstruction {list(rebuilt.shape)}"
        reader.refuse("targets", shapes, "one shape, examples along axis 0")
    if mean.ndim != 2 or mean.shape != batch.predictions["log_variance"].shape or len(mean) != len(rebuilt):
        shapes = f"mean has shape {list(mean.shape)}, log_variance {list(batch.predictions['log_variance'].shape)}"
        reader.refuse("predictions/mean", shapes, "one row of latents an example")
    return replace(batch, shape=rebuilt.shape[:1])


def elbo_parts(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """The mean reconstruction and the mean KL, before beta."""
    return dict(extras)


def elbo_properties(params: Params) -> Properties:
    """Convex in what it is given; in the network's weights it is not."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the likelihood of the data, from above",
    )
