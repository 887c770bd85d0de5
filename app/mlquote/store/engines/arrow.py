"""Files and streams of Arrow as Parquet on the disk, a piece at a time: engines read them as they read that."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.columns import ARROW_FILE, ARROW_STREAM, PARQUET

_ROWS: Final = 122_880
"""Rows of one group of the Parquet: a stream may come in pieces of one row."""


def is_table(file: Path) -> bool:
    """Whether a file begins as Parquet does, or is Arrow whose columns Parquet can hold."""
    head = _head(file)
    return head.startswith(PARQUET) or (_is_arrow(head) and _is_held(file))


def as_parquet(files: Sequence[Path], folder: Path) -> list[Path]:
    """The files in their order, those of Arrow written to a folder as Parquet.

    Raises: Malformed for one that is damaged
    """
    return [_written(file, folder / f"{n}.parquet") if _is_arrow(_head(file)) else file for n, file in enumerate(files)]


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(len(ARROW_FILE))
    except OSError as error:
        raise Malformed(f"cannot read {file}: {error}", pointer=str(file)) from error


def _is_arrow(head: bytes) -> bool:
    return head.startswith((ARROW_FILE, ARROW_STREAM))


def _is_held(file: Path) -> bool:
    import pyarrow as arrow  # here, for few files are in it
    from pyarrow import parquet

    try:
        with _opened(file) as (schema, _):
            parquet.write_table(schema.empty_table(), BytesIO())
    except (arrow.ArrowException, OSError, ValueError):
        return False
    return True


def _written(file: Path, place: Path) -> Path:
    import pyarrow as arrow
    from pyarrow import parquet

    try:
        with _opened(file) as (schema, batches), parquet.ParquetWriter(place, schema, compression="lz4") as writer:
            held, rows = [], 0
            for batch in batches:
                held.append(batch)
                rows += batch.num_rows
                if rows >= _ROWS:
                    writer.write_table(arrow.Table.from_batches(held, schema), _ROWS)
                    held, rows = [], 0
            writer.write_table(arrow.Table.from_batches(held, schema), _ROWS)
    except (arrow.ArrowException, OSError, ValueError) as error:
        hint = "write it again, or as Parquet"
        raise Malformed(f"the file of columns is damaged: {error}", pointer=str(file), hint=hint) from error
    return place


@contextmanager
def _opened(file: Path) -> Iterator[tuple[Any, Iterator[Any]]]:
    """The schema of a file or stream of Arrow, and its batches one by one."""
    import pyarrow as arrow
    from pyarrow import ipc

    with arrow.memory_map(str(file)) as held:
        if _head(file).startswith(ARROW_FILE):
            opened = ipc.open_file(held)
            yield opened.schema, (opened.get_batch(place) for place in range(opened.num_record_batches))
        else:
            stream = ipc.open_stream(held)
            yield stream.schema, iter(stream)
