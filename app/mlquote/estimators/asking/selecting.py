"""What holds here and now: the one order in which rows may stand in for what was asked, and what must then be said.

In effect before ended or to come, the narrowest place before the wider, the thing itself before a sibling. Whatever
is not what was asked is a `StandIn`: a warning's code, its words, and the doubt it adds to the figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot
from typing import Generic, TypeVar

from mlquote.catalog.intervals import holds
from mlquote.catalog.rows import Row
from mlquote.kit.provenance import Warning

R = TypeVar("R")

YEARLY_LAG_YEARS = 3
"""An annual figure is taken as of today's for so long: statistics come one to two years after their year (eGRID 2023
came in 2025), and a third may pass before the next. An older one has missed its successor."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """One way in which what was chosen is not what was asked."""

    code: str
    detail: str
    log_sd: float = 0.0
    """Doubt it adds, in natural-log units."""


@dataclass(frozen=True, slots=True)
class Chosen(Generic[R]):
    """The rows that answer, and each way in which they stand in for what was asked."""

    rows: tuple[R, ...]
    stands_in: tuple[StandIn, ...] = ()

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What the answer must say."""
        return said(self.stands_in)

    @property
    def log_sd(self) -> float:
        """Doubt of all that stands in together."""
        return hypot(*(each.log_sd for each in self.stands_in))


def first_with_rows(rungs: Iterable[tuple[Sequence[R], tuple[StandIn, ...]]]) -> Chosen[R] | None:
    """The first rung (rows, what they stand in for) that has any rows; None where none has. Rungs may be lazy."""
    for rows, stands_in in rungs:
        if rows:
            return Chosen(tuple(rows), stands_in)
    return None


def from_another_time(quantity: str, row: Row, when: datetime, *, year: int | None = None) -> tuple[StandIn, ...]:
    """Said of a figure that does not hold at `when`, or is an annual one whose successors are overdue.

    Args:    quantity: what it is, as the answer names it; year: of an annual figure that nothing carried to today
    """
    if not holds(row, when):
        of = row.effective_from if row.effective_from is not None and row.effective_from > when else row.effective_to
        dated = f"one of {of:%Y-%m-%d}" if of is not None else "an older one"
    elif year is not None and when.year - year > YEARLY_LAG_YEARS:
        dated = f"{year}'s"
    else:
        return ()
    return (StandIn("figure-from-another-year", f"no {quantity} of {when.year} is known: {dated} stands in"),)


def said(stands_in: Iterable[StandIn]) -> tuple[Warning, ...]:
    """What the answer must say of all that stands in."""
    return tuple(Warning(each.code, each.detail) for each in stands_in)
