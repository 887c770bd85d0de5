"""The search for a plan: for every pair of part and count and every size, the tokens that the limits leave, and the
loss of that; the choice of lowest loss whose memory is enough.

All of a run is linear in its tokens but for its efficiency, which moves a little with them: the tokens are a fixed
point, found for all cells at once, and what cannot win is dropped before the last digits are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

import numpy as np

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.planning.choices import MOST_TOKENS_PLANNED, Choices, Evidence, Floats, Ints, Limits
from mlquote.estimators.planning.laws import NamedLaw
from mlquote.estimators.planning.sellers import question_at
from mlquote.estimators.planning.shapes import Family
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.training.filling import load_of_run, plan_of
from mlquote.estimators.training.memory import room_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.utilisation import mfu_medians
from mlquote.formulas.scaling.many import Repeats, losses
from mlquote.formulas.training.efficiency import ONE_NODE
from mlquote.formulas.training.layouts import Fitting, suggested_layout
from mlquote.formulas.training.memory import OPTIMIZERS, Trained
from mlquote.kit.units import SECONDS_PER_HOUR

FIRST_LOOKS, LAST_LOOKS = 2, 14
"""Rounds of the fixed point before what cannot win is dropped, and in all."""
UNSURE = 1.25
"""After the first looks tokens are surer than this factor, also where a limit moves by a tenth."""
SAME = 1e-12
FIRST_MFU = 0.3
"""From which the fixed point starts."""


@dataclass(frozen=True, slots=True)
class TriedCells:
    """Pairs with sizes, and the tokens that each may see; sorted by pair."""

    pair: Ints
    shape: Ints
    tokens: Floats

    def only(self, kept: Ints) -> "TriedCells":
        """Some of them."""
        return TriedCells(self.pair[kept], self.shape[kept], self.tokens[kept])


STRAY = 2
"""So many sizes may fit above one that does not: stages are whole layers."""


class Memories:
    """Whether sizes fit: what each keeps, and what each part has, each worked out once."""

    def __init__(
        self, question: TrainingPlan, family: Family, choices: Choices, catalog: Snapshot, when: datetime
    ) -> None:
        self._question, self._family, self._choices = question, family, choices
        self._catalog, self._when = catalog, when
        self._rooms: dict[int, Fitting] = {}
        self._loads: dict[int, Trained] = {}
        self._fits: dict[tuple[str, int, int], bool] = {}
        self._largest: dict[tuple[str, int], int] = {}

    def may(self, cells: TriedCells) -> Ints:
        """Cells of which the states of all parameters, spread over all accelerators, fill no more than there is."""
        choices = self._choices
        room = np.array([self._room(p).capacity_bytes for p in range(len(choices.parts))])
        least = (
            OPTIMIZERS[self._question.optimizer].total * self._family.params[cells.shape] / choices.count[cells.pair]
        )
        return np.flatnonzero(least <= room[choices.part[cells.pair]])

    def fits(self, pair: int, shape: int) -> bool:
        """A layout is found that fits, as surely as the training estimate asks."""
        part, count = int(self._choices.part[pair]), int(self._choices.count[pair])
        return shape <= self._largest_near(part, count) and self._holds(part, count, shape)

    def _largest_near(self, part: int, count: int) -> int:
        """A size above which none fits, by halving: what is kept grows with the size, within a step or two of it."""
        key = (self._choices.parts[part].part.id, count)
        if key not in self._largest:
            low, high = -1, len(self._family.shapes) - 1
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self._holds(part, count, middle) else (low, middle - 1)
            self._largest[key] = low + STRAY if low >= 0 else low
        return self._largest[key]

    def _holds(self, part: int, count: int, shape: int) -> bool:
        key = (self._choices.parts[part].part.id, count, shape)
        if key not in self._fits:
            room = self._room(part)
            enough = room.capacity_bytes > 0 and suggested_layout(self._load(shape), room, count) is not None
            self._fits[key] = enough
        return self._fits[key]

    def _room(self, part: int) -> Fitting:
        if part not in self._rooms:
            chosen, resolved = self._choices.parts[part], self._family.shapes[0].resolved
            asked = self._asked(part)
            room = room_of(asked, resolved, chosen.part, self._catalog, self._when).value
            self._rooms[part] = plan_of(asked, resolved, chosen.part, room.tensor_bytes)
        return self._rooms[part]

    def _load(self, shape: int) -> Trained:
        if shape not in self._loads:
            self._loads[shape] = load_of_run(self._asked(0), self._family.shapes[shape].resolved)
        return self._loads[shape]

    def _asked(self, part: int) -> TrainingQuestion:
        chosen = self._choices.parts[part]
        seller = self._choices.sellers[chosen.sellers[0]]
        length = self._family.sequence_length
        return question_at(seller.sale, self._question, params=10**9, sequence_length=length)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a search stands on."""

    question: TrainingPlan
    catalog: Snapshot
    when: datetime
    moment: datetime
    now: datetime
    family: Family
    choices: Choices
    laws: tuple[NamedLaw, ...]
    repeats: tuple[Repeats | None, ...]
    """Of each law."""
    memories: Memories
    evidence: Evidence

    def all_cells(self) -> TriedCells:
        """Every pair with every size that the question allows and that may fit; no tokens yet."""
        asked, params = self.question, self.family.params
        inside = np.flatnonzero((params >= (asked.min_params or 0)) & (params <= (asked.max_params or inf)))
        pairs = np.arange(self.choices.pairs, dtype=np.int64)
        pair, shape = np.repeat(pairs, len(inside)), np.tile(inside, len(pairs))
        cells = TriedCells(pair, shape, np.ones(len(pair)))
        cells = cells.only(self.memories.may(cells))
        if not self.evidence.binds(asked):
            return cells
        count = self.choices.count[cells.pair]
        return cells.only(np.flatnonzero((count <= ONE_NODE) | (params[cells.shape] >= self.evidence.params * count)))

    def mfu(self, cells: TriedCells) -> Floats:
        """Of each cell at its tokens, against the peak of its precision."""
        asked, choices = self.question, self.choices
        if asked.mfu is not None:
            return np.full(len(cells.pair), asked.mfu * (asked.goodput_fraction or 1.0))
        part, found = choices.part[cells.pair], np.empty(len(cells.pair))
        edges = np.searchsorted(part, np.arange(len(choices.parts) + 1))
        for index, each in enumerate(choices.parts):
            some = slice(edges[index], edges[index + 1])
            if some.start < some.stop:
                params, count = self.family.params[cells.shape[some]], choices.count[cells.pair[some]]
                found[some] = mfu_medians(each.job, each.peaks, params, count, cells.tokens[some], self.catalog)
        return found

    def flop_per_hour(self, cells: TriedCells) -> Floats:
        """Model FLOP that an accelerator does in an hour."""
        peaks = np.array([part.peaks.own for part in self.choices.parts])[self.choices.part[cells.pair]]
        return peaks * self.mfu(cells) * SECONDS_PER_HOUR

    def speed(self, pair: int, shape: int, tokens: float) -> float:
        """Of one cell."""
        return float(self.flop_per_hour(TriedCells(np.array([pair]), np.array([shape]), np.array([tokens])))[0])

    def hours(self, cells: TriedCells) -> Floats:
        """Accelerator-hours of the final run."""
        return self.family.flop_per_token[cells.shape] * cells.tokens / self.flop_per_hour(cells)

    def filled(self, cells: TriedCells, limits: Limits, rounds: int) -> TriedCells:
        """The cells with the tokens that the limits leave them."""
        flop = self.family.flop_per_token[cells.shape]
        most = self.choices.most_hours(limits)[cells.pair]
        cap = np.minimum(limits.training_flop / flop, min(limits.tokens, MOST_TOKENS_PLANNED))
        peaks = np.array([part.peaks.own for part in self.choices.parts])[self.choices.part[cells.pair]]
        if rounds == FIRST_LOOKS:
            first = np.minimum(most * peaks * FIRST_MFU * SECONDS_PER_HOUR / flop, cap)
            cells = TriedCells(cells.pair, cells.shape, np.maximum(first, 1e-3))
        for _ in range(rounds):
            tokens = np.maximum(np.minimum(most * self.flop_per_hour(cells) / flop, cap), 1e-3)
            done = bool(np.max(np.abs(tokens / cells.tokens - 1.0), initial=0.0) < SAME)
            cells = TriedCells(cells.pair, cells.shape, tokens)
            if done:
                break
        return cells

    def losses(self, cells: TriedCells, law: int, factor: float = 1.0) -> Floats:
        """Under one law, tokens taken so many times; infinite below `min_tokens`."""
        params, tokens = self.family.params[cells.shape], cells.tokens * factor
        found = losses(self.laws[law].law, params, tokens, self.repeats[law])
        return np.where(cells.tokens * max(factor, 1.0) < self.least_tokens(cells), inf, found)

    def least_tokens(self, cells: TriedCells) -> Floats:
        """Fewer than these are no plan: as asked, and of many accelerators as published runs had at least."""
        asked, count = self.question.min_tokens or 1.0, self.choices.count[cells.pair]
        if not self.evidence.binds(self.question):
            return np.full(len(count), asked)
        return np.where(count <= ONE_NODE, asked, np.maximum(asked, self.evidence.tokens * count))


@dataclass(frozen=True, slots=True)
class Found:
    """Cells that may win, filled, and the best of them under each law; None where none fits."""

    ground: Ground
    limits: Limits
    every: TriedCells
    """All there are, their tokens as the first looks found them."""
    cells: TriedCells
    best: tuple[int | None, ...]

    def losses(self, law: int) -> Floats:
        """Of all cells under one law."""
        return self.ground.losses(self.cells, law)


def search(ground: Ground, limits: Limits, among: TriedCells | None = None) -> Found:
    """The best choice under each law, exactly.

    Args:    among: cells that hold the winner, where that is known; default: all there are
    """
    every = among if among is not None else ground.filled(ground.all_cells(), limits, FIRST_LOOKS)
    cells = among if among is not None else _hopeful(ground, limits, every)
    cells = ground.filled(cells, limits, LAST_LOOKS)
    best = tuple(picked(ground, limits, cells, ground.losses(cells, law)) for law in range(len(ground.laws)))
    return Found(ground, limits, every, cells, best)


def _hopeful(ground: Ground, limits: Limits, cells: TriedCells) -> TriedCells:
    """The cells that may win under any law, or be of the least regret under all."""
    near, regret = np.zeros(len(cells.pair), dtype=bool), np.ones(len(cells.pair), dtype=bool)
    tables, firsts = [], []
    for law in range(len(ground.laws)):
        at = ground.losses(cells, law)
        tables.append(at)
        firsts.append(picked(ground, limits, cells, at))
    if any(first is None for first in firsts):
        return cells
    chosen = [first for first in firsts if first is not None]
    worst = min(max(float(at[c] - at[f]) for at, f in zip(tables, chosen, strict=True)) for c in chosen)
    for law, first in enumerate(chosen):
        hoped = ground.losses(cells, law, UNSURE)
        sure = float(ground.losses(cells.only(np.array([first])), law, 1 / UNSURE)[0])
        near |= hoped <= sure
        regret &= hoped <= sure + worst
    return cells.only(np.flatnonzero(near | regret))


def picked(ground: Ground, limits: Limits, cells: TriedCells, ranked: Floats) -> int | None:
    """The cell of the lowest figure that fits; of equal ones the cheapest, then the soonest, then the least kg."""
    order = np.argsort(ranked, kind="stable")
    ordered, start = ranked[order], 0
    while start < len(order) and ordered[start] < inf:
        end = int(np.searchsorted(ordered, ordered[start] * (1 + SAME), side="right"))
        group = [int(c) for c in order[start:end] if ground.memories.fits(int(cells.pair[c]), int(cells.shape[c]))]
        if len(group) == 1:
            return group[0]
        if group:
            return _of_equals(ground, limits, cells, group)
        start = end
    return None


def _of_equals(ground: Ground, limits: Limits, cells: TriedCells, group: Sequence[int]) -> int:
    some = cells.only(np.array(sorted(group)))
    hours, choices = ground.hours(some), ground.choices
    ranked = []
    for place, cell in enumerate(sorted(group)):
        pair, each = int(some.pair[place]), float(hours[place])
        offer = choices.cheapest(pair, limits, each)
        usd, kg = (float(flat[offer]) * each for flat in (choices.usd, choices.kg))
        known = (inf if np.isnan(usd) else usd, each / choices.count[pair], inf if np.isnan(kg) else kg)
        ranked.append((*known, choices.named(offer), float(choices.count[pair]), cell))
    return int(min(ranked)[-1])
