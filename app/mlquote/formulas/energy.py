"""Electricity of accelerators at work: in the rack, at the plug, through the meter; and the water that cools them.

Three ledgers, never mixed: IT energy (what the racks draw), facility energy (IT energy x PUE, once), and water. Every
function takes the watts of one stated scope; which scope it was is the caller's to name.
"""

from mlquote.formulas.uncertainty import Quantity
from mlquote.kit.units import WATTS_PER_KILOWATT


def it_energy_kwh(accelerator_hours: Quantity, watts_per_accelerator: Quantity) -> Quantity:
    """Energy that accelerators draw over their hours, before cooling and distribution losses.

    E_IT = H * P / 1000

    Args:    accelerator_hours: accelerators x hours, >= 0
             watts_per_accelerator: mean draw of one, of one scope (chip, or whole system per accelerator), >= 0
    Returns: kWh
    Source:  Strubell et al. 2019, Energy and Policy Considerations for Deep Learning in NLP, eq. 1 (p_t without PUE)
    """
    return accelerator_hours * watts_per_accelerator / WATTS_PER_KILOWATT


def mean_draw_fraction(idle_fraction: float, idle_draw_fraction: float) -> float:
    """Mean draw over all hours, as a share of the draw at work.

    d = (1 - f) + f s

    Args:    idle_fraction: f, share of the hours in which nothing runs, in [0, 1]
             idle_draw_fraction: s, draw when idle over draw at work, in (0, 1]
    Returns: fraction, in [s, 1]
    Source:  time average of two states; Barroso and Hoelzle 2007, The Case for Energy-Proportional Computing, on s
    """
    return 1 - idle_fraction + idle_fraction * idle_draw_fraction


def facility_energy_kwh(it_kwh: Quantity, pue: Quantity) -> Quantity:
    """Energy through the building's meter: IT energy times PUE, applied once.

    E = PUE * E_IT

    Args:    it_kwh: energy of the IT equipment, kWh
             pue: power usage effectiveness, >= 1 (ISO/IEC 30134-2: facility energy over IT energy)
    Returns: kWh
    """
    return it_kwh * pue


def site_water_l(it_kwh: Quantity, wue_l_per_kwh: Quantity) -> Quantity:
    """Water a site evaporates for cooling. WUE is per kWh of IT energy: PUE has no place here.

    W_site = WUE * E_IT

    Args:    it_kwh: energy of the IT equipment, kWh
             wue_l_per_kwh: water usage effectiveness, litres per IT kWh, >= 0
    Returns: litres
    Source:  The Green Grid, WP#35 (2011), Water Usage Effectiveness; ISO/IEC 30134-9
    """
    return it_kwh * wue_l_per_kwh


def grid_water_l(facility_kwh: Quantity, grid_l_per_kwh: Quantity) -> Quantity:
    """Water that power stations use for the electricity: on facility energy, a ledger apart from the site's.

    W_grid = EWIF * PUE * E_IT

    Args:    facility_kwh: energy through the meter, kWh
             grid_l_per_kwh: water intensity of the electricity, litres per kWh, >= 0
    Returns: litres
    Source:  Li et al. 2023, Making AI Less "Thirsty", eq. 1 (scope 2 term)
    """
    return facility_kwh * grid_l_per_kwh
