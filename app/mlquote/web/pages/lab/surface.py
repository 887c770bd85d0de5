"""/loss/surface: J over its coefficients, where it is level, and how optimisers walk down it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.reading import Array
from mlquote.losses.uses.descent import ALIASES, descent
from mlquote.losses.uses.model import MODELS, RIDGE
from mlquote.losses.uses.network import NETWORKS
from mlquote.losses.uses.optimizers import FIGURES, OPTIMIZERS
from mlquote.losses.uses.schedules import SCHEDULES
from mlquote.losses.uses.surface import surface
from mlquote.render.charts.specs import Axis, Contours, Curve, Curves, Point, Spot, Trail
from mlquote.render.pages.numbers import told_number
from mlquote.web.pages.asked import FormField, Query, Slider, curl, faults_of

SpotKind = Literal["minimum", "maximum", "saddle", "valley"]
SHARED = ("model", "X", "y", "loss", "input_form", "params", "reduction", "regularization", "convention", "lambda",
          "hidden")  # fmt: skip
OWN = ("from", "to", "search", "start")
GRID = 41
MOST_WALKS = 4
MOST_STEPS = 500
"""Steps a walk on the page may have; the API goes further."""
MOST_ROWS = 40
_LINE = "[[1, -1], [1, 0], [1, 1], [1, 2]]"
STARTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "bowl": (
        "A bowl: a line through four points, its two coefficients",
        {"model": "linear", "X": _LINE, "y": "0, 1, 1, 3", "from": "-3", "to": "3", "theta0": "-2.5, -2",
         "learning_rate": "0.1", "steps": "30", "optimizer": "gd,momentum", "momentum": "0.8"},
    ),
    "valley": (
        "A narrow valley: two inputs that say nearly the same",
        {"model": "linear", "X": "[[1, 1], [1, 1.6], [1, 0.7]]", "y": "2, 2.6, 1.7", "from": "-3", "to": "4",
         "theta0": "-2, 3.5", "learning_rate": "0.25", "steps": "60", "optimizer": "gd,momentum,adam",
         "momentum": "0.8"},
    ),
    "saddle": (
        "A saddle between two flat valleys: two layers of one unit each",
        {"model": "two_layer_linear", "X": "[[1]]", "y": "1", "from": "-2.5", "to": "2.5", "theta0": "-1.6, 1.5",
         "learning_rate": "0.05", "steps": "120", "optimizer": "gd,momentum", "momentum": "0.8", "noise": "0"},
    ),
    "logistic": (
        "Classes that a penalty keeps from running away: logistic regression",
        {"model": "logistic", "X": "[[1, 2], [2, 0.5], [-1, -1], [-2, 1], [0.5, -1]]", "y": "1, 1, 0, 0, 1",
         "regularization": '[{"type": "l2", "lambda": 0.1}]', "from": "-4", "to": "4", "theta0": "-3, -3",
         "learning_rate": "0.8", "steps": "40", "optimizer": "gd,adam"},
    ),
    "noise": (
        "The same bowl in noise: each step's gradient is off by a little",
        {"model": "linear", "X": _LINE, "y": "0, 1, 1, 3", "from": "-3", "to": "3", "theta0": "-2.5, -2",
         "learning_rate": "0.1", "steps": "60", "optimizer": "gd", "noise": "1.5", "seed": "1"},
    ),
}  # fmt: skip
"""Where one may start: what it shows, and its fields."""
SPOTS: Mapping[str, SpotKind] = {
    "minimum": "minimum", "maximum": "maximum", "saddle": "saddle", "flat valley": "valley", "degenerate": "valley",
}  # fmt: skip
"""How a level place is drawn."""
HANDLES = (
    ("learning_rate", "Learning rate", Slider(0.01, 1, 0.01)),
    ("steps", "Steps", Slider(1, 200, 1)),
    ("momentum", "Momentum", Slider(0, 0.99, 0.01)),
    ("noise", "Noise on each gradient", Slider(0, 3, 0.1)),
)
"""What is dragged: field, words, handle."""
SURFACE, DESCENT = "/v1/losses/surface", "/v1/losses/descent"


def surface_view(query: Query, machine: Machine = ALONE) -> dict[str, Any]:
    """What the page tells of a query: form, map, level places, walks; or the faults."""
    if not query.without("start").given:
        query = Query(STARTS.get(query.text("start"), STARTS["bowl"])[1])
    told: dict[str, Any] = {"faults": [], "fields": list(_fields(query)), "panel": None, "points": [], "walks": []}
    told |= {"starts": {name: words for name, (words, _) in STARTS.items()}, "says": "", "curl": [], "notes": []}
    try:
        walks = _walks(query, machine)
        chart, points, asked = _map(query, walks, machine)
    except QuoteError as error:
        return told | {"faults": faults_of(error)}
    return told | {
        "panel": chart,
        "points": points,
        "walks": [_told_walk(walk) for walk in walks],
        "says": _says(points, walks),
        "notes": _unused(query, walks),
        "curl": [curl(SURFACE, asked), *(curl(DESCENT, walk["asked"]) for walk in walks)],
    }


def _walks(query: Query, machine: Machine) -> list[dict[str, Any]]:
    """Each optimiser's way down, under its own figures.

    Raises: QuoteError
    """
    names = query.names("optimizer") or ["gd"]
    if len(names) > MOST_WALKS:
        _refuse("optimizer", f"{len(names)} optimizers", f"at most {MOST_WALKS} walk at once")
    if query.number("steps", 1) > MOST_STEPS:
        _refuse("steps", f"{query.text('steps')} steps", f"at most {MOST_STEPS} on the page; {DESCENT} takes 10,000")
    known = frozenset(name for figures in FIGURES.values() for name in figures)
    found = []
    for name in names:
        means = ALIASES.get(name.casefold(), name.casefold())
        left = [each for each in known if each not in FIGURES.get(means, {})]
        left += ["batch_size"] if means != "sgd" else []
        own = query.without(*OWN, *left, *([] if _has_chance(query, means) else ["seed"]))
        body = own.body(optimizer=name) | {"optimizer": name}
        body |= {field: _listed(body.get(field)) for field in ("y", "theta0")}
        found.append({"name": means, "asked": body, **descent(body, machine)})
    return found


def _has_chance(query: Query, optimizer: str) -> bool:
    return optimizer == "sgd" or query.number("noise", 0.0) > 0.0


def _listed(value: Any) -> Any:
    """One number is a list of one."""
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else value


def _map(
    query: Query, walks: Sequence[Mapping[str, Any]], machine: Machine
) -> tuple[Contours | Curves, list[dict[str, Any]], dict[str, Any]]:
    """J from above (or along, where there is one coefficient), its level places, and what was asked.

    Raises: QuoteError
    """
    first = np.asarray(walks[0]["thetas"])
    size = first[0].size
    low, high = query.number("from", -3.0), query.number("to", 3.0)
    if not low < high:
        _refuse("to", "the map ends before it begins", "`from` is less than `to`")
    axis = np.linspace(low, high, GRID)
    body = query.only(SHARED).body()
    body["y"] = _listed(body.get("y"))
    body |= {"grid": [axis.tolist()] * min(size, 2), "search": int(query.number("search", 16))}
    plain = size <= 2 and first[0].ndim == 1
    body["theta"] = np.zeros(size).tolist() if plain else first[-1].tolist()
    if plain:
        body["directions"] = np.eye(size).tolist()
    found = surface(body, machine)
    points = [_level(point) for point in found["critical_points"]]
    if size == 1:
        return _line(found, points, walks), points, body
    return _above(found, points, walks, plain=plain), points, body


def _above(
    found: Mapping[str, Any], points: Sequence[Mapping[str, Any]], walks: Sequence[Mapping[str, Any]], *, plain: bool
) -> Contours:
    """The map of two coefficients, or of the two directions that bend most."""
    directions = np.array([np.ravel(d) for d in found["directions"]])
    origin = np.zeros(directions.shape[1]) if plain else np.ravel(walks[0]["thetas"][-1])
    first, second = found["grid"]

    def places(thetas: Array) -> list[tuple[float, float]]:
        moved = thetas.reshape(len(thetas), -1) - origin
        steps, *_ = np.linalg.lstsq(directions.T, moved.T, rcond=None)
        return [(float(a), float(b)) for a, b in steps.T]

    seen = [
        Spot(a, b, point["kind"] if fresh else "", SPOTS[point["kind"]])
        for point, fresh in _named(points)
        for a, b in places(np.array([point["theta"]]))
        if plain and first[0] <= a <= first[-1] and second[0] <= b <= second[-1]
    ]
    ways = [Trail(walk["name"], places(np.asarray(walk["thetas"])), n) for n, walk in enumerate(walks, 1)]
    start = ways[0].places[0]
    return Contours(
        "J over θ₀ and θ₁" if plain else "J around where the first walk ends, along the directions that bend most",
        list(map(float, first)),
        list(map(float, second)),
        np.asarray(found["objectives"]).T.tolist(),
        "θ₀" if plain else "along the strongest bend",
        "θ₁" if plain else "along the second",
        [*seen, Spot(*start, "start", "start")],
        ways=ways,
        desc=_says(points, walks),
    )


def _named(points: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Each level place, and whether it is the first of its kind."""
    told: set[str] = set()
    for point in points:
        yield point, point["kind"] not in told
        told.add(point["kind"])


def _line(found: Mapping[str, Any], points: Sequence[Mapping[str, Any]], walks: Sequence[Mapping[str, Any]]) -> Curves:
    """J of one coefficient, with the steps of each walk on it."""
    xs = list(map(float, found["grid"][0]))
    curve = Curve("J", xs, list(map(float, found["objectives"])))
    marks = [Point(float(p["theta"][0]), float(p["objective"]), p["kind"]) for p in points]
    for n, walk in enumerate(walks, 2):
        steps = zip(np.ravel(walk["thetas"]), walk["objectives"], strict=True)
        marks += [Point(float(t), float(j), "", series=n) for t, j in steps if xs[0] <= t <= xs[-1]]
    inside = [mark for mark in marks if xs[0] <= mark.x <= xs[-1]]
    return Curves("J over θ", [curve], Axis("θ"), Axis("J", kind="even"), _says(points, walks), marks=inside)


def _level(point: Mapping[str, Any]) -> dict[str, Any]:
    counts = point["curvature_signs"] or {}
    bends = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    theta = [float(each) for each in np.ravel(point["theta"])]
    return {"kind": point["kind"], "theta": theta, "objective": float(point["objective"]), "bends": bends}


def _told_walk(walk: Mapping[str, Any]) -> dict[str, Any]:
    """One way down as the table tells it: where it ended, as what, and its steps."""
    thetas, objectives = np.asarray(walk["thetas"]), walk["objectives"]
    count = len(thetas) - 1
    shown = sorted({*np.linspace(0, count, min(count + 1, MOST_ROWS)).astype(int).tolist()})
    end = walk["ends_at"] or {}
    return {
        "name": walk["name"],
        "steps": count,
        "theta": [float(each) for each in np.ravel(thetas[-1])],
        "objective": float(objectives[-1]),
        "slope": float(walk["gradient_norms"][-1]),
        "verdict": "diverged" if walk["diverged"] else end.get("verdict") or "not looked at",
        "bound": walk["stability_bound"],
        "said": [remark["message"] for remark in walk["diagnostics"]],
        "rows": [
            {
                "step": n,
                "theta": [float(each) for each in np.ravel(thetas[n])],
                "objective": float(objectives[n]),
                "slope": float(walk["gradient_norms"][n]),
            }
            for n in shown
        ],
        "is_thinned": len(shown) <= count,
    }


def _says(points: Sequence[Mapping[str, Any]], walks: Sequence[Mapping[str, Any]]) -> str:
    """What the map shows, in words."""
    counts: dict[str, int] = {}
    for point in points:
        counts[point["kind"]] = counts.get(point["kind"], 0) + 1
    level = ", ".join(_counted(count, kind) for kind, count in counts.items()) or "no level place was found"
    lowest = f" J is lowest at {told_number(points[0]['objective'])}." if points else ""
    ways = "; ".join(
        f"{walk['name']} {'diverges' if walk['diverged'] else 'ends at'} "
        f"{'' if walk['diverged'] else told_number(walk['objectives'][-1])}".strip()
        for walk in walks
    )
    steps = len(walks[0]["objectives"]) - 1
    return f"Found: {level}.{lowest} In {steps} steps {ways}."


def _counted(count: int, kind: str) -> str:
    if kind == "flat valley":
        return f"a flat valley (met at {count} places)" if count > 1 else "a flat valley"
    plural = {"minimum": "minima", "maximum": "maxima", "saddle": "saddles"}.get(kind, kind)
    return f"one {kind}" if count == 1 else f"{count} {plural}"


def _unused(query: Query, walks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Figures that were given and that no walk uses."""
    used = {name for walk in walks for name in FIGURES[walk["name"]]}
    used |= {"batch_size"} if any(walk["name"] == "sgd" for walk in walks) else set()
    used |= {"seed"} if any("seed" in walk["asked"] for walk in walks) else set()
    known = {"batch_size", "seed", *(name for figures in FIGURES.values() for name in figures)}
    names = ", ".join(walk["name"] for walk in walks)
    return [f"{name} has no say here: {names} has none" for name in query.given if name in known and name not in used]


def _refuse(field: str, detail: str, hint: str) -> None:
    raise OutOfDomain(detail, pointer=f"/{field}", hint=hint)


def _fields(query: Query) -> Iterator[FormField]:
    """The controls: what is fitted, what is seen, who walks."""
    model = query.text("model", "linear")
    yield FormField("model", "Model", model, "select", tuple(MODELS))
    yield FormField("optimizer", "Who walks", query.text("optimizer", "gd"), "checks", tuple(OPTIMIZERS))
    for name, label, handle in HANDLES:
        yield FormField(name, label, query.text(name), "number", slider=handle)
    yield FormField("theta0", "Start at θ", query.text("theta0"), help="one number a coefficient, with commas")
    if model == "ridge":
        yield FormField("lambda", "λ", query.text("lambda"), "number")
        yield FormField("convention", "λ counts as", query.text("convention", "sum"), "select", tuple(RIDGE))
    if model in NETWORKS:
        yield FormField("hidden", "Units between the layers", query.text("hidden"), "number")
    yield from _more(query, model)


def _more(query: Query, model: str) -> Iterator[FormField]:
    """The controls that are folded: the data, the map, chance."""
    yield FormField("X", "Inputs X, a row an example", query.text("X"), "area", is_more=True)
    yield FormField("y", "Targets y", query.text("y"), is_more=True)
    usual = f"{MODELS.get(model, 'mse')} unless told"
    yield FormField("loss", "Loss", query.text("loss"), help=usual, listed="losses", is_more=True)
    penalty = '[{"type": "l2", "lambda": 0.1}]'
    yield FormField("regularization", "Penalties", query.text("regularization"), help=penalty, is_more=True)
    yield FormField("from", "Map from", query.text("from", "-3"), "number", is_more=True)
    yield FormField("to", "Map to", query.text("to", "3"), "number", is_more=True)
    yield FormField(
        "schedule", "Learning rate over time", query.text("schedule"), "select", ("", *SCHEDULES), is_more=True
    )
    yield FormField("batch_size", "Rows a step (sgd)", query.text("batch_size"), "number", is_more=True)
    yield FormField("seed", "Seed of chance", query.text("seed"), "number", is_more=True)
