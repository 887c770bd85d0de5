"""/loss: the value, the slope and the curvature of a loss as one prediction moves, others beside it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mlquote.kit.errors import QuoteError
from mlquote.losses.glossary import one_loss
from mlquote.losses.loss import Loss
from mlquote.losses.names import meanings
from mlquote.losses.parameters import Param
from mlquote.losses.registry import LOSSES
from mlquote.losses.uses.slices import loss_slice, slice_names
from mlquote.render.charts.specs import Axis, Curve, Curves
from mlquote.render.pages.numbers import told_number
from mlquote.web.pages.asked import FormField, Query, Slider, curl, faults_of

FIRST = {"loss": "huber", "params.delta": "1", "at": "1.5", "beside": "mse, mae, log_cosh"}
"""What an empty query shows."""
MOST_BESIDE = 3
PATH = "/v1/losses/slice"
FIGURES = (
    ("values", "Value L", "value"),
    ("slopes", "Slope dL/dŷ", "slope"),
    ("curvatures", "Curvature d²L/dŷ²", "curvature"),
)


def shape_view(query: Query) -> dict[str, Any]:
    """What the page tells of a query: the form, the three drawings, the table, the words; or the faults."""
    if not query.given:
        query = Query(FIRST)
    name = query.text("loss", "huber")
    told: dict[str, Any] = {"faults": [], "panels": [], "rows": [], "answer": None, "refused": []}
    told["fields"] = list(_fields(query, name, {}))
    try:
        body = query.without("beside", "was").body(loss="huber")
        answer = loss_slice(body)
    except QuoteError as error:
        return told | {"faults": faults_of(error), "entry": None, "curl": "", "says": "", "legend": []}
    others, refused = _beside(query, answer)
    slices = [answer, *others]
    told["fields"] = list(_fields(query, answer["loss"], answer["resolved"]))
    return told | {
        "answer": answer,
        "entry": one_loss(answer["loss"]),
        "panels": [_panel(slices, figure, words) for figure, words, _ in FIGURES],
        "legend": [each["loss"] for each in slices],
        "rows": list(_rows(slices)),
        "refused": refused,
        "says": _says(answer),
        "curl": curl(PATH, body),
    }


def _beside(query: Query, answer: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The same way under other losses, and why some cannot go it."""
    found, refused = [], []
    resolved = answer["resolved"]
    for name in query.names("beside")[:MOST_BESIDE]:
        ask: dict[str, Any] = {"loss": name, "from": resolved["from"], "to": resolved["to"]}
        if answer["at"]:
            ask["at"] = [each["at"] for each in answer["at"]]
        ask |= {side: resolved[side] for side in ("predictions", "targets") if resolved[side] is not None}
        known = meanings(name)
        if resolved["input_form"] and known and resolved["input_form"] in known[0].loss.forms:
            ask["input_form"] = resolved["input_form"]
        try:
            found.append(loss_slice(ask))
        except QuoteError as error:
            refused.append(f"{name}: {error.detail}")
    refused += [f"{name}: only {MOST_BESIDE} stand beside it" for name in query.names("beside")[MOST_BESIDE:]]
    return found, refused


def way_words(answer: Mapping[str, Any]) -> str:
    """What moves, in words, with the target it is held against."""
    resolved, loss = answer["resolved"], LOSSES[answer["loss"]]
    what = {"logits": "logit z", "probabilities": "probability p", "rate": "rate", "log_rate": "log rate"}
    if loss.predictions != ("predictions",):
        return str(answer["along"])
    moves = what.get(resolved["input_form"] or "", "prediction ŷ")
    if isinstance(resolved["predictions"], list):
        return f"{moves}, entry {answer['place']} of {len(resolved['predictions'])}"
    return moves if resolved["targets"] is None else f"{moves}; target {told_number(resolved['targets'])}"


def _panel(slices: list[dict[str, Any]], figure: str, words: str) -> Curves:
    """One figure of all losses, the first one's range deciding what is seen."""
    own = [value for value in slices[0][figure] if value is not None and abs(value) < float("inf")]
    low, high = (min(own), max(own)) if own else (0.0, 1.0)
    room = 0.6 * (high - low) or max(1.0, abs(high))
    seen = (low - room, high + room)
    curves = [
        Curve(each["loss"], list(map(float, each["grid"])), _within(each[figure], seen), series)
        for series, each in enumerate(slices, 1)
    ]
    at = slices[0]["at"]
    title = f"{words} of {', '.join(each['loss'] for each in slices)}"
    desc = (
        f"From {told_number(low)} to {told_number(high)} for {slices[0]['loss']}; values at the mark are in the table."
    )
    cursor = at[0]["at"] if at else None
    return Curves(title, curves, Axis(way_words(slices[0])), Axis("", kind="even"), desc, cursor, has_legend=False)


def _within(values: Any, seen: tuple[float, float]) -> list[float]:
    """The values that are seen; not a number elsewhere, and where there is none."""
    return [float(v) if v is not None and seen[0] <= v <= seen[1] else float("nan") for v in values]


def _rows(slices: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for series, each in enumerate(slices, 1):
        for mark in each["at"]:
            yield {"series": series, "loss": each["loss"], **mark}


def _says(answer: Mapping[str, Any]) -> str:
    """What the numbers mean, in a sentence or two."""
    told = [f"Lowest on this way at {told_number(answer['lowest']['at'])}: {told_number(answer['lowest']['value'])}."]
    for mark in answer["at"][:1]:
        slope = mark["slope"]
        pull = "falls" if slope < 0 else "rises"
        moves = f"it {pull} by {told_number(abs(slope))} per unit" if slope else "it is level"
        bends = "jumps in slope" if mark["curvature"] is None else f"curvature {told_number(mark['curvature'])}"
        told.insert(0, f"At {told_number(mark['at'])} the loss is {told_number(mark['value'])}, {moves}, {bends}.")
    if answer["kinks"]:
        told.append(f"A kink at {', '.join(told_number(at) for at in answer['kinks'][:4])}: no curvature there.")
    return " ".join(told)


def _fields(query: Query, name: str, resolved: Mapping[str, Any]) -> Iterator[FormField]:
    """The controls: the loss, its parameters, what is held still and what moves."""
    known = meanings(name)
    loss = known[0].loss if known else LOSSES["huber"]
    yield FormField("loss", "Loss", name, "select", _named(name), one_loss(loss.name)["about"])
    if len(loss.forms) > 1:
        form = query.text("input_form") or str(resolved.get("input_form") or loss.forms[0])
        yield FormField("input_form", "The prediction is given as", form, "select", loss.forms)
    yield from (_param(param, query) for param in loss.params)
    yield from _arrays(loss, query, resolved)
    low = query.text("from") or _said(resolved.get("from"))
    high = query.text("to") or _said(resolved.get("to"))
    ends = query.number("from", resolved.get("from", -4.0)), query.number("to", resolved.get("to", 4.0))
    handle = Slider(*ends, (ends[1] - ends[0]) / 160) if ends[0] < ends[1] else None
    yield FormField("at", "Read off at", query.text("at"), "number", slider=handle, help="values there, in the table")
    told = "up to three names with commas: the same way under each"
    yield FormField("beside", "Beside it", query.text("beside"), help=told, listed="losses")
    yield FormField("from", "From", low, "number", is_more=True)
    yield FormField("to", "To", high, "number", is_more=True)


def _named(name: str) -> list[str]:
    """The losses that can be drawn; the one asked for first where it is another name."""
    names = slice_names()
    return names if name in names else [name, *names]


def _arrays(loss: Loss, query: Query, resolved: Mapping[str, Any]) -> Iterator[FormField]:
    """What is held still: one target, or the example's arrays."""
    if loss.targets:
        target = query.text("targets") or _said(resolved.get("targets"))
        yield FormField("targets", "Target", target, help="of the one example that is drawn")
    if loss.predictions != ("predictions",):
        yield FormField("along", "What moves", query.text("along", loss.predictions[0]), "select", loss.predictions)
    shown = resolved.get("predictions")
    if isinstance(shown, list | dict):
        yield FormField("predictions", "The example's predictions", query.text("predictions") or _said(shown))
        yield FormField("place", "Which entry moves", query.text("place"), "number", help="counted from 0")


def _param(param: Param, query: Query) -> FormField:
    """A parameter's control: a handle for a number, words for words."""
    name = f"params.{param.name}"
    usual = param.default if isinstance(param.default, int | float | str) else None
    value = query.text(name) or ("" if usual is None else _said(usual))
    told = f"{param.about} ({param.domain})"
    options = param.domain.removesuffix(" or null").split(" | ")
    if param.interval is None:
        if len(options) > 1 and "{" not in param.domain:
            return FormField(name, param.name, value.casefold(), "select", options, param.about)
        return FormField(name, param.name, value, help=told)
    return FormField(name, param.name, value, "number", help=told, slider=_handle(param))


def _handle(param: Param) -> Slider:
    """From end to end of its domain, or as far as four times its default."""
    interval = param.interval
    assert interval is not None  # asked by who has looked
    usual = float(param.default) if isinstance(param.default, int | float) else 1.0
    reach = max(abs(usual) * 4, 1.0)
    low = interval.low if interval.low > -1e9 else -reach
    high = interval.high if interval.high < 1e9 else low + reach
    step = (high - low) / 40
    return Slider(low + step if interval.open_low else low, high - step if interval.open_high else high, step)


def _said(value: Any) -> str:
    """A value as its box holds it."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else value if isinstance(value, str) else json.dumps(value)
