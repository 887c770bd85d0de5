"""Sums of products a row at a time: BLAS starts threads of its own on long vectors, which then wait for each other.

A computation here is already spread over the threads it was given; a second set of them, spinning, costs more than it
brings, and under load many times more. Rows below a few thousand numbers stay on the calling thread.
"""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ROW = 4096
_ONES = np.ones(ROW)


def dot(x: Numbers, y: Numbers) -> float:
    """sum_i x_i y_i of two arrays of one shape."""
    if x.size <= ROW:
        return float(np.dot(x.reshape(-1), y.reshape(-1)))
    x, y = x.reshape(-1), y.reshape(-1)
    whole = x.size - x.size % ROW
    rows = np.vecdot(x[:whole].reshape(-1, ROW), y[:whole].reshape(-1, ROW))
    return float(np.add.reduce(rows)) + float(np.dot(x[whole:], y[whole:]))


def row_dots(x: Numbers, y: Numbers) -> Numbers:
    """sum_j x_ij y_ij of each row."""
    found: Numbers = np.vecdot(x, y)
    return found


def row_sums(x: Numbers) -> Numbers:
    """Each row's sum."""
    width = x.shape[1]
    found: Numbers = np.vecdot(x, _ONES[:width] if width <= ROW else np.ones(width))
    return found


FACTORS = 64
"""Numbers in [1, 2] multiplied before one logarithm is taken of them all: far below where float64 overflows."""


def sum_of_logs(x: Numbers) -> float:
    """sum_i log x_i of numbers in [1, 2], as the logarithms of products: the absolute error is that of x itself."""
    width = x.size // FACTORS
    whole = width * FACTORS
    products = np.multiply.reduce(x[:whole].reshape(FACTORS, width), axis=0)
    return float(np.add.reduce(np.log(products))) + float(np.add.reduce(np.log(x[whole:])))


def surely_finite(array: Numbers) -> bool:
    """Whether an array's sum of squares is finite, which proves every entry finite and is cheaper than testing each."""
    return math.isfinite(dot(array, array))
