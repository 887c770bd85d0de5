"""How old a table is: by the rows that hold, each as old as the day on which its source was read."""

from datetime import date
from pathlib import Path

from mlquote.catalog.freshness import Freshness, freshness_of
from mlquote.store.files import snapshot_from_files
from tests.store.sample import accelerator, token_price, write

DAY = date(2026, 11, 24)


def _found(folder: Path, *prices: dict[str, str]) -> dict[tuple[str, str], Freshness]:
    parts = [accelerator(checked_on="")]
    catalog = snapshot_from_files(write(folder, token_prices=list(prices), accelerators=parts))
    return {(each.table, each.provider): each for each in freshness_of(catalog, DAY)}


def test_a_table_and_its_sellers_by_rows_in_effect(tmp_path: Path) -> None:
    """4 days, 95 and 423 days old; the ended row does not count."""
    found = _found(
        tmp_path / "c",
        token_price(meter="input", checked_on="2026-11-20"),
        token_price(meter="output", checked_on="2026-08-21"),
        token_price(provider="other", checked_on="2025-09-27"),
        token_price(meter="cache_read", checked_on="2020-01-01", effective_to="2026-02-01"),
    )
    assert found["token_prices", ""] == Freshness("token_prices", "", 3, 95, 423, 2 / 3, 1 / 3, 0)
    assert found["token_prices", "acme"] == Freshness("token_prices", "acme", 2, 4, 95, 0.5, 0.0, 0)
    assert found["token_prices", "other"].median_age_days == 423


def test_rows_without_a_day_have_no_age(tmp_path: Path) -> None:
    found = _found(tmp_path / "c", token_price())["accelerators", ""]
    assert (found.row_count, found.median_age_days, found.undated_rows) == (1, None, 1)
