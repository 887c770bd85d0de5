"""What is asked for: sums end by end, unknown parts, the largest parts of a bill, and what a rate spends."""

from decimal import Decimal

import pytest

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.provenance import Range, Warning
from mlquote.spend.amounts import Amount, Spent, amount_of, asked, contributors, spent, totals, why_unknown
from tests.spend.samples import AT, amount, deployment, training, usage
from tests.spend.toys import RATE, TOYS

SNAPSHOT = Snapshot(Release("r1", AT.date(), "d", {}, {}), {})


def hosted(hours: int | None, count: int = 8) -> Spent:
    answer = RATE.estimate(RATE.question.model_validate({"accelerator_count": count}), SNAPSHOT, AT)
    return spent("host", RATE, answer, None if hours is None else Decimal(hours))


def test_a_deployment_spends_its_hours() -> None:
    figures = hosted(720).figures
    # 720 h x 8 accelerators, at $1, $2 and $4 each
    assert figures["cost_usd"] == Amount(Decimal(5760), Decimal(11520), Decimal(23040))
    assert figures["accelerator_hours"] == amount(5760)
    assert figures["energy_kwh"] is None
    assert figures["usd_per_mtok"] == amount(3)  # a price per token is no amount: hours do not multiply it


def test_without_hours_a_rate_has_no_amounts_and_keeps_its_price_per_token() -> None:
    figures = hosted(None).figures
    assert (figures["cost_usd"], figures["accelerator_hours"], figures["usd_per_mtok"]) == (None, None, amount(3))


def test_what_is_spent_keeps_the_question_as_echoed_the_catalogue_and_the_kind() -> None:
    member = TOYS["training"]
    answer = member.estimate(member.question.model_validate({"tokens": "1e9"}), SNAPSHOT, AT)
    found = spent("run", member, answer)
    # a million tokens cost a cent: 1e9 are $10
    assert (found.kind, found.figures, found.catalog.release) == ("training", {"cost_usd": amount(10)}, "r1")
    assert found.question["tokens"] == 10**9


@pytest.mark.parametrize(
    "part",
    [None, float("nan"), float("inf"), {"low": 1, "central": None, "high": 2}, Range(1, float("nan"), 2), "7", True],
)
def test_what_is_no_finite_number_is_unknown(part: object) -> None:
    assert amount_of(part) is None


def test_a_range_and_the_json_it_becomes_are_the_same_amount() -> None:
    assert amount_of(Range(0.1, 2, Decimal("3.50"))) == amount_of({"low": 0.1, "central": 2, "high": Decimal("3.5")})


def test_questions_add_end_by_end_without_rounding() -> None:
    amounts, unknown = asked([training(), usage(), usage(cost=0.1)], "cost_usd")
    # 80 + 2.5 + 0.1, 100 + 2.5 + 0.1, 130 + 2.5 + 0.1: a float is the decimal it prints as
    assert (amounts, unknown) == (Amount(Decimal("82.6"), Decimal("102.6"), Decimal("132.6")), [])


def test_a_rate_does_not_add_up_the_dearest_counts() -> None:
    assert asked([usage(), deployment(1)], "usd_per_mtok") == (amount(Decimal("2.5")), [])


def test_a_reservation_holds_every_known_figure_that_adds_up() -> None:
    held = totals([training()])
    assert set(held) == {"cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop"}
    assert held["training_flop"].high == Decimal("1e21")
    assert set(totals([training(), usage()])) == {"cost_usd", "accelerator_hours", "training_flop"}


def test_the_three_largest_contributors_are_lines_of_the_bill_where_there_is_one() -> None:
    found = contributors([training(), usage(), usage("search")], "cost_usd")
    assert [(c.question, c.item, c.amount) for c in found] == [
        ("pretrain", "cost_usd", 100),
        ("chat", "output_tokens", 2),
        ("search", "output_tokens", 2),
    ]
    assert found[0].share_fraction == pytest.approx(100 / 105)


def test_a_figure_is_unknown_for_the_reasons_that_concern_it() -> None:
    said = (Warning("no-price", "no price for web_searches"), Warning("null-counts", "null in the response"))
    assert why_unknown(usage(cost=None, warnings=said), "cost_usd") == "chat: no price for web_searches"
    assert why_unknown(usage(warnings=said), "energy_kwh") == "chat: energy_kwh is unknown"
    assert why_unknown(deployment(None), "cost_usd") == "host: it is a rate: say `hours`, how long it runs"
    assert why_unknown(deployment(None), "usd_per_mtok") == "host: usd_per_mtok is unknown"
