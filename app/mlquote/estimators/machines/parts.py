"""Which other parts stand near one: of its generation, or of its maker and time."""

from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, warned
from mlquote.estimators.machines.own_part import AcceleratorFigures, own_part, said_of, told_of
from mlquote.kit.errors import UnknownName


def accelerator_of(
    name: str, catalog: Snapshot, when: datetime, figures: AcceleratorFigures | None = None
) -> Finding[Accelerator]:
    """The part that a name means, with its row; warns of a moment at which nobody could have had it.

    Args:    figures: of one's own, which take the place of the catalogue's or make up a part that it lacks
    Raises:  UnknownName for a name the catalogue lacks, and no figures beside it
    """
    if figures is None or figures == AcceleratorFigures():
        return _catalogued(name, catalog, when)
    try:
        known: Finding[Accelerator | None] = _catalogued(name, catalog, when)
    except UnknownName:
        known = Finding(None)
    part = own_part(name.strip(), known.value, figures)
    given = told_of(part, known.value, figures)
    return Finding(part, given, known.rows, (*known.warnings, said_of(part, name, figures)))


def _catalogued(name: str, catalog: Snapshot, when: datetime) -> Finding[Accelerator]:
    try:
        part = catalog.accelerator(name, when)
    except UnknownName as error:
        raise _instance(name, catalog) or error from None
    finding = Finding(part, rows=(catalog.ref("accelerators", part),))
    if part.release_date is None or when.date() >= part.release_date:
        return finding
    detail = f"{part.id} was launched on {part.release_date}, after the date of this run"
    return warned(finding, "accelerator-not-yet-released", detail)


def _instance(name: str, catalog: Snapshot) -> UnknownName | None:
    """A refusal that tells the part and the count of an instance type; None where no provider has such a type."""
    offers = catalog.derived(instance_types).get(name.strip().casefold())
    if offers is None:
        return None
    provider, part, count = offers
    told = f"{name!r} is an instance type of {provider}, with {count} of {part}"
    return UnknownName(told, pointer="/accelerator", hint=f"write {count}x{part}", code="unknown-accelerator")


def instance_types(catalog: Snapshot) -> dict[str, tuple[str, str, int]]:
    """Folded instance type -> its provider, its part and how many of it."""
    found: dict[str, set[tuple[str, str, int]]] = {}
    for provider, sku, part, count in catalog.indexed(
        "rental_prices", "provider", "sku", "accelerator", "accelerator_count"
    ):
        found.setdefault(sku.casefold(), set()).add((provider, part, count))
    return {sku: next(iter(offers)) for sku, offers in found.items() if sku and len(offers) == 1}


def contemporaries(accelerator: Accelerator, catalog: Snapshot) -> list[Accelerator]:
    """Parts of the same maker, the nearest in release date first; those without a date are left out."""
    if accelerator.release_date is None:
        return []
    day = accelerator.release_date
    dated = [
        (abs((row.release_date - day).days), row.id, row)
        for row in catalog.versions("accelerators", vendor=accelerator.vendor)
        if row.id != accelerator.id and row.release_date is not None
    ]
    return [row for _, _, row in sorted(dated, key=lambda each: each[:2])]


def kin(accelerator: Accelerator, catalog: Snapshot) -> list[str]:
    """Parts of the same generation, the likeliest stand-ins first: same form, then the nearest in memory."""
    others = [
        row
        for row in catalog.versions("accelerators", vendor=accelerator.vendor, generation=accelerator.generation)
        if row.id != accelerator.id
    ]
    memory = accelerator.memory_gb or 0.0
    others.sort(key=lambda row: (row.form != accelerator.form, abs((row.memory_gb or 0.0) - memory), row.id))
    return [row.id for row in others]


def sole_provider(accelerator: Accelerator) -> str:
    """The provider to whom every machine with this part belongs (TPU: gcp); blank where anybody may own one."""
    return accelerator.sole_provider
