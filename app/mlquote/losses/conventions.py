"""What each framework does when its user says nothing: spelling, defaults and divisor of every loss it has.

Read from PyTorch 2.13, Keras 3.15, optax 0.2.8, scikit-learn 1.9, Transformers 5.23 and TRL 1.16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FRAMEWORKS = ("pytorch", "keras", "optax", "sklearn", "transformers", "trl")
TORCH_CLAMP = {"kind": "log_floor", "value": -100.0}
KERAS_CLAMP = {"kind": "prob_eps", "value": 1e-7}
SKLEARN_CLAMP = {"kind": "prob_eps", "value": 2.220446049250313e-16}


@dataclass(frozen=True, slots=True)
class Convention:
    """One framework's way with one loss.

    `reduction` weighted_mean is mean where no weights are given; `form` is the input it expects unless told otherwise;
    `forms` are those it can be told; `gaps` says what differs beyond parameters and divisor; `functions` names those
    of a spelling that holds several, each with the input form it takes where it takes one only.
    """

    spelling: str
    reduction: str = "mean"
    params: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None
    forms: tuple[str, ...] = ()
    gaps: str = ""
    functions: Mapping[str, str | None] = field(default_factory=dict)


def _torch(spelling: str, reduction: str = "mean", **rest: Any) -> Convention:
    return Convention(f"torch.nn.functional.{spelling}", reduction, **rest)


def _keras(spelling: str, **rest: Any) -> Convention:
    return Convention(f"keras.losses.{spelling}", "mean", **rest)


def _optax(spelling: str, reduction: str = "none", **rest: Any) -> Convention:
    return Convention(f"optax.losses.{spelling}", reduction, **rest)


def _sklearn(spelling: str, **rest: Any) -> Convention:
    return Convention(f"sklearn.metrics.{spelling}", "weighted_mean", **rest)


_NO_MEAN = "returns one value per example: the caller reduces"
_KERAS_MEAN = "sample weights multiply, and the divisor stays the number of examples"
_BOTH = ("logits", "probabilities")

CONVENTIONS: dict[str, dict[str, Convention]] = {
    "mse": {
        "pytorch": _torch("mse_loss", "weighted_mean", gaps="broadcasts (N,1) against (N,) to an N x N error"),
        "keras": _keras("MeanSquaredError", gaps=f"averages the last axis first; {_KERAS_MEAN}; means in float32"),
        "optax": _optax("squared_error", gaps=f"{_NO_MEAN}; optax.losses.l2_loss is half of it"),
        "sklearn": _sklearn("mean_squared_error", gaps="training losses (SGD, gradient boosting) carry a factor 1/2"),
        "transformers": Convention("MSELoss of a regression head", gaps="logits are squeezed to the labels' shape"),
    },
    "mae": {
        "pytorch": _torch("l1_loss", "weighted_mean"),
        "keras": _keras("MeanAbsoluteError", gaps=_KERAS_MEAN),
        "sklearn": _sklearn("mean_absolute_error"),
    },
    "huber": {
        "pytorch": _torch("huber_loss", params={"delta": 1.0}, gaps="its weight divides by N, unlike mse_loss's"),
        "keras": _keras("Huber", params={"delta": 1.0}, gaps=_KERAS_MEAN),
        "optax": _optax("huber_loss", params={"delta": 1.0}, gaps=_NO_MEAN),
        "sklearn": Convention(
            "sklearn.linear_model.SGDRegressor(loss='huber')",
            params={"delta": 0.1},
            gaps="a training loss; HuberRegressor scales residuals and has epsilon 1.35",
        ),
    },
    "smooth_l1": {"pytorch": _torch("smooth_l1_loss", params={"beta": 1.0}, gaps="Huber(delta = beta) / beta")},
    "log_cosh": {"keras": _keras("LogCosh"), "optax": _optax("log_cosh", gaps=_NO_MEAN)},
    "quantile": {
        "sklearn": _sklearn("mean_pinball_loss", params={"tau": 0.5}, gaps="tau is called alpha (quantile in models)")
    },
    "gaussian_nll": {
        "pytorch": _torch(
            "gaussian_nll_loss",
            params={"full": False, "eps": 1e-6},
            gaps="the gradient passes through the variance clamp as if it were not there",
        )
    },
    "poisson_nll": {
        "pytorch": _torch(
            "poisson_nll_loss", params={"full": False, "eps": 1e-8}, form="log_rate", forms=("log_rate", "rate")
        ),
        "keras": _keras("Poisson", params={"full": False, "eps": 1e-7}, form="rate", forms=("rate",)),
    },
    "binary_cross_entropy": {
        "pytorch": _torch(
            "binary_cross_entropy_with_logits (binary_cross_entropy on probabilities)",
            params={"clamp": TORCH_CLAMP},
            forms=_BOTH,
            functions={
                "torch.nn.functional.binary_cross_entropy_with_logits": "logits",
                "torch.nn.functional.binary_cross_entropy": "probabilities",
            },
            gaps="on logits, confident negatives lose digits: 0 at z = -37 where 8.5e-17 is exact",
        ),
        "keras": _keras(
            "BinaryCrossentropy",
            params={"clamp": KERAS_CLAMP},
            form="probabilities",
            forms=_BOTH,
            gaps=f"{_KERAS_MEAN}; from_logits on the NumPy backend takes a sigmoid and clips",
        ),
        "optax": _optax("sigmoid_binary_cross_entropy", form="logits", forms=("logits",), gaps=_NO_MEAN),
        "sklearn": _sklearn(
            "log_loss", params={"clamp": SKLEARN_CLAMP}, form="probabilities", forms=("probabilities",)
        ),
        "transformers": Convention(
            "BCEWithLogitsLoss of a multi-label head", form="logits", forms=("logits",), gaps="labels as floats"
        ),
    },
    "cross_entropy": {
        "pytorch": _torch(
            "cross_entropy",
            "weighted_mean",
            params={"ignore_index": -100, "class_axis": 1},
            form="logits",
            forms=("logits",),
            gaps="all targets ignored gives NaN; with probability targets the mean divides by N",
        ),
        "keras": _keras(
            "SparseCategoricalCrossentropy (CategoricalCrossentropy on one-hot or soft targets)",
            params={"clamp": KERAS_CLAMP, "normalize_probabilities": True},
            form="probabilities",
            forms=_BOTH,
            functions={
                "keras.losses.SparseCategoricalCrossentropy": None,
                "keras.losses.CategoricalCrossentropy": None,
            },
            gaps=f"rows are rescaled to sum to 1, then clipped; {_KERAS_MEAN}; everything ignored gives 0",
        ),
        "optax": _optax("softmax_cross_entropy_with_integer_labels", form="logits", forms=("logits",), gaps=_NO_MEAN),
        "sklearn": _sklearn(
            "log_loss",
            params={"clamp": SKLEARN_CLAMP, "normalize_probabilities": False},
            form="probabilities",
            forms=("probabilities",),
            gaps="rows that do not sum to 1 are used as they are, with a warning",
        ),
        "transformers": Convention(
            "ForCausalLMLoss and classification heads",
            params={"ignore_index": -100},
            form="logits",
            forms=("logits",),
            gaps="causal models shift labels by one inside: shifted labels are shifted twice; upcast to float32 only",
        ),
    },
    "nll": {
        "pytorch": _torch(
            "nll_loss",
            "weighted_mean",
            params={"ignore_index": -100, "class_axis": 1},
            form="log_probabilities",
            forms=("log_probabilities",),
            gaps="does not check that the inputs are log-probabilities",
        )
    },
    "hinge": {
        "keras": _keras("Hinge", gaps="0/1 labels are silently recoded to -1/+1"),
        "optax": _optax("hinge_loss", gaps=f"0/1 labels are not recoded; {_NO_MEAN}"),
        "sklearn": _sklearn("hinge_loss", gaps="the smaller label becomes -1, also when it is the only one"),
    },
    "multiclass_hinge": {
        "pytorch": _torch(
            "multi_margin_loss",
            params={"variant": "weston_watkins", "average_over_classes": True},
            gaps="its weight divides by N, unlike cross_entropy's",
        ),
        "keras": _keras("CategoricalHinge", params={"variant": "keras_categorical"}, gaps="one-hot targets"),
        "optax": _optax("multiclass_hinge_loss", params={"variant": "crammer_singer"}, gaps=_NO_MEAN),
        "sklearn": _sklearn("hinge_loss", params={"variant": "crammer_singer"}),
    },
    "focal": {
        "pytorch": Convention(
            "torchvision.ops.sigmoid_focal_loss",
            "none",
            {"alpha": 0.25, "gamma": 2.0},
            "logits",
            ("logits",),
            gaps="alpha is applied by default; NaN gradients for gamma < 1 once 1 - p_t underflows",
        ),
        "keras": _keras(
            "BinaryFocalCrossentropy",
            params={"alpha": None, "gamma": 2.0, "clamp": KERAS_CLAMP},
            form="probabilities",
            forms=_BOTH,
            gaps="alpha 0.25 acts only with apply_class_balancing; the categorical form applies it to every class",
        ),
        "optax": _optax(
            "sigmoid_focal_loss",
            params={"alpha": None, "gamma": 2.0},
            form="logits",
            forms=("logits",),
            gaps=_NO_MEAN,
        ),
    },
    "kl_divergence": {
        "pytorch": _torch(
            "kl_div",
            "element_mean",
            form="log_probabilities",
            forms=("log_probabilities",),
            gaps="the mean divides by every element, which is not the KL; batchmean is",
        ),
        "keras": _keras(
            "KLDivergence",
            params={"clamp": KERAS_CLAMP},
            form="probabilities",
            forms=("probabilities",),
            gaps="prediction and target are both clipped",
        ),
        "optax": _optax("kl_divergence", form="log_probabilities", forms=("log_probabilities",), gaps=_NO_MEAN),
    },
    "triplet": {
        "pytorch": _torch(
            "triplet_margin_loss", params={"margin": 1.0, "p": 2.0, "eps": 1e-6, "eps_placement": "difference"}
        ),
        "optax": _optax(
            "triplet_margin_loss",
            params={"margin": 1.0, "p": 2.0, "eps": 1e-6, "eps_placement": "sum"},
            gaps=f"no absolute value under odd p; no swap; {_NO_MEAN}",
        ),
    },
    "infonce": {
        "optax": _optax(
            "ntxent",
            "mean",
            params={"variant": "ntxent", "temperature": 0.07, "normalize": True},
            gaps="returns a mean",
        )
    },
    "ppo_clip": {
        "trl": Convention(
            "trl.experimental.ppo",
            params={
                "clip_range": 0.2,
                "vf_coef": 0.1,
                "value_clip_range": 0.2,
                "value_clip_mode": "max",
                "value_loss_scale": 0.5,
            },
            gaps="the KL enters the reward, not the loss",
        )
    },
    "dpo": {
        "trl": Convention(
            "trl.DPOTrainer",
            params={"variant": "sigmoid", "beta": 0.1, "label_smoothing": 0.0},
            gaps="label_smoothing is ignored for sigmoid from 0.29.0 on; ipo averages log-probabilities per token",
        )
    },
    "bradley_terry": {"trl": Convention("trl.RewardTrainer", params={"center_coef": None})},
}
