"""The tokens of a text: counted where a tokenizer is at hand, else a range by its characters."""

from datetime import datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.counting import TextCount, Tokenizer, encoding_of, text_estimate
from mlquote.kit.errors import UnknownName
from mlquote.kit.provenance import Range


def by_words(encoding: str) -> Tokenizer:
    """A tokenizer that counts words, whatever the encoding."""
    return lambda text: len(text.split())


def test_a_counted_text_is_one_figure_and_priced_exactly(catalog: Snapshot, now: datetime) -> None:
    """Four words at 2.5 and 100 tokens at 10 dollars per million: (10 + 1000) / 1e6."""
    question = TextCount(provider="openai", model="gpt-4o", text="how much is it", output_tokens=100)
    answer = text_estimate(question, catalog, now, by_words)
    assert (answer.result.input_tokens, answer.result.tokenizer) == (Range(4, 4, 4), "o200k_base")
    assert answer.result.cost_usd == Range(*[Decimal("0.00101")] * 3)
    assert answer.warnings == ()


def test_a_text_is_taken_by_its_characters_where_nothing_counts(catalog: Snapshot, now: datetime) -> None:
    """3,500 characters at 3.5 a token are 1,000; at 4.5 and 2.5 they are 778 and 1,400."""
    answer = text_estimate(TextCount(provider="anthropic", model="claude-haiku-4-5", text="x" * 3500), catalog, now)
    assert answer.result.input_tokens == Range(778, 1000, 1400)
    assert answer.result.cost_usd == Range(Decimal("0.000778"), Decimal("0.001"), Decimal("0.0014"))
    assert [w.code for w in answer.warnings] == ["tokens-estimated"]
    assert [(a.name, a.value) for a in answer.assumptions][:1] == [("characters_per_token", 3.5)]


def test_ideographs_are_many_tokens(catalog: Snapshot, now: datetime) -> None:
    """140 ideographs at 1.4 a token are 100 tokens, and 40 letters at 4 are 10 more."""
    text = "自" * 140 + "x" * 40
    answer = text_estimate(TextCount(provider="google", model="gemini-2.5-flash", text=text), catalog, now)
    assert answer.result.input_tokens.central == 110


def test_an_encoding_that_is_not_installed_is_named(catalog: Snapshot, now: datetime) -> None:
    answer = text_estimate(TextCount(provider="openai", model="gpt-4o", text="how much is it"), catalog, now)
    assert answer.result.tokenizer is None
    assert "mlquote[tokenizers]" in answer.warnings[0].detail


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-mini-2024-07-18", "o200k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("gpt-4.1-nano", "o200k_base"),
        ("gpt-5", "o200k_base"),
        ("gpt-5.6-sol", None),
    ],
)
def test_the_encoding_of_a_model_is_tiktokens(model: str, encoding: str | None) -> None:
    assert encoding_of("openai", model) == encoding
    assert encoding_of("groq", model) is None


def test_an_unknown_model_is_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName):
        text_estimate(TextCount(provider="openai", model="gpt-none", text="x"), catalog, now)
