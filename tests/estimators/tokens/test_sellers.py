"""The table of sellers: every word of it is known to the catalogue, and every entry has a source."""

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.price_list import cards_of
from mlquote.estimators.tokens.sellers import SELLERS, Seller, seller_of


@pytest.mark.parametrize("provider", SELLERS)
def test_a_seller_of_the_table_sells_tokens_and_rents_its_places(catalog: Snapshot, provider: str) -> None:
    seller = SELLERS[provider]
    assert provider in cards_of(catalog)
    assert seller.landlord in {key[0] for key in catalog.keys("regions")}
    assert seller.source_url.startswith("https://")


@pytest.mark.parametrize("provider", [name for name, seller in SELLERS.items() if seller.joints])
def test_every_zone_of_a_seller_stands_in_some_id(catalog: Snapshot, provider: str) -> None:
    ids = {key[1].casefold() for key in catalog.keys("token_prices") if key[0] == provider}
    ids |= {key[2].casefold() for key in catalog.keys("aliases") if key[:2] == ("token_model", provider)}
    said = {name.partition(joint)[0] for name in ids for joint in SELLERS[provider].joints if joint in name}
    assert SELLERS[provider].zones - said <= {"ca"}, "Canada's profile has no model of its own yet"


def test_a_region_lies_in_its_country_s_zone_before_its_continent_s() -> None:
    assert SELLERS["aws-bedrock"].wider("ap-northeast-1", "JPN") == ("ap-northeast-1", "jp", "apac")
    assert SELLERS["azure-openai"].wider("westeurope", "NLD") == ("westeurope", "eu")


def test_the_price_of_everywhere_does_not_hold_where_prices_are_apart() -> None:
    bedrock = SELLERS["aws-bedrock"]
    assert bedrock.holds_everywhere(("sa-east-1",))
    assert not bedrock.holds_everywhere(("us-gov-west-1", "us-gov"))
    assert not bedrock.holds_everywhere(("global",))


def test_a_seller_that_is_not_in_the_table_has_no_places_of_its_own() -> None:
    assert seller_of("groq") == Seller()
    assert seller_of("groq").split("us/model", frozenset()) == ("", "us/model")
