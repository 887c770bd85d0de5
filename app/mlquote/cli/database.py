"""This machine's own database, as a command opens it: which one it is stands on stderr, and reading makes none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlquote.kit.errors import Unavailable
from mlquote.settings import Settings
from mlquote.store.engine import Engine, migrated


@contextmanager
def own_database(*, makes: bool = False, url: str | None = None) -> Iterator[Engine]:
    """The database that the settings name, or the one at `url`, its schema up to date.

    Args:    makes: whether a file that is not there yet is made
    Raises:  Unavailable where there is none, and none may be made
    """
    url = url or Settings().database_url
    file = url.removeprefix("sqlite:///")
    if not makes and file != url and not Path(file).is_file():
        raise Unavailable(
            f"there is no database at {Path(file).absolute()}",
            pointer="MLQUOTE_DATABASE_URL",
            hint="go to the folder of the service, or name its database; keys create and catalog import make one",
        )
    with migrated(url) as engine:
        sys.stderr.write(f"database: {engine.url}\n")
        yield engine
