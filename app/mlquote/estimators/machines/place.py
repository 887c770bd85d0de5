"""Where a machine stands: provider, region and grid zone, each name resolved once into the catalogue's own."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Region
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import MOST_REMEMBERED, Finding, changes_of, spell_of
from mlquote.estimators.machines.market import Market
from mlquote.kit.errors import Malformed, unknown_name


@dataclass(frozen=True, slots=True)
class Place:
    """Ids of the catalogue; None is not said."""

    provider: str | None = None
    """Who rents the machine out, or whose data centre it stands in."""
    region: str | None = None
    """A region of that provider."""
    zone: str | None = None
    """A grid zone that the question names itself, before any that the region lies in."""


def place_of(
    catalog: Snapshot,
    when: datetime,
    *,
    provider: str | None = None,
    region: str | None = None,
    grid_zone: str | None = None,
) -> Finding[Place]:
    """The place that names mean at a moment, whatever their case or alias.

    Raises:  UnknownName for a provider, region or zone the catalogue does not know; Malformed for a region without a
             provider
    """
    if not (provider or region or grid_zone):
        return _NOWHERE
    return catalog.derived(_Places).place((provider, region, grid_zone), when)


def landlord(name: str, catalog: Snapshot, when: datetime) -> str:
    """The provider of machines that a name means: "google" sells tokens, and rents machines out as gcp."""
    machines = catalog.resolve("provider", name, when, scope="rental")
    return machines if machines != name.strip().casefold() else catalog.resolve("provider", name, when)


class _Places:
    """Who has machines, and the places that were already asked for."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._changes = changes_of(catalog, "regions", "aliases")
        self._known: dict[tuple[tuple[str | None, str | None, str | None], datetime], Finding[Place]] = {}
        owners = {row.provider for table in ("regions", "facilities") for row in catalog.rows(table) if row.provider}
        self._providers = owners | catalog.derived(Market).sellers

    def place(self, names: tuple[str | None, str | None, str | None], when: datetime) -> Finding[Place]:
        """See `place_of`; worked out once for each combination that is asked."""
        key = (names, spell_of(when, self._changes))
        if key not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = self._place(names, key[1])
        return self._known[key]

    def _place(self, names: tuple[str | None, str | None, str | None], when: datetime) -> Finding[Place]:
        provider, region, grid_zone = names
        if region and not provider:
            raise Malformed(
                "a region belongs to a provider", pointer="/provider", hint="give provider as well as region"
            )
        who = self._provider(provider, when) if provider else None
        where = self._region(who, region, when).region if who and region else None
        return Finding(Place(who, where, self._catalog.zone(grid_zone, when) if grid_zone else None))

    def _provider(self, name: str, when: datetime) -> str:
        """The provider that `name` means; UnknownName when nobody of that name sells hours or runs a data centre."""
        provider = landlord(name, self._catalog, when)
        if provider not in self._providers:
            raise unknown_name("provider", name, sorted(self._providers), pointer="/provider")
        return provider

    def _region(self, provider: str, name: str, when: datetime) -> Region:
        return self._catalog.region(provider, name, when)


_NOWHERE = Finding(Place())
