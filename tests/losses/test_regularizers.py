"""Penalties and their gradients, solved by hand."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.regularizers import regularizer
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
