"""An answer as CSV: one figure a line."""

from datetime import UTC, datetime
from decimal import Decimal

from mlquote.render import csv
from tests.render.sample import ANSWER


def test_csv_keeps_every_digit() -> None:
    lines = csv.rendered(ANSWER).splitlines()
    assert lines[0] == "name,low,central,high,unit,text"
    assert "energy_kwh,1.0,2.5,10000000.0,kWh," in lines
    assert "cost_lines.0.usd,,5,,$," in lines


def test_words_yes_and_no_and_moments_stand_in_a_column_of_their_own() -> None:
    """`central` is a column of numbers: a single word in it, and pandas would read it as one of text."""
    since = datetime(2026, 11, 23, tzinfo=UTC)
    told = {"basis": "rental", "fits": True, "since": since, "usd": Decimal("0.10"), "loss": None, "joules": 2}
    assert csv.rendered(told).splitlines()[1:] == [
        "basis,,,,,rental", "fits,,,,,true", "since,,,,,2026-11-23T00:00:00Z", "usd,,0.10,,$,", "loss,,,,,",
        "joules,,2,,,",
    ]  # fmt: skip


def test_csv_of_a_catalogue_page_keeps_its_columns() -> None:
    assert csv.rendered({"rows": [{"id": "a", "watts": 700.0}]}) == "id,watts\na,700.0\n"


def test_what_a_row_nests_has_columns_of_its_own_and_a_list_is_one_cell() -> None:
    rows = [{"id": "a", "usd": {"low": 1, "high": 2}, "warnings": ["x", "y"]}, {"id": "b", "usd": None}]
    assert csv.rendered({"rows": rows}) == "id,usd.low,usd.high,warnings,usd\na,1,2,x; y,\nb,,,,\n"
