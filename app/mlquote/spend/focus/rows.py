"""Charges as rows of FOCUS: what every column says, in words and exact amounts.

ListCost is ListUnitPrice times PricingQuantity and ContractedCost the contracted price times it, to the last digit;
BilledCost and EffectiveCost are the bill's own dollars, and equal to the contracted cost but for seconds billed by the
hour, where a bill rounds each line to 1e-18 dollars.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from mlquote.formulas.pricing import times
from mlquote.kit.money import EXACT, plain
from mlquote.kit.units import PRICE_UNITS
from mlquote.spend.focus.charges import Charge, ChargeOf, FocusCharges, HoursOf
from mlquote.spend.focus.columns import columns_of
from mlquote.spend.focus.periods import Period
from mlquote.spend.machine_costs import HourPrice, MachineCell, MachineCosts
from mlquote.spend.metered import DOLLARS

UNSPECIFIED: Final = "unspecified"
"""An account at a seller of which nobody says whose it is: the column may not be empty."""
_MARKET: Final = "market"
_STANDARD: Final = "standard"
_DIGITS: Final = Decimal("1e-18")
_NOWHERE: Final = (None, "", "global")
_UNITS: Final[Mapping[str, str]] = {DOLLARS: "USD"}
Row = dict[str, Any]
Maker = Callable[[str], str | None]
"""The maker of a model, by the model's name; None where it is not known."""


class Export(NamedTuple):
    """Rows of a version, and what is in none of them."""

    version: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    """A row's values in the order of `columns`; null where nothing is said."""
    unpriced_accelerator_hours: Mapping[str, Decimal]
    """Part -> hours in no row, for no price is known of them."""

    def told(self) -> dict[str, Any]:
        """As an answer gives it."""
        return {"version": self.version, "columns": self.columns, "rows": self.rows}


def export_of(charges: FocusCharges, costs: MachineCosts | None, release: str, maker: Maker) -> Export:
    """Every charge of a bill as a row, by period, seller, model and meter.

    Args: costs: what hours of machines cost; release: the catalogue release behind the prices; maker: of a model
    """
    found = [
        {**_around(charges, of.period, of.labels), **_of_call(of, charge, release, maker)}
        for of, charge in charges.calls.items()
        if charge.quantity or charge.usd
    ]
    missing: dict[str, Fraction] = {}
    for hours_of, hours in charges.hours.items():
        cell = MachineCell(hours_of.part, hours_of.day, hours_of.is_idle, hours_of.provider, hours_of.region)
        price = None if costs is None else costs.usd_per_hour(cell)
        if price is None:
            missing[hours_of.part] = missing.get(hours_of.part, Fraction(0)) + hours
        else:
            around = _around(charges, hours_of.period, hours_of.labels)
            found.append({**around, **_of_hours(hours_of, hours, price, release)})
    found.sort(key=_place)
    columns = tuple(column.name for column in columns_of(charges.terms.version))
    rows = [[row.get(name) for name in columns] for row in found]
    left = {part: _decimal(hours) for part, hours in sorted(missing.items())}
    return Export(charges.terms.version, columns, rows, left)


def _place(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("ChargePeriodStart", "ProviderName", "SkuId", "SkuPriceId", "Tags"))


def _around(charges: FocusCharges, period: Period, labels: tuple[tuple[str, str], ...]) -> Row:
    """What every charge says, whatever it is for."""
    account = charges.terms.billing_account or UNSPECIFIED
    return {
        "BillingAccountId": account,
        "BillingAccountName": account,
        "BillingAccountType": "Account",
        "BillingCurrency": "USD",
        "BillingPeriodStart": period.billing_start,
        "BillingPeriodEnd": period.billing_end,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": period.start,
        "ChargePeriodEnd": period.end,
        "PricingCategory": "Standard",
        "PricingCurrency": "USD",
        "Tags": dict(labels),
    }


def _of_call(of: ChargeOf, charge: Charge, release: str, maker: Maker) -> Row:
    provider, model, called = of.called.provider or UNSPECIFIED, of.called.model or UNSPECIFIED, of.called
    processing = called.processing or _STANDARD
    unit = PRICE_UNITS.get(of.unit)
    counted = _UNITS.get(of.unit) or ("Units" if unit is None else unit.counted.replace("_", " ").title())
    quantity = Decimal(charge.quantity)
    priced, priced_unit = quantity, counted
    if unit is not None and unit.per_unit > 1:
        priced, priced_unit = EXACT.divide(quantity, Decimal(unit.per_unit)).quantize(_DIGITS, context=EXACT), "Hours"
    elif unit is not None and unit.things > 1:
        priced, priced_unit = EXACT.divide(quantity, Decimal(unit.things)), f"{unit.things} {counted}"
    listed = of.usd_per_unit if of.list_usd_per_unit is None else of.list_usd_per_unit
    mode = "" if processing == _STANDARD else f", {processing}"
    return {
        **_amounts(plain(priced), listed, of.usd_per_unit, charge.usd),
        **_place_of(of.called.region),
        "ChargeDescription": f"{of.meter} of {model}{mode}",
        "ConsumedQuantity": plain(quantity),
        "ConsumedUnit": counted,
        "InvoiceIssuerName": provider,
        "PricingUnit": priced_unit,
        "ProviderName": provider,
        "PublisherName": maker(model) or provider,
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": f"{provider} API",
        "ServiceSubcategory": "Generative AI",
        "SkuId": f"{provider}/{model}/{of.meter}",
        "SkuMeter": of.meter,
        "SkuPriceId": _price_id(of, processing),
        "SkuPriceDetails": _details(of, processing, release),
    }


def _price_id(of: ChargeOf, processing: str) -> str:
    """The row that prices it, the day it holds from, and the meter: a row may price several, and each has one SKU.

    Of a row of another seller's or model's (a price that is passed on, a container), and of a region's surcharge, whose
    it is too; a negotiated price of what no row prices says so.
    """
    provider, model, region = of.called.provider, of.called.model, of.called.region
    if not of.rows:
        return f"{provider}/{model}/{processing}/not-in-the-catalogue/{of.meter}"
    row = of.rows[0]
    since = "" if row.effective_from is None else f"/{row.effective_from.date().isoformat()}"
    whose = "" if row.key.startswith(f"{provider}/{model}/") else f"/{provider}/{model}"
    where = f"/{region}" if len(of.rows) > 1 else ""
    return f"{row.key}{since}{whose}{where}/{of.meter}"


def _details(of: ChargeOf, processing: str, release: str) -> Row:
    """What the price depends on beside its meter; names of ours begin with `x_`, as FOCUS has it."""
    found = {
        "x_Provider": of.called.provider,
        "x_Model": of.called.model,
        "x_Meter": of.meter,
        "x_Processing": processing,
        "x_Region": of.called.region,
        "x_Row": of.rows[0].key if of.rows else None,
        "x_MultiplierRow": of.rows[1].key if len(of.rows) > 1 else None,
        "x_Source": of.rows[0].source_url if of.rows else None,
        "x_CatalogRelease": release,
    }
    return {name: value for name, value in found.items() if value is not None}


def _of_hours(of: HoursOf, hours: Fraction, price: HourPrice, release: str) -> Row:
    quantity, provider = _decimal(hours), price.provider or _MARKET
    idle = ", idle" if of.is_idle else ""
    details = {
        "x_Accelerator": of.part,
        "x_PriceModel": price.price_model,
        "x_LowUsdPerHour": price.low,
        "x_HighUsdPerHour": price.high,
        "x_Idle": of.is_idle,
        "x_CatalogRelease": release,
    }
    return {
        **_amounts(quantity, price.central, price.central, times(price.central, quantity)),
        **_place_of(of.region),
        "ChargeDescription": f"{of.part} hours{idle}",
        "ConsumedQuantity": quantity,
        "ConsumedUnit": "Hours",
        "InvoiceIssuerName": provider,
        "PricingCategory": "Dynamic" if price.price_model == "spot" else "Standard",
        "PricingUnit": "Hours",
        "ProviderName": provider,
        "PublisherName": provider,
        "ServiceCategory": "Compute",
        "ServiceName": "Accelerators",
        "ServiceSubcategory": "Virtual Machines",
        "SkuId": f"{provider}/{of.part}",
        "SkuMeter": f"{of.part} hours",
        "SkuPriceId": f"{provider}/{of.part}/{price.price_model}/{of.day.date().isoformat()}",
        "SkuPriceDetails": details,
    }


def _amounts(quantity: Decimal, listed: Decimal, contracted: Decimal, usd: Decimal) -> Row:
    """The four costs, the prices behind them, and the quantity that they are for."""
    return {
        "BilledCost": plain(usd),
        "ContractedCost": plain(times(contracted, quantity)),
        "ContractedUnitPrice": contracted,
        "EffectiveCost": plain(usd),
        "ListCost": plain(times(listed, quantity)),
        "ListUnitPrice": listed,
        "PricingCurrencyContractedUnitPrice": contracted,
        "PricingCurrencyEffectiveCost": plain(usd),
        "PricingCurrencyListUnitPrice": listed,
        "PricingQuantity": quantity,
    }


def _place_of(region: str | None) -> Row:
    return {} if region in _NOWHERE else {"RegionId": region, "RegionName": region}


def _decimal(hours: Fraction) -> Decimal:
    """Hours to 12 places."""
    return plain(Decimal(round(hours * 10**12)).scaleb(-12))
