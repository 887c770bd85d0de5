"""A small catalogue, and two versions of two tables that others keep of the same prices."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.store.files import snapshot_from_files
from mlquote.upstreams import genai_prices, litellm
from mlquote.upstreams.listing import Listing, Upstream
from mlquote.upstreams.names import SoldHere
from tests.store.sample import SOURCE, accelerator, token_price, write

WHEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
OLD, NEW = date(2026, 11, 17), date(2026, 11, 24)


def held(folder: Path, *rows: dict[str, str], **tables: list[dict[str, str]]) -> Snapshot:
    """A catalogue of these token prices; openai's gpt-9 at 2 in, 0.2 cached and 8 out where none are given."""
    return snapshot_from_files(write(folder, token_prices=list(rows or gpt9()), **tables))


def gpt9(**figures: str) -> list[dict[str, str]]:
    """Three prices of one model, since 2026-01-01."""
    base = {"provider": "openai", "model": "gpt-9", "read_from": "litellm 1.0"} | figures
    return [
        token_price(**base, meter="cache_read", usd="0.2"),
        token_price(**base, meter="input", usd="2"),
        token_price(**base, meter="output", usd="8"),
    ]


def entry(**fields: Any) -> dict[str, Any]:
    """gpt-9 as litellm prints it."""
    printed = {
        "litellm_provider": "openai",
        "mode": "chat",
        "max_input_tokens": 400000,
        "input_cost_per_token": 2e-06,
        "cache_read_input_token_cost": 2e-07,
        "output_cost_per_token": 8e-06,
    }
    return printed | fields


def of_litellm(
    catalog: Snapshot, models: Mapping[str, Mapping[str, Any]], version: str = "1.1", day: date = NEW
) -> Listing:  # fmt: skip
    """What a version of litellm's table lists."""
    texts = {"model_prices_and_context_window_backup.json": json.dumps(models).encode()}
    return litellm.read(texts, Upstream("litellm", version, day), SoldHere(catalog, WHEN))


def of_genai_prices(catalog: Snapshot, models: str, provider: str = "openai", day: date = NEW) -> Listing:
    """What a version of genai-prices' module lists: `models` is the source of its list of models."""
    module = f"import datetime\nproviders: list = [Provider(id={provider!r}, models=[{models}])]\n"
    return genai_prices.read(
        {"genai_prices/data.py": module.encode()}, Upstream("genai-prices", "0.9", day), SoldHere(catalog, WHEN)
    )


def token_key(model: str, meter: str, **other: Any) -> tuple[Any, ...]:
    """The key of a price of tokens of text."""
    named = {
        "provider": "openai", "model": model, "meter": meter, "modality": "text", "cache_ttl": "",
        "processing": "standard", "tier_operator": "", "tier_tokens": None, "region": "", "time_window": "",
        "variant": "", "unit": "per_million_tokens",
    }  # fmt: skip
    return tuple((named | other).values())


def machines(*more: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """Two parts, and a machine of eight of the first at AWS in one region, 80 $ an hour since 2026-01-01."""
    return {
        "accelerators": [accelerator(id="h100-sxm5-80gb"), accelerator(id="l4")],
        "rental_prices": [machine(), *more],
        "aliases": [
            {"kind": "accelerator", "alias": alias, "target": part, "source_url": SOURCE}
            for alias, part in (("H100", "h100-sxm5-80gb"), ("H100 80GB", "h100-sxm5-80gb"))
        ],
    }


def machine(**figures: str) -> dict[str, str]:
    """One hourly price as CSV cells."""
    row = {
        "provider": "aws", "sku": "p5.48xlarge", "accelerator": "h100-sxm5-80gb", "accelerator_count": "8",
        "region": "us-east-1", "price_model": "on_demand", "basis": "instance", "usd_per_hour": "80",
        "usd_per_accelerator_hour": "10", "confirmed": "yes", "effective_from": "2026-01-01", "source_url": SOURCE,
        "checked_on": "2026-01-01",
    }  # fmt: skip
    return row | figures


def grid(**figures: str) -> dict[str, str]:
    """Google's figure of one region in its file of 2023 as CSV cells."""
    row = {
        "zone": "gcp:asia-east1", "zone_kind": "cloud_region", "zone_name": "Taiwan", "year": "2023",
        "dataset": "Google region carbon", "dataset_release": "2023 file", "boundary": "direct",
        "accounting": "location", "flow": "consumption", "gco2e_per_kwh": "500", "licence": "Apache-2.0",
        "effective_from": "2023-01-01", "source_url": SOURCE, "checked_on": "2025-12-03",
    }  # fmt: skip
    return row | figures


def sold_in(folder: Path, **tables: list[dict[str, str]]) -> SoldHere:
    """What a small catalogue of these tables sells."""
    return SoldHere(held(folder, **tables), WHEN)


def figures_of(listing: Listing) -> dict[str, Any]:
    """What a listing lists, by the readable parts of its keys."""
    return {
        "/".join(str(part) for part in fact.key if part not in ("", None)): fact.figure
        for fact in listing.facts.values()
    }
