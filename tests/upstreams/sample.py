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
from mlquote.upstreams.names import SoldModels
from tests.store.sample import token_price, write

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
    return litellm.read(texts, Upstream("litellm", version, day), SoldModels(catalog, WHEN))


def of_genai_prices(catalog: Snapshot, models: str, provider: str = "openai", day: date = NEW) -> Listing:
    """What a version of genai-prices' module lists: `models` is the source of its list of models."""
    module = f"import datetime\nproviders: list = [Provider(id={provider!r}, models=[{models}])]\n"
    return genai_prices.read(
        {"genai_prices/data.py": module.encode()}, Upstream("genai-prices", "0.9", day), SoldModels(catalog, WHEN)
    )


def token_key(model: str, meter: str, **other: Any) -> tuple[Any, ...]:
    """The key of a price of tokens of text."""
    named = {
        "provider": "openai", "model": model, "meter": meter, "modality": "text", "cache_ttl": "",
        "processing": "standard", "tier_operator": "", "tier_tokens": None, "region": "", "time_window": "",
        "variant": "", "unit": "per_million_tokens",
    }  # fmt: skip
    return tuple((named | other).values())
