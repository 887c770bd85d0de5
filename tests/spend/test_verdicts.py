"""Verdicts: the numbers are worked by hand beside each case."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.spend.amounts import Amount, Quoted, amount_of, asked, contributors, totals
from mlquote.spend.budgets import Budget
from mlquote.spend.verdicts import judged, standing, worst

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONTH = "month:2026-11"


def training(name="pretrain", *, cost=(80, 100, 130), hours=(400, 500, 600), warnings=(), **result) -> Quoted:
    spread = lambda ends: None if ends is None else dict(zip(("low", "central", "high"), ends, strict=True))  # noqa: E731  # shorter here
    figures = {"cost_usd": spread(cost), "accelerator_hours": spread(hours), "training_flop": 1e21, "energy_kwh": 350.5}
    figures |= {"emissions_kgco2e": {"location_based": 100.0, "total": spread((90, 110, 150))}} | result
    envelope = {"question": {"model": name}, "result": figures, "warnings": list(warnings)}
    return Quoted(name, "training", envelope | {"catalog": {"release": "r1", "digest": "d", "as_of": AT}})


def usage(name="chat", cost: object = Decimal("2.5"), warnings=()) -> Quoted:
    lines = [{"meter": "input_tokens", "usd": Decimal("0.5")}, {"meter": "output_tokens", "usd": Decimal(2)}]
    result = {
        "cost_usd": cost,
        "cost_lines": lines,
        "usd_per_mtok": {"input": 1, "output": 5, "blended": Decimal("2.5")},
    }
    envelope = {"question": {"model": name}, "result": result, "warnings": list(warnings)}
    return Quoted(name, "inference", envelope | {"catalog": {"release": "r1", "digest": "d", "as_of": AT}})


def serving(hours: int | None, **question) -> Quoted:
    """Two replicas of four accelerators: $16 an hour, 5 kW at the facility."""
    result = {
        "usd_per_hour": {"low": 8.0, "central": 16.0, "high": 32.0},
        "power_w_by_scope": {"facility": {"low": 4000.0, "central": 5000.0, "high": 6000.0}},
        "usd_per_mtok": {"blended": {"low": 1.0, "central": 2.0, "high": 4.0}},
        "layout": {"replicas": 2, "tensor_parallel": 4, "pipeline_parallel": 1},
    }
    envelope = {"question": question, "result": result, "catalog": {"release": "r1", "digest": "d", "as_of": AT}}
    return Quoted("chat", "serving", envelope, None if hours is None else Decimal(hours))


def test_a_deployment_spends_its_hours() -> None:
    held = totals([serving(720)])
    # 720 h x $16, 720 h x 8 accelerators, 720 h x 5 kW
    assert held["cost_usd"] == Amount(Decimal(5760), Decimal(11520), Decimal(23040))
    assert held["accelerator_hours"].central == 5760
    assert held["energy_kwh"].central == 3600
    assert totals([serving(1, accelerator_count=10)])["accelerator_hours"].central == 10


def test_a_rate_has_no_total_until_somebody_says_for_how_long() -> None:
    found = judged(budget(cost_limit(), {"figure": "usd_per_mtok", "fail_above": 2}), [serving(None)], {}, AT).limits
    assert [limit.verdict for limit in found] == ["unknown", "pass"]
    assert "say `hours`" in found[0].why


def budget(*limits) -> Budget:
    return Budget.model_validate({"limits": list(limits)})


def cost_limit(**fields) -> dict:
    return {"figure": "cost_usd", "per": "month", "fail_above": 1000} | fields


def amount(number: object) -> Amount:
    found = amount_of(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("used", "limit", "verdict", "remaining", "after"),
    [
        (0, cost_limit(), "pass", 1000, 900),
        (900, cost_limit(), "pass", 100, 0),
        (Decimal("900.000000001"), cost_limit(), "fail", Decimal("99.999999999"), Decimal("-0.000000001")),
        (870, cost_limit(compare="high"), "pass", 130, 0),
        (871, cost_limit(compare="high"), "fail", 129, -1),
        (920, cost_limit(compare="low"), "pass", 80, 0),
        (700, cost_limit(warn_above=800), "pass", 300, 200),
        (701, cost_limit(warn_above=800), "warn", 299, 199),
        (99_999, cost_limit(per="check"), "pass", 1000, 900),
    ],
    ids=["empty", "exactly", "a-nano-over", "high", "high-over", "low", "warn-level", "warn", "check-forgets"],
)
def test_a_limit_holds_what_is_used_and_asked_together(used, limit, verdict, remaining, after) -> None:
    found = judged(budget(limit), [training()], {("cost_usd", MONTH): amount(used)}, AT)
    assert found.verdict == verdict
    assert (found.limits[0].remaining, found.limits[0].remaining_after) == (remaining, after)


def test_each_period_has_its_own_use() -> None:
    used = {("cost_usd", "day:2026-11-23"): amount(10), ("cost_usd", MONTH): amount(950)}
    found = judged(budget(cost_limit(per="day"), cost_limit()), [training()], used, AT)
    assert [limit.verdict for limit in found.limits] == ["pass", "fail"]
    assert found.limits[1].period_from == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_figure_that_is_null_is_unknown_and_never_passes() -> None:
    found = judged(budget(cost_limit(), {"figure": "energy_kwh", "fail_above": 1e9}), [training(cost=None)], {}, AT)
    assert found.verdict == "unknown"
    assert (found.limits[0].asked, found.limits[0].remaining_after) == (None, None)
    assert found.limits[0].why == "pretrain: cost_usd is unknown"
    assert found.limits[1].verdict == "pass"


@pytest.mark.parametrize("part", [None, float("nan"), float("inf"), {"low": 1, "central": None, "high": 2}, "7", True])
def test_what_is_no_finite_number_is_unknown(part) -> None:
    assert amount_of(part) is None


def test_a_missing_price_makes_a_stated_total_unknown() -> None:
    warning = {"code": "no-price", "detail": "no price for web_searches"}
    found = judged(budget(cost_limit()), [usage(warnings=[warning])], {}, AT)
    assert (found.verdict, found.limits[0].why) == ("unknown", "chat: no price for web_searches")


def test_a_known_part_that_is_over_fails_whatever_the_unknown_part_is() -> None:
    found = judged(budget(cost_limit(fail_above=99)), [training(), usage(cost=None)], {}, AT)
    assert (found.verdict, found.limits[0].asked) == ("fail", None)


def test_a_budget_that_is_already_over_fails_an_unknown_question() -> None:
    assert judged(budget(cost_limit()), [usage(cost=None)], {("cost_usd", MONTH): amount(1001)}, AT).verdict == "fail"


def test_a_figure_that_a_kind_does_not_spend_is_nothing_and_one_it_hides_is_unknown() -> None:
    hours = {"figure": "accelerator_hours", "fail_above": 1}
    energy = {"figure": "energy_kwh", "fail_above": 1}
    assert judged(budget(hours), [usage()], {}, AT).verdict == "pass"
    assert judged(budget(energy), [usage()], {}, AT).verdict == "unknown"


def test_emissions_mean_the_total_and_a_rate_means_the_dearest_question() -> None:
    limits = budget({"figure": "emissions_kgco2e", "fail_above": 109}, {"figure": "usd_per_mtok", "fail_above": 2.5})
    found = judged(limits, [training(), usage()], {}, AT).limits
    # emissions: total.central = 110 > 109, and the API's are unknown, which cannot bring it back under.
    assert [(limit.figure, limit.verdict) for limit in found] == [
        ("emissions_kgco2e", "fail"),
        ("usd_per_mtok", "pass"),
    ]
    assert found[1].asked == Decimal("2.5")


def test_questions_add_end_by_end_without_rounding() -> None:
    amounts, unknown = asked([training(), usage(), usage(cost=0.1)], "cost_usd")
    # 80 + 2.5 + 0.1, 100 + 2.5 + 0.1, 130 + 2.5 + 0.1: a float is the decimal it prints as
    assert (amounts, unknown) == (Amount(Decimal("82.6"), Decimal("102.6"), Decimal("132.6")), [])


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


def test_with_nothing_asked_a_budget_says_where_it_stands() -> None:
    stands = standing(budget(cost_limit(warn_above=500)), {("cost_usd", MONTH): amount(600)}, AT)[0]
    assert (stands.verdict, stands.used, stands.asked, stands.remaining) == ("warn", 600, 0, 400)


def test_the_worst_verdict_decides() -> None:
    assert worst(["pass", "warn", "unknown", "fail"]) == "fail"
    assert worst(["pass", "warn", "unknown"]) == "unknown"
    assert worst(["pass", "warn"]) == "warn"
    assert worst([]) == "pass"
