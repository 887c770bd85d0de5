"""What the market asks: which kind of market it is, and what is priced in place of what nobody sells."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.market import market_quote
from tests.estimators.hardware_sample import row, snapshot
from tests.estimators.machines.rental_sample import WHEN, price


@pytest.mark.parametrize(
    ("is_export", "market"), [(False, "open"), (True, "export")], ids=["neoclouds sell it", "export"]
)
def test_the_kind_of_market_is_told_apart(is_export: bool, market: str) -> None:
    part = row("accelerators", id="a2", vendor="NVIDIA", name="A2", family="Hopper", export=is_export)
    offers = [price(f"q{i}", "2", "2024-01-01", accelerator="a2") for i in range(3)]
    catalog = snapshot(accelerators=[part], rental_prices=offers)
    quote = market_quote(catalog.accelerator("a2", WHEN), catalog, WHEN)
    assert quote is not None
    assert quote.market == market


def test_only_hyperscalers_make_a_market_of_their_own(catalog: Snapshot) -> None:
    when = datetime(2021, 1, 1, tzinfo=UTC)
    quote = market_quote(catalog.accelerator("tpu-v3", when), catalog, when)
    assert quote is not None
    assert quote.market == "hyperscalers"


def test_only_prices_in_effect_are_quoted() -> None:
    ended = price("p9", "9", "2023-01-01", effective_to=datetime(2024, 6, 1, tzinfo=UTC))
    catalog = snapshot(rental_prices=[ended])
    quote = market_quote(catalog.accelerator("a1", WHEN), catalog, WHEN)
    assert quote is not None
    assert quote.usd == 2.0  # of 1, 2 and 4; with the 9 it were 3
