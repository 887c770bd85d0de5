"""Losses of numbers: relative errors, deviances, scores of predicted distributions, Gaussian latents."""

from mlquote.losses.families import deviance, latent, likelihoods, regression, relative, robust, scores
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import array, choice, flag, nonnegative, number, one_or_two, positive, without
from mlquote.losses.reading import Interval

POWER = number("power", 1.5, "variance is mean^power: 0 normal, 1 Poisson, 2 gamma, 3 inverse normal")
TAU = number("tau", 0.5, "the quantile", Interval(0.0, 1.0, open_low=True, open_high=True))
QUANTILES = (
    TAU.only(without("taus")),
    array("taus", "several quantiles, one per entry of the predictions' last axis"),
)
LOCATION = ("mean", "scale")
RESIDUALS = tuple(
    Loss(name=name, kernel=kernel, properties=properties, params=params)
    for name, kernel, properties, params in (
        (
            "epsilon_insensitive",
            robust.epsilon_insensitive,
            robust.epsilon_insensitive_properties,
            (
                nonnegative("epsilon", 0.1, "half the tube's width"),
                one_or_two("power", "1 is the distance from the tube, 2 its square"),
            ),
        ),
        (
            "expectile",
            robust.expectile,
            robust.expectile_properties,
            (number("tau", 0.5, "the expectile", TAU.interval or Interval()),),
        ),
        (
            "wing",
            robust.wing,
            robust.wing_properties,
            (positive("w", 10.0, "where the logarithm ends"), positive("epsilon", 2.0, "how sharply it bends")),
        ),
        (
            "general_robust",
            robust.general_robust,
            robust.general_robust_properties,
            (
                number("alpha", 1.0, "2 square, 1 Charbonnier, 0 Cauchy; null is minus infinity", nullable=True),
                positive("c", 1.0, "scale of the residuals"),
            ),
        ),
        ("tukey", robust.tukey, robust.tukey_properties, (positive("c", 4.685, "where learning ends"),)),
    )
)

LOSSES = (
    *RESIDUALS,
    Loss(
        name="quantile_huber",
        kernel=robust.quantile_huber,
        properties=robust.quantile_huber_properties,
        params=(*QUANTILES, positive("kappa", 1.0, "where the square ends")),
        align=regression.align_quantile,
    ),
    Loss(
        name="minkowski",
        kernel=robust.minkowski,
        properties=robust.minkowski_properties,
        params=(number("p", 2.0, "order of the distance", Interval(1.0)),),
        reduction=lambda params: "sum",
        outer=robust.rooted,
    ),
    Loss(
        name="laplace_nll",
        kernel=likelihoods.laplace_nll,
        properties=likelihoods.laplace_properties,
        predictions=LOCATION,
    ),
    Loss(
        name="student_t_nll",
        kernel=likelihoods.student_t_nll,
        properties=likelihoods.student_t_properties,
        params=(positive("nu", 4.0, "degrees of freedom"),),
        predictions=LOCATION,
    ),
    Loss(
        name="negative_binomial_nll",
        kernel=likelihoods.negative_binomial_nll,
        properties=likelihoods.negative_binomial_properties,
        params=(positive("total_count", 1.0, "r: variance is mean + mean^2 / r"),),
        forms=("log_rate", "rate"),
    ),
    Loss(
        name="mixture_nll",
        kernel=likelihoods.mixture_nll,
        properties=likelihoods.mixture_properties,
        folding=Folding.VECTORS,
        predictions=("logits", *LOCATION),
        align=likelihoods.align_mixture,
    ),
    Loss(
        name="evidential",
        kernel=likelihoods.evidential,
        properties=likelihoods.evidential_properties,
        params=(nonnegative("coef", 0.01, "price of evidence away from the data"),),
        predictions=("mean", "nu", "alpha", "beta"),
    ),
    Loss(
        name="cox",
        kernel=likelihoods.cox,
        properties=likelihoods.cox_properties,
        folding=Folding.WHOLE,
        predictions=("log_hazards",),
        targets=("times", "events"),
        align=likelihoods.align_cox,
    ),
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
    Loss(name="rmsle", kernel=relative.rmsle, properties=relative.rmsle_properties, outer=relative.root),
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
