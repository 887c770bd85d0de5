"""The published error rate is what the record of verifications gives, and its intervals are Wilson's."""

import importlib.util
from pathlib import Path

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.store.files import bundled_folder, snapshot_from_files

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"
found = importlib.util.spec_from_file_location("accuracy", SCRIPT)
assert found is not None
assert found.loader is not None
accuracy = importlib.util.module_from_spec(found)
found.loader.exec_module(accuracy)


@pytest.fixture(scope="module")
def catalog() -> Snapshot:
    return snapshot_from_files(bundled_folder())


def test_the_page_is_what_the_record_gives(catalog: Snapshot) -> None:
    assert accuracy.PAGE.read_text() == accuracy.page(catalog), "run benchmarks/accuracy.py"


def test_every_verification_is_of_a_table_that_is_held(catalog: Snapshot) -> None:
    record = catalog.rows("verifications")
    assert {row.table_name for row in record} <= set(TABLE)
    assert all(row.rows == 1 for row in record if row.row)
    assert all(row.fields and row.note for row in record if row.verdict == "wrong")


@pytest.mark.parametrize(
    ("wrong", "looked_at", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (6, 25, 0.1150, 0.4343)],
)
def test_an_interval_is_wilsons(wrong: int, looked_at: int, low: float, high: float) -> None:
    """(p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), z2 = 3.8415; of 0 in 10: 0.38415 / 1.38415 = 0.2775."""
    assert accuracy.wilson(wrong, looked_at) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_looked_at_says_nothing() -> None:
    assert accuracy.wilson(0, 0) == (0.0, 1.0)


def test_a_seed_draws_the_same_rows_again_and_another_others(catalog: Snapshot) -> None:
    first = accuracy.drawn(catalog, "accelerators", 20, 1)
    assert first == accuracy.drawn(catalog, "accelerators", 20, 1) != accuracy.drawn(catalog, "accelerators", 20, 2)
    assert len(set(first)) == 20
