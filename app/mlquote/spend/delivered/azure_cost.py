"""Azure's cost export, of any agreement and in any language that names its columns in parentheses.

`UnitOfMeasure` scales `Quantity` (1K, 1M, 100 Hours); dates are month first; tags may lack their braces. An actual and
an amortised export of the same time are never added.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells, parsed
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.meters import is_hours, scale_of, token_meter
from mlquote.spend.delivered.records import BilledLine, Charge
from mlquote.spend.log_records import Record

_CHARGES: Final = {
    "usage": Charge.USAGE,
    "purchase": Charge.FEE,
    "unusedreservation": Charge.FEE,
    "unusedsavingsplan": Charge.FEE,
    "refund": Charge.REFUND,
    "tax": Charge.TAX,
    "roundingadjustment": Charge.ADJUSTMENT,
}
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")
_SPOT: Final = re.compile(r"\s*(spot|low priority)\s*$", re.IGNORECASE)


def _fits(sample: Sample) -> bool:
    return sample.has("MeterCategory") and sample.has_any("Quantity", "UsageQuantity", "ConsumedQuantity")


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return each(records, lambda number, row: [_line(number, row)])


def _line(number: int, row: Cells) -> BilledLine:
    day = _day(row)
    kind = (row.word("ChargeType") or "usage").casefold()
    charge = _CHARGES.get(kind, Charge.ADJUSTMENT)
    cost = row.needed_number("CostInBillingCurrency", "PreTaxCost", "Cost", "ExtendedCost", "CostInUsd")
    used, unit = row.number("Quantity", "UsageQuantity", "ConsumedQuantity"), row.word("UnitOfMeasure") or ""
    name = " ".join(filter(None, (row.word("MeterName"), row.word("MeterSubCategory"))))
    meter = token_meter(row.word("MeterName") or "") if charge is Charge.USAGE else None
    instance = _instance(row) if charge is Charge.USAGE and is_hours(unit) else None
    return BilledLine(
        number,
        day,
        None,
        cost,
        (row.word("BillingCurrencyCode", "BillingCurrency", "Currency") or "USD").upper(),
        charge,
        listed=row.number("PaygCostInBillingCurrency"),
        provider="azure-openai" if "openai" in name.casefold() else "azure",
        model=row.word("MeterName") if meter else None,
        meter=meter,
        quantity=used * scale_of(unit) if meter and used is not None else None,
        instance=instance if used is not None else None,
        instance_hours=Fraction(used * scale_of(unit)) if instance and used is not None else None,
        region=row.word("ResourceLocation"),
        labels=_labels(row),
    )


def _day(row: Cells) -> datetime:
    """The day of a line, month first where it is written with strokes.

    Raises: Malformed where it is missing or none
    """
    name = row.name_of("Date", "UsageDateTime", "UsageDate") or "Date"
    word = row.needed_word(name)
    found = _MONTH_FIRST.fullmatch(word)
    if found is None:
        return row.needed_moment(name)
    try:
        return datetime(int(found[3]), int(found[1]), int(found[2]), tzinfo=UTC)
    except ValueError as error:
        raise Malformed(f"{word!r} is no day", pointer=row.pointer(name), hint="month/day/year") from error


def _object(row: Cells, name: str) -> Mapping[str, Any]:
    """A member that is an object, its braces there or left out."""
    word = row.word(name)
    if word is None:
        return row.inner(name).values
    text = word if word.startswith("{") else f"{{{word}}}"
    found = parsed(text, name, row.pointer(name))
    return found if isinstance(found, Mapping) else {}


def _instance(row: Cells) -> str | None:
    """The type of a virtual machine, as Azure's sizes are called; None for anything else."""
    if (row.word("MeterCategory") or "").casefold() != "virtual machines":
        return None
    told = _object(row, "AdditionalInfo").get("ServiceType")
    if isinstance(told, str) and told:
        return told
    meter = _SPOT.sub("", row.word("MeterName") or "").partition("/")[0].strip()
    return f"Standard_{meter.replace(' ', '_')}" if meter else None


def _labels(row: Cells) -> dict[str, str]:
    named = {"subscription": "SubscriptionName", "resource_group": "ResourceGroup", "cost_center": "CostCenter"}
    found = {name: word for name, column in named.items() if (word := row.word(column))}
    return found | {str(name): str(value) for name, value in _object(row, "Tags").items() if value}


AZURE_COST = Format(
    source="azure-cost",
    title="Azure cost export",
    one="the line",
    left_out="nothing: purchases, refunds and taxes are told apart",
    moment="`Date`, month first, or `UsageDateTime`",
    holds="`Quantity` in `UnitOfMeasure`; the meter's name says which tokens",
    page="https://learn.microsoft.com/azure/cost-management-billing/dataset-schema/schema-index",
    fits=_fits,
    read=_read,
)
