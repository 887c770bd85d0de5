"""What is done with a J beside evaluating it: closed forms, thresholds, weights, descent, surfaces; solved by hand."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, QuoteError, TooLarge
from mlquote.losses.blocks import Cancelled, Machine
from mlquote.losses.objective import evaluate
from mlquote.losses.regularizers import regularizer
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.surface import classify, surface
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights

LINE = {"X": [[0.0], [1.0], [2.0]], "y": [1.0, 3.0, 5.0]}
"""y = 1 + 2 x exactly."""


def test_least_squares_finds_the_line_the_data_lie_on() -> None:
    found = closed_form({"problem": "ols", **LINE})
    assert found["theta"] == pytest.approx([2.0])
    assert found["intercept"] == pytest.approx(1.0)
    assert found["objective"] == pytest.approx(0.0, abs=1e-25)


@pytest.mark.parametrize(
    ("convention", "c"), [("sum", 6.0), ("mean", 18.0), ("half_mean", 18.0), ("mean_half_penalty", 9.0)]
)
def test_ridge_conventions_differ_by_what_lambda_is_multiplied_with(convention: str, c: float) -> None:
    """Centred: x = -1, 0, 1 and y = -2, 0, 2, so x'x = 2, x'y = 4 and theta = 4 / (2 + c); N = 3, lambda = 6."""
    found = closed_form({"problem": "ridge", **LINE, "lambda": 6.0, "convention": convention})
    assert found["theta"] == pytest.approx([4.0 / (2.0 + c)])
    assert found["equivalents"]["sklearn_ridge_alpha"] == c
    assert found["effective_degrees_of_freedom"] == pytest.approx(2.0 / (2.0 + c))


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    common = {"problem": "ridge", "lambda": 1.5, "convention": "sum"}
    X, y = [[0.3], [1.1], [2.0]], [1.0, 2.0, 5.0]
    weighted = closed_form({**common, "X": X, "y": y, "sample_weight": [1.0, 2.0, 1.0]})
    repeated = closed_form({**common, "X": [*X, X[1]], "y": [*y, y[1]]})
    assert weighted["theta"] == pytest.approx(repeated["theta"])
    assert weighted["intercept"] == pytest.approx(repeated["intercept"])


def test_lasso_on_one_column_is_a_soft_threshold() -> None:
    """No intercept: x'y = 13, x'x = 5; sum form threshold lambda/2 = 3: theta = (13 - 3) / 5."""
    found = closed_form({"problem": "lasso", **LINE, "lambda": 6.0, "convention": "sum", "fit_intercept": False})
    assert found["theta"] == pytest.approx([2.0])
    assert found["equivalents"]["sklearn_alpha"] == pytest.approx(1.0)  # lambda / (2 N) = 6 / 6
    assert found["kkt_residual"] <= 1e-10


def test_a_lasso_strong_enough_keeps_nothing() -> None:
    found = closed_form({"problem": "lasso", **LINE, "lambda": 26.0, "convention": "sum", "fit_intercept": False})
    assert found["theta"] == [0.0]
    assert found["nonzero"] == 0


def test_elastic_net_between_ridge_and_lasso() -> None:
    """Half-mean form times N = 3: 1/2 RSS + 3 |t| + 3/2 t^2, so theta = (13 - 3) / (5 + 3)."""
    body = {"problem": "elastic_net", **LINE, "lambda": 2.0, "l1_ratio": 0.5, "convention": "half_mean"}
    found = closed_form({**body, "fit_intercept": False})
    assert found["theta"] == pytest.approx([1.25])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"convention": "loose"}, "/convention"),
        ({"lambda": -1.0}, "/lambda"),
        ({"y": [1.0]}, "/y"),
        ({"X": [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], "lambda": 0.0}, "/X"),
        ({"sample_weight": [0.0, 0.0, 0.0]}, "/sample_weight"),
        ({"l1_ratio": 0.5}, "/l1_ratio"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_closed_form_without_meaning_is_refused(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        closed_form({"problem": "ridge", **LINE, "lambda": 1.0, "convention": "sum", **change})
    assert refusal.value.faults[0].pointer == pointer


def test_too_many_columns_are_too_large() -> None:
    with pytest.raises(TooLarge):
        closed_form({"problem": "ols", "X": np.zeros((2, 513)), "y": [1.0, 2.0]})


def test_the_threshold_follows_from_the_costs() -> None:
    """Elkan: p* = (fp - tn) / (fp - tn + fn - tp) = 1 / (1 + 4)."""
    found = threshold({"op": "optimal", "costs": {"tp": 0, "fp": 1, "fn": 4, "tn": 0}, "probabilities": [0.19, 0.2]})
    assert found["threshold"] == pytest.approx(0.2)
    assert found["decisions"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("costs", "policy", "decisions"),
    [
        ({"tp": 0, "fp": 0, "fn": 1, "tn": 2}, "always_positive", [1, 1]),
        ({"tp": 2, "fp": 3, "fn": 1, "tn": 0}, "always_negative", [0, 0]),
        ({"tp": 1, "fp": 0, "fn": 0, "tn": 1}, "inverted", [1, 0]),
    ],
)
def test_unreasonable_costs_have_a_policy_of_their_own(
    costs: dict[str, float], policy: str, decisions: list[int]
) -> None:
    found = threshold({"op": "optimal", "costs": costs, "probabilities": [0.1, 0.9]})
    assert (found["policy"], found["decisions"].tolist()) == (policy, decisions)
    other = found["expected_costs"]
    swapped = [1 - d for d in decisions]
    p = np.array([0.1, 0.9])
    as_swapped = np.where(swapped, p * costs["tp"] + (1 - p) * costs["fp"], p * costs["fn"] + (1 - p) * costs["tn"])
    assert (other <= as_swapped).all()


def test_the_empirical_minimum_is_the_least_over_every_threshold() -> None:
    p, labels, costs = [0.9, 0.6, 0.6, 0.3, 0.1], [1, 0, 1, 1, 0], {"tp": 0, "fp": 1, "fn": 3, "tn": 0}
    found = threshold({"op": "empirical", "costs": costs, "probabilities": p, "labels": labels})
    cuts = [2.0, *sorted(set(p))]
    totals = [
        sum((y == 0) * (q >= cut) + 3 * (y == 1) * (q < cut) for q, y in zip(p, labels, strict=True)) for cut in cuts
    ]
    assert found["min_total_cost"] == min(totals) == 1.0  # cut at 0.3: one false positive at 0.6
    assert found["threshold"] == 0.3
    assert found["cost_at_half"] == 4.0  # one false positive, one miss


def test_the_axes_of_a_cost_matrix_are_named() -> None:
    matrix, p = [[0.0, 5.0], [1.0, 0.0]], [[0.5, 0.5]]
    ask = {"op": "multiclass", "cost_matrix": matrix, "probabilities": p}
    actual = threshold({**ask, "cost_matrix_axes": ["actual", "predicted"]})
    predicted = threshold({**ask, "cost_matrix_axes": ["predicted", "actual"]})
    assert actual["expected_costs"].tolist() == [[0.5, 2.5]]
    assert predicted["expected_costs"].tolist() == [[2.5, 0.5]]
    with pytest.raises(OutOfDomain, match="name the axes"):
        threshold(ask)


def test_a_probability_moves_with_the_base_rate() -> None:
    """Odds scale by the ratio of base-rate odds: 1:1 at 1/2 becomes 1:9 at a base rate of 1/10."""
    found = threshold({"op": "base_rate_shift", "probability": 0.5, "base_rate": 0.5, "new_base_rate": 0.1})
    assert found["probability"] == pytest.approx(0.1)


def test_rebalancing_makes_one_threshold_act_as_another() -> None:
    """Elkan's theorem 1: from 1/2 to 1/10, (1/9) x 1 times as many negatives."""
    found = threshold({"op": "rebalance", "current_threshold": 0.5, "target_threshold": 0.1})
    assert found["negative_multiplier"] == pytest.approx(1 / 9)


def test_balanced_weights_sum_to_n_so_both_means_agree() -> None:
    body = {
        "loss": "cross_entropy",
        "input_form": "logits",
        "predictions": [[1.0, 0.0], [0.2, 0.3], [0.5, -1.0], [0.0, 2.0]],
        "targets": [0, 0, 0, 1],
        "weights": {"class": "balanced"},
    }
    plain, weighted = (evaluate({**body, "reduction": name}) for name in ("mean", "weighted_mean"))
    assert plain["cost"] == pytest.approx(weighted["cost"], rel=1e-14)
    assert plain["resolved"]["class_weights"].tolist() == pytest.approx([4 / 6, 2.0])


def test_effective_numbers_between_equal_and_inverse_weights() -> None:
    """beta 1/2 on 1 and 2 examples: (1/2)/(1/2) = 1 and (1/2)/(3/4) = 2/3; normalised to sum to 2."""
    ask = {"scheme": "effective_number", "labels": [0, 1, 1], "beta": 0.5}
    assert class_weights(ask)["weights"] == pytest.approx([1.0, 2 / 3])
    assert class_weights({**ask, "normalize": True})["weights"] == pytest.approx([1.2, 0.8])
    assert class_weights({**ask, "beta": 0.0})["weights"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("penalty", "value", "gradient"),
    [
        ({"type": "l2", "lambda": 2.0, "theta": [3.0, -1.0]}, 10.0, [6.0, -2.0]),
        ({"type": "l2", "lambda": 2.0, "half": False, "theta": [3.0, -1.0], "exclude": [1]}, 18.0, [12.0, 0.0]),
        ({"type": "l1", "lambda": 2.0, "theta": [3.0, -1.0]}, 8.0, [2.0, -2.0]),
        ({"type": "group_lasso", "lambda": 1.0, "groups": [[0, 1]], "theta": [3.0, 4.0]}, 5.0, [0.6, 0.8]),
        ({"type": "spectral_norm", "lambda": 1.0, "theta": [[3.0, 0.0], [0.0, 1.0]]}, 3.0, [[1.0, 0.0], [0.0, 0.0]]),
        ({"type": "nuclear_norm", "lambda": 1.0, "theta": [[3.0, 0.0], [0.0, 1.0]]}, 4.0, [[1.0, 0.0], [0.0, 1.0]]),
        ({"type": "dropout_linear", "lambda": 1.0, "rate": 0.5, "X": [[1.0], [3.0]], "theta": [2.0]}, 20.0, [20.0]),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_penalties_by_hand(penalty: dict[str, Any], value: float, gradient: Any) -> None:
    """Dropout: 1 x 4 x (1 + 9) / 2 = 20, gradient 2 x 2 x 10 / 2."""
    found = regularizer({"penalties": [penalty], "gradient": True})
    assert found["penalty"] == pytest.approx(value)
    np.testing.assert_allclose(found["gradient"], gradient, atol=1e-12)


def test_several_penalties_add_up_and_keep_their_gradients_apart() -> None:
    one, two = {"type": "l1", "lambda": 1.0, "theta": [0.0, 1.0]}, {"type": "l2", "lambda": 1.0, "theta": [[2.0]]}
    found = regularizer({"penalties": [one, two], "gradient": True})
    assert found["penalty"] == 3.0
    assert [np.asarray(g).tolist() for g in found["gradient"]] == [[0.0, 1.0], [[2.0]]]
    assert found["gradient_interval"][0]["lo"].tolist() == [-1.0, 1.0]
    assert found["gradient_interval"][1] is None


PARABOLA = {"model": "linear", "X": [[1.0]], "y": [0.0], "params": {"scale": 0.5}}
"""J = theta^2 / 2: curvature 1."""


def test_gradient_descent_on_a_parabola_shrinks_by_one_minus_the_rate() -> None:
    found = descent({**PARABOLA, "theta0": [1.0], "learning_rate": 0.25, "steps": 3})
    assert found["thetas"].ravel().tolist() == pytest.approx([1.0, 0.75, 0.75**2, 0.75**3])
    assert found["objectives"].tolist() == pytest.approx([0.5 * 0.75 ** (2 * k) for k in range(4)])
    assert found["stability_bound"] == pytest.approx(2.0)
    assert found["diverged"] is False


def test_beyond_the_stability_bound_descent_diverges_and_says_so() -> None:
    found = descent({**PARABOLA, "theta0": [1.0], "learning_rate": 2.1, "steps": 5})
    assert found["diverged"] is True
    assert {entry["code"] for entry in found["diagnostics"]} == {"above_stability_bound", "diverged"}


def test_a_descent_that_overflows_ends_where_it_does() -> None:
    found = descent({**PARABOLA, "theta0": [1.0], "learning_rate": 1e200, "steps": 9})
    assert len(found["thetas"]) < 10
    assert found["diverged"] is True


def test_momentum_adds_what_it_remembers() -> None:
    """g0 = 1, v = 1, theta = 0.9; g1 = 0.9, v = 0.5 + 0.9 = 1.4, theta = 0.9 - 0.14."""
    found = descent({**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "momentum": 0.5, "steps": 2})
    assert found["thetas"].ravel().tolist() == pytest.approx([1.0, 0.9, 0.76])


def test_the_first_adam_step_is_the_learning_rate_whatever_the_slope() -> None:
    """m / sqrt(v) = g / |g| after bias correction; AdamW first shrinks theta by lr x decay."""
    ask = {**PARABOLA, "theta0": [7.0], "learning_rate": 0.1, "steps": 1}
    assert descent({**ask, "optimizer": "adam"})["thetas"][1] == pytest.approx([6.9])
    decayed = descent({**ask, "optimizer": "adamw", "weight_decay": 0.5})
    assert decayed["thetas"][1] == pytest.approx([7.0 * (1 - 0.05) - 0.1])


def test_rmsprop_divides_by_the_running_root() -> None:
    """a = 0.1 x 49 = 4.9; theta = 7 - 0.1 x 7 / sqrt(4.9)."""
    found = descent(
        {**PARABOLA, "theta0": [7.0], "learning_rate": 0.1, "steps": 1, "optimizer": "rmsprop", "decay": 0.9}
    )
    assert found["thetas"][1] == pytest.approx([7.0 - 0.7 / math.sqrt(4.9)])


def test_sgd_repeats_itself_from_its_seed_and_takes_the_full_batch_as_gradient_descent() -> None:
    ask = {"model": "linear", **LINE, "theta0": [0.0], "learning_rate": 0.05, "steps": 8}
    one, again = (descent({**ask, "optimizer": "sgd", "batch_size": 2, "seed": 5}) for _ in range(2))
    np.testing.assert_array_equal(one["thetas"], again["thetas"])
    full = descent({**ask, "optimizer": "sgd", "batch_size": 3})
    np.testing.assert_allclose(full["thetas"], descent(ask)["thetas"], rtol=1e-12)


def test_descent_reaches_the_closed_form() -> None:
    ridge = {"X": [[1.0, 0.2], [0.1, 2.0], [1.5, 1.0]], "y": [1.0, -1.0, 0.5], "lambda": 0.7, "convention": "mean"}
    exact = closed_form({"problem": "ridge", **ridge, "fit_intercept": False})
    found = descent({"model": "ridge", **ridge, "theta0": [0.0, 0.0], "learning_rate": 0.1, "steps": 500})
    assert found["thetas"][-1] == pytest.approx(exact["theta"], abs=1e-9)
    assert found["objectives"][-1] == pytest.approx(exact["objective"], rel=1e-9)


def test_a_softmax_model_descends() -> None:
    ask = {"model": "softmax", "X": [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], "y": [0, 1, 2]}
    found = descent({**ask, "theta0": [[0.0] * 3, [0.0] * 3], "learning_rate": 0.5, "steps": 20})
    assert found["objectives"][0] == pytest.approx(math.log(3))
    assert (np.diff(found["objectives"]) < 0).all()


def test_a_stopped_descent_says_so() -> None:
    with pytest.raises(Cancelled):
        descent({**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "steps": 5}, Machine(stopped=lambda: True))


def test_a_surface_finds_the_minimum_and_calls_it_one() -> None:
    ask = {"model": "linear", **LINE, "X": [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], "theta": [1.0, 2.0]}
    steps = [-1.0, 0.0, 1.0]
    found = surface({**ask, "directions": [[1.0, 0.0], [0.0, 1.0]], "grid": [steps, steps]})
    assert found["objectives"][1][1] == pytest.approx(0.0)
    assert found["objectives"][2][1] == pytest.approx(1.0)  # the intercept off by one: mean of 1
    assert found["theta"]["verdict"] == "minimum"
    assert [point["kind"] for point in found["stationary_points"]] == ["minimum"]


def test_directions_default_to_those_of_largest_curvature() -> None:
    ask = {"model": "linear", "X": [[2.0, 0.0], [0.0, 1.0]], "y": [0.0, 0.0], "theta": [0.0, 0.0], "reduction": "sum"}
    found = surface({**ask, "grid": [[0.0, 1.0]]})
    assert np.abs(found["directions"][0]) == pytest.approx([1.0, 0.0], abs=1e-9)
    assert found["objectives"].tolist() == pytest.approx([0.0, 4.0])
    assert found["theta"]["hessian_max"] == pytest.approx(8.0, rel=1e-6)


@pytest.mark.parametrize(
    ("curvatures", "kind"),
    [([1.0, 2.0], "minimum"), ([-1.0, -2.0], "maximum"), ([-1.0, 2.0], "saddle"), ([0.0, 2.0], "degenerate")],
)
def test_curvatures_say_what_a_stationary_point_is(curvatures: list[float], kind: str) -> None:
    assert classify(np.array(curvatures)) == kind


@pytest.mark.parametrize(
    ("operation", "body", "pointer"),
    [
        (descent, {**PARABOLA, "theta0": [1.0, 2.0], "learning_rate": 0.1, "steps": 1}, "/theta0"),
        (descent, {**PARABOLA, "theta0": [1.0], "learning_rate": 0.0, "steps": 1}, "/learning_rate"),
        (descent, {**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "steps": 20_000}, "/steps"),
        (descent, {**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "steps": 1, "beta1": 0.9}, "/beta1"),
        (descent, {**PARABOLA, "y": [0.0, 1.0], "theta0": [1.0], "learning_rate": 0.1, "steps": 1}, "/y"),
        (surface, {**PARABOLA, "theta": [1.0], "grid": [[0.0]], "directions": [[0.0]]}, "/directions/0"),
        (surface, {**PARABOLA, "theta": [1.0], "grid": [[0.0], [1.0], [2.0]]}, "/grid"),
        (surface, {**PARABOLA, "theta": [1.0], "grid": [list(range(20_000))], "directions": [[1.0]]}, "/grid"),
        (threshold, {"op": "optimal", "costs": {"tp": 0, "fp": 1, "fn": 1}, "probabilities": [0.5]}, "/costs/tn"),
        (threshold, {"op": "best"}, "/op"),
        (threshold, {"op": "base_rate_shift", "probability": 0.5, "base_rate": 0.0, "new_base_rate": 0.1},
         "/base_rate"),
        (class_weights, {"scheme": "balanced", "labels": []}, "/labels"),
        (class_weights, {"scheme": "effective_number", "labels": [1], "beta": 1.0}, "/beta"),
        (regularizer, {"penalties": []}, "/penalties"),
        (regularizer, {"penalties": [{"type": "l3", "lambda": 1.0, "theta": [1.0]}]}, "/penalties/0/type"),
        (regularizer, {"penalties": [{"type": "group_lasso", "lambda": 1.0, "groups": [[0, 0]], "theta": [1.0]}]},
         "/penalties/0/groups"),
        (regularizer, {"penalties": [{"type": "spectral_norm", "lambda": 1.0, "theta": [1.0]}]}, "/penalties/0/theta"),
        (regularizer, {"penalties": [{"type": "elastic_net", "lambda": 1.0, "l1_ratio": 2, "theta": [1.0]}]},
         "/penalties/0/l1_ratio"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_an_operation_without_meaning_is_refused(operation: Any, body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        operation(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]
