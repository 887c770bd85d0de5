"""One example's loss as one of its predictions moves: value, slope and curvature, and where the slope jumps."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlquote.kit.errors import Fault, OutOfDomain
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.constants import known
from mlquote.losses.examples import example
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.names import Named, read_loss
from mlquote.losses.objective import resolved
from mlquote.losses.question import Question, read
from mlquote.losses.reading import Answer, Array, Body, Reader, as_array
from mlquote.losses.reduction import solve
from mlquote.losses.registry import LOSSES

POINTS, MOST_POINTS, MOST_ENTRIES = 161, 10_001, 1_000_000
TRIED = 17
"""Places that are looked at before a choice is taken."""
STEP = 1e-4
"""Half of the span over which two slopes are compared, per unit of the prediction (at least 1)."""
SPANS = ((0.0, -4.0, 4.0), (1.0, -4.0, 4.0), (1.0, 0.05, 4.05), (1.0, 0.02, 0.98))
"""Target, low and high end of what a loss of elements is shown over, the first that it takes."""
ROW_SPANS = ((-4.0, 4.0), (0.02, 0.98), (-0.98, 0.98), (-4.0, -0.02))
"""Low and high end of what one entry of a row is moved over."""
NOT_ONE_BY_ONE = "its value is no mean of examples: there is no loss of one example to draw"


def sliceable(loss: Loss) -> bool:
    """Whether each example of a loss has a value of its own."""
    return loss.outer is None and loss.folding is not Folding.WHOLE


@dataclass(frozen=True, slots=True)
class Line:
    """One example, and which entry of which of its predictions moves from where to where."""

    body: Body
    """The question of that one example: loss, form and parameters, its arrays without an axis of examples."""
    along: str | None
    """The array that moves, where the loss has several."""
    place: int
    low: float
    high: float

    def question(self, at: Array) -> Question:
        """The example as many times as there are places, each with its entry moved there."""
        tiled = {side: _tiled(self.body[side], len(at)) for side in ("predictions", "targets") if side in self.body}
        moving = tiled["predictions"] if self.along is None else tiled["predictions"][self.along]
        moving.reshape(len(at), -1)[:, self.place] = at
        return replace(read({**self.body, **tiled, "reduction": "sum", "gradient": True}), return_per_example=True)

    def looked_at(self, at: Array, machine: Machine) -> tuple[Array, Array]:
        """Value and slope at each place.

        Raises: OutOfDomain, in the words of the one example
        """
        try:
            question = self.question(at)
            solution = solve(question, machine)
        except OutOfDomain as error:
            raise OutOfDomain(error.detail, faults=[_of_one(fault) for fault in error.faults]) from error
        assert solution.outcome.values is not None  # asked for
        slopes = solution.gradients[self.along or question.loss.predictions[0]]
        return solution.outcome.values.reshape(len(at), -1).sum(1), slopes.reshape(len(at), -1)[:, self.place]


@np.errstate(all="ignore")
def loss_slice(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer `{loss, params, input_form, predictions, targets, along, place, from, to, points, at}`.

    Slopes are the loss's own gradient; curvatures are differences of it over two spans, and null where they disagree as
    they do at a kink, which is listed.

    Raises: OutOfDomain with every fault
    """
    reader = Reader(body)
    line = _line(reader)
    points = reader.whole("points", POINTS, low=2, high=MOST_POINTS)
    marks = _marks(reader, line)
    reader.finish()
    assert line is not None and marks is not None  # finish raised otherwise
    grid = np.linspace(line.low, line.high, points)
    places = np.concatenate([grid, marks])
    values, slopes = line.looked_at(places, machine)
    curvatures = _curvatures(line, places, machine)
    told = [None if np.isnan(each) else float(each) for each in curvatures]
    asked = line.question(grid[:1])
    best = int(np.argmin(values[:points]))
    return {
        "loss": asked.loss.name,
        "along": line.along or asked.loss.predictions[0],
        "place": line.place,
        "grid": grid,
        "values": values[:points],
        "slopes": slopes[:points],
        "curvatures": told[:points],
        "kinks": [float(at) for at, curvature in zip(grid, told[:points], strict=True) if curvature is None],
        "lowest": {"at": float(grid[best]), "value": float(values[best])},
        "at": [
            {"at": float(places[i]), "value": float(values[i]), "slope": float(slopes[i]), "curvature": told[i]}
            for i in range(points, len(places))
        ],
        "properties": known(asked),
        "resolved": resolved(asked) | {side: line.body.get(side) for side in ("predictions", "targets")}
        | {"from": line.low, "to": line.high},
    }  # fmt: skip


def _line(reader: Reader) -> Line | None:
    """The example and its way: as asked, or the first that the loss takes."""
    named = read_loss(reader)
    given = {name: reader.raw(name) for name in ("predictions", "targets", "input_form", "params")}
    along, place = reader.raw("along"), reader.whole("place", 0)
    ends = [None if reader.raw(end) is None else reader.number(end) for end in ("from", "to")]
    if named is None:
        return None
    loss = named.loss
    if not sliceable(loss):
        reader.refuse("loss", f"{loss.name}: {NOT_ONE_BY_ONE}", f"one of: {', '.join(slice_names())}")
        return None
    several = loss.predictions != ("predictions",)
    if along is not None and along not in loss.predictions:
        reader.refuse("along", f"{loss.name} has no prediction {along!r}", f"one of: {', '.join(loss.predictions)}")
    if None not in ends and not ends[0] < ends[1]:  # type: ignore[operator]  # both are numbers
        reader.refuse("to", "the way ends before it begins", "`from` is less than `to`")
    reader.check()
    name = (along or loss.predictions[0]) if several else None
    asked = {"loss": reader.body["loss"], **{key: value for key, value in given.items() if value is not None}}
    return _first_taken(named, asked, name, place, ends)


def _first_taken(named: Named, asked: Answer, along: str | None, place: int, ends: list[float | None]) -> Line:
    """The example as it was asked, what was left open filled with the first choice that the loss takes.

    Raises: OutOfDomain, the last choice's refusal
    """
    refusal: OutOfDomain | None = None
    for filled, low, high in _choices(named.loss, asked):
        line = Line(filled, along, place, low if ends[0] is None else ends[0], high if ends[1] is None else ends[1])
        _require_place(line)
        try:
            line.looked_at(np.linspace(line.low, line.high, TRIED), ALONE)
        except OutOfDomain as error:
            refusal = refusal or error
        else:
            return line
    assert refusal is not None  # there is at least one choice
    raise refusal


def _choices(loss: Loss, asked: Answer) -> list[tuple[Answer, float, float]]:
    """Questions of one example with the ends of its way: what was given, and what may stand for the rest."""
    params = {param.name: param.default for param in loss.params} | asked.get("params", {})
    usual = "logits" if "logits" in loss.forms else loss.usual_form or (loss.forms or ("",))[0]
    said = {"input_form": usual} if loss.forms else {}
    if loss.folded(params) is Folding.ELEMENTS and loss.predictions == ("predictions",):
        spans = SPANS[1:] if loss.forms else SPANS
        return [({"predictions": low, "targets": target, **said, **asked}, low, high) for target, low, high in spans]
    shown = example(loss)
    firsts: list[Answer] = [{side: _first(shown[side]) for side in ("predictions", "targets") if side in shown}]
    if loss.folded(params) is Folding.CLASSES:
        firsts.insert(0, {"predictions": [0.0, 0.0], "targets": 0})
    return [({**first, **said, **asked}, low, high) for first in firsts for low, high in ROW_SPANS]


def _first(value: Any) -> Any:
    """The first example of a batch."""
    return {name: entry[0] for name, entry in value.items()} if isinstance(value, dict) else value[0]


def _tiled(value: Any, count: int) -> Any:
    """One example's array, or its named arrays, once for each place."""
    if isinstance(value, dict):
        return {name: _tiled(entry, count) for name, entry in value.items()}
    faults: list[Fault] = []
    one = as_array(value, "", faults, alone=True)
    if one is None or one.size * count > MOST_ENTRIES:
        detail = faults[0].detail if faults else f"{one.size if one is not None else 0} numbers at {count} places"
        raise OutOfDomain(detail, pointer="/predictions", hint=f"one example, at most {MOST_ENTRIES} numbers in all")
    return np.tile(one, (count, *(1 for _ in one.shape)))


def _require_place(line: Line) -> None:
    """Raise OutOfDomain where the entry that is to move is not there, or stands among rows of different lengths."""
    given = line.body.get("predictions")
    if line.along is not None and not isinstance(given, dict):
        detail = "its predictions are arrays by name"
        raise OutOfDomain(detail, faults=[Fault("/predictions", detail, f"an object that holds {line.along}")])
    given = given.get(line.along) if line.along is not None and isinstance(given, dict) else given
    faults: list[Fault] = []
    one = as_array(given, "/predictions", faults, alone=True) if given is not None else None
    if faults:
        raise OutOfDomain(faults[0].detail, faults=faults)
    size = one.size if one is not None else 0
    if line.place >= size:
        detail = f"place {line.place} of {size} entries"
        raise OutOfDomain(detail, faults=[Fault("/place", detail, f"0 to {size - 1}")])


def _of_one(fault: Fault) -> Fault:
    """A fault of the repeated example without the number of its copy."""
    head, _, rest = fault.pointer.removeprefix("/").partition("/")
    number, _, after = rest.partition("/")
    if head in {"predictions", "targets"} and number.isdigit():
        return Fault(f"/{head}" + (f"/{after}" if after else ""), fault.detail, fault.hint)
    return fault


def _marks(reader: Reader, line: Line | None) -> Array | None:
    """The places to be told apart from the line: one number or a list."""
    given = reader.raw("at")
    if given is None or line is None:
        return np.zeros(0)
    found = as_array([given] if not isinstance(given, list | tuple | np.ndarray) else given, "/at", reader.faults)
    if found is not None and (found.ndim != 1 or not ((found >= line.low) & (found <= line.high)).all()):
        reader.refuse("at", "at lies beyond the way", f"numbers from {line.low:g} to {line.high:g}")
    return found


def _curvatures(line: Line, at: Array, machine: Machine) -> Array:
    """Differences of the slope over a span and over a quarter of it; NaN at a kink, where they go as 1 to 4."""
    wide = STEP * np.maximum(1.0, np.abs(at))
    spans = [(np.maximum(at - step, line.low), np.minimum(at + step, line.high)) for step in (wide, wide / 4.0)]
    _, slopes = line.looked_at(np.concatenate([end for span in spans for end in span]), machine)
    parted = slopes.reshape(4, len(at))
    coarse, fine = ((parted[2 * i + 1] - parted[2 * i]) / (spans[i][1] - spans[i][0]) for i in (0, 1))
    largest = float(np.abs(parted[np.isfinite(parted)]).max(initial=1.0))
    jumps = (np.abs(fine) > 2.0 * np.abs(coarse)) & (np.abs(fine) > 0.01 * largest)
    return np.where(jumps, np.nan, fine)


def slice_names() -> list[str]:
    """The losses of which one example can be drawn."""
    return [name for name, loss in LOSSES.items() if sliceable(loss)]
