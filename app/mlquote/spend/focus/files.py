"""Rows of FOCUS as files: CSV as its tools read it, and Parquet with exact decimals."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from mlquote.kit.errors import OutOfDomain
from mlquote.kit.money import EXACT
from mlquote.render.harmless import in_csv
from mlquote.spend.documents import to_json
from mlquote.spend.focus.columns import COLUMNS, Column, Kind

_COLUMN: Final = {column.name: column for column in COLUMNS}
_PRECISION: Final = 38
"""Digits of a decimal that every engine reads."""


def csv_of(export: Mapping[str, Any]) -> str:
    """An export as CSV: decimals with a point, moments in UTC with a Z, nothing for null.

    A whole number is written 130213.0: readers that guess types, the specification's own validator too, would take a
    column of whole numbers for integers.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [_COLUMN[name] for name in export["columns"]]
    writer.writerow([column.name for column in columns])
    for row in export["rows"]:
        writer.writerow([_cell(column, value) for column, value in zip(columns, row, strict=True)])
    return out.getvalue()


def parquet_of(export: Mapping[str, Any]) -> bytes:
    """An export as Parquet: decimals exact, moments in UTC, pairs as JSON text.

    Raises: OutOfDomain for an amount with more digits than engines read
    """
    import pyarrow as arrow  # here, for few exports are in it
    from pyarrow import parquet

    columns = [_COLUMN[name] for name in export["columns"]]
    arrays = [_array(column, [row[place] for row in export["rows"]]) for place, column in enumerate(columns)]
    out = io.BytesIO()
    parquet.write_table(arrow.table(dict(zip((c.name for c in columns), arrays, strict=True))), out)
    return out.getvalue()


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind is Kind.AMOUNT:
        text = f"{Decimal(value):f}"
        return text if "." in text else f"{text}.0"
    if column.kind is Kind.MOMENT:
        return _moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(in_csv(_text(column, value)))


def _text(column: Column, value: Any) -> str:
    return to_json(value) if column.kind is Kind.PAIRS else str(value)


def _moment(value: Any) -> datetime:
    """A moment, or the text that an answer which came over the wire has for it."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


def _array(column: Column, values: Sequence[Any]) -> Any:
    import pyarrow as arrow

    if column.kind is Kind.AMOUNT:
        return _decimals(column, [None if value is None else Decimal(value) for value in values])
    if column.kind is Kind.MOMENT:
        moments = [None if value is None else _moment(value) for value in values]
        return arrow.array(moments, arrow.timestamp("ms", tz="UTC"))
    return arrow.array([None if value is None else _text(column, value) for value in values], arrow.string())


def _decimals(column: Column, values: Sequence[Decimal | None]) -> Any:
    """Decimals of as many places as the longest has."""
    import pyarrow as arrow

    known = [value for value in values if value is not None]
    places = max((max(0, -int(value.as_tuple().exponent)) for value in known), default=0)
    before = max((max(1, value.adjusted() + 1) for value in known), default=1)
    if places + before > _PRECISION:
        detail = f"{column.name} needs {places + before} digits, and Parquet's decimals have {_PRECISION}"
        raise OutOfDomain(detail, pointer="/format", hint="format=csv has all of them")
    kept = [None if v is None else v.quantize(Decimal(1).scaleb(-places), context=EXACT) for v in values]
    return arrow.array(kept, arrow.decimal128(_PRECISION, places))
