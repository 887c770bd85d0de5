"""Files become rows, or every fault is named with its place."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import InvalidCatalog
from mlquote.store.files import bundled_folder, files_digest, read_catalog, snapshot_from_files
from tests.store.sample import accelerator, token_price, write


def faults(folder: Path) -> dict[str, str]:
    with pytest.raises(InvalidCatalog) as caught:
        read_catalog(folder)
    return {fault.pointer: fault.detail for fault in caught.value.faults}


def test_a_price_is_read_with_the_digits_its_source_prints(tmp_path: Path) -> None:
    folder = write(tmp_path, token_prices=[token_price(usd="0.0750", effective_from="2026-08-16T16:00:00Z")])
    row = snapshot_from_files(folder).rows("token_prices")[0]
    assert str(row.usd) == "0.0750"
    assert row.effective_from == datetime(2026, 8, 16, 16, tzinfo=UTC)


def test_a_date_means_midnight_utc_and_blank_means_unknown(tmp_path: Path) -> None:
    folder = write(tmp_path, token_prices=[token_price()])
    row = snapshot_from_files(folder).rows("token_prices")[0]
    assert (row.effective_from, row.effective_to, row.tier_tokens) == (datetime(2026, 1, 1, tzinfo=UTC), None, None)


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        token_prices=[
            token_price(usd="cheap"),
            token_price(meter="output", usd="700"),
            token_price(meter="cache_read", unit="per_smile"),
            token_price(meter="pages", source_url=""),
            token_price(meter="audio", effective_to="2025-01-01"),
        ],
        accelerators=[accelerator(), accelerator(), accelerator(id="a2", memory_gb="-4", status="lost")],
    )
    found = faults(folder)
    assert set(found) == {
        "token_prices.csv:2:usd",
        "token_prices.csv:3:usd",
        "token_prices.csv:4:unit",
        "token_prices.csv:5:source_url",
        "token_prices.csv:6:effective_to",
        "accelerators.csv:3:effective_from",
        "accelerators.csv:4:status",
    }


def test_two_prices_of_one_fact_may_not_overlap(tmp_path: Path) -> None:
    rows = [token_price(effective_to="2026-06-02"), token_price(usd="4", effective_from="2026-06-01")]
    assert (
        "overlaps token_prices.csv:2" in faults(write(tmp_path, token_prices=rows))["token_prices.csv:3:effective_from"]
    )


def test_a_price_may_follow_another_at_the_same_instant(tmp_path: Path) -> None:
    rows = [token_price(effective_to="2026-06-01"), token_price(usd="4", effective_from="2026-06-01")]
    folder = write(tmp_path, token_prices=rows)
    snapshot = snapshot_from_files(folder)
    key = next(snapshot.keys("token_prices"))
    before = snapshot.held("token_prices", *key, moment=datetime(2026, 5, 31, 23, 59, 59, 999999, tzinfo=UTC))
    after = snapshot.held("token_prices", *key, moment=datetime(2026, 6, 1, tzinfo=UTC))
    assert (before.usd, after.usd) == (Decimal(3), Decimal(4))


@pytest.mark.parametrize("usd", ["0", "700", "NaN", "Infinity", "-1", "1e9"])
def test_sentinels_and_impossible_prices_are_refused(tmp_path: Path, usd: str) -> None:
    assert "token_prices.csv:2:usd" in faults(write(tmp_path, token_prices=[token_price(usd=usd)]))


def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    assert "token_prices.csv:2:time_window" in faults(write(tmp_path, token_prices=[token_price(time_window="never")]))


def test_a_header_that_differs_names_the_columns(tmp_path: Path) -> None:
    folder = write(tmp_path, token_prices=[token_price()])
    path = folder / "token_prices.csv"
    path.write_text(path.read_text().replace("meter,", "metre,", 1))
    assert "missing ['meter'], unknown ['metre']" in faults(folder)["token_prices.csv:1:"]


def test_a_release_without_a_date_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, token_prices=[token_price()])
    (folder / "release.toml").write_text('published_on = "soon"\n')
    assert "release.toml:1:published_on" in faults(folder)


def test_the_digest_follows_the_facts_not_their_order_or_file(tmp_path: Path) -> None:
    one = write(tmp_path / "one", token_prices=[token_price(), token_price(meter="output")])
    other = write(tmp_path / "other", token_prices=[token_price(meter="output"), token_price()])
    assert read_catalog(one).release == read_catalog(other).release
    assert files_digest(one) != files_digest(other)


def test_the_bundled_catalogue_is_sound_and_no_file_is_overlooked() -> None:
    folder = bundled_folder()
    assert read_catalog(folder).release.digest
    homes = {path.relative_to(folder).parts[0].removesuffix(".csv") for path in folder.rglob("*.csv")}
    assert homes <= set(TABLE)
