"""Learning rates and gradients on their way, against values solved by hand."""

import numpy as np
import pytest

from mlquote.losses.uses.schedules import SCHEDULES, Handling, Schedule

DRAW = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Schedule("constant", 4), [1.0, 1.0, 1.0, 1.0]),
        (Schedule("linear", 4), [1.0, 0.75, 0.5, 0.25]),
        (Schedule("linear", 4, end=0.5), [1.0, 0.875, 0.75, 0.625]),
        (Schedule("cosine", 4), [1.0, 0.5 + 0.25 * 2**0.5, 0.5, 0.5 - 0.25 * 2**0.5]),
        (Schedule("exponential", 4, rate=0.5), [1.0, 0.5, 0.25, 0.125]),
        (Schedule("step", 4, rate=0.1, every=2), [1.0, 1.0, 0.1, 0.1]),
        (Schedule("inverse_sqrt", 4), [1.0, 2**-0.5, 3**-0.5, 0.5]),
    ],
    ids=lambda each: each.kind if isinstance(each, Schedule) else "",
)
def test_each_schedule_is_its_formula(schedule: Schedule, factors: list[float]) -> None:
    assert [schedule.factor(t) for t in range(4)] == pytest.approx(factors)
    assert schedule.kind in SCHEDULES


def test_a_warm_up_rises_first_and_the_schedule_starts_after_it() -> None:
    """Two steps of warm-up, then the four of the rest: (t + 1) / 2, and 1, 3/4, ..."""
    schedule = Schedule("linear", 6, warmup=2)
    assert [schedule.factor(t) for t in range(4)] == pytest.approx([0.5, 1.0, 1.0, 0.75])


def test_a_gradient_is_clipped_by_the_entry_then_by_its_length() -> None:
    """(6, -8) by 4 is (4, -4), of length 4 sqrt(2), which becomes 2."""
    gradient = np.array([6.0, -8.0])
    assert Handling(None, 4.0, 0.0).handled(gradient, DRAW).tolist() == [4.0, -4.0]
    assert Handling(5.0, None, 0.0).handled(gradient, DRAW) == pytest.approx([3.0, -4.0])
    assert Handling(2.0, 4.0, 0.0).handled(gradient, DRAW) == pytest.approx([2**0.5, -(2**0.5)])
    assert Handling(20.0, None, 0.0).handled(gradient, DRAW).tolist() == [6.0, -8.0]
    assert not np.array_equal(Handling(None, None, 1.0).handled(gradient, DRAW), gradient)
