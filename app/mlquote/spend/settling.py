"""How far what was spent may lie above what was reserved before somebody is asked whether it is so.

Real work may cost anything, and what was spent must be told: nothing is refused for good. But a decimal point that
slipped would end a budget for its whole period, so far above the hold it must be said twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlquote.kit.errors import Fault, OutOfDomain
from mlquote.kit.provenance import Warning
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import Limit

FAR_ABOVE = Decimal(2)
"""From this many times the hold's high end on a warning says so."""
BEYOND = "settled-beyond-reserved"


@dataclass(frozen=True, slots=True)
class Excess:
    """A figure that was spent far above what was held of it, or, where nothing was, above what its limits let pass."""

    figure: str
    actual: Decimal
    expected: Decimal
    was_held: bool

    def told(self) -> str:
        """The same in words."""
        what = "was reserved at most" if self.was_held else "was not reserved, and its limits let pass"
        return f"{self.figure}: {self.actual} was spent, {self.expected} {what}"


def excesses(asked: Mapping[str, Amount], actual: Mapping[str, Decimal], limits: Sequence[Limit]) -> tuple[Excess, ...]:
    """The figures of a settlement far above its reservation; one that was neither held nor is limited harms nothing."""
    found = (_excess(figure, number, asked.get(figure, NOTHING).high, limits) for figure, number in actual.items())
    return tuple(excess for excess in found if excess is not None)


def refuse_beyond(found: Iterable[Excess], most_factor: Decimal | None) -> None:
    """Raise OutOfDomain for what is more than so many times what was expected; None: it was said that it is so."""
    if most_factor is None:
        return
    hint = 'send "confirm": true if this is what was spent'
    beyond = [excess for excess in found if excess.actual > excess.expected * most_factor]
    if beyond:
        detail = f"more than {most_factor.normalize():f} times what was reserved"
        faults = [Fault(f"/actual/{excess.figure}", excess.told(), hint) for excess in beyond]
        raise OutOfDomain(detail, faults=faults, code=BEYOND)


def warnings_of(found: Iterable[Excess]) -> tuple[Warning, ...]:
    """What an answer says of them."""
    return tuple(Warning("settled-above-reserved", excess.told()) for excess in found)


def _excess(figure: str, number: Decimal, held: Decimal, limits: Sequence[Limit]) -> Excess | None:
    ceilings = [limit.fail_above for limit in limits if limit.figure == figure and limit.fail_above is not None]
    expected = held if held > 0 else max(ceilings, default=number)
    return Excess(figure, number, expected, held > 0) if number > expected * FAR_ABOVE else None
