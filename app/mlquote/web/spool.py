"""How many bytes of logs may lie in files of this process while they are read: a bound over all that come together."""

from collections.abc import Iterator
from contextlib import contextmanager

from mlquote.kit.errors import TooMany


class Spool:
    """The room that logs on their way share."""

    def __init__(self, most_bytes: int) -> None:
        """So many bytes, of all logs together."""
        self._left = most_bytes

    @contextmanager
    def room(self) -> Iterator["Share"]:
        """Share for one log, given back at the end."""
        room = Share(self)
        try:
            yield room
        finally:
            self._left += room.taken

    def take(self, size: int) -> None:
        """Take a piece of the room.

        Raises: TooMany where none is left
        """
        if size > self._left:
            raise TooMany("too many logs are on their way", hint="try again when some have been read")
        self._left -= size


class Share:
    """What one log has taken."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self.taken = spool, 0

    def take(self, size: int) -> None:
        """Make room for a further piece.

        Raises: TooMany where none is left
        """
        self._spool.take(size)
        self.taken += size
