"""Sums of many rows folded into a bill: what an engine answered, as if each row had been a line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from mlquote.spend.columns.cells import EPOCH, FEE, PICO, Cells, microseconds
from mlquote.spend.columns.expression import Clock, Lane
from mlquote.spend.columns.layout import TableLayout
from mlquote.spend.usage import UsageBill
from mlquote.spend.usage_groups import MOMENTS, Called
from mlquote.spend.usage_lines import LABEL

_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
_QUARTER_S: Final = 900
_MICROSECOND: Final = timedelta(microseconds=1)
_NOWHERE: Final = Called("", "", "", None)


def clock_of(by: Sequence[str], zone: tzinfo, during: tuple[datetime, datetime], days: bool) -> Clock | None:
    """The clock whose steps tell all groups of time apart; None where there are none.

    Args: during: the log's [from, to); days: whether UTC's days are told apart too
    """
    times = [name for name in by if name in MOMENTS]
    if not times and not days:
        return None
    if zone is UTC:
        return Clock(_HOUR_S if "hour" in times else _DAY_S, 0)
    step_s = _QUARTER_S if days else _HOUR_S if "hour" in times else _DAY_S
    first, *changes = _ahead(zone, *during)
    return Clock(step_s, first[1], tuple(changes))


def _ahead(zone: tzinfo, start: datetime, end: datetime) -> list[tuple[int, int]]:
    """(microseconds since 1970, seconds ahead of UTC from then on): at the start, and at each change of the clocks."""
    hour = timedelta(hours=1)
    found = [(microseconds(start), _offset_s(zone, start))]
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if _offset_s(zone, following) != found[-1][1]:
            at = day.replace(minute=0, second=0, microsecond=0)
            while _offset_s(zone, at) == found[-1][1]:
                at += hour
            while _offset_s(zone, at - hour / 4) != found[-1][1]:
                at -= hour / 4
            found.append((microseconds(at), _offset_s(zone, at)))
        day = following
    return found


def _offset_s(zone: tzinfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def fold(
    whole: UsageBill, cells: Cells, layout: TableLayout, groups: Iterable[Mapping[str, Any]], *, is_undated: bool
) -> int:
    """Fold the groups of an engine into a bill.

    Args:    is_undated: whether no row says its moment
    Returns: how many rows were folded; faults and rows left to the reader of lines are not among them
    """
    folded = 0
    meters = [(meter, f"of_{meter}") for meter in cells.meters]
    labels = [f"label.{label.removeprefix(LABEL)}" for label in layout.labels]
    wanted = [(place, label) for place, label in enumerate(name for name in labels if name in whole.grouping.by)]
    whole.ignored.update(dict.fromkeys(layout.ignored))
    for group in groups:
        lane = group["lane"]
        if lane not in (Lane.PRICED, Lane.UNPRICED):
            continue
        rows, shared = int(group["rows"]), cells.spots[group["spot"]]
        said = {label.removeprefix("label."): group[f"label_{place}"] for place, label in wanted}
        at = EPOCH + int(group.get("first_us", 0)) * _MICROSECOND
        spot = whole.grouping.spot(0, at, shared.called or _NOWHERE, {name: v for name, v in said.items() if v})
        quantities = {meter: int(group[column]) for meter, column in meters if group.get(column) or meter != FEE}
        amount = int(group["pico_usd"]) * PICO if lane == Lane.PRICED else None
        whole.fold(spot, rows, quantities, amount)
        whole.calls += int(group.get("calls", rows)) - rows  # a row may stand for several
        whole.future_lines += int(group.get("is_future", 0))
        whole.undated_lines += int(group.get("is_undated", rows if is_undated else 0))
        whole.inferred_lines += rows if shared.is_inferred else 0
        folded += rows
    return folded
