"""Losses of predicted distributions against their textbook forms, solved by hand."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array
from tests.losses.textbook import asked, codes, gradient, slope, values


def softmax(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def divergence(t: Array, q: Array) -> Array:
    return (t * (np.log(t) - np.log(q))).sum(axis=1)


def rows(seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=(5, 3))


AS_FORM = {"probabilities": softmax, "log_probabilities": lambda z: np.log(softmax(z)), "logits": lambda z: z}


@pytest.mark.parametrize("form", AS_FORM)
@pytest.mark.parametrize("target_form", AS_FORM)
def test_a_divergence_is_the_same_in_whatever_form_it_comes(form: str, target_form: str) -> None:
    z, u = rows(1), rows(2)
    found = values("kl_divergence", AS_FORM[form](z), AS_FORM[target_form](u), form, target_form=target_form)
    np.testing.assert_allclose(found, divergence(softmax(u), softmax(z)), rtol=1e-12)


def test_half_against_a_quarter_is_worked_by_hand() -> None:
    """t = (1/2, 1/2), q = (1/4, 3/4): 1/2 log 2 + 1/2 log 2/3 = 1/2 log 4/3."""
    found = values("kl_divergence", [[0.25, 0.75]], [[0.5, 0.5]], "probabilities")
    assert found[0] == pytest.approx(0.5 * math.log(4 / 3))


def test_a_class_without_probability_in_the_target_costs_nothing() -> None:
    """t = (1, 0), q = (1/2, 1/2): log 2; 0 log 0 is 0."""
    assert values("kl_divergence", [[0.5, 0.5]], [[1.0, 0.0]], "probabilities")[0] == pytest.approx(math.log(2))
    log_t = [[0.0, "-Infinity"]]
    found = values("kl_divergence", [[0.5, 0.5]], log_t, "probabilities", target_form="log_probabilities")
    assert found[0] == pytest.approx(math.log(2))


@pytest.mark.parametrize("squared", [False, True])
def test_distillation_divides_logits_by_the_temperature(squared: bool) -> None:
    z, u, T = rows(3), rows(4), 3.0
    params: dict[str, Any] = {"target_form": "logits", "temperature": T, "temperature_squared": squared}

    def textbook(at: Array) -> Array:
        return (T**2 if squared else 1.0) * divergence(softmax(u / T), softmax(at / T))

    np.testing.assert_allclose(values("kl_divergence", z, u, "logits", **params), textbook(z), rtol=1e-11)
    np.testing.assert_allclose(gradient("kl_divergence", z, u, "logits", **params), slope(textbook, z), atol=1e-8)


def test_a_divergence_divided_by_every_element_says_so() -> None:
    body = {
        "loss": "kl_divergence",
        "input_form": "probabilities",
        "predictions": [[0.5, 0.5]],
        "targets": [[1.0, 0.0]],
    }
    found = evaluate({**body, "reduction": "element_mean"})
    assert found["cost"] == pytest.approx(math.log(2) / 2)
    assert "kl_element_mean" in codes(found)


def normal(m: Array, v: Array, y: Array) -> Array:
    return 0.5 * (np.log(v) + (m - y) ** 2 / v)


@pytest.mark.parametrize("full", [False, True])
def test_a_normal_likelihood_has_a_slope_in_mean_and_variance(full: bool) -> None:
    draw = np.random.default_rng(5)
    m, v, y = draw.normal(size=6), draw.uniform(0.3, 2.0, 6), draw.normal(size=6)
    found = asked("gaussian_nll", {"mean": m, "variance": v}, y, full=full)
    constant = 0.5 * math.log(2 * math.pi) if full else 0.0
    np.testing.assert_allclose(found["per_example"], normal(m, v, y) + constant, rtol=1e-13)
    slopes = found["gradient"]["predictions"]
    np.testing.assert_allclose(slopes["mean"], slope(lambda at: normal(at, v, y), m), atol=1e-8)
    np.testing.assert_allclose(slopes["variance"], slope(lambda at: normal(m, at, y), v), atol=1e-7)


def test_a_variance_below_eps_is_raised_to_it_and_has_no_slope() -> None:
    """v = eps = 1/4, m - y = 1: 1/2 (log 1/4 + 4)."""
    found = asked("gaussian_nll", {"mean": [1.0], "variance": [0.0]}, [0.0], eps=0.25)
    assert found["per_example"][0] == pytest.approx(0.5 * (math.log(0.25) + 4.0))
    assert found["gradient"]["predictions"]["variance"][0] == 0.0
    assert "variance_clamped" in codes(found)


def stirling(y: Array) -> Array:
    return np.where(y > 1, y * np.log(y) - y + 0.5 * np.log(2 * np.pi * y), 0.0)


@pytest.mark.parametrize("full", [False, True])
def test_a_poisson_likelihood_in_rate_and_in_log_rate(full: bool) -> None:
    draw = np.random.default_rng(6)
    u, y = draw.normal(size=6), np.array([1.0, 2.0, 3.0, 1.0, 5.0, 4.0])
    wanted = np.exp(u) - y * u + (stirling(y) if full else 0.0)
    np.testing.assert_allclose(values("poisson_nll", u, y, "log_rate", full=full), wanted, rtol=1e-13)
    on_rate = values("poisson_nll", np.exp(u), y, "rate", full=full, eps=0.0)
    np.testing.assert_allclose(on_rate, wanted, rtol=1e-12)
    np.testing.assert_allclose(gradient("poisson_nll", u, y, "log_rate"), np.exp(u) - y, rtol=1e-13)
    steep = slope(lambda at: at - y * np.log(at + 0.5), np.exp(u))
    np.testing.assert_allclose(gradient("poisson_nll", np.exp(u), y, "rate", eps=0.5), steep, atol=1e-8)


def test_no_count_at_no_rate_costs_nothing() -> None:
    """r = 0, y = 0, eps = 0: 0 - 0 log 0 = 0, slope 1."""
    found = asked("poisson_nll", [0.0], [0.0], "rate", eps=0.0)
    assert (found["per_example"][0], found["gradient"]["predictions"][0]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("loss", "predictions", "targets", "form", "params", "pointer"),
    [
        ("kl_divergence", [[0.5, 0.4]], [[0.5, 0.5]], "probabilities", {}, "/predictions/0"),
        ("kl_divergence", [[0.0, 0.0]], [[0.5, 0.4]], "logits", {}, "/targets/0"),
        ("kl_divergence", [[0.5, 0.5]], [[0.5, 0.5]], "probabilities", {"temperature": 2.0}, "/params/temperature"),
        ("poisson_nll", [1.0], [-1.0], "rate", {}, "/targets/0"),
        ("poisson_nll", [-1.0], [1.0], "rate", {}, "/predictions/0"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_distribution_is_refused(
    loss: str, predictions: Any, targets: Any, form: str, params: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        asked(loss, predictions, targets, form, **params)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


def test_a_fault_points_into_the_object_its_array_stands_in() -> None:
    body = {"loss": "gaussian_nll", "predictions": {"mean": [0.0, 1.0], "variance": [1.0, -1.0]}, "targets": [0.0, 0.0]}
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(body)
    assert refusal.value.faults[0].pointer == "/predictions/variance/1"
