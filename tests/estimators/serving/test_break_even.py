"""Hosting against an API, month by month."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.break_even import Staircase, doubted
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.formulas.uncertainty import doubtful, known
from tests.estimators.serving.asking import BIG, LLAMA, asked, result, rows


def test_break_even_is_where_the_line_meets_the_stairs(catalog: Snapshot, now: datetime) -> None:
    fields = BIG | {"input_tokens": 1000, "output_tokens": 200, "requests_per_s": 3, "usd_per_accelerator_hour": 2,
                    "against_provider": "anthropic", "against_model": "claude-haiku-4-5"}  # fmt: skip
    found = result(catalog, now, **fields).break_even
    assert found is not None and found.requests_per_day is not None and found.usd_per_month is not None
    assert found.usd_per_month == Decimal("5844")  # 4 x 2 $ x 730.5 h
    assert float(found.api_usd_per_request) * found.requests_per_day * 365.25 / 12 == pytest.approx(5844, rel=1e-6)
    assert found.staircase[0].hosting_usd_per_month == Decimal("5844")
    assert [stair.replicas for stair in found.staircase] == list(range(1, len(found.staircase) + 1))


def test_hosting_that_costs_more_per_request_never_breaks_even(catalog: Snapshot, now: datetime) -> None:
    fields = BIG | {"input_tokens": 1000, "output_tokens": 200, "usd_per_accelerator_hour": 1e4,
                    "against_provider": "anthropic", "against_model": "claude-haiku-4-5"}  # fmt: skip
    found = result(catalog, now, **fields).break_even
    assert found is not None and found.requests_per_day is None and found.usd_per_month is None


STAIRS = Staircase(accelerators=2, capacity_per_day=1000.0, api_usd=Decimal("0.2"), other_usd=0.0)


def test_a_replica_pays_from_where_the_line_reaches_its_rent() -> None:
    """2 parts x 2 $ x 730.5 h = 2922 $ a month; 0.2 $ x 30.4375 days = 6.0875 $ for each daily request: 480 a day."""
    crossing = STAIRS.crossing("on_demand", 2.0)
    assert crossing.requests_per_day == pytest.approx(480)
    assert crossing.replicas == 1
    assert crossing.usd_per_month == Decimal("2922")


def test_a_sure_crossing_is_no_range() -> None:
    found = doubted(STAIRS, known(2.0), known(1.0))
    assert (found.low, found.central, found.high) == pytest.approx((480, 480, 480))
    assert (found.chance_that_hosting_wins, found.variance_shares) == (1.0, {})


def test_doubt_of_the_rent_moves_the_crossing_as_much() -> None:
    """The load is R / (c D): its 80 % interval is the rent's, 2 $ x / 1.1366 (log-sd 0.1)."""
    found = doubted(STAIRS, doubtful(2.0, 0.1, "rent"), known(1.0))
    assert found.low is not None and found.high is not None
    assert (found.low, found.high) == pytest.approx((480 / 1.1366, 480 * 1.1366), rel=0.02)
    assert found.variance_shares == {"rent": pytest.approx(1.0)}


def test_a_slow_replica_may_never_win() -> None:
    """6087.5 $ at the API over 5844 $ of rent: won by 4 %, in doubt by 20 % 58 of 100 times."""
    found = doubted(STAIRS, known(4.0), doubtful(1.0, 0.2, "speed"))
    assert found.low is not None and found.high is None
    assert found.chance_that_hosting_wins == pytest.approx(0.581, abs=0.002)


def test_a_rate_card_makes_the_api_harder_to_beat(catalog: Snapshot, now: datetime) -> None:
    """10 % off at the API: hosting breaks even at a tenth over nine tenths more requests."""
    fields = BIG | {"input_tokens": 1000, "output_tokens": 200, "concurrency": 64, "usd_per_accelerator_hour": 2,
                    "against_provider": "anthropic", "against_model": "claude-haiku-4-5"}  # fmt: skip
    rules = RateCard.model_validate({"rules": [{"model": "*", "discount_fraction": "0.1"}]})
    question = ServingQuestion.model_validate(fields | {"rate_card": "acme"})
    card = NamedCard("acme@1", rules)
    listed, own = asked(catalog, now, **fields).result, serving_estimate(question, catalog, now, card).result
    assert own.break_even.requests_per_day == pytest.approx(listed.break_even.requests_per_day / 0.9)


def test_other_dollars_need_more_replicas_to_be_earned() -> None:
    """A full replica gains 6087.5 - 2922 = 3165.5 $ a month, so 5000 $ more need two."""
    crossing = replace(STAIRS, other_usd=5000.0).crossing("on_demand", 2.0)
    assert crossing.replicas == 2
    assert crossing.requests_per_day == pytest.approx((2 * 2922 + 5000) / 6.0875)


def test_a_replica_that_never_earns_its_rent_never_crosses() -> None:
    assert STAIRS.crossing("on_demand", 5.0).requests_per_day is None


def test_the_stairs_are_a_few_and_each_at_its_upper_edge() -> None:
    steps = STAIRS.steps(2.0, 20)
    assert [step.replicas for step in steps] == list(range(1, 9))
    assert steps[1].up_to_requests_per_day == 2000
    assert steps[1].api_usd_per_month == Decimal("12175")


def test_the_rows_of_every_price_model_are_named(catalog: Snapshot, now: datetime) -> None:
    fields = LLAMA | {"concurrency": 8, "against_provider": "anthropic", "against_model": "claude-haiku-4-5"}
    compared, alone = asked(catalog, now, **fields), asked(catalog, now, **LLAMA, concurrency=8)
    assert set(rows(compared, "rental_prices")) > set(rows(alone, "rental_prices"))
    rates = [each for each in compared.assumptions if each.name == "usd_per_accelerator_hour"]
    assert len(rates) == 1
