"""A figure that was given, looked up or fallen back on, with all that the answer must say about it."""

from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from mlquote.catalog.rows import FittedFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.errors import InvalidCatalog
from mlquote.kit.provenance import Assumption, Basis, RowRef, Trail, Warning
from mlquote.kit.records import quick_record

T = TypeVar("T")
V_co = TypeVar("V_co", covariant=True)


@quick_record
class Finding(Generic[V_co]):
    """One fact: its value, the assumptions, rows and warnings that go with it, and the rung of a ladder that knew it.

    A figure is a `Finding[Uncertain | None]` (None where nobody knows it); a place, a part or a model that rests on
    rows is one too. Immutable, so a snapshot may keep it and hand it to every question that asks the same.
    """

    value: V_co
    assumptions: tuple[Assumption, ...] = ()
    rows: tuple[RowRef, ...] = ()
    warnings: tuple[Warning, ...] = ()
    level: str = ""
    """Which rung of a ladder answered ("region", "fleet"); blank where there is one rung."""

    def told(self, trail: Trail) -> V_co:
        """The value, after writing down on `trail` where it comes from."""
        trail.assumptions.extend(self.assumptions)
        for row in self.rows:
            trail.rows.setdefault((row.table, row.key, row.effective_from), row)
        for warning in self.warnings:
            trail.warnings.setdefault((warning.code, warning.detail), warning)
        return self.value

    def of(self, value: T) -> "Finding[T]":
        """The same words about a value that follows from this one."""
        return Finding(value, self.assumptions, self.rows, self.warnings, self.level)


Figure: TypeAlias = Finding[Uncertain | None]
"""A quantity as it was found; None where nobody knows it."""


def given(name: str, value: float, unit: str, *, log_sd: float = 0.0) -> Finding[Uncertain]:
    """A figure the question itself brings; `log_sd` where it is an average that stands in for the run's own weeks."""
    assumption = Assumption(name, value, unit, basis="given", why="given in the question")
    return Finding(doubtful(value, log_sd, name) if log_sd else known(value), (assumption,))


def found(
    name: str,
    value: Uncertain,
    unit: str,
    *,
    basis: Basis,
    why: str,
    rows: tuple[RowRef, ...] = (),
    warnings: tuple[Warning, ...] = (),
) -> Finding[Uncertain]:
    """A figure from the catalogue or a default, with the 80 % interval of its doubt."""
    interval = value.range()
    source = rows[0].source_url if rows else ""
    low, high = (interval.low, interval.high) if value.loads else (None, None)
    assumption = Assumption(name, value.median, unit, low, high, basis, why, source)
    return Finding(value, (assumption,), rows, warnings)


def unknown(code: str, detail: str) -> Finding[None]:
    """A figure nobody knows: what depends on it is null, and the warning says why."""
    return Finding(None, warnings=(Warning(code, detail),))


def ahead(when: datetime, now: datetime) -> Finding[None]:
    """Said of a moment that lies ahead of the asker's clock: what holds today is taken to hold then."""
    if when <= now:
        return Finding(None)
    return unknown("as-of-in-future", "only the price changes announced by this release are known of that moment")


def warned(finding: Finding[V_co], code: str, detail: str) -> Finding[V_co]:
    """The same fact with one more warning."""
    return replace(finding, warnings=(*finding.warnings, Warning(code, detail)))


def fitted_or_none(quantity: str, term: str, catalog: Snapshot) -> FittedFactor | None:
    """One term of a fitted rule, or None where the fit has no such term. A release holds one fit, without dates."""
    versions = catalog.history("fitted_factors", quantity, term)
    return versions[-1] if versions else None


def fitted(quantity: str, term: str, catalog: Snapshot) -> FittedFactor:
    """One term of a fitted rule that every release must hold.

    Raises:  InvalidCatalog when the release lacks it
    """
    row = fitted_or_none(quantity, term, catalog)
    if row is None:
        raise InvalidCatalog(f"this release has no fitted factor {quantity}/{term}", hint="run the fit and import")
    return row
