"""Class weights, solved by hand."""

from typing import Any

import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.objective import evaluate
from mlquote.losses.weighting import class_weights
from tests.losses.vectors import cases, expanded, mismatches


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
    ("body", "pointer"),
    [
        ({"scheme": "balanced", "labels": []}, "/labels"),
        ({"scheme": "effective_number", "labels": [1], "beta": 1.0}, "/beta"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_weighting_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        class_weights(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("case", cases("class_weight"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(class_weights(expanded(case["request"])), case) == []
