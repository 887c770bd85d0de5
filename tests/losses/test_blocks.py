"""Blocks on several threads: no digit depends on how many, and none is lost in a long sum."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mlquote.losses.blocks import Machine
from mlquote.losses.objective import evaluate
from tests.losses.cases import (
    CASES,
)


@pytest.mark.parametrize("name", ["mse", "bce logits", "focal", "log_cosh"])
def test_threads_change_no_digit(name: str) -> None:
    draw = np.random.default_rng(5)
    body = CASES[name](draw)
    size = 300_000
    body |= {"predictions": draw.normal(size=size), "gradient": True}
    body["targets"] = draw.integers(0, 2, size)
    with ThreadPoolExecutor(2) as pool:
        one, three = evaluate(body), evaluate(body, Machine(3, pool))
    assert one["cost"] == three["cost"]
    np.testing.assert_array_equal(one["gradient"]["predictions"], three["gradient"]["predictions"])


def test_a_hundred_thousand_tenths_sum_to_ten_thousand() -> None:
    answer = evaluate({"loss": "mae", "predictions": [0.1] * 100_000, "targets": [0.0] * 100_000, "reduction": "sum"})
    assert answer["cost"] == pytest.approx(1e4, rel=1e-14)


@pytest.mark.parametrize("name", ["mse", "bce logits", "focal", "ce logits"])
@pytest.mark.parametrize("spread", [1.0, 30.0])
def test_a_cost_is_the_same_whether_or_not_each_value_is_wanted(name: str, spread: float) -> None:
    """Where nobody wants them one by one a kernel may sum them otherwise; no digit of a small loss is lost by it."""
    draw = np.random.default_rng(6)
    body = {**CASES[name](draw), "gradient": True}
    shape = (3000, 7) if name.startswith("ce ") else (20_000,)
    labels = draw.integers(0, 2, shape[0])
    signs = 2.0 * labels - 1.0
    body["predictions"] = draw.normal(size=shape) + spread * (signs if len(shape) == 1 else np.eye(7)[labels].T).T
    body["targets"] = labels
    each, summed = (evaluate({**body, "return_per_example": wanted}) for wanted in (True, False))
    assert summed["cost"] == pytest.approx(each["cost"], rel=1e-13)
    assert each["cost"] == pytest.approx(math.fsum(each["per_example"]) / len(labels), rel=1e-13)
    np.testing.assert_allclose(summed["gradient"]["predictions"], each["gradient"]["predictions"], rtol=1e-14)
