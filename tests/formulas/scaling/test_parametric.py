"""Scaling laws against the numbers their authors printed, and against each other's inverses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.scaling.parametric import (
    ParametricLaw,
    accelerator_hours,
    compute_for_loss,
    compute_optimal,
    compute_optimal_for_params,
    data_constrained_loss,
    inference_optimal,
    kaplan_joint_loss,
    power_law_loss,
    predicted_loss,
    tokens_for_loss,
)
from mlquote.kit.errors import OutOfDomain

PRINTED = ParametricLaw(1.69, 406.4, 410.7, 0.34, 0.28)
TEX = ParametricLaw(1.6933736809989528, 406.4010175194737, 410.7228269450398, 0.33917084, 0.2849083)
SARDANA = ParametricLaw(1.69, 406.4, 410.7, 0.336, 0.283)
BESIROGLU = ParametricLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658)
C4 = ParametricLaw(1.8691436784054858, 520.8249516599187, 1487.716093782861, 0.3526596, 0.3526596)
LAWS = (PRINTED, TEX, SARDANA, BESIROGLU, C4)


def test_sardana_print_the_loss_of_70_billion_parameters_on_a_trillion_tokens_as_1_947() -> None:
    assert predicted_loss(SARDANA, 70e9, 1e12) == pytest.approx(1.947, abs=5e-4)


@pytest.mark.parametrize(("n_params", "flop", "tokens"), [(400e6, 2.21e19, 9.2e9), (1e12, 5.65e26, 94.1e12)])
def test_the_three_digit_fit_reproduces_hoffmann_table_a3_approach_3(
    n_params: float, flop: float, tokens: float
) -> None:
    run = compute_optimal(SARDANA, flop)
    assert (run.n_params, run.n_tokens) == (pytest.approx(n_params, rel=0.05), pytest.approx(tokens, rel=0.05))


def test_the_tex_digits_give_the_caption_of_hoffmann_figure_4_and_the_printed_ones_do_not() -> None:
    """The caption: about 40 billion parameters at Gopher's budget, 5.76e23 FLOP."""
    assert compute_optimal(TEX, 5.76e23).n_params == pytest.approx(40.4e9, rel=0.005)
    assert compute_optimal(PRINTED, 5.76e23).n_params == pytest.approx(32.2e9, rel=0.005)


def test_inference_makes_the_best_model_smaller_as_sardana_print() -> None:
    """Loss 1.947 with 2e12 inference tokens: 2.418e10 parameters, 2.657e12 tokens, 95.22 percent of the cost."""
    best, plain = inference_optimal(SARDANA, 1.947, 2e12), compute_for_loss(SARDANA, 1.947)
    totals = [run.training_flop + 2.0 * run.n_params * 2e12 for run in (best, plain)]
    assert best.n_params == pytest.approx(2.418e10, rel=1e-3)
    assert best.n_tokens == pytest.approx(2.657e12, rel=1e-3)
    assert totals[0] / totals[1] == pytest.approx(0.9522, abs=1e-4)


def test_no_inference_leaves_the_compute_optimal_model() -> None:
    run = inference_optimal(SARDANA, 2.0, 0.0)
    assert run.n_params == pytest.approx(compute_for_loss(SARDANA, 2.0).n_params, rel=1e-6)


def test_repeated_data_count_as_muennighoff_print() -> None:
    """Their README: 6.34e9 parameters, 242e9 tokens of which 25e9 unique, loss 2.2256440889984477."""
    loss = data_constrained_loss(C4, 6.34e9, 242e9, 25e9, r_d_star=15.387756, r_n_star=5.309743)
    assert loss == pytest.approx(2.2256440889984477, rel=1e-12)


def test_data_never_repeated_are_worth_all_they_are() -> None:
    loss = data_constrained_loss(C4, 1e8, 20e9, 50e9, r_d_star=15.387756, r_n_star=5.309743)
    assert loss == pytest.approx(predicted_loss(C4, 1e8, 20e9), rel=1e-12)


def test_kaplan_laws_by_hand() -> None:
    """(8.8e13 / 8.8e13)^0.076 = 1; the joint law on endless data is the one in parameters with its own N_c."""
    assert power_law_loss(8.8e13, 8.8e13, 0.076) == 1.0
    joint = kaplan_joint_loss(1e9, 1e30, n_c=6.4e13, d_c=1.8e13, alpha_n=0.076, alpha_d=0.103)
    assert joint == pytest.approx((6.4e13 / 1e9) ** 0.076, rel=1e-9)


def test_hours_of_an_accelerator() -> None:
    """1e15 FLOP/s at half its peak does 1.8e18 FLOP in an hour."""
    assert accelerator_hours(1.8e18, 1e15, 0.5) == pytest.approx(1.0)


@given(st.sampled_from(LAWS), st.floats(17.0, 27.0))
def test_compute_for_loss_undoes_compute_optimal(law: ParametricLaw, magnitude: float) -> None:
    run = compute_optimal(law, 10.0**magnitude)
    back = compute_for_loss(law, run.loss)
    assert back.training_flop == pytest.approx(run.training_flop, rel=1e-7)
    assert compute_optimal_for_params(law, run.n_params).training_flop == pytest.approx(run.training_flop, rel=1e-9)
    assert tokens_for_loss(law, run.n_params, run.loss) == pytest.approx(run.n_tokens, rel=1e-6)


@given(st.sampled_from(LAWS), st.floats(18.0, 26.0), st.floats(-1.0, 1.0))
def test_no_other_split_of_the_same_compute_is_better(law: ParametricLaw, magnitude: float, shift: float) -> None:
    run = compute_optimal(law, 10.0**magnitude)
    moved = math.exp(shift)
    assert predicted_loss(law, run.n_params * moved, run.n_tokens / moved) >= run.loss * (1 - 1e-12)


@given(st.sampled_from(LAWS))
def test_one_percent_less_reducible_loss_costs_the_elasticity_more_compute(law: ParametricLaw) -> None:
    flop = [compute_for_loss(law, law.E + gap).training_flop for gap in (0.5, 0.5 * 0.99)]
    assert math.log(flop[1] / flop[0]) == pytest.approx(-law.elasticity * math.log(0.99), rel=1e-9)


@pytest.mark.parametrize("loss", [1.69, 1.0])
def test_a_loss_at_or_below_the_floor_is_refused(loss: float) -> None:
    with pytest.raises(OutOfDomain, match="irreducible"):
        compute_for_loss(PRINTED, loss)
    with pytest.raises(OutOfDomain, match="any number of tokens"):
        tokens_for_loss(PRINTED, 1e9, loss)
