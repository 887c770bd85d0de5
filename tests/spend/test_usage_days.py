"""A log's days: how its month ends, which days stand out, and which lines made them."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.walk import read_delivered
from mlquote.spend.usage import bill, told
from mlquote.spend.usage_days import Dearest, check_looks, foretold, looks_of, unusual
from mlquote.spend.usage_groups import Grouping, Looks

FIRST = date(2026, 10, 1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def totals(*amounts: float, first: date = FIRST, **group: Any) -> list[dict[str, Any]]:
    """One total a day, from `first` on."""
    return [
        {"day": (first + timedelta(days=n)).isoformat(), **group, "priced_usd": Decimal(str(usd))}
        for n, usd in enumerate(amounts)
    ]


def test_the_month_of_the_last_day_is_foretold_from_the_end_of_that_day() -> None:
    seen = foretold(totals(*[10] * 45), "month", UTC, NOW)  # until 14 November
    assert seen is not None
    assert (seen.seen_until, seen.period_to) == (datetime(2026, 11, 15, tzinfo=UTC), NOW)
    assert (seen.used_usd, seen.days_seen, seen.days_ahead) == (140, 45, 16)
    assert seen.low_usd is not None and seen.central_usd is not None and seen.high_usd is not None
    assert 140 < seen.low_usd < seen.central_usd < seen.high_usd
    assert float(seen.central_usd) == pytest.approx(300, rel=0.03)


def test_a_quarter_is_the_log_s_own_and_in_its_zone() -> None:
    seen = foretold(totals(*[10] * 45), "quarter", ZoneInfo("Europe/Zurich"), NOW)
    assert seen is not None
    assert seen.period_from == datetime(2026, 9, 30, 22, tzinfo=UTC)  # midnight in summer time
    assert seen.used_usd == 450


def test_too_few_days_foretell_nothing_and_a_log_without_days_has_no_month() -> None:
    short = foretold(totals(*[10] * 9), "month", UTC, NOW)
    assert short is not None and short.central_usd is None and "9 whole days" in short.why
    assert foretold([], "month", UTC, NOW) is None


def test_a_day_that_costs_three_times_its_weekday_is_named_with_its_lines() -> None:
    week = [100, 101, 99, 102, 100, 20, 21]
    amounts = week * 6
    amounts[23] = 300
    dearest = {((FIRST + timedelta(days=23)).isoformat(),): [7, 3]}
    (found,) = unusual(totals(*amounts), ("day",), dearest)
    assert (found.day, found.cost_usd, found.usual_usd, found.lines) == ("2026-10-24", 300, 99, (7, 3))
    assert found.score > 3.5


def test_free_days_are_no_news_and_a_working_day_without_a_line_is() -> None:
    week = [100, 101, 99, 102, 100, 0, 0]
    found = unusual([t for t in totals(*week * 3, 0, *week[1:], *week * 2) if t["priced_usd"]], ("day",), {})
    assert [(one.day, one.cost_usd, one.usual_usd) for one in found] == [("2026-10-22", 0, 100)]
    assert found[0].score < -3.5


def test_each_group_is_compared_with_itself_and_little_money_is_no_news() -> None:
    large, small = totals(*[1000, 1010, 990] * 14, model="large"), totals(*[1] * 41, 9, model="small")
    assert unusual([*large, *small], ("day", "model"), {}) == []
    (found,) = unusual(small, ("day", "model"), {})
    assert found.group == {"model": "small"}


def test_fewer_than_five_weeks_name_nothing() -> None:
    assert unusual(totals(*[10] * 27, 900), ("day",), {}) == []


@pytest.mark.parametrize(
    ("looks", "by"),
    [(Looks("month"), ("model",)), (Looks(anomalies=True), ()), (Looks(anomalies=True), ("day", "hour"))],
    ids=["forecast without days", "anomalies without days", "anomalies by the hour"],
)
def test_days_that_totals_do_not_tell_are_not_looked_at(looks: Looks, by: tuple[str, ...]) -> None:
    with pytest.raises(Malformed) as refused:
        check_looks(looks, by)
    assert refused.value.faults[0].pointer == "/by"


def test_a_forecast_of_anything_else_is_refused_by_name() -> None:
    with pytest.raises(Malformed, match="year"):
        looks_of("year", anomalies=False)


def test_the_dearest_lines_are_kept_and_one_that_is_withdrawn_is_not() -> None:
    dearest = Dearest()
    for number in range(100):
        dearest.add(number * 7 % 101, number)
    assert dearest.lines == sorted(range(100), key=lambda n: n * 7 % 101)[::-1][:5]
    gone = dearest.lines[0]
    dearest.withdraw(gone)
    assert gone not in dearest.lines


def test_a_log_names_the_lines_of_its_unusual_day(catalog: Snapshot) -> None:
    call = {"provider": "openai", "model": "gpt-5", "usage": {"input_tokens": 1000, "output_tokens": 1000}}
    lines = [call | {"timestamp": f"{FIRST + timedelta(days=n)}T12:00:00Z"} for n in range(40)]
    dear = call | {"usage": {"input_tokens": 10**6}, "timestamp": f"{FIRST + timedelta(days=30)}T01:00:00Z"}
    body = "\n".join(json.dumps(line) for line in [*lines, dear]).encode()
    grouping = Grouping(("day", "model"), UTC, Looks("month", anomalies=True))
    answer = told(bill(read_delivered(body), catalog, NOW, grouping), catalog, NOW)
    (day,) = answer["anomalies"]
    assert (day.day, day.lines, day.group) == ("2026-10-31", (41, 31), {"model": "gpt-5"})
    assert answer["further_anomalies"] == 0
    assert answer["forecast"].per == "month"
