"""A budget as a picture: each of its limits with what is spent, held and foretold for its end."""

from collections.abc import Iterable, Mapping
from typing import Any

from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import measure, percent
from mlquote.render.charts.specs import Meter, Panel, Picture, Span
from mlquote.render.pictures.telling import foot


def budget(answer: Mapping[str, Any]) -> Picture:
    """A meter a limit that stops; the limits of single checks are named, and have nothing to burn."""
    limits = [each for each in answer.get("standing") or () if each.get("fail_above") or each.get("warn_above")]
    held = (answer.get("balance") or {}).get("held") or {}
    panels: list[Panel] = [_meter(each, held, forecast(answer, each)) for each in limits if each["per"] != "check"]
    says = "; ".join(_says(each) for each in limits if each["per"] != "check") or "no limit over a period"
    return Picture(f"Budget {answer['name']}", f"{says}.", panels, foot(answer))


def _meter(limit: Mapping[str, Any], held: Mapping[str, Any], ahead: Span | None) -> Meter:
    most = float(limit["fail_above"] or limit["warn_above"])
    used = float(limit["used"])
    waits = min(_held(held.get(limit["figure"]), str(limit["compare"])), used)
    unit = unit_of(str(limit["figure"]))
    title = f"{str(limit['figure']).replace('_', ' ')} per {limit['per']}"
    return Meter(title, used - waits, waits, ahead, most, unit)


def _held(ends: Any, level: str) -> float:
    value = ends.get(level) if isinstance(ends, Mapping) else ends
    return float(value or 0)


def forecast(answer: Mapping[str, Any], limit: Mapping[str, Any]) -> Span | None:
    """What a limit will have used when its period ends; None where nothing foretells it."""
    told = outlook(answer, limit).get("forecast")
    return None if told is None else Span(*(float(told[end]) for end in ("low", "central", "high")))


def outlook(answer: Mapping[str, Any], limit: Mapping[str, Any]) -> Mapping[str, Any]:
    """What GET /v1/budgets/{name} tells under `forecasts` of one of its limits."""
    same = ("figure", "per", "compare")
    known: Iterable[Mapping[str, Any]] = answer.get("forecasts") or ()
    return next((each for each in known if all(each[name] == limit[name] for name in same)), {})


def _says(limit: Mapping[str, Any]) -> str:
    most, used = float(limit["fail_above"] or limit["warn_above"]), float(limit["used"])
    written = measure(unit_of(str(limit["figure"])), most)
    share = percent(used / most) if most else "all"
    return f"{written.told(used, 3)} of {written.told(most, 3)} per {limit['per']} ({share})"
