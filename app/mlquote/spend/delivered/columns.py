"""Files of columns, Parquet and Arrow, as records a row: what any format's reader takes.

A large table of our own counts has a road of its own, by columns; this one is for exports of other tools.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mlquote.kit.errors import Malformed
from mlquote.spend.log_records import Record

PARQUET: Final = b"PAR1"
ARROW_FILE: Final = b"ARROW1"
ARROW_STREAM: Final = b"\xff\xff\xff\xff"
_ROWS: Final = 4096


def is_columns(head: bytes) -> bool:
    """Whether a file begins as Parquet or Arrow does."""
    return head.startswith((PARQUET, ARROW_FILE, ARROW_STREAM))


def rows_of(raw: bytes) -> Iterator[Record]:
    """Every row with its number from 1; nulls are left out, as empty cells of a table are.

    Raises: Malformed for what is damaged
    """
    import pyarrow as arrow  # here, for few files are in it

    number = 0
    try:
        for batch in _batches(raw):
            for row in batch.to_pylist():
                number += 1
                yield number, {name: told for name, value in row.items() if (told := _plain(value)) is not None}
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise Malformed(f"the file of columns is damaged: {error}", hint="write it again, or as NDJSON") from error


def _batches(raw: bytes) -> Iterator[Any]:
    import pyarrow as arrow
    from pyarrow import ipc, parquet

    held = arrow.BufferReader(raw)
    if raw.startswith(PARQUET):
        yield from parquet.ParquetFile(held).iter_batches(batch_size=_ROWS)
    elif raw.startswith(ARROW_FILE):
        opened = ipc.open_file(held)
        yield from (opened.get_batch(place) for place in range(opened.num_record_batches))
    else:
        yield from ipc.open_stream(held)


def _plain(value: Any) -> Any:
    """A value as JSON has it: moments as text, maps as objects, what is no number as nothing."""
    if isinstance(value, list) and value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
        value = dict(value)
    if isinstance(value, Mapping):
        return {str(name): told for name, inner in value.items() if (told := _plain(inner)) is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return None if not math.isfinite(value) else Decimal(repr(value)) if value % 1 else int(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
