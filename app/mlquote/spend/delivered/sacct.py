"""Slurm's accounting, as `sacct --parsable` and `--parsable2` print it.

A job's steps (`.batch`, `.extern`, `.0`) ran on the machines that the job has. `AllocTRES` is what all its nodes gave
together, and `gres/gpu:a100` and `gres/gpu` are the same devices. A requeued job has a line for each time it ran, and
each counts. Times carry no zone: they are the cluster's own.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.spend.delivered.cells import Cells, moment_of, number_of
from mlquote.spend.delivered.formats import Around, Format, Line, each, latest
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import MachineLine, Note, PassedLine, Why
from mlquote.spend.log_records import Record, Rows

_GPU: Final = "gres/gpu"
_UNKNOWN: Final = ("unknown", "none", "n/a")
_ELAPSED: Final = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)(?:\.\d+)?")
_SECONDS: Final = (86_400, 3_600, 60, 1)
_DIGITS: Final = frozenset("0123456789")
_JOULES_PER_KWH: Final = 3_600_000
_LABELS: Final = {"account": "Account", "partition": "Partition", "user": "User", "cluster": "Cluster", "qos": "QOS"}


def _fits(sample: Sample) -> bool:
    return sample.has_any("JobID", "JobIDRaw") and sample.has_any(
        "AllocTRES", "ElapsedRaw", "Elapsed", "ReqTRES", "AllocNodes", "NNodes"
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    jobs, measured = _Jobs(records), 0
    for line in latest(each(jobs, lambda number, row: _job(number, row, around))):
        measured += isinstance(line, MachineLine) and line.energy_kwh is not None
        yield line
    if jobs.steps:
        yield PassedLine(0, Why.STEP, jobs.steps)
    if measured:
        yield Note("energy-of-whole-nodes", f"{measured} jobs tell the energy of their nodes, shared or not")


class _Jobs:
    """The rows of jobs; those of their steps, most of a file, are counted and no more."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records, self._steps = records, 0
        if isinstance(records, Rows):
            records.leave_out(".", "JobID", "JobIDRaw")

    @property
    def steps(self) -> int:
        """How many there were."""
        return self._steps + (self._records.left_out if isinstance(self._records, Rows) else 0)

    def __iter__(self) -> Iterator[Record]:
        for number, record in self._records:
            if isinstance(record, dict) and "." in str(record.get("JobID") or record.get("JobIDRaw") or ""):
                self._steps += 1
            else:
                yield number, record


def _job(number: int, row: Cells, around: Around) -> list[Line]:
    job = row.needed_word("JobID", "JobIDRaw")
    state = row.word("State") or ""
    elapsed = _elapsed(row)
    start = _moment(row, "Start", around)
    if (start is None and not elapsed) or state.upper().startswith("PENDING"):
        return [PassedLine(number, Why.NOT_STARTED)]
    devices = _devices(row.word("AllocTRES") or "", row.pointer("AllocTRES"))
    end = _moment(row, "End", around)
    if not devices:
        return [PassedLine(number, Why.WITHOUT)]
    raw = row.word("SLUID", "JobIDRaw", "JobID") or job
    labels = _labels(*map(row.values.get, _LABELS.values()))
    energy = row.amount("ConsumedEnergyRaw")
    lines: list[Line] = []
    for place, (part, count) in enumerate(devices.items()):
        lines.append(
            MachineLine(
                number,
                start,
                end,
                part or None,
                Fraction(count * elapsed, 3_600),
                energy_kwh=Fraction(energy) / _JOULES_PER_KWH if energy and not place else None,
                labels=labels,
                identity=f"{raw} {start} {part}" if start else "",
                is_running=end is None,
            )
        )
    return lines


def _moment(row: Cells, name: str, around: Around) -> datetime | None:
    word = row.word(name)
    if word is None or (word[0] not in _DIGITS and word.casefold() in _UNKNOWN):
        return None
    return moment_of(word, row.pointer(name), around.zone)


def _elapsed(row: Cells) -> int:
    """Seconds that a job ran.

    Raises: Malformed, OutOfDomain
    """
    if row.has("ElapsedRaw"):
        return row.needed_count("ElapsedRaw")
    word = row.needed_word("Elapsed")
    found = _ELAPSED.fullmatch(word)
    if found is None:
        raise Malformed(f"{word[:40]!r} is no time that a job ran", pointer=row.pointer("Elapsed"))
    return sum(int(part or 0) * seconds for part, seconds in zip(found.groups(), _SECONDS, strict=True))


@lru_cache(maxsize=4096)
def _labels(*words: str | None) -> dict[str, str]:
    """What a job is labelled with; jobs of one account and user share it."""
    return {name: word for name, word in zip(_LABELS, words, strict=True) if word}


@lru_cache(maxsize=4096)
def _devices(tres: str, pointer: str) -> dict[str, int]:
    """Type of accelerator, "" where none is told -> how many, the same devices counted once.

    Raises: Malformed, OutOfDomain
    """
    typed: dict[str, int] = {}
    for part in filter(None, tres.split(",")):
        name, _, value = part.partition("=")
        if name == _GPU or name.startswith(f"{_GPU}:"):
            count = _count(value, name, pointer)
            typed[name[len(_GPU) + 1 :]] = count
    untyped = typed.pop("", 0)
    rest = untyped - sum(typed.values())
    if rest > 0:
        typed[""] = rest
    return {name: count for name, count in typed.items() if count}


def _count(value: str, name: str, pointer: str) -> int:
    number = number_of(value, name, pointer)
    if number < 0 or number != number.to_integral_value():
        raise OutOfDomain(f"{name} is {value[:40]}; a count is whole and never negative", pointer=pointer)
    return int(Decimal(number))


SACCT = Format(
    source="sacct",
    title="Slurm accounting (sacct --parsable2)",
    one="`JobIDRaw` and `Start` (`SLUID` from 25.11): each run of a requeued job counts (ask with `-D`)",
    left_out="steps (a JobID with a dot), pending jobs, jobs without `gres/gpu`",
    moment="`Start`, in the cluster's own zone: `timezone=`",
    holds="`gres/gpu` and `gres/gpu:TYPE` are the same devices, over all nodes; `ElapsedRaw` in seconds",
    page="https://slurm.schedmd.com/sacct.html",
    fits=_fits,
    read=_read,
)
