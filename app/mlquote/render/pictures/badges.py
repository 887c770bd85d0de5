"""An answer in a few words for a badge: its label, its value, and whether that is good."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mlquote.render.brief import headlines
from mlquote.render.charts.amounts import MINUS, measure, money, percent, price, telling
from mlquote.render.charts.badges import Tone
from mlquote.render.pictures.telling import at, exactly, span_of, unit_at


class Worded(NamedTuple):
    """What a badge says."""

    label: str
    value: str
    tone: Tone = "plain"
    says: str = ""


def not_told(label: str, why: str) -> Worded:
    """That it is not known, and why."""
    return Worded(label, "unknown", "unknown", f"{label}: unknown. {why}")


def model_price(answer: Mapping[str, Any]) -> Worded:
    """What a million tokens cost, in and out."""
    told, question = answer["result"]["usd_per_mtok"], answer["question"]
    label = str(question.get("model"))
    known = {name: told.get(name) for name in ("input", "output") if told.get(name) is not None}
    if not known:
        return not_told(label, "it has no price per token")
    words = " · ".join(
        f"{price(_decimal(value))} {'in' if name == 'input' else 'out'}" for name, value in known.items()
    )
    return Worded(label, f"{words} /Mtok", "plain", f"{label}: {words} per million tokens, {_since(answer)}")


_SIDES = {"input": "in", "output": "out"}


def cost(answer: Mapping[str, Any]) -> Worded:
    """The figure that answers an estimate: its centre and its ends, or exact dollars."""
    figure = next(headlines(answer["result"]), None)
    label = str(answer["question"].get("model") or "cost")
    if figure is None:
        return not_told(label, next((each["detail"] for each in answer.get("warnings", ())), "no figure"))
    unit = unit_at(figure.name)
    if figure.low is None:
        value = exactly(figure.value) if unit == "$" else measure(unit, float(figure.value)).told(float(figure.value))
        return Worded(label, value, says=f"{label}: {value} exactly, {_since(answer)}")
    ends = [float(each) for each in (figure.low, figure.value, figure.high)]
    written = telling(measure(unit, ends[1]), ends)
    value = f"{written.told(ends[1])} ({written.figure(ends[0])} to {written.figure(ends[2])})"
    return Worded(label, value, says=f"{label}: about {value}, eight in ten; {_since(answer)}")


def change(answer: Mapping[str, Any]) -> Worded:
    """How much dearer or cheaper the same bill became."""
    result = answer["result"]
    was, difference = result.get("was_usd"), result.get("difference_usd")
    if was is None or difference is None:
        return not_told("cost", str(result.get("because") or "one of the two has no price"))
    moved = _decimal(difference)
    if not moved:
        return Worded("cost", "unchanged", "good", f"cost: {exactly(was)}, unchanged")
    share = f" ({'+' if moved > 0 else MINUS}{percent(abs(float(moved) / float(was)))})" if float(was) else ""
    value = f"{'+' if moved > 0 else ''}{money(moved)}{share}"
    return Worded("cost", value, "bad" if moved > 0 else "good", f"cost: {value}; {result.get('because', '')}")


def budget_left(answer: Mapping[str, Any]) -> Worded:
    """How much of the tightest limit over a period is left."""
    label = f"budget {answer['name']}"
    limits = [each for each in answer.get("standing") or () if each.get("fail_above") and each["per"] != "check"]
    if not limits:
        return not_told(label, "it has no limit over a period")
    shares = [(1 - float(each["used"]) / float(each["fail_above"]), each) for each in limits]
    left, tightest = min(shares, key=lambda share: share[0])
    unit = unit_at(str(tightest["figure"]))
    most, used = float(tightest["fail_above"]), float(tightest["used"])
    written = measure(unit, most)
    says = f"{label}: {written.told(used, 3)} of {written.told(most, 3)} used this {tightest['per']}"
    tone: Tone = "bad" if left <= 0 else "warn" if left < _NEAR else "good"
    value = f"{percent(left)} left" if left > 0 else f"over by {percent(-left)}" if left < 0 else "used up"
    return Worded(label, value, tone, says)


_NEAR = 0.2
"""With less than this left a badge warns."""


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _since(answer: Mapping[str, Any]) -> str:
    catalog = answer["catalog"]
    return f"release {catalog['release']}, as of {str(catalog['as_of'])[:10]}"


def figure_at(answer: Mapping[str, Any], path: str) -> Worded:
    """One named figure of an estimate."""
    value, unit = at(answer["result"], path), unit_at(path)
    span, label = span_of(value), path.replace("_", " ").replace(".", " ")
    if span is None and (value is None or isinstance(value, Mapping | str | list)):
        return not_told(label, "the answer holds no such figure")
    if span is None:
        return Worded(label, measure(unit, float(value)).told(float(value), 3), says=f"{label}, {_since(answer)}")
    written = telling(measure(unit, span.central), (span.low, span.central, span.high))
    return Worded(label, f"{written.told(span.central)} ({written.figure(span.low)} to {written.figure(span.high)})")
