"""The objective around a point, solved by hand."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.uses.points import classify
from mlquote.losses.uses.surface import surface
from tests.losses.vectors import cases, expanded, mismatches

LINE = {"X": [[0.0], [1.0], [2.0]], "y": [1.0, 3.0, 5.0]}
"""y = 1 + 2 x exactly."""


PARABOLA = {"model": "linear", "X": [[1.0]], "y": [0.0], "params": {"scale": 0.5}}
"""J = theta^2 / 2: curvature 1."""


def test_a_surface_finds_the_minimum_and_calls_it_one() -> None:
    ask = {"model": "linear", **LINE, "X": [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], "theta": [1.0, 2.0]}
    steps = [-1.0, 0.0, 1.0]
    found = surface({**ask, "directions": [[1.0, 0.0], [0.0, 1.0]], "grid": [steps, steps]})
    assert found["objectives"][1][1] == pytest.approx(0.0)
    assert found["objectives"][2][1] == pytest.approx(1.0)  # the intercept off by one: mean of 1
    assert found["theta"]["verdict"] == "minimum"
    assert [point["kind"] for point in found["stationary_points"]] == ["minimum"]


def test_directions_default_to_those_of_largest_curvature() -> None:
    ask = {"model": "linear", "X": [[2.0, 0.0], [0.0, 1.0]], "y": [0.0, 0.0], "theta": [0.0, 0.0], "reduction": "sum"}
    found = surface({**ask, "grid": [[0.0, 1.0]]})
    assert np.abs(found["directions"][0]) == pytest.approx([1.0, 0.0], abs=1e-9)
    assert found["objectives"].tolist() == pytest.approx([0.0, 4.0])
    assert found["theta"]["hessian_max"] == pytest.approx(8.0, rel=1e-6)


@pytest.mark.parametrize(
    ("curvatures", "kind"),
    [([1.0, 2.0], "minimum"), ([-1.0, -2.0], "maximum"), ([-1.0, 2.0], "saddle"), ([0.0, 2.0], "degenerate")],
)
def test_curvatures_say_what_a_stationary_point_is(curvatures: list[float], kind: str) -> None:
    assert classify(np.array(curvatures)) == kind


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**PARABOLA, "theta": [1.0], "grid": [[0.0]], "directions": [[0.0]]}, "/directions/0"),
        ({**PARABOLA, "theta": [1.0], "grid": [[0.0], [1.0], [2.0]]}, "/grid"),
        ({**PARABOLA, "theta": [1.0], "grid": [list(range(20_000))], "directions": [[1.0]]}, "/grid"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_surface_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        surface(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("case", cases("loss_slice"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(surface(expanded(case["request"])), case) == []
