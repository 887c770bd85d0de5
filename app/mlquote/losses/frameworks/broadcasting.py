"""Sample weights multiplied in as a framework multiplies them, where shapes differ from one weight an example."""

import math
from dataclasses import dataclass

import numpy as np

from mlquote.losses.reading import Array


@dataclass(frozen=True, slots=True)
class Multiplied:
    """What weights come to."""

    weights: Array
    """The factor of each example, shaped as the examples."""
    total: float
    """What a mean over the weights divides by: their sum before they are spread over the examples."""


def ranks_made_equal(shape: tuple[int, ...], sample: Array) -> tuple[tuple[int, ...], Array]:
    """The examples' shape and the weights after Keras has squeezed or added a last axis of 1."""
    if len(shape) == sample.ndim + 1 and shape[-1] == 1:
        return (shape, sample[:, None]) if sample.ndim == 1 else (shape[:-1], sample)
    if sample.ndim == len(shape) + 1 and sample.shape[-1] == 1:
        return ((*shape, 1), sample) if len(shape) == 1 else (shape, sample[..., 0])
    return shape, sample


def multiplied(sample: Array, shape: tuple[int, ...], *, averaged: bool) -> Multiplied | None:
    """Weights as Keras multiplies them with the values of the examples; None where their shapes do not go together.

    Ranks that differ by a last axis of 1 are made equal, then NumPy's broadcasting holds. Where the product has more
    entries than there are examples, an example's factor is the sum of the weights that meet it; a mean divides by the
    entries of the product.

    Args:   sample, the weights, any shape; shape, of the examples (rows, once the last axis is averaged)
            averaged, whether the reduction is a mean over the entries of the product
    Source: keras.src.losses.loss, squeeze_or_expand_to_same_rank and reduce_weighted_values
    """
    values, weights = ranks_made_equal(shape, sample)
    try:
        product = np.broadcast_shapes(values, weights.shape)
    except ValueError:
        return None
    padded = (1,) * (len(product) - len(values)) + values
    spread = tuple(axis for axis, size in enumerate(padded) if size == 1 and product[axis] != 1)
    factors = np.broadcast_to(weights, product).sum(axis=spread).reshape(shape)
    count, met = math.prod(product), math.prod(shape)
    if averaged and count:
        factors = factors * (met / count)
    return Multiplied(np.ascontiguousarray(factors), float(weights.sum()) if product else 1.0)


def alike_along_rows(sample: Array, shape: tuple[int, ...]) -> Array:
    """Weights repeated along a last axis that the examples do not have, as one weight an example; else as they are."""
    if sample.ndim == len(shape) + 1 and sample.shape[:-1] == shape and (sample == sample[..., :1]).all():
        return sample[..., 0]
    return sample
