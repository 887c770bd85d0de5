"""AWS Cost and Usage Report, 2.0 and the one before (`lineItem/UsageAmount`).

A negation cancels the dollars of hours that a savings plan covers, and not the hours; a fee and a tax are no usage. A
model at Bedrock has a line for each kind of token, in the unit that `pricing_unit` says.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.meters import is_hours, scale_of, token_meter
from mlquote.spend.delivered.records import BilledLine, Charge
from mlquote.spend.log_records import Record

_CHARGES: Final = {
    "usage": Charge.USAGE,
    "discountedusage": Charge.USAGE,
    "savingsplancoveredusage": Charge.USAGE,
    "savingsplannegation": Charge.USAGE,
    "tax": Charge.TAX,
    "fee": Charge.FEE,
    "rifee": Charge.FEE,
    "savingsplanrecurringfee": Charge.FEE,
    "savingsplanupfrontfee": Charge.FEE,
    "credit": Charge.CREDIT,
    "refund": Charge.REFUND,
}
"""Line item type -> what it is for; discounts and anything else adjust."""
_COVERED: Final = {
    "savingsplancoveredusage": ("savings_plan_savings_plan_effective_cost", "savingsPlan/SavingsPlanEffectiveCost"),
    "discountedusage": ("reservation_effective_cost", "reservation/EffectiveCost"),
}
_INSTANCE: Final = re.compile(r"(?:BoxUsage|SpotUsage|DedicatedUsage|HeavyUsage|UnusedBox|Reservation)\w*:(.+)$")
_TOKENS: Final = re.compile(
    r"-?(?:MP:)?(?:[A-Z0-9]+-)?(.+?)[-_](?:cross-region|cache|input|output|batch)", re.IGNORECASE
)


def _fits(sample: Sample) -> bool:
    return sample.has("line_item_line_item_type") and sample.has_any(
        "line_item_unblended_cost", "line_item_usage_amount"
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return each(records, lambda number, row: [_line(number, row, around)])


def _line(number: int, row: Cells, around: Around) -> BilledLine:
    kind = row.needed_word("line_item_line_item_type").casefold().replace(" ", "")
    charge = _CHARGES.get(kind, Charge.ADJUSTMENT)
    cost = row.needed_number("line_item_unblended_cost", "line_item_blended_cost")
    used = row.number("line_item_usage_amount")
    unit, usage_type = row.word("pricing_unit") or "", row.word("line_item_usage_type") or ""
    start = row.moment("line_item_usage_start_date") or row.moment("bill_billing_period_start_date")
    is_used = charge is Charge.USAGE and kind != "savingsplannegation"
    meter = token_meter(usage_type) if is_used else None
    instance = (row.word("product_instance_type") or _instance(usage_type) or "").removeprefix("ml.")
    hours = Fraction(used * scale_of(unit)) if is_used and used is not None and instance and _hourly(unit) else None
    model = _TOKENS.match(usage_type)
    return BilledLine(
        number,
        start,
        row.moment("line_item_usage_end_date"),
        cost,
        (row.word("line_item_currency_code") or "USD").upper(),
        charge,
        effective=_effective(row, kind, cost) if charge is Charge.USAGE else None,
        provider="aws-bedrock" if "bedrock" in (row.word("line_item_product_code") or "").casefold() else "aws",
        model=model[1] if meter and model else None,
        meter=meter,
        quantity=used * scale_of(unit) if meter and used is not None else None,
        instance=instance if hours is not None else None,
        instance_hours=hours,
        region=row.word("product_region_code", "product_region"),
        labels=_labels(row),
    )


def _hourly(unit: str) -> bool:
    return not unit or is_hours(unit)


def _instance(usage_type: str) -> str | None:
    found = _INSTANCE.search(usage_type)
    return found[1] if found else None


def _effective(row: Cells, kind: str, cost: Decimal) -> Decimal:
    """What usage costs with its share of what was paid ahead."""
    if kind == "savingsplannegation":
        return Decimal(0)
    told = row.number(*_COVERED[kind]) if kind in _COVERED else None
    return cost if told is None else told


def _labels(row: Cells) -> dict[str, str]:
    found = {"principal": row.word("line_item_iam_principal"), "account": row.word("line_item_usage_account_id")}
    tags = {str(name): str(value) for name, value in row.inner("resource_tags").values.items()}
    for name, value in row.values.items():
        if name.startswith("resourceTags/") and value not in (None, ""):
            tags[name.removeprefix("resourceTags/")] = str(value)
    named = {name.removeprefix("user_").removeprefix("user:"): value for name, value in tags.items()}
    return {name: value for name, value in {**found, **named}.items() if value}


AWS_CUR = Format(
    source="aws-cur",
    title="AWS Cost and Usage Report",
    one="the line",
    left_out="nothing: taxes, fees, credits and negations are told apart",
    moment="`line_item_usage_start_date`, UTC",
    holds="`line_item_usage_amount` in `pricing_unit`; a negation cancels dollars, not hours",
    page="https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html",
    fits=_fits,
    read=_read,
)
