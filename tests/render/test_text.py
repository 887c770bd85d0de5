"""An answer as an aligned table; units are learnt from the names."""

from decimal import Decimal

from mlquote.render import text
from tests.render.sample import ANSWER


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


def test_a_range_of_dollars_is_not_written_finer_than_it_is_known() -> None:
    span = {"low": Decimal("0.032121910869"), "central": Decimal("107062791.01"), "high": Decimal("2577.5")}
    assert (
        text.rendered({"result": {"cost_usd": span}}).splitlines()[1] == "cost_usd  0.03212  107,062,791  2,578     $"
    )


def test_only_money_keeps_digits_that_came_as_decimals() -> None:
    parsed = {"result": {"cost_usd": Decimal("0.00123456"), "wall_clock_hours": Decimal("98.97852028639618")}}
    assert text.rendered(parsed) == "cost_usd            0.00123456    $\nwall_clock_hours         98.98    h\n"


def test_a_mapping_that_is_no_envelope_is_a_table_too() -> None:
    assert text.rendered({"status": "alive", "rows": [{"id": "a"}]}) == "status  alive\n\nrows\nid\na\n"


def test_rows_are_aligned_left_and_right() -> None:
    assert text.aligned([("a", "1", "x"), ("bb", "10", "y")], left=1) == "a    1  x\nbb  10  y\n"
