"""Groq: timings that are no counts, service tiers, compound systems."""

import pytest

from mlquote.estimators.tokens.dialects import read_response
from tests.estimators.tokens.dialects.chat_sample import chat


def test_groq_timing_is_no_count_and_a_stream_ends_in_x_groq() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "queue_time": 0.03, "total_time": 3.3}
    body = {"object": "chat.completion.chunk", "model": "m", "x_groq": {"id": "r", "usage": usage}}
    assert read_response("groq", body).counts == {"input_tokens": 3, "output_tokens": 4}


@pytest.mark.parametrize("tier", ["on_demand", "flex"])
def test_groq_bills_flex_like_on_demand(tier: str) -> None:
    assert read_response("groq", chat(3, 4) | {"service_tier": tier}).processing == "standard"


def test_groq_compound_names_the_models_it_used() -> None:
    models = {"models": [{"model": "a", "usage": chat(1, 3)["usage"]}, {"model": "b", "usage": chat(2, 1)["usage"]}]}
    reading = read_response("groq", chat(3, 4) | {"usage_breakdown": models})
    assert (reading.model, reading.counts) == ("a", {"input_tokens": 1, "output_tokens": 3})
    assert reading.others == (("b", {"input_tokens": 2, "output_tokens": 1}),)
    assert [w.code for w in reading.warnings] == ["several-models"]
