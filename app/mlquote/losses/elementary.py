"""exp and log of many numbers, written into an array: compiled where a C compiler was there when this was installed.

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
Compiled = Callable[[int, int, int], None]

LIBRARY = "libelementary.so"
FEWEST = 2048
"""Below this many numbers a call into the library costs more than it saves."""


def _compiled(name: str) -> Compiled | None:
    """A function of the library, which lets other threads go on meanwhile; None where there is no such library."""
    try:
        found = getattr(ctypes.CDLL(str(files("mlquote.losses") / LIBRARY)), name)
    except (OSError, AttributeError):
        return None
    found.argtypes, found.restype = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t], None
    function: Compiled = found
    return function


_exp, _log = _compiled("vector_exp"), _compiled("vector_log")


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
    compiled(x.ctypes.data, out.ctypes.data, x.size)
    return out


def _is_plain(x: Numbers) -> bool:
    """Whether its numbers are native float64 in one piece."""
    return x.flags.c_contiguous and x.flags.aligned and x.dtype == np.float64
