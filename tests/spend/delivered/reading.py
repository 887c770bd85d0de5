"""Small files of each format, read and priced."""

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.spend.delivered.walk import Delivery, open_delivered
from mlquote.spend.usage import bill, told
from mlquote.spend.usage_groups import groups_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ndjson(*lines: object) -> bytes:
    """One JSON value a line; text goes in as it is."""
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()


def csv(*rows: str) -> bytes:
    """Rows of a table, the header first."""
    return "\n".join(rows).encode()


def answered(
    body: bytes,
    catalog: Snapshot,
    source: str | None = None,
    by: str = "",
    zone: tzinfo = UTC,
    provider: str | None = None,
) -> dict[str, Any]:
    """The answer to a file, with the format that it was read as."""
    delivered = open_delivered(body, Delivery(source, "", provider, zone))
    whole = bill(delivered.lines, catalog, NOW, groups_of(by), zone=zone)
    return {**told(whole, catalog, NOW), "read_as": delivered.format.source}


def bad_lines(answer: dict[str, Any]) -> list[int]:
    """The numbers of the lines that cannot be read."""
    return [fault.line for fault in answer["malformed_lines"]]


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of an answer's warnings."""
    return {warning.code for warning in answer["warnings"]}
