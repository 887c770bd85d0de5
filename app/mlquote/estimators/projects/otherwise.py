"""A project beside its alternative: what either costs in all, and from which month on the project has cost no more."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlquote.estimators.projects.answer import AlternativeResult, BreakEven
from mlquote.estimators.projects.putting import Put
from mlquote.estimators.projects.question import ProjectQuestion
from mlquote.estimators.projects.ranges import interval_between
from mlquote.estimators.projects.shaping import basis_of, parts_of
from mlquote.estimators.projects.sums import Present, discount_factors
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Range

NEVER = BreakEven(None, None, None)


def alternative_of(question: ProjectQuestion, project: Put, other: Put) -> AlternativeResult:
    """The alternative over the project's months, and the month from which the project has cost no more."""
    mine, theirs = project.sums, other.sums
    bases = [basis_of(each) for each in (mine, theirs)]
    told = parts_of(theirs)
    total = None if bases[1] == "mixed" else theirs.total("cost_usd")
    are_known = total is not None and bases[0] != "mixed" and mine.total("cost_usd") is not None
    are_one_basis = len({each for each in bases if each is not None}) <= 1
    factors = discount_factors(question.discount_rate_per_year, mine.horizon)
    present = theirs.present(factors) if total is not None else None
    if not are_known or not are_one_basis or present is None:
        return AlternativeResult(total, present.range() if present else None, None, NEVER, None, told)
    own = mine.present(factors)
    month, share = break_even(own, present)
    return AlternativeResult(total, present.range(), _more(own, present), month, share, told)


def _more(own: Present, other: Present) -> Range:
    """Present dollars of the project less those of the alternative."""
    middle = EXACT.subtract(own.months[-1].central, other.months[-1].central)
    return interval_between(own.drawn[:, -1] - other.drawn[:, -1], middle, "cost_usd")


def break_even(own: Present, other: Present) -> tuple[BreakEven, float]:
    """The month from whose end on the project has cost no more; and the share of draws in which it comes."""
    central = [mine.central <= theirs.central for mine, theirs in zip(own.months, other.months, strict=True)]
    is_less: NDArray[np.bool_] = own.drawn <= other.drawn
    last_dearer = is_less.shape[1] - np.argmax(~is_less[:, ::-1], axis=1)
    first = np.where(is_less.all(axis=1), 1, last_dearer + 1).astype(float)
    first[~is_less[:, -1]] = np.inf
    low, high = np.quantile(first, (0.1, 0.9), method="nearest")
    middle = _first(central)
    ends = [None if np.isinf(end) else int(end) for end in (low, high)]
    if middle is not None:
        ends = [min(ends[0] or middle, middle), None if ends[1] is None else max(ends[1], middle)]
    return BreakEven(ends[0], middle, ends[1]), float(is_less[:, -1].mean())


def _first(is_less: Sequence[bool]) -> int | None:
    """The first month from which all are less, counted from 1."""
    dearer = [place for place, each in enumerate(is_less, 1) if not each]
    first = max(dearer, default=0) + 1
    return first if first <= len(is_less) else None
