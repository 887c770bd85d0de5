"""Logs of usage that are tables of counts, priced by an engine: by columns, the same bill as line by line.

An engine prices the rows that whole numbers price exactly. All others are read as lines and billed one by one, so that
no row is dropped and none is priced in another way than a single quote.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.kit.errors import Malformed
from mlquote.spend.columns.cells import EPOCH, CellBook, Cells, microseconds
from mlquote.spend.columns.expression import Lane, PricedUsage, Shape
from mlquote.spend.columns.folding import clock_of, fold
from mlquote.spend.columns.layout import TableLayout
from mlquote.spend.usage import Billing, UsageBill, begun
from mlquote.spend.usage_faults import MOST_IN_FULL, Fault
from mlquote.spend.usage_groups import OF_ROWS, Grouping
from mlquote.spend.usage_lines import LABEL, BadLine, LogLine, read_records
from mlquote.spend.usage_prices import Estimate
from mlquote.store.engines.arrow import is_table
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.engine import (
    CELLS_TABLE,
    KEPT,
    TEXT,
    USAGE,
    WHOLE,
    WINDOWED_TABLE,
    Engine,
    answers,
    priced_usage,
    printed,
    types_of,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

EMBEDDED: Final = "duckdb"
ENGINES: Final = "duckdb (default), spark, or a PostgreSQL's postgresql://user@host/database"
_BY_LINE: Final = int(Lane.BY_LINE)
_UNPRICED: Final = int(Lane.UNPRICED)


class RowsWritten(NamedTuple):
    """Where the rows of one file of a log are written with their prices."""

    place: int
    """The file's number among all of the log."""
    file: Path | None
    """None where they were written before."""


def columnar_bill(
    files: Sequence[Path],
    catalog: Snapshot,
    now: datetime,
    grouping: Grouping,
    *,
    estimate: Estimate = inference_estimate,
    provider: str | None = None,
    days: bool = False,
) -> UsageBill | None:
    """The bill of Parquet or Arrow files of counts, as `spend.usage.bill` makes it of their lines.

    Args:    provider: whose the rows are that name none; days: tell UTC's days apart, as a budget's ledger needs them
    Returns: None for files that only a reader of lines understands
    Raises:  Malformed for what is no Parquet
    """
    billing = begun(grouping, catalog, now, estimate, days=days)
    return billing.whole if add_tables(billing, files, catalog, now, provider) else None


def add_tables(
    billing: Billing,
    files: Sequence[Path],
    catalog: Snapshot,
    now: datetime,
    provider: str | None = None,
    engine_name: str = EMBEDDED,
    out: RowsWritten | None = None,
) -> bool:
    """Put the rows of Parquet or Arrow files on a bill, if they are tables of counts; else put nothing there: False.

    A bill whose charges are exported has each row's own prices, and none of its rows by columns.

    Args:   engine_name: as of `priced_in`; out: where every row is written with its price
    Raises: Malformed for what is no Parquet, and for an engine that there is not; Unavailable for one that is not there
    """
    if billing.whole.focus is not None or billing.whole.grouping.looks.anomalies:  # both name lines
        return False
    if not all(map(is_table, files)):
        return False
    engine = DuckLog()
    try:
        engine.read_parquet(files, out.place if out else 0)
        layout = engine.layout()
        if layout is None or not OF_ROWS.isdisjoint(billing.whole.grouping.by):
            return False
        engine.arrange(layout, provider)
        with priced_in(engine_name, engine, layout) as found:
            prices = ColumnPrices(found, layout, catalog, now, provider)
            prices.add_to(billing)
            if out is not None and out.file is not None:
                prices.write(engine, billing, out.file)
        return True
    finally:
        engine.close()


@contextmanager
def priced_in(name: str, log: DuckLog, layout: TableLayout) -> Iterator[Engine]:
    """The engine that a name means, with a log in it: duckdb, spark, or the address of a PostgreSQL.

    Raises: Malformed for any other name; Unavailable for one that does not answer
    """
    if name == EMBEDDED:
        yield log
        return
    from mlquote.store.engines.postgres import PostgresLog  # here, for few have either
    from mlquote.store.engines.spark import SparkLog

    moved: PostgresLog | SparkLog
    if name.startswith(("postgres://", "postgresql://")):
        moved = PostgresLog(name, log, layout)
    elif name == "spark":
        moved = SparkLog(log, layout)
    else:
        raise Malformed(f"no engine is named {name[:80]!r}", pointer="/engine", hint=ENGINES)
    try:
        yield moved
    finally:
        moved.close()


class _Seen(NamedTuple):
    """What is seen of a log before it is priced."""

    kinds: tuple[tuple[str, ...], ...]
    """Every spelling of its names."""
    rows: int
    dated: int
    """Rows that say their moment."""
    during: tuple[datetime, datetime]
    """[from, to) of its rows' moments, now's included where a row says none."""

    @property
    def has_dated(self) -> bool:
        """Whether any row says its moment."""
        return self.dated > 0

    @property
    def has_undated(self) -> bool:
        """Whether any row does not."""
        return self.dated < self.rows


class _Others(NamedTuple):
    """Rows that are not priced, in order: eleven bytes or so each."""

    lines: "array[int]"
    lanes: "array[int]"
    spots: "array[int]"
    """-1 for none."""

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int | None]]) -> "_Others":
        """As an engine tells them: line, lane, spot."""
        found = cls(array("q"), array("b"), array("q"))
        for line, lane, spot in rows:
            found.lines.append(line)
            found.lanes.append(lane)
            found.spots.append(-1 if spot is None else spot)
        return found


class ColumnPrices:
    """Prices one log that stands in an engine."""

    def __init__(
        self, engine: Engine, layout: TableLayout, catalog: Snapshot, now: datetime, provider: str | None = None
    ) -> None:
        """Price from `catalog`.

        Args: now: the moment of rows that say none; provider: whose the rows are that name none
        """
        self._engine, self._layout, self._now, self._provider = engine, layout, now, provider
        self._book = catalog.derived(CellBook)
        self._seen = self._looked_at()
        self._others, self._faults, self._is_joined = _Others.of(()), [""], False

    def add_to(self, billing: Billing) -> None:
        """Add every row to a bill."""
        whole = billing.whole
        by = whole.grouping.by
        cells, priced = self._prepared(by)
        labels = [name for name in self._layout.labels if f"label.{name.removeprefix(LABEL)}" in by]
        clock = clock_of(by, whole.grouping.zone, self._seen.during, whole.has_days)
        groups = list(answers(self._engine, priced.totals(labels, clock, numbered=True)))
        fold(whole, cells, self._layout, groups, is_undated=not self._seen.has_dated)
        others = [(line, g["lane"], g["spot"]) for g in groups if g["lane"] != Lane.PRICED for line in g["apart"]]
        self._is_joined = sum(group["rows"] for group in groups) == self._seen.rows
        self._others = _Others.of(sorted(others) if self._is_joined else self._not_priced(priced))
        self._faults = [spot.fault for spot in cells.spots]
        if self._others.lines:
            self._add_others(billing, cells)

    def _not_priced(self, priced: PricedUsage) -> Iterator[tuple[int, int, int | None]]:
        return self._engine.rows(self._printed(priced.not_priced().order_by("line")))

    def write(self, log: DuckLog, billing: Billing, file: Path) -> None:
        """Write every row of the log, which is on a bill, with what it costs or why that is not known, as Parquet.

        Args: log: the same log in DuckDB, which writes them whichever engine made the bill; billing: what it is on
        """
        kept = [KEPT + name for name in log.columns]
        _, priced = self._prepared((), kept, log)
        others: dict[str, list[Any]] = {"line": [], "usd": [], "code": []}
        by_line = array("q")
        for line, lane, spot in zip(self._others.lines, self._others.lanes, self._others.spots, strict=True):
            if lane == _BY_LINE:
                by_line.append(line)
                continue
            code = "no-price" if lane == _UNPRICED else self._faults[spot]
            for column, value in zip(others.values(), (line, None, code), strict=True):
                column.append(value)
        for told in read_records(log.records(by_line), self._provider) if by_line else ():
            usd, fault = billing.price_of(told)
            others["line"].append(told.number)
            others["usd"].append(usd)
            others["code"].append(fault and fault.code)
        log.write_priced(printed(priced.lines(kept, is_joined=self._is_joined), log.dialect), others, file)

    def priced_rows(self) -> Iterator[tuple[int, int]]:
        """Number and pico-dollars of every row that the engine prices itself."""
        _, priced = self._prepared(())
        return self._engine.rows(self._printed(priced.priced().order_by("line")))

    def other_rows(self) -> Iterator[tuple[int, int, str]]:
        """Number and lane of every other row, and its fault's code where its names lead nowhere."""
        cells, priced = self._prepared(())
        for line, lane, spot in self._engine.rows(self._printed(priced.not_priced().order_by("line"))):
            yield line, lane, cells.spots[spot].fault if lane == Lane.FAULT else ""

    def _prepared(
        self, by: Sequence[str], kept: Sequence[str] = (), engine: Engine | None = None
    ) -> tuple[Cells, PricedUsage]:
        """The cells, loaded into an engine (default: the one that holds the log), and the expression over them."""
        layout, seen = self._layout, self._seen
        cells = self._book.cells(seen.kinds, layout.counts, layout.names, seen.during, tuple(by))
        for name, columns in ((WINDOWED_TABLE, cells.windowed), (CELLS_TABLE, cells.columns)):
            (engine or self._engine).load(name, columns, types_of(columns))
        first, end = map(microseconds, seen.during)
        shape = Shape(
            counts=layout.counts,
            names=layout.names,
            first_us=first,
            last_us=end,
            has_dated=seen.has_dated,
            has_undated=seen.has_undated,
            has_requests=layout.has_requests,
            has_alone=bool(layout.alone),
            now_us=microseconds(self._now),
        )
        return cells, priced_usage(layout, shape, cells, kept)

    def _looked_at(self) -> _Seen:
        """Every spelling of the log, and its time: asked of the engine once."""
        import ibis

        names, span = self._layout.names, self._engine.span(self._layout)
        table = ibis.table({**dict.fromkeys(names, TEXT), "at_us": WHOLE}, name=USAGE)
        at = table.at_us
        times = {} if span else {"dated": at.count(), "first": at.min(), "last": at.max()}
        looked = table.group_by(list(names)).agg(rows=table.count(), **times)
        found = [(row[: len(names)], *row[len(names) :]) for row in self._engine.rows(self._printed(looked))]
        kinds, rows = tuple(sorted(kind for kind, *_ in found)), sum(int(count) for _, count, *_ in found)
        dated = rows if span else sum(int(told[0]) for _, _, *told in found)
        ends = span or (at for _, _, *told in found for at in told[1:] if at is not None)
        moments = [EPOCH + timedelta(microseconds=int(at)) for at in ends]
        moments += [self._now] if dated < rows or not moments else []
        return _Seen(kinds, rows, dated, (min(moments), max(moments) + timedelta(microseconds=1)))

    def _printed(self, table: "ir.Table") -> str:
        return printed(table, self._engine.dialect)

    def _add_others(self, billing: Billing, cells: Cells) -> None:
        """Add the rows that are not priced, in their order: faults by their numbers, others line by line."""
        whole, seen = billing.whole, dict.fromkeys(map(int, Lane), 0)
        lines, lanes, spots = self._others
        read = array("q")
        for line, lane in zip(lines, lanes, strict=True):
            seen[lane] += 1
            if lane == _BY_LINE or seen[lane] <= MOST_IN_FULL:
                read.append(line)
        found = read_records(self._engine.records(read), self._provider)
        told: LogLine | BadLine | None = next(found, None)
        for line, lane, spot in zip(lines, lanes, spots, strict=True):
            is_read = told is not None and told.number == line
            if lane == _BY_LINE:
                if told is None or not is_read:
                    raise RuntimeError(f"row {line} of the log is not found again")
                billing.take(told)
            else:
                whole.lines += lane != _UNPRICED
                code = "no-price" if lane == _UNPRICED else cells.spots[spot].fault
                fault = billing.fault_of(told) if told is not None and is_read else Fault(line, code, "", [])
                if fault is None or (fault.code == "no-price") != (lane == _UNPRICED):
                    raise RuntimeError(f"row {line} of the log is another by itself than among others")
                (whole.unpriced if lane == _UNPRICED else whole.malformed).add(fault)
            told = next(found, None) if is_read else told
