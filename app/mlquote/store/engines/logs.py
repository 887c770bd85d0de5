"""Logs of usage that are tables of counts, priced by an engine: by columns, the same bill as line by line.

An engine prices the rows that whole numbers price exactly. All others are read as lines and billed one by one, so that
no row is dropped and none is priced in another way than a single quote.
"""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.kit.errors import Malformed
from mlquote.spend.columns.cells import EPOCH, CellBook, Cells, cells_of, microseconds
from mlquote.spend.columns.expression import Lane, PricedUsage, Shape
from mlquote.spend.columns.folding import clock_of, fold
from mlquote.spend.columns.layout import TableLayout
from mlquote.spend.usage import Billing, UsageBill, begun
from mlquote.spend.usage_faults import MOST_IN_FULL, Fault
from mlquote.spend.usage_groups import Grouping
from mlquote.spend.usage_lines import LABEL, BadLine, LogLine, read_records
from mlquote.spend.usage_prices import Estimate
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.engine import (
    CELLS_TABLE,
    KINDS_TABLE,
    TEXT,
    USAGE,
    WHOLE,
    Engine,
    answers,
    priced_usage,
    printed,
    types_of,
)

EMBEDDED: Final = "duckdb"
ENGINES: Final = "duckdb (default), spark, or a PostgreSQL's postgresql://user@host/database"
_BY_LINE: Final = int(Lane.BY_LINE)
_UNPRICED: Final = int(Lane.UNPRICED)


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
    """The bill of Parquet files of counts, as `spend.usage.bill` makes it of their lines.

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
) -> bool:
    """Put the rows of Parquet files on a bill, if they are tables of counts; else put nothing there, and say so.

    Args:   engine_name: as of `priced_in`
    Raises: Malformed for what is no Parquet, and for an engine that there is not; Unavailable for one that is not there
    """
    engine = DuckLog()
    try:
        engine.read_parquet(files)
        layout = engine.layout()
        if layout is None or "line" in billing.whole.grouping.by:
            return False
        engine.arrange(layout, provider)
        with priced_in(engine_name, engine, layout) as found:
            ColumnPrices(found, layout, catalog, now, provider).add_to(billing)
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
        kinds = self._kinds()
        self._rows = sum(kinds.values())
        self._said = list(kinds)
        self._during: tuple[datetime, datetime] | None = None

    def add_to(self, billing: Billing) -> None:
        """Add every row to a bill."""
        whole = billing.whole
        by = whole.grouping.by
        cells, priced = self._prepared(by)
        labels = [name for name in self._layout.labels if f"label.{name.removeprefix(LABEL)}" in by]
        clock = clock_of(by, whole.grouping.zone, self._time, whole.has_days)
        groups = list(answers(self._engine, priced.totals(labels, clock)))
        folded = fold(whole, cells, self._layout, groups)
        if folded < self._rows or any(group["lane"] == _UNPRICED for group in groups):
            self._add_others(billing, cells, priced)

    def priced_rows(self) -> Iterator[tuple[int, int]]:
        """Number and pico-dollars of every row that the engine prices itself."""
        _, priced = self._prepared(())
        return self._engine.rows(printed(priced.priced().order_by("line"), self._engine.dialect))

    def other_rows(self) -> Iterator[tuple[int, int, str]]:
        """Number and lane of every other row, and its fault's code where its names lead nowhere."""
        cells, priced = self._prepared(())
        for line, lane, spot in self._engine.rows(printed(priced.not_priced().order_by("line"), self._engine.dialect)):
            yield line, lane, cells.spots[spot].fault if lane == Lane.FAULT else ""

    def _prepared(self, by: Sequence[str]) -> tuple[Cells, PricedUsage]:
        """The cells, loaded into the engine, and the expression over them."""
        layout = self._layout
        cells = cells_of(self._book, self._said, layout.counts, layout.names, self._time, by)
        self._engine.load(KINDS_TABLE, cells.kinds, types_of(cells.kinds))
        self._engine.load(CELLS_TABLE, cells.columns, types_of(cells.columns))
        shape = Shape(
            counts=layout.counts,
            names=layout.names,
            is_dated=bool(layout.when),
            has_requests=layout.has_requests,
            has_alone=bool(layout.alone),
            now_us=microseconds(self._now),
        )
        return cells, priced_usage(layout, shape, cells)

    def _kinds(self) -> dict[tuple[str, ...], int]:
        """Every spelling of the log -> its rows."""
        import ibis

        names = self._layout.names
        table = ibis.table(dict.fromkeys(names, TEXT), name=USAGE)
        counted = table.group_by(list(names)).agg(rows=table.count())
        rows = self._engine.rows(printed(counted, self._engine.dialect))
        return {tuple(said): int(count) for *said, count in rows}

    def _time(self) -> tuple[datetime, datetime]:
        """[from, to) of the log, the moment of rows that say none included; asked of the engine once."""
        if self._during is None:
            self._during = self._measured_time()
        return self._during

    def _measured_time(self) -> tuple[datetime, datetime]:
        import ibis

        table = ibis.table({"at_us": WHOLE}, name=USAGE)
        ends = table.agg(first=table.at_us.min(), last=table.at_us.max())
        ((first, last),) = self._engine.rows(printed(ends, self._engine.dialect))
        moments = [self._now, *(EPOCH + timedelta(microseconds=int(at)) for at in (first, last) if at is not None)]
        return min(moments), max(moments) + timedelta(seconds=1)

    def _add_others(self, billing: Billing, cells: Cells, priced: PricedUsage) -> None:
        """Add the rows that are not priced, in their order: faults by their numbers, others line by line."""
        whole, seen = billing.whole, dict.fromkeys(map(int, Lane), 0)
        lines, lanes, spots = array("q"), array("b"), array("q")
        read = array("q")
        in_order = priced.not_priced().order_by("line")
        for line, lane, spot in self._engine.rows(printed(in_order, self._engine.dialect)):
            for column, value in zip((lines, lanes, spots), (line, lane, -1 if spot is None else spot), strict=True):
                column.append(value)
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
