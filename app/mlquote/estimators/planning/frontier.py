"""What else could be chosen within the limits: plans that none beats at once in loss, dollars, days and kg, and those
that cannot be told from the best."""

from collections.abc import Iterator, Sequence
from math import inf, isinf, isnan

import numpy as np

from mlquote.estimators.planning.choices import Choices, Floats, Ints
from mlquote.estimators.planning.search import LAST_LOOKS, Found, TriedCells
from mlquote.estimators.planning.training_result import FrontierPoint, Rival, Ties
from mlquote.kit.money import estimated_usd
from mlquote.kit.units import HOURS_PER_DAY

MOST_POINTS = 50
SHARES = tuple(float(share) for share in np.geomspace(1.0, 0.02, 12))
"""Of the tokens that the limits leave each choice: plans that spend less are on the frontier too."""
NEAREST = 8


def frontier_of(found: Found) -> tuple[FrontierPoint, ...]:
    """At most `MOST_POINTS` plans, the lowest loss first, of those that none beats in every figure."""
    rows = np.array(list(_candidates(found)))
    if not len(rows):
        return ()
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))
    kept: list[Floats] = []
    front = np.empty((0, 4))
    for row in rows[order]:
        if len(front) and bool(np.any(np.all(front <= row[:4], axis=1))):
            continue
        if found.ground.memories.fits(int(row[4]), int(row[5])):
            kept.append(row)
            front = np.vstack((front, row[:4]))
    return tuple(_point(found, row) for row in _thinned(kept))


def _candidates(found: Found) -> Iterator[tuple[float, ...]]:
    """(loss, dollars, days, kg, pair, shape, tokens, offer) of each pair's best size at each share of its tokens, at
    its cheapest seller and at its cleanest."""
    ground, choices = found.ground, found.ground.choices
    base = found.every
    for share in SHARES:
        cells = found.cells if share == 1.0 else TriedCells(base.pair, base.shape, base.tokens * share)
        cells = cells.only(_best_of_pairs(cells, ground.losses(cells, 0)))
        loss, hours = ground.losses(cells, 0), ground.hours(cells)
        held = choices.hours_at(found.limits)
        for place, pair in enumerate(cells.pair):
            some = choices.offers(int(pair))
            able = np.flatnonzero(held[some] >= hours[place] * (1 - 1e-9)) + some.start
            if isinf(loss[place]) or not len(able):
                continue
            spent = hours[place] * choices.multiplier
            for offer in dict.fromkeys((_least(choices.usd, able), _least(choices.kg, able))):
                usd, kg = (_or_inf(float(flat[offer]) * spent) for flat in (choices.usd, choices.kg))
                days = hours[place] / choices.count[pair] * choices.repeated[offer] / HOURS_PER_DAY
                yield (loss[place], usd, days, kg, pair, cells.shape[place], cells.tokens[place], offer)


def _or_inf(value: float) -> float:
    return inf if isnan(value) else value


def _least(flat: Floats, able: Ints) -> int:
    values = np.nan_to_num(flat[able], nan=inf)
    return int(able[int(np.argmin(values))])


def _best_of_pairs(cells: TriedCells, loss: Floats) -> Ints:
    """Of each pair the cell of the lowest loss."""
    order = np.lexsort((loss, cells.pair))
    first = np.unique(cells.pair[order], return_index=True)[1]
    return order[first]


def _thinned(kept: Sequence[Floats]) -> list[Floats]:
    """So many of them: the best of each figure, and the others about evenly apart in loss."""
    if len(kept) <= MOST_POINTS:
        return list(kept)
    table = np.array(kept)
    always = {int(np.argmin(table[:, column])) for column in range(4)}
    wanted = np.linspace(table[0, 0], table[-1, 0], MOST_POINTS - len(always))
    chosen = sorted(always | {int(np.argmin(np.abs(table[:, 0] - loss))) for loss in wanted})
    return [kept[index] for index in chosen[:MOST_POINTS]]


def _point(found: Found, row: Floats) -> FrontierPoint:
    choices, ground = found.ground.choices, found.ground
    loss, usd, days, kg = (float(value) for value in row[:4])
    pair, shape, offer = int(row[4]), int(row[5]), int(row[7])
    seller = choices.sellers[int(choices.offer[offer])]
    return FrontierPoint(
        loss, None if isinf(usd) else estimated_usd(usd), days, None if isinf(kg) else kg,
        ground.family.shapes[shape].resolved.params, float(row[6]), seller.part.id, int(choices.count[pair]),
        _precision(choices, pair), seller.sale.provider or None, seller.sale.region, seller.sale.price_model,
    )  # fmt: skip


def _precision(choices: Choices, pair: int) -> str:
    return choices.parts[int(choices.part[pair])].precision


def ties_of(found: Found, highest: float, accelerator: str) -> Ties:
    """Pairs whose best loss is not above the upper end of the plan's.

    Args:    highest: that end, nats per token, under the law that decides; accelerator: of the plan
    """
    ground, choices = found.ground, found.ground.choices
    hopeful = found.every.only(np.flatnonzero(ground.losses(found.every, 0, 1.1) <= highest))
    hopeful = ground.filled(hopeful, found.limits, LAST_LOOKS - 6)
    loss = ground.losses(hopeful, 0)
    within: dict[int, int] = {}
    for cell in np.argsort(loss, kind="stable"):
        pair = int(hopeful.pair[cell])
        if loss[cell] > highest:
            break
        if pair not in within and ground.memories.fits(pair, int(hopeful.shape[cell])):
            within[pair] = int(cell)
    seen: dict[str, Rival] = {}
    for cell in within.values():
        rival = _rival(found, hopeful, cell, float(loss[cell]))
        seen.setdefault(rival.accelerator, rival)
    others = [rival for part, rival in seen.items() if part != accelerator]
    return Ties(choices.pairs, len(within), tuple(others[:NEAREST]))


def _rival(found: Found, cells: TriedCells, cell: int, loss: float) -> Rival:
    ground, choices, pair = found.ground, found.ground.choices, int(cells.pair[cell])
    hours = float(ground.hours(cells.only(np.array([cell])))[0])
    seller = choices.sellers[int(choices.offer[choices.cheapest(pair, found.limits, hours)])]
    return Rival(
        seller.part.id, int(choices.count[pair]), _precision(choices, pair), seller.sale.provider or None,
        seller.sale.region, seller.sale.price_model, ground.family.shapes[int(cells.shape[cell])].resolved.params,
        float(cells.tokens[cell]), loss,
    )  # fmt: skip
