"""Carbon of electricity and of making machines: operational, embodied, and per functional unit.

All in kg CO2e (CO2 and the other greenhouse gases, by their warming over 100 years), metric. Location-based and
market-based figures answer different questions and are never added; embodied carbon is never turned into kWh.
"""

from mlquote.formulas.uncertainty import Quantity
from mlquote.kit.units import HOURS_PER_YEAR


def operational_kgco2e(facility_kwh: Quantity, kgco2e_per_kwh: Quantity) -> Quantity:
    """Carbon of the electricity through the meter.

    O = E * I

    Args:    facility_kwh: IT energy x PUE, kWh
             kgco2e_per_kwh: intensity of one boundary (lifecycle or direct) and one accounting (location or market)
    Returns: kg CO2e
    Source:  ISO/IEC 21031 (SCI), section 5.1.3
    """
    return facility_kwh * kgco2e_per_kwh


def embodied_kgco2e(
    device_kgco2e: Quantity, hours: Quantity, lifetime_years: float, utilisation_fraction: float = 1.0
) -> Quantity:
    """The share of making a device that falls on some reserved hours of its life.

    M = TE * TR / (EL * u)

    Args:    device_kgco2e: carbon of making one device, kg CO2e (TE)
             hours: device-hours reserved (TR)
             lifetime_years: expected life (EL), > 0; years of 8766 hours
             utilisation_fraction: share of its life in which it is reserved by anyone (u), in (0, 1]
    Returns: kg CO2e
    Source:  ISO/IEC 21031 (SCI) v1.1: M = TE x TS x RS, TS = TiR / EL. The standard's example counts 365-day years:
             pass 4 * 8760 / 8766 years for its "4 years"
    """
    return device_kgco2e * hours / (lifetime_years * HOURS_PER_YEAR * utilisation_fraction)


def sci_kgco2e_per_unit(operational: Quantity, embodied: Quantity, functional_units: float) -> Quantity:
    """Software carbon intensity: operational (location-based) plus embodied carbon, per functional unit.

    SCI = (E * I + M) / R

    Args:    operational: E * I, kg CO2e, location-based only
             embodied: M, kg CO2e
             functional_units: R, > 0 (here: millions of training tokens)
    Returns: kg CO2e per functional unit
    Source:  ISO/IEC 21031:2024, equation of section 5
    """
    return (operational + embodied) / functional_units
