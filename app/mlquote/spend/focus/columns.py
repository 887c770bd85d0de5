"""The columns of FOCUS that we write, each with the version that first has it, so that a version is a choice of rows.

Source: FinOps Open Cost and Usage Specification (FOCUS), version 1.2 of 29 May 2025, "Columns";
https://focus.finops.org/focus-specification/v1-2/, Community Specification License 1.0.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from mlquote.kit.errors import Malformed

VERSIONS: Final = ("1.2",)
"""Versions that are written; a newer one is a row more here, and the columns it adds or lets go below."""
NEWEST: Final = VERSIONS[-1]


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    AMOUNT = "amount"
    """An exact decimal."""
    MOMENT = "moment"
    """In UTC, to the second: 2026-11-02T00:00:00Z."""
    PAIRS = "pairs"
    """A JSON object of names and values."""


class Column(NamedTuple):
    """One column: how it is called, what it holds, and the versions that have it."""

    name: str
    kind: Kind = Kind.TEXT
    since: str = "1.0"
    until: str | None = None
    """The first version that has it no more."""


_AMOUNT, _MOMENT, _PAIRS = Kind.AMOUNT, Kind.MOMENT, Kind.PAIRS
COLUMNS: Final = (
    Column("AvailabilityZone"),
    Column("BilledCost", _AMOUNT),
    Column("BillingAccountId"),
    Column("BillingAccountName"),
    Column("BillingAccountType", since="1.2"),
    Column("BillingCurrency"),
    Column("BillingPeriodEnd", _MOMENT),
    Column("BillingPeriodStart", _MOMENT),
    Column("ChargeCategory"),
    Column("ChargeClass"),
    Column("ChargeDescription"),
    Column("ChargeFrequency"),
    Column("ChargePeriodEnd", _MOMENT),
    Column("ChargePeriodStart", _MOMENT),
    Column("CommitmentDiscountStatus"),
    Column("ConsumedQuantity", _AMOUNT),
    Column("ConsumedUnit"),
    Column("ContractedCost", _AMOUNT),
    Column("ContractedUnitPrice", _AMOUNT),
    Column("EffectiveCost", _AMOUNT),
    Column("InvoiceId", since="1.2"),
    Column("InvoiceIssuerName"),
    Column("ListCost", _AMOUNT),
    Column("ListUnitPrice", _AMOUNT),
    Column("PricingCategory"),
    Column("PricingCurrency", since="1.2"),
    Column("PricingCurrencyContractedUnitPrice", _AMOUNT, since="1.2"),
    Column("PricingCurrencyEffectiveCost", _AMOUNT, since="1.2"),
    Column("PricingCurrencyListUnitPrice", _AMOUNT, since="1.2"),
    Column("PricingQuantity", _AMOUNT),
    Column("PricingUnit"),
    Column("ProviderName"),
    Column("PublisherName"),
    Column("RegionId"),
    Column("RegionName"),
    Column("ResourceId"),
    Column("ResourceName"),
    Column("ResourceType"),
    Column("ServiceCategory"),
    Column("ServiceName"),
    Column("ServiceSubcategory", since="1.1"),
    Column("SkuId"),
    Column("SkuMeter", since="1.1"),
    Column("SkuPriceDetails", _PAIRS, since="1.1"),
    Column("SkuPriceId"),
    Column("SubAccountId"),
    Column("SubAccountName"),
    Column("SubAccountType", since="1.2"),
    Column("Tags", _PAIRS),
)


def version_of(version: str) -> str:
    """A version that is written.

    Raises: Malformed naming those there are
    """
    if version not in VERSIONS:
        hint = f"one of {', '.join(VERSIONS)}"
        raise Malformed(f"FOCUS {version[:20]!r} is not written here", pointer="/focus_version", hint=hint)
    return version


def columns_of(version: str) -> tuple[Column, ...]:
    """The columns of a version, in alphabetical order as the specification has them."""
    asked = _number(version)
    return tuple(
        column
        for column in COLUMNS
        if _number(column.since) <= asked and (column.until is None or asked < _number(column.until))
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
