"""Which of our sellers, models and machines another table means."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from mlquote.catalog.intervals import holds
from mlquote.catalog.snapshot import Snapshot, letters


class SoldHere:
    """What every seller sells here, models and machines, by the ids and the other names that a release knows."""

    def __init__(self, catalog: Snapshot, when: datetime) -> None:
        """Ids of the prices that hold at `when`, and the aliases of models and parts that hold then."""
        self._ids: dict[str, dict[str, str]] = defaultdict(dict)
        self._aliases: dict[str, dict[str, str]] = defaultdict(dict)
        self._pages: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._machines: dict[tuple[str, str], tuple[str, int]] = {}
        self._parts = {letters(row.id): row.id for row in catalog.rows("accelerators")}
        for row in catalog.effective("token_prices", when):
            self._ids[row.provider][row.model.casefold()] = row.model
            self._pages[row.provider][row.source_url] += 1
        for row in catalog.effective("rental_prices", when):
            self._machines[row.provider, row.sku.casefold()] = row.accelerator, row.accelerator_count
            if row.provider not in self._ids:
                self._pages[row.provider][row.source_url] += 1
        for alias in catalog.rows("aliases"):
            if alias.kind == "token_model" and holds(alias, when):
                self._aliases[alias.scope][alias.alias.casefold()] = alias.target
            elif alias.kind == "accelerator" and holds(alias, when):
                self._parts.setdefault(letters(alias.alias.casefold()), alias.target)

    def sells(self, provider: str) -> bool:
        """Whether any price of this seller's models is held."""
        return provider in self._ids

    def models(self, provider: str) -> Iterator[str]:
        """The ids under which this seller's prices are held, sorted."""
        return iter(sorted(self._ids.get(provider, {}).values()))

    def named(self, provider: str, name: str) -> str | None:
        """The id that another table's name means, its leading path taken off step by step; None where none does."""
        for spelling in _paths(name):
            known = self._ids[provider].get(spelling) or self._aliases[provider].get(spelling)
            if known:
                return known
        return None

    def id_of(self, provider: str, name: str) -> str | None:
        """The id that is spelt like another table's name; no alias is followed."""
        return next((self._ids[provider][path] for path in _paths(name) if path in self._ids[provider]), None)

    def machine(self, provider: str, sku: str) -> tuple[str, int] | None:
        """The part and the count in a seller's machine of that name; None of one that is not held."""
        return self._machines.get((provider, sku.casefold()))

    def part(self, name: str) -> str | None:
        """The part that a name means, whatever its case, spaces and hyphens."""
        return self._parts.get(letters(name.casefold()))

    def page(self, provider: str) -> str:
        """The price page that most of this seller's rows name; "" of a seller that is not held."""
        pages: Mapping[str, int] = self._pages.get(provider, {})
        return max(sorted(pages), key=lambda url: pages[url], default="")


def _paths(name: str) -> Iterator[str]:
    left = name.casefold()
    while left:
        yield left
        _, _, left = left.partition("/")
