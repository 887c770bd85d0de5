"""From whom we hold it: the tables, datasets and bodies of pages that a row says it was read in."""

import re
from collections.abc import Iterator
from typing import Any, Final

MOST_SINGLE_FACTS: Final = 10
"""As many rows of one lineage are single facts, each cited with its publisher; more of them are read out of somebody's
collection, which needs a row of `sources` that says on what ground."""

PARTED: Final = "; "

_REPOSITORY: Final = re.compile(r"(?://github\.com/|github:)([\w.-]+/[\w.-]+)")
_PACKAGE: Final = re.compile(r"(?:Python|npm) package ([\w.@/-]+)")
_READ_IN: Final = re.compile(r"read in (?:an? |the )?(?!github:|computed|\S+ package )([^;@(,:0-9]+)")
_DATED: Final = re.compile(r"(?: of| dated)?\s*$")
_SNAPSHOT: Final = re.compile(r"[ @#:]")


def lineages_of(row: Any) -> Iterator[str]:
    """Whose collections a row was read in, as `sources` spells them: "github:owner/name", "package:name", or words.

    A row that was read on its publisher's own page, and nowhere else, names none.
    """
    yield from (f"github:{found}" for found in _REPOSITORY.findall(f"{row.source_url} {row.note}"))
    if "read in" in row.note or " package " in row.note:
        yield from (f"package:{found.rstrip('.')}" for found in _PACKAGE.findall(row.note))
        yield from (_DATED.sub("", found) for found in _READ_IN.findall(row.note))
    for part in getattr(row, "read_from", "").split(PARTED):
        if part:
            yield _SNAPSHOT.split(part, maxsplit=1)[0]
