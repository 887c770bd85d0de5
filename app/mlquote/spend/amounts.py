"""What a question asks for, figure by figure: exact amounts at both ends of the range and its middle."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.kit.money import EXACT, plain
from mlquote.spend.budgets import ADDITIVE, UNITS, Level
from mlquote.spend.running import RATES

NOT_ASKED: Mapping[str, frozenset[str]] = {
    "training": frozenset({"usd_per_mtok"}),
    "inference": frozenset({"accelerator_hours", "training_flop"}),
    "serving": frozenset({"training_flop"}),
    "annotation": frozenset({"accelerator_hours", "training_flop", "usd_per_mtok", "energy_kwh", "emissions_kgco2e"}),
}
"""Figures that a kind of question does not spend at all; any other figure it does not answer is unknown."""
UNPRICED = frozenset({"no-price", "no-price-at-moment"})
"""Warnings that say that a bill lacks a part, whatever its total says."""
_PART = {"emissions_kgco2e": "total", "usd_per_mtok": "blended"}
"""The part of a composite figure that a limit means."""
_REASONS = {
    "cost_usd": ("price",),
    "usd_per_mtok": ("price",),
    "energy_kwh": ("power", "tdp"),
    "emissions_kgco2e": ("power", "tdp", "grid", "embodied"),
}
"""Words in the codes of warnings that explain why a figure is unknown."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of one figure, in that figure's unit; an exact one has three equal ends."""

    low: Decimal
    central: Decimal
    high: Decimal

    def __add__(self, other: "Amount") -> "Amount":
        """End by end: figures that share their assumptions (an MFU, a price) are high together, so this is no wider
        than what may happen."""
        return Amount(
            EXACT.add(self.low, other.low), EXACT.add(self.central, other.central), EXACT.add(self.high, other.high)
        )

    def __neg__(self) -> "Amount":
        """The amount that cancels this one."""
        return Amount(EXACT.minus(self.low), EXACT.minus(self.central), EXACT.minus(self.high))

    def times(self, factor: Decimal) -> "Amount":
        """Each end that many times."""
        ends = (self.low, self.central, self.high)
        return Amount(*(plain(EXACT.multiply(end, factor)) for end in ends))

    def at(self, level: Level) -> Decimal:
        """One end of the range."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]


NOTHING = Amount(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Quoted:
    """One named question and its answer, as plain mappings (the envelope of every estimate)."""

    name: str
    kind: str
    answer: Mapping[str, Any]
    hours: Decimal | None = None
    """How long it runs, where the answer is a rate."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A line of the bill, or a whole question, and its share of what is asked (by the central figures)."""

    question: str
    item: str
    amount: Decimal
    share_fraction: float


def exact(number: Any) -> Decimal | None:
    """A finite number as the decimal that its digits say; None for anything else."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return None
    if isinstance(number, Decimal):
        return plain(number) if number.is_finite() else None
    return plain(Decimal(repr(number))) if math.isfinite(number) else None


def amount_of(value: Any) -> Amount | None:
    """A Range or a bare number as an amount; None where any part of it is unknown."""
    if isinstance(value, Mapping):
        ends = [exact(value.get(level)) for level in ("low", "central", "high")]
        known = [end for end in ends if end is not None]
        return Amount(*known) if len(known) == len(ends) else None
    number = exact(value)
    return None if number is None else Amount(number, number, number)


def figures_of(quoted: Quoted) -> dict[str, Amount | None]:
    """Every limitable figure that this question spends; None where the answer does not know it."""
    return {name: _figure(quoted, name) for name in UNITS if name not in NOT_ASKED.get(quoted.kind, frozenset())}


def asked(questions: Sequence[Quoted], figure: str) -> tuple[Amount, list[Quoted]]:
    """What all questions ask of a figure together, as far as it is known, and the questions where it is not.

    A rate does not add up: of `usd_per_mtok` it is the dearest question's.
    """
    known, unknown = [], []
    for quoted in questions:
        found = figures_of(quoted).get(figure, NOTHING)
        if found is None:
            unknown.append(quoted)
        else:
            known.append(found)
    if figure in ADDITIVE:
        return sum(known, NOTHING), unknown
    return max(known, key=lambda amount: amount.central, default=NOTHING), unknown


def totals(questions: Sequence[Quoted]) -> dict[str, Amount]:
    """What a reservation holds: every additive figure that is known for each question that spends it."""
    summed = {figure: asked(questions, figure) for figure in ADDITIVE}
    return {figure: amount for figure, (amount, unknown) in summed.items() if not unknown and amount != NOTHING}


def contributors(questions: Sequence[Quoted], figure: str, most: int = 3) -> list[Contributor]:
    """The largest parts of what is asked: bill lines where there are any, else whole questions."""
    parts = [part for quoted in questions for part in _parts(quoted, figure)]
    whole = sum((amount for _, _, amount in parts), Decimal(0))
    largest = sorted(parts, key=lambda part: (-part[2], part[0], part[1]))[:most]
    return [Contributor(name, item, amount, float(amount / whole)) for name, item, amount in largest if amount > 0]


def why_unknown(quoted: Quoted, figure: str) -> str:
    """Why an answer does not know a figure: its own warnings, or that it carries none."""
    words = _REASONS.get(figure, ("flop",))
    said = [w["detail"] for w in quoted.answer.get("warnings", ()) if any(word in w["code"] for word in words)]
    if quoted.kind in RATES and quoted.hours is None:
        said = ["it is a rate: say `hours`, how long it runs"]
    return f"{quoted.name}: {'; '.join(said) or f'{figure} is unknown'}"


def _figure(quoted: Quoted, name: str) -> Amount | None:
    if quoted.kind in RATES and name in ADDITIVE:
        return _run(quoted, name)
    if name in ("cost_usd", "usd_per_mtok") and _is_unpriced(quoted.answer):
        return None
    result = quoted.answer["result"]
    value = result.get(name)
    if name == "cost_usd" and value is not None and result.get("cost_range_usd") is not None:
        value = result["cost_range_usd"]
    part = _PART.get(name)
    return amount_of(value.get(part) if part is not None and isinstance(value, Mapping) and part in value else value)


def _run(quoted: Quoted, name: str) -> Amount | None:
    """What a deployment spends in its hours; unknown where nobody says how many."""
    if quoted.hours is None:
        return None
    result, hours = quoted.answer["result"], quoted.hours
    if name == "accelerator_hours":
        count = _accelerators(quoted)
        return None if count is None else Amount(count, count, count).times(hours)
    watts = result.get("power_w_by_scope", {}).get("facility")
    rate = amount_of(result.get("usd_per_hour") if name == "cost_usd" else watts if name == "energy_kwh" else None)
    per_hour = Decimal(1) if name == "cost_usd" else Decimal("0.001")  # a watt for an hour is 0.001 kWh
    return None if rate is None else rate.times(EXACT.multiply(hours, per_hour))


def _accelerators(quoted: Quoted) -> Decimal | None:
    """All that are paid: as many as asked, or as the layout needs."""
    given = exact(quoted.answer["question"].get("accelerator_count"))
    if given is not None:
        return given
    layout = quoted.answer["result"].get("layout") or {}
    sizes = [exact(layout.get(name)) for name in ("replicas", "tensor_parallel", "pipeline_parallel")]
    known = [size for size in sizes if size is not None]
    return None if len(known) < len(sizes) else EXACT.multiply(EXACT.multiply(known[0], known[1]), known[2])


def _is_unpriced(answer: Mapping[str, Any]) -> bool:
    """A part has no price, and the provider has not reported its own charge instead."""
    if answer["result"].get("reported_usd") is not None:
        return False
    return any(warning["code"] in UNPRICED for warning in answer.get("warnings", ()))


def _parts(quoted: Quoted, figure: str) -> Iterable[tuple[str, str, Decimal]]:
    lines = quoted.answer["result"].get("cost_lines") if figure == "cost_usd" else None
    if lines:
        for line in lines:
            amount = amount_of(line.get("usd"))
            if amount is not None:
                yield quoted.name, str(line.get("item") or line.get("meter") or "cost"), amount.central
        return
    whole = figures_of(quoted).get(figure, NOTHING)
    if whole is not None:
        yield quoted.name, figure, whole.central
