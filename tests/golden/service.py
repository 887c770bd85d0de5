"""The service that the golden questions are put to: one database, one clock, keys as the questions need them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client


class Service(Client):
    """A client of the whole application that can make its own keys and knows what release answers."""

    def key(self, scopes: Sequence[str]) -> dict[str, str]:
        """The header of a fresh key with these scopes."""
        _, text = create_key(self.app.state.engine, "golden", scopes, now=NOW, by="golden")
        return {"authorization": f"Bearer {text}"}

    @property
    def release(self) -> str:
        """The release that answers."""
        found: str = self.app.state.snapshots.current.release.id
        return found


@contextmanager
def service_on(database_url: str) -> Iterator[Service]:
    """The service on an empty database, with the bundled catalogue."""
    app = create_app(Settings(database_url=database_url), now=lambda: NOW)
    try:
        yield Service(app)
    finally:
        app.state.workbench.close()
        app.state.desks.close(wait=True)
        app.state.engine.dispose()
