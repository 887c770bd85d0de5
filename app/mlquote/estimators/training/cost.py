"""Dollars of accelerator-hours: rented or owned, each on its own basis, never added."""

from dataclasses import dataclass

from mlquote.estimators.machines.footprint import Footprint
from mlquote.estimators.training.facts import TrainingFacts
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.uncertainty import Uncertain, total
from mlquote.kit.cost_line import CostLine
from mlquote.kit.money import estimated_usd
from mlquote.kit.records import quick_record


@quick_record
class Costs:
    """Dollars on both bases, the one that was asked for, and its lines."""

    basis: str
    chosen: Uncertain | None
    rental: Uncertain | None
    amortised: Uncertain | None
    hosting: Uncertain | None
    """Colocation, on top of the amortised figure (Epoch's method leaves it out)."""
    lines: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """Something paid beside the hours: what, how much of it, at which price (None where nobody publishes one)."""

    item: str
    quantity: float
    unit: str
    rate: Uncertain | None

    @property
    def usd(self) -> Uncertain | None:
        """Dollars; None where the price is unknown."""
        return self.rate * self.quantity if self.rate is not None else None


def costs_of(question: TrainingQuestion, facts: TrainingFacts, hours: Uncertain, marks: Footprint) -> Costs:
    """What the hours cost, rented and owned, and on either basis the storage and egress that were asked for.

    Args:    hours: all accelerator-hours; marks: their energy, for the owned basis
    """
    extras = _extras(question, facts)
    rate, hosted = facts.rate.value, facts.hosting.value
    billed = hours * facts.spot_overhead.value if facts.spot_overhead.value is not None else hours
    rental = _with_extras(billed * rate if rate else None, extras)
    amortised = _with_extras(_amortised(facts, hours, marks.energy_kwh), extras)
    hosting = marks.it_energy_kwh * hosted if marks.it_energy_kwh and hosted else None
    basis = basis_of(question)
    if basis == "rental":
        chosen, lines = rental, _rented(question, hours.median, billed.median, rate)
    else:
        chosen, lines = amortised, _owned(facts, hours.median, marks.energy_kwh)
    beside = tuple(_line(each.item, each.quantity, each.unit, _median(each.rate)) for each in extras)
    return Costs(basis, chosen, rental, amortised, hosting, lines + beside)


def basis_of(question: TrainingQuestion) -> str:
    """What `cost_usd` means where the question does not say: owned hardware is amortised, other rented."""
    return "amortised" if question.is_amortised else "rental"


def _amortised(facts: TrainingFacts, hours: Uncertain, energy_kwh: Uncertain | None) -> Uncertain | None:
    """Value that the hardware loses, and the electricity through its meter."""
    capital, usd_per_kwh = facts.capital.value, facts.electricity.value
    if capital is None or energy_kwh is None or usd_per_kwh is None:
        return None
    return hours * capital.usd_per_hour + energy_kwh * usd_per_kwh


def _extras(question: TrainingQuestion, facts: TrainingFacts) -> tuple[Extra, ...]:
    """Storage and egress as far as the question asks for them: nothing, most of the time."""
    wanted = (
        ("storage", question.storage_gb_months, "GB-month", facts.storage),
        ("egress", question.egress_gb, "GB", facts.egress),
    )
    return tuple(Extra(item, amount, unit, rate.value) for item, amount, unit, rate in wanted if amount)


def _with_extras(cost: Uncertain | None, extras: tuple[Extra, ...]) -> Uncertain | None:
    """The cost with what is stored and sent out; unknown as soon as one part is."""
    if cost is None or not extras:
        return cost
    priced = [extra.usd for extra in extras if extra.usd is not None]
    return total((cost, *priced)) if len(priced) == len(extras) else None


def _rented(question: TrainingQuestion, hours: float, billed: float, rate: Uncertain | None) -> tuple[CostLine, ...]:
    """The final run's hours, those of experiments and failed runs, and those that interruptions repeat."""
    if rate is None:
        return ()
    lines = _split("rental", hours, question.experiments_multiplier, rate.median)
    if billed <= hours:
        return lines
    return (*lines, _line("hours lost to spot interruptions", billed - hours, "accelerator-hour", rate.median))


def _split(item: str, hours: float, multiplier: float, price: float) -> tuple[CostLine, ...]:
    """The final run's hours, and apart from it those of experiments and failed runs."""
    final = _line(item, hours / multiplier, "accelerator-hour", price)
    if multiplier == 1:
        return (final,)
    rest = hours - hours / multiplier
    return final, _line(f"{item}, experiments and failed runs", rest, "accelerator-hour", price)


def _owned(facts: TrainingFacts, hours: float, energy_kwh: Uncertain | None) -> tuple[CostLine, ...]:
    """What chips, servers and network lose in value, and electricity."""
    capital, usd_per_kwh = facts.capital.value, facts.electricity.value
    if capital is None or energy_kwh is None or usd_per_kwh is None:
        return ()
    shares = capital.shares
    items = (("chips", shares.chips), ("servers", shares.servers), ("cluster network", shares.network))
    lines = [_line(f"{item}, value lost", hours, "accelerator-hour", price) for item, price in items if price]
    return (*lines, _line("electricity", energy_kwh.median, "kWh", usd_per_kwh.median))


def _line(item: str, quantity: float, unit: str, price: float | None) -> CostLine:
    if price is None:
        return CostLine(item, quantity, unit, None, None)
    return CostLine(item, quantity, unit, estimated_usd(price), estimated_usd(quantity * price))


def _median(rate: Uncertain | None) -> float | None:
    return rate.median if rate is not None else None
