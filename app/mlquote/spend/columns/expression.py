"""The one expression that prices a table of usage: the same for every engine that Ibis knows, and run by none here.

    usage JOIN cells (the names as they are spelt, half hour; moment and prompt within)

Whole numbers only: prices are pico-dollars a unit and moments microseconds since 1970 as 64-bit integers, and amounts
are summed as DECIMAL(38, 0). A decimal with a scale would lose money without a word on Spark, and a moment's clock
would depend on the session's zone. No rule of prices stands here: what cells say is multiplied and summed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING, Any, Final

from mlquote.estimators.asking.question import EARLIEST, LATEST
from mlquote.estimators.tokens.usage import PROMPT
from mlquote.spend.columns.cells import (
    ANY_SLOT,
    BY_LINE,
    FEE,
    REASONING,
    SLOT_S,
    Cells,
    microseconds,
    price_of,
    said_as,
    windowed_as,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_COUNT: Final = 10**9
"""A row that counts more of one thing, or stands for more requests, is left to the reader of lines."""
_LARGEST: Final = 2**62
"""No amount of one row may come near what 64 bits hold."""
_SEARCHES, _OUTPUT = "web_searches", "output_tokens"
_CONTAINERS: Final = frozenset({"code_sessions", "code_minutes"})
"""Two ways of counting the same: a row has one of them."""
_US: Final = 10**6
_DAY_US: Final = 86_400 * _US


class Lane(IntEnum):
    """What becomes of a row."""

    PRICED = 0
    UNPRICED = 1
    """It counts something that no price is known for."""
    FAULT = 2
    """Its names lead nowhere."""
    BY_LINE = 3
    """The reader of lines decides."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Days or hours of a zone within a log: the seconds that its clocks are ahead of UTC, from each moment on."""

    step_s: int
    """Seconds of one group: 3,600 for hours, 86,400 for days."""
    first_ahead_s: int
    changes: tuple[tuple[int, int], ...] = ()
    """(microseconds since 1970, seconds ahead from then on), in order."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a log its expression depends on."""

    counts: tuple[str, ...]
    names: tuple[str, ...]
    """Columns that its kinds are told by."""
    first_us: int
    """No moment of the log is before it."""
    last_us: int
    """Nor after it."""
    has_dated: bool
    """Whether any row says its moment."""
    has_undated: bool
    """Whether any row does not."""
    has_requests: bool
    has_alone: bool
    """Whether a column `by_line` marks rows that are left to the reader of lines."""
    now_us: int


class PricedUsage:
    """The expression for one log and its cells."""

    def __init__(self, shape: Shape, cells: Cells, usage: "ir.Table", windowed: "ir.Table", rates: "ir.Table") -> None:
        """Join `usage` with the tables of `cells`: `rates`, and of kinds that are `windowed`."""
        self._shape, self._cells = shape, cells
        self._usage, self._windowed, self._rates = usage, windowed, rates
        self._bounds = self._bounded(cells)

    def totals(self, labels: Sequence[str], clock: Clock | None, *, numbered: bool = False) -> "ir.Table":
        """One row a lane, spot, time and labels: rows, how many of each meter, and pico-dollars.

        Args: numbered: give the numbers of rows that are not priced, as a list `apart`
        """
        joined = self._joined(self._usage.filter(self._is_plain(self._usage)), "inner")
        groups = {"lane": self._lane(joined), "spot": joined.spot, **self._times(joined, clock)}
        groups |= {f"label_{place}": joined[label] for place, label in enumerate(labels)}
        quantities = {meter: self._quantity(joined, meter) for meter in self._cells.meters if self._is_charged(meter)}
        at, shape = self._at(joined), self._shape
        measured = {f"of_{meter}": quantity for meter, quantity in quantities.items()}
        measured["pico_usd"] = self._amount(joined, quantities)
        if shape.last_us > shape.now_us:
            measured["is_future"] = (at > shape.now_us).ifelse(1, 0).cast("int64")
        if shape.has_requests:
            measured["calls"] = self._requests(joined)
        if shape.has_dated and shape.has_undated:
            measured["is_undated"] = joined.at_us.isnull().ifelse(1, 0).cast("int64")
        table = joined.select(**groups, **measured, at_us=at, line=joined.line)
        sums: dict[str, Any] = {name: table[name].sum() for name in measured if name != "pico_usd"}
        if clock is not None:
            sums["first_us"] = table.at_us.min()
        if numbered:
            sums["apart"] = table.line.collect(where=table.lane != int(Lane.PRICED))
        amount = table.pico_usd.cast("decimal(38, 0)").sum().cast("decimal(38, 0)")
        return table.group_by(list(groups)).agg(rows=table.count(), pico_usd=amount, **sums)

    def not_priced(self) -> "ir.Table":
        """`line`, `lane` and `spot` of every row that is not priced."""
        joined = self._joined(self._usage, "left")
        lane = self._is_plain(joined).ifelse(self._lane(joined), int(Lane.BY_LINE))
        lane = joined.spot.isnull().ifelse(int(Lane.BY_LINE), lane)
        table = joined.select(line=joined.line, lane=lane, spot=joined.spot)
        return table.filter(table.lane != int(Lane.PRICED))

    def lines(self, kept: Sequence[str], *, is_joined: bool) -> "ir.Table":
        """`line`, `lane` and `pico_usd` of every row, and the columns that are kept of it.

        Args: is_joined: whether `totals` told of every row: then each has a cell, and figures that are plain
        """
        joined = self._joined(self._usage, "inner" if is_joined else "left")
        lane: Any = self._lane(joined)
        if not is_joined:
            is_cut = joined.spot.isnull() | ~self._is_plain(joined)
            lane = is_cut.ifelse(int(Lane.BY_LINE), lane)
        quantities = {meter: self._quantity(joined, meter) for meter in self._cells.meters if self._is_charged(meter)}
        amount = (lane == int(Lane.PRICED)).ifelse(self._amount(joined, quantities), 0)
        return joined.select(*kept, line=joined.line, lane=lane, pico_usd=amount)

    def priced(self) -> "ir.Table":
        """`line` and `pico_usd` of every row that is priced."""
        joined = self._joined(self._usage.filter(self._is_plain(self._usage)), "inner")
        quantities = {meter: self._quantity(joined, meter) for meter in self._cells.meters if self._is_charged(meter)}
        table = joined.select(line=joined.line, lane=self._lane(joined), pico_usd=self._amount(joined, quantities))
        return table.filter(table.lane == int(Lane.PRICED)).select("line", "pico_usd")

    def _joined(self, usage: "ir.Table", how: str) -> "ir.Table":
        """Every row with its cell."""
        windowed, rates, cells, names = self._windowed, self._rates, self._cells, self._shape.names
        told = usage
        if cells.has_windows:
            told = usage.join(windowed, [usage[name] == windowed[windowed_as(name)] for name in names], how="left")
        at = self._at(told)
        conditions = [told[name] == rates[said_as(name)] for name in names]
        conditions += [at >= rates.from_us, at < rates.to_us]
        if cells.has_windows:
            slot_us = told[windowed_as(names[0])].notnull().ifelse(at % _DAY_US - at % (SLOT_S * _US), ANY_SLOT)
            conditions.append(slot_us == rates.slot_us)
        if cells.has_tiers:
            prompt = self._sum([self._count(told, name) for name in self._shape.counts if name in PROMPT])
            conditions += [prompt >= rates.from_tokens, prompt < rates.to_tokens]
        return told.join(rates, conditions, how=how)

    def _is_plain(self, usage: "ir.Table") -> "ir.BooleanValue":
        """Whether a row's own figures are such that whole numbers price it exactly."""
        counts = {name: self._count(usage, name) for name in self._shape.counts}
        requests = self._requests(usage)
        said = [count >= 0 for count in counts.values()]
        said += [count <= MOST_COUNT for count in counts.values()]
        said.append(reduce(or_, [usage[name].notnull() for name in counts]))
        if self._shape.has_requests:
            said += [requests >= 1, requests <= MOST_COUNT]
        for name, count in counts.items():
            if self._bounds[name] < MOST_COUNT or self._shape.has_requests:
                said.append(count * requests <= self._bounds[name])
        if REASONING in counts:
            said.append(counts[REASONING] <= counts.get(_OUTPUT, 0))
        if counts.keys() >= _CONTAINERS:
            said.append(reduce(or_, [counts[name] == 0 for name in sorted(_CONTAINERS)]))
        at, shape = self._at(usage), self._shape
        if shape.first_us < microseconds(EARLIEST):
            said.append(at >= microseconds(EARLIEST))
        if shape.last_us >= microseconds(LATEST):
            said.append(at < microseconds(LATEST))
        if self._shape.has_alone:
            said.append(usage.by_line == 0)
        return reduce(and_, said)

    def _lane(self, joined: "ir.Table") -> "ir.IntegerValue":
        """What becomes of a row whose own figures are plain."""
        import ibis

        lacking, by_line = [], []
        for meter in filter(self._is_charged, self._cells.meters):
            column = self._cells.columns[price_of(meter)]
            price, counts = joined[price_of(meter)], self._quantity(joined, meter) > 0
            if meter != FEE and None in column:
                lacking.append(counts & price.isnull())
            if BY_LINE in column:
                by_line.append(counts & (price < 0))
        lane: Any = ibis.literal(int(Lane.PRICED))
        for conditions, named in ((lacking, Lane.UNPRICED), (by_line, Lane.BY_LINE)):
            if conditions:
                lane = reduce(or_, conditions).ifelse(int(named), lane)
        return (joined.is_fault == 1).ifelse(int(Lane.FAULT), lane).cast("int64")

    def _quantity(self, joined: "ir.Table", meter: str) -> "ir.IntegerValue":
        """How many of a meter all requests of a row are charged for."""
        import ibis

        if meter == FEE:
            searches = self._count(joined, _SEARCHES) if _SEARCHES in self._shape.counts else ibis.literal(0)
            is_charged = joined[price_of(FEE)].notnull() & (searches == 0)
            return is_charged.ifelse(self._requests(joined), 0).cast("int64")
        count = self._count(joined, meter)
        if meter == REASONING:
            count = count * joined.is_apart
        if meter == _OUTPUT and REASONING in self._shape.counts:
            count = count - self._count(joined, REASONING) * joined.is_apart
        return count * self._requests(joined) if self._shape.has_requests else count

    def _is_charged(self, meter: str) -> bool:
        """Whether anything is charged by a meter: counts are told in any case, a fee only where a cell has one."""
        return meter != FEE or any(price is not None for price in self._cells.columns[price_of(FEE)])

    def _amount(self, joined: "ir.Table", quantities: Mapping[str, "ir.IntegerValue"]) -> "ir.IntegerValue":
        """Pico-dollars of a row."""
        return self._sum([count * joined[price_of(meter)].fill_null(0) for meter, count in quantities.items()])

    def _times(self, joined: "ir.Table", clock: Clock | None) -> dict[str, Any]:
        """The group of time of a row: which hour or day of its clock, and how far that clock is ahead."""
        import ibis

        if clock is None:
            return {}
        at = self._at(joined)
        ahead: Any = ibis.literal(clock.first_ahead_s).cast("int64")
        for change_us, ahead_s in clock.changes:
            ahead = (at >= change_us).ifelse(ahead_s, ahead)
        local = at + ahead * _US
        return {"step_us": local - local % (clock.step_s * _US), "ahead_s": ahead}

    def _at(self, usage: "ir.Table") -> "ir.IntegerValue":
        import ibis

        shape = self._shape
        if not shape.has_undated:
            return usage.at_us
        now = ibis.literal(shape.now_us).cast("int64")
        return usage.at_us.fill_null(now) if shape.has_dated else now

    def _requests(self, usage: "ir.Table") -> "ir.IntegerValue":
        import ibis

        return usage.requests.fill_null(1) if self._shape.has_requests else ibis.literal(1).cast("int64")

    @staticmethod
    def _count(usage: "ir.Table", name: str) -> "ir.IntegerValue":
        return usage[name].fill_null(0)

    @staticmethod
    def _sum(values: Sequence["ir.IntegerValue"]) -> "ir.IntegerValue":
        import ibis

        return reduce(add, values) if values else ibis.literal(0).cast("int64")

    @staticmethod
    def _bounded(cells: Cells) -> dict[str, int]:
        """Meter -> the most of it that a row may count, so that its amount stays within 64 bits."""
        meters = max(len(cells.meters), 1)
        return {meter: _LARGEST // (meters * max(price, 1)) for meter, price in cells.dearest.items()}
