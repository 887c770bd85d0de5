"""Every loss by name: one line each."""

from mlquote.losses.entries import classes, embeddings, policies, vectors
from mlquote.losses.entries import regression as numbers
from mlquote.losses.families import classification, contrastive, distribution, preference, regression
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import (
    Param,
    Params,
    array,
    beside,
    both,
    choice,
    clamp,
    flag,
    maybe_flag,
    nonnegative,
    number,
    number_or_array,
    on,
    one_or_two,
    positive,
    where,
    whole,
    with_array,
)
from mlquote.losses.reading import Interval, Reader

SMOOTHING = number("label_smoothing", 0.0, "share of the target spread evenly over classes", Interval(0.0, 1.0))
IGNORE = whole("ignore_index", None, "targets equal to this leave numerator and denominator", nullable=True)
CLASS_AXIS = whole("class_axis", -1, "axis of the predictions that holds the classes (PyTorch: 1)")
UNNORMALIZED = "true rescales predicted rows to sum to 1, false takes rows as they are; null refuses rows that do not"
RENORMALIZE = maybe_flag("normalize_probabilities", UNNORMALIZED)
RENORMALIZE_FOCAL = RENORMALIZE.only(both(on("probabilities"), where("kind", "categorical")))
MARGIN = number("margin", 1.0, "margin wanted")


POWER = one_or_two("power", "1 is the hinge, 2 its square")


def _advantages(reader: Reader, name: str, fallback: dict[str, float] | None) -> dict[str, float] | None:
    inner = reader.object(name, fallback)
    if inner is None:
        return None
    how = {"ddof": inner.whole("ddof", 1, low=0, high=1), "eps": inner.number("eps", 1e-8, low=0.0)}
    inner.close()
    return how


NORMALIZE_ADVANTAGES = Param(
    "normalize_advantages", None, "{ddof: 0 | 1, eps >= 0} or null", "(A - mean) / (std + eps)", _advantages
)


def _focal_folding(params: Params) -> Folding:
    return Folding.CLASSES if params["kind"] == "categorical" else Folding.ELEMENTS


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            name="mse",
            streams=True,
            kernel=regression.mse,
            proves_finite=frozenset({None}),
            properties=regression.mse_properties,
            params=(positive("scale", 1.0, "factor on r^2; 0.5 is optax.l2_loss"),),
        ),
        Loss(name="mae", kernel=regression.mae, proves_finite=frozenset({None}), properties=regression.mae_properties),
        Loss(
            name="huber",
            kernel=regression.huber,
            proves_finite=frozenset({None}),
            properties=regression.huber_properties,
            params=(positive("delta", 1.0, "where the square ends"),),
        ),
        Loss(
            name="smooth_l1",
            kernel=regression.smooth_l1,
            proves_finite=frozenset({None}),
            properties=regression.smooth_l1_properties,
            params=(nonnegative("beta", 1.0, "where the square ends; 0 is |r|"),),
        ),
        Loss(
            name="log_cosh",
            kernel=regression.log_cosh,
            proves_finite=frozenset({None}),
            properties=regression.log_cosh_properties,
        ),
        Loss(
            name="quantile",
            kernel=regression.quantile,
            proves_finite=frozenset({None}),
            properties=regression.quantile_properties,
            params=numbers.QUANTILES,
            align=regression.align_quantile,
        ),
        Loss(
            name="gaussian_nll",
            kernel=distribution.gaussian_nll,
            properties=distribution.gaussian_nll_properties,
            params=(flag("full", False, "add 1/2 log 2 pi"), positive("eps", 1e-6, "least variance")),
            predictions=("mean", "variance"),
            align=distribution.align_gaussian,
        ),
        Loss(
            name="poisson_nll",
            kernel=distribution.poisson_nll,
            properties=distribution.poisson_nll_properties,
            params=(
                flag("full", False, "add Stirling's term"),
                nonnegative("eps", 1e-8, "added to the rate").only(on("rate")),
            ),
            forms=("log_rate", "rate"),
        ),
        Loss(
            name="binary_cross_entropy",
            streams=True,
            kernel=classification.binary_cross_entropy,
            properties=classification.binary_cross_entropy_properties,
            params=(SMOOTHING, clamp()),
            forms=("logits", "probabilities"),
            infinite=frozenset({"logits"}),
            pos_weight=True,
            prepare=classification.prepare_binary,
        ),
        Loss(
            name="cross_entropy",
            streams=True,
            kernel=classification.cross_entropy,
            proves_finite=frozenset({"logits"}),
            properties=classification.cross_entropy_properties,
            params=(SMOOTHING, IGNORE, CLASS_AXIS, clamp(), RENORMALIZE),
            folding=Folding.CLASSES,
            forms=("logits", "probabilities", "log_probabilities"),
            infinite=frozenset({"logits", "log_probabilities"}),
            classes=True,
            soft=True,
            prepare=classification.prepare_classes,
        ),
        Loss(
            name="nll",
            streams=True,
            kernel=classification.nll,
            properties=classification.nll_properties,
            params=(IGNORE, CLASS_AXIS),
            folding=Folding.CLASSES,
            forms=("log_probabilities",),
            infinite=frozenset({"log_probabilities"}),
            classes=True,
            prepare=classification.prepare_classes,
        ),
        Loss(
            name="hinge",
            kernel=classification.hinge,
            properties=classification.hinge_properties,
            params=(MARGIN, POWER, choice("label_encoding", ("pm1", "zero_one"), "-1/+1 or 0/1 labels")),
        ),
        Loss(
            name="multiclass_hinge",
            kernel=classification.multiclass_hinge,
            properties=classification.multiclass_hinge_properties,
            params=(
                choice(
                    "variant", ("crammer_singer", "weston_watkins", "keras_categorical"), "which wrong classes count"
                ),
                MARGIN,
                POWER,
                flag(
                    "average_over_classes", True, "divide weston_watkins by the number of classes, as PyTorch does"
                ).only(where("variant", "weston_watkins")),
                CLASS_AXIS,
            ),
            folding=Folding.CLASSES,
            classes=True,
            prepare=classification.prepare_classes,
        ),
        Loss(
            name="focal",
            streams=True,
            kernel=classification.focal,
            properties=classification.focal_properties,
            params=(
                choice("kind", ("binary", "categorical"), "0/1 labels or class indices"),
                nonnegative("gamma", 2.0, "how fast easy examples fade"),
                number_or_array("alpha", "weight of the positive class, or of each class", low=0.0),
                CLASS_AXIS.only(where("kind", "categorical")),
                clamp(),
                RENORMALIZE_FOCAL,
            ),
            folding=_focal_folding,
            forms=("logits", "probabilities"),
            infinite=frozenset({"logits"}),
            classes=True,
            prepare=classification.prepare_focal,
        ),
        Loss(
            name="kl_divergence",
            streams=True,
            kernel=distribution.kl_divergence,
            properties=distribution.kl_properties,
            params=(
                choice("target_form", ("probabilities", "log_probabilities", "logits"), "what the targets are"),
                positive("temperature", 1.0, "divides logits"),
                flag("temperature_squared", False, "multiply by T^2, as in distillation").only(on("logits")),
                clamp(),
                maybe_flag("normalize_probabilities", UNNORMALIZED),
            ),
            folding=Folding.VECTORS,
            forms=("log_probabilities", "probabilities", "logits"),
            infinite=frozenset({"log_probabilities", "logits", "target:log_probabilities", "target:logits"}),
            prepare=distribution.prepare_kl,
        ),
        Loss(
            name="triplet",
            kernel=contrastive.triplet,
            properties=contrastive.triplet_properties,
            params=(
                positive("margin", 1.0, "margin wanted"),
                positive("p", 2.0, "order of the lp distance").only(where("distance", "lp")),
                nonnegative("eps", 1e-6, "keeps the root's gradient finite").only(where("distance", "lp")),
                choice("eps_placement", ("difference", "sum"), "added to the difference, or inside the root").only(
                    both(where("distance", "lp"), beside("eps"))
                ),
                choice("distance", ("lp", "sqeuclidean", "cosine"), "the distance"),
                flag("swap", False, "use d(p, n) where it is the smaller"),
                flag("normalize", False, "divide embeddings by their lengths").only(
                    where("distance", "lp", "sqeuclidean")
                ),
                flag("soft", False, "softplus instead of max(0, .)"),
            ),
            folding=Folding.VECTORS,
            predictions=("anchor", "positive", "negative"),
            targets=(),
        ),
        Loss(
            name="infonce",
            kernel=contrastive.infonce,
            properties=contrastive.infonce_properties,
            params=(
                choice("variant", tuple(contrastive.INFONCE_VARIANTS), "what stands in the denominator"),
                positive("temperature", 0.07, "tau"),
                flag("normalize", True, "divide embeddings by their lengths").only(
                    where("variant", *contrastive.EMBEDDED)
                ),
                flag("symmetric", False, "average rows and columns of paired (CLIP)").only(where("variant", "paired")),
            ),
            folding=Folding.WHOLE,
            predictions=("similarities", "queries", "keys", "positives", "negatives", "embeddings"),
            optional=frozenset({"similarities", "queries", "keys", "positives", "negatives", "embeddings", "targets"}),
            align=contrastive.align_infonce,
            components=contrastive.infonce_components,
        ),
        Loss(
            name="ddpm",
            kernel=regression.ddpm,
            proves_finite=frozenset({None}),
            properties=regression.ddpm_properties,
            params=(
                choice("per_sample", ("mean", "sum"), "over a sample's entries"),
                array("snr", "signal-to-noise ratio of each sample"),
                positive("min_snr_gamma", None, "min-SNR's cap", nullable=True),
                choice("prediction_type", ("epsilon", "v_prediction", "sample"), "what the network predicts").only(
                    beside("min_snr_gamma")
                ),
            ),
            folding=Folding.SAMPLES,
            prepare=regression.prepare_ddpm,
        ),
        Loss(
            name="ppo_clip",
            kernel=preference.ppo_clip,
            properties=preference.ppo_properties,
            params=(
                nonnegative("clip_range", 0.2, "c: the ratio is held in [1-c, 1+c']"),
                nonnegative("clip_range_high", None, "c'; null is c", nullable=True),
                positive("dual_clip", None, "> 1: bounds the cost of large ratios with A < 0", nullable=True),
                NORMALIZE_ADVANTAGES,
                nonnegative("vf_coef", 0.5, "weight of the value loss").only(with_array("values")),
                positive("value_clip_range", None, "half-width around values_old", nullable=True).only(
                    with_array("values")
                ),
                choice("value_clip_mode", ("max", "replace"), "larger of both errors, or the clipped one").only(
                    both(with_array("values"), beside("value_clip_range"))
                ),
                positive("value_loss_scale", 1.0, "0.5 in TRL and OpenAI baselines").only(with_array("values")),
                nonnegative("entropy_coef", 0.0, "weight of the entropy bonus"),
                nonnegative("kl_coef", 0.0, "weight of the KL penalty"),
                choice("kl_estimator", ("k1", "k2", "k3"), "d, d^2/2, or exp(-d) - 1 + d").only(with_array("logp_ref")),
            ),
            predictions=("logp", "values", "entropy"),
            targets=("logp_old", "advantages", "returns", "values_old", "logp_ref"),
            optional=frozenset({"values", "entropy", "returns", "values_old", "logp_ref"}),
            array_acts={
                "returns": with_array("values"),
                "values_old": both(with_array("values"), beside("value_clip_range")),
            },
            align=preference.align_ppo,
            prepare=preference.prepare_ppo,
            components=preference.ppo_components,
        ),
        Loss(
            name="dpo",
            kernel=preference.dpo,
            properties=preference.dpo_properties,
            params=(
                choice("variant", tuple(preference.DPO_VARIANTS), "which function of the margin"),
                positive("beta", 0.1, "strength of the reference"),
                number("label_smoothing", 0.0, "share of flipped preferences", Interval(0.0, 1.0, open_high=True)),
                choice("f_divergence", tuple(preference.DIVERGENCES), "how far from the reference is measured"),
            ),
            folding=preference.dpo_folding,
            align=preference.align_dpo,
            predictions=("policy_chosen_logps", "policy_rejected_logps"),
            targets=(*preference.REFERENCES, "chosen_lengths", "rejected_lengths"),
            optional=frozenset({*preference.REFERENCES, "chosen_lengths", "rejected_lengths"}),
            array_acts={
                name: where("variant", *sorted(preference.PER_TOKEN)) for name in ("chosen_lengths", "rejected_lengths")
            },
            prepare=preference.prepare_dpo,
            components=preference.dpo_components,
        ),
        Loss(
            name="bradley_terry",
            kernel=preference.bradley_terry,
            properties=preference.bradley_terry_properties,
            params=(nonnegative("center_coef", None, "pull of the rewards' sum to 0", nullable=True),),
            predictions=("chosen_rewards", "rejected_rewards"),
            targets=("margins",),
            optional=frozenset({"margins"}),
        ),
        *numbers.LOSSES,
        *classes.LOSSES,
        *vectors.LOSSES,
        *embeddings.LOSSES,
        *policies.LOSSES,
    )
}
