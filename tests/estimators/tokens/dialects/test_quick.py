"""The quick reading of a plain answer is the dialect's own, or none."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from mlquote.estimators.tokens.asked import Beside, PlainCall, asked_by_response, plainly_asked
from mlquote.estimators.tokens.dialects import Reading, _read, provider_of, read_response
from mlquote.estimators.tokens.dialects.quick import plain
from mlquote.kit.errors import QuoteError
from tests.estimators.tokens.dialects.chat_sample import chat
from tests.estimators.tokens.dialects.plain_sample import ODD, PLAIN, answers, made_odd
from tests.estimators.tokens.test_recorded_shapes import SHAPES
from tests.estimators.tokens.test_usage_objects import CASES

REQUESTS = (None, None, {"modelId": "anthropic.claude-haiku-4-5-20251001-v1:0"}, {"modelId": "m", "region": "us"}, {})


def recorded() -> Iterator[dict[str, Any]]:
    """Every recorded and worked response, with what stands beside it."""
    yield from ({**one, "provider_response": one["response"]} for one in CASES)
    yield from SHAPES


def check(provider: str, body: Any, request: Any, model: str | None) -> bool:
    """Whether there is a quick reading, which must be the dialect's, in the same order."""
    found = plain(provider, body, request, model)
    if found is None:
        return False
    whole = _read(provider, body, api=None, request=request, model=model)
    assert found.reading(provider) == whole, body
    assert list(found.counts) == list(whole.counts), body
    return True


@pytest.mark.parametrize("provider", PLAIN)
def test_a_quick_reading_is_the_dialects_own(provider: str) -> None:
    dice = random.Random(provider)
    quick = 0
    for body in answers(provider, dice, 1500):
        request = dice.choice(REQUESTS) if provider == "aws-bedrock" else None
        quick += check(provider, body, request, dice.choice([None, "m"]))
    assert quick > 400


@pytest.mark.parametrize("provider", PLAIN)
def test_what_is_plainly_asked_is_what_is_asked(provider: str) -> None:
    dice = random.Random(f"{provider} asked")
    quick = 0
    for body in answers(provider, dice, 500):
        beside = Beside(None, None, dice.choice([None, "m"]), dice.choice([None, "batch", "standard"]), "eu")
        found = plainly_asked(provider, body, beside)
        if found is None:
            continue
        quick += 1
        asked = asked_by_response(provider, body, beside)
        dated = asked.answered_at is not None
        assert found == PlainCall(asked.model, asked.counts, asked.processing, asked.region, dated), body
        assert not (asked.warnings or asked.facts or asked.others or asked.model_asked or asked.reported_usd), body
    assert quick > 60


def test_recorded_and_worked_responses_are_read_alike_whole_and_with_something_odd() -> None:
    dice = random.Random("recorded")
    quick = 0
    for case in recorded():
        body, provider = case["provider_response"], provider_of(case.get("provider"), case["provider_response"]) or ""
        quick += check(provider, body, case.get("request"), case.get("model"))
        for _ in range(60 if isinstance(body, dict) else 0):
            check(provider, made_odd(body, dice), case.get("request"), case.get("model"))
    assert quick > 35


@pytest.mark.parametrize("odd", [one for one in ODD if type(one) is not int or one < 0 or one > 10**15])
def test_odd_counts_are_left_to_the_dialect(odd: Any) -> None:
    body = chat(10, 1) | {"usage": {"prompt_tokens": odd, "completion_tokens": 1, "total_tokens": 11}}
    assert plain("openai", body) is None
    with pytest.raises(QuoteError):
        read_response("openai", body)


def test_two_names_of_one_count_that_differ_are_refused_however_plain() -> None:
    """A zero under another name of a count contradicts it."""
    details = {"cached_tokens": 5, "cache_read_tokens": 0}
    with pytest.raises(QuoteError, match="cache_read_tokens is 0"):
        read_response("openai", chat(10, 1, prompt_tokens_details=details))


def test_the_events_of_a_span_are_no_stream() -> None:
    """A span's events are what happened within it; its counts are its attributes."""
    attributes = {"gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 2, "gen_ai.response.model": "m"}
    happened = [{"name": "gen_ai.choice", "timeUnixNano": "1", "attributes": {}}]
    found = [read_response("openai", {"attributes": attributes, **more}) for more in ({}, {"events": happened})]
    told = [Reading.__eq__(found[0], one) for one in found]
    assert told == [True, True]
    assert found[1].counts == {"input_tokens": 7, "output_tokens": 2}
    unusual = {"attributes": attributes | {"gen_ai.usage.audio.input_tokens": 3}, "events": happened}
    assert read_response("openai", unusual).counts["audio_input_tokens"] == 3
