"""Labelling in numbers: started units, votes until a verdict and how often it is right, tiers and fees of a list."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, comb

from mlquote.kit.money import EXACT

CENT = Decimal("0.01")


def started_units(size: Decimal, unit: Decimal) -> int:
    """How many units an item of some size is billed as: a started one counts whole.

    units = ceil(size / unit)

    Args:    size: words or seconds of one item, >= 0; unit: words or seconds of one unit, > 0
    Source:  Google AI Platform Data Labeling, pricing: 70 words are 2 units of 50
    """
    return ceil(EXACT.divide(size, unit))


def pairs_of_ranking(answers: int) -> int:
    """Comparisons that one ranking of `answers` answers implies; they come from one reading and are not independent.

    pairs = K (K - 1) / 2

    Args:    answers: K, >= 2
    Source:  Ouyang et al. (2022), Training language models to follow instructions, section 3.5
    """
    return comb(answers, 2)


def sequential_votes(accuracy: float, margin: int) -> tuple[float, float]:
    """Expected votes on a yes-or-no question asked until one answer leads by `margin`, and how often that is right.

    right = 1 / (1 + ((1 - p) / p)^m),  votes = m (2 right - 1) / (2 p - 1)

    Args:    accuracy: p of each vote, 0.5 < p <= 1; margin: m, >= 1
    Returns: (votes, probability that the verdict is right); votes are independent of each other
    Source:  Wald (1945), Sequential tests of statistical hypotheses: a random walk between two barriers
    """
    odds = (1 - accuracy) / accuracy
    right = 1 / (1 + odds**margin)
    return margin * (2 * right - 1) / (2 * accuracy - 1), right


def majority_accuracy(accuracy: float, votes: int) -> float:
    """How often the majority of an odd number of independent votes is right.

    P = sum over k > K / 2 of C(K, k) p^k (1 - p)^(K - k)

    Args:    accuracy: p of each vote, 0 to 1; votes: K, odd
    Source:  Condorcet's jury theorem
    """
    return sum(comb(votes, k) * accuracy**k * (1 - accuracy) ** (votes - k) for k in range(votes // 2 + 1, votes + 1))


def tiered_usd(units: int, tiers: Sequence[tuple[int, Decimal]]) -> Decimal:
    """What units of one month cost on a price list whose tiers are marginal.

    usd = sum over tiers of (units within the tier) * usd of the tier

    Args:    units: of the month, >= 0; tiers: (units after which the price holds, dollars a unit), the first from 0
    """
    total = Decimal(0)
    ends = [start for start, _ in tiers[1:]] + [units]
    for (start, usd), end in zip(tiers, ends, strict=True):
        within = max(min(units, end) - start, 0)
        total = EXACT.add(total, EXACT.multiply(Decimal(within), usd))
    return total


def monthly_usd(units: int, months: int, tiers: Sequence[tuple[int, Decimal]]) -> Decimal:
    """What units spread evenly over some months cost: each month begins at the first tier again.

    Args:    units: of all months, whole; the first (units mod months) months have one more than the others
    """
    each, more = divmod(units, months)
    full = EXACT.multiply(Decimal(more), tiered_usd(each + 1, tiers))
    return EXACT.add(full, EXACT.multiply(Decimal(months - more), tiered_usd(each, tiers)))


def assignment_fee_usd(reward_usd: Decimal, fraction: Decimal, least_usd: Decimal) -> Decimal:
    """A market's fee on one assignment: a share of the reward, half up to the cent, and never below the least one.

    fee = max(least, round(fraction * reward, 2))

    Args:    reward_usd: what one assignment pays; fraction: of the reward; least_usd: of one assignment
    Source:  Amazon Mechanical Turk, pricing: 20 %, of tasks with ten assignments or more another 20 %
    """
    share = EXACT.multiply(reward_usd, fraction).quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)
    return max(share, least_usd)


def sample_for_share(half_width: float) -> int:
    """Items that measure a share to within `half_width` either way at 95 %, whatever the share is.

    n = ceil(1.96^2 * 0.25 / half_width^2)

    Args:    half_width: 0 to 0.5, excluded
    Source:  normal approximation of the binomial at p = 1/2, its widest
    """
    return ceil(1.959963984540054**2 * 0.25 / half_width**2)
