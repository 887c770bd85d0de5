"""The plan that no law would regret much: the least of the worst."""

from math import inf

import numpy as np

from mlquote.estimators.planning.search import Found, picked


def least_regret(found: Found) -> int | None:
    """The cell whose worst regret over the laws is least; None where no law has a best."""
    ground, cells = found.ground, found.cells
    worst = np.zeros(len(cells.pair))
    for law, best in enumerate(found.best):
        if best is None:
            return None
        loss = ground.losses(cells, law)
        with np.errstate(invalid="ignore"):
            worst = np.maximum(worst, np.where(loss < inf, loss - loss[best], inf))
    return picked(ground, found.limits, cells, np.maximum(worst, 0.0) + 1e-15)
