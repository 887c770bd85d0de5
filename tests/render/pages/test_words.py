"""Figures in words: two significant digits, one unit, money exact."""

from decimal import Decimal
from typing import Any

import pytest

from mlquote.render.pages.words import figure_unit, told


def _range(low: float, central: float, high: float) -> dict[str, float]:
    return {"low": low, "central": central, "high": high}


@pytest.mark.parametrize(
    ("name", "value", "short", "long", "sentence"),
    [
        ("cost_usd", _range(875e3, 1.779e6, 3.617e6), "$1.8 M", "$1.8 million", "$0.88 to $3.6 million"),
        ("wall_clock_hours", _range(427, 671, 1054), "28 days", "28 days", "18 to 44 days"),
        ("energy_kwh", _range(402e3, 656e3, 1.07e6), "660 MWh", "660 MWh", "400 to 1,100 MWh"),
        ("emissions_kgco2e.total", _range(130e3, 269e3, 558e3), "270 t CO₂e", "270 tonnes of CO₂e",
         "130 to 560 tonnes of CO₂e"),
        ("usd_per_mtok.output", _range(0.18, 0.3746, 0.78), "$0.37/Mtok", "$0.37 per million tokens",
         "$0.18 to $0.78 per million tokens"),
        ("accelerator_hours", _range(437e3, 687e3, 1.08e6), "690 k", "690 thousand", "440 to 1,100 thousand"),
        ("cost_usd", Decimal("17.5"), "$17.50", "$17.50", ""),
        ("cost_per_request_usd", Decimal("0.0175"), "$0.0175/request", "$0.0175 a request", ""),
        ("cost_usd", Decimal("123456.78"), "$123,457", "$123,457", ""),
        ("usd_per_mtok.blended", Decimal("11.666666666667"), "$11.666666667/Mtok",
         "$11.666666667 per million tokens", ""),
        ("predicted_loss", 2.0218, "2.02 nats/token", "2.02 nats/token", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_figure_is_told_in_one_unit(name: str, value: Any, short: str, long: str, sentence: str) -> None:
    figure = told(name, value)
    assert figure is not None
    plain = [each.replace("\u00a0", " ") for each in (figure.short, figure.long, figure.sentence)]
    assert plain == [short, long, sentence]


def test_what_is_unknown_or_no_number_is_told_as_none() -> None:
    assert told("cost_usd", None) is None
    assert told("cost_usd", {"low": None, "central": None, "high": None}) is None
    assert told("fits", True) is None


def test_a_part_has_the_unit_of_its_whole() -> None:
    assert figure_unit("emissions_kgco2e.location_based") == "kg CO2e"
    assert figure_unit("usd_per_mtok.input") == "$/Mtok"
