"""Which other parts stand near one: of its generation, or of its maker and time."""

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot


def contemporaries(accelerator: Accelerator, catalog: Snapshot) -> list[Accelerator]:
    """Parts of the same maker, the nearest in release date first; those without a date are left out."""
    if accelerator.release_date is None:
        return []
    day = accelerator.release_date
    dated = [
        (abs((row.release_date - day).days), row.id, row)
        for row in catalog.rows("accelerators")
        if row.id != accelerator.id and row.vendor == accelerator.vendor and row.release_date is not None
    ]
    return [row for _, _, row in sorted(dated, key=lambda each: each[:2])]


def kin(accelerator: Accelerator, catalog: Snapshot) -> list[str]:
    """Parts of the same generation, the likeliest stand-ins first: same memory class, then the nearest in memory."""
    generation = accelerator.family.split(" (")[0]
    form = accelerator.id.split("-")[1:2]
    others = [
        row
        for row in catalog.rows("accelerators")
        if row.id != accelerator.id and row.vendor == accelerator.vendor and row.family.split(" (")[0] == generation
    ]
    memory = accelerator.memory_gb or 0.0
    others.sort(key=lambda row: (row.id.split("-")[1:2] != form, abs((row.memory_gb or 0.0) - memory), row.id))
    return [row.id for row in others]


def sole_provider(accelerator: Accelerator) -> str:
    """The provider to whom every machine with this part belongs (TPU: gcp); blank where anybody may own one."""
    return "gcp" if accelerator.family == "TPU" else ""
