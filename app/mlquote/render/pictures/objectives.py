"""J(theta) as pictures: a loss with its slope and curvature, a surface with ways down, costs over thresholds."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from mlquote.render.charts.amounts import significant
from mlquote.render.charts.specs import Axis, Contours, Curve, Curves, Panel, Picture, Point, Spot, Trail

_KINDS = {"minimum": "minimum", "saddle": "saddle", "maximum": "maximum"}


def numbers(values: Any) -> list[float]:
    """Numbers of a JSON answer, those that JSON cannot write read back from their names."""
    return [float(str(value).replace("Infinity", "inf")) for value in values]


def loss(answer: Mapping[str, Any]) -> Picture:
    """Value, slope and curvature along one prediction, with the places that were asked for."""
    xs = numbers(answer["grid"])
    x = Axis(_along(answer), "", "even")
    marked = answer.get("at") or []
    marked = marked if isinstance(marked, Sequence) else [marked]
    panels: list[Panel] = []
    for title, name, one in (
        ("Value", "values", "value"),
        ("Slope", "slopes", "slope"),
        ("Curvature", "curvatures", "curvature"),
    ):
        ys = answer.get(name)
        if ys is None:
            continue
        marks = [_mark(each, one) for each in marked if each.get(one) is not None]
        panels.append(Curves(title, [Curve("", xs, numbers(ys))], x, Axis("", "", "even"), marks=marks))
    lowest = answer.get("lowest")
    says = f"Lowest at {_short(lowest['at'])}, where it is {_short(lowest['value'])}." if lowest else ""
    kinks = answer.get("kinks") or []
    if kinks:
        says = f"{says} Its slope jumps at {', '.join(_short(_place(kink)) for kink in kinks[:5])}.".strip()
    return Picture(f"{answer['loss']}: value, slope and curvature", says, panels, _foot(answer))


_SIDES = (("Value", "values", "value"), ("Slope", "slopes", "slope"), ("Curvature", "curvatures", "curvature"))


def _along(answer: Mapping[str, Any]) -> str:
    return str(answer.get("along") or "prediction").replace("_", " ")


def _mark(each: Mapping[str, Any], one: str) -> Point:
    x, y = numbers([each["at"], each[one]])
    return Point(x, y, significant(y, 3))


def _place(kink: Any) -> float:
    return float(kink["at"] if isinstance(kink, Mapping) else kink)


def _short(value: Any) -> str:
    (number,) = numbers([value])
    return significant(number, 3)


def surface(answer: Mapping[str, Any], ways: Sequence[tuple[str, Sequence[Sequence[float]]]] = ()) -> Picture:
    """Levels of the objective over two directions, the flat places named, and descents walking over it.

    Args:    ways: name and coefficients at each step, for the objective that the surface is of, around the origin
                   that `theta` of the question names
    """
    grid = [numbers(each) for each in answer["grid"]]
    if len(grid) == 1:
        return _line(answer, grid[0])
    heights = [[numbers([row[j]])[0] for row in answer["objectives"]] for j in range(len(grid[1]))]
    spots = [_spot(each) for each in answer.get("stationary_points") or ()]
    panel = Contours(
        "J over two directions",
        grid[0],
        grid[1],
        heights,
        "along the first direction",
        "along the second",
        named=spots,
        ways=[Trail(name, [(place[0], place[1]) for place in places], n + 2) for n, (name, places) in enumerate(ways)],
    )
    return Picture("J(θ) from above", _flat(spots, answer), [panel], _foot(answer))


def along(
    thetas: Sequence[Sequence[float]], theta: Sequence[float], directions: Sequence[Sequence[float]]
) -> list[list[float]]:
    """Coefficients as steps from `theta` along directions that stand at right angles: (theta_k - theta) d / d d."""
    ways = [numbers(each) for each in directions]
    here = numbers(theta)
    told = []
    for each in thetas:
        gone = [a - b for a, b in zip(numbers(each), here, strict=True)]
        told.append([sum(g * d for g, d in zip(gone, way, strict=True)) / sum(d * d for d in way) for way in ways])
    return told


def _line(answer: Mapping[str, Any], steps: list[float]) -> Picture:
    x, y = Axis("steps along the direction", "", "even"), Axis("J", "", "even")
    panel = Curves("J along one direction", [Curve("", steps, numbers(answer["objectives"]))], x, y)
    return Picture("J(θ) along one direction", _flat([], answer), [panel], _foot(answer))


def _spot(each: Mapping[str, Any]) -> Spot:
    x, y = numbers(each["steps"])
    kind = _KINDS.get(str(each["kind"]), "valley")
    return Spot(x, y, str(each["kind"]).replace("_", " "), kind)  # type: ignore[arg-type]  # one of its own words


def _flat(spots: Sequence[Spot], answer: Mapping[str, Any]) -> str:
    """How many places are flat, and what theta is."""
    counts = {spot.label: sum(1 for each in spots if each.label == spot.label) for spot in spots}
    found = ", ".join(f"{count} {label}" for label, count in counts.items())
    theta = answer.get("theta") or {}
    verdict = f"θ stands on a {theta['verdict']}" if theta.get("verdict") else ""
    return "; ".join(each for each in (verdict, f"on this map: {found}" if found else "") if each)


def threshold(answer: Mapping[str, Any]) -> Picture:
    """The total cost of decisions by where they are cut, the cheapest cut marked."""
    curve = answer.get("curve") or {}
    xs, ys = numbers(curve.get("thresholds", ())), numbers(curve.get("total_costs", ()))
    kept = [(x, y) for x, y in zip(xs, ys, strict=True) if isfinite(x) and isfinite(y)]
    best = answer.get("threshold")
    x, y = Axis("positive from this probability on", "", "even"), Axis("cost of all decisions", "", "even")
    marks = [Point(*min(kept, key=lambda place: place[1]), "cheapest")] if kept else []
    panels: list[Panel] = []
    if kept:
        ordered = sorted(kept)
        lines = [Curve("", [place[0] for place in ordered], [place[1] for place in ordered])]
        panels.append(Curves("Cost by threshold", lines, x, y, marks=marks))
    says = f"Cut at {_short(best)}." if best is not None else str(answer.get("policy", "")).replace("_", " ")
    return Picture("Where to cut", says, panels, _foot(answer))


def _foot(answer: Mapping[str, Any]) -> list[str]:
    codes = list(dict.fromkeys(each["code"] for each in answer.get("diagnostics") or ()))
    return [f"Worth knowing: {', '.join(codes)}."] if codes else []
