"""What totals of a usage log are grouped by: moments in a zone's own days, names of the bill, labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
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
GROUPS: Final = (*MOMENTS, *NAMES, "line")
_MOST_GROUPS = 6
_QUARTER_S = 900
"""Every zone's distance from UTC is a multiple of a quarter of an hour, so that a quarter lies in one hour and day."""


@dataclass(frozen=True, slots=True)
class Called:
    """The names of one line's bill."""

    provider: str
    model: str
    processing: str
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


class Grouping:
    """The group that a line belongs to."""

    def __init__(self, by: Sequence[str], zone: tzinfo = UTC) -> None:
        self.by, self.zone = tuple(by), zone
        self._quarters = Memory(self._times)
        self._times_of = [MOMENTS[name] for name in by if name in MOMENTS]

    def key(self, number: int, at: datetime, called: Called, labels: Mapping[str, str]) -> tuple[Any, ...]:
        """What a line is in each of the groups, in their order."""
        if not self.by:
            return ()
        times = iter(self._quarters[int(at.timestamp()) // _QUARTER_S]) if self._times_of else iter(())
        return tuple(self._part(name, number, times, called, labels) for name in self.by)

    def _part(self, name: str, number: int, times: Any, called: Called, labels: Mapping[str, str]) -> Any:
        if name in MOMENTS:
            return next(times)
        if name == "line":
            return number
        return getattr(called, name) if name in NAMES else labels.get(name.removeprefix("label."))

    def _times(self, quarter: int) -> tuple[str, ...]:
        at = datetime.fromtimestamp(quarter * _QUARTER_S, self.zone)
        return tuple(write(at) for write in self._times_of)
