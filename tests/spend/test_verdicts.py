"""Verdicts: the numbers are worked by hand beside each case."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.kit.provenance import Warning
from mlquote.spend.budgets import Budget
from mlquote.spend.verdicts import judged, standing, worst
from tests.spend.samples import AT, amount, deployment, training, usage

MONTH = "month:2026-11"


def test_a_rate_has_no_total_until_somebody_says_for_how_long() -> None:
    found = judged(budget(cost_limit(), {"figure": "usd_per_mtok", "fail_above": 2}), [deployment(None)], {}, AT).limits
    assert [limit.verdict for limit in found] == ["unknown", "pass"]
    assert "say `hours`" in found[0].why


def budget(*limits) -> Budget:
    return Budget.model_validate({"limits": list(limits)})


def cost_limit(**fields) -> dict:
    return {"figure": "cost_usd", "per": "month", "fail_above": 1000} | fields


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


def test_a_missing_price_makes_a_stated_total_unknown() -> None:
    warning = Warning("no-price", "no price for web_searches")
    found = judged(budget(cost_limit()), [usage(cost=None, warnings=(warning,))], {}, AT)
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


def test_with_nothing_asked_a_budget_says_where_it_stands() -> None:
    stands = standing(budget(cost_limit(warn_above=500)), {("cost_usd", MONTH): amount(600)}, AT)[0]
    assert (stands.verdict, stands.used, stands.asked, stands.remaining) == ("warn", 600, 0, 400)


def test_the_worst_verdict_decides() -> None:
    assert worst(["pass", "warn", "unknown", "fail"]) == "fail"
    assert worst(["pass", "warn", "unknown"]) == "unknown"
    assert worst(["pass", "warn"]) == "warn"
    assert worst([]) == "pass"


@pytest.mark.parametrize("code", ["does-not-fit", "mfu-above-reachable"])
def test_a_run_that_cannot_be_is_unknown_whatever_it_would_cost(code: str) -> None:
    told = replace(training(), warnings=(Warning(code, "3 accelerators hold the run"),))
    found = judged(budget(cost_limit(), {"figure": "energy_kwh", "fail_above": 1e9}), [told], {}, AT)
    assert [limit.verdict for limit in found.limits] == ["unknown", "unknown"]
    assert (found.limits[0].asked, found.limits[0].why) == (100, "pretrain: 3 accelerators hold the run")
    # $100 asked of $99 fails all the same, and nothing is unknown about the amount
    failed = judged(budget(cost_limit(fail_above=99)), [told], {}, AT).limits[0]
    assert (failed.verdict, failed.why) == ("fail", "what is used and asked exceeds the month limit on cost_usd")
