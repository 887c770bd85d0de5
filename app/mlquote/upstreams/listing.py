"""One version of another table, as the facts it lists in our own keys, and what of it we could not read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mlquote.catalog.tables import TABLE

FIGURE: Mapping[str, str] = {
    "token_prices": "usd",
    "model_lifecycles": "retired_on",
    "rental_prices": "usd_per_hour",
    "grid_intensity": "gco2e_per_kwh",
}
"""The column of a table that an upstream's figure is compared with."""

UNIT: Mapping[str, str] = {"rental_prices": " $/h", "grid_intensity": " g/kWh"}
"""What follows a printed figure of a table; prices of tokens name their unit in their key."""

Figure = Decimal | float | date


@dataclass(frozen=True, slots=True)
class Upstream:
    """Which table, in which version, as of which day: "litellm 1.110.2" of 2026-11-24."""

    lineage: str
    """Who keeps it; two versions of one table are one lineage and never agree with themselves."""
    version: str
    day: date

    @property
    def name(self) -> str:
        """As `read_from` and `checked_on` of a row name it."""
        return f"{self.lineage} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Listed:
    """One fact as an upstream lists it: our table and key, its figure, and what else a new row of it would say."""

    table: str
    key: tuple[Any, ...]
    figure: Figure
    source_url: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, tuple[Any, ...]]:
        """What identifies the fact over all tables."""
        return self.table, self.key

    @property
    def named(self) -> dict[str, Any]:
        """The key by its columns."""
        return dict(zip(TABLE[self.table].key, self.key, strict=True))


@dataclass(frozen=True, slots=True)
class Listing:
    """All that one upstream lists, each fact once; and by reason what was not read of it."""

    upstream: Upstream
    facts: Mapping[tuple[str, tuple[Any, ...]], Listed]
    unread: Mapping[str, int]


class Draft:
    """A listing while it is read: facts go in, what cannot be read is counted by its reason."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._facts: dict[tuple[str, tuple[Any, ...]], Listed] = {}
        self._disputed: set[tuple[str, tuple[Any, ...]]] = set()
        self.unread: Counter[str] = Counter()

    def add(self, fact: Listed) -> None:
        """A fact; one that the same table lists with two figures is no fact, and counted."""
        known = self._facts.get(fact.place)
        if known is not None and known.figure != fact.figure:
            self._disputed.add(fact.place)
        self._facts.setdefault(fact.place, fact)

    def listing(self, upstream: Upstream) -> Listing:
        """What was read, sorted, without the facts that the table itself disputes."""
        if self._disputed:
            self.unread["listed twice with different figures"] += len(self._disputed)
        facts = {place: self._facts[place] for place in sorted(self._facts, key=str) if place not in self._disputed}
        return Listing(upstream, facts, dict(sorted(self.unread.items())))
