"""One answer, three faces; each learns its units from the names."""

from datetime import UTC, datetime
from decimal import Decimal

from mlquote.render import csv, markdown, text

ANSWER = {
    "result": {
        "cost_usd": Decimal("1234.5"),
        "energy_kwh": {"low": 1.0, "central": 2.5, "high": 1e7},
        "water_l": None,
        "cost_basis": "rental",
        "cost_lines": [{"meter": "input", "quantity": 1_000_000, "usd": Decimal("5")}],
    },
    "catalog": {"release": "2026-11-23-abcdef01", "as_of": datetime(2026, 11, 23, tzinfo=UTC)},
    "warnings": [{"code": "no-water-figure", "detail": "nobody published it"}],
}


def test_text_is_aligned_and_names_release_moment_and_warning() -> None:
    assert text.rendered(ANSWER) == (
        "            low  central        high  unit\n"
        "cost_usd         1,234.5                 $\n"
        "energy_kwh    1      2.5  10,000,000   kWh\n"
        "water_l                -                 l\n"
        "\n"
        "cost_basis  rental\n"
        "\n"
        "cost_lines\n"
        "meter   quantity  usd\n"
        "input  1,000,000    5\n"
        "\n"
        "! no-water-figure: nobody published it\n"
        "\n"
        "release 2026-11-23-abcdef01, prices as of 2026-11-23T00:00:00Z, 80 % ranges\n"
    )


def test_markdown_has_a_table_and_escapes_pipes() -> None:
    assert "| energy_kwh | 1 | 2.5 | 10,000,000 | kWh |" in markdown.rendered(ANSWER)
    assert markdown.table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"


def test_csv_keeps_every_digit() -> None:
    lines = csv.rendered(ANSWER).splitlines()
    assert lines[0] == "name,low,central,high,unit"
    assert "energy_kwh,1.0,2.5,10000000.0,kWh" in lines
    assert "cost_lines.0.usd,,5,,$" in lines


def test_csv_of_a_catalogue_page_keeps_its_columns() -> None:
    assert csv.rendered({"rows": [{"id": "a", "watts": 700.0}]}) == "id,watts\na,700.0\n"


def test_a_range_of_dollars_is_not_written_finer_than_it_is_known() -> None:
    span = {"low": Decimal("0.032121910869"), "central": Decimal("107062791.01"), "high": Decimal("2577.5")}
    assert (
        text.rendered({"result": {"cost_usd": span}}).splitlines()[1] == "cost_usd  0.03212  107,062,791  2,578     $"
    )


def test_only_money_keeps_digits_that_came_as_decimals() -> None:
    parsed = {"result": {"cost_usd": Decimal("0.00123456"), "wall_clock_hours": Decimal("98.97852028639618")}}
    assert text.rendered(parsed) == "cost_usd            0.00123456    $\nwall_clock_hours         98.98    h\n"
