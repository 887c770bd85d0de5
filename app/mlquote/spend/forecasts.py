"""What a period will have cost when it ends: what is used, and a range for the days that are still to come.

Only whole days foretell: the day that has begun counts as used, and the rest of it as to come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from mlquote.formulas.weekly import LEAST_ACTIVE_FRACTION, LEAST_DAYS, MOST_DAYS, sum_ahead
from mlquote.kit.money import EXACT, estimated_usd
from mlquote.spend.amounts import Amount
from mlquote.spend.budgets import FigureName, Level, Limit, Per, Period, period_of
from mlquote.spend.verdicts import Used

LEVEL_FRACTION: Final = 0.8
"""Of ranges as wide as these, so many hold what came: from the 10th to the 90th percentile."""
_ENDS: Final = (0.1, 0.5, 0.9)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a period will have used at its end; `forecast` is null where `why` says that nothing can be foretold."""

    forecast: Amount | None
    """Low, central and high end of an 80 % interval, with what is used already, in the unit of the figure."""
    level_fraction: float
    days_seen: int
    """Whole days that it rests on, from the first one with anything on it, at most 112."""
    days_ahead: float
    """Days from now to the end of the period."""
    why: str


@dataclass(frozen=True, slots=True)
class LimitOutlook:
    """A limit over a period that ends, and what will have been used by then."""

    figure: FigureName
    per: Per
    compare: Level
    period_to: datetime
    used: Decimal
    """Held and spent so far."""
    forecast: Amount | None
    level_fraction: float
    days_seen: int
    days_ahead: float
    why: str


def outlook(daily: Mapping[date, Decimal], used: Decimal, period: Period, now: datetime, zone: tzinfo = UTC) -> Outlook:
    """How a period ends.

    Args: daily: what was spent on each day of `zone`, days without anything left out
          used: what the period has used by `now`; no forecast is below it
    """
    today = now.astimezone(zone).date()
    past = _past(daily, today)
    coming = [] if period.end is None else _coming(now, period.end, zone)
    ahead = sum(coming)
    why = _why_not(past, period, ahead)
    if why:
        return Outlook(None, LEVEL_FRACTION, len(past), ahead, why)
    foretold = sum_ahead(past, coming)
    ends = (EXACT.add(used, estimated_usd(foretold.quantile(end))) for end in _ENDS)
    return Outlook(Amount(*ends), LEVEL_FRACTION, len(past), ahead, "")


def limit_outlooks(
    limits: tuple[Limit, ...], used: Used, daily: Mapping[tuple[str, Level], Mapping[date, Decimal]], now: datetime
) -> list[LimitOutlook]:
    """How each limit over a period that ends stands at its end.

    Args: daily: (figure, level) -> what was spent on each UTC day
    """
    found = []
    for limit in limits:
        if limit.per == "check":
            continue
        period = period_of(limit.per, now)
        if period.end is None:
            continue
        amount = used.get((limit.figure, period.key))
        so_far = Decimal(0) if amount is None else amount.at(limit.compare)
        seen = outlook(daily.get((limit.figure, limit.compare), {}), so_far, period, now)
        found.append(
            LimitOutlook(
                limit.figure,
                limit.per,
                limit.compare,
                period.end,
                so_far,
                seen.forecast,
                seen.level_fraction,
                seen.days_seen,
                seen.days_ahead,
                seen.why,
            )
        )
    return found


def first_day(now: datetime) -> date:
    """The oldest UTC day that a forecast made now looks at."""
    return now.astimezone(UTC).date() - MOST_DAYS * _DAY


def _past(daily: Mapping[date, Decimal], today: date) -> list[float]:
    """Whole days in a row up to yesterday, from the first with anything on it; a day without is a zero."""
    oldest = today - MOST_DAYS * _DAY
    first = min((day for day, amount in daily.items() if amount and oldest <= day < today), default=today)
    days = (first + place * _DAY for place in range((today - first).days))
    return [max(float(daily.get(day, 0)), 0.0) for day in days]


def _coming(now: datetime, end: datetime, zone: tzinfo) -> list[float]:
    """The share of each coming day that lies before `end`: what is left of today, then whole days."""
    shares, at = [], now.astimezone(zone)
    while at < end:
        midnight = datetime.combine(at.date() + _DAY, datetime.min.time(), zone)
        until = min(midnight, end)
        shares.append((until.astimezone(UTC) - at.astimezone(UTC)) / _DAY)
        at = midnight
    return shares


def _why_not(past: list[float], period: Period, ahead: float) -> str:
    if period.end is None:
        return "the period has no end"
    if not ahead:
        return "the period is over"
    if len(past) < LEAST_DAYS:
        have = f"{len(past)} whole days" if past else "no whole day"
        return f"too few days: {have} since the first spending of {LEAST_DAYS} that it takes"
    active = sum(1 for day in past if day)
    if active < LEAST_ACTIVE_FRACTION * len(past):
        return f"no steady pace: something was spent on {active} of {len(past)} days, less than half"
    return ""
