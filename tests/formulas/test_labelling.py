"""Votes, tiers and fees against the examples that their sources print."""

from decimal import Decimal

import pytest

from mlquote.formulas.labelling import (
    assignment_fee_usd,
    majority_accuracy,
    monthly_usd,
    pairs_of_ranking,
    sample_for_share,
    sequential_votes,
    started_units,
    tiered_usd,
)

BOXES = ((0, Decimal("0.063")), (50_000, Decimal("0.049")))
"""Google's price list: dollars a box, and after the first 50,000 of a month."""


def test_a_started_unit_counts_whole() -> None:
    # Google's own examples: 70 words are 2 units of 50, 25 seconds 5 units of 5, 2 minutes 4 units of 30 seconds
    assert [started_units(Decimal(a), Decimal(b)) for a, b in ((70, 50), (25, 5), (120, 30), (0, 5))] == [2, 5, 4, 0]


def test_votes_until_a_lead_of_two_are_fewer_than_three_and_seldom_wrong() -> None:
    votes, right = sequential_votes(0.9, 2)
    assert (round(votes, 2), round(right, 3)) == (2.44, 0.988)
    assert sequential_votes(1.0, 3) == (3.0, 1.0)
    assert sequential_votes(0.7, 1) == pytest.approx((1.0, 0.7))


def test_a_majority_of_three_is_right_more_often_than_one() -> None:
    assert majority_accuracy(0.9, 3) == pytest.approx(0.9**3 + 3 * 0.9**2 * 0.1)  # 0.972
    assert majority_accuracy(0.5, 5) == pytest.approx(0.5)


def test_tiers_are_marginal_and_begin_again_each_month() -> None:
    # 120,000 boxes in a month: 50,000 at 63 and 70,000 at 49 dollars a thousand
    assert tiered_usd(120_000, BOXES) == Decimal(6580)
    assert monthly_usd(120_000, 3, BOXES) == Decimal("0.063") * 120_000
    assert tiered_usd(50_000, BOXES) + Decimal("0.049") == tiered_usd(50_001, BOXES)
    assert monthly_usd(7, 3, BOXES) == 7 * Decimal("0.063")


@pytest.mark.parametrize(
    ("reward", "fraction", "fee"),
    [("0.15", "0.2", "0.03"), ("0.01", "0.2", "0.01"), ("0.52", "0.2", "0.10"), ("0.525", "0.2", "0.11"),
     ("0.525", "0.4", "0.21"), ("0", "0.2", "0.01")],
)  # fmt: skip
def test_a_fee_is_rounded_half_up_and_never_below_a_cent(reward: str, fraction: str, fee: str) -> None:
    # Amazon: 0.104 is rounded to 0.10 and 0.105 to 0.11; 0.01 at least
    assert assignment_fee_usd(Decimal(reward), Decimal(fraction), Decimal("0.01")) == Decimal(fee)


def test_a_ranking_of_four_to_nine_answers_holds_six_to_thirty_six_pairs() -> None:
    assert [pairs_of_ranking(k) for k in (2, 4, 9)] == [1, 6, 36]


def test_385_items_measure_a_share_to_five_points() -> None:
    assert sample_for_share(0.05) == 385
