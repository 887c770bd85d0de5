"""Energy in the rack and at the meter, and the water beside it."""

import pytest

from mlquote.formulas.energy import facility_energy_kwh, grid_water_l, it_energy_kwh, mean_draw_fraction, site_water_l
from mlquote.formulas.uncertainty import doubtful, known


@pytest.mark.parametrize(
    ("node_w", "hours", "printed_kwh"),
    [
        pytest.param(1415.78, 12, 27, id="Transformer base"),
        pytest.param(12041.51, 79, 1507, id="BERT base"),
        pytest.param(1515.43, 274_120, 656_347, id="neural architecture search"),
        pytest.param(517.66, 336, 275, id="ELMo"),
    ],
)
def test_strubells_table_follows_from_its_inputs(node_w: float, hours: float, printed_kwh: float) -> None:
    """Strubell et al. 2019, table 3: watts of the whole machine x hours x PUE 1.58 (printed as kWh-PUE)."""
    assert facility_energy_kwh(it_energy_kwh(hours, node_w), 1.58) == pytest.approx(printed_kwh, rel=0.01)


def test_doubling_pue_doubles_the_meter_and_leaves_rack_and_site_water_alone() -> None:
    it = it_energy_kwh(1000.0, 700.0)
    assert it == 700.0
    assert facility_energy_kwh(it, 2.2) == 2 * facility_energy_kwh(it, 1.1)
    assert site_water_l(it, 0.5) == 350.0
    assert grid_water_l(facility_energy_kwh(it, 1.1), 3.0) == pytest.approx(2310.0)  # 770 kWh x 3 l


def test_the_same_formula_carries_doubt() -> None:
    energy = facility_energy_kwh(it_energy_kwh(doubtful(1000.0, 0.3, "mfu"), known(700.0)), doubtful(1.1, 0.4, "pue"))
    assert energy.median == pytest.approx(770.0)
    assert energy.log_sd == pytest.approx(0.5)


def test_idle_hours_draw_their_share() -> None:
    # half of the time at work, half at a third of the draw: 1/2 + 1/6
    assert mean_draw_fraction(0.5, 1 / 3) == pytest.approx(2 / 3)
    assert mean_draw_fraction(0.0, 0.3) == 1
    assert mean_draw_fraction(1.0, 0.3) == pytest.approx(0.3)
