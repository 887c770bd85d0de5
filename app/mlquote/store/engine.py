"""The database: SQLite by default, PostgreSQL by its address; opened, migrated, and locked for writing."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mlquote.kit.errors import Unavailable

_log = logging.getLogger("mlquote.store")

__all__ = [
    "Engine",
    "alembic_config",
    "downgrade",
    "migrate",
    "migrated",
    "open_engine",
    "reading",
    "writable",
    "writing",
]

_LOCKS = {
    "migrate": 7_305_001,
    "publish": 7_305_002,
    "rate_cards": 7_305_003,
    "usage_jobs": 7_305_004,
    "otlp": 7_305_005,
}
"""PostgreSQL advisory locks, one for each thing that may happen once at a time."""


def open_engine(database_url: str) -> Engine:
    """An engine on `database_url`; nothing is connected yet.

    SQLite runs in WAL mode (readers never wait) with full synchronisation, and every write transaction takes the
    write lock when it begins, so two writers queue instead of failing half-way. Its connections are kept: closing the
    last one would write the whole log back into the database, 10 ms after every request.
    """
    if database_url.startswith("sqlite"):
        engine = create_engine(database_url, pool_size=5, max_overflow=20)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        _psycopg(database_url), pool_pre_ping=True, pool_size=5, max_overflow=10, connect_args={"connect_timeout": 5}
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database and writes nothing.

    Raises: Unavailable when the database cannot be reached.
    """
    options: dict[str, Any]
    if engine.dialect.name == "sqlite":
        options = {"mlquote_read": True}
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with reachable(), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, lock: str) -> Iterator[Connection]:
    """A transaction that nobody else with the same `lock` ("migrate", "publish") runs beside.

    Raises: Unavailable when the database cannot be reached.
    """
    with reachable(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCKS[lock]})
        yield connection


def writable(engine: Engine) -> bool:
    """Whether budgets can be kept here: the database answers, is no standby, and lets us write to its ledger.

    Raises: Unavailable when it cannot be reached, or is not whole.
    """
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            return bool(connection.execute(text(_WRITABLE)).scalar())
        connection.execute(text("SELECT id FROM ledger_entries ORDER BY id DESC LIMIT 1")).all()
        connection.execute(text("SELECT id FROM releases LIMIT 1")).all()
    file = engine.url.database
    return not file or file == ":memory:" or os.access(file, os.W_OK)


_WRITABLE = "SELECT NOT pg_is_in_recovery() AND has_table_privilege('ledger_entries', 'INSERT')"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision` in one transaction; several processes at once do it once."""
    with writing(engine, "migrate") as connection:
        command.upgrade(alembic_config(connection), revision)


@contextmanager
def migrated(database_url: str) -> Iterator[Engine]:
    """The database at `database_url`, its schema up to date, closed at the end."""
    engine = open_engine(database_url)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to `revision` in one transaction."""
    with writing(engine, "migrate") as connection:
        command.downgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the migrations that this installation carries."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    config = Config()
    config.set_main_option("script_location", str(inside if inside.is_dir() else package.parent.parent / "migrations"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def reachable() -> Iterator[None]:
    """Raise Unavailable where the database cannot be reached, or is a standby, read-only, corrupt, or closed to us."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
        if isinstance(error, IntegrityError | DataError) or sqlstate in _RETRIABLE:
            raise
        _log.warning("the database cannot answer: %s", error)
        raise Unavailable(
            "the database cannot be reached or cannot answer", hint="the loaded release still answers quotes"
        ) from error


_RETRIABLE = frozenset({"40001", "40P01"})
"""PostgreSQL: serialisation failure, deadlock. Whoever wrote the transaction decides whether to run it again."""


def _psycopg(database_url: str) -> str:
    """postgres:// and postgresql:// mean psycopg 3 here."""
    for scheme in ("postgresql://", "postgres://"):
        if database_url.startswith(scheme):
            return "postgresql+psycopg://" + database_url.removeprefix(scheme)
    return database_url


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("mlquote_read", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
