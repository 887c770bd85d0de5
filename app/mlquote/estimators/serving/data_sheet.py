"""An accelerator as its data sheet says it, read for the dtype in which weights are served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mlquote.catalog.rows import Accelerator, AcceleratorPeak
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.own_part import is_unknown
from mlquote.estimators.machines.peaks import SIXTEEN_BIT, dense_peaks, peak_refs
from mlquote.estimators.serving.engine_memory import EngineMemory
from mlquote.formulas.serving.load import Chip
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_GB, FLOP_PER_TFLOP

EIGHT_BIT_FLOAT = frozenset(
    {"Ada", "Hopper", "Grace Hopper", "Blackwell", "Grace Blackwell", "Blackwell Ultra", "Grace Blackwell Ultra",
     "Rubin", "GB10", "Thor", "CDNA3", "CDNA4", "RDNA4"}
)  # fmt: skip
"""Generations that compute in fp8, at the rate of int8 where only that one is published."""
WEIGHT_ONLY_SINCE = EIGHT_BIT_FLOAT | {"Ampere", "Orin"}
"""Generations on which fp8 and fp4 weights are unpacked to 16 bits where the part does not compute in them
(Marlin kernels need compute capability 8.0)."""
INTEGERS = frozenset({"int8", "int4", "q4_k_m"})
"""Weights that every part with a 16-bit rate can unpack."""
USUAL_NODE = 8
"""Accelerators of a server, where a part does not say how many it stands with."""
POD = 9216
"""Chips that the links of a TPU pod reach (the largest, of v7)."""
DAWN = date(2015, 1, 1)
"""When a part came out that nobody dates."""
_SMALL_FLOATS = frozenset({"fp8", "fp4", "mxfp4"})
_NEVER_UNPACKED = frozenset({"fp64", "tf32"})


@dataclass(frozen=True, slots=True)
class DataSheet:
    """The figures of one accelerator that serving needs, for weights of one dtype."""

    accelerator: str
    """Its id."""
    vendor: str
    chip: Chip
    computes_in: str
    """The dtype in which products with these weights are computed."""
    link: Finding[float]
    """GB/s between accelerators, both directions; PCIe where the sheet names none."""
    network: Finding[float]
    """GB/s beyond the node, for each accelerator, one direction."""


def data_sheet_of(
    accelerator: Accelerator, weight_dtype: str, memory: EngineMemory | None, catalog: Snapshot, when: datetime
) -> Finding[DataSheet]:
    """The accelerator as it serves weights of this dtype, with the row of the peak it computes at.

    Raises:  OutOfDomain where a figure is not published, or the part cannot compute with such weights at all
    """
    link = None if accelerator.interconnect_gb_per_s else _pcie(catalog, when)
    return catalog.remembered(_data_sheet, (accelerator, weight_dtype, memory, link))


def _network(accelerator: Accelerator, catalog: Snapshot) -> Finding[float]:
    """The network of servers built when the part came out."""
    released = accelerator.release_date or DAWN
    row = catalog.default("network_gb_per_s", datetime(released.year, released.month, released.day, tzinfo=UTC))
    assert row.value is not None
    why = "the replica is wider than a node: what servers with such parts have beyond it"
    said = Assumption("network_gb_per_s", row.value, "GB/s", why=why, source_url=row.source_url)
    return Finding(row.value, (said,), (catalog.ref("defaults", row),))


def _pcie(catalog: Snapshot, when: datetime) -> Finding[float]:
    row = catalog.default("pcie_gb_per_s", when)
    assert row.value is not None
    why = "its sheet names no link between accelerators: PCIe, both directions"
    said = Assumption("interconnect_gb_per_s", row.value, "GB/s", why=why, source_url=row.source_url)
    return Finding(row.value, (said,), (catalog.ref("defaults", row),))


def _data_sheet(
    catalog: Snapshot, asked: tuple[Accelerator, str, EngineMemory | None, Finding[float] | None]
) -> Finding[DataSheet]:
    accelerator, weight_dtype, memory, pcie = asked
    link = pcie or Finding(accelerator.interconnect_gb_per_s or 0.0)
    network = _network(accelerator, catalog)
    peaks = dense_peaks(accelerator, catalog)
    sixteen = next((peaks[dtype] for dtype in SIXTEEN_BIT if dtype in peaks), None)
    if is_unknown(accelerator) and sixteen is None:
        raise _unpublished(accelerator)
    own = _computed_at(accelerator, weight_dtype, peaks, sixteen)
    if memory is None or accelerator.memory_bandwidth_gb_per_s is None or sixteen is None:
        raise _unpublished(accelerator)
    chip = Chip(
        memory_bytes=memory.visible_bytes,
        usable_bytes=memory.usable_bytes,
        bandwidth_bytes_per_s=accelerator.memory_bandwidth_gb_per_s * BYTES_PER_GB,
        link_bytes_per_s=link.value / 2 * BYTES_PER_GB,
        network_bytes_per_s=network.value * BYTES_PER_GB,
        node=POD if accelerator.vendor == "Google" else accelerator.accelerators_per_node or USUAL_NODE,
        sixteen_bit_flop_per_s=sixteen.tflop_per_s * FLOP_PER_TFLOP,
        flop_per_s=own.tflop_per_s * FLOP_PER_TFLOP,
    )
    sheet = DataSheet(accelerator.id, accelerator.vendor, chip, own.dtype, link, network)
    return Finding(sheet, rows=peak_refs((own,), catalog))


def _unpublished(accelerator: Accelerator) -> OutOfDomain:
    detail = f"memory, bandwidth or a 16-bit rate of {accelerator.id} is not published"
    hint = "give memory_gb, memory_gb_per_s and peak_tflop_per_s in accelerator_figures, or take another accelerator"
    return OutOfDomain(detail, pointer="/accelerator", hint=hint, code="accelerator-unknown")


def _computed_at(
    accelerator: Accelerator,
    weight_dtype: str,
    peaks: Mapping[str, AcceleratorPeak],
    sixteen: AcceleratorPeak | None,
) -> AcceleratorPeak:
    """The rate at which weights of this dtype are multiplied: their own, or that of what they are unpacked to."""
    own = next((peaks[dtype] for dtype in _own_dtypes(accelerator, weight_dtype, peaks) if dtype in peaks), None)
    if own is not None:
        return own
    if sixteen is None or _is_foreign(accelerator, weight_dtype, peaks):
        able = sorted({*peaks, *(INTEGERS if sixteen else ())})
        hint = f"weights it can serve: {', '.join(able)}"
        detail = f"{accelerator.id} computes neither in {weight_dtype} nor unpacks such weights"
        raise OutOfDomain(detail, pointer="/weight_dtype", hint=hint, code="dtype-not-computable")
    return peaks[weight_dtype] if weight_dtype in SIXTEEN_BIT and weight_dtype in peaks else sixteen


def _own_dtypes(accelerator: Accelerator, weight_dtype: str, peaks: Mapping[str, AcceleratorPeak]) -> tuple[str, ...]:
    """The dtypes whose published rate these weights are multiplied at without being unpacked, the likeliest first."""
    if weight_dtype == "fp8":
        return ("fp8", "int8") if accelerator.generation in EIGHT_BIT_FLOAT else ("fp8",)
    if weight_dtype == "mxfp4":
        return ("fp8",) if "fp4" in peaks else ()
    return (weight_dtype,) if weight_dtype in ("fp4", "fp32", "tf32", "fp64") else ()


def _is_foreign(accelerator: Accelerator, weight_dtype: str, peaks: Mapping[str, AcceleratorPeak]) -> bool:
    """The part neither computes in the dtype nor has kernels that unpack it; Apple's unpack all but the widest."""
    if weight_dtype in _NEVER_UNPACKED:
        return True
    if accelerator.vendor == "Apple":
        return False
    if weight_dtype == "bf16":
        return "bf16" not in peaks
    return weight_dtype in _SMALL_FLOATS and accelerator.generation not in WEIGHT_ONLY_SINCE
