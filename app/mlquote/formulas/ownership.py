"""What an hour of an owned accelerator costs, after Epoch AI's method: capital that loses value, energy, hosting."""

from math import log

from mlquote.kit.units import HOURS_PER_YEAR


def remaining_value_fraction(years: float, oom_per_year: float) -> float:
    """What a chip bought `years` ago is still worth, as a share of its price.

    v = 10^(-g t)

    Args:    years: t, >= 0
             oom_per_year: g, orders of magnitude that price-performance gains (and so a chip loses) a year
    Returns: fraction (g = 0.14, one year: 0.724)
    Source:  Cottier et al. 2024, The rising costs of training frontier AI models, arXiv:2405.21015, section 2.3
    """
    return float(10 ** (-oom_per_year * years))


def value_loss_per_hour(value: float, oom_per_year: float) -> float:
    """Depreciation of hardware of some value over the next hour (first order).

    c = value * g ln(10) / 8766

    Args:    value: what it is worth now, dollars
             oom_per_year: g, orders of magnitude lost a year
    Returns: dollars per hour (30,000 dollars, g = 0.14: 1.1032)
    Source:  Epoch AI, training-cost-trends, amortized_cost of one chip-hour
    """
    return value * oom_per_year * log(10) / HOURS_PER_YEAR


def cluster_value(chip_value: float, server_over_chip: float, network_fraction: float) -> float:
    """Hardware capital behind one accelerator: chip, its share of the server, its share of the cluster's network.

    k = chip * r / (1 - n)

    Args:    chip_value: dollars; server_over_chip: r, server price over the price of its chips, >= 1
             network_fraction: n, the network's share of the whole cluster's capital, in [0, 1)
    Returns: dollars
    Source:  Cottier et al. 2024, appendix A.3: n = 0.19, so networking adds 0.19 / 0.81 to the servers
    """
    return chip_value * server_over_chip / (1 - network_fraction)
