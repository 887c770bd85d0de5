"""Losses of numbers: relative errors, deviances, scores of predicted distributions, Gaussian latents."""

from mlquote.losses.families import deviance, latent, relative, scores
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import choice, flag, nonnegative, number, positive
from mlquote.losses.reading import Interval

POWER = number("power", 1.5, "variance is mean^power: 0 normal, 1 Poisson, 2 gamma, 3 inverse normal")

LOSSES = (
    Loss(
        name="mape",
        kernel=relative.mape,
        properties=relative.mape_properties,
        params=(
            flag("percent", True, "times 100"),
            positive("eps", 1e-7, "what |y| is held above"),
        ),
    ),
    Loss(name="smape", kernel=relative.smape, properties=relative.smape_properties),
    Loss(
        name="msle",
        kernel=relative.msle,
        properties=relative.msle_properties,
        params=(number("floor", None, "values below are raised to it", Interval(-1.0, open_low=True), nullable=True),),
    ),
    Loss(
        name="charbonnier",
        kernel=relative.charbonnier,
        properties=relative.charbonnier_properties,
        params=(positive("eps", 1e-3, "where the root turns"),),
    ),
    Loss(name="rmse", kernel=relative.rmse, properties=relative.rmse_properties, outer=relative.root),
    Loss(
        name="tweedie_deviance",
        kernel=deviance.tweedie_deviance,
        properties=deviance.deviance_properties,
        params=(POWER,),
        prepare=deviance.prepare_deviance,
    ),
    Loss(name="poisson_deviance", kernel=deviance.poisson_deviance, properties=deviance.poisson_deviance_properties),
    Loss(name="gamma_deviance", kernel=deviance.gamma_deviance, properties=deviance.gamma_deviance_properties),
    Loss(
        name="tweedie",
        kernel=deviance.tweedie,
        properties=deviance.likelihood_properties,
        params=(number("power", 1.5, "variance is mean^power: 1 Poisson, 2 gamma", Interval(1.0)),),
        forms=("log_rate", "rate"),
    ),
    Loss(
        name="gamma_nll",
        kernel=deviance.gamma_nll,
        properties=deviance.likelihood_properties,
        forms=("log_rate", "rate"),
    ),
    Loss(
        name="crps",
        kernel=scores.crps,
        properties=scores.crps_properties,
        params=(flag("fair", False, "unbiased for the members' own distribution"),),
        folding=Folding.VECTORS,
        align=scores.align_members,
    ),
    Loss(
        name="crps_gaussian",
        kernel=scores.crps_gaussian,
        properties=scores.crps_gaussian_properties,
        predictions=("mean", "std"),
    ),
    Loss(
        name="gaussian_kl",
        kernel=latent.gaussian_kl,
        properties=latent.gaussian_kl_properties,
        params=(nonnegative("beta", 1.0, "weight of the divergence"),),
        folding=Folding.VECTORS,
        predictions=("mean", "log_variance"),
        targets=("prior_mean", "prior_log_variance"),
        optional=frozenset({"prior_mean", "prior_log_variance"}),
    ),
    Loss(
        name="elbo",
        kernel=latent.elbo,
        properties=latent.elbo_properties,
        params=(
            choice("reconstruction", ("gaussian", "bernoulli"), "squared error, or binary cross-entropy on logits"),
            nonnegative("beta", 1.0, "weight of the divergence"),
        ),
        folding=Folding.WHOLE,
        predictions=("reconstruction", "mean", "log_variance"),
        align=latent.align_elbo,
        components=latent.elbo_parts,
    ),
)
