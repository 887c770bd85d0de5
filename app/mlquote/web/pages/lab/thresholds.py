"""/loss/threshold: from what errors cost to where to cut, on the cost curve of given cases; weights of rare classes."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from mlquote.kit.errors import QuoteError
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights
from mlquote.render.charts.specs import Axis, Curve, Curves, Point
from mlquote.render.pages.numbers import told_number
from mlquote.web.pages.asked import FormField, Query, Slider, curl, faults_of

CASES = {
    "probabilities": "0.02, 0.05, 0.08, 0.1, 0.13, 0.17, 0.2, 0.24, 0.28, 0.33, 0.38, 0.44, 0.5, 0.57, 0.63, 0.7, "
    "0.78, 0.85, 0.92, 0.97",
    "labels": "0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1",
}
FIRST = {"costs.fp": "1", "costs.fn": "4", "costs.tp": "0", "costs.tn": "0", **CASES}
CELLS = {
    "fp": "A false alarm costs",
    "fn": "A miss costs",
    "tp": "A hit costs",
    "tn": "A rightly left alone costs",
}
PATH, WEIGHTS = "/v1/losses/decision-threshold", "/v1/losses/class-weights"
SCHEMES = ("balanced", "effective_number")


def threshold_view(query: Query) -> dict[str, Any]:
    """What the page tells of a query: the cut by theory, the cut by these cases, the curve, the weights; or faults."""
    if not query.given:
        query = Query(FIRST)
    told: dict[str, Any] = {"faults": [], "fields": list(_fields(query)), "panel": None, "rows": [], "weights": None}
    told |= {"says": "", "curl": [], "shift": None, "curve": []}
    try:
        given = query.body()
        costs = {cell: given.get("costs", {}).get(cell, 0) for cell in CELLS}
        cases = {"probabilities": _list(given.get("probabilities")), "labels": _list(given.get("labels"))}
        cases = {name: value for name, value in cases.items() if value is not None}
        _refuse_strangers(given, costs)
        theory = threshold({"op": "optimal", "costs": costs, **cases})
        tried = threshold({"op": "empirical", "costs": costs, **cases}) if "labels" in cases else None
        shift, weights = _shift(given, theory), _weights(given)
    except QuoteError as error:
        return told | {"faults": faults_of(error)}
    return told | {
        "panel": None if tried is None else _curve(theory, tried),
        "curve": [] if tried is None else _curve_rows(tried),
        "rows": list(_rows(theory, tried)),
        "says": _says(theory, tried),
        "shift": shift,
        "weights": weights,
        "curl": [curl(PATH, {"op": op, "costs": costs, **cases}) for op in ("optimal", "empirical")],
    }


def _refuse_strangers(given: Mapping[str, Any], costs: Mapping[str, Any]) -> None:
    """Let the operation name what it does not know, in its own words."""
    known = {"costs", "probabilities", "labels", "base_rate", "new_base_rate", "scheme", "beta"}
    strange = {name: value for name, value in given.items() if name not in known}
    unknown = {cell: value for cell, value in given.get("costs", {}).items() if cell not in CELLS}
    if strange or unknown:
        threshold({"op": "optimal", "costs": {**costs, **unknown}, "probabilities": [0.5], **strange})


def _list(value: Any) -> Any:
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else value


def _shift(given: Mapping[str, Any], theory: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where the same model's cut lies once the positive class has become rarer or more common.

    The model still says the probabilities it learnt; cutting the corrected ones at p* is cutting its own ones where the
    correction turned round leads from p*.
    """
    if "base_rate" not in given or "new_base_rate" not in given or theory["threshold"] is None:
        return None
    ask = {"op": "base_rate_shift", "probability": theory["threshold"]}
    ask |= {"base_rate": given["new_base_rate"], "new_base_rate": given["base_rate"]}
    return {"cut": float(threshold(ask)["probability"]), "base": given["base_rate"], "new": given["new_base_rate"]}


def _weights(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What each class counts for, by the labels that were given."""
    labels = _list(given.get("labels"))
    if labels is None:
        return None
    scheme = given.get("scheme", "balanced")
    body = {"scheme": scheme, "labels": labels}
    if scheme == "effective_number":
        body["beta"] = given.get("beta", 0.99)
    elif "beta" in given:
        body["beta"] = given["beta"]
    found = class_weights(body)
    rows = zip(found["classes"], found["counts"], found["weights"], strict=True)
    listed = [{"class": str(name), "count": int(count), "weight": float(weight)} for name, count, weight in rows]
    return {"scheme": found["scheme"], "rows": listed, "curl": curl(WEIGHTS, body)}


def stairs(tried: Mapping[str, Any]) -> list[tuple[float, float, float]]:
    """From where to where (as probabilities) a cut costs the same, and what; from 0 upwards.

    "Positive from t on" costs curve.total_costs[k] for t above the next lower threshold, up to curve.thresholds[k].
    """
    cuts = [min(float(t), 1.0) for t in tried["curve"]["thresholds"]]
    totals = [float(cost) for cost in tried["curve"]["total_costs"]]
    found = [
        (low, high, cost)
        for high, low, cost in zip(cuts, [*cuts[1:], 0.0], totals, strict=True)
    ]  # fmt: skip
    return found[::-1]


def cost_at(tried: Mapping[str, Any], cut: float) -> float | None:
    """What these cases cost at a cut."""
    for low, high, cost in stairs(tried):
        if low < cut <= high or (cut == 0.0 and low == 0.0):
            return cost
    return None


def _curve(theory: Mapping[str, Any], tried: Mapping[str, Any]) -> Curves:
    """Total cost over the threshold, as steps, with the three cuts marked."""
    places = [(x, cost) for low, high, cost in stairs(tried) for x in (low, high)]
    marks = [Point(min(float(tried["threshold"]), 1.0), float(tried["min_total_cost"]), "least here", series=3)]
    if theory["policy"] == "threshold":
        cost = cost_at(tried, theory["threshold"])
        marks.append(Point(theory["threshold"], cost or 0.0, "p*", series=2))
    marks.append(Point(0.5, float(tried["cost_at_half"]), "0.5", series=4))
    line = Curve("total cost", [x for x, _ in places], [cost for _, cost in places])
    axes = Axis("cut: positive from this probability on"), Axis("total cost", kind="zero")
    return Curves("Total cost of these cases over the cut", [line], *axes, _says(theory, tried), marks=marks)


def _curve_rows(tried: Mapping[str, Any]) -> list[dict[str, float]]:
    return [{"above": low, "to": high, "cost": cost} for low, high, cost in stairs(tried)]


def _rows(theory: Mapping[str, Any], tried: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The three cuts, with what these cases cost at each."""
    mean = float(np.mean(theory["expected_costs"]))
    cut = theory["threshold"]
    yield {"name": "by the costs alone, p*", "cut": cut, "cost": theory.get("realised_cost"), "expected": mean}
    if tried is not None:
        yield {"name": "least on these cases", "cut": tried["threshold"], "cost": tried["min_total_cost"]}
        yield {"name": "at one half", "cut": 0.5, "cost": tried["cost_at_half"]}


def _says(theory: Mapping[str, Any], tried: Mapping[str, Any] | None) -> str:
    """Where to cut, in words."""
    policy, cut = theory["policy"], theory["threshold"]
    words = {
        "threshold": f"Decide positive from a probability of {told_number(cut, 3)} on",
        "inverted": f"The costs are turned round: decide positive below {told_number(cut or 0.0, 3)}",
        "always_positive": "Decide positive always: no error of that kind costs more than it saves",
        "always_negative": "Decide negative always: no error of that kind costs more than it saves",
    }[policy]
    if tried is None or "realised_cost" not in theory:
        return f"{words}."
    told = [told_number(each) for each in (theory["realised_cost"], tried["min_total_cost"], tried["cost_at_half"])]
    return f"{words}: these cases cost {told[0]} there, {told[1]} at their own best cut, {told[2]} at one half."


def _fields(query: Query) -> Iterator[FormField]:
    """The controls: four costs, the cases, a base rate that changes, a scheme of weights."""
    for cell, words in CELLS.items():
        name, handle = f"costs.{cell}", Slider(0, 20, 0.5) if cell in {"fp", "fn"} else None
        told = "negative for a benefit" if handle is None else ""
        yield FormField(name, words, query.text(name, "0"), "number", help=told, slider=handle)
    yield FormField("probabilities", "Probabilities of the positive class", query.text("probabilities"), "area")
    yield FormField("labels", "What was true, 0 or 1", query.text("labels"), "area")
    yield FormField("base_rate", "Share of positives it was learnt under", query.text("base_rate"), "number")
    yield FormField("new_base_rate", "Share of positives in use", query.text("new_base_rate"), "number")
    yield FormField("scheme", "Class weights", query.text("scheme", "balanced"), "select", SCHEMES)
    if query.text("scheme") == "effective_number":
        yield FormField("beta", "β", query.text("beta", "0.99"), "number")
