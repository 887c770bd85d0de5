"""A catalogue of round figures, so that a training estimate can be worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from tests.catalog.sample import doubts_and_defaults

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
SOURCE = "https://example.org/"
PENALISED = ("hardware", "kind", "architecture", "precision")


def row(table: str, **cells: Any) -> Any:
    """A row of `table` with these cells, and the least that the others may be."""
    made: dict[str, Any] = {"source_url": SOURCE, "checked_on": date(2026, 11, 23)}
    if table == "accelerators":
        made |= {"generation": cells.get("family", ""), "product": cells["id"].upper()}
    for name, (kind, blank, words) in TABLE[table].types.items():
        made.setdefault(name, "" if kind is str and not words else words[0] if words else None if blank else kind(0))
    return TABLE[table].row(**(made | cells))


def snapshot(**more: list[Any]) -> Snapshot:
    """One accelerator of 1000 dense TFLOP/s, 500 W and 2 $/h; a grid of 400 g/kWh; factors of 0.4, 1.2 and 1.1.

    `more` (table -> rows) is added.
    """
    rows: dict[str, list[Any]] = {
        "accelerators": [row("accelerators", id="a1", vendor="NVIDIA", name="A1", family="Hopper", memory_gb=80.0)],
        "accelerator_peaks": [
            _peak(dtype="bf16", sparsity="dense", tflop_per_s=1000.0),
            _peak(dtype="bf16", sparsity="sparse", tflop_per_s=2000.0),
            _peak(dtype="fp8", sparsity="dense", tflop_per_s=2000.0),
            _peak(dtype="bf16", sparsity="dense", claim="measured", tflop_per_s=700.0),
        ],
        "accelerator_power": [
            row("accelerator_power", accelerator="a1", scope="board", statistic="tdp", claim="rated",
                accelerator_count=1, watts=500.0)
        ],
        "grid_intensity": [
            row("grid_intensity", zone="USA", zone_kind="country", zone_name="United States", year=2024,
                dataset="sample", boundary="lifecycle", accounting="location", gco2e_per_kwh=400.0)
        ],
        "rental_prices": [
            row("rental_prices", provider=provider, sku="s", accelerator="a1", accelerator_count=1,
                usd_per_hour=Decimal(usd), usd_per_accelerator_hour=Decimal(usd), effective_from=BEGUN)
            for provider, usd in (("p1", "1"), ("p2", "2"), ("p3", "4"))
        ],
        "purchase_prices": [
            row("purchase_prices", accelerator="a1", seller="s", form="card", usd=Decimal(30_000), effective_from=BEGUN)
        ],
        "cost_factors": [
            _cost("price_performance_growth", "ML accelerators", 0.14), _cost("server_cost_ratio", "other", 1.64),
            _cost("cluster_interconnect_fraction", "cluster", 0.19), _cost("electricity_usd_per_kwh", "USA", 0.08),
            _cost("colocation_usd_per_kw_month", "North America, primary markets", 146.1),
        ],
        "embodied": [row("embodied", item="A1", item_kind="gpu", accelerator="a1", kgco2e=150.0)],
        "thresholds": [
            row("thresholds", id="t1", name="T1", flop=1e21), row("thresholds", id="t2", name="T2", flop=1e30)
        ],
        "fitted_factors": [
            _factor("mfu", "base", 0.4), _factor("system_power_ratio", "any", 1.2),
            _factor("pue", "published runs", 1.1), _factor("memory", "reserve_bytes", 1e9),
            *(_factor("mfu_kernel", f"scale:{name}", 1.0) for name in ("params", "tokens", "count", "year")),
            *(_factor("mfu_kernel", f"penalty:{name}", 1.0) for name in PENALISED),
            _factor("mfu_kernel", "signal", 0.1), _factor("mfu_kernel", "noise", 0.3),
        ],
    }  # fmt: skip
    rows |= doubts_and_defaults()
    for table, added in more.items():
        rows.setdefault(table, []).extend(added)
    return Snapshot(Release("sample", NOW.date(), "d", {}, {}), rows)


def _peak(**cells: Any) -> Any:
    return row("accelerator_peaks", accelerator="a1", **({"unit_class": "matrix", "claim": "vendor"} | cells))


def _cost(name: str, subject: str, value: float) -> Any:
    return row("cost_factors", id=name, subject=subject, value=value)


def _factor(quantity: str, term: str, value: float) -> Any:
    return row("fitted_factors", quantity=quantity, term=term, value=value, log_sd=0.1, runs=10)
