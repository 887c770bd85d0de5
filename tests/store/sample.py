"""A small catalogue written as files: enough to publish, correct and compare."""

from pathlib import Path

from mlquote.catalog.tables import TABLE

SOURCE = "https://example.org/prices"


def token_price(**figures: str) -> dict[str, str]:
    """One token price as CSV cells."""
    row = {
        "provider": "acme",
        "model": "acme-1",
        "meter": "input",
        "modality": "text",
        "cache_ttl": "",
        "processing": "standard",
        "tier_operator": "",
        "unit": "per_million_tokens",
        "usd": "3",
        "confidence": "high",
        "effective_from": "2026-01-01",
        "source_url": SOURCE,
        "checked_on": "2026-11-23",
    }
    return row | figures


def accelerator(**figures: str) -> dict[str, str]:
    """One accelerator as CSV cells."""
    row = {
        "id": "a1",
        "vendor": "ACME",
        "name": "A1",
        "family": "A",
        "generation": "A",
        "export": "false",
        "product": "A1",
        "status": "available",
        "memory_gb": "80",
        "source_url": SOURCE,
        "checked_on": "2026-11-23",
    }
    return row | figures


def write(folder: Path, *, published_on: str = "2026-11-23", **tables: list[dict[str, str]]) -> Path:
    """Write `tables` (name -> rows) as a pricing_data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release.toml").write_text(f'published_on = {published_on}\nnote = "a sample"\n')
    for name, rows in tables.items():
        columns = TABLE[name].columns
        lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder
