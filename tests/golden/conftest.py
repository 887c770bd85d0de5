"""One service for all golden questions, on each database."""

from collections.abc import Iterator

import pytest

from tests.conftest import DATABASES, empty_database
from tests.golden.service import Service, service_on


@pytest.fixture(scope="module", params=DATABASES)
def golden_service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on SQLite, and on PostgreSQL where there is one."""
    with empty_database(request.param, tmp_path_factory.mktemp("golden")) as url, service_on(url) as found:
        yield found
