"""Files of usage on one bill: whatever holds the rows, they cost the same, and a faulty row is named with its file."""

import gzip
import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.walk import Delivery
from mlquote.spend.documents import plain
from mlquote.spend.usage import told
from mlquote.spend.usage_groups import Grouping
from mlquote.store.engines.files import bill_of_files, by_file, found_files
from tests.store.engines.test_logs import written

_AT = datetime(2026, 10, 1, 12, tzinfo=UTC)
_COUNTS = [("claude-haiku-4-5", 1000, 200), ("claude-haiku-4-5", 500, 0), ("claude-none", 1, 1)]
_ROWS: list[dict[str, Any]] = [
    {"timestamp": _AT, "provider": "anthropic", "model": model, "input_tokens": given, "output_tokens": made}
    for model, given, made in _COUNTS
]
_USD = Decimal("0.0025")
"""claude-haiku-4-5 at 1 dollar a million tokens in and 5 out: (1,000 + 200 x 5 + 500) / 1e6."""


def _folder(at: Path) -> Path:
    """The same rows three times: Parquet, NDJSON, packed CSV; and files that are no usage."""
    (at / "day=1").mkdir()
    written(at / "day=1", _ROWS)
    said = [{**row, "timestamp": row["timestamp"].isoformat()} for row in _ROWS]
    (at / "usage.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in said))
    lines = [",".join(said[0]), *(",".join(map(str, row.values())) for row in said)]
    (at / "usage.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    (at / "_temporary.parquet").write_bytes(b"PAR1 half")
    (at / "notes.md").write_text("no usage")
    return at


def test_a_folder_is_the_files_of_usage_in_it(catalog: Snapshot, now: datetime, tmp_path: Path) -> None:
    files = found_files([str(_folder(tmp_path))])
    assert [file.name for file in files] == ["usage.parquet", "usage.csv.gz", "usage.ndjson"]
    whole = bill_of_files(files, catalog, now, Grouping(("model",)), Delivery())
    answer = by_file(plain(told(whole, catalog, now)), files)
    assert answer["lines"] == 9
    assert Decimal(str(answer["priced_usd"])) == 3 * _USD
    faults = [(Path(fault["file"]).name, fault["line"]) for fault in answer["malformed_lines"]]
    assert faults == [("usage.parquet", 3), ("usage.csv.gz", 4), ("usage.ndjson", 3)]


def test_what_a_folder_says_is_a_label_of_its_lines(catalog: Snapshot, now: datetime, tmp_path: Path) -> None:
    for day in (1, 2):
        folder = tmp_path / f"day={day}" / "provider=anthropic"
        folder.mkdir(parents=True)
        row = {"timestamp": _AT.isoformat(), "model": "claude-haiku-4-5", "input_tokens": 1000}
        (folder / "usage.ndjson").write_text(f"{json.dumps(row)}\n{json.dumps({**row, 'labels': {'day': 'own'}})}\n")
    files = found_files([str(tmp_path)])
    whole = bill_of_files(files, catalog, now, Grouping(("provider", "label.day")), Delivery())
    groups = {(total.group["provider"], total.group["label.day"]): total.lines for total in whole.totals.values()}
    assert groups == {("anthropic", "1"): 1, ("anthropic", "2"): 1, ("anthropic", "own"): 2}
    assert whole.inferred_lines == 0  # the folder names the provider


def test_a_pattern_names_its_files_and_one_that_names_none_is_refused(tmp_path: Path) -> None:
    _folder(tmp_path)
    assert [file.name for file in found_files([f"{tmp_path}/*.ndjson"])] == ["usage.ndjson"]
    with pytest.raises(Malformed, match="no file of usage"):
        found_files([f"{tmp_path}/*.orc"])


def test_what_begins_as_parquet_and_is_none_is_refused(catalog: Snapshot, now: datetime, tmp_path: Path) -> None:
    _folder(tmp_path)
    with pytest.raises(Malformed, match="no Parquet"):
        bill_of_files([tmp_path / "_temporary.parquet"], catalog, now, Grouping(()), Delivery())


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_one_damaged_line_in_a_hundred_costs_itself_alone(
    catalog: Snapshot, now: datetime, tmp_path: Path, kind: str
) -> None:
    rows = [{**_ROWS[0], "timestamp": _AT.isoformat(), "input_tokens": n} for n in range(1, 1201)]
    head = [] if kind == "ndjson" else [",".join(rows[0]).encode()]
    lines = head + [
        (json.dumps(row) if kind == "ndjson" else ",".join(map(str, row.values()))).encode() for row in rows
    ]
    damaged = random.Random(len(kind)).sample(range(len(head), len(lines)), len(rows) // 100)
    kinds = (lambda line: line[:25], lambda line: line.replace(b"anthropic", b"\xff\xfe"), lambda line: b'{"' + line)
    for place, line in enumerate(damaged):
        lines[line] = kinds[place % 3](lines[line])
    (tmp_path / f"usage.{kind}").write_bytes(b"\n".join(lines) + b"\n")
    whole = bill_of_files(found_files([str(tmp_path)]), catalog, now, Grouping(()), Delivery())
    answer = plain(told(whole, catalog, now))
    assert sorted(fault["line"] for fault in answer["malformed_lines"]) == sorted(line + 1 for line in damaged)
    rest = [rows[line - len(head)] for line in range(len(head), len(lines)) if line not in damaged]
    usd = sum(row["input_tokens"] + 5 * row["output_tokens"] for row in rest) * Decimal("1e-6")
    assert (answer["priced_lines"], Decimal(str(answer["priced_usd"]))) == (len(rest), usd)
