"""Blocks on several threads: no digit depends on how many, and none is lost in a long sum."""

import math
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mlquote.losses.blocks import BLOCK_ENTRIES, Machine
from mlquote.losses.loss import Folding
from mlquote.losses.objective import evaluate
from mlquote.losses.registry import LOSSES
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


def vocabulary(name: str, rows: int, classes: int = 20_000) -> dict[str, Any]:
    """A question of logits in float32, and class indices or a teacher's logits beside them."""
    draw = np.random.default_rng(7)
    body: dict[str, Any] = {"loss": name, "predictions": draw.normal(size=(rows, classes)).astype(np.float32)}
    body |= {"nll": {}, "focal": {"params": {"kind": "categorical"}}}.get(name, {})
    teacher = {"kl_divergence": "logits", "jsd": "logits"}.get(name)
    if teacher is not None:
        body |= {"targets": body["predictions"][::-1].copy(), "params": {"target_form": teacher}}
        return body | {"input_form": "logits"}
    return body | {"targets": draw.integers(0, classes, rows)} | ({} if name == "nll" else {"input_form": "logits"})


STREAMED = [name for name, loss in LOSSES.items() if loss.streams and loss.folding not in {Folding.ELEMENTS}]


@pytest.mark.parametrize("name", STREAMED)
def test_memory_for_a_vocabulary_does_not_grow_with_the_rows(name: str) -> None:
    """Beside the input: a row at a time, widened, and what its kernel makes of it."""
    peaks = []
    for rows in (8, 64):
        body = {**vocabulary(name, rows), "return_per_example": False}
        evaluate(body)
        tracemalloc.start()
        evaluate(body)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 12 * BLOCK_ENTRIES * 8
    assert peaks[1] < 1.2 * peaks[0] + 100_000


@pytest.mark.parametrize("name", [*STREAMED, "mse", "binary_cross_entropy"])
def test_an_array_of_a_narrower_type_is_what_it_is_widened(name: str) -> None:
    body = {**vocabulary(name, 9, 17), "gradient": True}
    if LOSSES[name].folding is Folding.ELEMENTS:
        body |= {"targets": (body["predictions"] > 0.0).astype(np.float16)}
        body = {field: value for field, value in body.items() if name != "mse" or field != "input_form"}
    wide = {
        f: v.astype(np.float64) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v for f, v in body.items()
    }
    turned = {f: v.astype(v.dtype.newbyteorder(">")) if isinstance(v, np.ndarray) else v for f, v in body.items()}
    first, *others = (evaluate(each) for each in (wide, body, turned))
    for other in others:
        assert other["cost"] == first["cost"]
        np.testing.assert_array_equal(other["gradient"]["predictions"], first["gradient"]["predictions"])
