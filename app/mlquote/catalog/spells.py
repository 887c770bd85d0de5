"""Spells: stretches of time in which the figures of some tables stay what they are, so that each is worked out once."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime

from mlquote.catalog.snapshot import Snapshot


def spell_of(when: datetime, changes: Sequence[datetime]) -> datetime:
    """The start of the spell in which a moment's figures hold: its month's first midnight, or a change since.

    Ages and depreciation count from there, so all moments of one spell have the same figures, worked out once.

    Args:    changes: instants at which some figure begins or ends, sorted
    """
    return _last(datetime(when.year, when.month, 1, tzinfo=UTC), when, changes)


def day_of(when: datetime, changes: Sequence[datetime]) -> datetime:
    """The start of the spell of figures that also ask what day it is: its midnight, or a change since.

    Args:    changes: as of `spell_of`
    """
    return _last(datetime(when.year, when.month, when.day, tzinfo=UTC), when, changes)


def _last(start: datetime, when: datetime, changes: Sequence[datetime]) -> datetime:
    place = bisect_right(changes, when) - 1
    return start if place < 0 else max(start, changes[place])


def changes_of(catalog: Snapshot, *tables: str) -> Sequence[datetime]:
    """Every instant at which a row of these tables begins or ends, sorted; remembered."""
    return catalog.remembered(_changes, tables)


def _changes(catalog: Snapshot, tables: tuple[str, ...]) -> tuple[datetime, ...]:
    rows = (row for table in tables for row in catalog.rows(table))
    return tuple(sorted({instant for row in rows for instant in (row.effective_from, row.effective_to) if instant}))
