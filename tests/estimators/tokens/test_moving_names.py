"""Names that move, and names that only cost the same: each leads to the model that it meant on its day."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.token_models import price_list

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "model"),
    [
        # https://ai.google.dev/gemini-api/docs/changelog: 2025-09-25, 2026-01-21, 2026-05-19, 2026-09-02
        pytest.param("gemini-flash-latest", "2025-10-15", "gemini-2.5-flash-preview-09-2025", id="flash at first"),
        pytest.param(
            "gemini-flash-latest", "2026-01-20", "gemini-2.5-flash-preview-09-2025", id="flash the day before"
        ),
        pytest.param("gemini-flash-latest", "2026-01-21", "gemini-3-flash-preview", id="flash from that day"),
        pytest.param("gemini-flash-latest", "2026-06-28", "gemini-3.5-flash", id="flash in June"),
        pytest.param("gemini-flash-latest", "2026-11-20", "gemini-3.8-flash", id="flash in November"),
        pytest.param("gemini-pro-latest", "2026-01-20", "gemini-2.5-pro", id="pro before"),
        pytest.param("gemini-pro-latest", "2026-01-21", "gemini-3-pro-preview", id="pro from that day"),
    ],
)
def test_a_moving_name_means_what_it_meant_that_day(catalog: Snapshot, name: str, day: str, model: str) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert catalog.derived(price_list).find("google", name, moment).card.model == model


@pytest.mark.parametrize(
    ("provider", "model", "day", "usd"),
    [
        # a million tokens in: the model's own price, and none before it was there
        pytest.param("minimax", "MiniMax-M2.5", "2025-11-15", None, id="not M2's price"),
        pytest.param("minimax", "MiniMax-M2.5", "2026-03-01", "0.3", id="its own price"),
        pytest.param("openai", "gpt-realtime-1.5", "2025-09-10", None, id="not gpt-realtime's price"),
        pytest.param("openai", "gpt-audio-1.5", "2025-09-10", None, id="not gpt-audio's price"),
        pytest.param("mistral", "mistral-medium-2505", "2025-06-15", "0.4", id="Medium 3 of May 2025"),
        pytest.param("google", "gemini-flash-latest", "2025-10-15", "0.3", id="2.5 Flash by its moving name"),
        pytest.param("google-vertex", "claude-opus-4-1@20250805", "2025-06-15", None, id="not Opus 4"),
        pytest.param("openrouter", "openai/gpt-oss-20b:free", "2026-11-20", "0", id="a variant that is free"),
    ],
)
def test_a_model_is_priced_by_rows_of_its_own(
    catalog: Snapshot, provider: str, model: str, day: str, usd: str | None
) -> None:
    question = {"provider": provider, "model": model, "usage": {"input_tokens": 1_000_000}, "as_of": day}
    answer = inference_estimate(ApiUsage.model_validate(question), catalog, NOW)
    assert answer.result.cost_usd == (None if usd is None else Decimal(usd))


def test_no_alias_rests_on_an_equal_price(catalog: Snapshot) -> None:
    assert not [alias for alias in catalog.rows("aliases") if "same price" in alias.basis]


def test_openrouters_listings_are_its_own(catalog: Snapshot) -> None:
    """OpenAI sells no gpt-oss; at OpenRouter a million tokens in are 0.039 dollars or less."""
    prices = catalog.derived(price_list)
    assert "gpt-oss-120b" not in prices.cards["openai"]
    assert "openai/gpt-oss-120b" in prices.cards["openrouter"]


def test_provisioned_throughput_is_billed_by_the_hour_of_a_model_unit(catalog: Snapshot) -> None:
    """Two units for a day of 24 hours at 63 an hour (0.0175 a second) are 3,024; tokens have no price."""
    model = "us-east-1/1-month-commitment/anthropic.claude-v2:1"
    for usage, usd in (({"model_unit_hours": 48}, Decimal(3024)), ({"input_tokens": 1000}, None)):
        question = {"provider": "aws-bedrock", "model": model, "usage": usage}
        answer = inference_estimate(ApiUsage.model_validate(question), catalog, NOW)
        assert answer.result.cost_usd == usd


@pytest.mark.parametrize(
    ("model", "confidence"),
    [
        pytest.param("claude-opus-4-7", "high", id="two tables agree"),
        pytest.param("claude-mythos-preview", "single", id="one table alone"),
    ],
)
def test_a_line_says_how_well_its_price_is_known(catalog: Snapshot, model: str, confidence: str) -> None:
    question = {"provider": "anthropic", "model": model, "usage": {"input_tokens": 1}}
    answer = inference_estimate(ApiUsage.model_validate(question), catalog, NOW)
    assert [line.confidence for line in answer.result.cost_lines] == [confidence]
