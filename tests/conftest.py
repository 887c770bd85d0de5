"""What every test may ask for: the bundled catalogue, read once."""

from datetime import UTC, datetime

import pytest

from app.catalog.snapshot import Snapshot
from app.store.files import bundled_folder, snapshot_from_files


@pytest.fixture(scope="session")
def catalog() -> Snapshot:
    """The snapshot of pricing_data/ as committed."""
    return snapshot_from_files(bundled_folder())


@pytest.fixture
def now() -> datetime:
    """A fixed clock, later than every row of the bundled release begins."""
    return datetime(2026, 11, 23, 12, tzinfo=UTC)
