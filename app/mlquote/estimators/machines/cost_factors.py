"""Figures of owning a cluster that no price list carries: shares, lives, rates, the price of electricity."""

from bisect import bisect_right
from datetime import datetime

from mlquote.catalog.rows import CostFactor
from mlquote.catalog.snapshot import BEGINNING, Snapshot
from mlquote.kit.errors import InvalidCatalog

DEFAULT_SUBJECT = {
    "price_performance_growth": "ML accelerators", "cluster_interconnect_fraction": "cluster",
    "server_cost_ratio": "other", "electricity_usd_per_kwh": "USA",
    "colocation_usd_per_kw_month": "North America, primary markets",
}  # fmt: skip
"""What a factor is taken of where nothing closer is known."""


def cost_factor(factor: str, catalog: Snapshot, when: datetime, *, subject: str | None = None) -> CostFactor:
    """The figure in effect at `when` (or the first there is), of `subject` or of its default.

    Args:    factor: an id of the `cost_factors` table; subject: what it is of (a zone, a part), default as above
    Raises:  InvalidCatalog when the release does not hold the factor at all
    """
    book = catalog.derived(_book)
    versions = book.get((factor, subject)) if subject else None
    versions = versions or book.get((factor, DEFAULT_SUBJECT[factor]))
    if not versions:
        raise InvalidCatalog(f"this release has no cost factor {factor}/{DEFAULT_SUBJECT[factor]}", hint="import it")
    return versions[max(bisect_right(versions, when, key=_begins) - 1, 0)]


def cost_factor_by_subject(factor: str, catalog: Snapshot, when: datetime) -> dict[str, CostFactor]:
    """What the figure is of -> the row in effect at `when`, or the first there is; empty where nobody knows it."""
    return {
        subject: versions[max(bisect_right(versions, when, key=_begins) - 1, 0)]
        for (name, subject), versions in catalog.derived(_book).items()
        if name == factor
    }


def _book(catalog: Snapshot) -> dict[tuple[str, str], list[CostFactor]]:
    book: dict[tuple[str, str], list[CostFactor]] = {}
    for row in catalog.rows("cost_factors"):
        book.setdefault((row.id, row.subject), []).append(row)
    for versions in book.values():
        versions.sort(key=_begins)
    return book


def _begins(row: CostFactor) -> datetime:
    return row.effective_from or BEGINNING
