"""What an answer says of the rates behind a bill: rows, choices, doubts, gaps."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.explaining import needs_words, told_of
from mlquote.estimators.tokens.token_models import price_list

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
YEARS_AGO = datetime(2024, 1, 1, tzinfo=UTC)
MODELS = (("anthropic", "claude-opus-4-7"), ("openai", "gpt-3.5-turbo"), ("google", "gemini-2.5-pro"))


def told(
    catalog: Snapshot, provider: str, model: str, counts: dict[str, int], when: datetime = NOW
) -> list[Finding[Any]]:
    card = catalog.derived(price_list).find(provider, model, when).card
    return list(told_of(card, cost_of(counts, card.ladder(when)), moment=when, now=NOW))


def test_a_plain_line_tells_its_row_and_nothing_else(catalog: Snapshot) -> None:
    (line,) = told(catalog, "anthropic", "claude-opus-4-7", {"input_tokens": 1})
    assert (line.assumptions, line.warnings) == ((), ())
    assert [row.key for row in line.rows] == ["anthropic/claude-opus-4-7/input/text/standard/per_million_tokens"]


def test_what_is_billed_like_something_else_is_assumed(catalog: Snapshot) -> None:
    (line,) = told(catalog, "openai", "gpt-3.5-turbo", {"cache_read_tokens": 1})
    (assumed,) = line.assumptions
    assert assumed.name == "cache_read_tokens_usd_per_unit"
    assert assumed.why.endswith("billed as uncached ones")


def test_a_price_that_public_tables_dispute_is_a_warning(catalog: Snapshot) -> None:
    (line,) = told(catalog, "aws-bedrock", "amazon.nova-2-lite-v1:0", {"input_tokens": 1})
    assert [warning.code for warning in line.warnings] == ["disputed-price"]


@pytest.mark.parametrize(
    ("model", "counts", "when", "code"),
    [
        pytest.param("claude-opus-4-7", {"images": 1}, NOW, "no-price", id="never sold"),
        pytest.param(
            "claude-opus-4-7",
            {"input_tokens": 1},
            datetime(2024, 1, 1, tzinfo=UTC),
            "no-price-at-moment",
            id="too young",
        ),
    ],
)
def test_a_gap_says_why(catalog: Snapshot, model: str, counts: dict[str, int], when: datetime, code: str) -> None:
    (line,) = told(catalog, "anthropic", model, counts, when)
    assert (line.value, [warning.code for warning in line.warnings]) == (None, [code])


def test_free_queries_of_an_account_are_no_fact_of_one_call(catalog: Snapshot) -> None:
    (line,) = told(catalog, "google", "gemini-3-flash-preview", {"web_searches": 1})
    assert "free-allowance" in {warning.code for warning in line.warnings}


def test_a_rate_needs_words_exactly_where_something_is_told_of_it(catalog: Snapshot) -> None:
    prices = catalog.derived(price_list)
    for provider, model in (
        ("anthropic", "claude-opus-4-7"),
        ("openai", "gpt-3.5-turbo"),
        ("google", "gemini-2.5-pro"),
    ):
        card = prices.find(provider, model, NOW).card
        ladder = card.ladder(NOW)
        for meter, rate in ladder[0].rates.items():
            (line, *_) = told_of(card, cost_of({meter: 1}, ladder), moment=NOW, now=NOW)
            words = bool(line.assumptions or line.warnings)
            assert needs_words(card, meter, rate, now=NOW) == words, meter


def test_a_price_last_seen_half_a_year_before_the_moment_is_told_whenever_it_is_asked(catalog: Snapshot) -> None:
    """By the moment asked about, not by the asker's clock: a question that names its moment keeps its answer."""
    card = catalog.derived(price_list).find("anthropic", "claude-opus-4-7", NOW).card
    seen = card.ladder(NOW)[0].rates["input_tokens"].rows[0].checked_on
    assert seen is not None
    for days, old in ((180, False), (181, True)):
        moment = datetime.combine(seen + timedelta(days=days), time(), UTC)
        lines = told_of(card, cost_of({"input_tokens": 1}, card.ladder(moment)), moment=moment, now=NOW)
        assert ("price-unseen-for" in [w.code for line in lines for w in line.warnings]) == old


def test_a_prompt_above_a_tier_says_so_and_how_a_million_is_asked(catalog: Snapshot) -> None:
    card = catalog.derived(price_list).find("google", "gemini-2.5-pro", NOW).card
    base, above = card.ladder(NOW)
    (line, *_) = told_of(card, cost_of({"input_tokens": 1_000_000}, (base, above)), moment=NOW, now=NOW)
    (assumed,) = line.assumptions
    assert assumed.why == "the rate of one prompt > 200,000 tokens; per=mtok prices a million tokens at the base rate"
    (short, *_) = told_of(card, cost_of({"input_tokens": 1_000}, (base, above)), moment=NOW, now=NOW)
    assert short.assumptions == ()
