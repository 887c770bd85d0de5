"""One example's loss along one prediction, beside values worked by hand."""

from math import exp, log
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.uses.slices import loss_slice, slice_names


def at(body: dict[str, Any], place: float) -> tuple[float, float, float | None]:
    """Value, slope and curvature at one place."""
    (found,) = loss_slice({**body, "at": place})["at"]
    return found["value"], found["slope"], found["curvature"]


def test_huber_bends_at_delta() -> None:
    assert at({"loss": "huber"}, 0.5) == pytest.approx((0.125, 0.5, 1.0))  # r^2 / 2
    assert at({"loss": "huber"}, 1.5) == pytest.approx((1.0, 1.0, 0.0), abs=1e-9)  # delta (|r| - delta / 2)
    assert at({"loss": "huber", "params": {"delta": 2.0}}, 3.0) == pytest.approx((4.0, 2.0, 0.0), abs=1e-9)


def test_log_cosh_has_the_curvature_of_its_formula() -> None:
    value, slope, curvature = at({"loss": "log_cosh"}, 1.5)
    assert value == pytest.approx(log(np.cosh(1.5)))
    assert slope == pytest.approx(np.tanh(1.5))
    assert curvature == pytest.approx(1.0 / np.cosh(1.5) ** 2, rel=1e-6)


def test_a_margin_s_logistic_loss() -> None:
    ask = {"loss": "binary_cross_entropy", "input_form": "logits", "targets": 1}
    sigma = 1.0 / (1.0 + exp(-2.0))
    assert at(ask, 2.0) == pytest.approx((log(1.0 + exp(-2.0)), sigma - 1.0, sigma * (1.0 - sigma)), rel=1e-6)


def test_a_probability_s_log_loss() -> None:
    ask = {"loss": "binary_cross_entropy", "input_form": "probabilities", "targets": 1}
    assert at(ask, 0.25) == pytest.approx((log(4.0), -4.0, 16.0), rel=1e-4)  # -ln p, -1/p, 1/p^2


def test_one_logit_of_several_moves() -> None:
    ask = {"loss": "cross_entropy", "input_form": "logits", "predictions": [0, 0, 0], "targets": 2, "place": 2}
    assert at(ask, 0.0) == pytest.approx((log(3.0), 1 / 3 - 1.0, 1 / 3 * 2 / 3), rel=1e-6)


def test_one_of_named_predictions_moves() -> None:
    ask = {"loss": "gaussian_nll", "predictions": {"mean": 0.0, "variance": 1.0}, "targets": 2.0, "along": "variance"}
    value, slope, _ = at({**ask, "from": 1, "to": 8}, 4.0)
    assert (value, slope) == pytest.approx((0.5 * log(4.0) + 0.5, 0.0), abs=1e-6)  # least at the squared residual


def test_a_kink_has_no_curvature_and_is_named() -> None:
    found = loss_slice({"loss": "mae", "from": -1, "to": 1, "points": 5})
    assert found["kinks"] == [0.0]
    assert found["curvatures"] == [0.0, 0.0, None, 0.0, 0.0]
    assert found["slopes"].tolist() == [-1.0, -1.0, 0.0, 1.0, 1.0]
    assert loss_slice({"loss": "hinge", "targets": 1})["kinks"] == [1.0]


def test_the_lowest_place_is_the_target() -> None:
    found = loss_slice({"loss": "mse", "targets": 2.0, "points": 801})
    assert found["lowest"] == {"at": 2.0, "value": 0.0}


@pytest.mark.parametrize("name", slice_names())
def test_every_loss_of_single_examples_is_drawn_unless_told_otherwise(name: str) -> None:
    found = loss_slice({"loss": name, "points": 9})
    assert len(found["grid"]) == len(found["values"]) == len(found["slopes"]) == len(found["curvatures"]) == 9
    assert np.isfinite(found["slopes"]).all()


@pytest.mark.parametrize("name", ["huber", "log_cosh", "focal", "binary_cross_entropy", "charbonnier", "quantile"])
def test_a_slope_is_the_difference_of_values(name: str) -> None:
    found = loss_slice({"loss": name, "from": 0.3, "to": 0.3002, "points": 3})
    assert (found["values"][2] - found["values"][0]) / 2e-4 == pytest.approx(found["slopes"][1], rel=1e-5)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"loss": "rmse"}, "/loss"),
        ({"loss": "dice"}, "/loss"),
        ({"loss": "nothing"}, "/loss"),
        ({"loss": "mse", "place": 1}, "/place"),
        ({"loss": "gaussian_nll", "along": "colour"}, "/along"),
        ({"loss": "mse", "from": 2, "to": 1}, "/to"),
        ({"loss": "mse", "from": "low"}, "/from"),
        ({"loss": "mse", "at": 9}, "/at"),
        ({"loss": "mse", "points": 1}, "/points"),
        ({"loss": "huber", "params": {"delta": -1}}, "/params/delta"),
        ({"loss": "binary_cross_entropy", "targets": 3}, "/targets"),
        ({"loss": "mse", "colour": 1}, "/colour"),
        ({"loss": "cross_entropy", "predictions": [[1.0, 2.0], [3.0]]}, "/predictions"),
        ({"loss": "dpo", "predictions": 2.0}, "/predictions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_slice_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        loss_slice(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]
