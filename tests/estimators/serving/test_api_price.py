"""What an API asks for one such request."""

from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.api_price import Request, api_price_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.kit.errors import Malformed, UnknownName
from tests.estimators.serving.asking import LLAMA, NOW


def price(catalog: Snapshot, **fields: Any) -> Any:
    return api_price_of(ServingQuestion.model_validate(LLAMA | fields), Request(1000.0, 200.0), catalog, NOW, None)


def test_one_request_is_priced_with_the_same_cache_hits(catalog: Snapshot) -> None:
    """claude-haiku-4-5: 1 $ in, 0.1 $ cached, 5 $ out per million: (600 + 40 + 1000) / 1e6 = 0.00164 $."""
    found = price(
        catalog, against_provider="anthropic", against_model="claude-haiku-4-5", prefix_cache_hit_fraction=0.4
    )
    assert found.value.usd_per_request == Decimal("0.00164")
    assert {row.table for row in found.rows} == {"token_prices"}


def test_the_api_is_named_as_the_catalogue_spells_it(catalog: Snapshot) -> None:
    found = price(catalog, against_provider="Anthropic", against_model="claude-haiku-4-5")
    assert found.value.name == price(catalog, against_model="claude-haiku-4-5", against_provider="anthropic").value.name


def test_no_api_named_is_none(catalog: Snapshot) -> None:
    assert price(catalog) == Finding(None)


def test_a_provider_without_a_model_is_refused(catalog: Snapshot) -> None:
    with pytest.raises(Malformed) as refused:
        price(catalog, against_provider="anthropic")
    assert refused.value.faults[0].pointer == "/against_model"


def test_an_unknown_model_is_refused(catalog: Snapshot) -> None:
    with pytest.raises(UnknownName):
        price(catalog, against_provider="anthropic", against_model="claude-9")
