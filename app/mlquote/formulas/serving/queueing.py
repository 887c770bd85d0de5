"""Open-loop load: how long requests wait for a replica that is busy, and how many replicas a load needs."""

from math import ceil


def mg1_wait_s(arrivals_per_s: float, service_s: float, service_scv: float = 1.0) -> float:
    """Mean wait in front of one server with random arrivals.

    W = rho / (1 - rho) * (1 + c^2) / 2 * s,  rho = lambda s

    Args:    arrivals_per_s: lambda, Poisson; service_s: s, mean time one request keeps the server
             service_scv: c^2, squared coefficient of variation of that time (1: exponential, 0: fixed)
    Returns: seconds; infinite from rho = 1 on
    Source:  Pollaczek 1930, Khinchine 1932 (mean-value formula)
    """
    load = arrivals_per_s * service_s
    return load / (1 - load) * (1 + service_scv) / 2 * service_s if load < 1 else float("inf")


def replicas_needed(requests_per_s: float, capacity_per_s: float) -> int:
    """The staircase: whole replicas that keep up with a load.

    n = ceil(lambda / mu)

    Args:    requests_per_s: lambda, > 0; capacity_per_s: mu, what one replica finishes within the targets, > 0
    Returns: replicas, >= 1
    """
    return max(1, ceil(requests_per_s / capacity_per_s - 1e-9))


def accepted_tokens(draft_tokens: int, acceptance_fraction: float) -> float:
    """Tokens gained per verified step, the one the model itself adds included.

    (1 - a^(g+1)) / (1 - a)

    Args:    draft_tokens: g >= 0; acceptance_fraction: a in [0, 1]
    Returns: tokens per step, from 1 to g + 1
    Source:  Leviathan et al. 2023, Fast Inference from Transformers via Speculative Decoding, eq. 1
    """
    if acceptance_fraction >= 1:
        return float(draft_tokens + 1)
    return float((1 - acceptance_fraction ** (draft_tokens + 1)) / (1 - acceptance_fraction))
