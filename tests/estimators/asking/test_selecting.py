"""What stands in for what was asked is said, with the doubt it adds."""

from datetime import UTC, datetime

import pytest

from mlquote.estimators.asking.selecting import StandIn, first_with_rows, from_another_year
from tests.estimators.hardware_sample import row

REGION, DATE = StandIn("price-from-another-region", "a", 0.3), StandIn("price-from-another-date", "b", 0.4)


def test_the_first_rung_with_rows_answers_with_what_it_stands_in_for() -> None:
    chosen = first_with_rows([([], ()), ([1, 2], (REGION, DATE)), ([3], ())])
    assert chosen is not None
    assert chosen.rows == (1, 2)
    assert [warning.code for warning in chosen.warnings] == ["price-from-another-region", "price-from-another-date"]
    assert chosen.log_sd == pytest.approx(0.5)  # sqrt(0.3^2 + 0.4^2)


def test_no_rung_no_choice() -> None:
    assert first_with_rows([([], (REGION,))]) is None


@pytest.mark.parametrize(
    ("year", "moved", "is_said"),
    [
        pytest.param(2023, False, False, id="three years are a lag"),
        pytest.param(2022, False, True, id="four years have missed a successor"),
        pytest.param(2022, True, False, id="unless a trend carried it on"),
        pytest.param(2027, True, True, id="not begun"),
    ],
)
def test_an_annual_figure_of_another_year_is_said(year: int, moved: bool, is_said: bool) -> None:
    figure = row("facilities", year=year, effective_from=datetime(year, 1, 1, tzinfo=UTC))
    said = from_another_year("pue", figure, year, datetime(2026, 7, 1, tzinfo=UTC), moved=moved)
    assert [each.code for each in said] == (["figure-from-another-year"] if is_said else [])
