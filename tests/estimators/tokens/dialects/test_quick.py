"""The quick reading of a plain chat completion is the dialect's own, or none."""

import random
from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import _read
from mlquote.estimators.tokens.dialects.quick import plain_chat
from mlquote.kit.errors import QuoteError
from tests.estimators.tokens.dialects.chat_sample import chat
from tests.estimators.tokens.test_recorded_shapes import SHAPES
from tests.estimators.tokens.test_usage_objects import CASES

PROVIDERS = ("openai", "azure-openai", "together", "moonshot", "alibaba", "fireworks")
ODD = (None, -1, 3.5, "7", True, 10**16, {}, [])


def completion(dice: random.Random) -> dict[str, Any]:
    """A chat completion, plain or with something odd about it."""
    prompt, said = dice.randrange(0, 5000), dice.randrange(0, 500)
    body = chat(
        prompt,
        said,
        prompt_tokens_details={"cached_tokens": dice.choice([0, prompt // 2, prompt, prompt + 1]), "audio_tokens": 0},
        completion_tokens_details={"reasoning_tokens": dice.choice([0, said // 2, said + 1]), "audio_tokens": 0},
    )
    places = [body, body["usage"], body["usage"]["prompt_tokens_details"], body["usage"]["completion_tokens_details"]]
    place = dice.choice(places)
    for _ in range(dice.choice([0, 0, 1, 2])):
        names = [*place, "x_new_tokens", "cached_tokens", "text_tokens", "service_tier", "created", "model"]
        place[dice.choice(names)] = dice.choice([0, 7, "default", "priority", *ODD])
    if dice.random() < 0.2:
        body["choices"] = [{"message": {"content": "x", "annotations": dice.choice([[], [{"type": "url_citation"}]])}}]
    return body


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_quick_reading_is_the_dialects_own(provider: str) -> None:
    dice = random.Random(provider)
    quick = 0
    for _ in range(1500):
        body = completion(dice)
        found = plain_chat(provider, body)
        if found is not None:
            quick += 1
            assert found == _read(provider, body, api=None, request=None, model=None), body
    assert quick > 100


def test_recorded_and_worked_responses_are_read_alike() -> None:
    quick = 0
    for case in (*({**one, "provider_response": one["response"]} for one in CASES), *SHAPES):
        found = plain_chat(case.get("provider", ""), case["provider_response"])
        if found is not None:
            quick += 1
            assert found == _read(case["provider"], case["provider_response"], api=None, request=None, model=None)
    assert quick > 3


@pytest.mark.parametrize("odd", ODD)
def test_odd_counts_are_left_to_the_dialect(odd: Any) -> None:
    body = chat(10, 1) | {"usage": {"prompt_tokens": odd, "completion_tokens": 1, "total_tokens": 11}}
    assert plain_chat("openai", body) is None
    with pytest.raises(QuoteError):
        _read("openai", body, api=None, request=None, model=None)
