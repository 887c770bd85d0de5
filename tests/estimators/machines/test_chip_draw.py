"""The accelerators' own draw: measured on the part, else the system's over what the host adds."""

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.chip_draw import chips_of
from mlquote.formulas.uncertainty import known
from tests.estimators.hardware_sample import NOW


def test_a_measured_mean_of_the_chip_comes_first(catalog: Snapshot) -> None:
    """Jouppi et al. 2023, table 4: a TPU v4 draws 170 W in production, of 351.5 W with its host."""
    found = chips_of(catalog.accelerator("tpu-v4", NOW), known(351.5), catalog)
    assert found.value is not None
    assert found.value.median == 170


def test_elsewhere_the_host_is_taken_off_the_system(catalog: Snapshot) -> None:
    # 868.7 W / 1.35 = 643 W, e^(1.2816 x 0.11) = 1.15: x/: 1.15, so 1.17 to 1.55 times as much at the plug
    found = chips_of(catalog.accelerator("h100-sxm", NOW), known(868.7), catalog)
    assert found.value is not None
    assert found.value.median == pytest.approx(643.5, abs=0.1)
    assert float(found.value.range().high) == pytest.approx(741, abs=1)


def test_a_system_that_was_measured_is_not_mixed_with_another_runs_chip(catalog: Snapshot) -> None:
    found = chips_of(catalog.accelerator("tpu-v4", NOW), known(270.0), catalog, measured=True)
    assert found.value is not None
    assert found.value.median == pytest.approx(200)


def test_without_a_system_nothing_is_known(catalog: Snapshot) -> None:
    assert chips_of(catalog.accelerator("h100-sxm", NOW), None, catalog).value is None
