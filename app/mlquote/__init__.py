"""mlquote: what does this model cost, in dollars, energy and carbon, and in J(theta)?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlquote_client import Client


def local(database_url: str = "", *, api_key: str | None = None) -> "Client":
    """The client of a service that runs in this process: the same questions and answers, and nothing listens.

    Args:    database_url: whose budgets, rate cards and releases are meant; by default a database of its own, which is
             gone when the client is closed, with the bundled catalogue in it and a key that opens everything;
             api_key: a key of that database
    Raises:  ImportError where mlquote-client is not installed
    """
    from mlquote.inprocess import client  # what `import mlquote` alone need not wait for

    return client(database_url, api_key=api_key)
