"""What electricity and rack space cost at a place and date: one look-up for training and serving."""

from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import MOST_REMEMBERED, Finding, changes_of, found, spell_of
from mlquote.estimators.machines.cost_factors import cost_factor
from mlquote.formulas.uncertainty import Uncertain, doubtful

ELECTRICITY_LOG_SD = 0.25
"""Doubt of an electricity price: US industrial prices differ by state from 0.05 to 0.12 $/kWh around 0.08."""
HOSTING_LOG_SD = 0.2
"""Doubt of a colocation price: asking rates of the primary markets differ by a quarter around their mean."""
HOURS_PER_MONTH = 730.5


def electricity_of(zone: str | None, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    """Dollars per kWh that an owner pays in a grid zone; a zone nobody prices, or none, is priced as the default's."""
    tariffs = catalog.derived(_Tariffs)
    return tariffs.remembered(("electricity", zone, spell_of(when, tariffs.changes)))


def hosting_of(catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    """Dollars per kWh of IT energy that a rack's place costs: asked per kW of IT power and month, electricity apart."""
    tariffs = catalog.derived(_Tariffs)
    return tariffs.remembered(("hosting", None, spell_of(when, tariffs.changes)))


class _Tariffs:
    """What was worked out for a snapshot, by kind, zone and spell."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self.changes = changes_of(catalog, "cost_factors")
        self._known: dict[tuple[str, str | None, datetime], Finding[Uncertain]] = {}

    def remembered(self, key: tuple[str, str | None, datetime]) -> Finding[Uncertain]:
        if key not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            kind, zone, when = key
            catalog = self._catalog
            self._known[key] = _electricity(zone, catalog, when) if kind == "electricity" else _hosting(catalog, when)
        return self._known[key]


def _electricity(zone: str | None, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    row = cost_factor("electricity_usd_per_kwh", catalog, when, subject=zone)
    return found(
        "usd_per_kwh", doubtful(row.value, ELECTRICITY_LOG_SD, "usd_per_kwh"), "$/kWh", basis="default",
        why=f"{row.method}, {row.subject}: what an owner pays for electricity",
        rows=(catalog.ref("cost_factors", row),),
    )  # fmt: skip


def _hosting(catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    row = cost_factor("colocation_usd_per_kw_month", catalog, when)
    value = doubtful(row.value / HOURS_PER_MONTH, HOSTING_LOG_SD, "hosting_usd_per_kwh")
    return found(
        "hosting_usd_per_kwh", value, "$/kWh of IT energy", basis="default",
        why=f"{row.value:g} {row.unit}, {row.method}, over {HOURS_PER_MONTH:g} h; not in the amortised cost",
        rows=(catalog.ref("cost_factors", row),),
    )  # fmt: skip
