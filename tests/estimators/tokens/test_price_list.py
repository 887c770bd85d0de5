"""The compiled price list: every row of the catalogue prices something, at its own moments."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.meters import SELECTORS, variant_of
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.token_models import PriceList, price_list

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def prices(catalog: Snapshot) -> PriceList:
    return catalog.derived(price_list)


def reached(card: Card, row: TokenPrice, moment: datetime) -> bool:
    """Whether some question at `moment` is priced by `row`."""
    ladder = card.ladder(moment, row.processing, row.region, tuple(sorted(variant_of(row).items())))
    return any(row in rate.rows for sheet in ladder for rate in sheet.rates.values())


def moments(row: TokenPrice) -> list[datetime]:
    """Some moments at which a row holds: its first hours of a fortnight, and its last second."""
    first = row.effective_from or (row.effective_to - timedelta(days=14) if row.effective_to else NOW)
    last = row.effective_to - timedelta(seconds=1) if row.effective_to else max(first, NOW)
    hours = [first + timedelta(hours=n) for n in range(14 * 24)] if row.time_window else [first]
    return [moment for moment in (*hours, last) if moment <= last]


def test_every_row_of_the_catalogue_prices_a_question(prices: PriceList) -> None:
    idle = [
        f"{card.provider}/{card.model} {row.meter} {row.processing} {row.variant}"
        for cards in prices.cards.values()
        for card in cards.values()
        for row in card.rows
        if row.meter != "token_multiplier" and not any(reached(card, row, moment) for moment in moments(row))
    ]
    assert idle == []


def test_every_multiplier_changes_a_bill(prices: PriceList) -> None:
    for cards in prices.cards.values():
        for card in cards.values():
            for region in card.regions:
                sheet = card.ladder(datetime(2026, 11, 23, tzinfo=UTC), region=region)[0]
                assert any(len(rate.rows) == 2 for rate in sheet.rates.values()), f"{card.model} {region}"


def test_a_surcharge_not_yet_known_is_a_gap_and_not_the_price_without_it(prices: PriceList) -> None:
    """The regional surcharge of this Gemini model is known from 2026-11-17 on."""
    card = prices.find("google-vertex", "gemini-4-hydrogen", NOW, "regional").card
    assert cost_of({"input_tokens": 10}, card.ladder(NOW, region="regional")).usd is None


def test_every_meter_of_the_catalogue_has_a_count(catalog: Snapshot) -> None:
    selected = {(s.meter, s.modality, s.cache_ttl, unit) for ss in SELECTORS.values() for s in ss for unit in s.units}
    rows = catalog.rows("token_prices")
    assert {(r.meter, r.modality, r.cache_ttl, r.unit) for r in rows if r.meter != "token_multiplier"} <= selected


@pytest.mark.parametrize(
    ("moment", "usd"),
    [
        pytest.param("2025-07-01T12:00:00", "0.27", id="2025 by day"),
        pytest.param("2025-07-01T16:30:00", "0.135", id="2025 off-peak from 16:30 UTC"),
        pytest.param("2025-07-02T00:29:59", "0.135", id="until 00:30"),
        pytest.param("2025-07-02T00:30:00", "0.27", id="and no longer"),
        pytest.param("2025-02-20T20:00:00", "0.27", id="before 2025-02-26 every hour cost the same"),
    ],
)
def test_deepseek_had_off_peak_hours_in_2025(prices: PriceList, moment: str, usd: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert cost_of(
        {"input_tokens": 10**6}, prices.find("deepseek", "deepseek-chat", at).card.ladder(at)
    ).usd == Decimal(usd)
