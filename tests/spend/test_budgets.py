"""What a budget accepts, and which period a moment lies in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.spend.budgets import Budget, period_keys, period_of

NEW_YEAR_IN_TOKYO = datetime(2027, 1, 1, 8, 59, tzinfo=timezone(timedelta(hours=9)))


def test_words_may_be_written_in_any_case_and_amounts_as_people_write_them() -> None:
    limit = Budget.model_validate({"limits": [{"figure": "Cost_USD", "per": "MONTH", "fail_above": "1e3"}]}).limits[0]
    assert (limit.figure, limit.per, limit.fail_above, limit.compare) == ("cost_usd", "month", 1000, "central")


@pytest.mark.parametrize(
    ("body", "pointer", "hint"),
    [
        ({"limits": []}, "", ""),
        ({"limits": [{"figure": "cost_usd"}]}, "/limits/0", ""),
        ({"limits": [{"figure": "cost", "fail_above": 1}]}, "/limits/0/figure", "nearest: cost_usd"),
        ({"limits": [{"figure": "cost_usd", "fail_abov": 1}]}, "/limits/0/fail_abov", "nearest: fail_above"),
        ({"limits": [{"figure": "cost_usd", "fail_above": -1}]}, "/limits/0/fail_above", ""),
        ({"limits": [{"figure": "cost_usd", "fail_above": "NaN"}]}, "/limits/0/fail_above", ""),
        ({"limits": [{"figure": "cost_usd", "fail_above": 1, "warn_above": 2}]}, "/limits/0", ""),
        ({"limits": [{"figure": "usd_per_mtok", "per": "day", "fail_above": 1}]}, "/limits/0", ""),
        ({"limits": [{"figure": "cost_usd", "fail_above": 1}], "expires_after_s": 0}, "/expires_after_s", ""),
        ({"limits": [{"figure": "cost_usd", "fail_above": 1}], "label": {}}, "/label", "nearest: labels"),
    ],
    ids=["no-limit", "speechless", "figure", "field", "negative", "nan", "warn-late", "rate-adds", "hold", "label"],
)
def test_a_budget_that_could_never_hold_is_refused_at_its_field(body, pointer, hint) -> None:
    with pytest.raises(ValidationError) as refused:
        Budget.model_validate(body)
    fault = next(fault for fault in malformed(refused.value, Budget).faults if fault.hint.startswith(hint))
    assert fault.pointer == pointer


def test_periods_are_calendar_periods_in_utc() -> None:
    # 08:59 in Tokyo on New Year's Day is 23:59 UTC on 31 December.
    assert period_keys(NEW_YEAR_IN_TOKYO) == ("day:2026-12-31", "month:2026-12", "quarter:2026-Q4", "total")


@pytest.mark.parametrize(
    ("per", "start", "end"),
    [
        ("day", datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("month", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("quarter", datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("total", None, None),
    ],
)
def test_a_period_is_half_open(per, start, end) -> None:
    period = period_of(per, NEW_YEAR_IN_TOKYO)
    assert (period.start, period.end) == (start, end)
    if end is not None:
        assert period_of(per, end).start == end
        assert period_of(per, end - timedelta(microseconds=1)) == period
