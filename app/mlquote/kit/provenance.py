"""What every answer carries beside its figures: ranges, assumptions, rows used, warnings, release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from mlquote.kit.codes import WARNING_CODES
from mlquote.kit.records import quick_record

Basis = Literal["given", "catalog", "default", "derived"]
Number = float | int | Decimal


@quick_record
class Range:
    """The 80 % interval (10th to 90th percentile) and the median, all in the unit of the field's name."""

    low: Number
    central: Number
    high: Number


@quick_record
class Assumption:
    """One input the answer rests on: its value, where it came from and why it was chosen."""

    name: str
    value: Any
    unit: str = ""
    low: Number | None = None
    high: Number | None = None
    basis: Basis = "default"
    why: str = ""
    source_url: str = ""
    share_of_variance: float | None = None


@dataclass(frozen=True, slots=True)
class RowRef:
    """A catalogue row the answer used."""

    table: str
    key: str
    effective_from: datetime | None
    source_url: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Warning:
    """Something the reader must know before acting on the answer; `code` is one of kit/codes.py."""

    code: str
    detail: str

    def __post_init__(self) -> None:
        """Refuse a code that nothing explains."""
        if self.code not in WARNING_CODES:
            raise ValueError(f"{self.code!r} is no warning code: give it a row in kit/codes.py")

    @classmethod
    def told(cls, code: str, detail: str) -> Self:
        """A warning of another server, which may be newer and know codes that this version does not."""
        warning = object.__new__(cls)
        object.__setattr__(warning, "code", code)
        object.__setattr__(warning, "detail", detail)
        return warning


@dataclass(frozen=True, slots=True)
class CatalogRef:
    """Which release answered, and for which moment."""

    release: str
    digest: str
    as_of: datetime

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What every answer of this release says."""
        return ()


@dataclass(frozen=True, slots=True)
class WithdrawnRef(CatalogRef):
    """A release that was withdrawn since: kept, and flagged in every answer made under it."""

    withdrawn: str
    """Why it was withdrawn."""

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """That the release was withdrawn, and why."""
        return (Warning("release-withdrawn", f"release {self.release} was withdrawn: {self.withdrawn}"),)


@quick_record
class Answer:
    """The envelope of every estimate."""

    question: Mapping[str, Any]
    result: Any
    assumptions: tuple[Assumption, ...]
    catalog: CatalogRef
    rows: tuple[RowRef, ...]
    warnings: tuple[Warning, ...]


@dataclass(slots=True)
class Trail:
    """What an estimator writes down while it works: each row once, each assumption, each warning."""

    assumptions: list[Assumption] = field(default_factory=list)
    rows: dict[tuple[str, str, datetime | None], RowRef] = field(default_factory=dict)
    warnings: dict[tuple[str, str], Warning] = field(default_factory=dict)

    def use(self, ref: RowRef) -> None:
        """Record a catalogue row; a second use of the same row adds nothing."""
        self.rows.setdefault((ref.table, ref.key, ref.effective_from), ref)

    def warn(self, code: str, detail: str) -> None:
        """Record a warning; the same one twice adds nothing."""
        self.warnings.setdefault((code, detail), Warning(code, detail))

    def answer(self, question: Mapping[str, Any], result: Any, catalog: CatalogRef) -> Answer:
        """The finished envelope."""
        for warning in catalog.warnings:
            self.warnings.setdefault((warning.code, warning.detail), warning)
        return Answer(
            question, result, tuple(self.assumptions), catalog, tuple(self.rows.values()), tuple(self.warnings.values())
        )
