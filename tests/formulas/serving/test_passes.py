"""Whole passes: images by noise levels, recordings by windows."""

import pytest

from mlquote.formulas.serving.passes import image_flop, speech_windows, units_per_s


def test_an_image_is_noise_levels_times_passes() -> None:
    """SDXL: 6.76e12 FLOP a pass, 50 levels, twice each: 6.76e14."""
    assert image_flop(6.76e12, 50, 2) == pytest.approx(6.76e14)


@pytest.mark.parametrize(("seconds", "windows"), [(0.5, 1), (30, 1), (31, 2), (120, 4)])
def test_recordings_take_whole_windows(seconds: float, windows: int) -> None:
    assert speech_windows(seconds) == windows


def test_the_data_sheet_bounds_what_is_delivered() -> None:
    """Two parts of 312e12 FLOP/s, 6.24e14 FLOP an image: one a second."""
    assert units_per_s(2, 312e12, 6.24e14) == pytest.approx(1.0)
