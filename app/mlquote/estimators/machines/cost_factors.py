"""Figures of owning a cluster that no price list carries: shares, lives, rates, the price of electricity."""

from datetime import datetime

from mlquote.catalog.intervals import begins, begun_or_first
from mlquote.catalog.rows import CostFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import InvalidCatalog

DEFAULT_SUBJECT = {
    "price_performance_growth": "ML accelerators", "cluster_interconnect_fraction": "cluster",
    "server_cost_ratio": "other", "electricity_usd_per_kwh": "USA",
    "electricity_commercial_usd_per_kwh": "USA", "electricity_household_usd_per_kwh": "USA",
    "workstation_host_usd_per_accelerator": "desk",
    "colocation_usd_per_kw_month": "North America, primary markets",
}  # fmt: skip
"""What a factor is taken of where nothing closer is known."""


def cost_factor(factor: str, catalog: Snapshot, when: datetime, *, subject: str | None = None) -> CostFactor:
    """The figure in effect at `when` (or the first there is), of `subject` or of its default.

    Args:    factor: an id of the `cost_factors` table; subject: what it is of (a zone, a part), default as above
    Raises:  InvalidCatalog when the release does not hold the factor at all
    """
    row = _at(factor, subject, catalog, when) if subject else None
    row = row or _at(factor, DEFAULT_SUBJECT[factor], catalog, when)
    if row is None:
        raise InvalidCatalog(f"this release has no cost factor {factor}/{DEFAULT_SUBJECT[factor]}", hint="import it")
    return row


def cost_factor_by_subject(factor: str, catalog: Snapshot, when: datetime) -> dict[str, CostFactor]:
    """What the figure is of -> the row in effect at `when`, or the first there is; empty where nobody knows it."""
    subjects = dict.fromkeys(row.subject for row in catalog.versions("cost_factors", id=factor))
    rows = {subject: _at(factor, subject, catalog, when) for subject in subjects}
    return {subject: row for subject, row in rows.items() if row is not None}


def _at(factor: str, subject: str, catalog: Snapshot, when: datetime) -> CostFactor | None:
    versions = catalog.versions("cost_factors", id=factor, subject=subject)
    return begun_or_first(sorted(versions, key=begins), when)
