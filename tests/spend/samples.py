"""Answered questions with round figures."""

from datetime import UTC, datetime
from decimal import Decimal

from mlquote.kit.cost_line import CostLine
from mlquote.kit.provenance import CatalogRef, Range, Warning
from mlquote.spend.amounts import Amount, Spent, amount_of

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
CATALOG = CatalogRef("r1", "d", AT)


def amount(number: object) -> Amount:
    """A known amount."""
    found = amount_of(number)
    assert found is not None
    return found


def training(name: str = "pretrain", *, cost: tuple[int, int, int] | None = (80, 100, 130)) -> Spent:
    """$80 to $130, 400 to 600 hours, 350.5 kWh, 90 to 150 kg."""
    figures = {
        "cost_usd": None if cost is None else amount(Range(*cost)),
        "accelerator_hours": amount(Range(400, 500, 600)),
        "energy_kwh": amount(350.5),
        "emissions_kgco2e": amount(Range(90, 110, 150)),
        "training_flop": amount(1e21),
    }
    return Spent(name, "training", figures, CATALOG, {"model": name})


def usage(name: str = "chat", cost: object = Decimal("2.5"), warnings: tuple[Warning, ...] = ()) -> Spent:
    """$0.50 in and $2 out; nobody tells its energy."""
    figures = {
        "cost_usd": amount_of(cost),
        "energy_kwh": None,
        "emissions_kgco2e": None,
        "usd_per_mtok": amount(Decimal("2.5")),
    }
    lines = (_line("input_tokens", "0.5"), _line("output_tokens", "2"))
    return Spent(name, "inference", figures, CATALOG, {"model": name}, lines, warnings)


def deployment(hours: int | None) -> Spent:
    """$16 an hour in so many hours."""
    cost = None if hours is None else amount(16 * hours)
    figures = {"cost_usd": cost, "usd_per_mtok": amount(2)}
    told = None if hours is None else Decimal(hours)
    return Spent("host", "serving", figures, CATALOG, hours=told, is_rate=True)


def _line(item: str, usd: str) -> CostLine:
    return CostLine(item, 1, "per_mtok", None, Decimal(usd))
