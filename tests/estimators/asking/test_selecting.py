"""What stands in for what was asked is said, with the doubt it adds."""

from datetime import UTC, datetime

import pytest

from mlquote.estimators.asking.selecting import StandIn, first_with_rows, from_another_time
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
    ("begun", "year", "is_said"),
    [
        pytest.param(2023, 2023, False, id="three years are a lag"),
        pytest.param(2022, 2022, True, id="four years have missed a successor"),
        pytest.param(2022, None, False, id="unless it is no annual figure"),
        pytest.param(2027, None, True, id="not begun"),
    ],
)
def test_a_figure_of_another_time_is_said(begun: int, year: int | None, is_said: bool) -> None:
    figure = row("facilities", effective_from=datetime(begun, 1, 1, tzinfo=UTC))
    said = from_another_time("pue", figure, datetime(2026, 7, 1, tzinfo=UTC), year=year)
    assert [each.code for each in said] == (["figure-from-another-year"] if is_said else [])


def test_a_figure_that_has_ended_is_said() -> None:
    ended = row("facilities", effective_to=datetime(2026, 7, 1, tzinfo=UTC))
    (said,) = from_another_time("pue", ended, datetime(2026, 7, 1, tzinfo=UTC))
    assert said.detail == "no pue of 2026 is known: one of 2026-07-01 stands in"
