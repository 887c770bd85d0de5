"""The laws of many runs at once are the laws of one: losses, tokens for a loss, the worth of one more token."""

import numpy as np
import pytest

from mlquote.formulas.scaling.many import Repeats, loss_per_token, losses, tokens_for
from mlquote.formulas.scaling.parametric import ParametricLaw, data_constrained_loss, predicted_loss, tokens_for_loss

LAW = ParametricLaw(1.8691436784054858, 520.8249516599187, 1487.716093782861, 0.3526596, 0.3526596)
"""Muennighoff et al. 2023."""
REPEATS = Repeats(25e9, 15.387756, 5.309743)
PARAMS, TOKENS = np.array([1e8, 7e9, 1e12]), np.array([2e9, 2.4e11, 3e11])


def test_losses_are_those_of_each_run() -> None:
    pairs = list(zip(PARAMS, TOKENS, strict=True))
    assert losses(LAW, PARAMS, TOKENS) == pytest.approx([predicted_loss(LAW, n, d) for n, d in pairs], rel=1e-14)
    each = [data_constrained_loss(LAW, n, d, 25e9, r_d_star=15.387756, r_n_star=5.309743) for n, d in pairs]
    assert losses(LAW, PARAMS, TOKENS, REPEATS) == pytest.approx(each, rel=1e-14)


def test_tokens_reach_the_loss_or_none_do() -> None:
    assert tokens_for(LAW, PARAMS[1:], 2.2) == pytest.approx([tokens_for_loss(LAW, n, 2.2) for n in PARAMS[1:]])
    assert tokens_for(LAW, PARAMS, 2.2)[0] == np.inf
    found = tokens_for(LAW, PARAMS[1:2], 2.3, REPEATS)
    assert losses(LAW, PARAMS[1:2], found, REPEATS) == pytest.approx([2.3])
    assert tokens_for(LAW, PARAMS[1:2], 2.0, REPEATS)[0] == np.inf


@pytest.mark.parametrize("repeats", [None, REPEATS])
def test_one_more_token_is_worth_the_slope(repeats: Repeats | None) -> None:
    ends = losses(LAW, PARAMS[1:2], np.array([2.4e11 * 1.001]), repeats) - losses(
        LAW, PARAMS[1:2], np.array([2.4e11 * 0.999]), repeats
    )
    assert loss_per_token(LAW, 7e9, 2.4e11, repeats) == pytest.approx(float(ends[0]) / (0.002 * 2.4e11), rel=1e-4)
