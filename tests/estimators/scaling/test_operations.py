"""The operations on a law: which fields each looks at, and that every one of them moves a figure."""

from dataclasses import replace
from typing import get_args

import pytest

from mlquote.estimators.scaling.figures import Coefficients
from mlquote.estimators.scaling.operations import OPERATIONS, answered, check_fields
from mlquote.estimators.scaling.question import Op, ScalingQuestion
from mlquote.formulas.scaling.allocations import Counting
from mlquote.kit.errors import Malformed

PLAIN = Coefficients({"E": 1.0, "A": 100.0, "B": 100.0, "alpha": 0.5, "beta": 0.5})


def test_every_word_has_its_operation() -> None:
    assert set(get_args(Op)) == set(OPERATIONS)


def test_fields_named_are_fields_of_the_question() -> None:
    named = {name for operation in OPERATIONS.values() for name in (*operation.needs, *operation.takes)}
    assert named <= ScalingQuestion.model_fields.keys()


def test_a_loss_by_hand() -> None:
    """1 + 100 / sqrt(1e4) + 100 / sqrt(1e6) = 2.1."""
    question = ScalingQuestion(op="loss", N=1e4, D=1e6)
    assert answered(question, PLAIN) == {"loss": pytest.approx(2.1, rel=1e-12)}


def test_compute_is_split_evenly_where_the_law_is_symmetric() -> None:
    """alpha = beta and A = B: N = D = sqrt(C / 6); C = 6e8 gives 1e4 of each and 1 + 1 + 1 = 3 nats."""
    question = ScalingQuestion(op="compute_optimal", C=6e8)
    found = answered(question, PLAIN)
    assert (found["N"], found["D"], found["loss"]) == pytest.approx((1e4, 1e4, 3.0), rel=1e-9)


def test_more_flop_a_token_buys_fewer_tokens() -> None:
    """C = k N D: at 8 FLOP instead of 6 sqrt(6 / 8) as many of each."""
    eight = replace(PLAIN, counting=Counting(8.0))
    found = answered(ScalingQuestion(op="compute_optimal", C=6e8), eight)
    assert found["D"] == pytest.approx(1e4 * (6 / 8) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("op", [op for op in get_args(Op) if OPERATIONS[op].needs])
def test_each_operation_says_what_it_lacks(op: Op) -> None:
    with pytest.raises(Malformed) as refused:
        check_fields(ScalingQuestion(op=op))
    assert {f"/{name}" for name in OPERATIONS[op].needs} <= {fault.pointer for fault in refused.value.faults}
