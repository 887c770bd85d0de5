"""A budget as a picture: each of its limits with what is spent, held and, at this pace, to come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import measure, percent
from mlquote.render.charts.specs import Meter, Panel, Picture
from mlquote.render.pictures.telling import foot

_SOON = 0.05
"""Of a period this much must be over before its pace says anything."""


def budget(answer: Mapping[str, Any], now: datetime) -> Picture:
    """A meter a limit that stops; the limits of single checks are named, and have nothing to burn."""
    limits = [each for each in answer.get("standing") or () if each.get("fail_above") or each.get("warn_above")]
    held = (answer.get("balance") or {}).get("held") or {}
    panels: list[Panel] = [_meter(each, held, now) for each in limits if each["per"] != "check"]
    says = "; ".join(_says(each) for each in limits if each["per"] != "check") or "no limit over a period"
    return Picture(f"Budget {answer['name']}", f"{says}.", panels, foot(answer))


def _meter(limit: Mapping[str, Any], held: Mapping[str, Any], now: datetime) -> Meter:
    most = float(limit["fail_above"] or limit["warn_above"])
    used = float(limit["used"])
    waits = min(_held(held.get(limit["figure"]), str(limit["compare"])), used)
    unit = unit_of(str(limit["figure"]))
    title = f"{str(limit['figure']).replace('_', ' ')} per {limit['per']}"
    return Meter(title, used - waits, waits, forecast(limit, used - waits, now), most, unit)


def _held(ends: Any, level: str) -> float:
    value = ends.get(level) if isinstance(ends, Mapping) else ends
    return float(value or 0)


def forecast(limit: Mapping[str, Any], spent: float, now: datetime) -> float | None:
    """What will be spent when the period ends, at the pace so far; None early in a period, or without an end."""
    start, end = (_moment(limit.get(name)) for name in ("period_from", "period_to"))
    if start is None or end is None or not start < now < end:
        return None
    share = (now - start) / (end - start)
    return spent / share if share >= _SOON else None


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value))


def _says(limit: Mapping[str, Any]) -> str:
    most, used = float(limit["fail_above"] or limit["warn_above"]), float(limit["used"])
    written = measure(unit_of(str(limit["figure"])), most)
    share = percent(used / most) if most else "all"
    return f"{written.told(used, 3)} of {written.told(most, 3)} per {limit['per']} ({share})"
