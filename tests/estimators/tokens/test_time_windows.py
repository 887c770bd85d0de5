"""Recurring hours: half-open, on weekdays, but on no holiday."""

from datetime import UTC, date, datetime

import pytest

from mlquote.catalog.rows import TimeWindow
from mlquote.estimators.tokens.time_windows import windows_of


def window(**change: object) -> TimeWindow:
    fields: dict[str, object] = {
        "id": "peak",
        "timezone": "UTC",
        "weekdays": "mon tue wed thu fri",
        "start": "01:00",
        "end": "04:00",
        "holidays": "2026-10-01",
        "complement": False,
        "effective_from": None,
        "effective_to": None,
        "source_url": "https://example.org",
        "checked_on": date(2026, 11, 23),
        "note": "",
    }
    return TimeWindow(**(fields | change))  # type: ignore[arg-type]  # a table of defaults


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2026-10-20T01:00:00", True, id="its first minute"),
        pytest.param("2026-10-20T03:59:59", True, id="its last second"),
        pytest.param("2026-10-20T04:00:00", False, id="its end is outside"),
        pytest.param("2026-10-18T02:00:00", False, id="Sunday"),
        pytest.param("2026-10-01T02:00:00", False, id="a Thursday that is a holiday"),
    ],
)
def test_a_window_is_open_on_its_weekdays_from_start_until_before_end(moment: str, is_open: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert windows_of([window()])["peak"].holds(at) is is_open
    assert windows_of([window(complement=True)])["peak"].holds(at) is not is_open


def test_a_window_is_told_in_its_own_zone() -> None:
    """09:30 in Shanghai is 01:30 UTC."""
    opened = windows_of([window(timezone="Asia/Shanghai", start="09:00", end="12:00")])["peak"]
    assert opened.holds(datetime(2026, 10, 20, 1, 30, tzinfo=UTC))


def test_several_rows_are_one_window() -> None:
    opened = windows_of([window(), window(start="06:00", end="10:00")])["peak"]
    assert [opened.holds(datetime(2026, 10, 20, hour, tzinfo=UTC)) for hour in (2, 5, 7)] == [True, False, True]


def test_a_year_without_a_holiday_list_is_known_to_be_unknown() -> None:
    opened = windows_of([window()])["peak"]
    assert opened.knows(datetime(2026, 12, 31, tzinfo=UTC))
    assert not opened.knows(datetime(2027, 1, 1, tzinfo=UTC))
