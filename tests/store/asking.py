"""Questions with a known price, so that store tests need no estimator."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlquote.kit.provenance import CatalogRef
from mlquote.spend.amounts import Spent, amount_of
from mlquote.spend.budgets import Budget

CATALOG = CatalogRef("r1", "d", datetime(2026, 11, 23, tzinfo=UTC))


def asking(*dollars: object, **figures: object) -> list[Spent]:
    """One answered question for each price; None is a price nobody knows."""
    beside = {"energy_kwh": 1, "emissions_kgco2e": 1} | figures
    return [
        Spent(f"q{n}", "inference", {k: amount_of(v) for k, v in ({"cost_usd": usd} | beside).items()}, CATALOG)
        for n, usd in enumerate(dollars)
    ]


def budget(fail_above: object = 100, **fields: object) -> Budget:
    """A total limit on dollars, and whatever else is given."""
    limit = {"figure": "cost_usd", "per": "total", "fail_above": fail_above}
    return Budget.model_validate({"limits": [limit]} | fields)


def held_usd(report: dict[str, Any]) -> Decimal:
    """The dollars that an answer of `audit` says are held."""
    return Decimal(report["sums"]["cost_usd"]["held"].central)
