"""Losses of preferences and policies against their textbook forms, solved by hand."""

import math
from fractions import Fraction

import pytest

from mlquote.losses.objective import evaluate


@pytest.mark.parametrize("d", [1e-9, -1e-6, 5e-3, -9.9e-3, 0.5])
def test_the_third_kl_estimator_keeps_its_digits_near_zero(d: float) -> None:
    """exp(-d) - 1 + d in exact fractions: sum over k >= 2 of (-d)^k / k!."""
    exact = float(sum(Fraction(-d) ** k / math.factorial(k) for k in range(2, 30)))
    body = {"loss": "ppo_clip", "predictions": {"logp": [d]}, "params": {"kl_coef": 1.0, "kl_estimator": "k3"}}
    body["targets"] = {"logp_old": [d], "advantages": [0.0], "logp_ref": [0.0]}
    assert evaluate(body)["cost"] == pytest.approx(exact, rel=1e-12)
