"""Fields that change nothing are named: each rule by the question that shows it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
GPT = {"provider": "openai", "model": "gpt-5"}
OPUS = {"provider": "anthropic", "model": "claude-opus-4-7"}
TOKENS = {"input_tokens": 1000, "output_tokens": 200}
MONTH = {"requests_per_day": 20_000, "input_tokens": 2000, "output_tokens": 200}
HALF_CACHED = {"cached_input_fraction": "0.5"}
CHARGED = {"model": "someone/something", "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.0001}}


def unused(catalog: Snapshot, question: dict[str, Any]) -> list[str]:
    answer = inference_estimate(ApiUsage.model_validate(question), catalog, NOW)
    return [warning.detail.partition(":")[0] for warning in answer.warnings if warning.code == "field-not-used"]


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        pytest.param(GPT | {"usage": TOKENS}, [], id="nothing"),
        pytest.param(GPT | {"usage": TOKENS, "api": "chat", "request": {}}, ["api", "request"], id="no response"),
        pytest.param(GPT | {"usage": TOKENS | {"image_size": "2K"}}, ["image_size"], id="no image is counted"),
        pytest.param(GPT | {"usage": TOKENS | {"reasoning_tokens": 9}}, ["reasoning_tokens"], id="billed as output"),
        pytest.param(
            {"provider": "google", "model": "gemini-2.5-flash", "usage": {"web_searches": 3}, "processing": "batch"},
            ["processing"],
            id="a fee is the same in a batch",
        ),
        pytest.param(
            OPUS | {"usage": {"images": 1}, "discount_fraction": "0.1", "as_of": "2024-01-01"},
            ["discount_fraction"],
            id="no price to take it off",
        ),
        pytest.param(
            {"provider": "openrouter", "provider_response": CHARGED, "discount_fraction": "0.1", "region": "eu"},
            ["region", "discount_fraction"],
            id="the charge is what it is",
        ),
        pytest.param(
            OPUS | {"workload": MONTH | {"cache_ttl": "1h", "cache_hit_fraction": "0.5"}},
            ["cache_hit_fraction", "cache_ttl"],
            id="nothing is cached",
        ),
        pytest.param(
            OPUS | {"workload": MONTH | {"batch_fraction": "0.5"}, "processing": "batch"},
            ["batch_fraction"],
            id="all of it is a batch already",
        ),
        pytest.param(
            GPT | {"workload": MONTH | HALF_CACHED | {"cache_ttl": "1h"}},
            ["cache_ttl"],
            id="every request hits, and writing costs nothing of its own",
        ),
        pytest.param(
            OPUS
            | {"workload": MONTH | {"cached_input_fraction": "0.5", "cache_hit_fraction": "0.6", "cache_ttl": "1h"}},
            [],
            id="an hour's writes have a price of their own",
        ),
    ],
)
def test_a_field_that_changes_nothing_is_named(catalog: Snapshot, question: dict[str, Any], fields: list[str]) -> None:
    assert unused(catalog, question) == fields
