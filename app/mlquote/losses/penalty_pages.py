"""The page of each penalty: what its docstring says, its fields, and how frameworks spell it."""

import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mlquote.losses.loss import docstring_parts
from mlquote.losses.reading import Answer
from mlquote.losses.regularizers import ALIASES, PENALTIES


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of a penalty beside its strength: what it is when absent, which values it takes, what it means."""

    name: str
    default: Any
    domain: str
    about: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """A framework's way of asking for a penalty, and which lambda it means here."""

    framework: str
    spelling: str
    means: str


NEEDED = "required"
THETA = Setting("theta", NEEDED, "array", "the coefficients; a model's own where it has one")
STRENGTH = Setting("lambda", NEEDED, ">= 0", "the penalty's strength")
EXCLUDE = Setting("exclude", [], "list of places of theta", "coefficients that are not penalised, such as an intercept")
SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    "l2": (Setting("half", True, "true | false", "lambda/2 sum theta^2 instead of lambda sum theta^2"), EXCLUDE),
    "l1": (EXCLUDE,),
    "elastic_net": (Setting("l1_ratio", NEEDED, ">= 0 and <= 1", "share of the absolute values"), EXCLUDE),
    "group_lasso": (
        Setting("groups", NEEDED, "lists of places of theta", "which coefficients are dropped together"),
        Setting("group_weight", "none", "none | sqrt_size", "what a group's length is multiplied with"),
    ),
    "spectral_norm": (Setting("squared", False, "true | false", "the square of the largest singular value"),),
    "nuclear_norm": (),
    "dropout_linear": (
        Setting("rate", NEEDED, ">= 0 and < 1", "share of the inputs dropped"),
        Setting("mean", True, "true | false", "over the rows"),
        Setting("X", NEEDED, "array [N, p]", "the inputs"),
    ),
}
"""What each penalty may be told beside its strength and theta."""
SPELLINGS: Mapping[str, tuple[Spelling, ...]] = {
    "l2": (
        Spelling("pytorch", "torch.optim.SGD(weight_decay=w)", "lambda w, half; coupled, so Adam scales it"),
        Spelling(
            "pytorch", "torch.optim.AdamW(weight_decay=w)", "decoupled: no penalty of any lambda; 0.01 by default"
        ),
        Spelling("keras", "keras.regularizers.L2(l2)", "lambda l2, half false; 0.01 by default"),
        Spelling("optax", "optax.add_decayed_weights(w)", "lambda w, half, before the optimiser; after it, decoupled"),
        Spelling("sklearn", "sklearn.linear_model.Ridge(alpha)", "lambda alpha, half false, beside the sum of squares"),
        Spelling("sklearn", "sklearn.linear_model.LogisticRegression(C)", "lambda 1/C, half, beside the sum of losses"),
    ),
    "l1": (
        Spelling("keras", "keras.regularizers.L1(l1)", "lambda l1; 0.01 by default"),
        Spelling("sklearn", "sklearn.linear_model.Lasso(alpha)", "lambda alpha, beside half the mean of squares"),
        Spelling("sklearn", "sklearn.linear_model.SGDClassifier(penalty='l1', alpha)", "lambda alpha"),
    ),
    "elastic_net": (
        Spelling("keras", "keras.regularizers.L1L2(l1, l2)", "lambda l1 + 2 l2, l1_ratio l1 / (l1 + 2 l2)"),
        Spelling("sklearn", "sklearn.linear_model.ElasticNet(alpha, l1_ratio)", "lambda alpha, the same l1_ratio"),
    ),
    "group_lasso": (),
    "spectral_norm": (
        Spelling("pytorch", "torch.nn.utils.parametrizations.spectral_norm", "no penalty: it divides by the norm"),
        Spelling("keras", "keras.layers.SpectralNormalization", "no penalty: it divides by the norm"),
        Spelling("pytorch", "torch.linalg.matrix_norm(theta, 2)", "the norm itself, to be added by hand"),
    ),
    "nuclear_norm": (
        Spelling("pytorch", "torch.linalg.matrix_norm(theta, 'nuc')", "the norm itself, to be added by hand"),
    ),
    "dropout_linear": (
        Spelling("pytorch", "torch.nn.Dropout(p)", "rate p on the inputs of a linear model with squared error"),
        Spelling("keras", "keras.layers.Dropout(rate)", "the same rate, likewise"),
    ),
}
"""How frameworks spell each penalty; none where no framework of ours has it."""


def catalogue() -> list[Answer]:
    """Every penalty with what its docstring says, its fields, and its names in frameworks."""
    return [
        {
            "name": name,
            "aliases": [alias for alias, meant in ALIASES.items() if meant == name],
            **docstring_parts(inspect.getdoc(form) or ""),
            "parameters": [
                {
                    "name": each.name,
                    "default": None if each.default is NEEDED else each.default,
                    "required": each.default is NEEDED,
                    "domain": each.domain,
                    "about": each.about,
                }
                for each in (STRENGTH, THETA, *SETTINGS[name])
            ],
            "frameworks": [asdict(each) for each in SPELLINGS[name]],
        }
        for name, form in PENALTIES.items()
    ]
