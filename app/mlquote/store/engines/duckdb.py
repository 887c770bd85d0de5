"""DuckDB in this process: Parquet files or tables of Arrow as the relation that is priced."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import unquote

from mlquote.kit.errors import Malformed, Unavailable
from mlquote.spend.columns.layout import KINDS, Holds, TableLayout, layout_of
from mlquote.spend.usage_lines import LABEL
from mlquote.store.engines.arrow import as_parquet
from mlquote.store.engines.engine import KEPT, USAGE, WHOLE

_SOURCE: Final = "usage_source"
_LINES: Final = "usage_lines"
FILE_BITS: Final = 40
"""A row of several files is numbered by its file above these bits, and by its place in the file below."""
ROW_MASK: Final = (1 << FILE_BITS) - 1
_ADDED: Final = ("file_line", "priced_usd", "unpriced_code")
"""What is written beside a row's own columns: its number in its file, its dollars, and why it has none."""
_PICO_USD: Final = "0.000000000001000000::DECIMAL(19, 18)"
"""A pico-dollar: nineteen digits times it are a DECIMAL(38, 18), exactly."""
_WRITTEN_AS: Final = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4000, "
    "WRITE_BLOOM_FILTER false"
)
"""The cheapest to write, and the smallest: names in dictionaries; counts, which hardly repeat, by their differences."""
_MOST_MEMORY: Final = "700MiB"
_WHOLE: Final = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_WIDE: Final = frozenset({"UBIGINT", "HUGEINT", "UHUGEINT"})
_FLOAT: Final = frozenset({"FLOAT", "DOUBLE"})
_AWARE: Final = "TIMESTAMP WITH TIME ZONE"
_MOST_FETCHED: Final = 10_000


def holds_of(kind: str) -> Holds:
    """What the cells of a column of DuckDB's are."""
    if kind in _WHOLE or kind in _WIDE:
        return Holds.WHOLE
    if kind in _FLOAT or kind.startswith("DECIMAL"):
        return Holds.FLOAT
    if kind.startswith("TIMESTAMP"):
        return Holds.MOMENT
    if kind == "DATE":
        return Holds.DAY
    return Holds.TEXT if kind == "VARCHAR" or kind.startswith("ENUM") else Holds.OTHER


class DuckLog:
    """A log in DuckDB."""

    dialect = "duckdb"

    def __init__(self, threads: int | None = None) -> None:
        """An engine in memory; what does not fit there goes to a temporary folder of its own."""
        import duckdb

        self._at = duckdb.connect(":memory:")
        self._run("SET TimeZone = 'UTC'")
        self._run("SET preserve_insertion_order = false")
        self._run(f"SET memory_limit = '{_MOST_MEMORY}'")
        if threads is not None:
            self._run(f"SET threads = {int(threads)}")
        self._types: dict[str, str] = {}
        self._folder = TemporaryDirectory(prefix="mlquote-arrow-")
        self._line, self._is_line = "", ""
        """A row's number, and whether it is the one that `l.line` numbers."""
        self._whole: frozenset[str] = frozenset()
        """Columns of text in which no cell is null or empty."""
        self._spans: Mapping[str, tuple[int, int]] = {}
        """Columns of moments in which no cell is null -> the first and the last, microseconds since 1970."""

    def close(self) -> None:
        """Let go of it."""
        self._at.close()
        self._folder.cleanup()

    def read_parquet(self, files: Sequence[Path], first: int = 0) -> None:
        """Take these files of Parquet or Arrow, in this order, as the log.

        `first` is the number of the first among all files.

        What folders say of a file (`day=2026-11-01/`) is a column of it, as `partitions_of` names it.

        Raises: Malformed for a file that is none, or for files of different columns
        """
        import duckdb

        held = as_parquet(files, Path(self._folder.name))
        listed = ", ".join(_quoted(str(path)) for path in held)
        read = f"FROM read_parquet([{listed}], union_by_name = true, file_row_number = true, hive_partitioning = false)"
        try:
            self._describe(f"SELECT * EXCLUDE (file_row_number) {read}")
            told = {name: cells for name, cells in partitions_of(files).items() if name not in self._types}
            said = "".join(
                f", {_listed(cells)}[file_index::BIGINT + 1] AS {_name(name)}" for name, cells in told.items()
            )
            self._types |= dict.fromkeys(told, "VARCHAR")
            self._run(f"CREATE OR REPLACE VIEW {_SOURCE} AS SELECT *, file_index AS of_file{said} {read}")
        except duckdb.Error as error:
            raise Malformed(f"no Parquet: {str(error).splitlines()[0][:200]}") from error
        self._line = f"((of_file::BIGINT + {first}) << {FILE_BITS}) + file_row_number + 1"
        self._is_line = f"file_row_number = (l.line & {ROW_MASK}) - 1 AND of_file = (l.line >> {FILE_BITS}) - {first}"
        self._whole = self._whole_in(listed)
        self._spans = self._spans_in(listed)

    def _whole_in(self, listed: str) -> frozenset[str]:
        """Columns of text without a null or empty cell, as the files' own statistics say."""
        told = self._run(
            "SELECT path_in_schema FROM parquet_metadata([" + listed + "]) WHERE type = 'BYTE_ARRAY' GROUP BY 1 "
            "HAVING bool_and(coalesce(stats_null_count = 0 AND coalesce(stats_min_value, stats_min) > '', false)) "
            "AND count(*) = (SELECT sum(num_row_groups) FROM parquet_file_metadata([" + listed + "]))"
        )
        return frozenset(name for (name,) in told.fetchall())

    def _spans_in(self, listed: str) -> dict[str, tuple[int, int]]:
        """First and last of the columns of moments without a null, as the files' own statistics say."""
        least, most = (
            f"epoch_us(TRY_CAST(coalesce(stats_{end}_value, stats_{end}) AS TIMESTAMPTZ))" for end in ("min", "max")
        )
        told = self._run(
            f"SELECT path_in_schema, min({least}), max({most}) FROM parquet_metadata([{listed}]) GROUP BY 1 HAVING "
            f"bool_and(coalesce(stats_null_count = 0 AND {least} IS NOT NULL AND {most} IS NOT NULL, false)) "
            f"AND count(*) = (SELECT sum(num_row_groups) FROM parquet_file_metadata([{listed}]))"
        )
        return {name: (first, last) for name, first, last in told.fetchall()}

    def span(self, layout: TableLayout) -> tuple[int, int] | None:
        """First and last moment of the log, microseconds since 1970, where every row is known to say one.

        Files of Parquet tell it by their statistics. Were those wrong, rows beyond would meet no cell, and be read as
        lines.
        """
        return self._spans.get(layout.when[0]) if len(layout.when) == 1 else None

    def read_arrow(self, table: Any, line: str) -> None:
        """Take a table of Arrow as the log; `line` is its column of line numbers."""
        self._at.register(_SOURCE, table)
        self._describe(f"SELECT * EXCLUDE ({_name(line)}) FROM {_SOURCE}")
        self._line, self._is_line = _name(line), f"{_name(line)} = l.line"

    def layout(self) -> TableLayout | None:
        """What the log's columns mean; None where only a reader of lines knows."""
        return layout_of({name: holds_of(kind) for name, kind in self._types.items()})

    def arrange(self, layout: TableLayout, provider: str | None) -> None:
        """Make the relation that is priced; `provider` is whose the rows are that name none."""
        columns = self._arranged(layout, provider) | {KEPT + name: _name(name) for name in self._types}
        listed = ", ".join(f"{sql} AS {_name(name)}" for name, sql in columns.items())
        self._run(f"CREATE OR REPLACE VIEW {USAGE} AS SELECT {listed} FROM {_SOURCE}")

    def _arranged(self, layout: TableLayout, provider: str | None) -> dict[str, str]:
        """The columns of the relation that is priced -> how each is made."""
        columns = {"line": self._line, "at_us": self._moment(layout), "by_line": self._alone(layout)}
        for name in layout.names:
            said = f"nullif({_name(name)}::VARCHAR, '')" if name in layout.kinds else "NULL"
            default = _quoted(provider) if name == "provider" and provider else "''"
            is_whole = name in self._whole and self._types.get(name) == "VARCHAR"
            columns[name] = _name(name) if is_whole else f"coalesce({said}, {default})"
        for name in (*layout.counts, *(("requests",) if layout.has_requests else ())):
            columns[name] = _whole(_name(name), self._types[name])
        for name in layout.labels:
            columns[name] = f"nullif({_name(name)}::VARCHAR, '')"
        return columns

    def _moment(self, layout: TableLayout) -> str:
        """Microseconds since 1970 of the first column that says a moment."""
        moments = []
        for name in layout.when:
            is_plain = self._types[name] in (_AWARE, "DATE", "TIMESTAMP")
            moments.append(f"epoch_us({_name(name)}{'' if is_plain else '::TIMESTAMP'})")
        return f"coalesce({', '.join(moments)})" if moments else "NULL::BIGINT"

    def _alone(self, layout: TableLayout) -> str:
        said = [f"{_name(name)} IS NOT NULL" for name in layout.alone]
        return f"({' OR '.join(said)})::BIGINT" if said else "0::BIGINT"

    def load(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> None:
        """Hold a small table, in the place of an earlier one of that name."""
        import pyarrow as pa

        made = {"string": pa.string(), "int64": pa.int64()}
        table = pa.table({column: pa.array(values, made[types[column]]) for column, values in columns.items()})
        self._at.register(f"{name}_given", table)
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_given")
        self._at.unregister(f"{name}_given")

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows that a query gives."""
        return self._fetched(self._run(sql))

    def records(self, lines: Sequence[int] | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of the log as lines: their numbers, in order, and what stands in them; default: every row."""
        listed, joined = ", ".join(f"s.{_name(name)}" for name in self._types), ""
        if lines is not None:
            self.load(_LINES, {"line": lines}, {"line": WHOLE})
            joined = f" JOIN {_LINES} l ON {self._is_line}"
        found = self._run(f"SELECT {self._line} AS of_line, {listed} FROM {_SOURCE} s{joined} ORDER BY of_line")
        for line, *cells in self._fetched(found):
            yield line, {n: _said(c) for n, c in zip(self._types, cells, strict=True) if c is not None and c != ""}

    def arranged(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of the relation that is priced."""
        return self.rows(f"SELECT {', '.join(map(_name, columns))} FROM {USAGE}")

    def write_arranged(self, columns: Sequence[str], file: Path) -> None:
        """The same as a file of Parquet."""
        listed = ", ".join(map(_name, columns))
        self._run(f"COPY (SELECT {listed} FROM {USAGE}) TO {_quoted(str(file))} (FORMAT parquet)")

    @property
    def columns(self) -> tuple[str, ...]:
        """The log's own columns."""
        return tuple(self._types)

    def write_priced(self, lines: str, others: Mapping[str, Sequence[Any]], file: Path) -> None:
        """Write every row with what it costs as a file of Parquet.

        Args: lines: the query of `PricedUsage.lines`, all columns kept; others: `line`, `usd` and `code` of rows
              that it does not price
        Raises: Malformed where the log has a column of a name that is added; Unavailable where nothing can be written
        """
        import duckdb
        import pyarrow as pa

        taken = [name for name in _ADDED if name in self._types]
        if taken:
            raise Malformed(f"the log has a column {taken[0]!r} of its own", pointer="/out", hint="rename it")
        types = {"line": pa.int64(), "usd": pa.decimal128(38, 18), "code": pa.string()}
        self._at.register("others_given", pa.table({n: pa.array(others[n], types[n]) for n in types}))
        self._run("CREATE OR REPLACE TEMP TABLE usage_others AS SELECT * FROM others_given")
        self._at.unregister("others_given")
        own = ", ".join(f"p.{_name(KEPT + name)} AS {_name(name)}" for name in self._types)
        usd = f"CASE WHEN p.lane = 0 THEN p.pico_usd::DECIMAL(19, 0) * {_PICO_USD} ELSE o.usd END"
        query = (
            f"SELECT {own}, p.line & {ROW_MASK} AS {_ADDED[0]}, {usd} AS {_ADDED[1]}, o.code AS {_ADDED[2]} "
            f"FROM ({lines}) p LEFT JOIN usage_others o ON p.lane <> 0 AND p.line = o.line"
        )
        try:
            self._run(f"COPY ({query}) TO {_quoted(str(file))} ({_WRITTEN_AS})")
        except duckdb.IOException as error:
            raise Unavailable(f"cannot write {file}: {str(error).splitlines()[0][:200]}") from error

    @staticmethod
    def _fetched(found: Any) -> Iterator[tuple[Any, ...]]:
        while rows := found.fetchmany(_MOST_FETCHED):
            yield from rows

    def _describe(self, sql: str) -> None:
        described = self._run(f"DESCRIBE {sql}").fetchall()
        self._types = {name: kind for name, kind, *_ in described}

    def _run(self, sql: str) -> Any:
        return self._at.execute(sql)


def partitions_of(files: Sequence[Path]) -> dict[str, list[str | None]]:
    """What the folders of files say (`day=2026-11-01/`): column -> the value of each file, None where it says none.

    A column has the name of a line's own field where there is one (`provider=openai/`), else it is a label.
    """
    said = [dict(part.split("=", 1) for part in path.parts[:-1] if part.find("=") > 0) for path in files]
    names = dict.fromkeys(name for one in said for name in one)
    return {
        name if name in KINDS else LABEL + name: [unquote(v) if (v := one.get(name)) else None for one in said]
        for name in names
    }


def _listed(cells: Sequence[str | None]) -> str:
    """Texts as a list in SQL."""
    return "([" + ", ".join("NULL" if cell is None else _quoted(cell) for cell in cells) + "]::VARCHAR[])"


def _said(cell: Any) -> Any:
    """A cell as a line of a log says it."""
    return cell.isoformat() if isinstance(cell, datetime | date) else cell


def _whole(column: str, kind: str) -> str:
    """A count as a whole number: null where there is none, -1 where it is no number from 0 on that 64 bits hold."""
    if kind in _WHOLE:
        return f"{column}::BIGINT"
    is_none = f"WHEN {column} IS NULL THEN NULL"
    if kind in _WIDE:
        return f"CASE {is_none} ELSE coalesce(TRY_CAST({column} AS BIGINT), -1) END"
    fits = f"{column} >= 0 AND {column} < 1000000000000 AND {column} = floor({column})"
    return f"CASE {is_none} WHEN {fits} THEN {column}::BIGINT ELSE -1 END"


def _name(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
