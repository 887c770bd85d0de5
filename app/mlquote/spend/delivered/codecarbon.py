"""CodeCarbon's emissions.csv: what a run used, measured or estimated by the tool itself.

The values of a run grow while it goes on, and a run may be written again: its last line counts. Times are those of the
machine's own clock.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Final

from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each, latest
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import MachineLine
from mlquote.spend.log_records import Record

_MODEL: Final = re.compile(r"\s*(\d+)\s*x\s+(.+?)\s*")
_SEVERAL: Final = re.compile(r"\s*[|;,]\s*(?=\d+\s*x\s)")


def _fits(sample: Sample) -> bool:
    return sample.has("run_id", "emissions", "energy_consumed")


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return latest(each(records, lambda number, row: _run(number, row, around)))


def _run(number: int, row: Cells, around: Around) -> list[Line]:
    ended = row.needed_moment("timestamp", zone=around.zone)
    seconds = row.amount("duration")
    energy, emitted = row.amount("energy_consumed"), row.amount("emissions")
    if energy is None:
        energy = row.needed_number("energy_consumed")
    named = {"project": "project_name", "experiment": "experiment_id", "country": "country_iso_code"}
    labels = {name: word for name, column in named.items() if (word := row.word(column))}
    lines: list[Line] = []
    for place, (part, count) in enumerate(_boards(row) or [(None, 0)]):
        lines.append(
            MachineLine(
                number,
                None if seconds is None else ended - timedelta(seconds=float(seconds)),
                ended,
                part,
                Fraction(seconds) * count / 3_600 if seconds is not None and count else None,
                energy_kwh=Fraction(energy) if not place else None,
                emissions_kgco2e=Fraction(emitted) if emitted is not None and not place else None,
                region=row.word("cloud_region"),
                provider=row.word("cloud_provider"),
                labels=labels,
                identity=f"{row.word('run_id') or number} {part}",
            )
        )
    return lines


def _boards(row: Cells) -> list[tuple[str | None, int]]:
    """The boards of a run, each model with how many; none where it ran on processors alone."""
    told, count = row.word("gpu_model"), row.count("gpu_count")
    boards: list[tuple[str | None, int]] = []
    for part in _SEVERAL.split(told or ""):
        found = _MODEL.fullmatch(part)
        if found:
            boards.append((found[2], int(found[1])))
    if boards and (len(boards) > 1 or count is None):
        return boards
    return [(boards[0][0] if boards else told, count)] if count else []


CODECARBON = Format(
    source="codecarbon",
    title="CodeCarbon emissions.csv",
    one="`run_id`; its last line counts",
    left_out="nothing",
    moment="`timestamp` less `duration`, in the machine's own zone: `timezone=`",
    holds="`energy_consumed` in kWh, `emissions` in kg, each of the whole run so far",
    page="https://mlco2.github.io/codecarbon/output.html",
    fits=_fits,
    read=_read,
)
