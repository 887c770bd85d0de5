"""Which amounts of compute in law a run reaches, and how each law stands at the date of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from mlquote.catalog.rows import Threshold
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding
from mlquote.formulas.uncertainty import Uncertain


@dataclass(frozen=True, slots=True)
class ThresholdVerdict:
    """Whether the run's compute reaches a regulatory amount; `likely` when its range straddles it."""

    name: str
    jurisdiction: str
    status: str
    """As the law stands at the run's date: `proposed`, `enacted`, `guideline`, `in_force` or `revoked`."""
    scope: str
    flop: float
    exceeded: str
    source_url: str
    effective_from: datetime | None
    """Since when it stands so."""
    effective_to: datetime | None
    """Until when, where that is known: an enacted law's first day in force."""


@dataclass(frozen=True, slots=True)
class Law:
    """An amount of compute in a law, guideline or bill, with what is said of a run for each way it may compare."""

    flop: float
    verdicts: Mapping[str, ThresholdVerdict]
    """By `exceeded`: "no", "likely" or "yes"."""


Laws: TypeAlias = Finding[tuple[Law, ...]]
"""The laws that there are at a moment, each with its row."""


def laws_of(catalog: Snapshot, when: datetime, *, modified: bool) -> Laws:
    """Every law known at a moment, the lowest amount first; those on modifying a model only where one is modified."""
    return catalog.remembered(_laws, (spell_of(when, changes_of(catalog, "thresholds")), modified))


def verdicts_of(laws: tuple[Law, ...], flop: Uncertain | None) -> tuple[ThresholdVerdict, ...]:
    """Whether the whole range of a run's model FLOP lies below or above each amount; none where FLOP are unknown."""
    if flop is None:
        return ()
    interval = flop.range()
    low, high = float(interval.low), float(interval.high)
    return tuple([law.verdicts["no" if high < law.flop else "yes" if low >= law.flop else "likely"] for law in laws])


def _laws(catalog: Snapshot, spell: tuple[datetime, bool]) -> Laws:
    when, modified = spell
    known = [row for row in catalog.effective("thresholds", when) if modified or row.applies_to != "modification"]
    known.sort(key=lambda row: (row.flop, row.id))
    return Finding(tuple(_law(row) for row in known), rows=tuple(catalog.ref("thresholds", row) for row in known))


def _law(row: Threshold) -> Law:
    verdicts = {
        exceeded: ThresholdVerdict(
            name=row.name,
            jurisdiction=row.jurisdiction,
            status=row.status,
            scope=row.scope,
            flop=row.flop,
            exceeded=exceeded,
            source_url=row.source_url,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        )
        for exceeded in ("no", "likely", "yes")
    }
    return Law(row.flop, verdicts)
