"""genai-prices' module, read as a syntax tree: rules of names, tiers, prices by date."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import genai_prices
from mlquote.upstreams.listing import Upstream
from mlquote.upstreams.names import SoldHere
from tests.upstreams.sample import NEW, WHEN, held, of_genai_prices, token_key


def test_a_model_of_ours_is_found_by_the_tables_rule_of_names(tmp_path: Path) -> None:
    models = """ModelInfo(id='gpt-9-turbo', match=ClauseOr(or_=[ClauseStartsWith(starts_with='gpt-9')]),
        prices=ModelPrice(input_mtok=Decimal('2.5'), output_mtok=Decimal('10')))"""
    facts = of_genai_prices(held(tmp_path / "c"), models).facts
    assert facts["token_prices", token_key("gpt-9", "input")].figure == Decimal("2.5")
    assert len(facts) == 2


def test_tiers_and_the_price_of_the_day(tmp_path: Path) -> None:
    models = """ModelInfo(id='g', match=ClauseEquals(equals='g'), prices=[
        ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('3'))),
        ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2026, 11, 1)), prices=ModelPrice(
            input_mtok=TieredPrices(base=Decimal('1'), tiers=[Tier(start=200000, price=Decimal('2'))]))),
        ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2027, 1, 1)),
            prices=ModelPrice(input_mtok=Decimal('9')))])"""
    catalog = held(tmp_path / "c")
    facts = of_genai_prices(catalog, models).facts
    above = {"tier_operator": ">", "tier_tokens": 200_000}
    assert facts["token_prices", token_key("g", "input")].figure == 1
    assert facts["token_prices", token_key("g", "input", **above)].figure == 2
    before = of_genai_prices(catalog, models, day=date(2026, 10, 1)).facts
    assert [fact.figure for fact in before.values()] == [3]


def test_prices_by_the_hour_are_counted_not_read(tmp_path: Path) -> None:
    models = """ModelInfo(id='g', match=ClauseEquals(equals='g'), prices=[
        ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('3'))),
        ConditionalPrice(constraint=TimeOfDateConstraint(start_time=datetime.time(0, 30, tzinfo=datetime.UTC)),
            prices=ModelPrice(input_mtok=Decimal('1')))])"""
    listing = of_genai_prices(held(tmp_path / "c"), models)
    assert [fact.figure for fact in listing.facts.values()] == [3]
    assert listing.unread == {"prices by the hour of the day": 1}


@pytest.mark.parametrize(
    ("clause", "name", "held_to"),
    [
        ({"equals": "GPT-9"}, "gpt-9", True),
        ({"starts_with": "gpt-"}, "gpt-9", True),
        ({"ends_with": "-mini"}, "gpt-9", False),
        ({"contains": "t-9"}, "gpt-9", True),
        ({"regex": r"^gpt-\d$"}, "gpt-9", True),
        ({"and": [{"contains": "gpt"}, {"contains": "mini"}]}, "gpt-9", False),
        ({"or_": [{"equals": "x"}, {"equals": "gpt-9"}]}, "gpt-9", True),
        (None, "gpt-9", False),
    ],
)
def test_rules_of_names(clause: Any, name: str, held_to: bool) -> None:
    assert genai_prices.matches(clause, name) is held_to


@pytest.mark.parametrize("text", [b"providers = 3", b"import os", b"providers: list = [", b"\xff"])
def test_another_module_is_refused(tmp_path: Path, text: bytes) -> None:
    sold = SoldHere(held(tmp_path / "c"), WHEN)
    with pytest.raises(InvalidCatalog, match="not genai-prices' table"):
        genai_prices.read({"genai_prices/data.py": text}, Upstream("genai-prices", "1", NEW), sold)


def test_the_module_is_never_run(tmp_path: Path) -> None:
    models = "ModelInfo(id='g', match=ClauseEquals(equals='g'), prices=ModelPrice(input_mtok=open('/etc/passwd')))"
    with pytest.raises(InvalidCatalog):
        of_genai_prices(held(tmp_path / "c"), models)
