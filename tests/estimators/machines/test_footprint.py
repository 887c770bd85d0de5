"""Accelerator-hours through rack, meter and grid; and the carbon of making one."""

import pytest

from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.machines.footprint import embodied_of, footprint_of
from mlquote.estimators.machines.power import Draw
from mlquote.estimators.machines.site import Site
from mlquote.formulas.uncertainty import known
from tests.estimators.hardware_sample import NOW, row, snapshot

NOTHING: Figure = Finding(None)
SITE = Site(Finding(known(1.2)), Finding(known(0.4)), NOTHING, Finding(known(0.5)), NOTHING, "USA")
DRAW = Draw(Finding(known(500.0)), Finding(known(600.0)))


def test_pue_multiplies_it_energy_once() -> None:
    marks = footprint_of(known(1000.0), DRAW, SITE, known(0.01))
    energy, carbon, water = marks.energy_kwh, marks.location_based_kgco2e, marks.water_l
    assert energy is not None
    assert carbon is not None
    assert water is not None
    assert energy.median == pytest.approx(720.0)  # 1000 h x 0.6 kW x 1.2
    assert carbon.median == pytest.approx(288.0)  # x 0.4 kg/kWh
    assert water.median == pytest.approx(300.0)  # 600 kWh of IT x 0.5 l
    assert marks.total_kgco2e is not None
    assert marks.total_kgco2e.median == pytest.approx(298.0)  # and 1000 h x 10 g of making


def test_what_is_unknown_leaves_what_hangs_on_it_unknown() -> None:
    marks = footprint_of(known(1000.0), Draw(NOTHING, NOTHING), SITE, None)
    assert (marks.energy_kwh, marks.location_based_kgco2e, marks.embodied_kgco2e, marks.water_l) == (None,) * 4
    assert footprint_of(known(1000.0), DRAW, SITE, None).market_based_kgco2e is None


def test_the_carbon_of_making_spans_hosts_and_lives() -> None:
    catalog = snapshot()
    made = embodied_of(catalog.accelerator("a1", NOW), catalog)
    assert made.value is not None
    # 150 kg and a host of 162 to 713 kg, over 3 to 6 years of 8,766 h at 70 % use: sqrt(312 x 863) / sqrt(18) / 6,136 h
    assert made.value.median == pytest.approx((312 * 863) ** 0.5 / 18**0.5 / (8766 * 0.7), rel=1e-3)


def test_a_part_that_nobody_published_takes_the_span_of_all_others() -> None:
    catalog = snapshot(accelerators=[row("accelerators", id="a2", vendor="NVIDIA", name="A2", family="Hopper")])
    assert [w.code for w in embodied_of(catalog.accelerator("a2", NOW), catalog).warnings] == [
        "embodied-from-other-parts"
    ]
