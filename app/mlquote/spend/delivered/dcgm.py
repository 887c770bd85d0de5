"""DCGM's energy counter of each board, sampled: as CSV, or as Prometheus answers a range.

The counter runs since the driver was loaded: what was used is its differences, and one that fell began anew at nothing.
It is in millijoules; exporter 4.9.0 renames it and counts joules. An interval belongs to the pod at its beginning. Pods
and instances that share a board each tell the whole of it: one of them counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.delivered.cells import Cells, folded
from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import MachineLine, Note, PassedLine, Why
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import BadLine

_JOULES: Final = ("joule", "joules", "j")
_MILLIJOULES: Final = ("mj", "millijoule", "millijoules")
_NAMED: Final = re.compile(r"joules?|consumptionj$")
_PER_KWH: Final = {"j": 3_600_000, "mj": 3_600_000_000}
_WHERE: Final = ("namespace", "exported_namespace", "pod", "exported_pod", "container", "Hostname", "UUID", "gpu")


class _Told(NamedTuple):
    """One sample of a counter."""

    at: datetime
    line: int
    value: Decimal
    unit: str
    part: str | None
    labels: Mapping[str, str]

    @property
    def has_pod(self) -> bool:
        """Whether it says whose the board was."""
        return "namespace" in self.labels or "pod" in self.labels


def _is_counter(name: str) -> bool:
    """Whether a name is of a counter of energy: DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION, or one that names its unit."""
    words = folded(name)
    return "energy" in words and ("dcgm" in words or "total" in words)


def _unit(name: str, said: str | None) -> str:
    """j or mj, as a column says, or the counter's own name."""
    word, words = folded(said or ""), folded(name)
    if word in _JOULES or (not word and _NAMED.search(words) and "millijoule" not in words):
        return "j"
    if word and word not in _MILLIJOULES:
        raise Malformed(f"no unit {word[:40]!r} of energy", pointer="/unit", hint="J or mJ")
    return "mj"


def _fits(sample: Sample) -> bool:
    if any(_is_counter(name) and "dcgm" in name for name in sample.names):
        return True
    return any(
        any("DCGM_" in str(record.get(name, "")) for name in ("metric", "__name__", "name", "field"))
        or any(isinstance(series, Mapping) and "metric" in series for series in _series(record))
        for record in sample.records
    )


def _series(record: Mapping[str, Any]) -> list[Any]:
    """The series of what Prometheus answers."""
    data = record.get("data")
    found = data.get("result") if isinstance(data, Mapping) else None
    return found if isinstance(found, list) else []


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    boards: dict[str, list[_Told]] = {}
    for number, row in _samples(records):
        try:
            if isinstance(row, QuoteError):
                raise row
            told = _told(number, row, around)
        except QuoteError as error:
            yield BadLine(number, error)
            continue
        if told is None:
            yield PassedLine(number, Why.OTHER)
            continue
        board = told.labels.get("UUID") or f"{told.labels.get('Hostname')} {told.labels.get('gpu')}"
        boards.setdefault(board, []).append(told)
    shared, have_pods = 0, any(one.has_pod for samples in boards.values() for one in samples)
    for samples in boards.values():
        once = {one.at: one for one in reversed(samples)}
        shared += len(samples) - len(once)
        yield from (PassedLine(one.line, Why.REPEATED) for one in samples if once[one.at] is not one)
        yield from _intervals(sorted(once.values(), key=lambda one: one.at), have_pods=have_pods)
    if shared:
        yield Note("shared-boards", f"{shared} samples tell a board's whole energy once more at the same moment")


def _samples(records: Iterable[Record]) -> Iterator[tuple[int, Cells | QuoteError]]:
    """Every sample with its number: rows, or the values of each series that Prometheus answers."""
    number = 0
    for place, record in records:
        series = _series(record) if isinstance(record, Mapping) else []
        if not series:
            bad = record if isinstance(record, QuoteError) else Malformed("a sample is one JSON object")
            yield place, Cells(record) if isinstance(record, Mapping) else bad
        for one in series:
            about = one.get("metric", {}) if isinstance(one, Mapping) else {}
            for pair in one.get("values", [one.get("value")]) if isinstance(one, Mapping) else []:
                number += 1
                is_pair = isinstance(pair, list) and len(pair) == 2
                yield (
                    number,
                    (
                        Cells({**about, "timestamp": pair[0], "value": pair[1], "metric": about.get("__name__", "")})
                        if is_pair
                        else Malformed("a value is a moment and a number")
                    ),
                )


def _told(number: int, row: Cells, around: Around) -> _Told | None:
    """A sample of the energy counter; None for one of another measure.

    Raises: Malformed, OutOfDomain
    """
    wide = next((name for name in row.values if _is_counter(name)), None)
    name = wide or row.word("metric", "__name__", "name", "field") or ""
    if not _is_counter(name):
        return None
    at = row.needed_moment("timestamp", "time", "ts", zone=around.zone)
    value = row.amount(wide) if wide else row.amount("value")
    if value is None:
        raise Malformed("the sample has no value", pointer=row.pointer("value"))
    labels = {
        label.removeprefix("exported_"): word for label in reversed(_WHERE) if (word := row.word(label)) is not None
    }
    return _Told(at, number, value, _unit(name, row.word("unit")), row.word("modelName"), labels)


def _intervals(samples: list[_Told], *, have_pods: bool) -> Iterator[Line]:
    """What a board used between its samples, each interval the pod's at its beginning."""
    for first, second in pairwise(samples):
        started = Fraction(first.value) / _PER_KWH[first.unit]
        ended = Fraction(second.value) / _PER_KWH[second.unit]
        yield MachineLine(
            first.line,
            first.at,
            second.at,
            first.part,
            None,
            energy_kwh=ended - started if ended >= started else ended,
            is_idle=have_pods and not first.has_pod,
            labels=first.labels,
        )


DCGM = Format(
    source="dcgm",
    title="DCGM energy counters (CSV, or Prometheus' answer)",
    one="a board (`UUID`) between two samples; several pods on one board count it once",
    left_out="other measures; boards of no pod stand apart as idle",
    moment="the sample's `timestamp`: seconds since 1970, or a moment",
    holds="a counter in mJ (J from exporter 4.9.0): differences, a fall begins anew at nothing",
    page="https://docs.nvidia.com/datacenter/cloud-native/gpu-telemetry/latest/dcgm-exporter.html",
    fits=_fits,
    read=_read,
)
