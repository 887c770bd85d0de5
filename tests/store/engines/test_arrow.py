"""Arrow as a log: in a file or a stream, in pieces or packed, it has the bill of the same rows."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import ipc

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.usage_groups import Grouping
from mlquote.store.engines.arrow import as_parquet, is_table
from mlquote.store.engines.logs import columnar_bill
from tests.store.engines.random_usage import random_rows
from tests.store.engines.test_logs import line_by_line, same, written


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.booleans(), st.integers(1, 80), st.sampled_from([None, "zstd", "lz4"]))
def test_arrow_has_the_bill_of_its_lines(
    catalog: Snapshot,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    is_file: bool,
    is_coded: bool,
    piece: int,
    packed: str | None,
) -> None:
    at, now = tmp_path_factory.mktemp("arrow"), datetime(2026, 11, 20, tzinfo=UTC)
    rows = list(random_rows(catalog, 80, seed))
    table = pq.read_table(written(at, rows))
    if is_coded:
        model = table.schema.get_field_index("model")
        table = table.set_column(model, "model", table["model"].dictionary_encode())
    options = ipc.IpcWriteOptions(compression=packed, emit_dictionary_deltas=not is_file)
    made = (ipc.new_file if is_file else ipc.new_stream)(at / "usage.arrow", table.schema, options=options)
    with made as writer:
        writer.write_table(table, max_chunksize=piece)
    by = ("provider", "label.team")
    found = columnar_bill([at / "usage.arrow"], catalog, now, Grouping(by, UTC))
    assert found is not None
    same(found, line_by_line(rows, catalog, now, by=by, zone=UTC), catalog, now)


def test_what_is_damaged_or_no_table_is_not_taken_for_one(tmp_path: Path) -> None:
    table = pa.table({"model": ["a"] * 5000, "input_tokens": list(range(5000))})
    with ipc.new_stream(tmp_path / "whole", table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:9000])
    (tmp_path / "half").write_bytes(b"ARROW1")
    assert [is_table(tmp_path / name) for name in ("whole", "cut", "half")] == [True, True, False]
    with pytest.raises(Malformed, match="damaged"):
        as_parquet([tmp_path / "cut"], tmp_path)
