"""Losses of a real prediction p against a real target y, entry by entry; r = p - y throughout."""

import math

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, dot

LOG_2 = math.log(2.0)


def residual(block: Block) -> Array:
    """r = p - y, subtracted before anything is squared, so that a large common offset cancels exactly."""
    return np.subtract(block.p, block.y, out=block.slot())


def mse(block: Block) -> Array:
    """Squared error.

        L = scale r^2

    Gradient: 2 scale r.
    Domain: any real p and y.
    Aligned with: the conditional mean E[y|x]; with scale 1/2, Gaussian likelihood of unit variance.
    Pitfalls: optax.l2_loss and scikit-learn's training loss carry a factor 1/2; a (N,1) against a (N,) broadcasts in
        PyTorch to an (N,N) error, and is refused here.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 2.4.
    """
    r, scale = residual(block), block["scale"]
    values = np.multiply(r, r, out=block.spare(0)) if block.each else np.array([dot(r, r)])
    if scale != 1.0:
        values *= scale
    if block.wants():
        r *= 2.0 * scale * block.take_scale()
    return values


def mse_properties(params: Params) -> Properties:
    """Strongly convex with constant curvature 2 scale."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=2.0 * params["scale"],
        bounded_below=0.0,
        aligned_with="conditional mean",
        note="strongly convex",
    )


def mae(block: Block) -> Array:
    """Absolute error.

        L = |r|

    Gradient: sign(r).
    Domain: any real p and y.
    Kinks: r = 0, where 0 is returned out of [-1, 1].
    Aligned with: the conditional median; Laplace likelihood.
    Pitfalls: its gradient keeps its size up to the target, so steps must shrink there; the median of a skewed
        target lies below its mean, and sums of medians are not medians of sums.
    Source: Koenker, Quantile Regression (2005), section 1.3.
    """
    r = residual(block)
    values = np.abs(r, out=block.spare(0))
    if block.wants():
        block.notes.mark("subgradient_at_kink", r == 0.0)
        np.sign(r, out=r)
    return values


def mae_properties(params: Params) -> Properties:
    """Convex, slope 1, a kink at 0."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional median",
    )


def huber(block: Block) -> Array:
    """Squared near zero, linear beyond delta, without a jump in slope.

        L = r^2 / 2               where |r| <= delta
        L = delta (|r| - delta/2) elsewhere

    Gradient: r clipped to [-delta, delta].
    Domain: any real p and y; delta > 0.
    Aligned with: a location robust to outliers: the mean where errors are small, the median where they are large.
    Pitfalls: SmoothL1(beta) is Huber(delta = beta) / beta; scikit-learn's HuberRegressor scales residuals first.
    Source: Huber, Robust estimation of a location parameter, Ann. Math. Statist. 35 (1964), section 3.
    """
    r = residual(block)
    delta = block["delta"]
    clipped = np.clip(r, -delta, delta, out=block.spare(1))
    values = np.multiply(clipped, -0.5, out=block.spare(0))  # c (r - c/2) equals both branches
    values += r
    values *= clipped
    if block.wants():
        r[...] = clipped
    return values


def huber_properties(params: Params) -> Properties:
    """Convex, slope at most delta, curvature at most 1."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=params["delta"],
        smooth=1.0,
        bounded_below=0.0,
        aligned_with="robust location",
    )


def smooth_l1(block: Block) -> Array:
    """Huber divided by its own threshold, so that the slope far away is 1.

        L = r^2 / (2 beta)  where |r| < beta
        L = |r| - beta/2    elsewhere;   beta = 0 is |r|

    Gradient: r / beta clipped to [-1, 1].
    Domain: any real p and y; beta >= 0.
    Kinks: r = 0 when beta is 0, where 0 is returned.
    Aligned with: a robust location; the usual loss of bounding-box regression.
    Pitfalls: not Huber: at beta 2 and r 3 this is 2.0 and Huber is 4.0.
    Source: Girshick, Fast R-CNN (2015), equation 3, with the width beta later added by PyTorch.
    """
    beta = block["beta"]
    if beta == 0.0:
        return mae(block)
    r = residual(block)
    clipped = np.clip(r, -beta, beta, out=block.spare(1))
    values = np.multiply(clipped, -0.5, out=block.spare(0))
    values += r
    clipped /= beta
    values *= clipped
    if block.wants():
        r[...] = clipped
    return values


def smooth_l1_properties(params: Params) -> Properties:
    """Convex, slope at most 1, curvature 1 / beta; at beta 0 the absolute error."""
    beta = params["beta"]
    return Properties(
        differentiable=beta > 0.0,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=1.0 / beta if beta else None,
        bounded_below=0.0,
        aligned_with="robust location",
    )


def log_cosh(block: Block) -> Array:
    """The logarithm of the hyperbolic cosine: r^2/2 near zero, |r| - log 2 far away.

        L = |r| + log1p(exp(-2|r|)) - log 2

    Gradient: tanh(r).
    Domain: any real p and y.
    Stability: the closed form cancels near 0, so below |r| = 0.01 the series r^2/2 - r^4/12 + r^6/45 is used; nothing
        overflows at |r| = 1e300.
    Aligned with: a location between mean and median; hyperbolic-secant likelihood.
    Pitfalls: it has no scale of its own: residuals are to be near 1 in size; cosh itself overflows at 710.
    Source: Chen et al., Log hyperbolic cosine loss improves variational auto-encoder (2018).
    """
    r = residual(block)
    size = np.abs(r, out=block.spare(1))
    values = np.multiply(size, -2.0, out=block.spare(0))
    np.exp(values, out=values)
    np.log1p(values, out=values)
    values += size
    values -= LOG_2
    near = size < 0.01
    if near.any():
        square = np.square(r[near])
        values[near] = square * (0.5 - square * (1.0 / 12.0 - square / 45.0))
    if block.wants():
        np.tanh(r, out=r)
    return values


def log_cosh_properties(params: Params) -> Properties:
    """Convex; slope tanh r within [-1, 1], curvature 1 - tanh^2 r at most 1."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=1.0,
        bounded_below=0.0,
        aligned_with="robust location",
    )


def quantile(block: Block) -> Array:
    """Pinball loss: each side of the target has its own slope.

        L = tau (y - p)        where y >= p
        L = (1 - tau) (p - y)  where y < p

    Gradient: -tau below the target, 1 - tau above it.
    Domain: any real p and y; 0 < tau < 1, or `taus`, one per entry of the predictions' last axis.
    Kinks: p = y, where 0 is returned out of [-tau, 1 - tau].
    Aligned with: the conditional tau-quantile.
    Pitfalls: quantiles trained apart may cross; tau weighs estimates that are too low, 1 - tau those too high.
    Source: Koenker and Bassett, Regression quantiles, Econometrica 46 (1978), equation 1.1.
    """
    tau = block.targets.get("_tau", block["tau"])
    r = residual(block)
    above = r > 0.0
    slope = np.subtract(above, tau, out=block.spare(1))
    values = np.multiply(r, slope, out=block.spare(0))
    if block.wants():
        kink = r == 0.0
        block.notes.mark("subgradient_at_kink", kink)
        r[...] = slope
        r[kink] = 0.0
    return values


def quantile_properties(params: Params) -> Properties:
    """Convex; the steeper side has slope max(tau, 1 - tau), and p = y is a kink."""
    taus = [params["tau"]] if params["taus"] is None else params["taus"]
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=max(max(t, 1.0 - t) for t in taus),
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional quantile",
    )


def align_quantile(batch: Batch, reader: Reader) -> Batch:
    """With `taus`, each target meets one prediction per quantile: targets lack the predictions' last axis."""
    taus = batch.params["taus"]
    if taus is None:
        return batch
    if not ((taus > 0.0) & (taus < 1.0)).all():
        reader.refuse("params/taus", "a quantile lies outside (0, 1)", "each tau is > 0 and < 1")
    shape = batch.p.shape
    if shape[-1:] != taus.shape or batch.y.shape != shape[:-1]:
        hint = "predictions have shape [..., len(taus)], targets that shape without the last axis"
        shapes = f"predictions {list(shape)}, targets {list(batch.y.shape)}"
        reader.refuse("params/taus", f"{taus.size} taus, {shapes}", hint)
        return batch
    return batch.with_targets(targets=np.broadcast_to(batch.y[..., None], shape), _tau=np.broadcast_to(taus, shape))


def ddpm(block: Block) -> Array:
    """Denoising diffusion: squared error of predicted noise (or velocity, or clean sample), one value per sample.

        L = w mean_j r_j^2  (or w sum_j r_j^2),   w = 1, or by min-SNR with s the signal-to-noise ratio:
        w = min(s, gamma) / s      epsilon
        w = min(s, gamma) / (s+1)  v_prediction
        w = min(s, gamma)          sample

    Gradient: 2 w r / d for the mean over d entries, 2 w r for the sum.
    Domain: any real p and y; s > 0, gamma > 0; examples lie along axis 0.
    Aligned with: the score of the noised data; the paper's squared norm is the sum, most code takes the mean.
    Pitfalls: the v-prediction weight has s + 1 below the line, which copied code forgets.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 14; Hang et al., Efficient
        diffusion training via min-SNR weighting strategy (2023), section 3.4.
    """
    r = residual(block)
    square = np.multiply(r, r, out=block.spare(0))
    scale = 1.0 if block["per_sample"] == "sum" else 1.0 / max(r.shape[1], 1)
    weight = block.targets["_snr_weight"] * scale if "_snr_weight" in block.targets else scale
    values = square.sum(axis=1) * weight
    if block.wants():
        r *= 2.0 * (weight[:, None] if isinstance(weight, np.ndarray) else weight)
    return values


def prepare_ddpm(batch: Batch, reader: Reader) -> Batch:
    """One positive signal-to-noise ratio per sample, and only together with gamma."""
    ratio, gamma = batch.params["snr"], batch.params["min_snr_gamma"]
    if (ratio is None) != (gamma is None):
        missing = "snr" if ratio is None else "min_snr_gamma"
        reader.refuse(f"params/{missing}", "min-SNR weighting needs both snr and min_snr_gamma", "give both or neither")
        return batch
    if ratio is None:
        return batch
    if ratio.shape != batch.p.shape[:1] or not (ratio > 0.0).all():
        reader.refuse("params/snr", f"snr has shape {list(ratio.shape)}", "one ratio > 0 per sample (axis 0)")
        return batch
    kind = batch.params["prediction_type"]
    below = {"epsilon": ratio, "v_prediction": ratio + 1.0, "sample": np.ones_like(ratio)}[kind]
    return batch.with_targets(_snr_weight=np.minimum(ratio, gamma) / below)


def ddpm_properties(params: Params) -> Properties:
    """Convex with curvature 2 in the sum over a sample's entries."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=2.0 if params["snr"] is None else None,
        bounded_below=0.0,
        aligned_with="score matching: the noise that was added",
        note="the gradient's Lipschitz constant is 2 for the per-sample sum and 2/d for the mean over d entries",
    )
