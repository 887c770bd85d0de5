"""FOCUS, the open specification of bills: what a provider billed, a charge a row.

`PricingUnit` scales `PricingQuantity`, and `ConsumedUnit` the consumed one. Prices are the bill's own, not ours.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from mlquote.estimators.tokens.meters import SELECTORS
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.meters import is_hours, scale_of, token_meter
from mlquote.spend.delivered.records import BilledLine, Charge
from mlquote.spend.log_records import Record

_CHARGES: Final = {
    "usage": Charge.USAGE,
    "purchase": Charge.FEE,
    "tax": Charge.TAX,
    "credit": Charge.CREDIT,
    "adjustment": Charge.ADJUSTMENT,
}


def _fits(sample: Sample) -> bool:
    return sample.has("BilledCost", "ChargePeriodStart")


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return each(records, lambda number, row: [_line(number, row)])


def _line(number: int, row: Cells) -> BilledLine:
    charge = _CHARGES.get((row.word("ChargeCategory") or "usage").casefold(), Charge.ADJUSTMENT)
    cost = row.needed_number("BilledCost")
    used, unit = row.number("ConsumedQuantity"), row.word("ConsumedUnit") or ""
    if used is None:
        used, unit = row.number("PricingQuantity"), row.word("PricingUnit") or ""
    is_usage = charge is Charge.USAGE and used is not None
    meter = _meter(row, unit) if charge is Charge.USAGE else None
    details = row.inner("SkuPriceDetails")
    part = row.word("SkuMeter") or row.word("ChargeDescription") or ""
    is_part = is_usage and is_hours(unit) and part.casefold().endswith(" hours")
    number_of = None if used is None else used * scale_of(unit)
    return BilledLine(
        number,
        row.needed_moment("ChargePeriodStart"),
        row.moment("ChargePeriodEnd"),
        cost,
        row.needed_word("BillingCurrency").upper(),
        charge,
        effective=row.number("EffectiveCost"),
        listed=row.number("ListCost"),
        contracted=row.number("ContractedCost"),
        processing=details.word("x_Processing"),
        rows=tuple(filter(None, (details.word("x_Row"), details.word("x_MultiplierRow")))),
        provider=row.word("ServiceProviderName", "ProviderName"),
        model=(details.word("x_Model") or _model(row)) if meter else None,
        meter=meter,
        quantity=number_of if meter else None,
        accelerator=part[: -len(" hours")] if is_part else None,
        accelerator_hours=Fraction(number_of) if is_part and number_of is not None else None,
        region=row.word("RegionId"),
        labels=_labels(row),
    )


def _meter(row: Cells, unit: str) -> str | None:
    """The field of `usage` that a charge is for; None where it is none of a model."""
    said = row.word("SkuMeter")
    if said in SELECTORS:
        return said
    text = " ".join(filter(None, (said, row.word("ChargeDescription"))))
    meter = token_meter(f"{text} tokens") if "token" in unit.casefold() else None
    return "web_searches" if meter is None and "web_search" in text else meter


def _model(row: Cells) -> str | None:
    """The model of a SKU: the middle of seller/model/meter, else the SKU's own name."""
    sku, meter = row.word("SkuId"), row.word("SkuMeter")
    if sku is None or meter is None or not sku.endswith(f"/{meter}"):
        return sku
    seller, _, rest = sku.partition("/")
    return rest.removesuffix(f"/{meter}") if rest != meter else seller


def _labels(row: Cells) -> dict[str, str]:
    named = {"account": "BillingAccountName", "sub_account": "SubAccountName", "service": "ServiceName"}
    found = {name: word for name, column in named.items() if (word := row.word(column))}
    return found | {str(name): str(value) for name, value in row.inner("Tags").values.items() if value}


FOCUS = Format(
    source="focus",
    title="FOCUS cost and usage",
    one="the charge",
    left_out="nothing: purchases, taxes and credits are told apart",
    moment="`ChargePeriodStart`, UTC",
    holds="`ConsumedQuantity` in `ConsumedUnit`, `PricingQuantity` in `PricingUnit`",
    page="https://focus.finops.org/focus-specification/",
    fits=_fits,
    read=_read,
)
