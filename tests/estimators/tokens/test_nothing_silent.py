"""No field of an API question is dropped: it moves a number, a warning names it, or the question is refused."""

import random
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.estimators.tokens.usage import COUNTED, FACTS, Usage
from mlquote.estimators.tokens.workload import Workload
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Answer

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
QUESTIONS = 100
MODELS = (
    ("openai", "gpt-5"), ("openai", "gpt-4o"), ("openai", "gpt-image-1"), ("anthropic", "claude-opus-4-7"),
    ("anthropic", "claude-sonnet-4-5"), ("google", "gemini-2.5-flash"), ("google", "gemini-2.5-pro"),
    ("google-vertex", "claude-opus-4-7"), ("google-vertex", "gemini-2.5-flash"), ("azure-openai", "gpt-4.1"),
    ("aws-bedrock", "anthropic.claude-sonnet-4-6"), ("aws-bedrock", "amazon.nova-pro-v1:0"),
    ("groq", "llama-3.1-8b-instant"), ("deepseek", "deepseek-v4-pro"), ("mistral", "mistral-large-4"),
    ("perplexity", "sonar-pro"), ("xai", "grok-4.7"), ("alibaba", "qwen3-max"), ("cohere", "rerank-v3.5"),
    ("openai", "whisper-1"),
)  # fmt: skip
"""Sellers with and without regions, tiers, caches, batches, fees, pieces."""
CHAT = {"object": "chat.completion", "model": "gpt-5-2025-08-07", "service_tier": "default", "choices": []}
RESPONSES: tuple[dict[str, Any], ...] = (
    {"provider": "openai", "provider_response": CHAT | {"usage": {"prompt_tokens": 900, "completion_tokens": 400}}},
    {
        "provider": "anthropic",
        "provider_response": {
            "type": "message",
            "model": "claude-opus-4-7",
            "usage": {"input_tokens": 900, "output_tokens": 400, "inference_geo": "us"},
        },
    },
    {
        "provider": "google",
        "provider_response": {
            "modelVersion": "gemini-2.5-flash",
            "usageMetadata": {"promptTokenCount": 900, "candidatesTokenCount": 400, "totalTokenCount": 1300},
        },
    },
    {
        "provider": "openrouter",
        "provider_response": {
            "model": "someone/something",
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.0001},
        },
    },
)
"""Responses that say who answered, in which mode or place, or what it cost."""
VALUES: Mapping[str, tuple[Any, ...]] = {
    "provider": ("azure-openai", "groq"),
    "model": ("gpt-4o-mini", "claude-haiku-4-5"),
    "usage": ({"input_tokens": 7},),
    "provider_response": (RESPONSES[0]["provider_response"],),
    "api": ("ocr", "converse"),
    "request": ({"seen": "by nobody"}, {"service_tier": "flex"}),
    "workload": ({"requests_per_day": 10, "input_tokens": 77, "output_tokens": 7},),
    "requests": (3,),
    "per": ("mtok",),
    "processing": ("batch", "flex"),
    "region": ("us", "eu", "global", "us-east-1", "us-mars-9"),
    "discount_fraction": ("0.1",),
    "rate_card": ("acme",),
    "as_of": ("2024-03-01", "2026-10-01"),
    "release": ("nobody's",),
    "requests_per_day": (33,),
    "cached_input_fraction": ("0.4",),
    "shared_prefix_tokens": (300,),
    "cache_hit_fraction": ("0.7",),
    "cache_ttl": ("1h",),
    "batch_fraction": ("0.25",),
    "days": (7,),
    "image_size": ("1024x1024", "4K"),
    "image_quality": ("high",),
    "resolution": ("720p",),
    "search_context": ("high",),
    "container_memory": ("4g",),
}
"""Values of a field that are unlike its default; counts take 123."""
ELSEWHERE = frozenset({"release", "as_of"})
"""`release` is found by whoever holds the catalogue; at another moment the same rows may hold, and are named."""


def card_for(question: ApiUsage) -> NamedCard | None:
    """A card about another seller's models, so that its silence would be heard."""
    rules = {"rules": [{"provider": "nobody", "multiplier": 0.5}]}
    return NamedCard("acme@1", RateCard.model_validate(rules)) if question.rate_card else None


def ask(catalog: Snapshot, question: Mapping[str, Any]) -> Answer | None:
    """The answer; None where the question is refused."""
    try:
        asked = ApiUsage.model_validate(question)
        return inference_estimate(asked, catalog, NOW, card_for(asked))
    except (QuoteError, ValidationError):
        return None


def sample(dice: random.Random) -> dict[str, Any]:
    """One question that people may ask."""
    kind = dice.randrange(3)
    if kind == 0:
        return dict(dice.choice(RESPONSES))
    provider, model = dice.choice(MODELS)
    named: dict[str, Any] = {"provider": provider, "model": model}
    if kind == 1:
        counts = dice.sample(("input_tokens", "output_tokens", "cache_read_tokens", "web_searches", "images"), 2)
        return named | {"usage": {"input_tokens": 100, "output_tokens": 200} | dict.fromkeys(counts, 1000)}
    workload: dict[str, Any] = {"requests_per_day": dice.choice((5, 20_000)), "input_tokens": 2000, "output_tokens": 99}
    if dice.random() < 0.5:
        workload["cached_input_fraction"] = "0.5"
    return named | {"workload": workload} | ({"processing": "batch"} if dice.random() < 0.2 else {})


def changes(question: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(field, the question with another value of it), for every field of the question and of its parts."""
    for name in ApiUsage.model_fields:
        yield from ((name, {**question, name: value}) for value in VALUES[name] if question.get(name) != value)
    for part, fields in (("usage", Usage.model_fields), ("workload", Workload.model_fields)):
        for name in fields if part in question else ():
            for value in VALUES.get(name, (123,)):
                yield name, {**question, part: {**question[part], name: value}}


def is_heard(field: str, before: Answer, after: Answer | None) -> bool:
    """Whether the answer tells that the field was changed."""
    if after is None or (after.result, after.rows) != (before.result, before.rows) or field in ELSEWHERE:
        return True
    if field == "region" and after.question["region"] == before.question["region"]:
        return True  # another word for the place that answered already
    if any(assumption.name == field for assumption in after.assumptions):
        return True
    new = [warning for warning in after.warnings if warning not in before.warnings]
    if field in ("provider", "model") and any(str(after.question[field]) in warning.detail for warning in new):
        return True
    code = f"-{field.replace('_', '-')}-"
    words = re.compile(rf"(?<!\w){field}(?!\w)")
    return any(words.search(warning.detail) or code in f"-{warning.code}-" for warning in after.warnings)


@pytest.mark.parametrize("seed", range(QUESTIONS))
def test_a_field_moves_a_number_or_is_named_or_is_refused(catalog: Snapshot, seed: int) -> None:
    question = sample(random.Random(seed))
    before = ask(catalog, question)
    if before is None:  # a mode that this model is not sold in
        return
    silent: dict[str, Any] = {}
    for field, changed in changes(question):
        if not is_heard(field, before, ask(catalog, changed)):
            silent[field] = changed
    assert silent == {}


def test_every_field_is_tried() -> None:
    tried = {field for seed in range(QUESTIONS) for field, _ in changes(sample(random.Random(seed)))}
    assert tried == ApiUsage.model_fields.keys() | Usage.model_fields.keys() | Workload.model_fields.keys()
    assert {*COUNTED, *FACTS} <= tried


def test_a_field_that_is_made_silent_is_found(catalog: Snapshot) -> None:
    question = sample(random.Random(1))
    before = ask(catalog, question)
    assert before is not None
    assert not is_heard("requests", before, before)
