"""litellm's fields as our keys: dollars a token to dollars a million, modes, tiers, caches, retirements."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import litellm
from mlquote.upstreams.listing import Upstream
from mlquote.upstreams.names import SoldHere
from tests.upstreams.sample import NEW, WHEN, entry, held, of_litellm, token_key


@pytest.mark.parametrize(
    ("field", "value", "key", "usd"),
    [
        ("input_cost_per_token", 1.75e-06, {"meter": "input"}, "1.75"),
        ("input_cost_per_token_batches", 8.75e-07, {"meter": "input", "processing": "batch"}, "0.875"),
        ("output_cost_per_token_priority", 2.8e-05, {"meter": "output", "processing": "priority"}, "28"),
        (
            "input_cost_per_token_above_272k_tokens_flex",
            1.75e-06,
            {"meter": "input", "processing": "flex", "tier_operator": ">", "tier_tokens": 272_000},
            "1.75",
        ),
        ("cache_creation_input_token_cost", 2e-06, {"meter": "cache_write", "cache_ttl": "default"}, "2"),
        ("input_cost_per_audio_token", 3.2e-05, {"meter": "input", "modality": "audio"}, "32"),
        ("ocr_cost_per_page", 0.001, {"meter": "ocr_page", "modality": "document", "unit": "per_thousand_pages"}, "1"),
    ],
)
def test_a_field_is_a_price_of_ours(tmp_path: Path, field: str, value: float, key: dict[str, Any], usd: str) -> None:
    listing = of_litellm(held(tmp_path / "c"), {"gpt-9": {"litellm_provider": "openai", field: value}})
    fact = listing.facts["token_prices", token_key("gpt-9", **key)]
    assert fact.figure == Decimal(usd)


def test_caches_of_claude_live_five_minutes_or_an_hour(tmp_path: Path) -> None:
    fields = {"cache_creation_input_token_cost": 6.25e-06, "cache_creation_input_token_cost_above_1hr": 1e-05}
    listing = of_litellm(held(tmp_path / "c"), {"claude-9": {"litellm_provider": "anthropic"} | fields})
    key = {"provider": "anthropic", "meter": "cache_write"}
    prices = {ttl: listing.facts["token_prices", token_key("claude-9", **key, cache_ttl=ttl)] for ttl in ("5m", "1h")}
    assert {ttl: fact.figure for ttl, fact in prices.items()} == {"5m": Decimal("6.25"), "1h": Decimal(10)}


def test_tiers_in_a_list_begin_where_their_range_does(tmp_path: Path) -> None:
    tiers = [
        {"input_cost_per_token": 5e-08, "range": [0, 256000.0]},
        {"input_cost_per_token": 2.5e-07, "range": [256000.0, 1000000.0]},
    ]
    listing = of_litellm(
        held(tmp_path / "c"), {"dashscope/q": {"litellm_provider": "dashscope", "tiered_pricing": tiers}}
    )
    of = {"provider": "alibaba", "meter": "input"}
    assert listing.facts["token_prices", token_key("q", **of)].figure == Decimal("0.05")
    above = token_key("q", **of, tier_operator=">", tier_tokens=256_000)
    assert listing.facts["token_prices", above].figure == Decimal("0.25")


def test_a_video_is_priced_by_its_resolution_and_a_transcript_by_its_sound(tmp_path: Path) -> None:
    models = {
        "v": {"litellm_provider": "openai", "mode": "video_generation", "output_cost_per_second_720p": 0.1},
        "t": {"litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0001},
        "c": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_second": 0.0001},
    }
    listing = of_litellm(held(tmp_path / "c"), models)
    assert {(key[1], key[2], key[3], key[10]): fact.figure for (_, key), fact in listing.facts.items()} == {
        ("v", "output", "video", "resolution=720p"): Decimal("0.1"),
        ("t", "input", "audio", ""): Decimal("0.0001"),
    }
    assert listing.unread == {"field not read: input_cost_per_second": 1}


def test_a_retirement_names_the_page_that_says_it(tmp_path: Path) -> None:
    page = "https://example.org/deprecations"
    listing = of_litellm(held(tmp_path / "c"), {"gpt-9": entry(deprecation_date="2027-01-14", deprecation_source=page)})
    fact = listing.facts["model_lifecycles", ("openai", "gpt-9")]
    assert (fact.figure, fact.source_url) == (date(2027, 1, 14), page)


def test_what_is_not_read_is_counted_by_its_reason(tmp_path: Path) -> None:
    search = {"search_context_size_low": 0.005}
    models = {"gpt-9": entry(input_cost_per_token=0, code_cost=3, search_context_cost_per_query=search), "n": {}}
    assert of_litellm(held(tmp_path / "c"), models).unread == {
        "a price of 0 (free is a claim that no page makes)": 1,
        "an entry without a seller": 1,
        "field not read: code_cost": 1,
        "field not read: search_context_cost_per_query.search_context_size_low": 1,
    }


def test_a_model_listed_twice_with_two_prices_is_no_fact(tmp_path: Path) -> None:
    listing = of_litellm(held(tmp_path / "c"), {"gpt-9": entry(), "openai/gpt-9": entry(output_cost_per_token=9e-06)})
    assert ("token_prices", token_key("gpt-9", "output")) not in listing.facts
    assert listing.unread == {"listed twice with different figures": 1}


def test_another_file_is_refused(tmp_path: Path) -> None:
    sold = SoldHere(held(tmp_path / "c"), WHEN)
    with pytest.raises(InvalidCatalog, match="not litellm's table"):
        litellm.read({"x.json": b"[1, 2"}, Upstream("litellm", "1", NEW), sold)
