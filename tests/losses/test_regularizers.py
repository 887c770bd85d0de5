"""Penalties and their gradients, solved by hand."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.regularizers import regularizer
from tests.losses.textbook import slope
from tests.losses.vectors import cases, expanded, mismatches


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


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"penalties": []}, "/penalties"),
        ({"penalties": [{"type": "l3", "lambda": 1.0, "theta": [1.0]}]}, "/penalties/0/type"),
        ({"penalties": [{"type": "group_lasso", "lambda": 1.0, "groups": [[0, 0]], "theta": [1.0]}]},
         "/penalties/0/groups"),
        ({"penalties": [{"type": "spectral_norm", "lambda": 1.0, "theta": [1.0]}]}, "/penalties/0/theta"),
        ({"penalties": [{"type": "elastic_net", "lambda": 1.0, "l1_ratio": 2, "theta": [1.0]}]},
         "/penalties/0/l1_ratio"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_penalty_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        regularizer(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("case", cases("regularizer"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(regularizer(expanded(case["request"])), case) == []


@pytest.mark.parametrize(
    ("penalty", "shape"),
    [
        ({"type": "l2", "half": False, "exclude": [1]}, (4,)),
        ({"type": "l1"}, (2, 2)),
        ({"type": "elastic_net", "l1_ratio": 0.3, "exclude": [0]}, (4,)),
        ({"type": "group_lasso", "groups": [[0, 2], [1]], "group_weight": "sqrt_size"}, (4,)),
        ({"type": "spectral_norm"}, (3, 2)),
        ({"type": "spectral_norm", "squared": True}, (2, 3)),
        ({"type": "nuclear_norm"}, (3, 3)),
        ({"type": "dropout_linear", "rate": 0.25, "mean": False, "X": [[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]]}, (3,)),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_a_penalty_s_gradient_is_the_slope_of_its_value(penalty: dict[str, Any], shape: tuple[int, ...]) -> None:
    theta = np.random.default_rng(4).normal(size=shape)

    def value(at: np.ndarray) -> np.ndarray:
        return np.array(regularizer({"penalties": [{**penalty, "lambda": 0.7, "theta": at}]})["penalty"])

    found = regularizer({"penalties": [{**penalty, "lambda": 0.7, "theta": theta}], "gradient": True})
    np.testing.assert_allclose(found["gradient"], slope(value, theta), atol=1e-8)


def test_a_group_at_zero_lies_in_a_ball_of_its_weight() -> None:
    """lambda 2 times sqrt(2): every gradient within sqrt(8) of 0 is a subgradient."""
    group = {"type": "group_lasso", "lambda": 2.0, "groups": [[0, 1]], "group_weight": "sqrt_size"}
    found = regularizer({"penalties": [{**group, "theta": [0.0, 0.0]}], "gradient": True})
    assert found["gradient"].tolist() == [0.0, 0.0]
    assert found["gradient_interval"]["hi"].tolist() == pytest.approx([8**0.5, 8**0.5])
    assert found["diagnostics"][0]["code"] == "subgradient_at_kink"
