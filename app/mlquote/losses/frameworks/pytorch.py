"""PyTorch's functions and modules, and torchvision's focal loss."""

from collections.abc import Mapping
from typing import Any

from mlquote.losses.families import classification, distribution
from mlquote.losses.frameworks.alignments import blank_among_labels, torch_ctc
from mlquote.losses.frameworks.departures import (
    both_terms,
    held_cosine_embedding,
    kl_of_classes,
    log_target_product,
    overflowing_margin,
    soft_focal,
    through_clamp,
    torch_binary_cross_entropy,
    zero_times_infinity,
)
from mlquote.losses.frameworks.function import EXAMPLES, Function, Module, Outline, own
from mlquote.losses.loss import Folding, Params, Reader, nothing

VERSION = "torch 2.13.0, torchvision 0.28.0"
LOG_FLOOR = {"kind": "log_floor", "value": -100.0}
BY_WEIGHTS: Mapping[str, str] = {"mean": "weighted_mean"}
"""PyTorch's mean of a class-weighted loss, and of mse_loss and l1_loss with a weight, divides by the weights' sum."""
AS_IS = {"normalize_probabilities": False}
"""Rows need not sum to 1."""


def _lp(asked: Outline) -> bool:
    return asked.params.get("distance", "lp") == "lp"


def _torch(function: str, module: str, base: str, **rest: Any) -> Function:
    also = (f"torch.nn.{module}",) if module else ()
    rest.setdefault("loss", own(base))
    return Function(framework="pytorch", spelling=f"torch.nn.functional.{function}", also=also, **rest)


def _by_length_in_a_mean(params: Params, reader: Reader) -> Params:
    """CTC's mean is of values over their label lengths; its sum and its values are plain."""
    mean = reader.body.get("reduction") in {None, "mean"}
    return {**params, "divide_by_label_length": mean}


FUNCTIONS = (
    _torch(
        "mse_loss",
        "MSELoss",
        "mse",
        weights=EXAMPLES,
        reduction="weighted_mean",
        words=BY_WEIGHTS,
        differs="broadcasts (N,1) against (N,) to an N x N error, which is refused here",
    ),
    _torch("l1_loss", "L1Loss", "mae", weights=EXAMPLES, reduction="weighted_mean", words=BY_WEIGHTS),
    _torch(
        "huber_loss",
        "HuberLoss",
        "huber",
        has={"delta": 1.0},
        weights=EXAMPLES,
        differs="its weight divides by N, unlike mse_loss's",
    ),
    _torch("smooth_l1_loss", "SmoothL1Loss", "smooth_l1", has={"beta": 1.0}, differs="Huber(delta = beta) / beta"),
    _torch(
        "gaussian_nll_loss",
        "GaussianNLLLoss",
        "gaussian_nll",
        loss=own("gaussian_nll", kernel=through_clamp(distribution.gaussian_nll)),
        has={"full": False, "eps": 1e-6},
        differs="the gradient passes through the variance clamp as if it were not there",
    ),
    _torch(
        "poisson_nll_loss",
        "PoissonNLLLoss",
        "poisson_nll",
        has={"full": False, "eps": 1e-8},
        form="log_rate",
    ),
    _torch(
        "binary_cross_entropy_with_logits",
        "BCEWithLogitsLoss",
        "binary_cross_entropy",
        loss=own("binary_cross_entropy", forms=("logits",)),
        form="logits",
        form_said=True,
        weights=frozenset({"sample", "pos"}),
        differs="confident negatives lose digits: 0 at z = -37 where 8.5e-17 is exact (given exactly here)",
    ),
    _torch(
        "binary_cross_entropy",
        "BCELoss",
        "binary_cross_entropy",
        loss=own("binary_cross_entropy", forms=("probabilities",), kernel=torch_binary_cross_entropy),
        form="probabilities",
        form_said=True,
        fixed={"clamp": LOG_FLOOR},
        weights=EXAMPLES,
        differs="no logarithm falls below -100; the gradient there is (p - y) / 1e-12",
    ),
    _torch(
        "cross_entropy",
        "CrossEntropyLoss",
        "cross_entropy",
        loss=own("cross_entropy", forms=("logits",), kernel=zero_times_infinity(classification.cross_entropy)),
        has={"label_smoothing": 0.0, "ignore_index": -100, "class_axis": 1},
        fixed=AS_IS,
        form="logits",
        weights=frozenset({"class"}),
        reduction="weighted_mean",
        words=BY_WEIGHTS,
        differs="all ignored gives NaN (null); with probability targets the mean divides by N; 0 x -Infinity is NaN",
    ),
    _torch(
        "nll_loss",
        "NLLLoss",
        "nll",
        has={"ignore_index": -100, "class_axis": 1},
        form="log_probabilities",
        weights=frozenset({"class"}),
        reduction="weighted_mean",
        words=BY_WEIGHTS,
        differs="does not check that the inputs are log-probabilities",
    ),
    _torch(
        "multi_margin_loss",
        "MultiMarginLoss",
        "multiclass_hinge",
        has={"margin": 1.0, "power": 1},
        fixed={"variant": "weston_watkins", "average_over_classes": True},
        weights=frozenset({"class"}),
        differs="its weight divides by N, unlike cross_entropy's",
    ),
    _torch(
        "kl_div",
        "KLDivLoss",
        "kl_divergence",
        loss=own("kl_divergence", forms=("log_probabilities",), kernel=log_target_product(distribution.kl_divergence)),
        unreduced=own(
            "kl_divergence",
            forms=("log_probabilities",),
            kernel=kl_of_classes,
            folding=Folding.ELEMENTS,
            prepare=nothing,
        ),
        has={"target_form": "probabilities"},
        fixed=AS_IS,
        form="log_probabilities",
        reduction="element_mean",
        words={"mean": "element_mean"},
        differs="the mean divides by every element, which is not the KL; batchmean is; none is one value a class",
    ),
    _torch(
        "triplet_margin_loss",
        "TripletMarginLoss",
        "triplet",
        has={"margin": 1.0, "p": 2.0, "eps": 1e-6, "swap": False},
        fixed={"eps_placement": "difference"},
        when=_lp,
    ),
    _torch(
        "triplet_margin_with_distance_loss",
        "TripletMarginWithDistanceLoss",
        "triplet",
        has={"margin": 1.0, "distance": "lp", "swap": False},
        differs="takes any distance",
    ),
    Function(
        framework="pytorch",
        spelling="torchvision.ops.sigmoid_focal_loss",
        loss=own("focal", forms=("logits",), kernel=soft_focal),
        has={"alpha": 0.25, "gamma": 2.0},
        fixed={"kind": "binary"},
        form="logits",
        reduction="none",
        differs="alpha is applied by default; NaN gradients for gamma < 1 once 1 - p_t underflows; takes soft labels",
    ),
    _torch(
        "multilabel_soft_margin_loss",
        "MultiLabelSoftMarginLoss",
        "multilabel_soft_margin",
        weights=frozenset({"class"}),
        differs="averages over classes, then over rows",
    ),
    _torch("multilabel_margin_loss", "MultiLabelMarginLoss", "multilabel_margin"),
    _torch("soft_margin_loss", "SoftMarginLoss", "soft_margin", loss=own("soft_margin", kernel=overflowing_margin)),
    _torch(
        "hinge_embedding_loss",
        "HingeEmbeddingLoss",
        "hinge_embedding",
        loss=own("hinge_embedding", kernel=both_terms),
        has={"margin": 1.0},
        differs="a target that is neither 1 nor -1 adds both terms",
    ),
    _torch("margin_ranking_loss", "MarginRankingLoss", "margin_ranking", has={"margin": 0.0}),
    _torch(
        "cosine_embedding_loss",
        "CosineEmbeddingLoss",
        "cosine_embedding",
        loss=own("cosine_embedding", kernel=held_cosine_embedding),
        has={"margin": 0.0},
        differs="1e-12 is added to each squared length, so a vector of length 0 has a slope of up to 1e6",
    ),
    _torch(
        "ctc_loss",
        "CTCLoss",
        "ctc",
        loss=own("ctc", forms=("log_probabilities",), kernel=torch_ctc, align=blank_among_labels),
        has={"blank": 0, "zero_infinity": False},
        form="log_probabilities",
        settle=_by_length_in_a_mean,
        differs="the mean divides each value by its label length first; its gradient is that of the logits behind; "
        "the blank among the labels is a label",
    ),
    *(
        Function(
            framework="pytorch",
            spelling=f"torchvision.ops.{name}",
            loss=own(base),
            has={"eps": 1e-7},
            reduction="none",
        )
        for name, base in (
            ("generalized_box_iou_loss", "giou"),
            ("distance_box_iou_loss", "diou"),
            ("complete_box_iou_loss", "ciou"),
        )
    ),
)
MODULE = Module("pytorch", VERSION, FUNCTIONS)
