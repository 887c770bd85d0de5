"""Losses of real predictions against their textbook forms, solved by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array
from tests.losses.textbook import asked, codes, gradient, slope, values

Textbook = Callable[..., Array]


def squared(p: Array, y: Array, scale: float = 1.0) -> Array:
    return scale * (p - y) ** 2


def absolute(p: Array, y: Array) -> Array:
    return np.abs(p - y)


def huber(p: Array, y: Array, delta: float = 1.0) -> Array:
    r = np.abs(p - y)
    return np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))


def smooth_l1(p: Array, y: Array, beta: float = 1.0) -> Array:
    r = np.abs(p - y)
    return np.where(r < beta, r**2 / (2 * beta), r - beta / 2) if beta else r


def log_cosh(p: Array, y: Array) -> Array:
    return np.log(np.cosh(p - y))


def pinball(p: Array, y: Array, tau: float = 0.5) -> Array:
    return np.where(y >= p, tau * (y - p), (1 - tau) * (p - y))


FORMS: dict[str, tuple[str, Textbook, dict[str, float]]] = {
    "mse": ("mse", squared, {}),
    "half mse": ("mse", squared, {"scale": 0.5}),
    "mae": ("mae", absolute, {}),
    "huber": ("huber", huber, {}),
    "wide huber": ("huber", huber, {"delta": 2.5}),
    "smooth_l1": ("smooth_l1", smooth_l1, {}),
    "narrow smooth_l1": ("smooth_l1", smooth_l1, {"beta": 0.25}),
    "smooth_l1 without a square": ("smooth_l1", smooth_l1, {"beta": 0.0}),
    "log_cosh": ("log_cosh", log_cosh, {}),
    "median": ("quantile", pinball, {}),
    "low quantile": ("quantile", pinball, {"tau": 0.1}),
}


@pytest.mark.parametrize("form", FORMS)
def test_values_and_slopes_are_those_of_the_textbook(form: str) -> None:
    loss, textbook, params = FORMS[form]
    draw = np.random.default_rng(7)
    p, y = draw.normal(scale=2.0, size=40), draw.normal(scale=2.0, size=40)
    np.testing.assert_allclose(values(loss, p, y, **params), textbook(p, y, **params), rtol=1e-12, atol=1e-14)
    slopes = slope(lambda at: textbook(at, y, **params), p)
    np.testing.assert_allclose(gradient(loss, p, y, **params), slopes, atol=1e-8)


@pytest.mark.parametrize(
    ("loss", "params", "r", "value", "steepness"),
    [
        ("mse", {}, 3.0, 9.0, 6.0),
        ("mse", {"scale": 0.5}, 3.0, 4.5, 3.0),
        ("mae", {}, -3.0, 3.0, -1.0),
        ("huber", {"delta": 2.0}, 1.0, 0.5, 1.0),
        ("huber", {"delta": 2.0}, 3.0, 4.0, 2.0),  # 2 (3 - 1)
        ("huber", {"delta": 2.0}, 2.0, 2.0, 2.0),  # both branches: 2^2 / 2 and 2 (2 - 1)
        ("smooth_l1", {"beta": 2.0}, 3.0, 2.0, 1.0),  # 3 - 1: Huber(2) is twice as much
        ("smooth_l1", {"beta": 2.0}, 1.0, 0.25, 0.5),
        ("quantile", {"tau": 0.9}, -2.0, 1.8, -0.9),  # below the target: 0.9 x 2
        ("quantile", {"tau": 0.9}, 2.0, 0.2, 0.1),
    ],
    ids=str,
)
def test_a_residual_costs_what_the_formula_says(
    loss: str, params: dict[str, float], r: float, value: float, steepness: float
) -> None:
    """p = r against y = 0."""
    found = asked(loss, [r], [0.0], **params)
    assert found["per_example"][0] == pytest.approx(value, rel=1e-14)
    assert found["gradient"]["predictions"][0] == pytest.approx(steepness, rel=1e-14)


@pytest.mark.parametrize(("r", "exact"), [(1e-6, 5e-13), (1e-3, 4.99999916667e-7), (1e300, 1e300)])
def test_log_cosh_keeps_its_digits_near_zero_and_does_not_overflow(r: float, exact: float) -> None:
    """r^2/2 - r^4/12: at 1e-3, 5e-7 - 8.33e-14; far away |r| - log 2."""
    assert values("log_cosh", [r], [0.0])[0] == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize(("loss", "params"), [("mae", {}), ("quantile", {}), ("smooth_l1", {"beta": 0.0})])
def test_at_a_kink_the_slope_is_zero_and_said_to_be_a_subgradient(loss: str, params: dict[str, float]) -> None:
    found = asked(loss, [1.0, 2.0], [1.0, 0.0], **params)
    assert found["gradient"]["predictions"][0] == 0.0
    assert "subgradient_at_kink" in codes(found)


def test_each_quantile_of_several_meets_its_own_column() -> None:
    """y = 1 against predictions 0 and 3 at 0.1 and 0.9: 0.1 x 1 and 0.1 x 2."""
    found = values("quantile", [[0.0, 3.0]], [1.0], taus=[0.1, 0.9])
    assert found.reshape(-1).tolist() == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"taus": [0.0, 0.5]}, "/params/taus"),
        ({"taus": [0.1, 0.5, 0.9]}, "/params/taus"),
        ({"tau": 1.0}, "/params/tau"),
    ],
    ids=str,
)
def test_a_quantile_that_is_none_is_refused(params: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({"loss": "quantile", "predictions": [[0.0, 1.0]], "targets": [0.5], "params": params})
    assert pointer in [fault.pointer for fault in refusal.value.faults]


SAMPLES = np.array([[[1.0, -1.0], [2.0, 0.0]], [[0.0, 0.0], [3.0, 1.0]]])
"""Two samples of 2 x 2; squares sum to 6 and to 10."""


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({}, [1.5, 2.5]),
        ({"per_sample": "sum"}, [6.0, 10.0]),
        ({"snr": [2.0, 10.0], "min_snr_gamma": 5.0}, [1.5, 2.5 * 5 / 10]),
        ({"snr": [2.0, 10.0], "min_snr_gamma": 5.0, "prediction_type": "v_prediction"}, [1.5 * 2 / 3, 2.5 * 5 / 11]),
        ({"snr": [2.0, 10.0], "min_snr_gamma": 5.0, "prediction_type": "sample"}, [1.5 * 2, 2.5 * 5]),
    ],
    ids=["mean", "sum", "epsilon", "velocity", "sample"],
)
def test_a_denoising_loss_is_a_weighted_square_per_sample(params: dict[str, Any], wanted: list[float]) -> None:
    """Weights min(s, 5)/s, min(s, 5)/(s+1) and min(s, 5) at s = 2 and 10."""
    assert values("ddpm", SAMPLES, np.zeros((2, 2, 2)), **params).tolist() == pytest.approx(wanted)
    steep = slope(lambda at: values("ddpm", at, np.zeros((2, 2, 2)), **params), SAMPLES)
    np.testing.assert_allclose(gradient("ddpm", SAMPLES, np.zeros((2, 2, 2)), **params), steep, atol=1e-8)


def test_signal_to_noise_and_its_cap_come_together() -> None:
    with pytest.raises(OutOfDomain, match="both snr and min_snr_gamma"):
        values("ddpm", SAMPLES, np.zeros((2, 2, 2)), snr=[1.0, 2.0])


def test_a_common_offset_of_1e8_costs_no_digit() -> None:
    """r = 1/4 exactly, so r^2 = 1/16 exactly."""
    answer = evaluate({"loss": "mse", "predictions": [1e8 + 0.25], "targets": [1e8]})
    assert answer["cost"] == 0.0625
