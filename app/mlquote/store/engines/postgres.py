"""PostgreSQL: the relation and the small tables as temporary tables of a connection, priced by the same expression."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from mlquote.kit.errors import Unavailable
from mlquote.spend.columns.layout import TableLayout
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.engine import USAGE, usage_columns

_TYPES: Final = {"string": "text", "int64": "bigint"}
_MOST_FETCHED: Final = 10_000


class PostgresLog:
    """A log copied into PostgreSQL for as long as the connection lasts."""

    dialect = "postgres"

    def __init__(self, url: str, log: DuckLog, layout: TableLayout) -> None:
        """Copy a log, arranged in DuckDB, to the database at `url`.

        Raises: Unavailable where it does not answer
        """
        try:
            self._at = psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(f"PostgreSQL does not answer: {str(error).strip()[:200]}") from error
        self._log = log
        self._at.execute("SET TIME ZONE 'UTC'")
        columns = usage_columns(layout)
        self._copy(USAGE, columns, log.arranged(list(columns)))

    def close(self) -> None:
        """Let go of the connection, and with it of the tables."""
        self._at.close()

    def load(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> None:
        """Hold a small table, in the place of an earlier one of that name."""
        self._copy(name, types, zip(*(columns[column] for column in types), strict=True))

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows that a query gives."""
        with self._at.cursor() as found:
            found.execute(query.encode())
            while rows := found.fetchmany(_MOST_FETCHED):
                yield from rows

    def span(self, layout: TableLayout) -> tuple[int, int] | None:
        """First and last moment of the log, where every row is known to say one."""
        return self._log.span(layout)

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of the log as lines: their numbers, in order, and what stands in them."""
        return self._log.records(lines)

    def _copy(self, name: str, types: Mapping[str, str], rows: Any) -> None:
        listed = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_TYPES[kind])) for column, kind in types.items()
        )
        table = sql.Identifier(name)
        self._at.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(table))
        self._at.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(table, listed))
        with self._at.cursor() as into, into.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            for row in rows:
                copy.write_row(row)
        self._at.execute(sql.SQL("ANALYZE {}").format(table))
