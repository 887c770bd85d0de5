"""Recurring hours in which a price holds: is a window open at this moment?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mlquote.catalog.rows import TimeWindow

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NONE, _HALF_HOUR = timedelta(0), timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a day: minutes from midnight, half-open, on some weekdays, but not on holidays."""

    weekdays: frozenset[int]
    start: int
    end: int
    holidays: frozenset[date]

    def holds(self, local: datetime) -> bool:
        """Whether a moment, told in the window's own zone, lies in this stretch."""
        minute = local.hour * 60 + local.minute
        return (
            local.weekday() in self.weekdays and self.start <= minute < self.end and local.date() not in self.holidays
        )


@dataclass(frozen=True, slots=True)
class Window:
    """All stretches of one window; a complement is every moment they leave out."""

    zone: ZoneInfo
    spans: tuple[Span, ...]
    complement: bool
    holiday_years: frozenset[int]
    """Years whose holidays are known; empty where holidays play no part."""

    def holds(self, moment: datetime) -> bool:
        """Whether the window is open at an aware moment."""
        local = moment.astimezone(self.zone)
        return any(span.holds(local) for span in self.spans) != self.complement

    @property
    def is_half_hourly(self) -> bool:
        """Whether it opens and closes at whole half hours of UTC only."""
        ahead = {self.zone.utcoffset(datetime(2026, month, 1)) or _NONE for month in (1, 7)}  # noqa: DTZ001
        minutes = {minute for span in self.spans for minute in (span.start, span.end)}
        return all(off % _HALF_HOUR == _NONE for off in ahead) and all(minute % 30 == 0 for minute in minutes)

    def knows(self, moment: datetime) -> bool:
        """Whether the holidays of that moment's year are known, or do not matter."""
        return not self.holiday_years or moment.astimezone(self.zone).year in self.holiday_years


def windows_of(rows: Iterable[TimeWindow]) -> dict[str, Window]:
    """The windows that the rows of `time_windows` describe, by id."""
    grouped: dict[str, list[TimeWindow]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return {name: _window(members) for name, members in grouped.items()}


def _window(rows: list[TimeWindow]) -> Window:
    spans = tuple(_span(row) for row in rows)
    years = frozenset(day.year for span in spans for day in span.holidays)
    return Window(ZoneInfo(rows[0].timezone), spans, rows[0].complement, years)


def _span(row: TimeWindow) -> Span:
    holidays = frozenset(date.fromisoformat(day) for day in row.holidays.split())
    weekdays = frozenset(_DAYS.index(day) for day in row.weekdays.split())
    return Span(weekdays, _minutes(row.start), _minutes(row.end), holidays)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
