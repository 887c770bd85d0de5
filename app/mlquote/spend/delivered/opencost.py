"""Kubernetes costs: OpenCost's CSV export, a container and a day a row, and the allocations of OpenCost and Kubecost.

The CSV tells the mean number of GPUs over the minutes that a pod ran, and not the minutes: the hours are not known, and
a day is their bound. The JSON has `gpuHours`: what was asked for times how long. Dollars are the cluster's own rates,
and what was idle stands apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import MachineLine, PassedLine, Why
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import BadLine

_IDLE: Final = "__idle__"
_DAY_HOURS: Final = 24
_PART_LABELS: Final = (
    "gpu", "gpu.product", "nvidia.com/gpu.product", "nvidia_com_gpu_product", "accelerator",
    "cloud.google.com/gke-accelerator",
)  # fmt: skip
Set = Mapping[str, Any]


def _fits_csv(sample: Sample) -> bool:
    return (
        sample.has("Date", "Namespace") and sample.has_any("GPUCost", "GPUs") and sample.has_any("TotalCost", "CPUCost")
    )


def _read_csv(records: Iterable[Record], _: Around) -> Iterator[Line]:
    return each(records, _container)


def _container(number: int, row: Cells) -> list[Line]:
    word = row.needed_word("Date")
    try:
        day = datetime.fromisoformat(word).replace(tzinfo=UTC)
    except ValueError as error:
        raise Malformed(f"{word[:40]!r} is no day", pointer=row.pointer("Date"), hint="2026-11-02") from error
    gpus, usd = row.amount("GPUs"), row.number("TotalCost")
    labels = _labels_of(row)
    return [
        MachineLine(
            number,
            day,
            day + timedelta(days=1),
            _part(labels) if gpus else None,
            None,
            at_most_hours=Fraction(gpus) * _DAY_HOURS if gpus else None,
            is_idle=_is_idle(row.word("Namespace")),
            labels=labels,
            reported_usd=usd,
        )
    ]


def _labels_of(row: Cells) -> dict[str, str]:
    """A row's labels, in one column as JSON or in a column each, and where it ran."""
    found = {name: str(value) for name, value in row.inner("Labels").values.items()}
    for name, value in row.values.items():
        if name.startswith("Label_") and value not in (None, ""):
            found[name.removeprefix("Label_")] = str(value)
    where = {"namespace": "Namespace", "pod": "Pod", "controller": "ControllerName", "container": "Container"}
    return found | {name: word for name, column in where.items() if (word := row.word(column))}


def _part(labels: Mapping[str, str]) -> str | None:
    return next((labels[name] for name in _PART_LABELS if labels.get(name)), None)


def _is_idle(name: str | None) -> bool:
    return name is not None and name.startswith(_IDLE)


def _sets(document: Mapping[str, Any]) -> list[Set]:
    """The sets of an answer, one a step: allocations by name.

    Raises: Malformed for what is none
    """
    data = document.get("data", document.get("allocations", document))
    data = [data] if isinstance(data, Mapping) else data
    sets = [one.get("allocations", one) if isinstance(one, Mapping) else one for one in data or ()]
    if not all(isinstance(one, Mapping) for one in sets):
        raise Malformed("data must be sets of allocations", pointer="/data")
    return sets


def _fits_json(sample: Sample) -> bool:
    return any(map(_is_allocated, sample.records))


def _is_allocated(record: Mapping[str, Any]) -> bool:
    try:
        sets = _sets(record)
    except QuoteError:
        return False
    return any(
        isinstance(one, Mapping) and "window" in one and not {"minutes", "gpuHours", "totalCost"}.isdisjoint(one)
        for each_set in sets[:50]
        for one in list(each_set.values())[:5]
    )


def _read_json(records: Iterable[Record], _: Around) -> Iterator[Line]:
    number = 0
    for place, record in records:
        try:
            if isinstance(record, QuoteError):
                raise record
            sets = _sets(record) if isinstance(record, Mapping) else []
        except QuoteError as error:
            yield BadLine(place, error)
            continue
        whole = [_window(one) for one in sets]
        for step, (allocations, window) in enumerate(zip(sets, whole, strict=True)):
            is_sum = any(_holds(window, other) for other in whole)
            for name, allocation in allocations.items():
                number += 1
                try:
                    line = _allocation(number, name, Cells(_object(allocation), f"/data/{step}/{name}"))
                except QuoteError as error:
                    yield BadLine(number, error)
                    continue
                yield PassedLine(number, Why.REPEATED) if is_sum else line


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _window(allocations: Set) -> tuple[str, str]:
    """The first and the last moment of a set."""
    windows = [_object(one).get("window") for one in allocations.values()]
    told = [(str(one.get("start")), str(one.get("end"))) for one in windows if isinstance(one, Mapping)]
    return (min(start for start, _ in told), max(end for _, end in told)) if told else ("", "")


def _holds(window: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a set is over a longer time that holds another one's: the sum of steps that stand beside it."""
    return bool(other[0]) and window != other and window[0] <= other[0] and other[1] <= window[1]


def _allocation(number: int, name: str, row: Cells) -> Line:
    about, window = row.inner("properties"), row.inner("window")
    hours = row.amount("gpuHours")
    if hours is None and not row.has("totalCost", "minutes"):
        raise Malformed("an allocation tells neither hours nor dollars", pointer=row.at)
    labels = {key: str(value) for key, value in about.inner("labels").values.items()}
    where = ("namespace", "cluster", "controller", "pod", "container", "node")
    labels |= {key: word for key in where if (word := about.word(key))}
    labels.setdefault("name", name)
    return MachineLine(
        number,
        row.moment("start") or window.moment("start"),
        row.moment("end") or window.moment("end"),
        _part(labels),
        Fraction(hours) if hours else None,
        is_idle=_is_idle(name),
        labels=labels,
        reported_usd=row.number("totalCost"),
        pointer=row.at,
    )


OPENCOST = Format(
    source="opencost",
    title="OpenCost CSV export",
    one="a container and a UTC day a row",
    left_out="nothing; `__idle__` stands apart",
    moment="`Date`, a UTC day",
    holds="`GPUs` is a mean over minutes that are not told: hours are unknown, at most 24 a GPU",
    page="https://github.com/opencost/opencost/blob/develop/pkg/costmodel/csv_export.go",
    fits=_fits_csv,
    read=_read_csv,
)
KUBECOST = Format(
    source="kubecost",
    title="OpenCost and Kubecost allocations (JSON)",
    one="an allocation of a step's set",
    left_out="a set that is the sum of others beside it; `__idle__` stands apart",
    moment="`start`, UTC",
    holds="`gpuHours` is what was asked for times how long",
    page="https://opencost.io/docs/integrations/api",
    fits=_fits_json,
    read=_read_json,
)
