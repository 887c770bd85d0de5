"""exp and log of many numbers, and the two cross-entropies, compiled where a C compiler was there at installation.

NumPy has vector instructions for them only on processors with AVX-512; elsewhere one number takes as long as four here.
Without the library, for few numbers, and for arrays that do not lie in one piece, NumPy's own are used; both are right
to 1 unit in the last place.
"""

import ctypes
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Compiled = Callable[..., Any]

LIBRARY = "libelementary.so"
FEWEST = 2048
"""Below this many numbers a call into the library costs more than it saves."""


def _compiled(name: str, *takes: Any) -> Compiled | None:
    """A function of the library, which lets other threads go on meanwhile; None where there is no such library."""
    try:
        found = getattr(ctypes.CDLL(str(files("mlquote.losses") / LIBRARY)), name)
    except (OSError, AttributeError):
        return None
    found.argtypes = takes
    function: Compiled = found
    return function


_AT, _SIZE, _BYTES = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char * 0
_exp, _log = _compiled("vector_exp", _AT, _AT, _SIZE), _compiled("vector_log", _AT, _AT, _SIZE)
_rows = _compiled("cross_entropy_rows", _AT, _AT, _AT, ctypes.c_double, _AT, _AT, _SIZE, _SIZE)
_labels = _compiled("softplus_of_labels", _AT, _AT, ctypes.c_double, _AT, _AT, _SIZE)


def exp(x: Numbers, out: Numbers) -> Numbers:
    """exp(x) written into `out`, which may be x itself."""
    return _applied(_exp, np.exp, x, out)


def log(x: Numbers, out: Numbers) -> Numbers:
    """The natural logarithm of x written into `out`, which may be x itself."""
    return _applied(_log, np.log, x, out)


def _applied(compiled: Compiled | None, plain: Any, x: Numbers, out: Numbers) -> Numbers:
    if compiled is None or x.size < FEWEST or not (_is_plain(x) and _is_plain(out)) or x.shape != out.shape:
        found: Numbers = plain(x, out=out)
        return found
    compiled(_at(x), _at(out), x.size)
    return out


def cross_entropy_rows(
    z: Numbers, labels: NDArray[np.int64], gradient: Numbers | None, weights: Numbers | None, scale: float
) -> Numbers | None:
    """-log softmax of each row of logits at its label; into `gradient` scale x weight x (softmax - onehot).

    None where that is not compiled, or a row has no largest logit.
    """
    values = np.empty(len(z))
    arrays = [each for each in (z, gradient, weights) if each is not None]
    if _rows is None or not all(map(_is_plain, arrays)) or not labels.flags.c_contiguous:
        return None
    found = _rows(_at(z), _at(labels), _at(weights), scale, _at(values), _at(gradient), *z.shape)
    return values if found else None


def softplus_of_labels(z: Numbers, y: Numbers, values: Numbers, gradient: Numbers | None, scale: float) -> bool:
    """softplus of z (1 - 2y) into `values`, and into `gradient` scale x its slope in z.

    False where that is not compiled, or some y is neither 0 nor 1: what was written means nothing then.
    """
    arrays = [z, y, values] if gradient is None else [z, y, values, gradient]
    if _labels is None or not all(map(_is_plain, arrays)):
        return False
    return bool(_labels(_at(z), _at(y), scale, _at(values), _at(gradient), z.size))


def _at(x: NDArray[Any] | None) -> Any:
    """Where an array begins, as the library's functions take it; the array's own word for it takes five times that."""
    if x is None or not x.flags.writeable:
        return None if x is None else x.ctypes.data
    return _BYTES.from_buffer(x.data)


def _is_plain(x: Numbers) -> bool:
    """Whether its numbers are native float64 in one piece."""
    return x.flags.c_contiguous and x.flags.aligned and x.dtype == np.float64
