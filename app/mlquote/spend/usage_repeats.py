"""The same answer twice in a log: found by its id, within as many calls as fit in a small memory."""

from collections.abc import Hashable
from enum import Enum

MOST_REMEMBERED = 80_000
"""Answers that are remembered; the repeats of real logs (retries, a transcript's replay) stand nearer than this."""

_ID_BITS, _USAGE_BITS = 2**60 - 1, 2**30 - 1
"""What of a hash is kept: as much as the smaller integers hold, 15 MB for all that is remembered."""


class Seen(Enum):
    """What is known of an answer's id."""

    NEW = "new"
    SAME = "same"
    """The same answer, with the same usage: it was paid once."""
    OTHER = "other"
    """The same id with other usage: which of them was paid is not known."""


class Repeats:
    """The ids of the answers of a log, the latest MOST_REMEMBERED of them at least.

    Two halves, the older let go whole: taking the oldest out of one dictionary again and again searches ever longer for
    it.
    """

    def __init__(self) -> None:
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self.forgot = False
        """Whether some id was forgotten to make room."""

    def seen(self, answer_id: str, usage: Hashable) -> Seen:
        """Whether an answer of this id was billed already, and with the same usage."""
        key, what = hash(answer_id) & _ID_BITS, hash(usage) & _USAGE_BITS
        known = self._young.get(key)
        if known is None:
            known = self._old.get(key)
        if known is not None:
            return Seen.SAME if known == what else Seen.OTHER
        if len(self._young) >= MOST_REMEMBERED:
            self.forgot = self.forgot or bool(self._old)
            self._old, self._young = self._young, {}
        self._young[key] = what
        return Seen.NEW
