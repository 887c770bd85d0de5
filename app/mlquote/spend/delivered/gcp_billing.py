"""Google Cloud's billing export, as NDJSON, JSON or a flat table.

`cost` is before credits, which are a list of negatives beside it. The hours of GPUs come in seconds.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.meters import token_meter
from mlquote.spend.delivered.records import BilledLine, Charge
from mlquote.spend.log_records import Record

_CHARGES: Final = {
    "regular": Charge.USAGE,
    "tax": Charge.TAX,
    "adjustment": Charge.ADJUSTMENT,
    "rounding_error": Charge.ADJUSTMENT,
}
_SECONDS: Final = {"seconds": 1, "second": 1, "minutes": 60, "minute": 60, "hour": 3_600, "hours": 3_600}
_GPU: Final = " gpu"


def _fits(sample: Sample) -> bool:
    return sample.has("cost", "usage_start_time") and sample.has_any("sku", "sku_description", "service", "cost_type")


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return each(records, lambda number, row: [_line(number, row)])


def _line(number: int, row: Cells) -> BilledLine:
    usage = row.inner("usage")
    sku = _told(row, "sku", "description") or ""
    service = _told(row, "service", "description") or ""
    amount = usage.number("amount") if usage.values else row.number("usage_amount")
    unit = (usage.word("unit") or row.word("usage_unit") or "").casefold()
    charge = _CHARGES.get((row.word("cost_type") or "regular").casefold(), Charge.ADJUSTMENT)
    credits = sum((one.needed_number("amount") for one in row.members("credits")), Decimal(0))
    is_gpu = _GPU in f" {sku.casefold()}" and unit in _SECONDS and amount is not None
    meter = token_meter(sku) if unit in ("count", "requests", "tokens") and charge is Charge.USAGE else None
    cost = row.needed_number("cost")
    return BilledLine(
        number,
        row.needed_moment("usage_start_time"),
        row.moment("usage_end_time"),
        cost,
        (row.word("currency") or "USD").upper(),
        charge,
        credits=credits,
        listed=cost if charge is Charge.USAGE else None,
        provider="google-vertex" if "vertex" in service.casefold() else "gcp",
        model=sku if meter else None,
        meter=meter,
        quantity=amount if meter else None,
        accelerator=sku[: f" {sku.casefold()}".index(_GPU)].strip() if is_gpu else None,
        accelerator_hours=Fraction(amount) * _SECONDS[unit] / 3_600 if is_gpu and amount is not None else None,
        region=_told(row, "location", "region"),
        labels=_labels(row),
    )


def _told(row: Cells, holder: str, name: str) -> str | None:
    """A member of an object, or its column in a flat table."""
    inner = row.raw(holder)
    return row.inner(holder).word(name) if isinstance(inner, dict) else row.word(f"{holder}_{name}")


def _labels(row: Cells) -> dict[str, str]:
    found = {one.word("key") or "": one.word("value") or "" for one in row.members("labels")}
    project = _told(row, "project", "id")
    return {name: value for name, value in {"project": project or "", **found}.items() if name and value}


GCP_BILLING = Format(
    source="gcp-billing",
    title="Google Cloud billing export",
    one="the line",
    left_out="nothing: taxes, adjustments and credits are told apart",
    moment="`usage_start_time`, UTC",
    holds="`cost` before `credits`; `usage.amount` in `usage.unit`, hours of GPUs in seconds",
    page="https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage",
    fits=_fits,
    read=_read,
)
