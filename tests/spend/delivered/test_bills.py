"""What sellers billed: taxes, fees and credits apart, single tokens whatever the unit, accelerator-hours by part."""

from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.spend.delivered.meters import is_hours, scale_of, token_meter
from tests.spend.delivered.reading import answered, bad_lines, codes, csv, ndjson

CUR = (
    "line_item_usage_start_date,line_item_line_item_type,line_item_product_code,line_item_usage_type,"
    "line_item_usage_amount,pricing_unit,line_item_unblended_cost,savings_plan_savings_plan_effective_cost,"
    "product_instance_type,resource_tags"
)
DAY = "2026-11-02T00:00:00Z"


def test_a_negation_cancels_dollars_and_not_hours(catalog: Snapshot) -> None:
    """An hour of p5.48xlarge covered: 55.04 - 55.04, effective 38.528, 8 hours of H100."""
    rows = (
        f"{DAY},SavingsPlanCoveredUsage,AmazonEC2,BoxUsage:p5.48xlarge,1,Hrs,55.04,38.528,p5.48xlarge,",
        f"{DAY},SavingsPlanNegation,AmazonEC2,BoxUsage:p5.48xlarge,1,Hrs,-55.04,,p5.48xlarge,",
        f"{DAY},Usage,AmazonEC2,BoxUsage:m5.large,3,Hrs,0.288,,m5.large,",
        ",Tax,AmazonEC2,,,,1.23,,,",
        ",SavingsPlanRecurringFee,ComputeSavingsPlans,,,,500,,,",
        f'{DAY},Usage,AmazonEC2,BoxUsage:p5.48xlarge,"1,5",Hrs,x,,p5.48xlarge,',
        "cut",
    )
    answer = answered(csv(CUR, *rows), catalog)
    assert (answer["read_as"], answer["accelerator_hours"]) == ("aws-cur", {"h100-sxm5-80gb": 8})
    assert answer["billed_usd_by_charge"] == {"usage": Decimal("0.288"), "tax": Decimal("1.23"), "fee": 500}
    assert (answer["billed_usd"], answer["effective_usd"]) == (Decimal("501.518"), Decimal("38.816"))
    assert (bad_lines(answer), answer["priced_usd"], answer["cost_usd"]) == ([7, 8], 0, None)
    assert "bills-not-priced" in codes(answer)


@pytest.mark.parametrize(
    ("header", "slash"), [pytest.param(CUR, False, id="2.0"), pytest.param("", True, id="the report before")]
)
def test_bedrock_has_a_line_a_kind_of_token(catalog: Snapshot, header: str, *, slash: bool) -> None:
    if slash:
        header = "lineItem/UsageStartDate,lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,"
        header += "lineItem/UsageAmount,pricing/unit,lineItem/UnblendedCost,savingsPlan/SavingsPlanEffectiveCost,"
        header += "product/instanceType,resourceTags/user:team"
    kinds = ("input-tokens", "output-tokens", "cache-read-input-token-count", "cache-write-input-token-count")
    tag = "search" if slash else '"{""user_team"": ""search""}"'
    rows = [
        f"{DAY},Usage,AmazonBedrock,USE1-Claude4.5Haiku-{kind},{n}.5,1K tokens,0.1,,,{tag}"
        for n, kind in enumerate(kinds, 1)
    ]
    answer = answered(csv(header, *rows), catalog, by="model,label.team")
    counts = {"input_tokens": 1500, "output_tokens": 2500, "cache_read_tokens": 3500, "cache_write_tokens": 4500}
    assert answer["quantities"] == counts
    assert [(total["model"], total["label.team"]) for total in answer["totals"]] == [("Claude4.5Haiku", "search")]


AZURE = (
    "Date,MeterCategory,MeterName,UnitOfMeasure,Quantity,CostInBillingCurrency,BillingCurrencyCode,ChargeType,Tags,"
    "AdditionalInfo"
)
GERMAN = (
    "UsageDateTime (UsageDateTime),Kategorie der Verbrauchseinheit (MeterCategory),"
    "Name der Verbrauchseinheit (MeterName),"
    "Maßeinheit (UnitOfMeasure),UsageQuantity (UsageQuantity),PreTaxCost (PreTaxCost),Currency,ChargeType,Tags (Tags),"
    "Zusätzliche Informationen (AdditionalInfo)"
)


@pytest.mark.parametrize(
    ("header", "day"),
    [pytest.param(AZURE, "11/02/2026", id="English, month first"), pytest.param(GERMAN, "2026-11-02", id="German")],
)
def test_azures_unit_scales_its_quantity(catalog: Snapshot, header: str, day: str) -> None:
    """1,200 x 1K tokens at 0.000165: 0.198 dollars, 1.2 M tokens; 100 Hours times 0.5 are 50."""
    rows = (
        f'{day},Cognitive Services,gpt 4o mini 0718 Inp regnl Tokens,1K,1200,0.198,USD,Usage,"""team"": ""a""",',
        f'{day},Virtual Machines,NC40ads H100 v5,100 Hours,0.5,349,USD,Usage,"{{""team"": ""a""}}",'
        '"{""ServiceType"": ""Standard_NC40ads_H100_v5""}"',
        f"{day},Virtual Machines,NC40ads H100 v5,1 Hour,2,13.96,USD,Usage,,",
        f"{day},Virtual Machines,Reserved,1,1,1000,USD,Purchase,,",
        "31/31/2026,,,,1,1,USD,Usage,,",
        "11/05/2026,s",
    )
    answer = answered(csv(header, *rows), catalog, by="label.team")
    assert (answer["read_as"], answer["quantities"]) == ("azure-cost", {"input_tokens": 1_200_000})
    assert answer["accelerator_hours"] == {"h100-nvl-94gb": 52}
    assert answer["billed_usd_by_charge"] == {"usage": Decimal("363.158"), "fee": 1000}
    assert bad_lines(answer) == [6, 7]


def sold(sku: str, amount: object, unit: str, cost: float, **changed: Any) -> dict[str, Any]:
    """A row of Google's export."""
    return {
        "service": {"description": "Vertex AI" if unit == "count" else "Compute Engine"},
        "sku": {"id": "S", "description": sku},
        "usage_start_time": DAY,
        "labels": [{"key": "team", "value": "search"}],
        "location": {"region": "us-central1"},
        "cost": cost,
        "currency": "USD",
        "usage": {"amount": amount, "unit": unit},
        "credits": [],
        "cost_type": "regular",
    } | changed


def test_google_counts_seconds_and_credits_apart(catalog: Snapshot) -> None:
    """7,200 s at 2.9 an hour, credit -0.58: 5.22 dollars, 2 hours."""
    rows = (
        sold("A3 High H100 80GB GPU running in Americas", 7200, "seconds", 5.8, credits=[{"amount": -0.58}]),
        sold("Gemini 2.5 Pro Text Input - Predictions", 1e6, "count", 1.25),
        sold("Gemini 2.5 Pro Text Output - Predictions", 1000, "count", 0.01),
        sold("N2 Instance Core running in Americas", 3600, "seconds", 0.03),
        sold("x", "n/a", "count", 1.0),
        {
            "service": {"description": "Invoice"},
            "cost": 4.2,
            "currency": "USD",
            "cost_type": "tax",
            "usage_start_time": DAY,
        },
        '{"service": {"descr',
    )
    answer = answered(ndjson(*rows), catalog)
    assert (answer["read_as"], answer["accelerator_hours"]) == ("gcp-billing", {"h100-sxm5-80gb": 2})
    assert answer["quantities"] == {"input_tokens": 1_000_000, "output_tokens": 1000}
    charges = {"usage": Decimal("7.09"), "credit": Decimal("-0.58"), "tax": Decimal("4.2")}
    assert (answer["billed_usd_by_charge"], bad_lines(answer)) == (charges, [5, 7])


def test_focus_tells_what_was_billed_and_what_it_would_have_been(catalog: Snapshot) -> None:
    """0.130213 million tokens at 1 less a tenth: 0.1171917; 40 hours of H100 at 2.50."""
    header = "BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodStart,ConsumedQuantity,"
    header += "ConsumedUnit,EffectiveCost,ListCost,Tags"
    rows = (
        f'0.1171917,USD,Usage,input,{DAY},130213.0,Tokens,0.1171917,0.130213,"{{""team"": ""a""}}"',
        f"100,USD,Usage,h100 hours,{DAY},40.0,Hours,100,100,",
        f"7,EUR,Tax,VAT,{DAY},,,7,7,",
        f"free,USD,Usage,input,{DAY},1,Tokens,1,1,",
        "1,acme",
    )
    answer = answered(csv(header, *rows), catalog)
    assert (answer["read_as"], answer["billed_usd"]) == ("focus", Decimal("100.1171917"))
    assert (answer["listed_usd"], answer["quantities"]) == (Decimal("100.130213"), {"input_tokens": 130_213})
    assert (answer["accelerator_hours"], bad_lines(answer)) == ({"h100-sxm5-80gb": 40}, [5, 6])
    assert (answer["billed_in_other_currencies"], "billed-not-usd" in codes(answer)) == ({"EUR": {"tax": 7}}, True)


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("1K tokens", 1000),
        ("1K", 1000),
        ("1M", 10**6),
        ("1000000 Tokens", 10**6),
        ("1,000 Requests", 1000),
        ("100 Hours", 100),
        ("1 Hour", 1),
        ("Hrs", 1),
        ("Million Input Tokens", 10**6),
        ("Minutes", 1),
        ("", 1),
    ],
)
def test_a_unit_scales_its_quantity(unit: str, scale: int) -> None:
    assert scale_of(unit) == scale


@pytest.mark.parametrize(
    ("text", "meter"),
    [
        ("USE1-Claude4.5Haiku-input-tokens", "input_tokens"),
        ("USE1-Claude4.5Haiku-cache-read-input-token-count", "cache_read_tokens"),
        ("USE1-Claude4.5Haiku-cache-write-input-token-count", "cache_write_tokens"),
        ("MP:USE1_CacheReadInputTokenCount-Units", "cache_read_tokens"),
        ("MP:USE1_OutputTokenCount-Units", "output_tokens"),
        ("gpt 4o mini 0718 Outp regnl Tokens", "output_tokens"),
        ("gpt 5 cached inpt Glbl 1M Tokens", "cache_read_tokens"),
        ("gpt 5 cchd Inp Data Zone Tokens", "cache_read_tokens"),
        ("Gemini 2.5 Pro Text Output - Predictions", "output_tokens"),
        ("Gemini 2.5 Flash Audio Input - Predictions", "audio_input_tokens"),
        ("text-embedding-3-small Tokens", "input_tokens"),
        ("BoxUsage:p5.48xlarge", None),
        ("NC40ads H100 v5", None),
    ],
)
def test_the_name_of_a_meter_says_which_tokens(text: str, meter: str | None) -> None:
    assert token_meter(text) == meter


def test_hours_are_told_from_other_units() -> None:
    assert [is_hours(unit) for unit in ("Hrs", "1 Hour", "100 Hours", "1/Hour", "1K tokens", "GB-Mo")] == [True] * 4 + [
        False
    ] * 2
