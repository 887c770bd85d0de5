"""Sigmoid, softplus, softmax and logarithms keep their digits where the plain forms lose them."""

import math

import numpy as np
import pytest

from mlquote.losses.stable import Softmax, clamped_log, sigmoid, softplus, times


@pytest.mark.parametrize(
    ("u", "plus", "sig"),
    [
        (0.0, math.log(2), 0.5),
        (-40.0, 4.248354255291589e-18, 4.248354255291589e-18),  # both e^-40
        (40.0, 40.0, 1.0),
        (-800.0, 0.0, 0.0),
        (800.0, 800.0, 1.0),
        (-math.inf, 0.0, 0.0),
        (math.inf, math.inf, 1.0),
    ],
)
def test_softplus_and_sigmoid_at_both_ends(u: float, plus: float, sig: float) -> None:
    assert softplus(np.array([u]))[0] == pytest.approx(plus, rel=1e-15)
    assert sigmoid(np.array([u]))[0] == pytest.approx(sig, rel=1e-15)


def test_no_weight_silences_an_infinite_term() -> None:
    assert times(np.array([0.0, 2.0]), np.array([math.inf, 3.0])).tolist() == [0.0, 6.0]


@pytest.mark.parametrize(
    ("p", "clamp", "log", "slope", "held"),
    [
        (0.5, {"kind": "none"}, math.log(0.5), 2.0, False),
        (0.0, {"kind": "log_floor", "value": -100.0}, -100.0, 0.0, True),
        (0.0, {"kind": "prob_eps", "value": 0.25}, math.log(0.25), 0.0, True),
        (0.5, {"kind": "prob_eps", "value": 0.25}, math.log(0.5), 2.0, False),
    ],
    ids=["none", "floor", "eps", "inside"],
)
def test_a_clamp_holds_a_logarithm_and_stops_its_slope(
    p: float, clamp: dict[str, object], log: float, slope: float, held: bool
) -> None:
    with np.errstate(divide="ignore"):
        found = clamped_log(np.array([p]), clamp)
        mirrored = clamped_log(np.array([1.0 - p]), clamp, complement=True)
    for logs, slopes, holds in (found, mirrored):
        assert (logs[0], slopes[0], bool(holds[0])) == (pytest.approx(log), slope, held)


def test_a_softmax_sets_its_largest_entry_apart() -> None:
    """Logits 50 and 0: q = (1 - e^-50, e^-50), -log q_0 = e^-50, and the gradient of class 0 is -e^-50, not 0."""
    z = np.array([[50.0, 0.0], [1.0, 3.0]])
    soft = Softmax(z, np.empty_like(z))
    labels = np.array([0, 0])
    assert soft.negative_log(labels)[0] == pytest.approx(math.exp(-50), rel=1e-14)
    assert soft.negative_log(labels)[1] == pytest.approx(2 + math.log1p(math.exp(-2)))
    soft.gradient(labels, 1.0)
    assert soft.e[0].tolist() == pytest.approx([-math.exp(-50), math.exp(-50)], rel=1e-14, abs=0)


def test_its_probabilities_are_those_of_the_textbook() -> None:
    z = np.random.default_rng(1).normal(size=(4, 3))
    wanted = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(Softmax(z, np.empty_like(z)).probabilities(), wanted, rtol=1e-14)
