"""How much memory of an accelerator programs see: sold by the GB, built by the GiB, a part of it kept by the driver."""

from datetime import datetime

from mlquote.catalog.rows import Accelerator, Default
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, warned
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_GIB

UNIFIED = "unified"
"""Form of a part whose memory its processor shares."""


def visible_bytes_of(part: Accelerator, catalog: Snapshot, when: datetime) -> Finding[float | None]:
    """Bytes that programs see of one accelerator: its GiB times the share that driver and error correction leave.

    A card sold as 80 GB carries 80 GiB, of which a program sees 79.

    Returns: bytes; None where nobody publishes a size
    """
    if part.memory_gb is None:
        return Finding(None)
    levels = (part.id, part.vendor)
    own = (catalog.held_or_first("defaults", "visible_memory_fraction", level, moment=when) for level in levels)
    row = next((each for each in own if each is not None), None)
    return catalog.remembered(_visible, (part, row or catalog.default("visible_memory_fraction", when)))


def _visible(catalog: Snapshot, asked: tuple[Accelerator, Default]) -> Finding[float | None]:
    part, row = asked
    assert part.memory_gb is not None and row.value is not None
    seen, low, high = (part.memory_gb * each if each else None for each in (row.value, row.low, row.high))
    why = f"{part.memory_gb:g} GiB are built in: driver and error correction keep the rest"
    said = Assumption("visible_memory_gib", seen, "GiB per accelerator", low, high, "catalog", why, row.source_url)
    found = Finding(part.memory_gb * row.value * BYTES_PER_GIB, (said,), (catalog.ref("defaults", row),))
    if part.form != UNIFIED:
        return found
    detail = f"the {part.memory_gb:g} GiB of {part.id} are its processor's too: {seen:.0f} are taken to serve the GPU"
    return warned(found, "memory-shared", detail)
