"""Fields that change nothing are named."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.estimators.serving.asking import BIG, LLAMA, asked, codes

SATURATED = LLAMA | {"requests_per_s": 1e5}


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("draft_cost_fraction", LLAMA | {"draft_cost_fraction": 0.1}),
        ("operations_usd_per_month", LLAMA | {"operations_usd_per_month": 100}),
        ("concurrency", LLAMA | {"requests_per_s": 1, "concurrency": 9}),
        ("kv_dtype", LLAMA | {"model": "falcon-mamba-7b", "kv_dtype": "fp8"}),
        ("prefix_cache_hit_fraction", LLAMA | {"input_tokens": 0, "prefix_cache_hit_fraction": 0.5}),
        ("max_ttft_ms", LLAMA | {"concurrency": 2, "max_ttft_ms": 1e6}),
        ("max_tpot_ms", LLAMA | {"concurrency": 2, "max_tpot_ms": 1e6}),
        ("max_tpot_ms", BIG | {"max_ttft_ms": 500, "max_tpot_ms": 1e6}),
        (
            "utilisation_fraction",
            SATURATED | {"utilisation_fraction": 0.999999},
        ),
        ("price_model", LLAMA | {"price_model": "spot", "cost_basis": "amortised"}),
        ("price_model", LLAMA | {"price_model": "owned", "cost_basis": "rental"}),
        ("price_model", LLAMA | {"price_model": "spot", "usd_per_accelerator_hour": 2}),
        ("grid_zone", LLAMA | {"grid_zone": "FRA", "kgco2e_per_kwh": 0.1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_field_that_changes_nothing_is_named(
    catalog: Snapshot, now: datetime, field: str, fields: dict[str, Any]
) -> None:
    answer = asked(catalog, now, **fields)
    said = [warning.detail for warning in answer.warnings if warning.code == "field-not-used"]
    assert any(each.startswith(f"{field} changes nothing: ") for each in said), said
    without = {name: value for name, value in fields.items() if name != field}
    assert asked(catalog, now, **without).result == answer.result


@pytest.mark.parametrize(
    "fields",
    [
        LLAMA,
        LLAMA | {"speculative_tokens": 2, "draft_cost_fraction": 0.1},
        LLAMA | {"concurrency": 8, "price_model": "owned", "grid_zone": "US-CA", "kgco2e_per_kwh": 0.1},
        LLAMA | {"concurrency": 8, "provider": "aws", "region": "us-east-1", "pue": 1.2, "utilisation_fraction": 0.5},
        BIG | {"max_tpot_ms": 40},
        SATURATED | {"kgco2e_per_kwh": 0.1},
    ],
    ids=["nothing", "drafts", "owned in a zone", "a region", "a target that binds", "an hour's carbon"],
)
def test_fields_that_count_are_not_named(catalog: Snapshot, now: datetime, fields: dict[str, Any]) -> None:
    assert "field-not-used" not in codes(asked(catalog, now, **fields))
