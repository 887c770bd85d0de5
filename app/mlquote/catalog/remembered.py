"""What was worked out before: one bounded memory, for every room that would keep a dictionary of its own.

A memory holds so many values; then all are let go and worked out anew. That is cheaper than remembering which was used
last, and no question of today's has more than a few hundred different ones.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
P = TypeVar("P")
V = TypeVar("V")

MOST_REMEMBERED = 4096


class Memory(dict[K, V], Generic[K, V]):
    """`memory[key]` is `build(key)`, worked out on first asking; a hit costs what a dictionary's hit costs."""

    def __init__(
        self, build: Callable[[K], V], most: int = MOST_REMEMBERED, keeps: Callable[[K], bool] | None = None
    ) -> None:
        """Keep at most `most` (> 0) values of `build`, which must give equal keys equal values.

        Args: keeps: which keys are kept at all, where a stranger chooses how large they are; default: every one
        """
        super().__init__()
        self._build, self._most, self._keeps = build, most, keeps

    def __missing__(self, key: K) -> V:
        value = self._build(key)
        if self._keeps is not None and not self._keeps(key):
            return value
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


class MemoryOfThese(Generic[P, V]):
    """What follows from these very objects: asked by which they are, not by what they hold, which would be read anew.

    They must never change. They are kept alive beside their value, so that no other object can take their place.
    """

    def __init__(self, build: Callable[[tuple[P, ...]], V], most: int = MOST_REMEMBERED) -> None:
        """Keep at most `most` (> 0) values of `build`."""
        self._held: dict[tuple[int, ...], tuple[tuple[P, ...], V]] = {}
        self._build, self._most = build, most

    def of(self, *these: P) -> V:
        """`build(these)`, worked out once."""
        key = tuple(map(id, these))
        known = self._held.get(key)
        if known is None:
            if len(self._held) >= self._most:
                self._held.clear()
            known = self._held[key] = (these, self._build(these))
        return known[1]
