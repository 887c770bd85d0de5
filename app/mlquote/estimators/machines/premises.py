"""Where an owner's machine stands, a data centre, an office or a home, and what follows for its overhead and its bill.

In a data centre a machine is a share of a server and of a cluster's network, pays an industrial tariff and rents its
place in a rack. In an office or at home it is a card in a machine bought for it, without a network beyond, on the
commercial or the household tariff, and the room is not billed apart.
"""

from dataclasses import replace
from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, found, unknown
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.machines.parts import sole_provider
from mlquote.formulas.uncertainty import Uncertain, between, known
from mlquote.kit.errors import OutOfDomain

DATACENTRE: Premises = "datacentre"
TARIFFS: dict[Premises, str] = {
    "datacentre": "electricity_usd_per_kwh", "office": "electricity_commercial_usd_per_kwh",
    "home": "electricity_household_usd_per_kwh",
}  # fmt: skip
"""What electricity costs there: the factor of the catalogue."""
AT_DATACENTRE: Finding[Premises] = Finding(DATACENTRE)
CUSTOMERS: dict[Premises, str] = {"datacentre": "an owner", "office": "an office", "home": "a household"}
_DESKTOPS = ("workstation", "Mac")
_CARDS = ("workstation", "PCIe")


def premises_of(asked: Premises | None, is_owned: bool, part: Accelerator) -> Finding[Premises]:
    """Where the machine stands: as asked where it is owned, a data centre where it is rented or nobody says.

    Raises:  OutOfDomain for an office or a home, where every machine with this part stands at one provider's
    """
    if not is_owned or asked is None:
        return _of_desktop(part) if is_owned and is_desktop(part) else AT_DATACENTRE
    owner = sole_provider(part)
    if asked != DATACENTRE and owner:
        hint = "leave place out, or name another accelerator"
        raise OutOfDomain(f"every {part.id} stands at {owner}'s data centres", pointer="/place", hint=hint)
    return Finding(asked)


def _of_desktop(part: Accelerator) -> Finding[Premises]:
    detail = (
        f"{part.id} of one's own is taken to stand in a data centre, with a share of server and network, a rack's "
        "overhead and an industrial tariff; give place home or office where it does not"
    )
    return Finding(DATACENTRE, warnings=unknown("place-assumed", detail).warnings)


def is_desktop(part: Accelerator) -> bool:
    """It is sold for desks, not for racks."""
    return part.typical_server.startswith(_DESKTOPS)


def is_card(part: Accelerator) -> bool:
    """It goes into a slot of any machine, without a board or a chassis made for it."""
    return part.form in ("pcie", "nvl") or part.typical_server.startswith(_CARDS)


def overhead_at(premises: Premises, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    """Facility over IT energy (PUE) of an office or a home."""
    row = catalog.default("place_pue", when, premises)
    assert row.value is not None
    ends = row.low is not None and row.high is not None
    value = between(row.low or 0.0, row.high or 0.0, "pue", median=row.value) if ends else known(row.value)
    refs = (catalog.ref("defaults", row),)
    return replace(found("pue", value, "ratio", basis="default", why=row.note, rows=refs), level=premises)
