"""How sure a ranking is: which rows may be first, between which ranks each may stand, and who is best at what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlquote.kit.provenance import Range

Ends = tuple[float, float, float]
"""Low, central, high of a figure of which less is better."""


@dataclass(frozen=True, slots=True)
class RankSpan:
    """Where a row may stand."""

    tied_with_first: bool
    """Its range and the first one's overlap: which of both is better is not known."""
    rank_at_best: int
    """Its rank where only those are before it whose whole range is better."""
    rank_at_worst: int
    """Its rank where all are before it but those whose whole range is worse."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who is best at one thing, by the central figure, and how many others may be."""

    figure: str
    choice: Mapping[str, Any]
    value: Any
    tied: int
    """Other rows whose range overlaps."""


def ends_of(value: Any, *, is_highest_first: bool = False) -> Ends | None:
    """A range or a number, turned so that less is better; None where it is unknown."""
    said = (value.low, value.central, value.high) if isinstance(value, Range) else (value, value, value)
    if any(end is None for end in said):
        return None
    low, middle, high = (float(end) for end in said)
    return (-high, -middle, -low) if is_highest_first else (low, middle, high)


def places_of(ranges: Sequence[Ends]) -> list[RankSpan]:
    """Where each row of a ranking may stand, the first row the best by its central figure."""
    return [
        RankSpan(
            tied_with_first=low <= ranges[0][2] and ranges[0][0] <= high,
            rank_at_best=1 + sum(other[2] < low for other in ranges),
            rank_at_worst=len(ranges) - sum(other[0] > high for other in ranges),
        )
        for low, _, high in ranges
    ]


def mark_of(figure: str, rows: Iterable[tuple[Mapping[str, Any], Any]], *, is_highest_first: bool) -> Mark | None:
    """Who is best at a figure; None where nobody's is known.

    Args:    rows: each row's choice and its value of the figure
    """
    known = [
        (choice, value, ends)
        for choice, value in rows
        if (ends := ends_of(value, is_highest_first=is_highest_first)) is not None
    ]
    if not known:
        return None
    choice, value, best = min(known, key=lambda row: row[2][1])
    tied = sum(ends[0] <= best[2] and best[0] <= ends[2] for _, _, ends in known) - 1
    return Mark(figure, choice, value, tied)
