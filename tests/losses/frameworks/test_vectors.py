"""Values and gradients made by the libraries themselves, in float64 (each line names the version it was run on)."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from mlquote.losses.uses.comparison import compare

PATH = Path(__file__).with_name("vectors.ndjson")
CASES = [json.loads(line) for line in PATH.read_text().splitlines()]
NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
KNOWN = [case for case in CASES if not set(case.get("tags", ())) & {"may_refuse", "pending"}]
"""Nonsense that a library answers all the same may be refused."""
COMPARED = [
    case
    for case in KNOWN
    if not {"reduction", "mask"} & case["request"].keys() and not {"spelling", "default_form"} & {*case.get("tags", ())}
]


def numbers(value: Any) -> Any:
    """Expected numbers as floats, infinities and NaN among them, null as NaN."""
    if isinstance(value, list):
        return np.array([numbers(each) for each in value])
    if value is None:
        return math.nan
    return NUMBERS.get(value, value) if isinstance(value, str) else float(value)


def agree(found: Any, wanted: Any, rtol: float) -> None:
    """Within rtol of the entry, or of a hundredth of the array's largest."""
    want, got = numbers(wanted), numbers(found.tolist() if isinstance(found, np.ndarray) else found)
    assert np.shape(got) == np.shape(want)
    finite = np.abs(want[np.isfinite(want)]) if np.ndim(want) else np.abs(np.array([want]))
    atol = 1e-14 + rtol * 1e-2 * (float(finite.max()) if finite.size and np.isfinite(finite).all() else 0.0)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol, equal_nan=True)


@pytest.mark.parametrize("case", KNOWN, ids=[case["id"] for case in KNOWN])
def test_a_convention_gives_what_the_library_gave(case: dict[str, Any]) -> None:
    request, expected, rtol = case["request"], case["expected"], case.get("rtol", 1e-7)
    if "error" in expected:
        with pytest.raises(OutOfDomain):
            evaluate(request)
        return
    answer = evaluate(request)
    if "cost" in expected:
        agree(answer["cost"], expected["cost"], rtol)
    if "per_example" in expected:
        sample = request.get("weights", {}).get("sample")
        try:
            agree(answer["per_example"], expected["per_example"], rtol)
        except AssertionError:
            if sample is None:
                raise
            agree(answer["per_example"] * np.array(sample), expected["per_example"], rtol)
    if "gradient" in expected:
        found = answer["gradient"]["predictions"]
        for name, slope in expected["gradient"].items() if isinstance(found, dict) else [("", expected["gradient"])]:
            got = numbers((found[name] if name else found).tolist())
            want = numbers(slope)
            lost = ~np.isfinite(want)  # an infinite or missing slope may be null
            agree(np.where(lost, 0.0, got), np.where(lost, 0.0, want).tolist(), max(rtol, 1e-6))


@pytest.mark.parametrize("case", COMPARED, ids=[case["id"] for case in COMPARED])
def test_a_comparison_gives_the_same_value(case: dict[str, Any]) -> None:
    body = {name: value for name, value in case["request"].items() if name not in {"convention", "gradient"}}
    expected = case["expected"]
    try:
        entries = {entry["framework"]: entry for entry in compare(body)["frameworks"]}
    except OutOfDomain:
        assert "error" in expected
        return
    value = entries.get(case["framework"], {"value": None})["value"]
    if "error" in expected:
        assert value is None
    elif "cost" in expected:
        agree(value, expected["cost"], 1e-7)
    else:
        agree(value, float(np.mean(numbers(expected["per_example"]))), 1e-7)
