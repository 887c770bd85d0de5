"""An answer as a whole: what it was read from, its figures one by one, as a data frame and as a table with bands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mlquote_client import drawing
from mlquote_client.units import UNITS

if TYPE_CHECKING:
    import pandas

COLUMNS = ("name", "low", "central", "high", "unit", "text")
"""One figure a row, as in the service's own CSV."""


class Figure(NamedTuple):
    """One figure: a number with its unit, its range where it has one; or words."""

    name: str
    low: Any
    central: Any
    high: Any
    unit: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What every whole answer has beside its fields."""

    content: bytes = field(default=b"", repr=False, compare=False)
    """The answer's bytes as they came."""
    raw: Any = field(default=None, repr=False, compare=False)
    """The same as mappings and lists, money as Decimal: fields of a newer service are in it too."""

    def figures(self) -> Iterator[Figure]:
        """Every figure of the answer, nested names joined with dots; lists of parts by their number."""
        told = self.raw.get("result", self.raw) if isinstance(self.raw, Mapping) else self.raw
        yield from _figures(told, "")

    def to_pandas(self) -> "pandas.DataFrame":
        """One figure a row; of a table (a ranking, rows of the catalogue) one of its rows a row.

        Raises: ImportError where pandas is not installed
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install pandas") from error
        told = self.raw.get("result", self.raw) if isinstance(self.raw, Mapping) else self.raw
        if isinstance(told, Mapping) and isinstance(told.get("rows"), list) and (told["rows"] or "total" in told):
            return pandas.DataFrame([_flat(row) for row in told["rows"]])
        frame = pandas.DataFrame(list(self.figures()), columns=list(COLUMNS))
        for column in ("low", "central", "high"):
            frame[column] = pandas.to_numeric(frame[column])
        return frame

    def __repr__(self) -> str:
        """The first figures, each with its range: an answer whole fills screens."""
        return drawing.as_text(type(self).__name__, list(self.figures()))

    def _repr_html_(self) -> str:
        """A table with a band for each range, as notebooks show it."""
        warnings = self.raw.get("warnings", ()) if isinstance(self.raw, Mapping) else ()
        return drawing.as_html(list(self.figures()), [f"{each['code']}: {each['detail']}" for each in warnings])


def unit_of(name: str) -> str:
    """The unit that a field's name announces, or that of what holds it; nothing of a share or a bare count."""
    if "share" in name.replace("shared", ""):
        return ""
    for part in reversed(name.split(".")):
        padded = f"_{part}"
        ends = next((unit for suffix, unit in UNITS.items() if padded.endswith(suffix)), "")
        inside = next((unit for suffix, unit in UNITS.items() if f"{suffix}_" in padded and len(suffix) > 2), "")
        if ends or inside:
            return ends or inside
    return ""


def _figures(value: Any, place: str) -> Iterator[Figure]:
    if isinstance(value, Mapping):
        if value.keys() == {"low", "central", "high"}:
            low, central, high = (_number(value[end]) for end in ("low", "central", "high"))
            yield Figure(place, low, central, high, unit_of(place), "")
            return
        for name, each in value.items():
            yield from _figures(each, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        if all(not isinstance(each, Mapping | list) for each in value):
            yield Figure(place, None, None, None, "", "; ".join(map(str, value)))
            return
        for number, each in enumerate(value):
            yield from _figures(each, f"{place}.{number}")
    elif isinstance(value, bool):
        yield Figure(place, None, None, None, "", "true" if value else "false")
    elif isinstance(value, str):
        yield Figure(place, None, None, None, "", value)
    else:
        yield Figure(place, None, _number(value), None, unit_of(place), "")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _flat(row: Any, place: str = "") -> dict[str, Any]:
    """A row with a column for each part of what it nests."""
    if not isinstance(row, Mapping):
        return {"value": row}
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= _flat(value, f"{place}{name}.")
        else:
            cells[f"{place}{name}"] = "; ".join(map(str, value)) if isinstance(value, list) else value
    return cells
