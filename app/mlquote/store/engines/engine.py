"""What every engine must do: hold small tables, have a log as columns, run the SQL that Ibis prints for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from mlquote.spend.columns.cells import Cells
from mlquote.spend.columns.expression import PricedUsage, Shape
from mlquote.spend.columns.layout import TableLayout

if TYPE_CHECKING:
    import ibis.expr.types as ir

USAGE: Final = "usage_rows"
WINDOWED_TABLE: Final = "usage_windowed"
CELLS_TABLE: Final = "usage_cells"
TEXT, WHOLE = "string", "int64"


class Engine(Protocol):
    """One engine with one log in it: a relation USAGE of the columns that `usage_columns` names."""

    dialect: str
    """As Ibis calls it."""

    def span(self, layout: TableLayout) -> tuple[int, int] | None:
        """First and last moment of the log, microseconds since 1970, where every row is known to say one."""

    def load(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> None:
        """Hold a small table, in the place of an earlier one of that name."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows that a query gives."""

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of the log as lines: their numbers, in order, and what stands in them."""


KEPT: Final = "kept "
"""How columns of the log begin that are carried through as they are."""


def usage_columns(layout: TableLayout) -> dict[str, str]:
    """The columns of the relation USAGE -> their types.

    `line` numbers the rows; `at_us` is the moment in microseconds since 1970; `by_line` is 1 for rows that are left to
    the reader of lines. What cannot be a whole number from 0 on is -1, and left to it too.
    """
    columns = {"line": WHOLE, "at_us": WHOLE, "by_line": WHOLE}
    columns |= dict.fromkeys(layout.names, TEXT) | dict.fromkeys(layout.counts, WHOLE)
    columns |= {"requests": WHOLE} if layout.has_requests else {}
    return columns | dict.fromkeys(layout.labels, TEXT)


def priced_usage(layout: TableLayout, shape: Shape, cells: Cells, kept: Sequence[str] = ()) -> PricedUsage:
    """The expression over the relation and the two small tables.

    Args: kept: columns that the relation carries through
    """
    import ibis

    usage = ibis.table(usage_columns(layout) | dict.fromkeys(kept, TEXT), name=USAGE)
    windowed = ibis.table(types_of(cells.windowed), name=WINDOWED_TABLE)
    rates = ibis.table(types_of(cells.columns), name=CELLS_TABLE)
    return PricedUsage(shape, cells, usage, windowed, rates)


def types_of(columns: Mapping[str, Any]) -> dict[str, str]:
    """The types of a small table's columns: text for how a name is spelt, whole numbers for all else."""
    return {name: TEXT if name.startswith(("said_", "windowed_")) else WHOLE for name in columns}


def answers(engine: Engine, table: "ir.Table") -> Iterator[dict[str, Any]]:
    """What an engine answers to an expression, row by row."""
    names = table.columns
    for row in engine.rows(printed(table, engine.dialect)):
        yield dict(zip(names, row, strict=True))


def printed(table: "ir.Table", dialect: str) -> str:
    """An expression as an engine's SQL."""
    import ibis

    return str(ibis.to_sql(table, dialect=dialect))
