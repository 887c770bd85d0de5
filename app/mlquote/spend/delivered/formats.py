"""What a format says of itself, and how its records become lines: one fault costs one record."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, NamedTuple

from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import BilledLine, CallLine, MachineLine, Note, PassedLine, Why
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import BadLine, LogLine

Line = LogLine | BadLine | CallLine | MachineLine | BilledLine | PassedLine | Note
"""What a file holds, as its reader gives it."""

MOST_HELD: Final = 200_000
"""Calls that are held until no later line of the same identity can be near; transcripts repeat within a session."""


class Around(NamedTuple):
    """What the asker says beside a file."""

    provider: str | None
    """Whose the calls are that name no provider."""
    zone: tzinfo
    """The zone of moments that name none, where the source writes its own clock's."""


@dataclass(frozen=True, slots=True)
class Format:
    """A delivered format: how it is known, and what it holds."""

    source: str
    """What `source=` calls it."""
    title: str
    one: str
    """What one call, job, run or line is: its identity."""
    left_out: str
    """What of it is on no bill."""
    moment: str
    """Which moment counts, in which zone."""
    holds: str
    """Which counts hold which, and in which unit."""
    page: str
    """Where its owner describes it."""
    fits: Callable[[Sample], bool]
    """Whether a file begins as this format does."""
    read: Callable[[Iterable[Record], Around], Iterator[Line]]


def each(records: Iterable[Record], read: Callable[[int, Cells], Iterable[Line]]) -> Iterator[Line]:
    """The lines of each record; a record that cannot be read is a fault of its own, and costs no other."""
    for number, record in records:
        try:
            if isinstance(record, QuoteError):
                raise record
            if not isinstance(record, dict):
                raise Malformed("a line is one JSON object")
            yield from read(number, Cells(record))
        except QuoteError as error:
            yield BadLine(number, error)


def latest(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, of calls or jobs that share an identity the last alone; the others are told as repeats.

    At most MOST_HELD are held at a time; beyond that the oldest is let go, and a repeat of it would count.
    """
    held: OrderedDict[str, CallLine | MachineLine] = OrderedDict()
    for line in lines:
        if not isinstance(line, CallLine | MachineLine) or not line.identity:
            yield line
            continue
        earlier = held.pop(line.identity, None)
        if earlier is not None:
            yield PassedLine(earlier.line, Why.REPEATED)
        held[line.identity] = line
        if len(held) > MOST_HELD:
            yield held.popitem(last=False)[1]
    yield from held.values()
