"""Half-open intervals: the instant before, at and after each end; what stands in where nothing holds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mlquote.catalog.intervals import away, begun_or_first, holds, in_effect, nearest
from mlquote.catalog.rows import Doubt

TICK = timedelta(microseconds=1)


def day(month: int) -> datetime:
    return datetime(2026, month, 1, tzinfo=UTC)


def row(start: int | None, end: int | None) -> Doubt:
    return Doubt(quantity="q", level="", log_sd=0.1, effective_from=day(start) if start else None,
                 effective_to=day(end) if end else None, source_url="https://example.org",
                 checked_on=date(2026, 11, 23), note="")  # fmt: skip


MARCH, JUNE, SEPTEMBER = row(3, 4), row(6, 8), row(9, None)
VERSIONS = (MARCH, JUNE, SEPTEMBER)
MOMENTS = [
    pytest.param(day(1), None, MARCH, MARCH, id="before all"),
    pytest.param(day(3) - TICK, None, MARCH, MARCH, id="the instant before the first"),
    pytest.param(day(3), MARCH, MARCH, MARCH, id="at the first instant"),
    pytest.param(day(4) - TICK, MARCH, MARCH, MARCH, id="the last instant"),
    pytest.param(day(4), None, MARCH, MARCH, id="at its end"),
    pytest.param(datetime(2026, 5, 20, tzinfo=UTC), None, MARCH, JUNE, id="in a gap, closer to the next"),
    pytest.param(day(8), None, JUNE, JUNE, id="in a gap, closer to the last"),
    pytest.param(day(12), SEPTEMBER, SEPTEMBER, SEPTEMBER, id="in the open end"),
]


@pytest.mark.parametrize(("moment", "held", "begun", "closest"), MOMENTS)
def test_each_question_of_time_has_its_own_answer(
    moment: datetime, held: Doubt | None, begun: Doubt, closest: Doubt
) -> None:
    assert in_effect(VERSIONS, moment) is held
    assert begun_or_first(VERSIONS, moment) is begun
    assert nearest(VERSIONS, moment) is closest


def test_nothing_is_nearest_of_nothing() -> None:
    assert (in_effect((), day(1)), begun_or_first((), day(1)), nearest((), day(1))) == (None, None, None)


def test_a_row_without_dates_always_holds() -> None:
    always = row(None, None)
    assert holds(always, datetime.min.replace(tzinfo=UTC))
    assert holds(always, day(12))
    assert away(always, day(1)) == timedelta(0)


def test_of_two_as_close_the_earlier_is_nearest() -> None:
    before, after = row(1, 2), row(4, None)
    middle = day(2) + (day(4) - day(2)) / 2
    assert away(before, middle) == away(after, middle)
    assert nearest((after, before), middle) is before


def test_of_two_in_effect_the_later_to_begin_is_nearest() -> None:
    older, newer = row(1, None), row(5, None)
    assert nearest((newer, older), day(6)) is newer
