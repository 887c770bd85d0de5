"""The objective along one or two directions around theta, with what theta is: a minimum, a saddle, on a slope."""

from itertools import product

import numpy as np

from mlquote.kit.errors import TooLarge
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.diagnostics import remark
from mlquote.losses.reading import Answer, Array, Body, Reader
from mlquote.losses.uses.model import Objective, objective
from mlquote.losses.uses.points import MOST_COEFFICIENTS, describe, search

MAX_POINTS = 10_201
MAX_ENTRIES = 1_000_000
MAX_STARTS = 64
UNIT_ALREADY = "normalize_directions has no say here: directions of curvature have length 1"


@np.errstate(all="ignore")
def surface(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer `{model, X, y, theta, directions, grid ...}` with objectives[i][j] at theta + g0[i] d0 + g1[j] d1."""
    reader = Reader(body)
    J, theta = objective(reader, "theta", machine, max_entries=MAX_ENTRIES)
    grid = _grid(reader)
    normalize = reader.flag("normalize_directions", False)
    given = _directions(reader, theta, len(grid))
    starts = reader.whole("search", 0 if J.network.linear else 16, low=0, high=MAX_STARTS)
    if starts and theta.size > MOST_COEFFICIENTS and "search" in reader:
        reader.refuse(
            "search", f"{theta.size} coefficients", f"stationary points are looked for among {MOST_COEFFICIENTS}"
        )
    reader.finish()
    at_theta = describe(J, theta)
    directions = given if given is not None else _principal(at_theta.pop("_axes"), theta, len(grid))
    at_theta.pop("_axes", None)
    if normalize:
        directions = [d / np.linalg.norm(d) for d in directions]
    objectives = _objectives(J, theta, directions, grid)
    return {
        "objectives": objectives,
        "directions": directions,
        "grid": grid,
        "theta": at_theta,
        "stationary_points": stationary_points(objectives, grid),
        "critical_points": search(J, _starts(theta, directions, grid, starts)),
        "resolved": {
            "normalize_directions": normalize,
            "search": starts,
            "directions": "given" if given is not None else "curvature",
        },
        "diagnostics": [remark("field_not_used", UNIT_ALREADY)] if normalize and given is None else [],
    }


def _starts(theta: Array, directions: list[Array], grid: list[Array], count: int) -> list[Array]:
    """Theta itself, and places of the grid spread evenly over it."""
    if not count or theta.size > MOST_COEFFICIENTS:
        return []
    places = list(product(*grid))
    picked = [places[i] for i in np.linspace(0, len(places) - 1, min(count, len(places))).astype(int)]
    return [theta, *(theta + sum(s * d for s, d in zip(steps, directions, strict=True)) for steps in picked)]


def _grid(reader: Reader) -> list[Array]:
    """One or two lists of steps along the directions."""
    given = reader.raw("grid")
    right = isinstance(given, list | tuple | np.ndarray) and len(given) in {1, 2}
    axes = Reader({str(i): axis for i, axis in enumerate(given)} if right else {}, "/grid", reader.faults)
    found = [axis for i in range(len(given) if right else 0) if (axis := axes.vector(str(i))) is not None]
    if not right:
        reader.refuse("grid", "grid is one or two lists of steps", "[[-1, 0, 1]] or [[-1, 0, 1], [-1, 0, 1]]")
    points = int(np.prod([len(axis) for axis in found])) if found else 0
    if points > MAX_POINTS:
        raise TooLarge(f"{points} points", pointer="/grid", hint=f"at most {MAX_POINTS}")
    return found


def _directions(reader: Reader, theta: Array, count: int) -> list[Array] | None:
    """As many directions as the grid has axes, each shaped like theta; None to take the curvature's."""
    given = reader.raw("directions")
    if given is None:
        return None
    if not isinstance(given, list | tuple | np.ndarray) or len(given) != count:
        reader.refuse("directions", "directions do not match the grid", f"{count} directions, one per list of grid")
        return None
    inner = Reader({str(i): d for i, d in enumerate(given)}, "/directions", reader.faults)
    found = []
    for i in range(count):
        direction = inner.array(str(i))
        if direction is not None and direction.shape != theta.shape:
            inner.refuse(str(i), f"shape {list(direction.shape)}", f"shaped like theta, {list(theta.shape)}")
        elif direction is not None and not direction.any():
            inner.refuse(str(i), "a direction of length 0", "any non-zero vector")
        elif direction is not None:
            found.append(direction)
    return found


def _principal(axes: Array | None, theta: Array, count: int) -> list[Array]:
    """The directions of largest curvature."""
    if axes is None or axes.shape[1] < count:
        raise TooLarge("no directions are given, and theta has too many (or too few) coefficients to choose some",
                       pointer="/directions", hint="give one direction per list of grid")  # fmt: skip
    return [axes[:, -1 - i].reshape(theta.shape) for i in range(count)]


def _objectives(J: Objective, theta: Array, directions: list[Array], grid: list[Array]) -> Array:
    """J on the grid; of a linear model X theta and X d are formed once."""
    if not J.network.linear:
        places = product(*grid)
        listed = [J.value(theta + sum(s * d for s, d in zip(at, directions, strict=True))) for at in places]
        return np.array(listed).reshape([len(axis) for axis in grid])
    scores, slopes = J.X @ theta, [J.X @ d for d in directions]
    values = np.empty([len(axis) for axis in grid])
    for place in product(*(range(len(axis)) for axis in grid)):
        steps = [axis[i] for axis, i in zip(grid, place, strict=True)]
        there = theta + sum(step * d for step, d in zip(steps, directions, strict=True))
        moved = scores + sum(step * slope for step, slope in zip(steps, slopes, strict=True))
        values[place] = J.at(moved, there)
    return values


def stationary_points(values: Array, grid: list[Array]) -> list[Answer]:
    """Inner grid points below, above, or between their neighbours: minima, maxima and saddles of the slice."""
    found = []
    for place in product(*(range(1, size - 1) for size in values.shape)):
        differences = _differences(values, place)
        low, high = [d > 0.0 for d in differences], [d < 0.0 for d in differences]
        along = [all(low[i : i + 2]) - all(high[i : i + 2]) for i in range(0, len(low), 2)]
        if all(low):
            kind = "minimum"
        elif all(high):
            kind = "maximum"
        elif len(place) == 2 and 1 in along and -1 in along:
            kind = "saddle"
        else:
            continue
        steps = [float(axis[i]) for axis, i in zip(grid, place, strict=True)]
        found.append({"kind": kind, "steps": steps, "objective": float(values[place])})
    return found


def _differences(values: Array, place: tuple[int, ...]) -> list[float]:
    """Neighbours' values above this one's, opposite neighbours side by side."""
    if len(place) == 1:
        return [float(values[place[0] + side] - values[place]) for side in (-1, 1)]
    i, j = place
    pairs = [((-1, 0), (1, 0)), ((0, -1), (0, 1)), ((-1, -1), (1, 1)), ((-1, 1), (1, -1))]
    return [float(values[i + a, j + b] - values[place]) for pair in pairs for a, b in pair]
