"""One answer with a figure of every sort."""

from datetime import UTC, datetime
from decimal import Decimal

ANSWER = {
    "result": {
        "cost_usd": Decimal("1234.5"),
        "energy_kwh": {"low": 1.0, "central": 2.5, "high": 1e7},
        "water_l": None,
        "cost_basis": "rental",
        "cost_lines": [{"meter": "input", "quantity": 1_000_000, "usd": Decimal("5")}],
    },
    "catalog": {"release": "2026-11-23-abcdef01", "as_of": datetime(2026, 11, 23, tzinfo=UTC)},
    "warnings": [{"code": "no-water-figure", "detail": "nobody published it"}],
}
