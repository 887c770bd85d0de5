"""A table priced by columns: each row has what a single quote gives it, each bill is what its lines give."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import QuoteError
from mlquote.spend.columns.expression import Lane
from mlquote.spend.usage import UsageBill, bill, told
from mlquote.spend.usage_groups import Grouping
from mlquote.spend.usage_lines import BadLine, LogLine, read_records
from mlquote.spend.usage_prices import LinePrices
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.logs import ColumnPrices, columnar_bill, priced_in
from tests.conftest import POSTGRES_URL
from tests.store.engines.random_usage import random_rows

_MOMENT = pa.timestamp("us", "UTC")


def written(folder: Path, rows: Sequence[dict[str, Any]], name: str = "usage.parquet") -> Path:
    """The rows as a file of Parquet."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {
        name: pa.array([row.get(name) for row in rows], _MOMENT if name == "timestamp" else None) for name in names
    }
    pq.write_table(pa.table(columns), folder / name)
    return folder / name


def line_by_line(rows: Sequence[dict[str, Any]], catalog: Snapshot, now: datetime, **how: Any) -> UsageBill:
    """The bill of the same rows, read as lines."""
    return bill(read_records(_records(rows), how.pop("provider", None)), catalog, now, **how)


def _records(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in enumerate(rows, 1):
        yield number, {n: v.isoformat() if isinstance(v, datetime) else v for n, v in row.items()}


def same(one: UsageBill, other: UsageBill, catalog: Snapshot, now: datetime) -> None:
    """Two bills say the same of all that they have in common."""
    answers = [told(whole, catalog, now) for whole in (one, other)]
    for answer in answers:
        answer["warnings"] = [w for w in answer["warnings"] if w.code in ("unpriced-lines", "malformed-lines")]
    assert answers[0] == answers[1]
    for whole in (one, other):
        whole.totals = {key: total for key, total in whole.totals.items() if total.lines}
    assert one.totals.keys() == other.totals.keys()
    assert (one.future_lines, one.undated_lines, one.inferred_lines) == (
        other.future_lines,
        other.undated_lines,
        other.inferred_lines,
    )


@pytest.mark.parametrize(
    ("by", "zone"),
    [
        ((), UTC),
        (("provider", "model", "processing", "region"), UTC),
        (("day", "label.team"), ZoneInfo("Europe/Zurich")),
        (("hour",), ZoneInfo("Asia/Kolkata")),
        (("month", "week", "provider"), UTC),
    ],
    ids=["whole", "names", "days in Zurich", "hours in Kolkata", "months"],
)
def test_a_table_has_the_bill_of_its_lines(
    catalog: Snapshot, now: datetime, tmp_path: Path, by: tuple[str, ...], zone: Any
) -> None:
    rows = list(random_rows(catalog, 300, seed=len(by)))
    found = columnar_bill([written(tmp_path, rows)], catalog, now, Grouping(by, zone), days=True)
    assert found is not None
    lines = line_by_line(rows, catalog, now, by=by, zone=zone)
    same(found, lines, catalog, now)
    assert found.amounts() == lines.amounts()


def unequal_rows(rows: Sequence[dict[str, Any]], prices: ColumnPrices, catalog: Snapshot, now: datetime) -> list[str]:
    """Rows that an engine says something else of than a single quote of them."""
    found: dict[int, Any] = dict(prices.priced_rows())
    found |= {line: (Lane(lane), fault) for line, lane, fault in prices.other_rows()}
    wrong = []
    for (line, record), row in zip(_records(rows), rows, strict=True):
        (read,) = read_records([(line, record)])
        asked = seller_named(read, catalog, now)
        try:
            answer = inference_estimate(ApiUsage.model_validate(asked), catalog, now)
            usd = answer.result.cost_usd
            single: Any = (Lane.UNPRICED, "") if usd is None else usd.scaleb(12)
        except (ValidationError, QuoteError) as error:
            single = (Lane.FAULT, getattr(error, "code", "malformed"))
        if found[line] != single and found[line] != (Lane.BY_LINE, ""):
            wrong.append(f"{row}: {found[line]} for {single}")
    return wrong


def seller_named(read: LogLine | BadLine, catalog: Snapshot, now: datetime) -> dict[str, Any]:
    """The question of a line, whose seller is its model's maker where it names none."""
    if isinstance(read, BadLine):
        raise read.error
    fields = dict(read.fields)
    seller = LinePrices(catalog, now).seller_of(fields) if fields.get("provider") is None else None
    return fields | {"provider": seller} if seller else fields


def test_every_row_has_the_price_of_a_single_quote(catalog: Snapshot, now: datetime, tmp_path: Path) -> None:
    rows = list(random_rows(catalog, 1000, seed=11))
    engine = DuckLog()
    engine.read_parquet([written(tmp_path, rows)])
    layout = engine.layout()
    assert layout is not None
    engine.arrange(layout, None)
    prices = ColumnPrices(engine, layout, catalog, now)
    with priced_in(POSTGRES_URL or "duckdb", engine, layout) as other:
        moved = ColumnPrices(other, layout, catalog, now)
        assert (list(moved.priced_rows()), list(moved.other_rows())) == (
            list(prices.priced_rows()),
            list(prices.other_rows()),
        )
    lanes = [lane for _, lane, _ in prices.other_rows()]
    assert unequal_rows(rows, prices, catalog, now) == []
    assert lanes.count(Lane.BY_LINE) < len(rows) / 4
    engine.close()
