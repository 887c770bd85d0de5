"""Amounts over months: what one part takes of each figure, at both ends and its middle, month by month, exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Number, Range

FIGURES = ("cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e")
"""What a project adds up."""
_PLACES = Decimal("1e-12")
"""To which amounts of one month are rounded; the last month takes what is left, so that months add up to the part."""


@dataclass(frozen=True, slots=True)
class Ends:
    """One amount: low, central, high; an exact one has three equal ends."""

    low: Decimal
    central: Decimal
    high: Decimal

    @property
    def is_exact(self) -> bool:
        """Nothing of it is in doubt."""
        return self.low == self.central == self.high

    def times(self, factor: Decimal) -> "Ends":
        """Each end that many times."""
        return Ends(*(EXACT.multiply(end, factor) for end in (self.low, self.central, self.high)))

    def range(self) -> Range:
        """The same as an answer tells it."""
        return Range(plain(self.low), plain(self.central), plain(self.high))


def ends_of(value: Range | Number | None) -> Ends | None:
    """A range, or a number that is exact, as an amount; None where any of it is unknown."""
    said = (value.low, value.central, value.high) if isinstance(value, Range) else (value, value, value)
    known = [end for end in map(exact, said) if end is not None]
    return Ends(*known) if len(known) == len(said) else None


def summed(amounts: Iterable[Ends]) -> Ends:
    """End by end: no narrower than what can happen."""
    low = central = high = Decimal(0)
    for each in amounts:
        low, central, high = EXACT.add(low, each.low), EXACT.add(central, each.central), EXACT.add(high, each.high)
    return Ends(low, central, high)


@dataclass(frozen=True, slots=True)
class Schedule:
    """In which months a part falls, and how its use and its prices change over them."""

    first: int
    """1 is the project's first month."""
    months: int
    monthly: bool
    """Its amounts are of each month; else of all its months together."""
    use_growth: Decimal = Decimal(0)
    price_change: Decimal = Decimal(0)

    @property
    def last(self) -> int:
        """Its last month."""
        return self.first + self.months - 1

    def factors(self, figure: str, horizon: int) -> tuple[Decimal, ...]:
        """What its amount is multiplied with in each month of the project; prices change dollars alone."""
        step = EXACT.add(1, self.use_growth)
        if figure == "cost_usd":
            step = EXACT.multiply(step, EXACT.add(1, self.price_change))
        weights = [EXACT.power(step, place) for place in range(self.months)]
        if not self.monthly:
            whole = sum(weights, Decimal(0))
            weights = [EXACT.divide(weight, whole) for weight in weights]
        before = (Decimal(0),) * (self.first - 1)
        return (*before, *weights, *(Decimal(0),) * (horizon - self.last))


def laid_out(amount: Decimal, factors: Sequence[Decimal], whole: Decimal | None) -> tuple[Decimal, ...]:
    """An amount month by month; where `whole` says how many times it they are together, they are exactly that."""
    months = [plain(EXACT.multiply(amount, factor).quantize(_PLACES, context=EXACT)) for factor in factors]
    if whole is not None:
        last = max((place for place, factor in enumerate(factors) if factor), default=0)
        left = EXACT.subtract(EXACT.multiply(amount, whole), sum(months, Decimal(0)))
        months[last] = plain(EXACT.add(months[last], left))
    return tuple(months)


@dataclass(frozen=True, slots=True)
class Base:
    """What one part takes before it is spread over months, and where its doubts come from."""

    name: str
    figures: Mapping[str, Ends | None]
    """Figure -> amount; None where it is spent and unknown, absent where it is not spent."""
    doubts: Mapping[str, Mapping[str, float]]
    """Figure -> source -> its load of a standard normal quantity; squares add up to 1."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A base over the months of a project, so many times."""

    base: Base
    factors: Mapping[str, tuple[Decimal, ...]]
    """Figure -> what the base is multiplied with in each month."""
    whole: Mapping[str, Decimal | None]
    """Figure -> how many times the base all months are together, where that is a given number."""

    def months(self, figure: str) -> tuple[Ends, ...] | None:
        """The amount of each month; None where it is unknown."""
        amount = self.base.figures[figure]
        if amount is None:
            return None
        factors, whole = self.factors[figure], self.whole[figure]
        if amount.is_exact:
            return tuple(Ends(cell, cell, cell) for cell in laid_out(amount.central, factors, whole))
        each = (laid_out(end, factors, whole) for end in (amount.low, amount.central, amount.high))
        return tuple(Ends(*ends) for ends in zip(*each, strict=True))

    def times(self, factor: Decimal) -> "Flow":
        """The same so many times more."""
        scaled = {name: tuple(EXACT.multiply(each, factor) for each in row) for name, row in self.factors.items()}
        whole = {name: None if each is None else EXACT.multiply(each, factor) for name, each in self.whole.items()}
        return Flow(self.base, scaled, whole)

    def moved(self, schedule: Schedule, horizon: int) -> "Flow":
        """The same amounts in all, in the months of another schedule."""
        spread = {name: schedule.factors(name, horizon) for name in self.factors}
        sums = {name: sum(row, Decimal(0)) for name, row in self.factors.items()}
        whole = {name: sums[name] if each is None else each for name, each in self.whole.items()}
        factors = {name: tuple(EXACT.multiply(each, whole[name]) for each in row) for name, row in spread.items()}
        return Flow(self.base, factors, whole)


def flow_of(base: Base, schedule: Schedule, horizon: int) -> Flow:
    """A base in the months of its schedule."""
    factors = {figure: schedule.factors(figure, horizon) for figure in base.figures}
    whole = dict.fromkeys(base.figures, None if schedule.monthly else Decimal(1))
    return Flow(base, factors, whole)
