"""What a plan chooses between: every part, precision and number of accelerators at once, and who sells that many.

For each choice all that a run takes is linear in its accelerator-hours, so that what there is of dollars, kWh, kg and
days comes to one most of hours: that of the seller at whom it is highest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

import numpy as np
from numpy.typing import NDArray

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.peaks import Peaks, peaks_of
from mlquote.estimators.planning.sellers import Seller, question_at
from mlquote.estimators.planning.shapes import FamilySize
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.training.spot import spot_overhead_of
from mlquote.estimators.training.utilisation import efficiency_job
from mlquote.formulas.training.efficiency import Job
from mlquote.kit.errors import OutOfDomain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


MOST_HOURS = 1e40
"""Accelerator-hours of what costs nothing."""
MOST_TOKENS_PLANNED = 1e25
"""Where so many are left, nothing limits the run."""
MOST_EPOCHS = 1e6
"""As the training question has it."""
RARE = 0.1
"""Share of published runs that were spread more thinly than a plan is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What there is, and how far a run may go; infinite where nothing is said."""

    cost_usd: float = inf
    accelerator_hours: float = inf
    energy_kwh: float = inf
    emissions_kgco2e: float = inf
    training_flop: float = inf
    deadline_h: float = inf
    tokens: float = inf

    def times(self, name: str, factor: float) -> "Limits":
        """The same with one limit so many times as high."""
        return replace(self, **{name: getattr(self, name) * factor})

    def given(self) -> dict[str, float]:
        """The limits there are."""
        return {name: value for name in LIMITS if (value := getattr(self, name)) < inf}


LIMITS = (
    "cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "deadline_h", "tokens",
)  # fmt: skip


def limits_of(question: TrainingPlan) -> Limits:
    """The limits of a question, those of tokens as one."""
    seen = inf if question.unique_tokens is None else question.unique_tokens * (question.max_epochs or MOST_EPOCHS)
    budget = {
        name: inf if (value := getattr(question, name)) is None else float(value)
        for name in ("cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop")
    }
    return Limits(**budget, deadline_h=question.deadline_h or inf, tokens=min(seen, question.max_tokens or inf))


@dataclass(frozen=True, slots=True)
class RatedPart:
    """A part computing in one precision, and who sells it."""

    part: Accelerator
    precision: str
    peaks: Peaks
    job: Job
    sellers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Every pair of a part (with its precision) and a count; arrays are one entry a pair unless they say otherwise."""

    sellers: tuple[Seller, ...]
    parts: tuple[RatedPart, ...]
    part: Ints
    """Index into `parts`, ascending."""
    count: Floats
    start: Ints
    """Where a pair's offers begin in the flat arrays below."""
    offer: Ints
    """Flat: index into `sellers`."""
    usd: Floats
    """Flat: dollars of an accelerator-hour, with what interruptions repeat; NaN is unknown."""
    kwh: Floats
    kg: Floats
    repeated: Floats
    """Flat: hours that pass for each useful one, where interruptions repeat some."""
    multiplier: float
    """All compute over the final run's."""

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.part)

    def most_hours(self, limits: Limits) -> Floats:
        """Accelerator-hours of the final run that the limits leave each pair, at its best seller."""
        return np.maximum.reduceat(self.hours_at(limits), self.start)

    def hours_at(self, limits: Limits) -> Floats:
        """Flat: the same at each offer; 0 where a limit is set on what nobody knows."""
        count = np.repeat(self.count, np.diff(np.append(self.start, len(self.offer))))
        found = np.minimum(limits.accelerator_hours / self.multiplier, limits.deadline_h * count / self.repeated)
        for limit, use in (
            (limits.cost_usd, self.usd),
            (limits.energy_kwh, self.kwh),
            (limits.emissions_kgco2e, self.kg),
        ):
            if limit < inf:
                with np.errstate(divide="ignore"):
                    found = np.minimum(found, np.nan_to_num(limit / use, nan=0.0, posinf=MOST_HOURS) / self.multiplier)
        return found

    def offers(self, pair: int) -> slice:
        """Where a pair's offers stand in the flat arrays."""
        end = self.start[pair + 1] if pair + 1 < self.pairs else len(self.offer)
        return slice(int(self.start[pair]), int(end))

    def cheapest(self, pair: int, limits: Limits, hours: float) -> int:
        """The offer of a pair that holds so many hours within the limits and costs least; then by kg, kWh and name."""
        some = self.offers(pair)
        held = np.flatnonzero(self.hours_at_some(limits, pair) >= hours * (1 - 1e-9))
        ranked = [
            (_last(self.usd[i]), _last(self.kg[i]), _last(self.kwh[i]), self.named(i), i) for i in held + some.start
        ]
        return int(min(ranked)[-1]) if ranked else int(some.start + np.argmax(self.hours_at_some(limits, pair)))

    def hours_at_some(self, limits: Limits, pair: int) -> Floats:
        """The most hours at each offer of one pair."""
        some = self.offers(pair)
        alone = replace(
            self, part=self.part[pair : pair + 1], count=self.count[pair : pair + 1], start=np.zeros(1, dtype=np.int64),
            offer=self.offer[some], usd=self.usd[some], kwh=self.kwh[some], kg=self.kg[some],
            repeated=self.repeated[some],
        )  # fmt: skip
        return alone.hours_at(limits)

    def named(self, offer: int) -> tuple[str, str, str, str]:
        """What an offer is called by."""
        return self.sellers[int(self.offer[offer])].named


def _last(value: float) -> float:
    """What is unknown comes after all that is known."""
    return inf if np.isnan(value) else float(value)


def choices_of(
    question: TrainingPlan, sellers: Sequence[Seller], shape: FamilySize, catalog: Snapshot, when: datetime
) -> Choices:
    """Every pair that the question allows.

    Args:    shape: any of the family, for what efficiency is fitted on beside size and length
    Raises:  OutOfDomain where no part has a rate in the precision, or no seller so many
    """
    parts = tuple(_parts(question, sellers, shape, catalog, when))
    if not parts:
        named = ", ".join(question.precision)
        raise OutOfDomain(f"nothing that is asked for computes in {named}", pointer="/precision", hint="bf16")
    rows = [(p, count) for p, part in enumerate(parts) for count in _counts(question, part, sellers, catalog)]
    if not rows:
        wanted = ", ".join(str(count) for count in question.accelerator_count or (question.max_accelerators,))
        listed = sorted({count for seller in sellers for count in seller.sale.listed})
        hint = f"listed are machines of {', '.join(map(str, listed))}, and whole nodes"
        field = "max_accelerators" if question.accelerator_count is None else "accelerator_count"
        raise OutOfDomain(f"nobody sells {wanted} of what is asked for", pointer=f"/{field}", hint=hint)
    return _laid_out(question, sellers, parts, rows, catalog, when)


def _laid_out(
    question: TrainingPlan, sellers: Sequence[Seller], parts: tuple[RatedPart, ...], rows: list[tuple[int, int]],
    catalog: Snapshot, when: datetime,
) -> Choices:  # fmt: skip
    spot: dict[tuple[str, int], float] = {}
    start: list[int] = []
    offer: list[int] = []
    repeated: list[float] = []
    for p, count in rows:
        start.append(len(offer))
        for index in parts[p].sellers:
            seller = sellers[index]
            if not seller.sale.sells(count):
                continue
            offer.append(index)
            key = (seller.part.id, count) if seller.is_spot else ("", 0)
            if key not in spot:
                asked = question_at(seller.sale, question, params=10**9, accelerator_count=count) if key[1] else None
                factor = spot_overhead_of(asked, seller.part, catalog, when).value if asked else None
                spot[key] = factor.median if factor else 1.0
            repeated.append(spot[key])
    flat, again = np.array(offer, dtype=np.int64), np.array(repeated)
    hour = {name: np.array([getattr(each, name) for each in sellers])[flat] for name in ("usd", "kwh", "kg")}
    return Choices(
        tuple(sellers), parts, np.array([p for p, _ in rows], dtype=np.int64),
        np.array([float(count) for _, count in rows]), np.array(start, dtype=np.int64), flat,
        hour["usd"] * again, hour["kwh"], hour["kg"], again, question.experiments_multiplier,
    )  # fmt: skip


def _parts(
    question: TrainingPlan, sellers: Sequence[Seller], shape: FamilySize, catalog: Snapshot, when: datetime
) -> Iterator[RatedPart]:
    of: dict[str, list[int]] = {}
    for index, seller in enumerate(sellers):
        of.setdefault(seller.part.id, []).append(index)
    for indices in of.values():
        first = sellers[indices[0]]
        for precision in dict.fromkeys(question.precision):
            peaks = peaks_of(first.part, precision, catalog)
            if peaks.value is None or peaks.warnings:
                continue
            asked = question_at(first.sale, question, params=10**9, precision=precision)
            job = efficiency_job(asked, first.part, shape.resolved, None, when, peaks.value)
            yield RatedPart(first.part, precision, peaks.value, job, tuple(indices))


def _counts(question: TrainingPlan, part: RatedPart, sellers: Sequence[Seller], catalog: Snapshot) -> list[int]:
    """How many of a part are tried at once, ascending."""
    sales = [sellers[index].sale for index in part.sellers]
    most = question.max_accelerators or catalog.derived(evidence_of).accelerators
    wanted = question.accelerator_count
    if wanted is None:
        tried = {count for sale in sales for count in sale.listed}
        tried |= {count for sale in sales if sale.node for count in _ladder(sale.node, most)}
    else:
        tried, most = set(wanted), question.max_accelerators or max(wanted)
    return sorted(count for count in tried if count <= most and any(sale.sells(count) for sale in sales))


def _ladder(node: int, most: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12 ... nodes, as far as so many accelerators go."""
    tried = {node * first * 2**power for first in (1, 3) for power in range(40)}
    return sorted(count for count in tried if count <= most)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How thinly published pretraining runs were spread, and how wide: beyond it no efficiency was seen."""

    accelerators: int
    """The most of any of them."""
    params: float
    """Parameters an accelerator: nine of ten runs had more."""
    tokens: float
    """Tokens an accelerator, as many."""

    def binds(self, question: TrainingPlan) -> bool:
        """Nobody says how many accelerators it shall be."""
        return question.accelerator_count is None


def evidence_of(catalog: Snapshot) -> Evidence:
    """What the runs behind the efficiency say of counts."""
    runs = [row for row in catalog.versions("efficiency_anchors", kind="pretrain") if row.accelerator_count]
    spread = {
        name: [value / row.accelerator_count for row in runs if (value := getattr(row, name))]
        for name in ("params", "tokens")
    }
    least = {name: float(np.quantile(values, RARE)) if values else 0.0 for name, values in spread.items()}
    return Evidence(int(max((row.accelerator_count for row in runs), default=1024)), least["params"], least["tokens"])
