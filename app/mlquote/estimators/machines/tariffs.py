"""What electricity and rack space cost at a place and date: one look-up for training and serving."""

from datetime import datetime
from math import hypot

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding, found
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.asking.selecting import StandIn, from_another_time, said
from mlquote.estimators.machines.cost_factors import cost_factor, cost_factor_by_subject
from mlquote.estimators.machines.grid import DEFAULT_ZONE, country_of
from mlquote.estimators.machines.premises import CUSTOMERS, DATACENTRE, TARIFFS
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import HOURS_PER_MONTH

_HOSTING = "hosting_usd_per_kwh"


def electricity_of(
    zone: str | None, catalog: Snapshot, when: datetime, premises: Premises = DATACENTRE
) -> Finding[Uncertain]:
    """Dollars per kWh that an owner pays in a grid zone: the zone's own price, its country's, else the default's.

    Args:    zone: a grid zone of the catalogue; None where no place is known
             premises: whose tariff: a data centre pays the industrial one, an office the commercial, a home its own
    """
    return catalog.remembered(_electricity, (zone, premises, _spell(catalog, when)))


def hosting_of(catalog: Snapshot, when: datetime, premises: Premises = DATACENTRE) -> Finding[Uncertain]:
    """Dollars per kWh of IT energy that a rack's place costs: asked per kW of IT power and month, electricity apart."""
    if premises != DATACENTRE:
        why = f"no rack is rented {'at home' if premises == 'home' else 'in an office'}"
        return Finding(known(0.0), (Assumption(_HOSTING, 0.0, "$/kWh of IT energy", why=why),))
    return catalog.remembered(_hosting, _spell(catalog, when))


def _spell(catalog: Snapshot, when: datetime) -> datetime:
    return spell_of(when, changes_of(catalog, "cost_factors"))


def _electricity(catalog: Snapshot, asked: tuple[str | None, Premises, datetime]) -> Finding[Uncertain]:
    zone, premises, when = asked
    country = country_of(zone, catalog) if zone else DEFAULT_ZONE
    priced = cost_factor_by_subject(TARIFFS[premises], catalog, when)
    row = priced.get(zone or country) or priced.get(country) or cost_factor(TARIFFS[premises], catalog, when)
    elsewhere: tuple[StandIn, ...] = ()
    if row.subject not in (zone, country):
        detail = f"no price of electricity in {country} is known: that of {row.subject} stands in, with a wide range"
        elsewhere = (
            StandIn("electricity-price-from-another-zone", detail, catalog.doubt("usd_per_kwh", "another_zone")),
        )
    log_sd = hypot(catalog.doubt("usd_per_kwh"), *(each.log_sd for each in elsewhere))
    return found(
        "usd_per_kwh", doubtful(row.value, log_sd, "usd_per_kwh"), "$/kWh", basis="default",
        why=f"{row.method}, {row.subject}: what {CUSTOMERS[premises]} pays for electricity",
        rows=(catalog.ref("cost_factors", row),),
        warnings=said((*elsewhere, *from_another_time("usd_per_kwh", row, when))),
    )  # fmt: skip


def _hosting(catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    row = cost_factor("colocation_usd_per_kw_month", catalog, when)
    log_sd = catalog.doubt(_HOSTING)
    return found(
        _HOSTING, doubtful(row.value / HOURS_PER_MONTH, log_sd, _HOSTING),
        "$/kWh of IT energy", basis="default",
        why=f"{row.value:g} {row.unit}, {row.method}, over {HOURS_PER_MONTH:g} h; not in the amortised cost",
        rows=(catalog.ref("cost_factors", row),), warnings=said(from_another_time(_HOSTING, row, when)),
    )  # fmt: skip
