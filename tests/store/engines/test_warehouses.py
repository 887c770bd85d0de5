"""docs/warehouses.md shows the SQL that the expression prints for engines we do not run.

MLQUOTE_TEST_REWRITE=1 writes it anew; read the change before committing it.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlglot

from mlquote.catalog.snapshot import Snapshot
from mlquote.spend.columns.cells import CellBook, microseconds
from mlquote.spend.columns.expression import Clock, Shape
from mlquote.spend.columns.layout import Holds, layout_of
from mlquote.store.engines.engine import priced_usage, printed

_PAGE = Path(__file__).parents[3] / "docs" / "warehouses.md"
_MARK = "<!-- printed -->\n"
_WAREHOUSES = {"snowflake": "Snowflake", "bigquery": "BigQuery", "trino": "Trino", "clickhouse": "ClickHouse"}
_COLUMNS = {
    "timestamp": Holds.MOMENT,
    **dict.fromkeys(("provider", "model", "labels.team"), Holds.TEXT),
    **dict.fromkeys(("input_tokens", "output_tokens", "cache_read_tokens"), Holds.WHOLE),
}


def _totals(catalog: Snapshot, dialect: str) -> str:
    """Totals by day and team, of a log of one model with a long-context tier."""
    layout = layout_of(_COLUMNS)
    assert layout is not None
    kinds = (("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5"))
    during = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    cells = CellBook(catalog).cells(kinds, layout.counts, layout.names, during)
    first, end = map(microseconds, during)
    shape = Shape(
        counts=layout.counts,
        names=layout.names,
        first_us=first,
        last_us=end,
        has_dated=True,
        has_undated=False,
        has_requests=False,
        has_alone=False,
        now_us=end,
    )
    return printed(priced_usage(layout, shape, cells).totals(layout.labels, Clock(86_400, 0)), dialect)


@pytest.mark.parametrize("dialect", _WAREHOUSES)
def test_the_expression_is_sql_that_each_warehouse_parses(catalog: Snapshot, dialect: str) -> None:
    sql = _totals(catalog, dialect)
    (parsed,) = sqlglot.parse(sql, dialect=dialect)
    assert parsed is not None
    assert "JOIN" in sql
    assert ".0" not in sql  # no fraction anywhere: money is whole pico-dollars


def test_the_page_shows_what_is_printed(catalog: Snapshot) -> None:
    words, mark, shown = _PAGE.read_text().partition(_MARK)
    parts = (f"\n## {name}\n\n```sql\n{_totals(catalog, dialect)}\n```\n" for dialect, name in _WAREHOUSES.items())
    made = "".join(parts)
    if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
        _PAGE.write_text(words + _MARK + made)
        return
    assert mark
    assert shown == made, "MLQUOTE_TEST_REWRITE=1 writes it anew"
