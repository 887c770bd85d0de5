"""Carbon: operational, embodied, per functional unit; and the units that trip people."""

import pytest

from mlquote.formulas.carbon import (
    embodied_kgco2e,
    operational_kgco2e,
    sci_kgco2e_per_unit,
)


def test_patterson_2021_t5() -> None:
    # Patterson et al. 2021, table 4: T5 85.7 MWh at 0.545 kg/kWh gross: 46.7 t
    assert operational_kgco2e(85_700.0, 0.545) == pytest.approx(46_700, rel=0.001)


def test_sci_worked_example_of_embodied_carbon() -> None:
    # ISO/IEC 21031 v1.1: 1000 kg over 4 years of 365 days, one hour: 1000 / 35040 = 28.54 g
    years = 4 * 8760 / 8766
    assert embodied_kgco2e(1000.0, 1.0, years) == pytest.approx(0.0285388128, rel=1e-6)


def test_embodied_carbon_falls_on_the_hours_in_use() -> None:
    assert embodied_kgco2e(100.0, 10.0, 4.0, 0.5) == 2 * embodied_kgco2e(100.0, 10.0, 4.0)


def test_sci_is_operational_plus_embodied_per_unit() -> None:
    # (100 kWh x 0.4 kg/kWh + 10 kg) / 5 units = 10 kg
    assert sci_kgco2e_per_unit(operational_kgco2e(100.0, 0.4), 10.0, 5.0) == 10.0
