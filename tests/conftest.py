"""What every test may ask for: the bundled catalogue, read once, and an empty database of its own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from mlquote.catalog.snapshot import Snapshot
from mlquote.store.engine import open_engine
from mlquote.store.files import bundled_folder, snapshot_from_files

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("exploring", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("MLQUOTE_TEST_HYPOTHESIS", "repeatable"))

collect_ignore = [] if os.environ.get("MLQUOTE_TEST_PAGES") else ["pages"]
"""The pages in a browser are .ci/page's to run: it installs what they need."""
POSTGRES_URL = os.environ.get("MLQUOTE_TEST_POSTGRES_URL", "")
DATABASES = ["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"]


@pytest.fixture(scope="session")
def catalog() -> Snapshot:
    """The snapshot of pricing_data/ as committed."""
    return snapshot_from_files(bundled_folder())


@pytest.fixture
def now() -> datetime:
    """A fixed clock, later than every row of the bundled release begins."""
    return datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: a file in `folder`, or one on the PostgreSQL server that is dropped again."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'mlquote.sqlite3'}"
        return
    name = f"mlquote_{uuid.uuid4().hex[:12]}"
    server = open_engine(POSTGRES_URL).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of its own."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on that database; the schema is not there yet."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
