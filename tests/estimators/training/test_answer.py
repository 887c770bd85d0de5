"""What an answer shows: nulls explained, doubt shared out, guesses said."""

import pytest

from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import OutOfDomain
from tests.estimators.hardware_sample import NOW, row, snapshot
from tests.estimators.training.asking import PLAIN, asked, codes, result


def test_market_based_is_unknown_without_a_provider_who_publishes_it() -> None:
    assert result(**PLAIN).emissions_kgco2e.market_based is None


def test_shares_of_variance_add_to_one_and_name_the_assumption() -> None:
    answer = asked(**PLAIN, grid_zone="USA")
    shares = [a.share_of_variance for a in answer.assumptions if a.share_of_variance is not None]
    assert sum(shares) == pytest.approx(1.0, abs=0.002)
    for each in answer.result.variance_shares.values():
        assert sum(each.values()) == pytest.approx(1.0)


def test_a_guessed_grid_is_said_to_be_one() -> None:
    assert "grid-zone-assumed" in codes(asked(**PLAIN))
    assert "grid-zone-assumed" not in codes(asked(**PLAIN, grid_zone="USA"))


def test_what_nobody_published_is_null_with_a_warning() -> None:
    bare = snapshot(accelerators=[row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd")])
    question = TrainingQuestion.model_validate({"accelerator": "x9", "accelerator_hours": 10})
    with pytest.raises(OutOfDomain, match="no dense rate"):
        training_estimate(TrainingQuestion.model_validate(PLAIN | {"accelerator": "x9"}), bare, NOW)
    answer = training_estimate(question, bare, NOW)
    assert answer.result.cost_usd is None
    assert answer.result.energy_kwh is None
    assert {"no-rental-price", "no-tdp", "no-purchase-price"} <= codes(answer)


def test_null_figures_are_explained() -> None:
    answer = asked(**PLAIN)
    assert answer.result.wall_clock_hours is None
    assert {"no-accelerator-count", "no-market-based-factor", "no-water-figure"} <= codes(answer)
    assert answer.question["precision"] == "bf16"


def test_the_cost_that_was_asked_for_is_one_of_the_two() -> None:
    rented, owned = result(**PLAIN), result(**PLAIN, price_model="owned")
    assert rented.cost_usd == rented.cost_usd_rental
    assert owned.cost_usd == owned.cost_usd_amortised
    assert owned.cost_basis == "amortised"
