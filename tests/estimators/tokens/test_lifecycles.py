"""A model's days at its seller, as a quote tells them: the days are those of the sellers' own deprecation pages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.tokens.lifecycles import SOON_DAYS, lifecycle_of
from mlquote.estimators.tokens.token_models import price_list


def said(catalog: Snapshot, provider: str, model: str, day: str) -> list[tuple[str, str]]:
    """Code and words of what is told of a model on a day."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    card = catalog.derived(price_list).find(provider, model, moment).card
    return [(warning.code, warning.detail) for warning in lifecycle_of(catalog, card, moment).warnings]


@pytest.mark.parametrize(
    ("provider", "model", "retired", "successor"),
    [
        # https://platform.claude.com/docs/en/about-claude/model-deprecations
        ("anthropic", "claude-3-opus-20240229", "2026-01-05", "claude-opus-4-8"),
        ("anthropic", "claude-3-opus", "2026-01-05", "claude-opus-4-8"),
        ("anthropic", "claude-sonnet-4-5", "2026-11-30", "claude-sonnet-5-5"),
        # https://developers.openai.com/api/docs/deprecations
        ("openai", "text-davinci-003", "2024-01-04", "gpt-3.5-turbo-instruct"),
        ("openai", "gpt-4-turbo", "2026-10-23", "gpt-5.6-sol"),
        ("openai", "gpt-4.5-preview", "2025-07-14", "gpt-4.1"),
        ("openai", "gpt-4o", "2027-01-14", "gpt-6-luna"),
        ("openai", "chatgpt-4o-latest", "2026-02-17", "gpt-5.1-chat-latest"),
        ("openai", "sora-2", "2026-09-24", ""),
        # https://ai.google.dev/gemini-api/docs/deprecations, and its changelog
        ("google", "gemini-1.5-pro", "2025-09-29", "gemini-2.5-pro"),
        ("google", "gemini-3-pro-image-preview", "2026-06-25", "gemini-3-pro-image"),
        # https://console.groq.com/docs/deprecations
        ("groq", "llama-3.2-90b-vision-preview", "2025-04-14", "meta-llama/llama-4-scout-17b-16e-instruct"),
        ("groq", "llama-3.3-70b-versatile", "2026-08-16", "openai/gpt-oss-120b"),
    ],
)
def test_the_days_before_and_after_the_last_are_told_apart(
    catalog: Snapshot, provider: str, model: str, retired: str, successor: str
) -> None:
    last = date.fromisoformat(retired)
    (code, told), *_ = said(catalog, provider, model, retired)
    assert code == "model-retired"
    assert retired in told
    assert successor in told
    ((code, told),) = said(catalog, provider, model, (last - timedelta(days=1)).isoformat())
    assert code == "model-retiring"
    assert retired in told
    assert successor in told


def test_an_end_is_told_from_half_a_year_before(catalog: Snapshot) -> None:
    """gpt-4o leaves on 2027-01-14: 180 days before it is 2026-07-18."""
    first = date(2027, 1, 14) - timedelta(days=SOON_DAYS)
    assert first == date(2026, 7, 18)
    assert said(catalog, "openai", "gpt-4o", "2026-07-17") == []
    ((code, told),) = said(catalog, "openai", "gpt-4o", "2026-07-18")
    assert code == "model-retiring"
    assert "in 180 days" in told


def test_a_day_before_the_first_is_told(catalog: Snapshot) -> None:
    """gpt-4.5-preview was released on 2025-02-27."""
    ((code, told),) = said(catalog, "openai", "gpt-4.5-preview", "2025-02-26")
    assert code == "model-not-yet-available"
    assert "2025-02-27" in told
    assert "model-not-yet-available" not in dict(said(catalog, "openai", "gpt-4.5-preview", "2025-02-27"))


def test_of_a_model_without_an_end_nothing_is_said(catalog: Snapshot) -> None:
    moment = datetime(2026, 11, 10, tzinfo=UTC)
    card = catalog.derived(price_list).find("anthropic", "claude-opus-4-7", moment).card
    assert lifecycle_of(catalog, card, moment) == Finding(None)


def test_the_days_of_a_model_stand_in_order(catalog: Snapshot) -> None:
    for row in catalog.rows("model_lifecycles"):
        days = [day for day in (row.available_on, row.deprecated_on, row.retired_on) if day is not None]
        assert days == sorted(days), row
        assert row.successor != row.model, row
