"""A delivered file from its bytes to its lines: packed or not, in whatever form, named or told by how it begins."""

from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from typing import NamedTuple

from mlquote.estimators.tokens.usage import COUNTED
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import folded
from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import File, Layout, Sample
from mlquote.spend.delivered.own import COUNTS
from mlquote.spend.delivered.sources import format_of
from mlquote.spend.usage_lines import COUNT_NAMES


class Delivery(NamedTuple):
    """What is said beside a file."""

    source: str | None = None
    """The format that it is; None to be told by how it begins."""
    media_type: str = ""
    provider: str | None = None
    """Whose the calls are that name no provider."""
    zone: tzinfo = UTC
    """The zone of moments that name none, where the source writes its own clock's."""


class Delivered(NamedTuple):
    """A file opened: the format that it is, and its lines."""

    format: Format
    lines: Iterator[Line]


_PLAIN = Delivery()


def open_delivered(body: bytes | Iterable[bytes], delivery: Delivery = _PLAIN) -> Delivered:
    """A file's format, and its lines as they come: the good, the bad, and those on no bill; blank ones left out.

    Raises: Malformed where the file as a whole cannot be read, or nobody can tell what it is; TooLarge
    """
    file = File(body, delivery.media_type)
    found = format_of(delivery.source, file.sample)
    if found.read is COUNTS.read:
        _check(file.sample)
    return Delivered(found, found.read(file.records(), Around(delivery.provider, delivery.zone)))


def read_delivered(body: bytes | Iterable[bytes], delivery: Delivery = _PLAIN) -> Iterator[Line]:
    """The lines alone (`open_delivered`)."""
    return open_delivered(body, delivery).lines


def _check(sample: Sample) -> None:
    """Refuse a table that is no log of ours: its header names no count."""
    if sample.layout is Layout.TABLE and sample.names.isdisjoint(map(folded, COUNT_NAMES)):
        hint = f"provider,model,{COUNTED[0]},{COUNTED[1]}, or say source="
        raise Malformed("the header names no count", pointer="/1", hint=hint)
