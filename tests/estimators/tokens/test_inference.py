"""API bills: exact dollars, tiers, modes, history, gaps."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.bill import InferenceCost
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Malformed, OutOfDomain, UnknownName
from mlquote.kit.provenance import Answer

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


def asked(catalog: Snapshot, **question: Any) -> Answer:
    return inference_estimate(ApiUsage.model_validate(question), catalog, NOW)


def bill(catalog: Snapshot, provider: str, model: str, usage: dict[str, Any], **more: Any) -> InferenceCost:
    result = asked(catalog, provider=provider, model=model, usage=usage, **more).result
    assert isinstance(result, InferenceCost)
    return result


MILLION_EACH = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}


@pytest.mark.parametrize(
    ("model", "usage", "processing", "usd"),
    [
        pytest.param("claude-opus-4-7", MILLION_EACH, "standard", "30", id="opus 5 + 25"),
        pytest.param("claude-opus-4-7", MILLION_EACH, "batch", "15", id="batch halves both"),
        pytest.param("claude-opus-4-7", {"cache_read_tokens": 1_000_000}, "standard", "0.5", id="cache read 0.5"),
        pytest.param("claude-sonnet-4-6", {"input_tokens": 1_000_000}, "standard", "3", id="sonnet input"),
        pytest.param("claude-sonnet-4-6", {"output_tokens": 1_000_000}, "standard", "15", id="sonnet output"),
        pytest.param("claude-haiku-4-5", MILLION_EACH, "standard", "6", id="haiku 1 + 5"),
    ],
)
def test_a_million_tokens_cost_the_list_price_to_the_digit(
    catalog: Snapshot, model: str, usage: dict[str, int], processing: str, usd: str
) -> None:
    assert bill(catalog, "anthropic", model, usage, processing=processing).cost_usd == Decimal(usd)


def test_every_part_of_an_anthropic_prompt_has_its_own_rate(catalog: Snapshot) -> None:
    """(100*5 + 1000*6.25 + 2000*10 + 50000*0.5 + 800*25) / 1e6 = 0.07175."""
    usage = {
        "input_tokens": 100,
        "cache_write_5m_tokens": 1000,
        "cache_write_1h_tokens": 2000,
        "cache_read_tokens": 50_000,
        "output_tokens": 800,
    }
    result = bill(catalog, "anthropic", "claude-opus-4-7", usage)
    assert result.cost_usd == Decimal("0.07175")
    assert sum(line.usd for line in result.cost_lines if line.usd is not None) == Decimal("0.07175")


@pytest.mark.parametrize(
    ("provider", "model", "usage", "as_of", "usd"),
    [
        pytest.param(
            "anthropic", "claude-sonnet-4-5-20250929",
            {"input_tokens": 140_000, "cache_read_tokens": 60_000, "output_tokens": 1000}, "2026-01-15T12:00:00Z",
            "0.453", id="exactly 200,000 is base: (140000*3 + 60000*0.3 + 1000*15)/1e6",
        ),
        pytest.param(
            "anthropic", "claude-sonnet-4-6", {"input_tokens": 250_000, "output_tokens": 1000}, "2026-03-12T23:59:59Z",
            "1.5225", id="long context until 2026-03-13: (250000*6 + 1000*22.5)/1e6",
        ),
        pytest.param(
            "anthropic", "claude-sonnet-4-6", {"input_tokens": 250_000, "output_tokens": 1000}, "2026-03-13T00:00:00Z",
            "0.765", id="and no longer: (250000*3 + 1000*15)/1e6",
        ),
        pytest.param(
            "xai", "grok-4.7", {"input_tokens": 50_000, "cache_read_tokens": 150_000, "output_tokens": 1000},
            "2026-11-10T12:00:00Z", "0.362", id="xAI's tier begins at 200,000: (50000*4 + 150000*1 + 1000*12)/1e6",
        ),
        pytest.param(
            "openai", "gpt-5.6-luna", {"input_tokens": 272_000, "output_tokens": 10_000}, "2026-07-15T00:00:00Z",
            "0.332", id="before the cut of 2026-07-30: (272000*1 + 10000*6)/1e6",
        ),
    ],
)  # fmt: skip
def test_the_total_prompt_and_the_moment_choose_the_rates(
    catalog: Snapshot, provider: str, model: str, usage: dict[str, int], as_of: str, usd: str
) -> None:
    assert bill(catalog, provider, model, usage, as_of=as_of).cost_usd == Decimal(usd)


@pytest.mark.parametrize(
    ("as_of", "usd"),
    [
        pytest.param("2026-10-20T02:00:00Z", "0.0022792", id="Tuesday 02:00 is peak: (200*1.32+800*.044+500*3.96)/1e6"),
        pytest.param("2026-10-20T04:00:00Z", "0.0011396", id="04:00 is not: half of each"),
        pytest.param("2026-10-24T02:00:00Z", "0.0011396", id="nor Saturday"),
        pytest.param("2026-10-01T02:00:00Z", "0.0011396", id="nor National Day"),
        pytest.param("2026-08-16T16:00:00Z", "0.0011396", id="from 16:00 of the day, not from midnight"),
    ],
)
def test_peak_hours_are_weekdays_that_are_no_chinese_holidays(catalog: Snapshot, as_of: str, usd: str) -> None:
    usage = {"input_tokens": 200, "cache_read_tokens": 800, "output_tokens": 500}
    assert bill(catalog, "deepseek", "deepseek-v4-pro", usage, as_of=as_of).cost_usd == Decimal(usd)


def test_many_requests_cost_many_times_one_and_never_reach_a_tier_together(catalog: Snapshot) -> None:
    one = bill(catalog, "google", "gemini-3.1-pro-preview", {"input_tokens": 150_000, "output_tokens": 10})
    many = bill(catalog, "google", "gemini-3.1-pro-preview", {"input_tokens": 150_000, "output_tokens": 10}, requests=9)
    assert one.cost_usd == Decimal("0.30012")  # (150000*2 + 10*12)/1e6
    assert many.cost_usd == Decimal("2.70108")
    assert many.context_tier.from_tokens == 0


def test_a_region_with_a_surcharge_multiplies_the_token_rates(catalog: Snapshot) -> None:
    result = bill(catalog, "anthropic", "claude-opus-4-7", MILLION_EACH, region="us")
    assert result.cost_usd == Decimal(33)  # 30 * 1.1
    assert result.cost_lines[0].multiplier_row is not None


def test_a_negotiated_discount_is_a_line_of_its_own(catalog: Snapshot) -> None:
    result = bill(catalog, "anthropic", "claude-opus-4-7", MILLION_EACH, discount_fraction="0.2")
    assert result.cost_usd == Decimal(24)
    assert result.list_cost_usd == Decimal(30)
    assert result.savings_usd == Decimal(6)
    assert sum(line.usd for line in result.cost_lines if line.usd is not None) == Decimal(24)


def test_the_echoed_question_asked_again_gives_the_same_result(catalog: Snapshot) -> None:
    first = asked(catalog, provider="Anthropic", model="Claude-Opus-4-7", usage=MILLION_EACH)
    again = inference_estimate(ApiUsage.model_validate(dict(first.question)), catalog, datetime(2027, 3, 1, tzinfo=UTC))
    assert again.result == first.result


def test_every_line_names_a_row_that_is_listed_with_its_source(catalog: Snapshot) -> None:
    answer = asked(catalog, provider="anthropic", model="claude-opus-4-7", usage=MILLION_EACH)
    known = {row.key: row for row in answer.rows}
    for line in answer.result.cost_lines:
        assert known[line.row].source_url.startswith("https://")
        assert known[line.row].checked_on is not None


def test_query_parameters_spell_the_same_question(catalog: Snapshot) -> None:
    fields = {"provider": "anthropic", "model": "claude-opus-4-7", "input_tokens": "1e6", "output_tokens": "1000000"}
    question = ApiUsage.model_validate(ApiUsage.from_parameters(fields))
    assert inference_estimate(question, catalog, NOW).result.cost_usd == Decimal(30)


def test_an_unknown_model_names_the_nearest(catalog: Snapshot) -> None:
    with pytest.raises(UnknownName) as caught:
        asked(catalog, provider="anthropic", model="claude-opus-4-77", usage=MILLION_EACH)
    assert caught.value.faults[0].pointer == "/model"
    assert "claude-opus-4-7" in caught.value.faults[0].hint


@pytest.mark.parametrize(
    ("field", "value"), [pytest.param("processing", "turbo", id="mode"), pytest.param("region", "mars", id="region")]
)
def test_an_unknown_modifier_is_refused_naming_the_known(catalog: Snapshot, field: str, value: str) -> None:
    with pytest.raises(OutOfDomain) as caught:
        asked(catalog, provider="anthropic", model="claude-opus-4-7", usage=MILLION_EACH, **{field: value})
    assert caught.value.code == "unknown-modifier"
    assert caught.value.faults[0].pointer == f"/{field}"
    assert caught.value.faults[0].hint.startswith("known: ")


def test_a_model_that_several_sell_needs_its_provider(catalog: Snapshot) -> None:
    with pytest.raises(Malformed) as caught:
        asked(catalog, model="llama-3.3-70b", usage=MILLION_EACH)
    assert caught.value.code == "provider-needed"
    assert "cerebras" in caught.value.faults[0].hint


def test_a_model_without_a_provider_is_its_makers_and_the_others_stand_beside(catalog: Snapshot) -> None:
    """Opus 4.7 at Anthropic: 5 in and 25 out a million."""
    answer = asked(catalog, model="claude-opus-4-7", usage=MILLION_EACH)
    assert (answer.question["provider"], answer.result.cost_usd) == ("anthropic", 30)
    told = next(a for a in answer.assumptions if a.name == "provider")
    assert (told.basis, "anthropic 5/25" in told.why, "google-vertex" in told.why) == ("derived", True, True)


def test_openrouter_has_prices_of_its_own_and_passes_on_its_makers_before(catalog: Snapshot) -> None:
    """3 in and 15 out a million, of which none was read before 2026-11-10."""
    usage = {"input_tokens": 1000, "output_tokens": 100}
    question = {"provider": "openrouter", "model": "anthropic/claude-sonnet-4.5", "usage": usage}
    passed_on, own = (asked(catalog, **question, as_of=f"2026-11-{day}T00:00:00Z") for day in ("01", "23"))
    assert {answer.result.cost_usd for answer in (passed_on, own)} == {Decimal("0.0045")}
    assert any(a.why.startswith("openrouter passes on") for a in passed_on.assumptions)
    assert [row.key.split("/")[0] for row in own.rows] == ["openrouter", "openrouter"]


def test_a_count_without_a_price_is_a_stated_gap(catalog: Snapshot) -> None:
    answer = asked(catalog, provider="anthropic", model="claude-opus-4-7", usage={"input_tokens": 10, "pages": 2})
    assert answer.result.cost_usd is None
    assert "no-price" in {warning.code for warning in answer.warnings}
    assert "pages" in answer.warnings[0].detail


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        pytest.param({"images": 2, "image_size": "1024x1024", "image_quality": "hd"}, "0.16", id="hd at 0.08"),
        pytest.param({"images": 2, "image_size": "1792x1024", "image_quality": "standard"}, "0.16", id="wide at 0.08"),
        pytest.param({"images": 2}, "0.08", id="nothing said: 0.04, and said so"),
    ],
)
def test_images_cost_by_size_and_quality(catalog: Snapshot, usage: dict[str, Any], usd: str) -> None:
    answer = asked(catalog, provider="openai", model="dall-e-3", usage=usage)
    assert answer.result.cost_usd == Decimal(usd)
    assert bool(answer.assumptions) is (len(usage) == 1)


def test_an_unknown_size_is_refused_naming_the_known(catalog: Snapshot) -> None:
    with pytest.raises(OutOfDomain) as caught:
        asked(catalog, provider="openai", model="dall-e-3", usage={"images": 1, "image_size": "9x9"})
    assert caught.value.faults[0].pointer == "/usage/image_size"
    assert "1024x1024" in caught.value.faults[0].hint


def test_a_disputed_price_spans_what_the_tables_say(catalog: Snapshot) -> None:
    """o3 in a batch: 5000 cached tokens at 1 (billed as batch input), or at 0.25 where the discount would stack:
    1000 x 1e-6 + 100 x 4e-6 + 5000 x (1 or 0.25)e-6."""
    usage = {"input_tokens": 1000, "cache_read_tokens": 5000, "output_tokens": 100}
    answer = asked(catalog, provider="openai", model="o3", usage=usage, processing="batch")
    spread = answer.result.cost_range_usd
    assert (spread.low, spread.central, spread.high) == (Decimal("0.00265"), Decimal("0.0064"), Decimal("0.0064"))
    assert "disputed-price" in {warning.code for warning in answer.warnings}


@pytest.mark.parametrize(
    ("as_of", "usd"),
    [pytest.param("2026-12-31T23:59:59Z", "0.75", id="before"), pytest.param("2027-01-01", "1.5", id="at")],
)
def test_a_scheduled_price_begins_at_its_instant(catalog: Snapshot, as_of: str, usd: str) -> None:
    usage = {"input_tokens": 1_000_000}
    assert bill(catalog, "google", "gemini-3.8-flash", usage, as_of=as_of).cost_usd == Decimal(usd)


def test_batch_and_cache_follow_each_provider_s_own_rule(catalog: Snapshot) -> None:
    """A million cache reads in a batch: Anthropic halves 0.5, Google leaves 0.03, Groq bills its batch input 0.075."""
    reads = {"cache_read_tokens": 1_000_000}
    for provider, model, usd in (
        ("anthropic", "claude-opus-4-7", "0.25"),
        ("google", "gemini-2.5-flash", "0.03"),
        ("groq", "openai/gpt-oss-120b", "0.075"),
    ):
        assert bill(catalog, provider, model, reads, processing="batch").cost_usd == Decimal(usd), provider


def test_a_retired_model_prices_its_past_and_says_that_it_is_gone(catalog: Snapshot) -> None:
    usage = {"input_tokens": 1_000_000}
    then = asked(catalog, provider="google-vertex", model="gemini-2.5-flash", usage=usage, as_of="2026-01-01")
    gone = asked(catalog, provider="google-vertex", model="gemini-2.5-flash", usage=usage, as_of="2026-11-01")
    assert then.result.cost_usd == gone.result.cost_usd == Decimal("0.3")
    assert "model-retired" not in {warning.code for warning in then.warnings}
    assert "model-retired" in {warning.code for warning in gone.warnings}


def test_a_model_too_young_is_a_gap_that_names_its_first_day(catalog: Snapshot) -> None:
    answer = asked(
        catalog, provider="anthropic", model="claude-opus-4-7", usage={"input_tokens": 1}, as_of="2024-01-01"
    )
    assert answer.result.cost_usd is None
    assert answer.warnings[0].code == "no-price-at-moment"
    assert "2026-04-16" in answer.warnings[0].detail


@pytest.mark.parametrize(
    "usage",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"input_tokens": None}, id="a null is not a zero"),
        pytest.param({"image_size": "1024x1024"}, id="a fact without a count"),
    ],
)
def test_usage_that_counts_nothing_is_refused(catalog: Snapshot, usage: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        asked(catalog, provider="anthropic", model="claude-opus-4-7", usage=usage)


def test_zero_tokens_cost_nothing(catalog: Snapshot) -> None:
    assert bill(catalog, "anthropic", "claude-opus-4-7", {"input_tokens": 0}).cost_usd == 0


def test_a_moment_to_come_is_priced_by_what_is_announced(catalog: Snapshot) -> None:
    answer = asked(catalog, provider="openai", model="gpt-5", usage={"input_tokens": 1}, as_of="2027-06-01")
    assert answer.warnings[0].code == "as-of-in-future"


@pytest.mark.parametrize(
    ("prompt", "over", "left"),
    [
        pytest.param(200_000, None, 0, id="the last token of the base tier"),
        pytest.param(200_001, 1, None, id="one too many"),
        pytest.param(201_240, 1240, None, id="1,240 fewer would leave it"),
    ],
)
def test_the_way_out_of_a_tier_is_told_to_the_token(
    catalog: Snapshot, prompt: int, over: int | None, left: int | None
) -> None:
    tier = bill(catalog, "google", "gemini-3.1-pro-preview", {"input_tokens": prompt}).context_tier
    assert (tier.tokens_over, tier.tokens_left) == (over, left)


@pytest.mark.parametrize(
    ("as_of", "usd"),
    [pytest.param("2026-11-30", "5", id="until the change"), pytest.param("2026-12-01", "10", id="from it")],
)
def test_a_mode_follows_the_announced_standard_price(catalog: Snapshot, as_of: str, usd: str) -> None:
    """Gemini 4 Argon goes from 10 to 20 a million output tokens on 2026-12-01; flex is half of either."""
    answer = asked(
        catalog, provider="google", model="gemini-4-argon", usage={"output_tokens": 1_000_000, "reasoning_tokens": 9},
        processing="flex", as_of=as_of,
    )  # fmt: skip
    assert answer.result.cost_usd == Decimal(usd)


@pytest.mark.parametrize(
    ("as_of", "usd"),
    [
        pytest.param("2025-06-09", "5", id="half of 10 before the cut"),
        pytest.param("2025-06-10", "1", id="half of 2 after"),
    ],
)
def test_a_batch_of_the_past_is_half_of_the_price_of_the_past(catalog: Snapshot, as_of: str, usd: str) -> None:
    usage = {"input_tokens": 1_000_000}
    assert bill(catalog, "openai", "o3", usage, processing="batch", as_of=as_of).cost_usd == Decimal(usd)


def test_each_model_of_one_answer_is_billed_at_its_own_price(catalog: Snapshot, now: datetime) -> None:
    """Haiku 2414 * 1 + 200 * 5, its adviser Opus 1500 * 5 + 300 * 25, in millionths of a dollar."""
    passes = [
        {"type": "message", "input_tokens": 1051, "output_tokens": 35},
        {"type": "advisor_message", "model": "claude-opus-4-7", "input_tokens": 1500, "output_tokens": 300},
        {"type": "message", "input_tokens": 1363, "output_tokens": 165},
    ]
    usage = {"input_tokens": 2414, "output_tokens": 200, "iterations": passes}
    response = {"model": "claude-haiku-4-5", "usage": usage}
    question = ApiUsage.model_validate({"provider": "anthropic", "provider_response": response})
    answer = inference_estimate(question, catalog, now)
    assert answer.result.cost_usd == Decimal("0.018414")
    assert {line.row.split("/")[1] for line in answer.result.cost_lines} == {"claude-haiku-4-5", "claude-opus-4-7"}
    assert [w.code for w in answer.warnings] == ["several-models"]


@pytest.mark.parametrize(
    ("question", "usd"),
    [
        # 1,000 and 1,000 at 1 a million, and a request fee of 5, 8 or 12 a thousand by how much the search reads
        ({"provider": "perplexity", "model": "sonar", "usage": {"search_context": "low"}}, "0.007"),
        ({"provider": "perplexity", "model": "sonar", "usage": {}}, "0.007"),
        ({"provider": "perplexity", "model": "sonar", "usage": {"search_context": "medium"}}, "0.01"),
        ({"provider": "perplexity", "model": "sonar", "usage": {"search_context": "high"}}, "0.014"),
        # 1,000 at 3 and 1,000 at 15 a million, and 6 a thousand
        ({"provider": "perplexity", "model": "sonar-pro", "usage": {"search_context": "low"}}, "0.024"),
    ],
)
def test_a_request_fee_is_that_of_its_search_context(catalog: Snapshot, question: dict[str, Any], usd: str) -> None:
    counts = {"input_tokens": 1000, "output_tokens": 1000} | question["usage"]
    assert asked(catalog, **question | {"usage": counts}).result.cost_usd == Decimal(usd)


@pytest.mark.parametrize(
    ("provider", "model", "as_of", "usd"),
    [
        # 250,000 at 6.6 and 2,000 at 24.75; at 6 and at 22.5
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "2026-01-15", "1.6995"),
        ("anthropic", "claude-sonnet-4-20250514", "2025-12-01", "1.545"),
        ("bedrock", "eu.anthropic.claude-sonnet-4-20250514-v1:0", "2026-01-15", "1.545"),
    ],
)
def test_a_long_prompt_has_its_own_rates_on_every_id(
    catalog: Snapshot, provider: str, model: str, as_of: str, usd: str
) -> None:
    usage = {"input_tokens": 250_000, "output_tokens": 2000}
    answer = asked(catalog, provider=provider, model=model, as_of=as_of, usage=usage)
    assert answer.result.cost_usd == Decimal(usd)


@pytest.mark.parametrize(("provider", "model"), [("azure", "gpt-5-chat"), ("bedrock", "us.anthropic.claude-opus-4-8")])
def test_a_mode_whose_price_is_not_listed_is_not_known_and_not_denied(
    catalog: Snapshot, provider: str, model: str
) -> None:
    answer = asked(catalog, provider=provider, model=model, processing="batch", usage={"input_tokens": 1000})
    assert answer.result.cost_usd is None
    assert "no-price" in {warning.code for warning in answer.warnings}
    with pytest.raises(OutOfDomain):
        asked(catalog, provider=provider, model=model, processing="turbo", usage={"input_tokens": 1000})


def test_embeddings_in_a_batch_cost_half(catalog: Snapshot) -> None:
    """developers.googleblog.com, 2025-09-10: 0.15 a million, and half in a batch."""
    question = {"provider": "google", "model": "gemini-embedding-001", "usage": {"input_tokens": 1_000_000}}
    assert asked(catalog, **question, processing="batch").result.cost_usd == Decimal("0.075")


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        pytest.param({"code_sessions": 2}, "0.06", id="two of the smallest container, 0.03 each"),
        pytest.param({"code_sessions": 1, "container_memory": "1g"}, "0.03", id="1 GB"),
        pytest.param({"code_sessions": 1, "container_memory": "4g"}, "0.12", id="4 GB"),
        pytest.param({"code_sessions": 1, "container_memory": "16g"}, "0.48", id="16 GB"),
        pytest.param({"code_sessions": 1, "container_memory": "64g"}, "1.92", id="64 GB"),
        pytest.param({"code_minutes": 5}, "0.0075", id="the five minutes that a session costs at least"),
        pytest.param({"code_minutes": 20, "container_memory": "4g"}, "0.12", id="a full session by the minute"),
    ],
)
def test_a_container_costs_by_its_memory_and_its_time(catalog: Snapshot, usage: dict[str, Any], usd: str) -> None:
    """OpenAI's page as simonw/llm#1592 quotes it: 0.03, 0.12, 0.48, 1.92 for 20 minutes."""
    assert bill(catalog, "openai", "gpt-5", usage).cost_usd == Decimal(usd)


def test_a_full_session_is_said_to_be_one(catalog: Snapshot) -> None:
    answer = asked(catalog, provider="openai", model="gpt-5", usage={"code_sessions": 1, "container_memory": "4g"})
    assert [one.why for one in answer.assumptions] == [
        "each session is billed as a full one of 20 minutes; code_minutes bills what containers ran"
    ]


def test_minutes_and_sessions_are_not_billed_twice() -> None:
    with pytest.raises(ValueError, match="give one of them"):
        ApiUsage.model_validate({"model": "gpt-5", "usage": {"code_sessions": 1, "code_minutes": 5}})


def test_azure_tells_no_price_of_a_larger_container(catalog: Snapshot) -> None:
    assert bill(catalog, "azure-openai", "gpt-5", {"code_sessions": 1}).cost_usd == Decimal("0.033")
    with pytest.raises(OutOfDomain, match="no memory '4g'"):
        bill(catalog, "azure-openai", "gpt-5", {"code_sessions": 1, "container_memory": "4g"})


@pytest.mark.parametrize(
    ("model", "processing", "usd"),
    [
        pytest.param("gpt-6-sol", "standard", "5", id="twice the 2.5 of half an hour"),
        pytest.param("gpt-6-sol", "batch", "2.5", id="half of that in a batch"),
        pytest.param("gpt-6-luna", "priority", "0.5", id="another model's, first in line"),
    ],
)
def test_cache_writes_for_twelve_hours_have_a_price_of_their_own(
    catalog: Snapshot, model: str, processing: str, usd: str
) -> None:
    result = bill(
        catalog, "openai", model, {"cache_write_12h_tokens": 200_000}, processing=processing, as_of="2026-11-20"
    )
    assert result.cost_usd == Decimal(usd) / 5


@pytest.mark.parametrize("place", ["us", "eu", "jp", "au", "apac"])
def test_a_batch_of_claude_on_bedrock_costs_half_in_every_geography(catalog: Snapshot, place: str) -> None:
    """AWS's price list: 0.55 and 2.75 a million where the global profile has 0.5 and 2.5."""
    model = f"{place}.anthropic.claude-haiku-4-5-20251001-v1:0"
    assert bill(catalog, "aws-bedrock", model, MILLION_EACH, processing="batch").cost_usd == Decimal("3.3")


@pytest.mark.parametrize(
    ("model", "usage", "usd"),
    [
        pytest.param("gemini-2.5-pro", {}, "11.25", id="a million each: 1.25 + 10"),
        pytest.param("gemini-2.5-pro", {"input_tokens": 1_000_000}, "1.25", id="a million in, in short prompts"),
        pytest.param("gemini-2.5-pro", {"output_tokens": 2_000_000}, "20", id="two millions out"),
        pytest.param("gemini-embedding-001", {}, "0.15", id="a model that only takes tokens in"),
    ],
)
def test_per_mtok_prices_tokens_at_the_base_tier(
    catalog: Snapshot, model: str, usage: dict[str, int], usd: str
) -> None:
    """ai.google.dev/gemini-api/docs/pricing: prompts above 200,000 tokens cost 2.5 and 15."""
    answer = asked(catalog, provider="google", model=model, per="mtok", usage=usage or None)
    assert answer.result.cost_usd == Decimal(usd)
    assert answer.result.context_tier.from_tokens == 0


def test_a_long_prompt_says_its_tier_and_how_to_ask_per_million(catalog: Snapshot) -> None:
    long = bill(catalog, "google", "gemini-2.5-pro", {"input_tokens": 1_000_000})
    assert (long.cost_usd, long.context_tier.from_tokens) == (Decimal("2.5"), 200_001)
    assert long.context_tier.why.endswith("per=mtok prices tokens of shorter prompts")


def test_per_mtok_says_where_it_changes_nothing(catalog: Snapshot) -> None:
    answer = asked(catalog, provider="anthropic", model="claude-opus-4-7", per="mtok", usage={"input_tokens": 10})
    assert [one.code for one in answer.warnings] == ["field-not-used"]
    assert answer.warnings[0].detail.startswith("per: ")


def test_a_response_is_one_request_and_is_not_priced_per_million(catalog: Snapshot) -> None:
    response = {"model": "gemini-2.5-pro", "usageMetadata": {"promptTokenCount": 1}}
    with pytest.raises(Malformed, match="prompts of its own"):
        asked(catalog, provider="google", per="mtok", provider_response=response)


@pytest.mark.parametrize(
    ("question", "is_warned"),
    [
        pytest.param({"usage": {"input_tokens": 10**6}}, True, id="a million in one prompt"),
        pytest.param({"usage": {"input_tokens": 10**6}, "per": "mtok"}, False, id="per million"),
        pytest.param({"usage": {"input_tokens": 1000}, "requests": 1000}, False, id="a thousand prompts"),
        pytest.param({"usage": {"input_tokens": 250_123}}, False, id="a long prompt that somebody counted"),
    ],
)
def test_a_prompt_of_whole_millions_at_long_context_rates_is_warned_of(
    catalog: Snapshot, question: dict[str, Any], is_warned: bool
) -> None:
    answer = asked(catalog, provider="google", model="gemini-2.5-pro", **question)
    assert ("context-tier-by-size" in {warning.code for warning in answer.warnings}) is is_warned
