"""Made-up rental prices, and the moment at which they are asked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.estimators.hardware_sample import row

WHEN = datetime(2024, 7, 1, tzinfo=UTC)


def price(provider: str, usd: str, begun: str, accelerator: str = "a1", **more: Any) -> Any:
    return row(
        "rental_prices", provider=provider, sku=more.pop("sku", "s"), accelerator=accelerator, accelerator_count=1,
        usd_per_hour=Decimal(usd), usd_per_accelerator_hour=Decimal(usd),
        effective_from=datetime.fromisoformat(begun).replace(tzinfo=UTC), **more,
    )  # fmt: skip
