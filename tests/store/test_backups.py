"""Backups of both databases: exact, consistent under writes, whole or not there, and restored whole or not at all."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from mlquote.kit.errors import Conflict, Malformed, Unavailable
from mlquote.spend.reservations import Request
from mlquote.store.api_keys import create_key, verified
from mlquote.store.audit import Wanted, written
from mlquote.store.backups import _TABLES, back_up, restore, verify
from mlquote.store.budgets import put_budget
from mlquote.store.corrections import correct
from mlquote.store.digests import typed_digests
from mlquote.store.engine import migrate, open_engine, reading
from mlquote.store.ledger import audit, page
from mlquote.store.rate_cards import put_card
from mlquote.store.releases import import_folder, load_snapshot
from mlquote.store.reservations import reserve, settle
from tests.conftest import DATABASES, empty_database
from tests.store.asking import asking, budget
from tests.store.sample import token_price, write

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
TINY = Decimal("0.000000000000000000000000000000000123456789012345678901234567890123456789")
DOLLARS = (Decimal("9.10"), TINY, Decimal("1E+1"))


@pytest.fixture
def full(engine: Engine, tmp_path: Path) -> Engine:
    """A database with something of everything, exact to its last digit."""
    migrate(engine)
    import_folder(
        engine, write(tmp_path / "a", token_prices=[token_price(model=f"m-{n}") for n in range(300)]), now=NOW
    )
    put_budget(engine, "team", budget(100), now=NOW, by="test")
    held = [reserve(engine, "team", asking(usd), Request("test", NOW), labels={}) for usd in DOLLARS]
    settle(engine, "team", held[0]["reservation"]["id"], {"cost_usd": TINY}, Request("test", NOW, "once", "d"))
    correct(engine, "team", held[0]["reservation"]["id"], {"cost_usd": Decimal("7.00")}, "Zürich", Request("test", NOW))
    put_card(engine, "acme", '{"rules": []}', "d", now=NOW, by="test")
    return engine


@contextmanager
def another(kind: str, folder: Path) -> Iterator[Engine]:
    """An empty database."""
    folder.mkdir()
    with empty_database(kind, folder) as url:
        opened = open_engine(url)
        yield opened
        opened.dispose()


def kept(engine: Engine):
    with reading(engine) as connection:
        return typed_digests(connection, _TABLES) | {"audit_entries": ()}


@pytest.mark.parametrize("target", DATABASES)
def test_a_backup_of_either_database_is_restored_to_either_exactly(full: Engine, target: str, tmp_path: Path) -> None:
    file = tmp_path / "mlquote.backup"
    _, secret = create_key(full, "ci", ["read"], now=NOW, by="test")
    made = back_up(full, file, now=NOW)
    assert verify(file) == made and made.rows > 300
    assert not file.with_name("mlquote.backup.part").exists() and file.stat().st_mode & 0o077 == 0
    with another(target, tmp_path / "target") as fresh:
        assert restore(fresh, file, now=NOW) == made
        assert kept(fresh) == kept(full)
        assert written(fresh, Wanted(), 99)[:-1] == written(full, Wanted(), 99)
        assert written(fresh, Wanted(subject="backup"), 9)[0]["after"]["digest"] == made.digest
        assert page(fresh, "team") == page(full, "team")
        assert {row["central"] for row in page(fresh, "team")} >= {TINY, TINY.copy_negate()}
        report = audit(fresh, "team")
        assert report["is_balanced"] and report["agrees_with_balances"]
        assert verified(fresh, secret, NOW).name == "ci"
        assert load_snapshot(fresh).release == load_snapshot(full).release
        put_budget(fresh, "new", budget(), now=NOW, by="test")  # ids go on where they were
        assert reserve(fresh, "new", asking(1), Request("test", NOW), labels={})["verdict"] == "pass"


def test_the_restored_ledger_is_as_append_only_as_before(full: Engine, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "mlquote.backup"
    back_up(full, file, now=NOW)
    for kind in DATABASES:
        with another(kind, tmp_path / kind) as fresh:
            restore(fresh, file, now=NOW)
            for table in ("ledger_entries", "audit_entries", "budget_versions"):
                with pytest.raises(Exception, match="append-only"), fresh.begin() as connection:
                    connection.execute(text(f"DELETE FROM {table}"))


def test_a_database_that_holds_anything_is_replaced_only_when_told(full: Engine, tmp_path: Path) -> None:
    file = tmp_path / "mlquote.backup"
    made = back_up(full, file, now=NOW)
    put_budget(full, "later", budget(), now=NOW, by="test")
    with pytest.raises(Conflict, match="not empty"):
        restore(full, file, now=NOW)
    assert "later" in str(written(full, Wanted(), 99))
    assert restore(full, file, now=NOW, replace=True) == made
    assert "later" not in str(written(full, Wanted(), 99))
    with pytest.raises(Conflict, match="exists"):
        back_up(full, file, now=NOW)
    assert back_up(full, file, now=NOW, replace=True).rows == made.rows + 1, "the log tells of the restore"


def test_damage_is_found_and_nothing_is_restored_of_it(full: Engine, tmp_path: Path) -> None:
    file = tmp_path / "mlquote.backup"
    back_up(full, file, now=NOW)
    with closing(sqlite3.connect(file)) as damaged, damaged:
        damaged.execute("UPDATE budgets SET body = replace(body, '100', '900')")
    with pytest.raises(Malformed) as error:
        verify(file)
    assert [fault.pointer for fault in error.value.faults] == ["budgets"]
    with another(DATABASES[-1], tmp_path / "target") as fresh:
        with pytest.raises(Malformed):
            restore(fresh, file, now=NOW)
        with pytest.raises(Unavailable):
            kept(fresh)
    for broken in (file.read_bytes()[:5000], b"", b"SQLite format 3\0" + b"x" * 4000):
        (tmp_path / "broken").write_bytes(broken)
        with pytest.raises(Malformed):
            verify(tmp_path / "broken")
    with pytest.raises(Malformed):
        verify(tmp_path / "nowhere")


def test_a_backup_of_a_newer_version_is_refused(full: Engine, tmp_path: Path) -> None:
    with full.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if full.dialect.name == "postgresql":
        with pytest.raises(Conflict, match="9999"):
            back_up(full, tmp_path / "b", now=NOW)
        return
    back_up(full, tmp_path / "b", now=NOW)
    with another("sqlite", tmp_path / "target") as fresh, pytest.raises(Conflict, match="another version"):
        restore(fresh, tmp_path / "b", now=NOW)


def test_a_backup_of_an_older_version_is_restored_to_the_schema_of_this_one(engine: Engine, tmp_path: Path) -> None:
    if engine.dialect.name == "postgresql":
        return  # a PostgreSQL backup is made at the schema of its own version
    migrate(engine, "0016")
    back_up(engine, tmp_path / "b", now=NOW)
    for kind in DATABASES:
        with another(kind, tmp_path / kind) as fresh:
            restore(fresh, tmp_path / "b", now=NOW)
            put_budget(fresh, "team", budget(), now=NOW, by="test")


def test_a_backup_under_writes_holds_one_state(engine: Engine, database_url: str, tmp_path: Path) -> None:
    migrate(engine)
    put_budget(engine, "team", budget(10_000), now=NOW, by="test")
    command = [sys.executable, "-m", "tests.store.reserving", database_url, "team", "1", "100"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        states = []
        for turn in range(4):
            back_up(engine, tmp_path / f"b{turn}", now=NOW)
            with another("sqlite", tmp_path / f"t{turn}") as fresh:
                restore(fresh, tmp_path / f"b{turn}", now=NOW)
                report = audit(fresh, "team")
            assert report["is_balanced"] and report["agrees_with_balances"]
            states.append(report["entries"])
        assert writer.wait(60) == 0
    assert states == sorted(states) and states[0] < states[-1]


DOES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mlquote.store import backups
from mlquote.store.engine import open_engine
print("now", flush=True)
do = backups.back_up if sys.argv[1] == "back_up" else backups.restore
do(open_engine(sys.argv[2]), Path(sys.argv[3]), now=datetime.now(UTC), replace=True)
"""


@pytest.mark.parametrize("what", ["back_up", "restore"])
def test_whatever_is_killed_midway_leaves_the_old_or_the_new_and_never_half(
    full: Engine, database_url: str, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "mlquote.backup"
    back_up(full, file, now=NOW)
    put_budget(full, "later", budget(), now=NOW, by="test")
    before = kept(full)
    seen = set()
    for wait_s in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8):
        command = [sys.executable, "-c", DOES, what, database_url, str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ) as doing:
            assert doing.stdout is not None
            doing.stdout.readline()
            time.sleep(wait_s)
            doing.send_signal(signal.SIGKILL)
        verify(file)
        report = audit(full, "team")
        assert report["is_balanced"] and report["agrees_with_balances"]
        seen.add("old" if kept(full) == before else "new")
        if what == "restore" and "new" in seen:
            assert "later" not in str(written(full, Wanted(), 99)) and load_snapshot(full)
    assert seen <= ({"old"} if what == "back_up" else {"old", "new"})
