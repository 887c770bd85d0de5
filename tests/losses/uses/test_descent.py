"""Every step of a descent, solved by hand."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.blocks import Cancelled, Machine
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.descent import descent
from tests.losses.vectors import cases, expanded, mismatches

PARABOLA = {"model": "linear", "X": [[1.0]], "y": [0.0], "params": {"scale": 0.5}}
"""J = theta^2 / 2: curvature 1."""


LINE = {"X": [[0.0], [1.0], [2.0]], "y": [1.0, 3.0, 5.0]}
"""y = 1 + 2 x exactly."""


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


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**PARABOLA, "theta0": [1.0, 2.0], "learning_rate": 0.1, "steps": 1}, "/theta0"),
        ({**PARABOLA, "theta0": [1.0], "learning_rate": 0.0, "steps": 1}, "/learning_rate"),
        ({**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "steps": 20_000}, "/steps"),
        ({**PARABOLA, "theta0": [1.0], "learning_rate": 0.1, "steps": 1, "beta1": 0.9}, "/beta1"),
        ({**PARABOLA, "y": [0.0, 1.0], "theta0": [1.0], "learning_rate": 0.1, "steps": 1}, "/y"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_descent_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        descent(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("case", cases("gd_trace"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(descent(expanded(case["request"])), case) == []
