"""A part by figures of one's own: they take the place of a catalogue part's, or make up one that the catalogue lacks.

An `OwnPart` is asked for wherever a part is. What nobody gave stays unknown: it is refused or null, never invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from mlquote.catalog.rows import Accelerator, AcceleratorPeak
from mlquote.estimators.asking.question import Part, Positive, Usd, any_case
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.kit.provenance import Assumption, Warning

PeakDtype = Literal["fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "int8", "fp4"]
_Peak = Annotated[Positive, Field(ge=0.01, le=500_000)]
_Link = Annotated[Positive, Field(ge=0.1, le=1_000_000)]
_PRINTED = 80
"""Letters of an unknown part's name that are repeated."""


class AcceleratorFigures(Part):
    """Figures of your own accelerator, each optional: beside a name of the catalogue they take the place of its own."""

    memory_gb: Annotated[Positive, Field(ge=0.01, le=10_000)] | None = None
    """Memory as it is sold: GiB that are built in."""
    memory_gb_per_s: Annotated[Positive, Field(ge=1, le=30_000_000)] | None = None
    """Memory bandwidth, GB/s."""
    peak_tflop_per_s: dict[Annotated[PeakDtype, any_case], _Peak] | None = None
    """Dense rate of matrix products by dtype, TFLOP/s: {"bf16": 165, "fp8": 330}. Sparse rates are none."""
    tdp_w: Annotated[Positive, Field(ge=1, le=250_000)] | None = None
    """Rated power of one accelerator, W."""
    link_gb_per_s: _Link | None = None
    """Link to the others of its machine, GB/s, both directions; PCIe where there is none."""
    usd_per_hour: Annotated[Usd, Field(le=100_000)] | None = None
    """Rent of one for an hour; `usd_per_accelerator_hour` comes first."""
    purchase_usd: Annotated[Usd, Field(gt=0, le=10_000_000)] | None = None
    """What one costs to buy today: what an owner's hour loses in value follows from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart(Accelerator):
    """A part some of whose figures were given; `is_known` where the others are a catalogue part's."""

    own_peaks: tuple[AcceleratorPeak, ...]
    tdp_w: float | None
    purchase_usd: Decimal | None
    is_known: bool

    def __hash__(self) -> int:
        """By its id and what was given of it."""
        return hash((self.id, self.own_peaks, self.tdp_w, self.memory_gb, self.memory_bandwidth_gb_per_s))


def own_peaks(part: Accelerator) -> tuple[AcceleratorPeak, ...]:
    """Peaks that were given of a part: no rows of the catalogue."""
    return part.own_peaks if isinstance(part, OwnPart) else ()


def own_tdp_w(part: Accelerator) -> float | None:
    """Rated power that was given of a part."""
    return part.tdp_w if isinstance(part, OwnPart) else None


def own_purchase_usd(part: Accelerator) -> Decimal | None:
    """Price that was given of a part."""
    return part.purchase_usd if isinstance(part, OwnPart) else None


def is_unknown(part: Accelerator) -> bool:
    """The catalogue has no such part: nothing was ever measured on it."""
    return isinstance(part, OwnPart) and not part.is_known


def own_part(name: str, row: Accelerator | None, figures: AcceleratorFigures) -> OwnPart:
    """The part that the figures make.

    Args:    row: what the catalogue knows of it; None where it has no such part
    """
    cells: dict[str, Any] = {each.name: _BLANK.get(each.name, "") for each in fields(Accelerator)} | {"id": name}
    if row is not None:
        cells = {each.name: getattr(row, each.name) for each in fields(Accelerator)}
    given = {column: value for field, column in _COLUMNS if (value := getattr(figures, field)) is not None}
    peaks = tuple(_peak(cells["id"], dtype, rate) for dtype, rate in sorted((figures.peak_tflop_per_s or {}).items()))
    return OwnPart(
        **(cells | given), own_peaks=peaks, tdp_w=figures.tdp_w, purchase_usd=figures.purchase_usd,
        is_known=row is not None,
    )  # fmt: skip


def told_of(part: OwnPart, row: Accelerator | None, figures: AcceleratorFigures) -> tuple[Assumption, ...]:
    """Each figure that was given, and what of the catalogue's it stands for."""
    instead = {} if row is None else {field: getattr(row, column) for field, column in _COLUMNS}
    return tuple(
        Assumption(
            f"accelerator_figures.{name}", value, unit, basis="given",
            why=f"given; the catalogue has {instead[field]:g}" if instead.get(field) else "given in the question",
        )
        for field, name, value, unit in _given(figures)
    )  # fmt: skip


def said_of(part: OwnPart, name: str, figures: AcceleratorFigures) -> Warning:
    """That figures of one's own stand for a catalogue part's, or for a part it lacks."""
    names = ", ".join(each for _, each, _, _ in _given(figures)) or "nothing"
    if part.is_known:
        detail = f"accelerator_figures stand for what the catalogue has of {part.id}: {names}"
        return Warning("accelerator-figures-given", detail)
    detail = (
        f"{name[:_PRINTED]!r} is not in the catalogue: only accelerator_figures count ({names}); nothing was measured "
        "on such a part, and what is not given of it is unknown"
    )
    return Warning("accelerator-not-in-catalogue", detail)


def unused_figures(figures: AcceleratorFigures | None, used: dict[str, bool], why: dict[str, str]) -> Iterator[Warning]:
    """Said of each figure that was given and changes nothing.

    Args:    used: whether a figure counts (a peak by its dtype), of those that may not; why: it does not
    """
    for field, name, _, _ in _given(figures) if figures is not None else ():
        if not used.get(name, used.get(field, True)):
            yield Warning(NOT_USED, f"accelerator_figures.{name} changes nothing: {why[field]}")


_COLUMNS = (
    ("memory_gb", "memory_gb"), ("memory_gb_per_s", "memory_bandwidth_gb_per_s"),
    ("link_gb_per_s", "interconnect_gb_per_s"),
)  # fmt: skip
"""A figure, and the column of a part's row that it fills."""
_UNITS = {
    "memory_gb": "GB per accelerator", "memory_gb_per_s": "GB/s", "peak_tflop_per_s": "TFLOP/s", "tdp_w": "W",
    "link_gb_per_s": "GB/s, both directions", "usd_per_hour": "$/h", "purchase_usd": "$",
}  # fmt: skip
_BLANK: dict[str, Any] = dict.fromkeys(
    ("release_date", "memory_gb", "memory_bandwidth_gb_per_s", "interconnect_gb_per_s", "accelerators_per_node",
     "effective_from", "effective_to", "checked_on")
) | {"export": False, "status": "available"}  # fmt: skip


def _given(figures: AcceleratorFigures) -> Iterator[tuple[str, str, Any, str]]:
    """(field, its full name, value, unit) of every figure that was given, peaks one by one."""
    for field in AcceleratorFigures.model_fields:
        value = getattr(figures, field)
        if isinstance(value, dict):
            yield from ((field, f"{field}.{dtype}", rate, _UNITS[field]) for dtype, rate in sorted(value.items()))
        elif value is not None:
            yield field, field, value, _UNITS[field]


def _peak(part: str, dtype: str, tflop_per_s: float) -> AcceleratorPeak:
    return AcceleratorPeak(
        accelerator=part, dtype=cast("PeakDtype", dtype), unit_class="matrix", accumulate="fp32", sparsity="dense",
        claim="vendor", tflop_per_s=tflop_per_s, effective_from=None, effective_to=None, source_url="",
        checked_on=None, note="given",
    )  # fmt: skip
