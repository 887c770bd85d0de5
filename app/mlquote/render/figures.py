"""An answer as lines: each figure with its label, its unit, and low-central-high where it is a range."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.kit.units import unit_of

RANGE = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class Figure:
    """One printable figure; `low` and `high` are None where the figure is not a range."""

    name: str
    unit: str
    value: Any
    low: Any = None
    high: Any = None


def figures(result: Mapping[str, Any], prefix: str = "") -> Iterator[Figure]:
    """Every figure of a result, nested names joined with dots; lists (cost lines, thresholds) are left to tables."""
    for name, value in result.items():
        label = f"{prefix}{name}"
        if isinstance(value, Mapping):
            if set(value) == set(RANGE):
                yield Figure(label, unit_of(_unit_name(label)), value["central"], value["low"], value["high"])
            else:
                yield from figures(value, f"{label}.")
        elif not isinstance(value, list | tuple):
            yield Figure(label, "" if isinstance(value, str) else unit_of(_unit_name(label)), value)


def tables(result: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Every list of objects in a result, as (name, rows)."""
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from tables(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            yield f"{prefix}{name}", list(value)


def cell(name: str, value: Any) -> str:
    """A value under its name for eyes: exact digits are kept for money only, however the answer was parsed."""
    if isinstance(value, Decimal) and not unit_of(name).startswith("$"):
        return _shown_float(float(value))
    if isinstance(value, Mapping) and set(value) == set(RANGE) and None not in value.values():
        low, middle, high = (value[end] for end in RANGE)
        return estimate(middle) if low == high else f"{estimate(middle)} ({estimate(low)} to {estimate(high)})"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {cell(key, inner)}" for key, inner in value.items())
    return shown(value)


def shown(value: Any) -> str:
    """A value for eyes: exact decimals as they are, floats to four significant digits, thousands grouped."""
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value)


def estimate(value: Any) -> str:
    """A bound or median of a range for eyes: four significant digits say all that a range knows, dollars included."""
    return _shown_float(float(value)) if isinstance(value, Decimal) else shown(value)


def _shown_float(value: float) -> str:
    size = abs(value)
    if value == 0 or 1e-4 <= size < 1000:
        return f"{value:.4g}"
    return f"{value:,.0f}" if 1000 <= size < 1e15 else f"{value:.4g}"


def _unit_name(label: str) -> str:
    """emissions_kgco2e.total is in kg CO2e: a part without a unit of its own has that of the whole."""
    if "share" in label.replace("shared", ""):
        return ""
    head, _, tail = label.rpartition(".")
    return tail if unit_of(tail) or not head else head


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _: "-"),
    (bool, lambda flag: "yes" if flag else "no"),
    (Decimal, lambda amount: f"{amount:,f}"),
    (float, _shown_float),
    (int, lambda count: f"{count:,}" if abs(count) < 10**15 else f"{count:.4g}"),
    (Mapping, lambda parts: ", ".join(f"{key} {shown(inner)}" for key, inner in parts.items())),
    (list | tuple, lambda items: ", ".join(shown(item) for item in items)),
    (datetime, lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
)
