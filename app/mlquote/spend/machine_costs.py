"""Hours of machines in dollars, energy and carbon, through the same facts and formulas as a training run's.

Hours are summed by part and day before anything is multiplied: each day's hours have the price that held on that day.
What was measured goes before what is estimated: a job's own kilowatt hours take the place of its part's usual draw, and
a tool's own emissions the place of the grid's. Idle hours are told apart, and never twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.telling import write
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.parts import sole_provider
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.power import Draw, draw_of
from mlquote.estimators.machines.premises import AT_DATACENTRE, premises_of
from mlquote.estimators.machines.rental import rate_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.estimators.machines.tariffs import electricity_of
from mlquote.formulas.carbon import operational_kgco2e
from mlquote.formulas.energy import facility_energy_kwh, it_energy_kwh
from mlquote.formulas.uncertainty import Uncertain, known, total
from mlquote.kit.errors import Fault, QuoteError
from mlquote.kit.money import estimated_usd, plain
from mlquote.kit.provenance import Assumption, Range, Trail, Warning
from mlquote.spend.machine_terms import OWNED, MachineTerms, Terms

_FIELDS: Final = {"/provider": "/machine_provider", "/region": "/machine_region"}
"""What a place calls them, and a log's question."""
_MEASURED: Final = Finding(
    None,
    (
        Assumption(
            "measured_energy",
            "IT energy",
            basis="given",
            why="measured kilowatt hours stand for the part's usual draw; a GPU's own counter leaves its host out",
        ),
    ),
)


class MachineCell(NamedTuple):
    """What hours of one day share."""

    part: str
    day: datetime
    is_idle: bool
    provider: str | None = None
    """Whose machines the line itself says they are, where it says a region."""
    region: str | None = None
    """The line's own region, before that of the question."""

    @property
    def of(self) -> "_Key":
        """What its price and its grid depend on."""
        return _Key(self.part, self.day, self.provider, self.region)


class _Key(NamedTuple):
    """A part on a day, where its line says that it stands."""

    part: str
    day: datetime
    provider: str | None
    region: str | None


class ExactParts:
    """A sum of fractions, kept by denominator: adding one costs what adding an integer does."""

    __slots__ = ("_by_denominator",)

    def __init__(self) -> None:
        """Nothing yet."""
        self._by_denominator: dict[int, int] = {}

    def add(self, value: Fraction) -> None:
        """Add one."""
        self.add_ratio(*value.as_integer_ratio())

    def add_ratio(self, above: int, below: int) -> None:
        """Add one that is in its lowest terms."""
        held = self._by_denominator
        held[below] = held.get(below, 0) + above

    def take_in(self, other: "ExactParts") -> None:
        """Add all of another sum."""
        for denominator, numerator in other._by_denominator.items():
            self._by_denominator[denominator] = self._by_denominator.get(denominator, 0) + numerator

    @property
    def whole(self) -> Fraction:
        """The sum."""
        return sum((Fraction(n, d) for d, n in self._by_denominator.items()), Fraction(0))


@dataclass(slots=True)
class MachineHours:
    """Hours and what was measured in them, summed up."""

    hours: ExactParts = field(default_factory=ExactParts)
    unmeasured_hours: ExactParts = field(default_factory=ExactParts)
    """Those of lines that tell no energy."""
    uncounted_hours: ExactParts = field(default_factory=ExactParts)
    """Those of lines that tell neither energy nor emissions."""
    measured_kwh: ExactParts = field(default_factory=ExactParts)
    uncounted_kwh: ExactParts = field(default_factory=ExactParts)
    """Measured energy of lines that tell no emissions."""
    told_kgco2e: ExactParts = field(default_factory=ExactParts)
    """Emissions as the source tells them."""

    def take_in(self, other: "MachineHours") -> None:
        """Add all of another sum."""
        for name in self.__slots__:
            getattr(self, name).take_in(getattr(other, name))


Cells = Mapping[MachineCell, MachineHours]


def together(groups: Iterable[Cells]) -> dict[MachineCell, MachineHours]:
    """The hours of several groups as those of one."""
    found: dict[MachineCell, MachineHours] = {}
    for cells in groups:
        for cell, sums in cells.items():
            found.setdefault(cell, MachineHours()).take_in(sums)
    return found


@dataclass(frozen=True, slots=True)
class MachineCost:
    """What machines cost; null where not all of it is known."""

    cost_usd: Range | None
    energy_kwh: Range | None
    """Through the building's meter: measured and estimated IT energy times PUE."""
    emissions_kgco2e: Range | None
    """Location-based, of running them."""
    idle_cost_usd: Range | None
    """Of hours paid for and used by nobody; in none of the figures above."""
    idle_energy_kwh: Range | None
    unpriced_accelerator_hours: Mapping[str, Decimal]
    """Part -> hours without a known price; the dollars are of all others."""


class HourPrice(NamedTuple):
    """Dollars of one accelerator-hour of a part on a day, as a range, whose machines they are, and on which terms."""

    low: Decimal
    central: Decimal
    high: Decimal
    provider: str | None
    """None for the market's price."""
    price_model: Terms


class _Facts(NamedTuple):
    """What is known of a part on a day."""

    rate: Finding[Uncertain | None]
    owned: tuple[Finding[Any], ...]
    """What the rate of an owned part is made of; nothing of a rented one."""
    draw: Draw
    site: Site
    place: Finding[Place]
    is_of_line: bool
    """Whether the line's own region decides the place."""


class MachineCosts:
    """Costs cells of hours from one snapshot, on one set of terms; look-ups are shared by all groups of a bill."""

    def __init__(self, catalog: Snapshot, terms: MachineTerms, now: datetime) -> None:
        self._catalog, self._terms, self._now = catalog, terms, now
        self._facts = Memory(self._found)
        self._measured = False

    def of(self, cells: Cells) -> MachineCost:
        """What these hours cost.

        Raises: UnknownName for a provider, region or zone that the catalogue does not know
        """
        used = {cell: sums for cell, sums in cells.items() if not cell.is_idle}
        idle = {cell: sums for cell, sums in cells.items() if cell.is_idle}
        return MachineCost(
            cost_usd=self._dollars(used),
            energy_kwh=_range(self._energy(used)),
            emissions_kgco2e=_range(self._emissions(used)),
            idle_cost_usd=self._dollars(idle),
            idle_energy_kwh=_range(self._energy(idle)),
            unpriced_accelerator_hours=self._unpriced(cells),
        )

    def usd_per_hour(self, cell: MachineCell) -> HourPrice | None:
        """What an hour of a cell costs; None where no price is known."""
        given, terms = self._terms.usd_per_accelerator_hour, self._terms
        if given is not None:
            return HourPrice(given, given, given, terms.provider, terms.price_model)
        facts = self._facts[cell.of]
        if facts is None or facts.rate.value is None:
            return None
        low, central, high = (estimated_usd(float(end)) for end in _ends(facts.rate.value.range()))
        seller = facts.place.value.provider if facts.is_of_line else terms.provider
        return HourPrice(low, central, high, seller, terms.price_model)

    def provenance(self) -> dict[str, Any]:
        """What all that was costed rests on, each assumption and row once."""
        trail = self._trail()
        kept = {(one.name, str(one.value), one.why): one for one in trail.assumptions}
        return {"assumptions": list(kept.values()), "rows": list(trail.rows.values())}

    def warnings(self, cells: Cells) -> Iterable[Warning]:
        """What there is to say of these hours, once they were costed."""
        missing = self._unpriced(cells)
        if missing:
            told = ", ".join(f"{hours} h of {part}" for part, hours in missing.items())
            yield Warning("machines-not-priced", f"no price is known of {told}")
        found = [self._facts[cell.of] for cell in cells]
        if found and all(facts is not None and facts.is_of_line for facts in found):
            for name in sorted(self._terms.given & {"machine_region", "grid_zone"}):
                yield Warning(NOT_USED, f"{name} changes nothing: every line of machines says its own region")
        yield from self._trail().warnings.values()

    def _trail(self) -> Trail:
        trail = Trail()
        write(trail, *(_MEASURED,) * self._measured)
        for facts in self._facts.values():
            if facts is not None:
                site = facts.site
                write(trail, facts.place, facts.rate, *facts.owned, facts.draw.system, site.pue, site.kgco2e_per_kwh)
        return trail

    def _dollars(self, cells: Cells) -> Range | None:
        rate = self._terms.usd_per_accelerator_hour
        if rate is not None and cells:
            hours = sum((sums.hours.whole for sums in cells.values()), Fraction(0))
            exact = plain(_decimal(hours * Fraction(rate)))
            return Range(exact, exact, exact)
        parts = []
        for cell, sums in cells.items():
            facts = self._facts[cell.of]
            if facts is not None and facts.rate.value is not None and sums.hours.whole:
                parts.append(facts.rate.value * float(sums.hours.whole))
        found = _range(parts)
        return None if found is None else Range(*(estimated_usd(float(end)) for end in _ends(found)))

    def _unpriced(self, cells: Cells) -> dict[str, Decimal]:
        if self._terms.usd_per_accelerator_hour is not None:
            return {}
        missing: dict[str, Fraction] = {}
        for cell, sums in cells.items():
            facts = self._facts[cell.of]
            if sums.hours.whole and (facts is None or facts.rate.value is None):
                missing[cell.part] = missing.get(cell.part, Fraction(0)) + sums.hours.whole
        return {part: plain(_decimal(hours)) for part, hours in sorted(missing.items())}

    def _energy(self, cells: Cells) -> list[Uncertain] | None:
        """Facility energy of each cell; None where the draw of some hours is not known."""
        found = []
        for cell, sums in cells.items():
            facts, site = self._facts[cell.of], self._site(cell)
            if sums.unmeasured_hours.whole:
                if facts is None or facts.draw.system_w is None:
                    return None
                it = it_energy_kwh(known(float(sums.unmeasured_hours.whole)), facts.draw.system_w)
                found.append(facility_energy_kwh(it, site.pue.value))
            if sums.measured_kwh.whole:
                self._measured = True
                found.append(facility_energy_kwh(known(float(sums.measured_kwh.whole)), site.pue.value))
        return found

    def _emissions(self, cells: Cells) -> list[Uncertain] | None:
        found = []
        for cell, sums in cells.items():
            facts, site = self._facts[cell.of], self._site(cell)
            counted = float(sums.uncounted_kwh.whole)
            it = [known(counted)] if counted else []
            if sums.uncounted_hours.whole:
                if facts is None or facts.draw.system_w is None:
                    return None
                it.append(it_energy_kwh(known(float(sums.uncounted_hours.whole)), facts.draw.system_w))
            metered = [facility_energy_kwh(one, site.pue.value) for one in it]
            found += [operational_kgco2e(energy, site.kgco2e_per_kwh.value) for energy in metered]
            if sums.told_kgco2e.whole:
                found.append(known(float(sums.told_kgco2e.whole)))
        return found

    def _site(self, cell: MachineCell) -> Site:
        facts = self._facts[cell.of]
        return facts.site if facts is not None else self._site_at(cell.of, "")[1]

    def _site_at(self, key: _Key, fleet: str, part: Accelerator | None = None) -> tuple[Finding[Place], Site, bool]:
        """Where a line's machines stand: in its own region where that can be told, else where the question says."""
        terms, catalog, day = self._terms, self._catalog, key.day
        unused: tuple[Warning, ...] = ()
        place = None
        if key.region is not None:
            try:
                place = place_of(catalog, day, provider=key.provider or terms.provider, region=key.region)
            except QuoteError as error:
                why = f"region {key.region[:80]} of lines of machines changes nothing: {error.detail}"
                unused = (Warning(NOT_USED, why),)
        is_of_line = place is not None
        if place is None:
            asked = self._asked_place(day)
            place = replace(asked, warnings=(*asked.warnings, *unused))
        premises = premises_of(None, terms.is_owned, part) if part is not None else AT_DATACENTRE
        return place, site_of(place.value, catalog, day, pue=terms.pue, fleet=fleet, premises=premises), is_of_line

    def _asked_place(self, day: datetime) -> Finding[Place]:
        terms = self._terms
        try:
            return place_of(self._catalog, day, provider=terms.provider, region=terms.region, grid_zone=terms.grid_zone)
        except QuoteError as error:
            told = (Fault(_FIELDS.get(each.pointer, each.pointer), each.detail, each.hint) for each in error.faults)
            raise error.retold(told) from error

    def _found(self, key: _Key) -> _Facts | None:
        """What is known of a part on a day; None for a name that is no part of the catalogue."""
        name, day = key.part, key.day
        try:
            part = self._catalog.accelerator(name, day)
        except QuoteError:
            try:
                part = self._catalog.accelerator(name, self._now)
            except QuoteError:
                return None
        place, site, is_of_line = self._site_at(key, sole_provider(part), part)
        draw, given = draw_of(part, self._catalog), self._terms.usd_per_accelerator_hour
        if self._terms.price_model != OWNED or given is not None:
            terms = "on_demand" if self._terms.price_model == OWNED else self._terms.price_model
            rate = rate_of(part, place.value, self._catalog, day, price_model=terms, usd_per_accelerator_hour=given)
            return _Facts(rate, (), draw, site, place, is_of_line)
        rate, made_of = self._owned(part, day, draw, site)
        return _Facts(rate, made_of, draw, site, place, is_of_line)

    def _owned(
        self, part: Accelerator, day: datetime, draw: Draw, site: Site
    ) -> tuple[Finding[Uncertain | None], tuple[Finding[Any], ...]]:
        """An owner's hour: what it loses in value, and the electricity of the part's usual draw through the meter."""
        premises = site.premises.value
        capital = capital_of(part, self._catalog, day, premises)
        if capital.value is None or draw.system_w is None:
            return Finding(None), (site.premises, capital)
        tariff = electricity_of(site.zone, self._catalog, day, premises)
        energy = facility_energy_kwh(it_energy_kwh(known(1.0), draw.system_w), site.pue.value)
        rate = capital.value.usd_per_hour + energy * tariff.value
        return Finding(rate), (site.premises, capital, tariff)


def _range(parts: Sequence[Uncertain] | None) -> Range | None:
    """The sum, null where a part is not known or there is none."""
    return total(parts).range() if parts else None


def _ends(found: Range) -> tuple[float | int | Decimal, ...]:
    return found.low, found.central, found.high


def _decimal(value: Fraction) -> Decimal:
    return Decimal(round(value * 10**12)).scaleb(-12)
