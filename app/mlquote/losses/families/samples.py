"""Distances of two sets of samples: energy distance, MMD, Sinkhorn, Wasserstein, Chamfer; one value for the sets."""

from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Reader, steep

MAX_ROWS = 4096
"""Distances of every pair hold a square of this side (128 MiB of float64)."""
ROUNDS = 2000
"""Sinkhorn's iterations at most; each halves the error or better where epsilon is not tiny."""
CLOSE = 1e-10
"""Change of the potentials, relative to epsilon, at which they are taken as found."""


def _squared(x: Array, y: Array) -> Array:
    """Squared distances of every row of x from every row of y."""
    found: Array = (
        ((x[:, None, :] - y[None, :, :]) ** 2).sum(axis=2) if x.size * len(y) < 1 << 22 else _by_product(x, y)
    )
    return found


def _by_product(x: Array, y: Array) -> Array:
    return np.maximum((x * x).sum(axis=1)[:, None] + (y * y).sum(axis=1) - 2.0 * (x @ y.T), 0.0)


def _carried(slope: Array, x: Array, y: Array) -> Array:
    """A slope in the squared distances carried to the rows of x."""
    found: Array = 2.0 * (slope.sum(axis=1)[:, None] * x - slope @ y)
    return found


def _sets(block: Block) -> tuple[Array, Array]:
    return block.predictions["predictions"], block.targets["targets"]


def energy_distance(block: Block) -> Array:
    """How far two sets of samples lie apart beyond how far each is spread.

        L = 2 mean |x - y| - mean |x - x'| - mean |y - y'|,  means over all pairs, a row with itself too

    Gradient: 2/(N M) times unit vectors towards y, less 2/N^2 times those among x.
    Domain: predictions [N, D] and targets [M, D].
    Kinks: rows that coincide, where 0 is returned.
    Aligned with: the distribution: 0 only where both are the same.
    Pitfalls: means with a row's own distance of 0 make it at least 0; unbiased estimates leave it out and may fall
        below.
    Source: Szekely and Rizzo, Energy statistics (2013), equation 6.1.
    """
    x, y = _sets(block)
    between, within = np.sqrt(_squared(x, y)), np.sqrt(_squared(x, x))
    if block.wants():
        block.notes.mark("subgradient_at_kink", (between == 0.0).any(axis=1))
        pull = np.where(between > 0.0, 1.0 / np.where(between > 0.0, between, 1.0), 0.0) / between.size
        push = np.where(within > 0.0, 1.0 / np.where(within > 0.0, within, 1.0), 0.0) / within.size
        block.give((_carried(pull, x, y) - _carried(push, x, x)) * block.factors[0])
    return np.array([2.0 * between.mean() - within.mean() - np.sqrt(_squared(y, y)).mean()])


def mmd(block: Block) -> Array:
    """Maximum mean discrepancy: the squared distance of two sets' means in a Gaussian kernel's space.

        L = mean k(x, x') + mean k(y, y') - 2 mean k(x, y),  k = exp(-|a - b|^2 / (2 bandwidth^2)), all pairs

    Gradient: of the kernels, k (b - a) / bandwidth^2.
    Domain: predictions [N, D] and targets [M, D]; bandwidth > 0.
    Aligned with: the distribution: 0 only where both are the same.
    Pitfalls: far from the data the kernel is flat and teaches nothing: take the median distance, or several bandwidths;
        a row's own kernel of 1 counts, so that it is at least 0.
    Source: Gretton et al., A kernel two-sample test (2012), equation 5.
    """
    (x, y), twice = _sets(block), 2.0 * block["bandwidth"] ** 2
    between, within = np.exp(-_squared(x, y) / twice), np.exp(-_squared(x, x) / twice)
    if block.wants():
        slope = 2.0 / (twice * between.size) * _carried(between, x, y)
        block.give((slope - 2.0 / (twice * within.size) * _carried(within, x, x)) * block.factors[0])
    return np.array([within.mean() + np.exp(-_squared(y, y) / twice).mean() - 2.0 * between.mean()])


def sinkhorn(block: Block) -> Array:
    """Entropic optimal transport between two sets, each set's cost of moving onto itself taken off.

        OT(x, y) = min over plans P of sum P_ij |x_i - y_j|^2 / 2 + epsilon KL(P || uniform)
        L = OT(x, y) - OT(x, x)/2 - OT(y, y)/2;  OT(x, y) alone without debiased

    Gradient: that of sum P_ij |x_i - y_j|^2 / 2 at the best plans, which do not move to first order.
    Domain: predictions [N, D] and targets [M, D], all rows of one weight; epsilon > 0.
    Stability: potentials in logarithms, iterated to 1e-10 of epsilon or 2,000 rounds.
    Aligned with: the distribution: with debiased 0 only where both are the same.
    Pitfalls: epsilon is in units of half a squared distance (geomloss's blur squared); a small one takes many rounds.
    Source: Cuturi, Sinkhorn distances (2013); Feydy et al., Interpolating between optimal transport and MMD (2019),
        equation 3.
    """
    (x, y), epsilon = _sets(block), block["epsilon"]
    value, plan = _transport(0.5 * _squared(x, y), epsilon)
    slope = _carried(plan, x, y)
    if block["debiased"]:
        own, among = _transport(0.5 * _squared(x, x), epsilon)
        value -= 0.5 * own + 0.5 * _transport(0.5 * _squared(y, y), epsilon)[0]
        slope -= 0.5 * _carried(among + among.T, x, x)
    block.give(0.5 * slope * block.factors[0])
    return np.array([value])


def _transport(cost: Array, epsilon: float) -> tuple[float, Array]:
    """The least cost of moving one uniform set onto another, and the plan."""
    n, m = cost.shape
    f, g = np.zeros(n), np.zeros(m)
    near = -cost / epsilon
    for _ in range(ROUNDS):
        before = f
        g = -np.logaddexp.reduce(near + f[:, None], axis=0) + np.log(n)
        f = -np.logaddexp.reduce(near + g[None, :], axis=1) + np.log(m)
        if np.abs(f - before).max(initial=0.0) < CLOSE:
            break
    plan = np.exp(near + f[:, None] + g[None, :]) / (n * m)
    return float(epsilon * (f.mean() + g.mean())), plan


def wasserstein(block: Block) -> Array:
    """Distance of two sets of numbers, the smallest matched with the smallest.

        L = mean |x_(i) - y_(i)|^p,  both sorted

    Gradient: p |r|^(p-1) sign(r) / N, at the places the numbers came from.
    Domain: predictions [N] and targets [N]; p >= 1.
    Kinks: equal numbers, whose order is that in which they came, and r = 0 with p 1.
    Aligned with: the distribution.
    Pitfalls: it is the p-th power of the distance; of sets of vectors see sinkhorn; a critic's Wasserstein loss is gan.
    Source: Villani, Optimal Transport (2009), remark 2.19; Ramdas et al. (2017), proposition 1.
    """
    (x, y), p = _sets(block), block["p"]
    order = np.argsort(x, kind="stable")
    r = x[order] - np.sort(y)
    size = np.abs(r)
    if block.wants():
        slope = np.empty(len(x))
        slope[order] = p * np.sign(r) * size ** (p - 1.0) * (block.factors[0] / len(x))
        block.give(slope)
    return np.array([(size**p).mean()])


def chamfer(block: Block) -> Array:
    """Squared distance of each point from the nearest of the other set, averaged over both sets.

        L = mean_i min_j |x_i - y_j|^2 + mean_j min_i |x_i - y_j|^2

    Gradient: 2 (x_i - y_j) / N of each nearest pair, and / M of each target's.
    Domain: predictions [N, D] and targets [M, D].
    Kinks: equally near points, of which the first is taken.
    Aligned with: covering the target's points; not their density.
    Pitfalls: some take the distance and not its square, some the sum, some half.
    Source: Fan, Su, Guibas, A point set generation network (2017), equation 1; PyTorch3D, chamfer_distance.
    """
    x, y = _sets(block)
    apart = _squared(x, y)
    nearest, covered = apart.argmin(axis=1), apart.argmin(axis=0)
    rows, columns = np.arange(len(x)), np.arange(len(y))
    if block.wants():
        slope = np.zeros(apart.shape)
        slope[rows, nearest] += 1.0 / len(x)
        slope[covered, columns] += 1.0 / len(y)
        block.give(_carried(slope, x, y) * block.factors[0])
    return np.array([apart[rows, nearest].mean() + apart[covered, columns].mean()])


def align_sets(batch: Batch, reader: Reader) -> Batch:
    """Two sets of vectors of one width."""
    x, y = batch.p, batch.y
    if x.ndim != 2 or y.ndim != 2 or x.shape[1:] != y.shape[1:] or not x.size or not y.size:
        shapes = f"shape {list(y.shape)} beside predictions of shape {list(x.shape)}"
        reader.refuse("targets", shapes, "two sets of vectors of one width, [N, D] and [M, D]")
    elif max(len(x), len(y)) > MAX_ROWS:
        reader.refuse("predictions", f"{max(len(x), len(y))} rows", f"distances of all pairs take {MAX_ROWS}")
    return replace(batch, shape=(1,))


def align_numbers(batch: Batch, reader: Reader) -> Batch:
    """Two sets of as many numbers."""
    if batch.p.ndim != 1 or batch.p.shape != batch.y.shape or not batch.p.size:
        shapes = f"shape {list(batch.y.shape)} beside predictions of shape {list(batch.p.shape)}"
        reader.refuse("targets", shapes, "two sets of as many numbers, [N] and [N]")
    return replace(batch, shape=(1,))


smooth_properties = steep("the distribution", differentiable=True)
pointed_properties = steep("the distribution")
sinkhorn_properties = steep("the distribution", differentiable=True, below=None, note="at least 0 with debiased")
chamfer_properties = steep("covering the target's points")
