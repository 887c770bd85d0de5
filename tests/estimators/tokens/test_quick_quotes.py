"""Quick quotes are the long answers, only quicker: the same figure for every model, mode, moment and count."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.price_list import Card, Rate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.quick_quotes import QuickQuotes, quick_quote
from mlquote.estimators.tokens.token_models import price_list
from mlquote.formulas.pricing import dollars
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Warning

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COUNTS = st.fixed_dictionaries(
    {},
    optional={
        name: st.integers(0, 300_000)
        for name in ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_5m_tokens", "reasoning_tokens")
    }
    | {"web_searches": st.integers(0, 3), "audio_input_tokens": st.integers(0, 500)},
)


class Labels:
    """Labels that say nothing but the meter."""

    def card(self, card: Card) -> str:
        return f"{card.provider}/{card.model}"

    def rate(self, meter: str, rate: Rate) -> str:
        return meter

    def said(self, warnings: tuple[Warning, ...]) -> str:
        return "; ".join(warning.detail for warning in warnings)


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 10**6),
    counts=COUNTS,
    processing=st.sampled_from(["standard", "standard", "batch", "priority", "flex"]),
    back=st.integers(0, 700),
    requests=st.sampled_from([1, 1, 1000]),
)
def test_a_quick_quote_is_the_long_answer(
    catalog: Snapshot, place: int, counts: dict[str, int], processing: str, back: int, requests: int
) -> None:
    cards = [card for models in catalog.derived(price_list).cards.values() for card in models.values()]
    model = cards[place % len(cards)]
    moment = NOW - timedelta(days=back)
    card = QuickQuotes(catalog, NOW, Labels()).card(model.provider, model.model, processing, None, moment)
    quote = None if card is None else quick_quote(card, counts, requests)
    if quote is None:
        return
    question = {"provider": model.provider, "model": model.model, "usage": counts, "as_of": moment}
    answer = inference_estimate(
        ApiUsage.model_validate(question | {"processing": processing, "requests": requests}), catalog, NOW
    )
    result = answer.result
    assert result.cost_usd == dollars(quote.amount)
    assert result.context_tier.from_tokens == quote.from_tokens
    assert {(line.meter, line.quantity, line.usd) for line in result.cost_lines} == {
        (label, quantity, dollars(amount)) for label, quantity, amount in quote.lines
    }
    assert card is not None
    assert "; ".join(warning.detail for warning in answer.warnings) == card.said
    assert not answer.assumptions


def test_most_current_models_are_quoted_quickly(catalog: Snapshot) -> None:
    quotes = QuickQuotes(catalog, NOW, Labels())
    for provider, model in (("anthropic", "claude-opus-4-7"), ("openai", "gpt-5"), ("google", "gemini-2.5-pro")):
        card = quotes.card(provider, model, "standard", None, NOW)
        assert card is not None
        assert quick_quote(card, {"input_tokens": 10, "output_tokens": 1}) is not None


@pytest.mark.parametrize(
    "counts",
    [{"input_tokens": -1}, {"inputs": 1}, {"input_tokens": 10**16}, {"output_tokens": 1, "reasoning_tokens": 2}],
)
def test_what_makes_no_sense_has_no_quick_quote(catalog: Snapshot, counts: dict[str, int]) -> None:
    card = QuickQuotes(catalog, NOW, Labels()).card("openai", "gpt-5", "standard", None, NOW)
    assert card is not None
    assert quick_quote(card, counts) is None


def test_what_the_long_way_refuses_has_no_card(catalog: Snapshot) -> None:
    quotes = QuickQuotes(catalog, NOW, Labels())
    assert quotes.card("openai", "gpt-99", "standard", None, NOW) is None
    assert quotes.card("openai", "gpt-5", "turbo", None, NOW) is None
    with pytest.raises(QuoteError):
        catalog.derived(price_list).find("openai", "gpt-99", NOW)


def test_the_sum_is_the_sum_of_the_lines(catalog: Snapshot) -> None:
    """1000 * 5 + 10 * 25 = 5250 millionths."""
    card = QuickQuotes(catalog, NOW, Labels()).card("anthropic", "claude-opus-4-7", "standard", None, NOW)
    assert card is not None
    quote = quick_quote(card, {"input_tokens": 1000, "output_tokens": 10})
    assert quote is not None
    assert dollars(quote.amount) == Decimal("0.00525")
