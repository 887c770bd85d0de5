"""Dense peak rates of an accelerator: what utilisation is counted against, and what serving computes in."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlquote.catalog.rows import Accelerator, AcceleratorPeak
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, warned
from mlquote.estimators.machines.own_part import own_peaks
from mlquote.kit.provenance import RowRef
from mlquote.kit.units import FLOP_PER_TFLOP

SIXTEEN_BIT = ("bf16", "fp16", "fp32")
"""What an MFU is counted against: the dense 16-bit rate; fp32 on parts older than that."""
_COMPUTED_AS = {"mxfp4": ("fp4",), "int4": ("fp4",), "tf32": ("tf32", "fp32")}
"""Formats that a part multiplies at another one's published rate, the likelier first."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """Dense rates of one accelerator in FLOP/s: the 16-bit one, and the one of the job's precision."""

    sixteen_bit: float
    own: float
    own_dtype: str
    rows: tuple[RowRef, ...]


def peaks_of(accelerator: Accelerator, precision: str, catalog: Snapshot) -> Finding[Peaks | None]:
    """The dense peaks an MFU may be counted against; a sparse rate is never one. None where none is published.

    Args:    precision: of the matrix products; bf16 means what the part has at 16 bits (fp16 on a V100), any other that
             it has no rate for is counted so too, with a warning (`precision-not-supported`): never at a faster one
    """
    return catalog.remembered(_peaks, (accelerator, precision))


def dense_peaks(accelerator: Accelerator, catalog: Snapshot) -> dict[str, AcceleratorPeak]:
    """dtype -> its dense peak: matrix units before vector ones, the vendor's figure before a derived one.

    Measured rates are no peaks, and a sparse rate is never one. A rate of one's own comes before all.
    """
    dense = [p for p in catalog.peaks(accelerator.id) if p.sparsity == "dense" and p.claim != "measured"]
    dense.sort(key=lambda p: (p.unit_class == "matrix", p.claim == "vendor", p.accumulate != "fp16"))
    return {p.dtype: p for p in (*dense, *own_peaks(accelerator))}


def peak_refs(rows: Iterable[AcceleratorPeak], catalog: Snapshot) -> tuple[RowRef, ...]:
    """The rows of peaks that are the catalogue's; a rate that was given has none."""
    held = (row for row in rows if row in catalog.peaks(row.accelerator))
    return tuple(dict.fromkeys(catalog.ref("accelerator_peaks", row) for row in held))


def _peaks(catalog: Snapshot, asked: tuple[Accelerator, str]) -> Finding[Peaks | None]:
    accelerator, precision = asked
    book = dense_peaks(accelerator, catalog)
    base = next((book[dtype] for dtype in SIXTEEN_BIT if dtype in book), None)
    if base is None:
        return Finding(None)
    named = _COMPUTED_AS.get(precision, (precision,))
    own = next((book[dtype] for dtype in named if dtype in book), base)
    rows = peak_refs((base, own), catalog)
    found = Finding(
        Peaks(base.tflop_per_s * FLOP_PER_TFLOP, own.tflop_per_s * FLOP_PER_TFLOP, own.dtype, rows), rows=rows
    )
    if own.dtype in (precision, named[0]) or precision == SIXTEEN_BIT[0]:
        return found
    detail = f"no rate of {accelerator.id} in {precision} is published: the run is counted in {own.dtype}, no faster"
    return warned(found, "precision-not-supported", detail)
