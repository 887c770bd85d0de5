"""A review as a file that a person edits: one difference a row, `take` says which are to be written."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import Fault, InvalidCatalog
from mlquote.render.harmless import in_csv
from mlquote.upstreams.amending import Taken
from mlquote.upstreams.listing import FIGURE, Figure
from mlquote.upstreams.review import Proposal, Review

COLUMNS: Final = (
    "take", "kind", "table", "fact", "held", "listed", "percent", "listed_by", "not_by", "suspicions", "since",
    "checked_on", "source_url", "key", "rest",
)  # fmt: skip
"""`take` is "yes" where lineages agree and nothing smells; a person writes "yes" or clears it. Order is free."""

_YES: Final = frozenset({"yes", "y", "x", "1", "true"})


def rendered(review: Review) -> str:
    """The review as CSV, the same for the same review."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(proposal) for proposal in review.proposals)
    return lines.getvalue()


def _cells(proposal: Proposal) -> tuple[str, ...]:
    return (
        "yes" if proposal.proposed else "",
        proposal.kind,
        proposal.table,
        str(in_csv(proposal.label)),
        printed(proposal.held),
        printed(proposal.listed),
        "" if proposal.percent is None else f"{proposal.percent:+}",
        "; ".join(upstream.name for upstream in proposal.agreeing),
        "; ".join(upstream.name for upstream in proposal.against),
        "; ".join(proposal.suspicions),
        proposal.since.isoformat(),
        max(upstream.day for upstream in proposal.agreeing).isoformat(),
        proposal.source_url,
        json.dumps(proposal.key),
        json.dumps(proposal.rest, sort_keys=True) if proposal.rest else "",
    )


def printed(figure: Figure | None) -> str:
    """A figure as a file prints it: no exponent, a day as a day, blank where there is none."""
    if figure is None:
        return ""
    return f"{figure:f}" if isinstance(figure, Decimal) else str(figure)


def taken_in(text: str) -> Iterator[Taken]:
    """The differences that a person took.

    Raises: InvalidCatalog naming line and column of every cell that cannot be read
    """
    faults: list[Fault] = []
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise InvalidCatalog(f"no review: columns {', '.join(missing)} are missing", hint="mlquote catalog refresh")
    taken = []
    for row in reader:
        if row["take"].strip().casefold() in _YES:
            try:
                taken.append(_taken(row))
            except (ValueError, InvalidOperation, KeyError, TypeError) as error:
                faults.append(Fault(f"line {reader.line_num}", f"{row['fact']}: {error}"))
        elif row["take"].strip().casefold() not in {"", "no", "n", "0", "false"}:
            faults.append(Fault(f"line {reader.line_num}:take", f"{row['take']!r} is neither yes nor no", "yes"))
    if faults:
        raise InvalidCatalog(f"{len(faults)} row(s) of the review cannot be read", faults=faults)
    yield from taken


def _taken(row: dict[str, str]) -> Taken:
    table = row["table"]
    if table not in FIGURE:
        raise ValueError(f"{table!r} is no table that an upstream is compared with")
    names = [name for name in row["listed_by"].split("; ") if name]
    key: tuple[Any, ...] = tuple(json.loads(row["key"]))
    if len(key) != len(TABLE[table].key):
        raise ValueError(f"a key of {table} has {len(TABLE[table].key)} parts")
    return Taken(
        table,
        key,
        _figure(table, row["listed"]),
        date.fromisoformat(row["since"]),
        "; ".join(names),
        date.fromisoformat(row["checked_on"]),
        row["source_url"],
        len({name.split(" ", 1)[0] for name in names}),
        json.loads(row["rest"] or "{}"),
    )


def _figure(table: str, cell: str) -> Figure | None:
    if cell == "":
        return None
    kind, _, _ = TABLE[table].types[FIGURE[table]]
    return date.fromisoformat(cell) if kind is date else Decimal(cell) if kind is Decimal else float(cell)
