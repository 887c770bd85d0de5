"""The ledger of a budget: append-only, double-entry, so that its sum is the balance.

Every transaction moves an amount between three accounts of one figure: `free` (what a budget gives away), `held`
(reserved) and `spent` (settled). Its entries sum to zero, so `held + spent = -free` at every moment, whatever crashed
in between. Entries carry the moment they count for (`charged_at`): a reservation made on the 31st and settled on the
1st stays in its month, so a period's sum never goes negative.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mlquote.kit.errors import Malformed, nearest
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import ADDITIVE

Account = Literal["free", "held", "spent"]
Act = Literal["reserve", "settle", "release", "expire", "spend", "correct"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a transaction."""

    account: Account
    figure: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a settlement writes, and the figures whose actual nobody gave: the held estimate stands as spent."""

    entries: tuple[Entry, ...]
    spent: Mapping[str, Amount]
    at_estimate: tuple[str, ...]


def reserved(amounts: Mapping[str, Amount]) -> tuple[Entry, ...]:
    """free -> held."""
    return _moved("free", "held", amounts)


def released(held: Mapping[str, Amount]) -> tuple[Entry, ...]:
    """held -> free: nothing was spent."""
    return _moved("held", "free", held)


def spent(amounts: Mapping[str, Amount]) -> tuple[Entry, ...]:
    """free -> spent: a bill that nobody reserved."""
    return _moved("free", "spent", amounts)


def settled(asked: Mapping[str, Amount], held: Mapping[str, Amount], actual: Mapping[str, Decimal]) -> Settlement:
    """What is still `held` goes back, what was spent is taken.

    A figure that was `asked` and has no actual is spent as estimated: unknown is not zero. `held` is empty where the
    reservation expired first.
    """
    taken = {figure: Amount(number, number, number) for figure, number in actual.items()}
    at_estimate = tuple(figure for figure in asked if figure not in taken)
    taken |= {figure: asked[figure] for figure in at_estimate}
    return Settlement(released(held) + spent(taken), taken, at_estimate)


def corrected(before: Mapping[str, Amount], actual: Mapping[str, Decimal]) -> tuple[Entry, ...]:
    """free <-> spent: what counted as spent `before` becomes the actual, by what it was too little or too much."""
    wanted = {figure: Amount(number, number, number) for figure, number in actual.items()}
    return spent({figure: amount + -before.get(figure, NOTHING) for figure, amount in wanted.items()})


def balances(entries: Iterable[Entry]) -> dict[tuple[Account, str], Amount]:
    """The sum of every account of every figure."""
    sums: dict[tuple[Account, str], Amount] = {}
    for entry in entries:
        key = (entry.account, entry.figure)
        sums[key] = sums.get(key, NOTHING) + entry.amount
    return sums


def is_balanced(entries: Sequence[Entry]) -> bool:
    """Whether the accounts of every figure sum to zero."""
    figures = {entry.figure for entry in entries}
    return all(sum((e.amount for e in entries if e.figure == figure), NOTHING) == NOTHING for figure in figures)


def known_actuals(actual: Mapping[str, Decimal], pointer: str = "") -> None:
    """Refuse actual figures that no ledger keeps.

    Raises: Malformed naming the nearest figure, or when there is none at all.
    """
    if not actual:
        raise Malformed("no actual figure is given", pointer=pointer, hint=f"one or more of {', '.join(ADDITIVE)}")
    for name in actual:
        if name not in ADDITIVE:
            hint = nearest(name, ADDITIVE) or f"one of {', '.join(ADDITIVE)}"
            raise Malformed(f"no ledger keeps {name!r}", pointer=f"{pointer}/{name}", hint=hint)


def _moved(source: Account, target: Account, amounts: Mapping[str, Amount]) -> tuple[Entry, ...]:
    return tuple(
        entry
        for figure, amount in amounts.items()
        if amount != NOTHING
        for entry in (Entry(source, figure, -amount), Entry(target, figure, amount))
    )
