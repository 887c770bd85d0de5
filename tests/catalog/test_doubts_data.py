"""The spreads and defaults that the service ships: each with a source or an honest word that it is our judgement."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import InvalidCatalog
from tests.catalog.sample import doubts_and_defaults

DOCS = Path(__file__).resolve().parents[2]
NOVEMBER = datetime(2026, 11, 23, tzinfo=UTC)
HOPPER = datetime(2022, 3, 22, tzinfo=UTC)


def test_a_spread_is_read_by_its_quantity_and_level(catalog: Snapshot) -> None:
    assert catalog.doubt("kgco2e_per_kwh", "country") == 0.22
    assert catalog.doubt("usd_per_kwh") == 0.25
    assert catalog.doubt_row("tdp_w", "assumed").note.startswith("judgement: ")


def test_a_default_is_read_at_its_moment(catalog: Snapshot) -> None:
    """Eight 200 Gb/s cards of a DGX A100, then one of 400 Gb/s for each GPU: 25 and 50 GB/s."""
    moments = (datetime(2010, 1, 1, tzinfo=UTC), HOPPER - timedelta(microseconds=1), HOPPER, NOVEMBER)
    assert [catalog.default("network_gb_per_s", moment).value for moment in moments] == [25, 25, 50, 50]


def test_what_a_release_does_not_say_is_named(catalog: Snapshot) -> None:
    with pytest.raises(InvalidCatalog, match="no doubt kgco2e_per_kwh/galaxy") as caught:
        catalog.doubt("kgco2e_per_kwh", "galaxy")
    assert "pricing_data/doubts.csv" in caught.value.faults[0].hint
    with pytest.raises(InvalidCatalog, match="no default wings"):
        catalog.default("wings", NOVEMBER)


def test_a_value_lies_between_its_ends_and_one_of_them_is_there(catalog: Snapshot) -> None:
    for row in catalog.rows("defaults"):
        assert row.unit
        if row.value is None:
            assert row.low is not None and row.high is not None, row.name
        assert (row.low or 0.0) <= (row.high or 1e9)
        assert row.value is None or (row.low or 0.0) <= row.value <= (row.high or 1e9), row.name


def test_a_page_of_our_own_that_is_named_as_source_is_there(catalog: Snapshot) -> None:
    tables = ("doubts", "defaults", "fitted_factors", "serving_constants")
    pages = {row.source_url for name in tables for row in catalog.rows(name) if row.source_url.startswith("docs/")}
    assert pages
    for page in pages:
        assert (DOCS / page.partition("#")[0]).is_file(), page


def test_a_sample_holds_what_is_committed(catalog: Snapshot) -> None:
    sample = doubts_and_defaults()
    assert {name: set(rows) for name, rows in sample.items()} == {
        name: set(catalog.rows(name)) for name in ("doubts", "defaults")
    }
