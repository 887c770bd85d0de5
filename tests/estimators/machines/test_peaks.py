"""Dense peaks: a sparse or measured rate is never one; a precision without a rate of its own counts at 16 bits."""

import pytest

from mlquote.estimators.machines.peaks import dense_peaks, peaks_of
from tests.estimators.hardware_sample import NOW, row, snapshot

CATALOG = snapshot(accelerators=[row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd")])
A1, X9 = (CATALOG.accelerator(name, NOW) for name in ("a1", "x9"))


def test_neither_sparse_nor_measured_rates_are_peaks() -> None:
    assert {dtype: peak.tflop_per_s for dtype, peak in dense_peaks(A1, CATALOG).items()} == {"bf16": 1000, "fp8": 2000}


@pytest.mark.parametrize(
    ("precision", "dtype", "tflop"), [("bf16", "bf16", 1000), ("fp8", "fp8", 2000), ("int4", "bf16", 1000)]
)
def test_the_peak_of_the_jobs_precision(precision: str, dtype: str, tflop: float) -> None:
    peaks = peaks_of(A1, precision, CATALOG).value
    assert peaks is not None
    assert (peaks.sixteen_bit, peaks.own, peaks.own_dtype) == (1e15, tflop * 1e12, dtype)


def test_a_part_without_published_peaks_has_none() -> None:
    assert peaks_of(X9, "bf16", CATALOG).value is None
