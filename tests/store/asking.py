"""Questions with a known price, so that store tests need no estimator."""

from decimal import Decimal
from typing import Any

from mlquote.spend.amounts import Quoted
from mlquote.spend.budgets import Budget


def asking(*dollars: object, **figures: object) -> list[Quoted]:
    """One answered question for each price; None is a price nobody knows."""
    catalog = {"release": "r1", "digest": "d", "as_of": "2026-11-23T00:00:00Z"}

    def answer(usd: object) -> dict[str, Any]:
        result = {"cost_usd": usd, "energy_kwh": 1, "emissions_kgco2e": {"total": 1}} | figures
        return {"question": {"release": "r1"}, "result": result, "warnings": [], "catalog": catalog}

    return [Quoted(f"q{n}", "inference", answer(usd)) for n, usd in enumerate(dollars)]


def budget(fail_above: object = 100, **fields: object) -> Budget:
    """A total limit on dollars, and whatever else is given."""
    limit = {"figure": "cost_usd", "per": "total", "fail_above": fail_above}
    return Budget.model_validate({"limits": [limit]} | fields)


def held_usd(report: dict[str, Any]) -> Decimal:
    """The dollars that an answer of `audit` says are held."""
    return Decimal(report["sums"]["cost_usd"]["held"].central)
