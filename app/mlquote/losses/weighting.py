"""What an example or a class counts for: balanced and effective-number class weights."""

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.labels import names_and_places
from mlquote.losses.reading import Answer, Array, Body, Reader

SCHEMES = ("balanced", "effective_number", "custom")


def balanced_weights(counts: NDArray[np.int64]) -> Array:
    """Weights inverse to class frequency, whose total over the data is N.

        w_c = N / (K n_c)

    Args:    counts, examples of each class that occurs, shape [K], all > 0
    Returns: shape [K]
    Source:  King and Zeng, Logistic regression in rare events data (2001); scikit-learn's class_weight "balanced"
    """
    weights: Array = counts.sum() / (len(counts) * counts.astype(np.float64))
    return weights


def effective_number_weights(counts: NDArray[np.int64], beta: float, *, normalize: bool) -> Array:
    """Weights inverse to the effective number of examples of a class.

        w_c = (1 - beta) / (1 - beta^n_c), scaled to sum to K with `normalize`

    Args:    counts, shape [K], all > 0; beta in [0, 1): 0 weighs all classes alike, towards 1 by inverse frequency
    Returns: shape [K]
    Source:  Cui et al., Class-balanced loss based on effective number of samples (2019), equation 6
    """
    weights: Array = (1.0 - beta) / -np.expm1(counts * np.log(beta)) if beta else np.ones(len(counts))
    return weights * (len(counts) / weights.sum()) if normalize else weights


@np.errstate(all="ignore")
def class_weights(body: Body) -> Answer:
    """Answer `{scheme, labels, ...}` with the weight of each class that occurs and of each example."""
    reader = Reader(body)
    scheme = reader.operation("scheme", SCHEMES)
    named = names_and_places(reader.raw("labels"))
    labels = reader.integers("labels") if named is None else named[1]
    beta = reader.number("beta", low=0.0, high=1.0, open_high=True) if scheme == "effective_number" else 0.0
    normalize = reader.flag("normalize", False) if scheme == "effective_number" else False
    custom = reader.object("weights") if scheme == "custom" else None
    if labels is not None and (labels.ndim != 1 or not labels.size):
        reader.refuse("labels", f"labels have shape {list(labels.shape)}", "a non-empty list of class labels")
    reader.finish()
    assert labels is not None  # finish raised otherwise
    classes, places, counts = np.unique(labels, return_inverse=True, return_counts=True)
    names = classes.tolist() if named is None else named[0]
    if custom is not None:
        weights = np.array([custom.number(str(name), low=0.0) for name in names])
        custom.finish()
    elif scheme == "balanced":
        weights = balanced_weights(counts)
    else:
        weights = effective_number_weights(counts, beta, normalize=normalize)
    return {
        "scheme": scheme,
        "classes": classes if named is None else names,
        "counts": counts,
        "weights": weights,
        "sample_weights": weights[places],
        "resolved": {"beta": beta, "normalize": normalize} if scheme == "effective_number" else {},
    }
