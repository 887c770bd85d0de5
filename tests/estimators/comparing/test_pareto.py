"""The front, by eye."""

import pytest

from mlquote.estimators.comparing.pareto import on_front, signed


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)], [True, True, True]),
        ([(2.0, 2.0), (1.0, 1.0)], [False, True]),
        ([(1.0, 1.0), (1.0, 2.0), (1.0, 1.0)], [True, False, True]),
        ([(1.0, 5.0), None, (2.0, 6.0)], [True, None, False]),
    ],
    ids=["a trade", "beaten in both", "equals stand together", "an unknown one"],
)
def test_the_front(points: list[tuple[float, ...] | None], expected: list[bool | None]) -> None:
    assert on_front(points) == expected


def test_more_throughput_and_less_latency_are_better() -> None:
    assert signed("output_tokens_per_s", 5.0) == -5.0
    assert signed("ttft_ms", 5.0) == 5.0
