"""Figures of an answer in words: short for a table, long for a headline, a span where they are ranges.

How a number is written (two significant digits, one unit a figure, money exact) is `render/charts/amounts.py`'s; here
stands what a page says around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import NARROW, Measure, measure, price
from mlquote.render.charts.specs import Span

Number = Decimal | float | int
_LONG = {
    "T": "trillion", "B": "billion", "M": "million", "k": "thousand", "t CO₂e": "tonnes of CO₂e", "h": "hours",
    "kg CO₂e": "kg of CO₂e", "tok/s": "tokens a second", "min": "minutes", "s": "seconds",
}  # fmt: skip
"""A written unit -> what a sentence says instead."""
_RATES = {
    "": "", "/Mtok": " per million tokens", "/h": " an hour", "/day": " a day", "/month": " a month",
    "/image": " an image", "/request": " a request",
}  # fmt: skip
MOST_CENTS = 100_000
"""Dollars from which on exact amounts are told without their cents."""
MOST_PLACES = 9
"""Places of an exact amount; a mean that never ends is cut there."""
_UNITS = {
    "accelerator_hours": "", "usd_per_day": "$/day", "cost_per_day_usd": "$/day",
    "cost_per_month_usd": "$/month", "cost_per_request_usd": "$/request", "usd_per_image": "$/image",
    "worker_hours": "hours", "max_concurrency": "sequences",
    "requests_per_s": "requests/s", "images_per_s": "images/s", "loss": "nats/token",
    "predicted_loss": "nats/token", "replicas_needed": "replicas", "joules_per_output_token": "J/token",
    "usd_per_audio_hour": "$/h of audio", "usd_per_thousand_pairs": "$/1,000 pairs",
}  # fmt: skip
"""Figures whose names do not end in their unit, or end in one that reads better otherwise."""


_DIGITS = {"nats/token": 4}
"""A loss differs in its third digit."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as a page says it; `span` is None where it is one number."""

    name: str
    value: Number
    span: Span | None
    unit: str
    written: Measure

    @property
    def is_exact(self) -> bool:
        """Exact dollars: they have no band."""
        return self.span is None and self.unit.startswith("$")

    @property
    def short(self) -> str:
        """$1.8 M; 27 days; $17.50."""
        if self.is_exact:
            return f"{self._money()}{self.unit[1:]}"
        return self.written.told(float(self.value), self._digits)

    @property
    def long(self) -> str:
        """$1.8 million; 27 days; $5.00 per million tokens."""
        if self.is_exact:
            return self._money() + _rate(self.unit[1:])
        return self._spoken().told(float(self.value), self._digits)

    @property
    def ends(self) -> str:
        """$0.72 – $3.4 M, as a table has it; "" where it is one number."""
        return "" if self.span is None else self.written.between(self.span.low, self.span.high).replace(" to ", " – ")

    @property
    def sentence(self) -> str:
        """$0.72 to $3.4 million; "" where it is one number."""
        return "" if self.span is None else self._spoken().between(self.span.low, self.span.high)

    @property
    def _digits(self) -> int:
        return _DIGITS.get(self.unit, 2) if self.span else 3

    def _spoken(self) -> Measure:
        written = self.written
        head, space, tail = written.after.partition(NARROW)
        after = _LONG.get(written.after) or f"{_LONG.get(head, head)}{space}{_LONG.get(tail, tail)}"
        return Measure(written.per, written.before, after, _rate(written.rate))

    def _money(self) -> str:
        amount = self.value if isinstance(self.value, Decimal) else Decimal(repr(self.value))
        if abs(amount) >= MOST_CENTS:
            return price(amount.quantize(Decimal(1))).removesuffix(".00")
        return price(amount if -int(amount.as_tuple().exponent) <= MOST_PLACES else round(amount, MOST_PLACES))


def _rate(per: str) -> str:
    return _RATES.get(per, per.replace("/", " per ", 1))


def told(name: str, value: Any) -> Told | None:
    """A figure of an answer, a range or a number, as it is said; None where it is unknown or no number."""
    span: Span | None = None
    if isinstance(value, Mapping):
        if set(value) != {"low", "central", "high"} or value["central"] is None:
            return None
        span = Span(*(float(value[end]) for end in ("low", "central", "high")))
        span = None if span.low == span.high else span
        value = value["central"]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    unit = figure_unit(name)
    written = measure(unit, float(value))
    return Told(name, value, span, unit, replace(written, digits=_DIGITS.get(unit, written.digits)))


def figure_unit(name: str) -> str:
    """The unit of a figure by its path: `usd_per_mtok.input` is dollars per Mtok, `memory.bytes` bytes."""
    head, _, tail = name.rpartition(".")
    if tail in _UNITS:
        return _UNITS[tail]
    return unit_of(tail) or (figure_unit(head) if head else "")
