"""Dollars of tokens: split by time, divided by use."""

from datetime import datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.cost import TimeSplit, token_cost_of, usd_per_hour, utilisation_curve
from mlquote.estimators.serving.hour_price import HourPrice
from mlquote.formulas.uncertainty import known
from tests.estimators.serving.asking import BIG, LLAMA, central, result


def test_dollars_split_by_time_add_up_to_the_hour(catalog: Snapshot, now: datetime) -> None:
    found = result(catalog, now, **BIG, concurrency=64, input_tokens=2000, output_tokens=300, engine="vLLM")
    assert found.usd_per_mtok is not None
    per_s = central(found.output_tokens_per_s)
    spent = central(found.usd_per_mtok.output) * per_s + central(found.usd_per_mtok.input) * per_s * 2000 / 300
    assert spent * 3600 / 1e6 == pytest.approx(central(found.usd_per_hour), rel=0.01)


def test_half_the_utilisation_doubles_the_dollars(catalog: Snapshot, now: datetime) -> None:
    full, half = (result(catalog, now, **LLAMA, concurrency=32, utilisation_fraction=u) for u in (1.0, 0.5))
    assert full.usd_per_mtok and half.usd_per_mtok
    assert central(half.usd_per_mtok.output) == pytest.approx(2 * central(full.usd_per_mtok.output), rel=1e-6)
    assert [point.utilisation_fraction for point in full.utilisation_curve][-1] == 1.0
    assert float(full.utilisation_curve[4].output_usd_per_mtok) == pytest.approx(
        central(half.usd_per_mtok.output), rel=0.01
    )


def test_tokens_cost_what_the_hour_costs_over_what_it_makes() -> None:
    """36 $/h over 1000 tokens/s: 10 $/Mtok; a fifth of the time for prompts of twice as many tokens as outputs."""
    cost = token_cost_of(known(36.0), known(1000.0), TimeSplit(prompt_share=0.2, input_per_output=2.0))
    assert cost.input is not None
    assert (cost.input.median, cost.output.median) == pytest.approx((1.0, 8.0))
    assert cost.blended.median == pytest.approx(10 / 3)


def test_without_prompts_nothing_is_put_in() -> None:
    cost = token_cost_of(known(36.0), known(1000.0), TimeSplit(prompt_share=0.0, input_per_output=0.0))
    assert cost.input is None
    assert cost.output.median == cost.blended.median == pytest.approx(10.0)


def test_the_curve_is_the_full_machines_price_over_its_use() -> None:
    points = utilisation_curve(known(36.0), known(1000.0), TimeSplit(0.2, 2.0))
    assert points[0].output_usd_per_mtok == Decimal("80")
    assert points[-1].output_usd_per_mtok == Decimal("8")


def test_an_owner_pays_for_electricity_and_a_tenant_does_not() -> None:
    """2 $ x 4 + 2 kW x 0.1 $/kWh = 8.2 $/h."""
    owned = HourPrice("owned", Finding(known(2.0)), Finding(known(0.1)))
    rented = HourPrice("on_demand", Finding(known(2.0)), Finding(None))
    hours = [usd_per_hour(price, 4, known(2000.0)) for price in (owned, rented)]
    assert [hour.median for hour in hours if hour] == pytest.approx([8.2, 8.0])


def test_an_hour_that_nobody_sells_has_no_price() -> None:
    assert usd_per_hour(HourPrice("spot", Finding(None), Finding(None)), 4, known(2000.0)) is None
