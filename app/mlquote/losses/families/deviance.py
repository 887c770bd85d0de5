"""Losses of positive predictions: Tweedie, Poisson and gamma deviances and likelihoods."""

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, times


def tweedie_deviance(block: Block) -> Array:
    """Unit deviance of the exponential family whose variance is mean^power: 0 normal, 1 Poisson, 2 gamma, 3 inverse
    normal.

        L = 2 (max(y,0)^(2-q) / ((1-q)(2-q)) - y p^(1-q) / (1-q) + p^(2-q) / (2-q)),  q the power
        q = 0: (y-p)^2;   q = 1: 2 (y log(y/p) - y + p);   q = 2: 2 (log(p/y) + y/p - 1)

    Gradient: 2 (p - y) / p^q.
    Domain: power <= 0 or >= 1; p > 0 (any real with power 0); y real for power <= 0, >= 0 below 2, > 0 from 2 on.
    Stability: 0 log 0 = 0.
    Aligned with: the conditional mean.
    Pitfalls: half of it is the training loss of scikit-learn's TweedieRegressor, up to terms without p.
    Source: Jorgensen, Exponential dispersion models (1987); McCullagh and Nelder, Generalized linear models (1989),
        2.3.
    """
    return _deviance(block, float(block["power"]))


def poisson_deviance(block: Block) -> Array:
    """Unit deviance of counts.

        L = 2 (y log(y/p) - y + p)

    Gradient: 2 (p - y) / p.
    Domain: p > 0, y >= 0.
    Stability: 0 log 0 = 0.
    Aligned with: the conditional mean.
    Pitfalls: twice the Poisson negative log-likelihood less its value at p = y, so 0 is reached.
    Source: McCullagh and Nelder, Generalized linear models (1989), section 2.3.
    """
    return _deviance(block, 1.0)


def gamma_deviance(block: Block) -> Array:
    """Unit deviance of positive amounts whose spread grows with their size.

        L = 2 (log(p/y) + y/p - 1)

    Gradient: 2 (p - y) / p^2.
    Domain: p > 0, y > 0.
    Aligned with: the conditional mean.
    Pitfalls: it looks at ratios only: p and y doubled together cost the same.
    Source: McCullagh and Nelder, Generalized linear models (1989), section 8.3.
    """
    return _deviance(block, 2.0)


def _deviance(block: Block, power: float) -> Array:
    p, y = block.p, block.y
    if power != 0.0:
        block.require("predictions", p > 0.0, "is not positive", "a mean > 0")
    if power >= 2.0:
        block.require("targets", y > 0.0, f"is not positive, as power {power:g} needs", "targets > 0")
    elif power >= 1.0:
        block.require("targets", y >= 0.0, f"is negative, as power {power:g} forbids", "targets >= 0")
    block.give(2.0 * (p - y) / p**power)
    if power == 0.0:
        values: Array = (p - y) ** 2
    elif power == 1.0:
        values = 2.0 * (times(y, np.log(np.where(y > 0.0, y, 1.0) / p)) - y + p)
    elif power == 2.0:
        values = 2.0 * (np.log(p / y) + y / p - 1.0)
    else:
        own = np.maximum(y, 0.0) ** (2.0 - power) / ((1.0 - power) * (2.0 - power))
        values = 2.0 * (own - y * p ** (1.0 - power) / (1.0 - power) + p ** (2.0 - power) / (2.0 - power))
    return values


def prepare_deviance(batch: Batch, reader: Reader) -> Batch:
    """No member of the family has a power between 0 and 1."""
    if 0.0 < batch.params["power"] < 1.0:
        reader.refuse("params/power", f"no distribution has power {batch.params['power']:g}", "<= 0, or >= 1")
    return batch


def deviance_properties(params: Params) -> Properties:
    """Convex for power 0 and 1 only; 0 where prediction and target agree."""
    power = params.get("power")
    return Properties(
        differentiable=True,
        convex_in_predictions=power in {0.0, 1.0},
        lipschitz=None,
        smooth=2.0 if power == 0.0 else None,
        bounded_below=0.0,
        aligned_with="conditional mean",
    )


def poisson_deviance_properties(params: Params) -> Properties:
    """That of power 1."""
    return deviance_properties({"power": 1.0})


def gamma_deviance_properties(params: Params) -> Properties:
    """That of power 2: ratios alone count, and beyond twice the target the slope falls."""
    return deviance_properties({"power": 2.0})


def tweedie(block: Block) -> Array:
    """Negative log-likelihood of a Tweedie mean, terms without it left out: what boosting and Tweedie regression
    minimise.

        L = p^(2-q) / (2-q) - y p^(1-q) / (1-q),  q the power, p the rate, or exp of the log-rate
        q = 1: p - y log p;   q = 2: log p + y / p

    Gradient: (p - y) / p^q in the rate; p^(2-q) - y p^(1-q) in the log-rate.
    Domain: q >= 1; rates > 0; y >= 0 below power 2, > 0 from 2 on.
    Aligned with: the conditional mean.
    Pitfalls: its least value depends on y; the deviance is 0 there.
    Source: Yang, Qian, Zou, Insurance premium prediction via gradient tree-boosted Tweedie models (2018), equation 9.
    """
    return _likelihood(block, float(block["power"]))


def gamma_nll(block: Block) -> Array:
    """Negative log-likelihood of a gamma mean, terms without it left out.

        L = log p + y / p,  p the rate, or exp of the log-rate

    Gradient: (p - y) / p^2 in the rate; 1 - y exp(-u) in the log-rate u.
    Domain: rates > 0, y > 0.
    Aligned with: the conditional mean.
    Pitfalls: half of the gamma deviance, up to 1 + log y.
    Source: McCullagh and Nelder, Generalized linear models (1989), section 8.3.
    """
    return _likelihood(block, 2.0)


def _likelihood(block: Block, power: float) -> Array:
    p, y = block.p, block.y
    least = y > 0.0 if power >= 2.0 else y >= 0.0
    block.require("targets", least, f"is too small for power {power:g}", "> 0 from power 2 on, >= 0 below")
    log_rate = p
    if block.batch.form == "rate":
        block.require("predictions", p > 0.0, "is not positive", "a rate > 0; for logarithms say input_form log_rate")
        log_rate = np.log(p)
    first, second = np.exp((2.0 - power) * log_rate), y * np.exp((1.0 - power) * log_rate)
    slope = first - second
    block.give(slope / p if block.batch.form == "rate" else slope)
    whole = log_rate if power == 2.0 else first / (2.0 - power)
    values: Array = whole - (y * log_rate if power == 1.0 else second / (1.0 - power))
    return values


def likelihood_properties(params: Params) -> Properties:
    """Convex in the log-rate for power from 1 to 2."""
    power = params.get("power", 2.0)
    return Properties(
        differentiable=True,
        convex_in_predictions=params["_form"] == "log_rate" and 1.0 <= power <= 2.0,
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="conditional mean",
        note="bounded for each y, at p = y",
    )
