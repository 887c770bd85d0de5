"""What every picture of an answer shares: ranges read from it, sentences, and the lines below."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import Measure, measure, money, telling
from mlquote.render.charts.scales import plain
from mlquote.render.charts.specs import Bands, Quoted, Span
from mlquote.render.figures import RANGE, shown

_PROSE = {"M": "million", "B": "billion", "T": "trillion"}
_RATES = {"/Mtok": "per million tokens", "/h": "an hour"}
_MOST_CODES = 6


def span_of(value: Any) -> Span | None:
    """The range that a field of an answer holds; None for a number, or nothing."""
    if not isinstance(value, Mapping) or any(value.get(end) is None for end in RANGE):
        return None
    return Span(*(float(value[end]) for end in RANGE))


def quoted(label: str, value: Any, note: str = "") -> Quoted:
    """A field of an answer as a row: a range, an exact number, or no figure."""
    span = span_of(value)
    if span is not None:
        return Quoted(label, span, note=note)
    exact = None if value is None or isinstance(value, Mapping | str) else float(value)
    return Quoted(label, exact=exact, note=note)


def at(result: Mapping[str, Any], path: str) -> Any:
    """A field by its path, `usd_per_mtok.blended`; None where it is not there."""
    found: Any = result
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def unit_at(path: str) -> str:
    """The unit of a field: of its last word that has one."""
    return next((unit for name in reversed(path.split(".")) if (unit := unit_of(name))), "")


def prose(value: float, written: Measure) -> str:
    """A figure in a sentence: $1.6 million."""
    return _worded(written.told(value), written)


def between(span: Span, written: Measure) -> str:
    """Two ends in a sentence, the unit said once: $0.72 to $3.4 million."""
    return _worded(written.between(span.low, span.high), written)


def _worded(told: str, written: Measure) -> str:
    word = _PROSE.get(written.after, "") if written.before else ""
    told = told.replace(f"\u00a0{written.after}", f" {word}") if word else told
    return told.replace(written.rate, f" {_RATES.get(written.rate, written.rate)}") if written.rate else told


def about(span: Span, unit: str, such: str, does: str = "cost") -> str:
    """The result in two sentences: the centre, and what eight in ten do."""
    written = telling(measure(unit, span.central), (span.low, span.central, span.high))
    return f"About {prose(span.central, written)}. Eight in ten {such} {does} {between(span, written)}."


def no_figure(answer: Mapping[str, Any]) -> str:
    """That there is no figure, and why."""
    said = next((warning["detail"] for warning in answer.get("warnings", ())), "it is not known")
    return f"No figure: {said}."


def alone(label: str, value: Any, unit: str, note: str = "") -> Bands:
    """One quantity on an axis of its own."""
    return Bands("", [quoted(label, value, note)], unit)


def exactly(value: Any) -> str:
    """Exact dollars in words."""
    return money(value if isinstance(value, Decimal) else Decimal(repr(value)))


def foot(answer: Mapping[str, Any]) -> list[str]:
    """What is worth knowing, release and date, and the address of the answer."""
    codes = list(dict.fromkeys(warning["code"] for warning in answer.get("warnings", ())))
    lines = []
    if codes:
        more = f" and {len(codes) - _MOST_CODES} more" if len(codes) > _MOST_CODES else ""
        lines.append(f"Worth knowing: {', '.join(codes[:_MOST_CODES])}{more}.")
    catalog = answer.get("catalog")
    if catalog:
        lines.append(f"mlquote, release {catalog['release']}, as of {str(shown(catalog['as_of']))[:10]}.")
    link = (answer.get("links") or {}).get("self")
    if link:
        lines.append(str(link))
    return lines


def named(question: Mapping[str, Any], names: Sequence[str]) -> str:
    """The fields that were given of a question, in words."""
    return ", ".join(f"{name} {shown(question[name])}" for name in names if question.get(name) is not None)


def counted(value: float, unit: str = "") -> str:
    """A number of things as people say it: 15 T tokens."""
    written = measure(unit, value)
    return written.around(plain(float(f"{value / written.per:.4g}")))


def known(rows: Iterable[Quoted]) -> list[Quoted]:
    """The rows that have a figure."""
    return [row for row in rows if row.span is not None or row.exact is not None]
