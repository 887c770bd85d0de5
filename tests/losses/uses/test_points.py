"""What a point is by the signs of its curvatures."""

import numpy as np
import pytest

from mlquote.losses.uses.points import FLAT, classify, signs


@pytest.mark.parametrize(
    ("curvatures", "kind"),
    [
        ([1.0, 2.0], "minimum"),
        ([-1.0, -2.0], "maximum"),
        ([-1.0, 2.0], "saddle"),
        ([0.0, 2.0], "degenerate"),
        ([0.0, 0.0], "degenerate"),
        ([-1.0, 0.0, 2.0], "saddle"),
        ([FLAT / 2.0, 1.0], "degenerate"),
        ([FLAT * 2.0, 1.0], "minimum"),
    ],
    ids=str,
)
def test_a_stationary_point_is_named_by_its_curvatures(curvatures: list[float], kind: str) -> None:
    assert classify(np.array(curvatures)) == kind


def test_curvatures_are_counted_by_sign_relative_to_the_largest() -> None:
    assert signs(np.array([-1e6, 1e-3, 2.0]), FLAT) == {"up": 1, "down": 1, "flat": 1}
