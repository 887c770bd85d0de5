"""Does an answer agree with what was expected of it? Pass or fail, and where it differs most."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlquote.losses.reading import NON_FINITE, Answer, Array, Reader, as_array, as_number

COMPARABLE = ("cost", "objective", "penalty", "weighted_sum", "denominator", "per_example", "gradient")
"""What of an answer may be expected; a bare number is the cost."""
RTOL, ATOL = 1e-6, 1e-9


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected, by the answer's fields, and how near is near enough: |got - want| <= atol + rtol |want|."""

    wanted: Mapping[str, Any]
    rtol: float
    atol: float


def read_expected(reader: Reader) -> Expectation | None:
    """`expected` (a number, or an object of the answer's fields) and `tolerance` (relative, or {rtol, atol})."""
    given, tolerance = reader.raw("expected"), reader.raw("tolerance")
    if given is None:
        if tolerance is not None:
            reader.refuse("tolerance", "nothing is expected", "give expected beside it")
        return None
    rtol, atol = _tolerance(reader, tolerance)
    if not isinstance(given, Mapping):
        if as_number(given) is None:
            reader.refuse("expected", f"{given!r} is no number", "a number, the cost; or an object of figures")
        return Expectation({"cost": given}, rtol, atol)
    inner = Reader(given, "/expected", reader.faults)
    for name in COMPARABLE:
        inner.raw(name)
    inner.close()
    if given.get("gradient") is not None and not reader.body.get("gradient"):
        reader.refuse("expected/gradient", "no gradient is asked for", 'say "gradient": true')
    if not given:
        reader.refuse("expected", "nothing is expected", "cost, per_example, gradient ...")
    return Expectation(given, rtol, atol)


def _tolerance(reader: Reader, given: Any) -> tuple[float, float]:
    if isinstance(given, Mapping):
        inner = Reader(given, "/tolerance", reader.faults)
        found = inner.number("rtol", 0.0, low=0.0), inner.number("atol", 0.0, low=0.0)
        inner.close()
        return found
    return (RTOL if given is None else reader.number("tolerance", low=0.0)), ATOL


def judged(answer: Answer, expected: Expectation) -> Answer:
    """The verdict: how many numbers were compared and missed, and the one furthest beyond what is allowed."""
    compared = missed = 0
    worst: Answer | None = None
    for pointer, got, want in _pairs(answer, expected.wanted):
        allowed = expected.atol + expected.rtol * abs(want) if math.isfinite(want) else 0.0
        same = got == want or (math.isnan(got) and math.isnan(want))
        apart = 0.0 if same else abs(got - want)
        apart = math.inf if math.isnan(apart) else apart
        compared += 1
        missed += apart > allowed
        excess = apart / allowed if allowed else (math.inf if apart else 0.0)
        if worst is None or excess > worst["_excess"]:
            worst = {"pointer": pointer, "got": got, "expected": want, "difference": apart, "allowed": allowed}
            worst["_excess"] = excess
    if worst is not None:
        del worst["_excess"]
    return {
        "verdict": "fail" if missed or not compared else "pass",
        "comparison": {
            "compared": compared,
            "missed": missed,
            "worst": worst,
            "rtol": expected.rtol,
            "atol": expected.atol,
        },
    }


def _pairs(answer: Any, wanted: Any, pointer: str = "") -> Iterator[tuple[str, float, float]]:
    """Each expected number with what stands in its place: NaN where nothing does, or the shape is another."""
    if isinstance(wanted, Mapping):
        for name, want in wanted.items():
            part = answer
            if pointer == "/gradient" and isinstance(part, Mapping) and name not in part:
                part = part.get("predictions")
            yield from _pairs(part.get(name) if isinstance(part, Mapping) else None, want, f"{pointer}/{name}")
        return
    if pointer == "/gradient" and isinstance(answer, Mapping):
        answer = answer.get("predictions")
    want_array, got_array = _numbers(wanted), _numbers(answer)
    fits = got_array is not None and want_array is not None and got_array.shape == want_array.shape
    if want_array is None:
        yield pointer, math.nan if answer is not None else math.inf, math.inf if wanted is None else math.nan
        return
    for place in np.ndindex(want_array.shape):
        got = float(got_array[place]) if fits and got_array is not None else math.nan
        yield pointer + "".join(f"/{i}" for i in place), got, float(want_array[place])


def _numbers(value: Any) -> Array | None:
    """A number or nested lists as an array, the non-finite strings read."""
    if isinstance(value, str) and value in NON_FINITE:
        return np.array(NON_FINITE[value])
    if isinstance(value, int | float | np.generic) and not isinstance(value, bool):
        return np.array(float(value))
    if isinstance(value, np.ndarray):
        return value.astype(np.float64)
    return as_array(value, "", [], infinite="unchecked") if isinstance(value, list | tuple) else None
