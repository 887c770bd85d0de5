"""optax's losses: arrays that the caller reduces, without weights, in one input form each."""

from typing import Any

from mlquote.losses.families import classification, contrastive, distribution, similarity
from mlquote.losses.frameworks.alignments import blank_among_labels, held_ctc
from mlquote.losses.frameworks.departures import (
    classes_of_a_mask,
    doubled_smooth,
    held_lengths,
    last_is_minus_one,
    log_target_product,
    no_direction,
    number_hinge,
    one_dice_a_row,
    optax_triplet,
    rare_first,
    soft_focal,
    softmax_tversky,
    zero_times_infinity,
)
from mlquote.losses.frameworks.function import Function, Module, hard_targets, own, soft_targets
from mlquote.losses.loss import Batch, Kernel, Loss, Reader

VERSION = "optax 0.2.8"
ARRAY = "returns one value per example: the caller reduces"
AS_IS = {"normalize_probabilities": False}


def _labels(batch: Batch, reader: Reader) -> Batch:
    """Labels are numbers: any will do."""
    return batch


def _dice(kernel: Kernel) -> Loss:
    """A Dice loss of softmax classes, Tversky's weights among its parameters."""
    return own("dice", forms=("logits",), params=own("tversky").params, kernel=kernel, align=classes_of_a_mask)


def _optax(function: str, base: str, **rest: Any) -> Function:
    rest.setdefault("loss", own(base))
    rest.setdefault("reduction", "none")
    rest["differs"] = "; ".join(filter(None, (rest.get("differs", ""), ARRAY if rest["reduction"] == "none" else "")))
    return Function(framework="optax", spelling=f"optax.losses.{function}", **rest)


FUNCTIONS = (
    _optax("squared_error", "mse", differs="optax.losses.l2_loss is half of it"),
    _optax("l2_loss", "mse", fixed={"scale": 0.5}, by_name=True, differs="carries a factor 1/2"),
    _optax("huber_loss", "huber", has={"delta": 1.0}),
    _optax("log_cosh", "log_cosh"),
    _optax(
        "sigmoid_binary_cross_entropy",
        "binary_cross_entropy",
        loss=own("binary_cross_entropy", forms=("logits",)),
        form="logits",
    ),
    _optax(
        "softmax_cross_entropy_with_integer_labels",
        "cross_entropy",
        loss=own("cross_entropy", forms=("logits",), align=last_is_minus_one),
        has={"class_axis": -1},
        form="logits",
        when=hard_targets,
        differs="a label of -1 is the last class",
    ),
    _optax(
        "softmax_cross_entropy",
        "cross_entropy",
        loss=own("cross_entropy", forms=("logits",), kernel=zero_times_infinity(classification.cross_entropy)),
        has={"class_axis": -1},
        fixed=AS_IS,
        form="logits",
        when=soft_targets,
        differs="0 x -Infinity is NaN; labels need not sum to 1",
    ),
    _optax(
        "safe_softmax_cross_entropy",
        "cross_entropy",
        loss=own("cross_entropy", forms=("logits",)),
        fixed=AS_IS,
        form="logits",
        when=soft_targets,
        by_name=True,
        differs="0 x -Infinity is 0, the limit; labels need not sum to 1",
    ),
    _optax(
        "hinge_loss",
        "hinge",
        loss=own("hinge", kernel=number_hinge, prepare=_labels),
        differs="labels are numbers: 0/1 is not recoded",
    ),
    _optax(
        "multiclass_hinge_loss",
        "multiclass_hinge",
        fixed={"variant": "crammer_singer"},
        loss=own("multiclass_hinge", align=last_is_minus_one),
    ),
    _optax(
        "sigmoid_focal_loss",
        "focal",
        loss=own("focal", forms=("logits",), kernel=soft_focal),
        has={"alpha": None, "gamma": 2.0},
        fixed={"kind": "binary"},
        form="logits",
        differs="soft labels are taken",
    ),
    _optax(
        "kl_divergence",
        "kl_divergence",
        loss=own("kl_divergence", forms=("log_probabilities",), kernel=log_target_product(distribution.kl_divergence)),
        has={"target_form": "probabilities"},
        fixed=AS_IS,
        form="log_probabilities",
        differs="kl_divergence_with_log_targets takes log-targets, of which -Infinity gives NaN",
    ),
    _optax(
        "kl_divergence_with_log_targets",
        "kl_divergence",
        loss=own("kl_divergence", forms=("log_probabilities",), kernel=log_target_product(distribution.kl_divergence)),
        fixed={**AS_IS, "target_form": "log_probabilities"},
        form="log_probabilities",
        by_name=True,
        differs="takes log-targets, of which -Infinity gives NaN",
    ),
    _optax(
        "triplet_margin_loss",
        "triplet",
        loss=own("triplet", kernel=optax_triplet),
        has={"margin": 1.0, "p": 2.0, "eps": 1e-6},
        fixed={"eps_placement": "sum"},
        differs="no absolute value: odd p may cancel or give NaN",
    ),
    _optax(
        "ntxent",
        "infonce",
        loss=own("infonce", kernel=held_lengths(contrastive.infonce)),
        has={"temperature": 0.07},
        fixed={"variant": "ntxent", "normalize": True},
        reduction="mean",
        differs="returns a mean; lengths are at least 1.5e-8, so an embedding of zeros has cosine 0 and a steep slope",
    ),
    _optax(
        "cosine_similarity",
        "cosine_similarity",
        loss=own("cosine_similarity", kernel=no_direction(similarity.cosine_similarity)),
        has={"form": "similarity", "epsilon": 0.0},
        differs="the cosine itself; NaN for a vector of length 0 unless epsilon is above 0",
    ),
    _optax(
        "cosine_distance",
        "cosine_similarity",
        loss=own("cosine_similarity", kernel=no_direction(similarity.cosine_similarity)),
        has={"epsilon": 0.0},
        fixed={"form": "distance"},
        by_name=True,
    ),
    _optax("perceptron_loss", "perceptron"),
    _optax("sparsemax_loss", "sparsemax", form="logits"),
    _optax(
        "poly_loss_cross_entropy",
        "poly_cross_entropy",
        has={"epsilon": 2.0, "class_axis": -1},
        form="logits",
    ),
    _optax(
        "ranking_softmax_loss",
        "listnet",
        fixed={"relevance": "weights"},
        reduction="mean",
        nothing_left="zero",
        differs="returns a mean",
    ),
    _optax(
        "ctc_loss",
        "ctc",
        also=("optax.losses.ctc_loss_with_forward_probs",),
        loss=own("ctc", forms=("logits",), kernel=held_ctc, align=blank_among_labels),
        has={"blank": 0},
        form="logits",
        differs="labels that do not fit cost about 1e5; the blank among the labels is a label; "
        "ctc_loss_with_forward_probs returns the forward probabilities too",
    ),
    _optax(
        "generalized_kl_divergence",
        "generalized_kl",
        also=("optax.losses.convex_kl_divergence",),
    ),
    _optax(
        "multiclass_perceptron_loss",
        "multiclass_hinge",
        fixed={"variant": "crammer_singer", "margin": 0.0},
        by_name=True,
        differs="the largest score less the target's: a hinge without margin",
    ),
    _optax("multiclass_sparsemax_loss", "multiclass_sparsemax", form="logits"),
    _optax(
        "binary_dice_loss",
        "dice",
        loss=own("dice", forms=("logits",), align=one_dice_a_row),
        has={"smooth": 1.0},
        fixed={"eps": 1e-300},
        form="logits",
        settle=doubled_smooth,
        differs="one value a row; smooth counts twice, as both sums are halved",
    ),
    _optax(
        "dice_loss",
        "dice",
        loss=_dice(softmax_tversky),
        has={"alpha": 0.5, "beta": 0.5, "smooth": 1.0},
        form="logits",
        by_name=True,
        differs="a softmax over the last axis, one index a row and class over the axes between, averaged over classes",
    ),
    _optax(
        "multiclass_generalized_dice_loss",
        "dice",
        loss=_dice(rare_first),
        has={"smooth": 1.0},
        form="logits",
        reduction="mean",
        by_name=True,
        differs="as dice_loss, each class weighed by one over its squared size in the batch; returns a mean",
    ),
)
MODULE = Module("optax", VERSION, FUNCTIONS)
