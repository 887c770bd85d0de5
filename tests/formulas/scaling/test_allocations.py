"""Laws of allocation, offset, ratio, mixture and precision: the numbers that their authors print."""

import pytest

from mlquote.formulas.scaling.allocations import (
    Counting,
    effective_params,
    flop_lost,
    offset_loss,
    power,
    tokens_per_param,
    worth_of_repeats,
)
from mlquote.formulas.scaling.parametric import ParametricLaw, compute_optimal
from mlquote.kit.errors import OutOfDomain


def test_llama_3s_optimum_is_the_one_it_trained_by() -> None:
    """Figure 3: 0.299 C^0.537 tokens; at 3.8e25 FLOP the text says 16.55e12 tokens and 402e9 parameters."""
    tokens = power(0.299, 0.537, 3.8e25)
    assert tokens == pytest.approx(16.55e12, rel=0.02)
    assert Counting().params(3.8e25, tokens) == pytest.approx(402e9, rel=0.04)


def test_a_law_counts_its_own_flop() -> None:
    """Hunyuan-Large: C = 9.59 N D + 2.3e8 D; 0.0059 C^0.5305 at 3.1e24 is 58.1e9 active parameters, 5.6e12 tokens."""
    active, tokens = power(0.0059, 0.5305, 3.1e24), power(3.2, 0.5, 3.1e24)
    assert (active, tokens) == (pytest.approx(58.1e9, rel=0.05), pytest.approx(5.6e12, rel=0.01))
    counting = Counting(9.59, 2.3e8)
    assert counting.flop(58.1e9, 5.6e12) == pytest.approx(9.59 * 58.1e9 * 5.6e12 + 2.3e8 * 5.6e12, rel=1e-12)
    assert counting.params(counting.flop(7e9, 1e12), 1e12) == pytest.approx(7e9, rel=1e-12)
    assert counting.tokens(counting.flop(7e9, 1e12), 7e9) == pytest.approx(1e12, rel=1e-12)


def test_a_budget_below_what_a_token_takes_beside_parameters_trains_none() -> None:
    with pytest.raises(OutOfDomain):
        Counting(9.59, 2.3e8).params(1e8, 1.0)


def test_minicpms_ratio_is_192_tokens_a_parameter() -> None:
    """1 / (0.01 (4.1e21 / 6e18)^-0.10) = 100 x 683^0.1 = 192."""
    assert tokens_per_param(0.01, -0.10, 4.1e21) == pytest.approx(100 * (4.1e21 / 6e18) ** 0.1, rel=1e-12)
    assert tokens_per_param(0.01, -0.10, 4.1e21) == pytest.approx(192, rel=0.001)


def test_cerebras_gpt_13b_is_predicted_at_1_58() -> None:
    """(2.3e22 / 5.984e22)^-0.0737 + 0.5066 = 1.580; measured 1.575."""
    assert offset_loss(2.3e22, 5.984e22, 0.0737, 0.5066) == pytest.approx(1.580, abs=5e-4)


@pytest.mark.parametrize(
    ("epochs", "worth"), [(1, 1.0), (2, 1.96819922), (4, 3.72567312), (16, 10.58245698), (40, 15.16746480)]
)
def test_repeats_are_worth_less_and_less(epochs: float, worth: float) -> None:
    """Four passes keep 93 % of the worth of fresh tokens, sixteen 66 %, forty 38 % (Muennighoff et al. 2023)."""
    assert worth_of_repeats(epochs, 15.387756) == pytest.approx(worth, rel=1e-8)


def test_an_allocation_off_the_optimum_wastes_compute() -> None:
    """393.3e9 x 16.1e12 under Llama 3's own points loses 2.39e24 of 3.8e25 FLOP: 6.3 % (arXiv 2603.22339)."""
    law = ParametricLaw(0.60467, 59.141, 155.11, 0.31001, 0.31364)
    assert flop_lost(law, 393.3e9, 16.1e12, 3.8e25, 6.0) == pytest.approx(2.39e24, rel=0.02)
    best = compute_optimal(law, 3.8e25)
    assert flop_lost(law, best.n_params, best.n_tokens, 3.8e25, 6.0) == pytest.approx(0.0, abs=1e16)


def test_four_bit_weights_lose_a_fifth_of_the_parameters() -> None:
    """1 - exp(-4 / 2.6745) = 0.776 (Kumar et al. 2024, appendix K)."""
    gammas = {"w": 2.6745, "a": 2.2102, "kv": 0.9578}
    assert effective_params(1.0, {"w": 4.0}, gammas) == pytest.approx(0.7759, rel=1e-3)
    assert effective_params(1e9, {}, gammas) == 1e9
