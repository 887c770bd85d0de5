"""/loss/frameworks: one input under each framework's own function, the divisors, and the reason for each gap."""

from collections.abc import Iterator
from typing import Any

from mlquote.kit.errors import QuoteError
from mlquote.losses.names import meanings
from mlquote.losses.registry import LOSSES
from mlquote.losses.uses.comparison import compare
from mlquote.render.charts.specs import Bands, Quoted
from mlquote.render.pages.numbers import told_number
from mlquote.web.pages.asked import FormField, Query, curl, faults_of

FIRST = {"loss": "huber", "predictions": "0.2, 1.5, -3, 0.9", "targets": "0, 0, 0, 1"}
PATH = "/v1/losses/compare"


def frameworks_view(query: Query) -> dict[str, Any]:
    """What the page tells of a query: form, a row a framework; or the faults."""
    if not query.given:
        query = Query(FIRST)
    told: dict[str, Any] = {"faults": [], "fields": list(_fields(query)), "answer": None, "panel": None}
    told |= {"says": "", "curl": ""}
    try:
        body = query.without("was").body()
        answer = compare(body)
    except QuoteError as error:
        return told | {"faults": faults_of(error)}
    return told | {"answer": answer, "says": _says(answer), "curl": curl(PATH, body), "panel": _panel(answer)}


def _panel(answer: dict[str, Any]) -> Bands | None:
    """Each value on one axis, the plain mean first; None where a value is below zero or nobody has one."""
    rows = [("plain mean", answer["reference"]["value"])]
    rows += [(entry["framework"], entry["value"]) for entry in answer["frameworks"]]
    if not any(value is not None for _, value in rows) or any(value is not None and value < 0 for _, value in rows):
        return None
    drawn = [Quoted(name, exact=None if value is None else float(value)) for name, value in rows]
    return Bands(f"J of the same numbers under {len(rows) - 1} frameworks and as a plain mean", drawn, "")


def _says(answer: dict[str, Any]) -> str:
    """Whether they agree, in a sentence."""
    known = [entry for entry in answer["frameworks"] if entry["value"] is not None]
    if not known:
        return "No framework answers this input." if answer["frameworks"] else "No framework here has this loss."
    if not answer["values_differ"]:
        return f"All {len(known)} that answer give {told_number(known[0]['value'])}."
    low, high = min(known, key=lambda each: each["value"]), max(known, key=lambda each: each["value"])
    return (
        f"They differ: {told_number(low['value'])} by {low['framework']}, {told_number(high['value'])} by "
        f"{high['framework']}, for the same numbers. The reasons stand beside each."
    )


def _fields(query: Query) -> Iterator[FormField]:
    """The controls: the loss, the numbers, the weights."""
    name = query.text("loss", "huber")
    known = meanings(name)
    loss = known[0].loss if known else LOSSES["huber"]
    yield FormField("loss", "Loss", name, help="a name of ours, or a framework's own", listed="losses")
    if loss.forms:
        yield FormField("input_form", "Predictions are", query.text("input_form"), "select", ("", *loss.forms))
    yield FormField(
        "predictions", "Predictions", query.text("predictions"), "area", help="0.2, 1.5 or [[2, 0.5], [0, 1]]"
    )
    yield FormField("targets", "Targets", query.text("targets"))
    yield FormField("weights.sample", "Weight of each example", query.text("weights.sample"))
    if loss.classes:
        yield FormField("weights.class", "Weight of each class", query.text("weights.class"), help="or balanced")
    yield FormField("mask", "Mask", query.text("mask"), help="1 keeps an example, 0 drops it")
    for param in loss.params:
        name = f"params.{param.name}"
        yield FormField(
            name, param.name, query.text(name), help=f"{param.about} ({param.domain}); else each one's default"
        )
