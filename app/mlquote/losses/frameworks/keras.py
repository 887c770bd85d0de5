"""Keras's losses: rows averaged before anything is reduced, weights multiplied in, 0 for nothing left."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlquote.losses.frameworks.alignments import counted_labels, held_ctc
from mlquote.losses.frameworks.departures import (
    keras_binary_focal,
    keras_categorical_focal,
    keras_categorical_hinge,
    number_hinge,
    recode_binary,
    row_mean,
)
from mlquote.losses.frameworks.function import (
    EXAMPLES,
    Function,
    Module,
    Outline,
    hard_targets,
    of_kind,
    own,
    soft_targets,
)
from mlquote.losses.loss import Folding, Loss, Params, Reader
from mlquote.losses.registry import SMOOTHING

VERSION = "keras 3.15.1"
CLIP = {"kind": "prob_eps", "value": 1e-7}
BOTH = ("logits", "probabilities")
WORDS: Mapping[str, str] = {"mean": "mean"}
ROWS = "averages the last axis first, so per_example has one value a row and sum adds the rows' means"


def _rows(loss: Loss) -> Loss:
    """A loss of elements as one of rows."""
    return replace(loss, folding=Folding.ROWS, kernel=row_mean(loss.kernel))


def _keras(name: str, function: str, base: str, **rest: Any) -> Function:
    """A class that reduces, its weights broadcast as Keras does; rows are averaged unless the loss is given."""
    rest.setdefault("loss", _rows(own(base)))
    rest.setdefault("differs", ROWS)
    return Function(
        framework="keras",
        spelling=f"keras.losses.{name}",
        also=tuple(f"keras.losses.{each}" for each in function.split()),
        weights=EXAMPLES,
        words=WORDS,
        nothing_left="zero",
        broadcasts_weights=True,
        **rest,
    )


def _linear(asked: Outline) -> bool:
    return asked.params.get("power", 1) == 1


def _exchanged(params: Params, reader: Reader) -> Params:
    """Keras's alpha and beta stand for each other's errors."""
    return {**params, "alpha": params["beta"], "beta": params["alpha"]}


FUNCTIONS = (
    _keras("MeanSquaredError", "mean_squared_error mse", "mse"),
    _keras("MeanAbsoluteError", "mean_absolute_error mae", "mae"),
    _keras("Huber", "huber", "huber", has={"delta": 1.0}),
    _keras("LogCosh", "log_cosh logcosh", "log_cosh"),
    _keras(
        "Poisson",
        "poisson",
        "poisson_nll",
        loss=_rows(own("poisson_nll", forms=("rate",))),
        fixed={"eps": 1e-7},
        form="rate",
        differs=f"takes rates, not their logarithms; {ROWS}",
    ),
    _keras(
        "BinaryCrossentropy",
        "binary_crossentropy",
        "binary_cross_entropy",
        has={"label_smoothing": 0.0},
        fixed={"clamp": CLIP},
        form="probabilities",
        differs=f"p is clipped to [1e-7, 1 - 1e-7]; {ROWS}",
    ),
    _keras(
        "SparseCategoricalCrossentropy",
        "sparse_categorical_crossentropy",
        "cross_entropy",
        loss=own("cross_entropy", forms=BOTH),
        has={"ignore_index": None, "class_axis": -1},
        fixed={"clamp": CLIP, "normalize_probabilities": True},
        form="probabilities",
        when=hard_targets,
        differs="rows are rescaled to sum to 1, then clipped; everything ignored gives 0",
    ),
    _keras(
        "CategoricalCrossentropy",
        "categorical_crossentropy",
        "cross_entropy",
        loss=own("cross_entropy", forms=BOTH),
        has={"label_smoothing": 0.0, "class_axis": -1},
        fixed={"clamp": CLIP, "normalize_probabilities": True},
        form="probabilities",
        when=soft_targets,
        differs="rows are rescaled to sum to 1, then clipped; one-hot or soft targets",
    ),
    _keras(
        "Hinge",
        "hinge",
        "hinge",
        loss=_rows(own("hinge", kernel=number_hinge, prepare=recode_binary)),
        tells=frozenset({"label_encoding"}),
        when=_linear,
        differs=f"labels that are all 0 or 1 are recoded to -1 or +1, others are numbers; {ROWS}",
    ),
    _keras(
        "SquaredHinge",
        "squared_hinge",
        "hinge",
        loss=_rows(own("hinge", kernel=number_hinge, prepare=recode_binary)),
        fixed={"power": 2},
        tells=frozenset({"label_encoding"}),
        differs=f"labels that are all 0 or 1 are recoded to -1 or +1, others are numbers; {ROWS}",
    ),
    _keras(
        "CategoricalHinge",
        "categorical_hinge",
        "multiclass_hinge",
        loss=own("multiclass_hinge", kernel=keras_categorical_hinge, soft=True),
        fixed={"variant": "keras_categorical"},
        differs="a 0 stands among the rival scores; one-hot targets (class indices are read as such)",
    ),
    _keras(
        "BinaryFocalCrossentropy",
        "binary_focal_crossentropy",
        "focal",
        loss=_rows(own("focal", kernel=keras_binary_focal, params=(*own("focal").params, SMOOTHING))),
        has={"alpha": None, "gamma": 2.0, "label_smoothing": 0.0},
        fixed={"kind": "binary", "clamp": CLIP},
        form="probabilities",
        when=of_kind("binary"),
        differs=f"alpha acts only with apply_class_balancing: giving it here says so; soft labels are taken; {ROWS}",
    ),
    _keras(
        "CategoricalFocalCrossentropy",
        "categorical_focal_crossentropy",
        "focal",
        loss=own(
            "focal",
            kernel=keras_categorical_focal,
            folding=Folding.CLASSES,
            params=(*own("focal").params, SMOOTHING),
            soft=True,
        ),
        has={"alpha": 0.25, "gamma": 2.0, "label_smoothing": 0.0, "class_axis": -1},
        fixed={"kind": "categorical", "clamp": CLIP, "normalize_probabilities": True},
        form="probabilities",
        when=of_kind("categorical"),
        differs="alpha 0.25 multiplies every class; rows are rescaled and clipped; one-hot or soft targets",
    ),
    _keras(
        "KLDivergence",
        "kl_divergence",
        "kl_divergence",
        loss=own("kl_divergence", forms=("probabilities",)),
        fixed={"clamp": CLIP, "normalize_probabilities": False},
        form="probabilities",
        differs="prediction and target are both clipped to [1e-7, 1]; rows are not rescaled",
    ),
    _keras(
        "CosineSimilarity",
        "cosine_similarity",
        "cosine_similarity",
        loss=own("cosine_similarity"),
        fixed={"form": "negative"},
        differs="minus the cosine; 0 for a vector of length 0",
    ),
    _keras("MeanAbsolutePercentageError", "mean_absolute_percentage_error mape", "mape", fixed={"eps": 1e-7}),
    _keras("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error msle", "msle", fixed={"floor": 1e-7}),
    _keras(
        "Dice",
        "dice",
        "dice",
        loss=own("dice", forms=("probabilities",)),
        has={"axis": None},
        form="probabilities",
        differs="over all entries unless axis; 1e-7 below only",
    ),
    _keras(
        "Tversky",
        "tversky",
        "tversky",
        loss=own("tversky", forms=("probabilities",)),
        has={"alpha": 0.5, "beta": 0.5, "axis": None},
        form="probabilities",
        settle=_exchanged,
        exchanged=frozenset({"alpha", "beta"}),
        differs="its alpha weighs missed positives, its beta false alarms",
    ),
    _keras(
        "CTC",
        "ctc",
        "ctc",
        loss=own(
            "ctc",
            forms=("logits",),
            kernel=held_ctc,
            align=counted_labels,
            targets=("labels",),
            optional=frozenset[str](),
        ),
        form="logits",
        differs="blank 0; as many labels are read, from the first on, as are not 0, and a 0 among those is a label; "
        "labels that do not fit cost about 1e5",
    ),
    _keras("Circle", "circle", "circle", loss=own("circle"), has={"gamma": 80.0, "margin": 0.4}, differs=""),
    _keras(
        "CategoricalGeneralizedCrossEntropy",
        "categorical_generalized_cross_entropy",
        "generalized_cross_entropy",
        loss=own("generalized_cross_entropy", forms=("probabilities",)),
        has={"q": 0.5},
        form="probabilities",
        differs="",
    ),
)
MODULE = Module("keras", VERSION, FUNCTIONS)
