"""A bill beside our prices: each difference has its cause, and the causes add up to it.

platform.claude.com/docs/en/about-claude/pricing: claude-haiku-4-5 is 1 in, 5 out, 0.1 read, batch half;
claude-sonnet-4-5 is 3 in, and 6 above 200,000 tokens of prompt.
"""

import random
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.spend.usage import for_eyes, table
from tests.spend.delivered.reading import answered, csv, ndjson
from tests.spend.delivered.test_reports import ANTHROPIC, page

HEADER = (
    "BilledCost,ContractedCost,ListCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,"
    "ProviderName,RegionId,SkuId,SkuMeter"
)
DAY = "2026-11-02T00:00:00Z"


def charge(cost: str, model: str = "claude-haiku-4-5", meter: str = "input_tokens", **said: str) -> str:
    """A million tokens of a model of Anthropic's, as billed."""
    provider = said.get("provider", "Anthropic")
    return ",".join(
        (
            cost,
            said.get("contracted", ""),
            said.get("listed", ""),
            said.get("currency", "USD"),
            said.get("category", "Usage"),
            said.get("day", DAY),
            said.get("quantity", "1000000.0"),
            "Tokens",
            provider,
            said.get("region", ""),
            f"{provider.casefold()}/{model}/{meter}",
            meter,
        )
    )


def compared(catalog: Snapshot, *charges: str, by: str = "") -> dict[str, Any]:
    """The bill beside our prices."""
    beside: dict[str, Any] = answered(csv(HEADER, *charges), catalog, by=by)["billed_beside_priced"]
    return beside


def causes(beside: dict[str, Any]) -> dict[str, Decimal]:
    """Cause -> dollars."""
    return {one["cause"]: one["usd"] for one in beside["causes"]}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (charge("1"), {}),
        (charge("0.9", contracted="0.9", listed="1"), {"negotiated-discount": Decimal("-0.1")}),
        (
            charge("0", contracted="0.9", listed="1"),
            {"commitment": Decimal("-0.9"), "negotiated-discount": Decimal("-0.1")},
        ),
        (charge("0.5"), {"processing": Decimal("-0.5")}),
        (charge("0.1"), {"another-kind-of-token": Decimal("-0.9")}),
        (charge("6", "claude-sonnet-4-5"), {"context-tier": 3}),
        (charge("1.11", quantity="1111111"), {"rounding": Decimal("-0.001111")}),
        (charge("1.23"), {"unexplained": Decimal("0.23")}),
        (charge("7", category="Tax", quantity=""), {"tax": 7}),
        (charge("-2", category="Credit", quantity=""), {"credit": -2}),
        (charge("4", "claude-nope"), {"no-price": 4}),
        (charge("4", quantity=""), {"no-quantity": 4}),
        (charge("4", meter="storage"), {"not-metered": 4}),
    ],
)
def test_each_difference_has_its_cause(catalog: Snapshot, line: str, wanted: dict[str, Any]) -> None:
    assert causes(compared(catalog, line)) == wanted


def test_the_price_of_another_date_is_said_to_be_that(catalog: Snapshot) -> None:
    """gpt-4o was 5 in before 2024-10-02 (openai.com/api/pricing), and is 2.50 since."""
    beside = compared(catalog, charge("5", "gpt-4o", provider="OpenAI"))
    assert causes(beside) == {"price-of-another-date": Decimal("2.5")}
    assert "2024-10-02" in beside["causes"][0]["why"]


def test_a_share_that_all_lines_have_is_told_as_the_discount_that_it_would_be(catalog: Snapshot) -> None:
    """0.87 of 1, 5 and 3 dollars; of two lines alone nothing is inferred."""
    lines = (charge("0.87"), charge("4.35", meter="output_tokens"), charge("2.61", "claude-sonnet-4-5"))
    assert causes(compared(catalog, *lines)) == {"even-share": Decimal("-1.17")}
    assert causes(compared(catalog, *lines[:2])) == {"unexplained": Decimal("-0.78")}


def test_a_seller_that_is_not_in_the_catalogue_is_told_to_be_priced_as_the_maker(catalog: Snapshot) -> None:
    (one,) = compared(catalog, charge("1.5", provider="Acme"))["causes"]
    assert (one["cause"], one["usd"]) == ("unexplained", Decimal("0.5"))


def test_another_currency_is_compared_with_nothing(catalog: Snapshot) -> None:
    assert "billed_beside_priced" not in answered(csv(HEADER, charge("1", currency="EUR")), catalog)


@pytest.mark.parametrize("seed", range(4))
def test_the_causes_add_up_to_the_difference_in_every_group(catalog: Snapshot, seed: int) -> None:
    dice = random.Random(seed)
    lines = []
    for _ in range(200):
        listed = dice.choice(["", "1.5", "0.37"])
        lines.append(
            charge(
                f"{dice.choice([1, 3, 5, 0.1, 2.5, 0.333, -1, 1e-9, 12345678.9]):f}",
                dice.choice(["claude-haiku-4-5", "claude-sonnet-4-5", "gpt-4o", "none-such"]),
                dice.choice(["input_tokens", "output_tokens", "cache_read_tokens", "storage"]),
                listed=listed,
                contracted=dice.choice(["", "1.1"]),
                category=dice.choice(["Usage"] * 9 + ["Tax", "Credit", "Adjustment", "Purchase"]),
                quantity=dice.choice(["1000000.0", "0", "77.0", "", "1e14"]),
                provider=dice.choice(["Anthropic", "OpenAI", "Acme"]),
                region=dice.choice(["", "us-east-1", "mars"]),
                day=dice.choice([DAY, "2024-06-01T00:00:00Z", "2019-01-01T00:00:00Z"]),
            )
        )
    answer = answered(csv(HEADER, *lines), catalog, by="model")
    groups = [answer["billed_beside_priced"], *(total["billed_beside_priced"] for total in answer["totals"])]
    for beside in groups:
        assert sum(one["usd"] for one in beside["causes"]) == beside["difference_usd"]
        assert beside["billed_usd"] - beside["priced_usd"] == beside["difference_usd"]
    assert groups[0]["billed_usd"] == answer["billed_usd"] == sum(beside["billed_usd"] for beside in groups[1:])
    for total in for_eyes(answer)["totals"]:
        sums = dict(total["billed_beside_priced"])
        assert sums.pop("difference_usd") - sum(v for n, v in sums.items() if n != "unexplained_usd") == 0
    assert "causes" not in str(table(answer))


def test_a_report_without_quantities_is_not_explained_by_guessing(catalog: Snapshot) -> None:
    cost = {"amount": "123.45", "currency": "USD", "token_type": "output_tokens", "model": "claude-haiku-4-5"}
    body = page(cost, **ANTHROPIC)
    beside = answered(ndjson(body), catalog)["billed_beside_priced"]
    assert causes(beside) == {"no-quantity": Decimal("1.2345")}
    assert beside["unexplained_usd"] == Decimal("1.2345")
