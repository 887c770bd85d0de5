"""How many tokens is a text, and what would sending it cost? Counted where a tokenizer is at hand, else a stated range.

A door hands in the tokenizers that are installed (`mlquote[tokenizers]`), since this room reads no file. Which encoding
a model of OpenAI has is tiktoken's own table; other makers publish no tokenizer that counts offline, so their texts are
taken by characters per token, ideographs apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from mlquote.catalog.rows import Default
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.asking.question import Count, Name, Question
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.explaining import told_of
from mlquote.estimators.tokens.price_list import STANDARD
from mlquote.estimators.tokens.token_models import Named, price_list
from mlquote.kit.money import plain
from mlquote.kit.provenance import Answer, Assumption, Range

Tokenizer = Callable[[str], int]
Tokenizers = Callable[[str], Tokenizer | None]
"""Name of an encoding -> what counts by it; None where no package that has it is installed."""
Text = Annotated[str, StringConstraints(strip_whitespace=False), Field(min_length=1, max_length=4_000_000)]

ENCODINGS: Final[Mapping[str, str]] = {
    "gpt-5": "o200k_base",
    "gpt-4.5": "o200k_base",
    "gpt-4.1": "o200k_base",
    "gpt-4o": "o200k_base",
    "chatgpt-4o": "o200k_base",
    "o1": "o200k_base",
    "o3": "o200k_base",
    "o4-mini": "o200k_base",
    "gpt-4": "cl100k_base",
    "gpt-3.5-turbo": "cl100k_base",
    "text-embedding-3": "cl100k_base",
    "text-embedding-ada-002": "cl100k_base",
}
"""An OpenAI model, or its family -> its encoding (github.com/openai/tiktoken, tiktoken/model.py); the longest name that
fits counts, and a version that is not there has none: gpt-4.1-mini is of gpt-4.1, gpt-5.6 is not of gpt-5."""
_OPENAI: Final = frozenset({"openai", "azure-openai"})
_LEVELS: Final = {"anthropic": "anthropic", "google": "google", "google-vertex": "google"}
_IDEOGRAPHS: Final = (("\u2e80", "\ua4cf"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""Chinese, Japanese and Korean script: far fewer characters a token than alphabets have."""


class TextCount(Question):
    """A text that may be sent to a model."""

    provider: Name | None = None
    """Who sells the model; may be left out where only one provider does, or its maker."""
    model: Name
    """The provider's model id, or an alias of it."""
    text: Text
    """The text of the prompt, as it is."""
    output_tokens: Count | None = None
    """Tokens that the answer is expected to have, reasoning included, to be priced beside the prompt."""


@dataclass(frozen=True, slots=True)
class TextTokens:
    """The tokens of a text, and what a request with it costs; low, central and high are one where they are counted."""

    characters: int
    input_tokens: Range
    tokenizer: str | None
    """The encoding that counted; null where the tokens are a range by characters."""
    cost_usd: Range | None
    """Prompt and expected output at the list price; null where it is not known."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Fewest, expected and most tokens."""

    low: int
    central: int
    high: int


def text_estimate(
    question: TextCount, catalog: Snapshot, now: datetime, tokenizers: Tokenizers = lambda _: None
) -> Answer:
    """The tokens of a text for one model, and what they cost as input.

    Args:   tokenizers: what is installed to count with
    Raises: UnknownName for a provider or model not in the catalogue
    """
    when = question.moment(now)
    named = catalog.derived(price_list).find(question.provider, question.model, when)
    encoding = encoding_of(named.card.provider, named.card.model)
    tokenizer = None if encoding is None else tokenizers(encoding)
    findings: list[Finding[Any]] = []
    if tokenizer is None:
        counted = _by_characters(question.text, named, encoding, catalog, when)
    else:
        n = tokenizer(question.text)
        why = f"counted with {encoding}; a chat's framing adds a few tokens a message"
        counted = Finding(_Counted(n, n, n), (Assumption("input_tokens", n, "tokens", basis="derived", why=why),))
    findings.append(counted)
    cost = _cost(question, named, counted.value, when, now, findings)
    tokens = Range(counted.value.low, counted.value.central, counted.value.high)
    result = TextTokens(len(question.text), tokens, encoding if tokenizer else None, cost)
    echoed = question.filled(
        as_of=when, release=catalog.release.id, provider=named.card.provider, model=named.card.model
    )
    return told(Envelope(echoed, catalog.catalog_ref(when)), result, *findings)


def encoding_of(provider: str, model: str) -> str | None:
    """The encoding of an OpenAI model; None for every other, whose tokenizer no package has."""
    if provider not in _OPENAI:
        return None
    fitting = [name for name in ENCODINGS if model == name or model.startswith(f"{name}-")]
    return ENCODINGS[max(fitting, key=len)] if fitting else None


def _by_characters(
    text: str, named: Named, encoding: str | None, catalog: Snapshot, when: datetime
) -> Finding[_Counted]:
    """Tokens by characters: ideographs and other characters, each at their own characters per token."""
    rows = [catalog.default("characters_per_token", when, _LEVELS.get(named.card.provider, ""))]
    ideographs = sum(any(first <= letter <= last for first, last in _IDEOGRAPHS) for letter in text)
    others = len(text) - ideographs
    if ideographs:
        rows.append(catalog.default("characters_per_token", when, "ideographs"))

    def tokens(bound: str) -> int:
        parts = zip((others, ideographs), rows, strict=False)
        return max(1, round(sum(n / float(getattr(row, bound) or 1) for n, row in parts)))

    why = "no tokenizer of this model counts offline"
    if encoding is not None:
        why = f"{encoding} is not installed here: pip install 'mlquote[tokenizers]'"
    told_by = unknown("tokens-estimated", f"{why}; {len(text)} characters at {_rates(rows)} characters a token")
    assumed = tuple(
        Assumption(
            f"characters_per_token{'_of_ideographs' if row.level == 'ideographs' else ''}",
            row.value,
            row.unit,
            low=row.low,
            high=row.high,
            why=row.note,
            source_url=row.source_url,
        )
        for row in rows
    )
    refs = tuple(catalog.ref("defaults", row) for row in rows)
    return Finding(_Counted(tokens("high"), tokens("value"), tokens("low")), assumed, refs, told_by.warnings)


def _rates(rows: list[Default]) -> str:
    return " and ".join(f"{row.low} to {row.high}" for row in rows)


def _cost(
    question: TextCount, named: Named, counted: _Counted, when: datetime, now: datetime, findings: list[Finding[Any]]
) -> Range | None:
    """What the request costs at the list price with the fewest, the expected and the most tokens."""
    ladder = named.card.ladder(when, STANDARD, named.region)
    costs = []
    for field in fields(counted):
        counts = {"input_tokens": getattr(counted, field.name)}
        if question.output_tokens:
            counts["output_tokens"] = question.output_tokens
        cost = cost_of(counts, ladder)
        if field.name == "central":
            findings += told_of(named.card, cost, moment=when, now=now)
        costs.append(cost.usd)
    if None in costs:
        return None
    low, central, high = (plain(usd or Decimal(0)) for usd in costs)
    return Range(low, central, high)
