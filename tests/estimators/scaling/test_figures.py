"""The figures of an operation under a law of each form, each by hand."""

import pytest

from mlquote.estimators.scaling import figures
from mlquote.estimators.scaling.figures import Coefficients
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.formulas.scaling.allocations import Counting
from mlquote.kit.errors import OutOfDomain

HALF = Coefficients({"n_c": 0.5, "alpha_n": 0.5}, "allocation")
TOKENS = Coefficients({"d_c": 2.0, "alpha_d": 0.5}, "allocation")
RATIO = Coefficients({"x_c": 0.05, "alpha_n": 0.0}, "allocation_ratio")


def test_the_side_that_is_not_published_follows_from_compute() -> None:
    """N = 0.5 sqrt(1e12) = 5e5, so D = 1e12 / (6 x 5e5); D = 2 sqrt(1e12) = 2e6, so N = 1e12 / (6 x 2e6)."""
    question = ScalingQuestion(op="compute_optimal", C=1e12)
    assert figures.allocated(question, HALF)["D"] == pytest.approx(1e12 / (6 * 5e5))
    assert figures.allocated(question, TOKENS)["N"] == pytest.approx(1e12 / (6 * 2e6))


@pytest.mark.parametrize("law", [HALF, TOKENS], ids=["parameters", "tokens"])
def test_the_budget_of_a_size_is_the_one_that_gives_it(law: Coefficients) -> None:
    size = figures.allocated(ScalingQuestion(op="compute_optimal", C=3e20), law)["N"]
    found = figures.allocated_for_params(ScalingQuestion(op="chinchilla_for_params", N=size), law)
    assert found["C"] == pytest.approx(3e20)


def test_twenty_tokens_a_parameter_split_a_budget() -> None:
    """1 / 0.05 = 20 tokens a parameter: 6 N (20 N) = 1.2e20 gives N = 1e9."""
    found = figures.ratio_split(ScalingQuestion(op="compute_optimal", C=1.2e20), RATIO)
    assert (found["N"], found["D"]) == (pytest.approx(1e9), pytest.approx(2e10))
    back = figures.ratio_for_params(ScalingQuestion(op="chinchilla_for_params", N=1e9), RATIO)
    assert back["C"] == pytest.approx(1.2e20)


def test_an_offset_law_is_turned_around() -> None:
    law = Coefficients({"E": 0.5, "x_c": 1e20, "alpha": 0.1}, "power_law_offset")
    loss = figures.offset_at_compute(ScalingQuestion(op="loss_at_compute", C=1e22), law)["loss"]
    assert loss == pytest.approx(0.5 + 100**-0.1)
    assert figures.offset_compute(ScalingQuestion(op="compute_for_loss", loss=loss), law)["C"] == pytest.approx(1e22)
    with pytest.raises(OutOfDomain):
        figures.offset_compute(ScalingQuestion(op="compute_for_loss", loss=0.5), law)


def test_exponents_of_one_published_side_add_up_to_one() -> None:
    question = ScalingQuestion(op="allocation_exponent")
    assert figures.allocation_exponents(question, TOKENS)["exponent_params"] == pytest.approx(0.5)
    tilted = Coefficients({"x_c": 0.01, "alpha_n": -0.1}, "allocation_ratio")
    assert figures.ratio_exponents(question, tilted)["exponent_params"] == pytest.approx(0.45)


def test_bits_that_are_not_named_count_whole() -> None:
    gammas = {"gamma_weights": 2.0, "gamma_activations": 1.0, "gamma_cache": 1.0}
    found = figures.effective_params(
        ScalingQuestion(op="effective_params", N=1e9, weight_bits=2), Coefficients(gammas, "precision", Counting())
    )
    assert found["effective_fraction"] == pytest.approx(1 - 2.718281828459045**-1)
