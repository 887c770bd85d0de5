"""When a row holds: half-open `[effective_from, effective_to)`, and which of several rows answers for a moment.

Time is asked in one of three ways, here of rows in hand and in `Snapshot` by table and key: `in_effect` (only what
holds), `begun_or_first` (what holds, or the one that stands in for it), `nearest` (whatever lies closest in time).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from mlquote.catalog.rows import Row

R = TypeVar("R", bound=Row)

BEGINNING = datetime.min.replace(tzinfo=UTC)
AT_ONCE = timedelta(0)


def begins(row: Row) -> datetime:
    """The first moment of a row; the beginning of time where nobody says."""
    return row.effective_from or BEGINNING


def holds(row: Row, moment: datetime) -> bool:
    """Whether a row is in effect at `moment`."""
    return begins(row) <= moment and (row.effective_to is None or moment < row.effective_to)


def in_effect(versions: Sequence[R], moment: datetime) -> R | None:
    """The row of one fact that holds at `moment`: the latest that has begun, unless it has ended.

    Args:    versions: every row of the fact, sorted by `begins`
    """
    if len(versions) == 1:
        return versions[0] if holds(versions[0], moment) else None
    place = bisect_right(versions, moment, key=begins) - 1
    if place < 0:
        return None
    row = versions[place]
    return row if row.effective_to is None or moment < row.effective_to else None


def begun_or_first(versions: Sequence[R], moment: datetime) -> R | None:
    """The latest row of one fact that has begun, ended or not; before all, the first; None where there is none.

    Args:    versions: every row of the fact, sorted by `begins`
    """
    if len(versions) < 2:
        return versions[0] if versions else None
    return versions[max(bisect_right(versions, moment, key=begins) - 1, 0)]


def away(row: Row, moment: datetime) -> timedelta:
    """How long before a row begins, or after it has ended, `moment` lies; nothing while the row holds."""
    if moment < begins(row):
        return begins(row) - moment
    if row.effective_to is not None and moment >= row.effective_to:
        return moment - row.effective_to
    return AT_ONCE


def nearest(rows: Iterable[R], moment: datetime) -> R | None:
    """The row in effect, else the one that ended or begins closest to `moment` (of two as close, the earlier).

    Of several in effect, the latest to begin. `rows` need no order; None where there is none.
    """
    return min(
        rows, key=lambda row: (away(row, moment), begins(row) > moment, moment - begins(row)), default=None
    )  # fmt: skip
