"""One request on a ladder: reasoning apart, request fees, the cache undone for the list price."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import cost_of, prompt_tokens, uncached
from mlquote.estimators.tokens.token_models import price_list

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


def test_reasoning_is_output_where_it_has_no_price_of_its_own(catalog: Snapshot) -> None:
    """gpt-5-nano: 482 tokens at 0.4, of which 448 reasoning: still 482 x 0.4e-6."""
    ladder = catalog.derived(price_list).find("openai", "gpt-5-nano", NOW).card.ladder(NOW)
    cost = cost_of({"output_tokens": 482, "reasoning_tokens": 448}, ladder)
    assert cost.usd == Decimal("0.0001928")
    assert [line.meter for line in cost.lines] == ["output_tokens"]


def test_reasoning_leaves_the_output_where_it_is_priced_apart(catalog: Snapshot) -> None:
    """sonar-deep-research: 100 output tokens at 8 and 900 of reasoning at 3: 0.0008 + 0.0027."""
    ladder = catalog.derived(price_list).find("perplexity", "sonar-deep-research", NOW).card.ladder(NOW)
    cost = cost_of({"output_tokens": 1000, "reasoning_tokens": 900}, ladder)
    by_meter = {line.meter: line for line in cost.lines}
    assert (by_meter["output_tokens"].quantity, by_meter["reasoning_tokens"].quantity) == (100, 900)
    assert by_meter["output_tokens"].usd == Decimal("0.0008")
    assert by_meter["reasoning_tokens"].usd == Decimal("0.0027")


def test_a_fee_for_every_request_is_billed_once(catalog: Snapshot) -> None:
    """sonar: 1 and 1 per million tokens, and 5 per thousand requests of low context: 0.000002 + 0.005."""
    ladder = catalog.derived(price_list).find("perplexity", "sonar", NOW).card.ladder(NOW)
    assert cost_of({"input_tokens": 1, "output_tokens": 1}, ladder).usd == Decimal("0.005002")


def test_the_prompt_is_everything_sent_cached_or_not() -> None:
    counts = {"input_tokens": 1, "cache_read_tokens": 2, "cache_write_1h_tokens": 4, "output_tokens": 8}
    assert prompt_tokens(counts) == 7


def test_nothing_cached_is_all_plain_input() -> None:
    counts = {"input_tokens": 1, "cache_read_tokens": 2, "cache_write_5m_tokens": 4, "audio_cache_read_tokens": 8}
    assert uncached(counts) == {"input_tokens": 7, "audio_input_tokens": 8}


def test_cached_tokens_of_a_model_that_lists_no_price_for_them_are_prompt_tokens(catalog: Snapshot) -> None:
    """gpt-4 at 30 a million: 600 cached and 400 other tokens of the prompt are 1000 x 30e-6."""
    ladder = catalog.derived(price_list).find("openai", "gpt-4", NOW).card.ladder(NOW)
    cost = cost_of({"input_tokens": 400, "cache_read_tokens": 600}, ladder)
    assert cost.usd == Decimal("0.03")
    assert [line.rate is not None and line.rate.at_text_rate for line in cost.lines] == [False, True]


def test_a_cache_price_listed_elsewhere_leaves_a_gap_where_it_is_not(catalog: Snapshot) -> None:
    """Writes that last an hour have no price on a model that sells only the five-minute kind: none is made up."""
    ladder = catalog.derived(price_list).find("openai", "gpt-4", NOW).card.ladder(NOW)
    assert cost_of({"cache_write_1h_tokens": 600}, ladder).usd is None


@given(st.data())
def test_any_bill_is_the_sum_of_counts_times_printed_prices(catalog: Snapshot, data: st.DataObject) -> None:
    """The integer arithmetic against the plain one: sum of count * price / 1e6, in Decimal."""
    cards = catalog.derived(price_list).cards["openai"] | catalog.derived(price_list).cards["anthropic"]
    card = cards[data.draw(st.sampled_from(sorted(cards)))]
    ladder = card.ladder(NOW, data.draw(st.sampled_from(card.processings)))
    priced = [name for name, rate in ladder[0].rates.items() if rate.unit == "per_million_tokens"]
    counts = {name: data.draw(st.integers(1, 10**7)) for name in priced if name != "reasoning_tokens"}
    cost = cost_of(counts, ladder)
    if cost.usd is not None:
        rates = cost.sheet.rates
        assert cost.usd == sum((counts[n] * rates[n].usd_per_unit / 1_000_000 for n in counts), Decimal(0))
        doubled = cost_of({name: 2 * count for name, count in counts.items()}, (cost.sheet,)).usd
        assert doubled == 2 * cost.usd
