"""A log's days: what its period will have cost at its end, and days that cost unusually much or little.

Both look at the cost of calls that have a price, by the days of the log's zone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from heapq import heapify, heappush, heapreplace, nlargest
from statistics import median
from typing import Any, Final, get_args

from mlquote.kit.errors import Malformed
from mlquote.kit.money import EXACT, plain
from mlquote.spend.budgets import Period
from mlquote.spend.forecasts import outlook
from mlquote.spend.usage_groups import MOMENTS, ForecastOf, Grouping, Looks

FORECASTS: Final = get_args(ForecastOf)
MOST_TOLD: Final = 100
"""Unusual days that are told; how many more there are is told too."""
MOST_LINES: Final = 5
"""Dearest lines of a day that are named."""
LEAST_PEERS: Final = 4
"""Other days of the same weekday that it takes to say what is usual."""
_MOST_KEPT: Final = 16
_THRESHOLD: Final = 3.5
_MAD_TO_SD: Final = 1.4826
_LEAST_SPREAD_FRACTION: Final = 0.05
_LEAST_SHARE: Final = 0.1
"""Of what the whole log costs a day: what is less beside the usual is nobody's news."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class UsageOutlook:
    """What a period will have cost at its end, in calls that have a price; null where `why` says so."""

    per: ForecastOf
    period_from: datetime
    period_to: datetime
    seen_until: datetime
    """Now, or the end of the log's last day where that is earlier."""
    used_usd: Decimal
    """What the period has cost by then."""
    low_usd: Decimal | None
    central_usd: Decimal | None
    high_usd: Decimal | None
    level_fraction: float
    days_seen: int
    days_ahead: float
    why: str


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day of a group that cost far more, or far less, than the same weekdays around it."""

    day: str
    group: Mapping[str, Any]
    cost_usd: Decimal
    usual_usd: Decimal
    """The median of the group's other days of that weekday."""
    score: float
    """How many robust standard deviations it is off; 3.5 and more is told."""
    lines: tuple[int, ...]
    """Its dearest lines, where any were charged."""


def looks_of(forecast: str | None, *, anomalies: bool) -> Looks:
    """What is asked of days, as a command line says it.

    Raises: Malformed for any other period
    """
    found = next((per for per in FORECASTS if per == forecast), None)
    if forecast is not None and found is None:
        raise Malformed(f"no forecast is made for {forecast[:40]!r}", pointer="/forecast", hint=" or ".join(FORECASTS))
    return Looks(found, anomalies)


def check_looks(looks: Looks, by: Sequence[str]) -> None:
    """Refuse a look at days that totals do not tell apart.

    Raises: Malformed
    """
    wish = "forecast" if looks.forecast else "anomalies" if looks.anomalies else ""
    if wish and "day" not in by:
        raise Malformed(
            f"{wish} looks at days, and by does not name them", pointer="/by", hint="by=day, or by=day,model"
        )
    finer = [name for name in by if name in (*MOMENTS, "line") and name != "day"]
    if looks.anomalies and finer:
        raise Malformed(f"anomalies compares days, which {finer[0]} parts", pointer="/by", hint="by=day,model")


def foretold(totals: Iterable[Mapping[str, Any]], per: ForecastOf, zone: tzinfo, now: datetime) -> UsageOutlook | None:
    """How the period of a log's last day ends; None for a log of which no day has a price.

    Args: totals: as they are told, with the `day` of each
    """
    daily: dict[date, Decimal] = {}
    for total in totals:
        day = date.fromisoformat(total["day"])
        daily[day] = EXACT.add(daily.get(day, Decimal(0)), total["priced_usd"])
    if not daily:
        return None
    last = max(daily)
    seen_until = min(now, datetime.combine(last + _DAY, datetime.min.time(), zone))
    period = _ends(per, last, zone)
    start, end = period
    used = sum((usd for day, usd in daily.items() if start.date() <= day < end.date()), Decimal(0))
    seen = outlook(daily, used, Period(per, start, end), seen_until, zone)
    ends = seen.forecast
    return UsageOutlook(
        per,
        start.astimezone(UTC),
        end.astimezone(UTC),
        seen_until.astimezone(UTC),
        plain(used),
        None if ends is None else ends.low,
        None if ends is None else ends.central,
        None if ends is None else ends.high,
        seen.level_fraction,
        seen.days_seen,
        seen.days_ahead,
        seen.why,
    )


def unusual(
    totals: Iterable[Mapping[str, Any]], by: Sequence[str], dearest: Mapping[tuple[Any, ...], Sequence[int]]
) -> list[UnusualDay]:
    """The days that stand out within their group, the largest difference first.

    A day is compared with the same weekdays of its group, itself left out: their median, and their median absolute
    deviation, at least that of all the group's days and 5 % of the median.

    Args:   dearest: a total's key -> the numbers of its dearest lines
    Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): modified z-scores above 3.5
    """
    names = [name for name in by if name != "day"]
    groups: dict[tuple[Any, ...], dict[date, Decimal]] = {}
    lines: dict[tuple[tuple[Any, ...], date], Sequence[int]] = {}
    for total in totals:
        key, day = tuple(total[name] for name in names), date.fromisoformat(total["day"])
        groups.setdefault(key, {})[day] = total["priced_usd"]
        lines[key, day] = dearest.get(tuple(total[name] for name in by), ())
    if not groups:
        return []
    last = max(day for days in groups.values() for day in days)
    whole = sum((usd for days in groups.values() for usd in days.values()), Decimal(0))
    span = (last - min(day for days in groups.values() for day in days)).days + 1
    least = _LEAST_SHARE * float(whole) / span
    found = [
        UnusualDay(
            day.isoformat(),
            dict(zip(names, key, strict=True)),
            usd,
            plain(usual),
            score,
            tuple(lines.get((key, day), ())),
        )
        for key, days in groups.items()
        for day, usd, usual, score in _off(days, last)
        if abs(float(usd - usual)) >= least
    ]
    return sorted(found, key=lambda one: abs(one.cost_usd - one.usual_usd), reverse=True)


def looked_at(
    looks: Looks,
    totals: Sequence[Mapping[str, Any]],
    grouping: Grouping,
    dearest: Mapping[tuple[Any, ...], Sequence[int]],
    now: datetime,
) -> dict[str, Any]:
    """What an answer tells of its days, as far as it was asked."""
    answer: dict[str, Any] = {}
    if looks.forecast is not None:
        answer["forecast"] = foretold(totals, looks.forecast, grouping.zone, now)
    if looks.anomalies:
        found = unusual(totals, grouping.by, dearest)
        answer |= {"anomalies": found[:MOST_TOLD], "further_anomalies": max(len(found) - MOST_TOLD, 0)}
    return answer


class Dearest:
    """The dearest lines of one total, as they come; a few more are kept than are told, for some may be withdrawn."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        """None yet."""
        self._kept: list[tuple[int | Decimal, int]] = []

    def add(self, amount: int | Decimal, number: int) -> None:
        """One more line."""
        if len(self._kept) < _MOST_KEPT:
            heappush(self._kept, (amount, number))
        elif amount > self._kept[0][0]:
            heapreplace(self._kept, (amount, number))

    def withdraw(self, number: int) -> None:
        """Forget a line that is on no bill after all."""
        self._kept = [kept for kept in self._kept if kept[1] != number]
        heapify(self._kept)

    @property
    def lines(self) -> list[int]:
        """Their numbers, the dearest first."""
        return [number for _, number in nlargest(MOST_LINES, self._kept)]


def _off(days: Mapping[date, Decimal], last: date) -> Iterator[tuple[date, Decimal, Decimal, float]]:
    """(day, cost, what is usual, score) of the days that are far off; a day without a line cost nothing."""
    first = min(days)
    row = [days.get(first + n * _DAY, Decimal(0)) for n in range((last - first).days + 1)]
    weekdays = [sorted(row[k::_WEEK]) for k in range(_WEEK)]
    spread = _spread(
        [abs(float(usd) - float(median(weekdays[n % _WEEK]))) for n, usd in enumerate(row) if weekdays[n % _WEEK]]
    )
    for n, usd in enumerate(row):
        peers = [other for place, other in enumerate(row[n % _WEEK :: _WEEK]) if place != n // _WEEK]
        if len(peers) < LEAST_PEERS:
            continue
        usual = median(peers)
        own = _spread([abs(float(other) - float(usual)) for other in peers])
        wide = max(own, spread, _LEAST_SPREAD_FRACTION * float(usual))
        difference = float(usd - usual)
        if difference and (not wide or abs(difference) / wide >= _THRESHOLD):
            yield first + n * _DAY, usd, usual, round(difference / wide, 2) if wide else 999.0


def _spread(deviations: Sequence[float]) -> float:
    """A standard deviation that outliers do not move."""
    return _MAD_TO_SD * median(deviations) if deviations else 0.0


def _ends(per: ForecastOf, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """[from, to) of the calendar month or quarter of a zone that a day lies in."""
    months = 1 if per == "month" else 3
    first = day.month - 1 - (day.month - 1) % months
    end = day.year * 12 + first + months
    start = datetime(day.year, first + 1, 1, tzinfo=zone)
    return start, datetime(end // 12, end % 12 + 1, 1, tzinfo=zone)
