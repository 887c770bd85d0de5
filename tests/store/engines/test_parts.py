"""Priced rows in a folder: every row once, with its price or why it has none, however often the run was killed."""

import os
import signal
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.walk import Delivery
from mlquote.spend.usage import UsageBill, told
from mlquote.spend.usage_groups import Grouping
from mlquote.store.engines.files import Run, bill_of_files, found_files
from mlquote.store.engines.logs import EMBEDDED
from mlquote.store.engines.parts import MANIFEST, PricedParts
from tests.conftest import POSTGRES_URL
from tests.store.engines.random_usage import random_rows
from tests.store.engines.test_logs import line_by_line, written


def _log(at: Path, catalog: Snapshot) -> list[dict[str, Any]]:
    """Rows as three files of a partitioned folder."""
    rows = list(random_rows(catalog, 240, seed=3))
    for place in range(3):
        folder = at / "log" / f"day=2026-11-0{place + 1}"
        folder.mkdir(parents=True)
        written(folder, rows[place::3])
    return [row for place in range(3) for row in rows[place::3]]


def _run(at: Path, catalog: Snapshot, now: datetime, by: tuple[str, ...] = ()) -> UsageBill:
    files = found_files([str(at / "log")])
    parts = PricedParts(at / "out", files, {"release": catalog.release.id}, now)
    return bill_of_files(files, catalog, parts.now, Grouping(by), Delivery(), Run(POSTGRES_URL or EMBEDDED, out=parts))


def _read(at: Path, sql: str) -> Any:
    return duckdb.sql(f"SELECT {sql} FROM read_parquet('{at}/out/part-*.parquet')").fetchall()[0]


def test_every_row_is_written_with_its_price_or_why_it_has_none(
    catalog: Snapshot, now: datetime, tmp_path: Path
) -> None:
    rows = _log(tmp_path, catalog)
    whole = _run(tmp_path, catalog, now, ("label.day",))
    lines = line_by_line(rows, catalog, now)
    priced = sum((total.priced.usd for total in lines.totals.values()), Decimal())
    assert _read(tmp_path, "count(*), sum(priced_usd), count(priced_usd)") == (len(rows), priced, lines.priced_lines)
    assert _read(tmp_path, "count(unpriced_code)") == (lines.unpriced.count + lines.malformed.count,)
    again = pq.read_table(tmp_path / "out" / "part-00000.parquet")  # another reader than the writer
    assert sorted(again["file_line"].to_pylist()) == list(range(1, len(rows[::3]) + 1))
    assert again["priced_usd"].type == pa.decimal128(38, 18)
    assert {total.group["label.day"] for total in whole.totals.values()} == {"2026-11-01", "2026-11-02", "2026-11-03"}


def test_a_run_that_was_killed_goes_on_and_no_row_is_there_twice(
    catalog: Snapshot, now: datetime, tmp_path: Path
) -> None:
    rows = _log(tmp_path, catalog)
    before = _run(tmp_path, catalog, now)
    kept = _read(tmp_path, "sum(priced_usd), count(*)")
    out = tmp_path / "out"
    for name in ("part-00001.parquet", "part-00002.parquet"):
        (out / name).unlink()
    child = os.fork()
    if child == 0:  # pragma: no cover  # killed as it writes the second part
        from mlquote.store.engines.duckdb import DuckLog

        def half(_self: Any, _lines: str, _others: Any, file: Path) -> None:
            file.write_bytes(b"PAR1 half")
            os.kill(os.getpid(), signal.SIGKILL)

        DuckLog.write_priced = half  # type: ignore[method-assign]
        _run(tmp_path, catalog, now)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert sorted(path.name for path in out.iterdir()) == [".part-00001.parquet", MANIFEST, "part-00000.parquet"]
    first = (out / "part-00000.parquet").stat().st_mtime_ns
    later = _run(tmp_path, catalog, datetime(2030, 1, 1, tzinfo=UTC))
    assert told(later, catalog, now) == told(before, catalog, now)  # at the clock of the first run
    assert _read(tmp_path, "sum(priced_usd), count(*)") == kept == (kept[0], len(rows))
    assert (out / "part-00000.parquet").stat().st_mtime_ns == first


def test_a_folder_of_another_run_or_of_anything_else_is_left_alone(
    catalog: Snapshot, now: datetime, tmp_path: Path
) -> None:
    _log(tmp_path, catalog)
    _run(tmp_path, catalog, now)
    files = found_files([str(tmp_path / "log")])
    with pytest.raises(Malformed, match="release was"):
        PricedParts(tmp_path / "out", files, {"release": "another"}, now)
    with pytest.raises(Malformed, match="not in this log"):
        PricedParts(tmp_path / "out", files[:1], {"release": catalog.release.id}, now)
    with pytest.raises(Malformed, match="no folder of priced rows"):
        PricedParts(tmp_path / "log", files, {}, now)
    (tmp_path / "log.ndjson").write_text("{}")
    with pytest.raises(Malformed, match="no table of counts"):
        text = [tmp_path / "log.ndjson"]
        bill_of_files(
            text, catalog, now, Grouping(()), Delivery(), Run(out=PricedParts(tmp_path / "other", text, {}, now))
        )
