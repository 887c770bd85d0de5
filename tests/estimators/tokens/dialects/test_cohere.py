"""Cohere: billed units are billed, tokens are not."""

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed


def test_cohere_bills_billed_units_not_tokens() -> None:
    usage = {
        "billed_units": {"input_tokens": 5, "output_tokens": 418},
        "tokens": {"input_tokens": 71, "output_tokens": 418},
    }
    reading = read_response("cohere", {"id": "x", "usage": usage}, request={"model": "command-a-03-2025"})
    assert (reading.model, reading.counts) == ("command-a-03-2025", {"input_tokens": 5, "output_tokens": 418})


def test_cohere_rerank_bills_search_units() -> None:
    body = {"results": [], "meta": {"billed_units": {"search_units": 1}}}
    assert read_response("cohere", body, model="rerank-v3.5").counts == {"rerank_searches": 1}


def test_cohere_without_billed_units_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("cohere", {"usage": {"tokens": {"input_tokens": 71}}})
    assert refusal.value.faults[0].pointer == "/provider_response/usage/billed_units"
