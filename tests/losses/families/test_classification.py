"""Losses of classes against their textbook forms, solved by hand."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array
from tests.losses.textbook import asked, codes, gradient, slope, values

LABELS = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
CLASSES = np.array([2, 0, 1, 1, 3, 2])


def scores(*shape: int) -> Array:
    return np.random.default_rng(11).normal(scale=1.5, size=shape)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def bernoulli(p: Array, y: Array, w: float = 1.0) -> Array:
    return -w * y * np.log(p) - (1 - y) * np.log(1 - p)


def categorical(q: Array, t: Array) -> Array:
    return -(t * np.log(q)).sum(axis=1)


def onehot(labels: Array, classes: int = 4) -> Array:
    return np.eye(classes)[labels]


def smoothed(t: Array, e: float) -> Array:
    return t * (1 - e) + e / t.shape[-1]


@pytest.mark.parametrize("e", [0.0, 0.2])
def test_binary_cross_entropy_is_the_bernoulli_likelihood_of_the_sigmoid(e: float) -> None:
    z, y = scores(6), LABELS * (1 - e) + e / 2
    found = asked("binary_cross_entropy", z, LABELS, "logits", label_smoothing=e)
    np.testing.assert_allclose(found["per_example"], bernoulli(sigmoid(z), y), rtol=1e-13)
    steep = slope(lambda at: bernoulli(sigmoid(at), y), z)
    np.testing.assert_allclose(found["gradient"]["predictions"], steep, atol=1e-9)
    np.testing.assert_allclose(found["gradient"]["predictions"], sigmoid(z) - y, atol=1e-15)


def test_a_positive_term_may_weigh_more() -> None:
    """z = 0, so both terms are log 2: 3 log 2 for a yes, log 2 for a no."""
    body = {"loss": "binary_cross_entropy", "input_form": "logits", "predictions": [0.0, 0.0], "targets": [1, 0]}
    found = evaluate({**body, "weights": {"pos": 3.0}, "gradient": True, "reduction": "sum"})
    assert found["per_example"].tolist() == pytest.approx([3 * math.log(2), math.log(2)])
    assert found["gradient"]["predictions"].tolist() == [-1.5, 0.5]


@pytest.mark.parametrize(
    ("z", "y", "exact"),
    [(50.0, 1, 1.9287498479639178e-22), (-37.0, 0, 8.533047625744066e-17), (-800.0, 1, 800.0), (800.0, 1, 0.0)],
)
def test_a_confident_sigmoid_keeps_its_digits(z: float, y: int, exact: float) -> None:
    """softplus(-|z|) = log1p(exp(-|z|)), about exp(-50) and exp(-37)."""
    assert values("binary_cross_entropy", [z], [y], "logits")[0] == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize(
    ("clamp", "value"),
    [({"kind": "log_floor", "value": -100}, 100.0), ({"kind": "prob_eps", "value": 1e-7}, -math.log(1e-7)),
     ({"kind": "none"}, math.inf)],
    ids=["pytorch", "keras", "none"],
)  # fmt: skip
def test_a_probability_of_zero_costs_what_the_clamp_says(clamp: dict[str, Any], value: float) -> None:
    found = asked("binary_cross_entropy", [0.0], [1], "probabilities", clamp=clamp)
    assert found["per_example"][0] == pytest.approx(value)
    assert ("saturated_probabilities_clamped" in codes(found)) is (clamp["kind"] != "none")


def test_cross_entropy_is_the_likelihood_of_the_softmax() -> None:
    z = scores(6, 4)
    found = asked("cross_entropy", z, CLASSES, "logits")
    np.testing.assert_allclose(found["per_example"], categorical(softmax(z), onehot(CLASSES)), rtol=1e-13)
    np.testing.assert_allclose(found["gradient"]["predictions"], softmax(z) - onehot(CLASSES), atol=1e-14)


@pytest.mark.parametrize("form", ["logits", "probabilities", "log_probabilities"])
def test_soft_targets_are_smoothed_and_meet_every_class(form: str) -> None:
    z, t = scores(6, 4), softmax(scores(6, 4) / 2)
    q = softmax(z)
    given = {"logits": z, "probabilities": q, "log_probabilities": np.log(q)}[form]
    wanted = categorical(q, smoothed(t, 0.1))
    np.testing.assert_allclose(values("cross_entropy", given, t, form, label_smoothing=0.1), wanted, rtol=1e-12)
    of_form = {
        "logits": lambda at: categorical(softmax(at), smoothed(t, 0.1)),
        "probabilities": lambda at: categorical(at, smoothed(t, 0.1)),
        "log_probabilities": lambda at: categorical(np.exp(at), smoothed(t, 0.1)),
    }[form]
    found = gradient("cross_entropy", given, t, form, label_smoothing=0.1)
    np.testing.assert_allclose(found, slope(of_form, given), rtol=1e-5, atol=1e-7)


def test_a_margin_of_fifty_is_not_lost() -> None:
    """Two classes 50 apart: log1p(exp(-50)); a log-sum-exp minus a logit would give 0."""
    assert values("cross_entropy", [[50.0, 0.0]], [0], "logits")[0] == pytest.approx(1.9287498479639178e-22, rel=1e-14)


def test_class_weights_multiply_and_ignored_targets_leave() -> None:
    """Logits of 0 over two classes: log 2 each, times 1 and 3; the third row is ignored: (1 + 3) log 2 / 2."""
    body = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[0.0, 0.0]] * 3, "targets": [0, 1, -100]}
    found = evaluate({**body, "weights": {"class": [1.0, 3.0]}, "params": {"ignore_index": -100}})
    assert found["cost"] == pytest.approx(2 * math.log(2))
    assert found["resolved"]["masked"] == 1


def test_rows_that_do_not_sum_to_one_are_rescaled_only_where_asked() -> None:
    """(1, 3) is (1/4, 3/4): -log 1/4."""
    found = asked("cross_entropy", [[0.1, 0.3]], [0], "probabilities", normalize_probabilities=True)
    assert found["per_example"][0] == pytest.approx(math.log(4))
    assert "probabilities_renormalized" in codes(found)
    with pytest.raises(OutOfDomain, match="sum to 1"):
        asked("cross_entropy", [[0.1, 0.3]], [0], "probabilities")
    plain = asked("cross_entropy", [[0.1, 0.3]], [0], "probabilities", normalize_probabilities=False)
    assert plain["per_example"][0] == pytest.approx(-math.log(0.1))


def test_nll_takes_the_log_probability_of_the_target() -> None:
    q = np.log(softmax(scores(6, 4)))
    np.testing.assert_allclose(values("nll", q, CLASSES, "log_probabilities"), -q[np.arange(6), CLASSES], rtol=1e-15)
    np.testing.assert_array_equal(gradient("nll", q, CLASSES, "log_probabilities"), -onehot(CLASSES))


def test_log_probabilities_above_zero_are_no_log_probabilities() -> None:
    assert "probabilities_passed_as_log_probabilities" in codes(asked("nll", [[0.5, 0.5]], [0], "log_probabilities"))


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("margin", [1.0, 0.3])
def test_hinge_is_what_is_missing_to_the_margin(power: int, margin: float) -> None:
    s, y = scores(6), 2 * LABELS - 1
    found = asked("hinge", s, y, power=power, margin=margin)
    np.testing.assert_allclose(found["per_example"], np.maximum(0, margin - y * s) ** power, rtol=1e-14)
    steep = slope(lambda at: np.maximum(0, margin - y * at) ** power, s)
    np.testing.assert_allclose(found["gradient"]["predictions"], steep, atol=1e-8)


def test_labels_of_zero_and_one_are_recoded_and_said_so() -> None:
    found = asked("hinge", [0.5], [0], label_encoding="zero_one")
    assert found["per_example"][0] == 1.5  # y = -1: 1 + 0.5
    assert "labels_recoded" in codes(found)


def crammer_singer(s: Array, y: Array) -> Array:
    rivals = np.where(onehot(y) == 1, -np.inf, s)
    return np.maximum(0, 1 + rivals.max(axis=1) - s[np.arange(len(s)), y])


def weston_watkins(s: Array, y: Array) -> Array:
    gaps = np.maximum(0, 1 + s - s[np.arange(len(s)), y][:, None])
    return (gaps * (1 - onehot(y))).sum(axis=1)


def keras_categorical(s: Array, y: Array) -> Array:
    return np.maximum(0, 1 + ((1 - onehot(y)) * s).max(axis=1) - s[np.arange(len(s)), y])


@pytest.mark.parametrize(
    ("variant", "textbook", "params"),
    [
        ("crammer_singer", crammer_singer, {}),
        ("weston_watkins", weston_watkins, {"average_over_classes": False}),
        ("weston_watkins", lambda s, y: weston_watkins(s, y) / 4, {}),
        ("keras_categorical", keras_categorical, {}),
    ],
    ids=["crammer singer", "weston watkins", "averaged", "keras"],
)
def test_each_multiclass_hinge_counts_its_own_rivals(variant: str, textbook: Any, params: dict[str, Any]) -> None:
    s = scores(6, 4)
    found = asked("multiclass_hinge", s, CLASSES, variant=variant, **params)
    np.testing.assert_allclose(found["per_example"], textbook(s, CLASSES), rtol=1e-13)
    steep = slope(lambda at: textbook(at, CLASSES), s)
    np.testing.assert_allclose(found["gradient"]["predictions"], steep, atol=1e-8)


def test_keras_hinge_meets_a_zero_where_the_others_meet_a_score() -> None:
    """Scores (-3, 0.2, -4), target 1: Keras max(0, 1 + 0 - 0.2) = 0.8; the best rival is -3 elsewhere."""
    s = [[-3.0, 0.2, -4.0]]
    assert values("multiclass_hinge", s, [1], variant="keras_categorical")[0] == pytest.approx(0.8)
    assert values("multiclass_hinge", s, [1], variant="crammer_singer")[0] == 0.0


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("alpha", [None, 0.25])
def test_focal_loss_fades_cross_entropy(gamma: float, alpha: float | None) -> None:
    def textbook(z: Array) -> Array:
        right = np.where(LABELS == 1, sigmoid(z), 1 - sigmoid(z))
        weight = 1.0 if alpha is None else np.where(LABELS == 1, alpha, 1 - alpha)
        return weight * (1 - right) ** gamma * -np.log(right)

    z = scores(6)
    found = asked("focal", z, LABELS, "logits", gamma=gamma, alpha=alpha)
    np.testing.assert_allclose(found["per_example"], textbook(z), rtol=1e-12)
    np.testing.assert_allclose(found["gradient"]["predictions"], slope(textbook, z), atol=1e-8)
    on_p = asked("focal", sigmoid(z), LABELS, "probabilities", gamma=gamma, alpha=alpha)
    np.testing.assert_allclose(on_p["per_example"], textbook(z), rtol=1e-11)


def test_a_categorical_focal_loss_weighs_by_class() -> None:
    alpha = [0.2, 1.0, 3.0, 0.5]

    def textbook(z: Array) -> Array:
        right = softmax(z)[np.arange(6), CLASSES]
        return np.array(alpha)[CLASSES] * (1 - right) ** 2 * -np.log(right)

    z = scores(6, 4)
    found = asked("focal", z, CLASSES, "logits", kind="categorical", alpha=alpha)
    np.testing.assert_allclose(found["per_example"], textbook(z), rtol=1e-12)
    np.testing.assert_allclose(found["gradient"]["predictions"], slope(textbook, z), atol=1e-8)


@pytest.mark.parametrize(
    ("loss", "predictions", "targets", "form", "params", "pointer"),
    [
        ("binary_cross_entropy", [1.5], [1], "probabilities", {}, "/predictions/0"),
        ("binary_cross_entropy", [0.5], [1.5], "logits", {}, "/targets/0"),
        ("cross_entropy", [[0.0, 0.0]], [2], "logits", {}, "/targets/0"),
        ("cross_entropy", [[0.0, 0.0]], [[0.5, 0.1]], "logits", {}, "/targets/0"),
        ("cross_entropy", [[0.0, 0.0]], [[0.5, 0.5]], "logits", {"ignore_index": 0}, "/params/ignore_index"),
        ("cross_entropy", [[0.0, 0.0]], [0], "logits", {"class_axis": 2}, "/predictions"),
        ("focal", [0.0], [1], "logits", {"alpha": 1.5}, "/params/alpha"),
        ("focal", [[0.0, 0.0]], [1], "logits", {"kind": "categorical", "alpha": [1.0]}, "/params/alpha"),
        ("hinge", [0.0], [0.5], None, {"label_encoding": "zero_one"}, "/targets/0"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_class_is_refused(
    loss: str, predictions: Any, targets: Any, form: str | None, params: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        asked(loss, predictions, targets, form, **params)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


def test_the_class_axis_may_stand_anywhere() -> None:
    z = scores(2, 4, 3)
    y = np.array([[0, 1, 2], [3, 0, 1]])
    first, last = (
        asked("cross_entropy", p, y, "logits", class_axis=axis) for p, axis in ((z, 1), (np.moveaxis(z, 1, -1), -1))
    )
    np.testing.assert_array_equal(first["per_example"], last["per_example"])
    moved = np.moveaxis(last["gradient"]["predictions"], -1, 1)
    np.testing.assert_array_equal(first["gradient"]["predictions"], moved)


MASKED = ["-Infinity", 1.5]


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "focal"])
def test_a_logit_of_minus_infinity_is_a_certain_no(loss: str) -> None:
    """Right for label 0: value and gradient 0. Wrong for label 1: infinite, with a finite gradient."""
    body = {"loss": loss, "predictions": MASKED, "input_form": "logits", "reduction": "none", "gradient": True}
    right, wrong = (evaluate({**body, "targets": [label, 1]}) for label in (0, 1))
    assert (right["per_example"][0], right["gradient"]["predictions"][0]) == (0.0, 0.0)
    assert (wrong["per_example"][0], wrong["gradient"]["predictions"][0]) == (math.inf, -1.0)


def test_a_masked_class_takes_no_part() -> None:
    body = {"loss": "cross_entropy", "input_form": "logits", "gradient": True}
    masked = evaluate({**body, "predictions": [["-Infinity", 1.0, 2.0]], "targets": [[0.0, 0.5, 0.5]]})
    without = evaluate({**body, "predictions": [[1.0, 2.0]], "targets": [[0.5, 0.5]]})
    assert masked["cost"] == pytest.approx(without["cost"], rel=1e-15)
    assert masked["gradient"]["predictions"][0, 0] == 0.0
