"""What totals of a usage log are grouped by: moments in a zone's own days, names of the bill, labels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mlquote.catalog.remembered import Memory
from mlquote.kit.errors import Malformed, nearest

MOMENTS: Final[Mapping[str, Callable[[datetime], str]]] = {
    "hour": lambda at: f"{at.date().isoformat()}T{at.hour:02}:00{at:%z}",
    "day": lambda at: at.date().isoformat(),
    "week": lambda at: "{:04}-W{:02}".format(*at.isocalendar()),
    "month": lambda at: at.date().isoformat()[:7],
}
"""A group of time -> how it is written; weeks are ISO 8601's, hours carry their distance from UTC."""
NAMES: Final = ("provider", "model", "processing", "region")
KEY: Final = ("api_key", "api_key_id", "key")
"""Labels that say which API key asked, as sources name it: a line has one of them."""
OF_ROWS: Final = frozenset({"line", "key"})
"""Groups that a table's columns do not answer: they are read row by row."""
GROUPS: Final = (*MOMENTS, *NAMES, "key", "line")
_MOST_GROUPS = 6
_DAY_S = 86_400
_QUARTER_S = 900
"""Every zone's distance from UTC is a multiple of a quarter of an hour, so that a quarter lies in one hour and day."""


ForecastOf = Literal["month", "quarter"]


class Looks(NamedTuple):
    """What is asked of a log's days, beside its totals."""

    forecast: ForecastOf | None = None
    """The period whose end is foretold."""
    anomalies: bool = False
    """Whether days that cost unusually much or little are named."""


class Called(NamedTuple):
    """The names of one line's bill; None for what a line of machines or of a seller's bill does not say."""

    provider: str | None
    model: str | None
    processing: str | None
    region: str | None


def groups_of(by: str) -> tuple[str, ...]:
    """The groups that `by` names: any of GROUPS and label.NAME, comma-separated.

    Raises: Malformed naming the nearest.
    """
    names = tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    for name in names:
        if name not in GROUPS and not (name.startswith("label.") and len(name) > len("label.")):
            hint = nearest(name, GROUPS) or f"{', '.join(GROUPS)} or label.NAME"
            raise Malformed(f"cannot group by {name[:80]!r}", pointer="/by", hint=hint)
    if len(names) > _MOST_GROUPS:
        raise Malformed(f"at most {_MOST_GROUPS} groups", pointer="/by")
    return names


def zone_of(name: str | None) -> tzinfo:
    """The zone whose days count; UTC where none is named.

    Raises: Malformed naming the nearest
    """
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = nearest(name[:80], available_timezones()) or "a name such as Europe/Zurich"
        raise Malformed(f"no time zone is named {name[:80]!r}", pointer="/timezone", hint=hint) from error


_NONE: Final = Looks()


class Spot(NamedTuple):
    """All of a line that any of its groups depends on."""

    day: int
    """The day of UTC in which it happened, counted from 1970."""
    times: tuple[str, ...]
    """Its groups of time, as they are written."""
    called: Called
    labels: tuple[str | None, ...]
    """Its labels that are grouped by."""
    number: int
    """Its own number, 0 where lines are not groups."""


class Grouping:
    """The group that a line belongs to."""

    def __init__(self, by: Sequence[str], zone: tzinfo = UTC, looks: Looks = _NONE) -> None:
        self.by, self.zone, self.looks = tuple(by), zone, looks
        self._quarters = Memory(self._times)
        self._times_of = [MOMENTS[name] for name in by if name in MOMENTS]
        self._labels = tuple(
            KEY if name == "key" else (name.removeprefix("label."),)
            for name in by
            if name == "key" or name.startswith("label.")
        )
        self._is_by_line = "line" in by

    def spot(self, number: int, at: datetime, called: Called, labels: Mapping[str, str]) -> Spot:
        """What a line's groups depend on: lines of one spot are in the same groups."""
        said = tuple(next((labels[n] for n in names if n in labels), None) for names in self._labels)
        return Spot(*self._quarters[int(at.timestamp()) // _QUARTER_S], called, said, number if self._is_by_line else 0)

    def key(self, spot: Spot) -> tuple[Any, ...]:
        """What the lines of one spot are in each of the groups, in their order."""
        times, labels = iter(spot.times), iter(spot.labels)
        return tuple(self._part(name, spot, times, labels) for name in self.by)

    def _part(self, name: str, spot: Spot, times: Iterator[str], labels: Iterator[str | None]) -> Any:
        if name in MOMENTS:
            return next(times)
        if name == "line":
            return spot.number
        return getattr(spot.called, name) if name in NAMES else next(labels)

    def _times(self, quarter: int) -> tuple[int, tuple[str, ...]]:
        at = datetime.fromtimestamp(quarter * _QUARTER_S, self.zone)
        return quarter * _QUARTER_S // _DAY_S, tuple(write(at) for write in self._times_of)
