"""How often callers asked, counted once for all replicas in a PostgreSQL database: one statement a request.

The table is kept out of the write-ahead log: a count is of no worth after a crash, and standbys have no use for it. It
is no part of the schema that migrations make, so any database may hold it, and no backup does.
"""

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from sqlalchemy import Connection, text

from mlquote.store.engine import open_engine

_TABLE = """
CREATE UNLOGGED TABLE IF NOT EXISTS mlquote_turns (caller text PRIMARY KEY, until double precision NOT NULL)
"""
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7305004)")
"""Two that make a table at once would fail in spite of IF NOT EXISTS."""
_TAKE = text("""
WITH moment AS (SELECT extract(epoch FROM clock_timestamp())::double precision AS now)
INSERT INTO mlquote_turns AS kept SELECT :caller, now + :each FROM moment
ON CONFLICT (caller) DO UPDATE SET until = greatest(kept.until, excluded.until - :each) + :each
WHERE greatest(kept.until - excluded.until + :each, 0) + :each <= :whole
RETURNING until - extract(epoch FROM clock_timestamp())::double precision
""")
_LOOK = text("""
SELECT until - extract(epoch FROM clock_timestamp())::double precision FROM mlquote_turns WHERE caller = :caller
""")
_TIDY = text("DELETE FROM mlquote_turns WHERE until < extract(epoch FROM clock_timestamp())::double precision - 60")
_TIDIED_EVERY_S = 60.0
_SLACK_S = 1e-3
"""A clock read twice, and seconds since 1970 in a double."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many turns at once, and a further one every so many seconds."""

    most: int
    each_s: float


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn as it was counted."""

    is_refused: bool
    remaining: int
    reset_s: float
    """Until all turns are there again."""
    retry_s: float
    """Until the next one is there, where it was refused; else 0."""


class SharedTurns:
    """The counts of one database; its clock is everybody's."""

    def __init__(self, database_url: str) -> None:
        """Nothing is connected yet."""
        self._engine = open_engine(database_url)
        self._making = Lock()
        self._is_made = False
        self._tidied = monotonic()

    def take(self, caller: str, rate: Rate) -> Taken:
        """Count a request of a caller, by GCRA (a leaky bucket as a meter, ITU-T I.371, as one moment a caller).

        Raises: sqlalchemy.exc.SQLAlchemyError where the database does not answer
        """
        self._make()
        with self._engine.begin() as connection:
            asked = {"caller": caller, "each": rate.each_s, "whole": rate.most * rate.each_s + _SLACK_S}
            left = connection.execute(_TAKE, asked).scalar()
            is_refused = left is None
            if is_refused:
                left = connection.execute(_LOOK, {"caller": caller}).scalar_one()
            self._tidy(connection)
        reset = max(0.0, float(left or 0.0))
        free = (rate.most * rate.each_s - reset + _SLACK_S) / rate.each_s
        retry = max(0.0, reset + rate.each_s - rate.most * rate.each_s) if is_refused else 0.0
        return Taken(is_refused, 0 if is_refused else max(0, int(free)), reset, retry)

    def _make(self) -> None:
        if self._is_made:
            return
        with self._making, self._engine.begin() as connection:
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(text(_TABLE))
            self._is_made = True

    def _tidy(self, connection: Connection) -> None:
        """Now and then, let go of callers who have all their turns."""
        if monotonic() - self._tidied > _TIDIED_EVERY_S:
            self._tidied = monotonic()
            connection.execute(_TIDY)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
