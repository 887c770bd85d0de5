"""A bill's lines folded into charges as they come: one a meter, price, period and set of labels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from mlquote.kit.errors import TooLarge
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import RowRef
from mlquote.spend.delivered.records import MachineLine
from mlquote.spend.focus.columns import NEWEST
from mlquote.spend.focus.periods import Period, Periods
from mlquote.spend.metered import metered_lines
from mlquote.spend.usage_groups import Called
from mlquote.spend.usage_prices import Priced

MOST_CHARGES: Final = 50_000
"""Rows of one export: a month of thirty models, eight meters and seven teams."""
_LABEL: Final = "label."
Labels = tuple[tuple[str, str], ...]


class ChargeOf(NamedTuple):
    """All that the lines of one charge share."""

    period: Period
    called: Called
    meter: str
    unit: str
    list_usd_per_unit: Decimal | None
    usd_per_unit: Decimal
    rows: tuple[RowRef, ...]
    labels: Labels


class HoursOf(NamedTuple):
    """All that the hours of machines of one charge share."""

    period: Period
    part: str
    day: datetime
    """The day whose price holds."""
    is_idle: bool
    region: str | None
    labels: Labels
    provider: str | None = None
    """Whose region it is, where the line says."""


@dataclass(slots=True)
class Charge:
    """The lines of one charge, added up."""

    quantity: int | Decimal = 0
    usd: Decimal = Decimal(0)


Entry = tuple[ChargeOf, int | Decimal, Decimal]
"""What one meter of one line adds to a charge: which, how many, and their dollars."""


@dataclass(frozen=True, slots=True)
class FocusTerms:
    """How an export is written."""

    version: str = NEWEST
    billing_account: str | None = None
    """Whose account at the seller it is, where anybody says."""


class FocusCharges:
    """The charges of one bill."""

    def __init__(self, terms: FocusTerms, by: Collection[str], zone: tzinfo) -> None:
        """Labels of charges are those that `by` names, all of a line's where it names none; hours where it has any."""
        self.terms = terms
        self.calls: dict[ChargeOf, Charge] = {}
        self.hours: dict[HoursOf, Fraction] = {}
        self.billed_lines = 0
        """Lines of a seller's own bill: they are charges already, and in none of these."""
        self._periods = Periods(zone, hourly="hour" in by)
        self._named = frozenset(name.removeprefix(_LABEL) for name in by if name.startswith(_LABEL))

    def add(self, priced: Priced, at: datetime, labels: Mapping[str, str]) -> list[Entry]:
        """Fold a priced line in, and tell what it added.

        Raises: TooLarge
        """
        period, kept = self._periods.of(at), self._labels(labels)
        entries: list[Entry] = []
        for line in metered_lines(priced):
            of = ChargeOf(
                period,
                priced.called,
                line.meter,
                line.unit,
                line.list_usd_per_unit,
                line.usd_per_unit,
                line.rows,
                kept,
            )
            charge = self.calls.get(of)
            if charge is None:
                self._check_room()
                charge = self.calls[of] = Charge()
            charge.quantity += line.quantity
            charge.usd = EXACT.add(charge.usd, line.usd)
            entries.append((of, line.quantity, line.usd))
        return entries

    def take(self, entries: Collection[Entry]) -> None:
        """Take off again what a line added."""
        for of, quantity, usd in entries:
            charge = self.calls[of]
            charge.quantity -= quantity
            charge.usd = EXACT.subtract(charge.usd, usd)

    def add_machine(self, line: MachineLine, part: str, day: datetime, at: datetime) -> None:
        """Fold hours of machines in; those of a line stand in the period in which it begins.

        Raises: TooLarge
        """
        if not line.accelerator_hours:
            return
        seller, labels = line.provider if line.region else None, self._labels(line.labels)
        of = HoursOf(self._periods.of(at), part, day, line.is_idle, line.region, labels, seller)
        if of not in self.hours:
            self._check_room()
        self.hours[of] = self.hours.get(of, Fraction(0)) + line.accelerator_hours

    def _labels(self, labels: Mapping[str, str]) -> Labels:
        kept = labels.items()
        return tuple(sorted((n, v) for n, v in kept if n in self._named) if self._named else sorted(kept))

    def _check_room(self) -> None:
        if len(self.calls) + len(self.hours) >= MOST_CHARGES:
            detail = f"an export of FOCUS has at most {MOST_CHARGES} rows, and labels of this log make more"
            raise TooLarge(detail, pointer="/focus_version", hint="by=label.NAME names the labels that count")
