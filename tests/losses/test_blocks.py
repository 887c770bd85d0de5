"""Blocks on several threads: no digit depends on how many, and none is lost in a long sum."""

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
