"""A sum to come under a weekly season: what the range holds, and what moves it."""

import numpy as np
import pytest

from mlquote.formulas.weekly import LEAST_DAYS, sum_ahead, weekly_factors

OFFICE = (100.0, 100.0, 100.0, 100.0, 100.0, 20.0, 20.0)


def ranged(days: list[float], coming: list[float]) -> tuple[float, float, float]:
    """The 80 % interval and the median of what is to come."""
    ahead = sum_ahead(days, coming)
    return ahead.quantile(0.1), ahead.quantile(0.5), ahead.quantile(0.9)


def test_weeks_that_agree_give_their_own_factors() -> None:
    # a week of 540: a working day is 100 / (540 / 7), a free one 20 / (540 / 7)
    assert weekly_factors(list(OFFICE) * 8) == pytest.approx([100 * 7 / 540] * 5 + [20 * 7 / 540] * 2)


def test_the_first_factor_is_that_of_the_next_day() -> None:
    assert weekly_factors([*OFFICE * 8, *OFFICE[:5]])[0] == pytest.approx(20 * 7 / 540, rel=0.05)


def test_noise_without_a_season_has_none() -> None:
    days = np.random.default_rng(3).lognormal(0, 0.3, 84).tolist()
    assert weekly_factors(days) == pytest.approx([1.0] * 7, abs=0.15)  # seven means of 12 days of 30 %


def test_a_month_of_a_steady_week_is_its_weeks() -> None:
    low, middle, high = ranged(list(OFFICE) * 8, [1.0] * 28)
    assert middle == pytest.approx(4 * 540, rel=0.02)
    assert low < 4 * 540 < high
    assert high / low < 1.35


def test_two_free_days_ahead_are_small() -> None:
    assert ranged([*OFFICE * 8, *OFFICE[:5]], [1.0, 1.0])[1] == pytest.approx(40, rel=0.15)


def test_half_a_day_is_half_of_it() -> None:
    whole, half = (ranged([50.0] * 40, [share])[1] for share in (1.0, 0.5))
    assert half == pytest.approx(whole / 2, rel=0.05)


def test_a_thousand_times_the_money_is_a_thousand_times_the_range() -> None:
    days = np.random.default_rng(4).lognormal(3, 0.4, 60).tolist()
    small, large = ranged(days, [1.0] * 9), ranged([1000 * day for day in days], [1.0] * 9)
    assert large == pytest.approx([1000 * end for end in small], rel=1e-6)


def test_a_short_past_answers_with_a_wider_range() -> None:
    days = np.random.default_rng(5).lognormal(3, 0.3, 112).tolist()
    wide, narrow = (ranged(days[-count:], [1.0] * 20) for count in (LEAST_DAYS, 112))
    assert wide[2] / wide[0] > 1.3 * narrow[2] / narrow[0]


def test_spending_that_doubled_is_foretold_at_its_new_level() -> None:
    low, _, high = ranged([50.0] * 60 + [100.0] * 20, [1.0] * 10)
    assert low < 1000 < high
    assert low > 700


@pytest.mark.parametrize("days", [[1.0] * 13, [0.0] * 30], ids=["too few", "nothing spent"])
def test_no_range_comes_of_too_little(days: list[float]) -> None:
    with pytest.raises(ValueError, match="at least 14 days"):
        sum_ahead(days, [1.0])


def test_four_of_five_held_back_sums_lie_in_their_range() -> None:
    draw, hits, tries = np.random.default_rng(6), 0, 0
    for _ in range(120):
        wander = np.exp(np.cumsum(draw.normal(0, 0.03, 70)))
        days = (np.tile(OFFICE, 10) * wander * draw.lognormal(0, 0.2, 70)).tolist()
        low, _, high = ranged(days[:56], [1.0] * 14)
        hits, tries = hits + (low <= sum(days[56:]) <= high), tries + 1
    assert 0.70 <= hits / tries <= 0.90
