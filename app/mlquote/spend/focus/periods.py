"""The time that a charge is for: an hour or a day of a zone, in the month that it is billed in."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from mlquote.catalog.remembered import Memory

_QUARTER_S: Final = 900
"""Every zone's distance from UTC is a multiple of a quarter of an hour, so that a quarter lies in one hour and day."""


class Period(NamedTuple):
    """[start, end) of a charge, and of the month it is billed in; all in UTC."""

    start: datetime
    end: datetime
    billing_start: datetime
    billing_end: datetime


class Periods:
    """The period that a moment is in: an hour or a day as the clocks of a zone have it, 23 and 25 hours long too."""

    def __init__(self, zone: tzinfo = UTC, *, hourly: bool = False) -> None:
        """Days of `zone`, or its hours."""
        self._zone, self._hourly = zone, hourly
        self._found = Memory(self._period)

    def of(self, at: datetime) -> Period:
        """The period of a moment."""
        return self._found[int(at.timestamp()) // _QUARTER_S]

    def _period(self, quarter: int) -> Period:
        local = datetime.fromtimestamp(quarter * _QUARTER_S, self._zone)
        month = (local.year, local.month)
        following = (local.year + local.month // 12, local.month % 12 + 1)
        day, next_day = local.date(), local.date() + timedelta(days=1)
        start = self._midnight(day.year, day.month, day.day)
        end = self._midnight(next_day.year, next_day.month, next_day.day)
        if self._hourly:
            start = (local - timedelta(minutes=local.minute, seconds=local.second)).astimezone(UTC)
            end = start + timedelta(hours=1)
        return Period(start, end, self._midnight(*month, 1), self._midnight(*following, 1))

    def _midnight(self, year: int, month: int, day: int) -> datetime:
        return datetime(year, month, day, tzinfo=self._zone).astimezone(UTC)
