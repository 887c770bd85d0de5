"""kill -9 in the middle of an import: the last release answers on, and the import completes when run again."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mlquote.store.engine import migrate
from mlquote.store.releases import import_folder, load_snapshot
from tests.store.sample import token_price, write

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

STOPS_AFTER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from mlquote.store.engine import open_engine
from mlquote.store.releases import import_folder
engine = open_engine(sys.argv[1])
seen = 0
def wait(conn, cursor, text, parameters, context, executemany):
    global seen
    seen += text.startswith("INSERT")
    if seen == int(sys.argv[3]):
        print("now", flush=True)
        time.sleep(60)
event.listen(engine, "before_cursor_execute", wait)
import_folder(engine, Path(sys.argv[2]), now=datetime.now(UTC))
"""


@pytest.mark.parametrize("statement", [1, 2, 3, 4])
def test_a_killed_import_leaves_the_last_release_and_completes_when_run_again(
    engine: Engine, database_url: str, tmp_path: Path, statement: int
) -> None:
    migrate(engine)
    before = import_folder(engine, write(tmp_path / "a", token_prices=[token_price()]), now=NOW).release
    many = [token_price(model=f"acme-{n}") for n in range(700)]
    newer = write(tmp_path / "b", published_on="2026-11-24", token_prices=many)
    command = [sys.executable, "-c", STOPS_AFTER, database_url, str(newer), str(statement)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."}) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "now\n"
        importer.send_signal(signal.SIGKILL)
    assert load_snapshot(engine).release == before
    started = time.monotonic()
    assert import_folder(engine, newer, now=NOW).is_new
    assert time.monotonic() - started < 30
    assert len(load_snapshot(engine).rows("token_prices")) == 700
