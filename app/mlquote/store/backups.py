"""Backups: all that is kept, as one SQLite file with a digest of each table, whichever database it came from.

One form for both databases can be looked into with any SQLite, and moves from one to the other. SQLite is copied by its
own online backup, PostgreSQL row by row in one transaction that sees one state: writers go on beside both. The price is
that a PostgreSQL backup takes our tables and nothing else (no roles, no settings); for those there is pg_dump.

A file stands under its name only when it is whole; a restore is one transaction of the target, so a database holds what
it held or what the backup holds, whatever is killed in between.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, insert, inspect, select, text

from mlquote.kit.errors import Conflict, Fault, Malformed, Unavailable
from mlquote.store.audit import COMMAND_LINE, note
from mlquote.store.digests import Digests, raw_digests, typed_digests, whole_digest
from mlquote.store.engine import alembic_config, migrate, open_engine, reachable, reading, writing
from mlquote.store.rate_cards import rate_card_versions
from mlquote.store.tables import metadata
from mlquote.store.usage_tables import PASSING

__all__ = ["Manifest", "back_up", "restore", "verify"]

_CHUNK = 1000
_LOCKED_SECONDS = 30.0
_TABLES = [table for table in metadata.sorted_tables if table not in {rate_card_versions, *PASSING}] + [
    rate_card_versions
]
"""Every table of ours, those that others point to first."""
_SERIALS = ("budgets", "ledger_entries", "audit_entries")
_MANIFEST = "CREATE TABLE backup_manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
_DIGESTS = "CREATE TABLE backup_digests (table_name TEXT PRIMARY KEY, row_count INTEGER NOT NULL, digest TEXT NOT NULL)"
_OURS = ("backup_manifest", "backup_digests")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    revision: str
    tables: int
    rows: int
    digest: str
    """Of every row of every table."""


def back_up(engine: Engine, file: Path, *, now: datetime, replace: bool = False) -> Manifest:
    """Write a backup, readable by its owner alone; under its name it is whole or not there.

    Raises: Conflict where the file exists and is not to be replaced; Unavailable
    """
    if file.exists() and not replace:
        raise Conflict(f"{file} exists", hint="name another file, or --replace it")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if engine.dialect.name == "sqlite":
        _copy_file(engine, part)
    else:
        _copy_rows_to(engine, part)
    manifest = _sealed(part, now)
    os.replace(part, file)
    _synced(file.parent)
    return manifest


def verify(file: Path) -> Manifest:
    """What a backup holds, every row of it read and digested again.

    Raises: Malformed for what is no backup, or no longer the one that was made, each table at fault named
    """
    if not file.is_file():
        raise Malformed(f"no backup at {file}")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as kept:
            said = dict(kept.execute("SELECT name, value FROM backup_manifest").fetchall())
            sealed = {name: (rows, digest) for name, rows, digest in kept.execute("SELECT * FROM backup_digests")}
            found = raw_digests(kept, without=_OURS)
    except sqlite3.DatabaseError as error:
        raise Malformed(f"{file} is no whole backup: {error}") from error
    wrong = [name for name in sorted(sealed.keys() | found.keys()) if sealed.get(name) != found.get(name)]
    if wrong or said.get("digest") != whole_digest(found):
        faults = [Fault(name, f"{name} is not as it was when the backup was made") for name in wrong]
        raise Malformed(f"{file} is damaged", faults=faults)
    return Manifest(said["made_at"], said["revision"], len(found), sum(n for n, _ in found.values()), said["digest"])


def restore(engine: Engine, file: Path, *, now: datetime, replace: bool = False) -> Manifest:
    """Make the database what a backup holds, brought to the schema of this version, in one transaction.

    Raises: Malformed for a damaged backup; Conflict where the database holds anything and is not to be replaced, or the
            backup is of a newer version; Unavailable
    """
    manifest = verify(file)
    if not replace and _holds_anything(engine):
        raise Conflict("the database is not empty", hint="--replace to lose what it holds")
    with _prepared(file) as work:
        if engine.dialect.name == "sqlite":
            _note_restored(work, manifest, now)
            _copy_back(work, engine)
        else:
            _copy_rows_back(work, engine, manifest, now)
    return manifest


def _copy_file(engine: Engine, part: Path) -> None:
    database = engine.url.database
    if not database or not Path(database).is_file():
        raise Unavailable(f"no database at {database}", hint="MLQUOTE_DATABASE_URL")
    with reachable(), _raw(engine) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def _copy_rows_to(engine: Engine, part: Path) -> None:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    target = open_engine(f"sqlite:///{part}")
    try:
        migrate(target)
        with reading(engine) as source, target.begin() as written:
            found = source.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            if found != head:
                raise Conflict(f"the schema is at {found}, this version's at {head}", hint="start this version once")
            _copy_rows(source, written)
        with _raw(target) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.dispose()


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in _TABLES:
        rows = source.execute(select(table), execution_options={"yield_per": _CHUNK})
        for piece in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in piece])


def _sealed(part: Path, now: datetime) -> Manifest:
    """The digests written into the file itself, and all of it on the disk."""
    with closing(sqlite3.connect(part)) as kept:
        found = raw_digests(kept)
        revision = kept.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        rows, digest = sum(n for n, _ in found.values()), whole_digest(found)
        said = {"made_at": now.isoformat(), "revision": revision, "digest": digest}
        with kept:
            kept.execute(_MANIFEST)
            kept.execute(_DIGESTS)
            kept.executemany("INSERT INTO backup_manifest VALUES (?, ?)", said.items())
            kept.executemany("INSERT INTO backup_digests VALUES (?, ?, ?)", [(n, *d) for n, d in found.items()])
    _synced(part)
    return Manifest(said["made_at"], revision, len(found), rows, digest)


@contextmanager
def _prepared(file: Path) -> Iterator[Engine]:
    """A copy of a backup without its seal, at the schema of this version."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "work.sqlite3"
        shutil.copyfile(file, copy)
        with closing(sqlite3.connect(copy)) as kept, kept:
            for name in _OURS:
                kept.execute(f"DROP TABLE {name}")
        work = open_engine(f"sqlite:///{copy}")
        try:
            migrate(work)
            yield work
        except CommandError as error:
            raise Conflict(f"the backup is of another version: {error}", hint="restore it with that version") from error
        finally:
            work.dispose()


def _copy_back(work: Engine, engine: Engine) -> None:
    """SQLite's backup into the target is one transaction of its own."""
    until = monotonic() + _LOCKED_SECONDS

    def waited(_status: int, _left: int, _all: int) -> None:
        if monotonic() > until:
            raise Unavailable(f"the database was locked for {_LOCKED_SECONDS:g} s", hint="stop what writes to it")

    with reachable(), _raw(work) as source, _raw(engine) as target:
        source.backup(target, progress=waited, sleep=0.05)
        _agreeing(raw_digests(source), raw_digests(target))


def _copy_rows_back(work: Engine, engine: Engine, manifest: Manifest, now: datetime) -> None:
    with writing(engine, "migrate") as target, reading(work) as source:
        for name in inspect(target).get_table_names():
            target.execute(text(f'DROP TABLE "{name}" CASCADE'))
        target.execute(text("DROP FUNCTION IF EXISTS mlquote_append_only() CASCADE"))
        command.upgrade(alembic_config(target), "head")
        _copy_rows(source, target)
        for name in _SERIALS:
            top = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"
            target.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {top}, false)"))
        _agreeing(typed_digests(source, _TABLES), typed_digests(target, _TABLES))
        _note(target, manifest, now)


def _agreeing(wanted: Digests, found: Digests) -> None:
    """Raise Unavailable, and so undo what is still to be undone, where a table was not restored as it is."""
    wrong = [name for name in wanted if wanted[name] != found.get(name)]
    if wrong:
        raise Unavailable(f"not restored as backed up: {', '.join(wrong)}")


def _holds_anything(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return False
    with reading(engine) as connection:
        there = set(inspect(connection).get_table_names())
        return any(connection.execute(select(1).select_from(t).limit(1)).first() for t in _TABLES if t.name in there)


def _note_restored(work: Engine, manifest: Manifest, now: datetime) -> None:
    with work.begin() as connection:
        _note(connection, manifest, now)


def _note(connection: Connection, manifest: Manifest, now: datetime) -> None:
    told: Mapping[str, Any] = {"made_at": manifest.made_at, "digest": manifest.digest}
    note(connection, "restore", f"backup:{manifest.digest[:12]}", now=now, by=COMMAND_LINE, after=told)


@contextmanager
def _raw(engine: Engine) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection of an engine."""
    held = engine.raw_connection()
    try:
        driver: Any = held.driver_connection
        yield driver
    finally:
        held.close()


def _synced(path: Path) -> None:
    """On the disk, not only written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
