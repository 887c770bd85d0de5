"""What an hour of an owned accelerator costs, after Epoch AI's method: capital that loses value, energy, hosting."""

from math import log

from app.kit.units import HOURS_PER_YEAR

VALUE_LOSS_OOM_PER_YEAR = 0.14
"""Hardware price-performance gains, and so an owner's chip loses, 0.14 orders of magnitude a year.
Source: Cottier et al. 2024, The rising costs of training frontier AI models, arXiv:2405.21015, section 2.3."""
INTERCONNECT_SHARE_OF_CAPEX = 0.19
"""Cluster networking as a share of all hardware capital. Source: Cottier et al. 2024, appendix A.3."""
SERVER_OVER_CHIP_PRICE = {"A100": 1.66, "V100": 1.69, "P100": 1.54}
"""Server price over the price of its accelerators; 1.64 elsewhere. Source: Epoch AI, training-cost-trends
(cost_analysis_standalone.py, 263c40a), from DGX and bare accelerator prices."""
OTHER_SERVER_OVER_CHIP_PRICE = 1.64


def remaining_value_fraction(years: float) -> float:
    """What a chip bought `years` ago is still worth, as a share of its price.

    v = 10^(-0.14 t)

    Source:  Cottier et al. 2024, section 2.3 (one year: 0.7246)
    """
    return float(10 ** (-VALUE_LOSS_OOM_PER_YEAR * years))


def value_loss_per_hour(value: float) -> float:
    """Depreciation of hardware of some value over the next hour (first order).

    c = value * 0.14 ln(10) / 8766

    Args:    value: what it is worth now, dollars
    Returns: dollars per hour (30,000 dollars: 1.1032)
    Source:  Epoch AI, training-cost-trends, amortized_cost of one chip-hour
    """
    return value * VALUE_LOSS_OOM_PER_YEAR * log(10) / HOURS_PER_YEAR


def cluster_value(chip_value: float, server_over_chip: float) -> float:
    """Hardware capital behind one accelerator: chip, its share of the server, its share of the cluster's network.

    k = chip * r / (1 - 0.19)

    Args:    chip_value: dollars; server_over_chip: r, server price over the price of its chips, >= 1
    Returns: dollars
    Source:  Cottier et al. 2024, appendix A.3: networking adds 0.19 / 0.81 to the servers
    """
    return chip_value * server_over_chip / (1 - INTERCONNECT_SHARE_OF_CAPEX)


US_INDUSTRIAL_USD_PER_KWH = {
    2010: 0.0677, 2011: 0.0682, 2012: 0.0667, 2013: 0.0689, 2014: 0.0710, 2015: 0.0691, 2016: 0.0676, 2017: 0.0688,
    2018: 0.0692, 2019: 0.0681, 2020: 0.0667, 2021: 0.0718, 2022: 0.0832, 2023: 0.0806, 2024: 0.0771, 2025: 0.0826,
}  # fmt: skip
"""Average US industrial electricity price by year. Source: EIA Electric Power Monthly, table 5.3, as Epoch AI's
training-cost-trends (cost_analysis_standalone.py, 263c40a) carries it."""


def electricity_usd_per_kwh(year: int) -> float:
    """US industrial electricity in a year; years outside the table take its nearest end.

    Args:    year: of the run
    Returns: dollars per kWh
    """
    return US_INDUSTRIAL_USD_PER_KWH[min(max(year, 2010), 2025)]
