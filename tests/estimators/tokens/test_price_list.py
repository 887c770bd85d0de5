"""The compiled price list: every row of the catalogue prices something, and names lead where they should."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.meters import SELECTORS
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.token_models import PriceList, price_list
from mlquote.kit.errors import OutOfDomain, UnknownName

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def prices(catalog: Snapshot) -> PriceList:
    return catalog.derived(price_list)


def reached(card: Card, row: TokenPrice, moment: datetime) -> bool:
    """Whether some question at `moment` is priced by `row`."""
    facts = tuple(sorted(tuple(part.split("=", 1)) for part in row.variant.split(",") if part))
    ladder = card.ladder(moment, row.processing, row.region, facts)  # type: ignore[arg-type]  # pairs of strings
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


def test_every_model_and_every_alias_can_be_quoted(prices: PriceList, catalog: Snapshot) -> None:
    for provider, cards in prices.cards.items():
        for card in cards.values():
            assert prices.find(provider, card.model, NOW).card is card
    for alias in catalog.rows("aliases"):
        if alias.kind == "token_model":
            moment = alias.effective_from or NOW
            target = prices.find(alias.scope, alias.target, moment).card
            assert prices.find(alias.scope, alias.alias.upper(), moment).card is target


def test_every_meter_of_the_catalogue_has_a_count(catalog: Snapshot) -> None:
    selected = {(s.meter, s.modality, s.cache_ttl, unit) for ss in SELECTORS.values() for s in ss for unit in s.units}
    rows = catalog.rows("token_prices")
    assert {(r.meter, r.modality, r.cache_ttl, r.unit) for r in rows if r.meter != "token_multiplier"} <= selected


@pytest.mark.parametrize(
    ("provider", "name", "model"),
    [
        pytest.param("Anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5", id="dated id"),
        pytest.param(
            "bedrock", "us.anthropic.claude-opus-4-7", "regional.anthropic.claude-opus-4-7-v1:0", id="regional"
        ),
        pytest.param("gemini", "models/gemini-2.5-flash", "gemini-2.5-flash", id="resource name"),
        pytest.param("openai", "openai/gpt-5", "gpt-5", id="provider written before the model"),
        pytest.param("openai", "ft:gpt-4o-mini:acme::abc", "ft:gpt-4o-mini", id="fine-tuned"),
        pytest.param("mistral", "mistral-large-4-0", "mistral-large-4", id="second spelling"),
    ],
)
def test_names_as_people_write_them_lead_to_the_model(prices: PriceList, provider: str, name: str, model: str) -> None:
    assert prices.find(provider, name, NOW).card.model == model


def test_a_region_that_has_its_own_rows_is_priced_by_them(prices: PriceList) -> None:
    """Llama 3 70B on Bedrock: a row of its own in São Paulo, dearer than in Virginia."""
    at_home = prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "us-east-1").card
    away = prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "sa-east-1").card
    counts = {"input_tokens": 1_000_000}
    home, abroad = (cost_of(counts, card.ladder(NOW)).usd for card in (at_home, away))
    assert home is not None
    assert abroad is not None
    assert abroad > home


def test_a_region_without_a_price_names_those_that_have_one(prices: PriceList) -> None:
    with pytest.raises(OutOfDomain) as caught:
        prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "mars-1")
    assert "sa-east-1" in caught.value.faults[0].hint


def test_an_unknown_provider_names_the_nearest(prices: PriceList) -> None:
    with pytest.raises(UnknownName) as caught:
        prices.find("antropic", "claude-opus-4-7", NOW)
    assert "anthropic" in caught.value.faults[0].hint


@pytest.mark.parametrize(
    ("name", "moment", "usd"),
    [
        pytest.param("gpt-4o", "2024-10-01", "5", id="gpt-4o until it moved on 2024-10-02"),
        pytest.param("gpt-4o", "2024-10-02", "2.5", id="and from then on"),
        pytest.param("gpt-4o-2024-08-06", "2024-09-01", "2.5", id="the dated id never had the old price"),
        pytest.param("gpt-4o-2024-05-13", "2026-01-01", "5", id="and the first one always has it"),
        pytest.param("gpt-3.5-turbo-0125", "2024-02-01", "0.5", id="announced with its price"),
    ],
)
def test_a_moving_alias_and_its_dated_ids_have_their_own_histories(
    prices: PriceList, name: str, moment: str, usd: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert cost_of({"input_tokens": 10**6}, prices.find("openai", name, at).card.ladder(at)).usd == Decimal(usd)


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
