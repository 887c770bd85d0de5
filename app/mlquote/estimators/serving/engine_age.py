"""How old an engine is: its release's date, or that of the measured runs of its version, against the newest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mlquote.catalog.rows import ServingRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.engines import ServingEngine, engine_of
from mlquote.kit.provenance import Assumption

DAYS_PER_YEAR = 365.25
Versions = tuple[tuple[tuple[int, int], date], ...]
"""(version, when it was first measured), by version."""


@dataclass(frozen=True, slots=True)
class Releases:
    """Family -> its measured versions; and the day of the newest run of a server."""

    versions: Mapping[str, Versions]
    newest: date

    def day_of(self, engine: ServingEngine) -> date:
        """When the newest measured version that is not above the engine's was measured; the newest run without one."""
        versions = self.versions.get(engine.family, ())
        if engine.version is None or not versions:
            return self.newest
        known = [day for version, day in versions if version <= engine.version]
        return known[-1] if known else versions[0][1]

    def years(self, day: date) -> float:
        """Years before the newest run; 0 for what is newer."""
        return round(max(0.0, (self.newest - day).days / DAYS_PER_YEAR), 2)


def age_of(engine: ServingEngine, released: date | None, catalog: Snapshot) -> Finding[float]:
    """Years by which an engine is older than the newest that was measured.

    Args:    released: `engine_date`, where given
    """
    releases = catalog.derived(releases_of)
    if released is not None:
        return Finding(releases.years(released))
    day = releases.day_of(engine)
    why = "when its version was measured" if engine.version else "no version is given: as new as the newest measured"
    return Finding(releases.years(day), (Assumption("engine_date", day.isoformat(), why=why),))


def releases_of(catalog: Snapshot) -> Releases:
    """The versions that were measured."""
    found: dict[str, dict[tuple[int, int], date]] = {}
    newest = date.min
    for run in measured_runs(catalog):
        engine, day = engine_of(run.engine), day_of(run.measured)
        newest = newest if engine.static else max(newest, day)  # what runs no server tells nothing of their age
        if engine.version is not None:
            versions = found.setdefault(engine.family, {})
            versions[engine.version] = min(day, versions.get(engine.version, day))
    return Releases({family: tuple(sorted(each.items())) for family, each in found.items()}, newest)


def measured_runs(catalog: Snapshot) -> tuple[ServingRun, ...]:
    """Every run that was measured: all of them are the evidence, whenever they were."""
    return tuple(catalog.history("serving_runs", *key)[-1] for key in catalog.keys("serving_runs"))


def day_of(text: str) -> date:
    """A day as sources print it: a year, a month or a day; the first one that is meant."""
    year, month, day = [*text.split("-"), "1", "1"][:3]
    return date(int(year), int(month), int(day))
