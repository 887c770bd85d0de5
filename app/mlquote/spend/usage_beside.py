"""What delivered files tell beside calls: hours of machines, energy, what was billed, and lines that are on no bill."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, Final

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.parts import instance_types
from mlquote.kit.errors import QuoteError
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Warning
from mlquote.spend.billed_beside import Comparison, Explained
from mlquote.spend.delivered.records import BilledLine, Charge, MachineLine, Note, PassedLine, Why
from mlquote.spend.machine_costs import MachineCell, MachineHours

UNTYPED: Final = "untyped"
"""Hours of accelerators of which the source does not say which they are."""
_DIGITS: Final = 12
_CODES: Final = {Why.CACHED: "answered-from-cache", Why.FAILED: "calls-without-tokens"}
_REPEATS: Final = (Why.REPEATED, Why.ABOVE)


def decimal_of(value: Fraction) -> Decimal:
    """A sum of hours or kilowatt hours as it is told, to 12 places."""
    return plain(Decimal(round(value * 10**_DIGITS)).scaleb(-_DIGITS))


class FractionSum:
    """An exact sum of fractions: those of one denominator are added as whole numbers."""

    __slots__ = ("_by_denominator",)

    def __init__(self) -> None:
        """Nothing yet."""
        self._by_denominator: dict[int, int] = {}

    def add(self, value: Fraction) -> None:
        """Add one more."""
        above, below = value.as_integer_ratio()
        self._by_denominator[below] = self._by_denominator.get(below, 0) + above

    @property
    def value(self) -> Fraction:
        """The sum."""
        return sum((Fraction(above, below) for below, above in self._by_denominator.items()), Fraction(0))


@dataclass(slots=True)
class MachineSums:
    """Hours, energy and dollars of lines of machines and bills, folded together as they come."""

    hours: dict[str, FractionSum] = field(default_factory=dict)
    """Part -> accelerator-hours, those paid for and used by nobody left out."""
    at_most_hours: dict[str, FractionSum] = field(default_factory=dict)
    """Part -> the bound of hours that the source does not tell."""
    idle_hours: dict[str, FractionSum] = field(default_factory=dict)
    measures: dict[str, FractionSum] = field(default_factory=dict)
    """energy_kwh, idle_energy_kwh and emissions_kgco2e, where any line tells them."""
    reported_usd: Decimal | None = None
    """What the tool itself says that machines cost, at its own rates."""
    idle_reported_usd: Decimal | None = None
    billed: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Currency -> kind of charge -> amount, credits apart."""
    effective_usd: Decimal | None = None
    listed_usd: Decimal | None = None
    billed_quantities: dict[str, Decimal] = field(default_factory=dict)
    """Meter -> how many of it were billed."""
    comparison: Comparison | None = None
    """What was billed beside our prices, where any line is of a bill in dollars."""
    cells: dict[MachineCell, MachineHours] = field(default_factory=dict)
    """What machines cost is worked out of these."""

    def add_machine(self, line: MachineLine, part: str) -> None:
        """Fold one line of machines in."""
        if line.accelerator_hours is not None:
            hours = self.idle_hours if line.is_idle else self.hours
            _held(hours, part).add(line.accelerator_hours)
        if line.at_most_hours is not None:
            _held(self.at_most_hours, part).add(line.at_most_hours)
        if line.energy_kwh is not None:
            _held(self.measures, "idle_energy_kwh" if line.is_idle else "energy_kwh").add(line.energy_kwh)
        if line.emissions_kgco2e is not None:
            _held(self.measures, "emissions_kgco2e").add(line.emissions_kgco2e)
        if line.reported_usd is not None and line.is_idle:
            self.idle_reported_usd = _sum(self.idle_reported_usd, line.reported_usd)
        elif line.reported_usd is not None:
            self.reported_usd = _sum(self.reported_usd, line.reported_usd)

    def add_cell(self, line: MachineLine, cell: MachineCell) -> None:
        """Fold a line into the hours that its price, draw and carbon are worked out from."""
        sums = self.cells.get(cell)
        if sums is None:
            sums = self.cells[cell] = MachineHours()
        hours, energy, emissions = line.accelerator_hours, line.energy_kwh, line.emissions_kgco2e
        if hours is not None:
            ratio = hours.as_integer_ratio()
            sums.hours.add_ratio(*ratio)
            if energy is None:
                sums.unmeasured_hours.add_ratio(*ratio)
            if energy is None and emissions is None:
                sums.uncounted_hours.add_ratio(*ratio)
        if energy is not None:
            sums.measured_kwh.add(energy)
            if emissions is None:
                sums.uncounted_kwh.add(energy)
        if emissions is not None:
            sums.told_kgco2e.add(emissions)

    def add_bill(
        self, line: BilledLine, machine: tuple[str, Fraction] | None, explained: Explained | None = None
    ) -> None:
        """Fold one line of a bill in.

        Args: machine: the part and the accelerator-hours it is for, if any; explained: the line beside our price
        """
        if line.meter is not None and line.quantity is not None:
            self.billed_quantities[line.meter] = EXACT.add(
                self.billed_quantities.get(line.meter, Decimal(0)), line.quantity
            )
        if explained is not None:
            self.comparison = self.comparison or Comparison()
            self.comparison.add(line, explained)
        kinds = self.billed.setdefault(line.currency, {})
        kinds[line.charge.value] = _sum(kinds.get(line.charge.value), line.amount)
        if line.credits:
            kinds[Charge.CREDIT.value] = _sum(kinds.get(Charge.CREDIT.value), line.credits)
        if machine is not None:
            part, hours = machine
            _held(self.hours, part).add(hours)
        if line.currency == "USD" and line.effective is not None:
            self.effective_usd = _sum(self.effective_usd, line.effective)
        if line.currency == "USD" and line.listed is not None:
            self.listed_usd = _sum(self.listed_usd, line.listed)

    def told(self) -> dict[str, Any]:
        """As an answer gives it: what no line says is left out."""
        found: dict[str, Any] = {}
        for name, hours in (
            ("accelerator_hours", self.hours),
            ("at_most_accelerator_hours", self.at_most_hours),
            ("idle_accelerator_hours", self.idle_hours),
        ):
            if hours:
                found[name] = {part: decimal_of(summed.value) for part, summed in sorted(hours.items())}
        found |= {name: decimal_of(summed.value) for name, summed in self.measures.items()}
        if "USD" in self.billed:
            kinds = self.billed["USD"]
            found["billed_usd"] = plain(reduce(EXACT.add, kinds.values()))
            found["billed_usd_by_charge"] = {kind: plain(amount) for kind, amount in kinds.items()}
        others = {currency: kinds for currency, kinds in self.billed.items() if currency != "USD"}
        if others:
            found["billed_in_other_currencies"] = {
                currency: {kind: plain(amount) for kind, amount in kinds.items()} for currency, kinds in others.items()
            }
        for name, amount in (
            ("effective_usd", self.effective_usd),
            ("listed_usd", self.listed_usd),
            ("reported_usd", self.reported_usd),
            ("idle_reported_usd", self.idle_reported_usd),
        ):
            if amount is not None:
                found[name] = plain(amount)
        return found


class PartNames:
    """Which part of the catalogue a spelling means; each is looked up once in a file."""

    def __init__(self, catalog: Snapshot, now: datetime) -> None:
        self._catalog, self._now = catalog, now
        self._found = Memory(self._part)
        self.as_spelled: dict[str, None] = {}
        """Names that mean no part of the catalogue."""

    def named(self, spelling: str | None) -> str:
        """The part's id, or the name as it is spelled; UNTYPED where the source says none."""
        return UNTYPED if spelling is None else self._found[spelling]

    def of_bill(self, line: BilledLine) -> tuple[str, Fraction] | None:
        """The part and the accelerator-hours that a line of a bill is for; None for anything else."""
        if line.accelerator is not None and line.accelerator_hours is not None:
            return self.named(line.accelerator), line.accelerator_hours
        if line.instance is None or line.instance_hours is None:
            return None
        offer = self._catalog.derived(instance_types).get(line.instance.strip().casefold())
        return None if offer is None else (offer[1], line.instance_hours * offer[2])

    def _part(self, spelling: str) -> str:
        for name in _readings(spelling):
            try:
                return self._catalog.accelerator(name, self._now).id
            except QuoteError:
                continue
        self.as_spelled[spelling[:80]] = None
        return spelling[:80]


def _readings(spelling: str) -> Iterator[str]:
    """A spelling, and what of it may be a part's name: the longest run of its words first."""
    yield spelling
    words = spelling[:200].replace("_", " ").split()
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            yield " ".join(words[first : first + length])


@dataclass(slots=True)
class BesideCalls:
    """All of a file that is beside its calls."""

    sums: MachineSums = field(default_factory=MachineSums)
    machine_lines: int = 0
    billed_lines: int = 0
    passed: dict[Why, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    running_lines: int = 0

    def pass_over(self, line: PassedLine) -> None:
        """Count lines that are on no bill."""
        self.passed[line.why] = self.passed.get(line.why, 0) + line.lines

    def note(self, note: Note) -> None:
        """Keep what is to be said of the file."""
        self.notes[note.code] = note.detail

    @property
    def repeated(self) -> int:
        """Lines that repeat others."""
        return sum(self.passed.get(why, 0) for why in _REPEATS)

    def warnings(self, parts: PartNames) -> Iterator[Warning]:
        """What there is to say of it."""
        over = {why: lines for why, lines in self.passed.items() if why not in (*_REPEATS, *_CODES)}
        if over:
            told = ", ".join(f"{lines} {why.value}" for why, lines in over.items())
            yield Warning("lines-passed-over", f"{told}: read, and on no bill")
        for why, code in _CODES.items():
            if why in self.passed:
                yield Warning(code, f"{self.passed[why]} lines {why.value}: nothing is due")
        if self.sums.at_most_hours:
            yield Warning("hours-not-told", "the file tells no time: at_most_accelerator_hours is the bound of a day")
        if parts.as_spelled:
            yield Warning("part-as-spelled", f"no part of the catalogue: {', '.join(parts.as_spelled)}")
        if set(self.sums.billed) - {"USD"}:
            yield Warning("billed-not-usd", f"billed in {', '.join(sorted(set(self.sums.billed) - {'USD'}))}")
        if self.running_lines:
            yield Warning("still-running", f"{self.running_lines} jobs have no end yet, and count as far as they ran")
        for code, detail in self.notes.items():
            yield Warning(code, detail)


def _held(sums: dict[str, FractionSum], name: str) -> FractionSum:
    """The sum of a name, begun where there is none yet."""
    found = sums.get(name)
    if found is None:
        found = sums[name] = FractionSum()
    return found


def _sum(held: Decimal | None, more: Decimal) -> Decimal:
    return more if held is None else EXACT.add(held, more)
