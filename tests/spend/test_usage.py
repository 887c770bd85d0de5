"""Usage logs: every shape of line, the price of its own moment, and nothing dropped in silence.

openai.com/api/pricing: gpt-4o is $2.50 per million tokens in, $1.25 cached, $10 out (since 2024-10-02).
"""

import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.usage import UsageBill, bill, told
from mlquote.spend.usage_groups import groups_of, zone_of
from mlquote.spend.usage_lines import LogLine, read_log
from mlquote.spend.usage_prices import LinePrices, Priced
from tests.estimators.tokens.dialects.plain_sample import PLAIN, answers

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS = {
    "provider": "openai",
    "model": "gpt-4o",
    "usage": {"input_tokens": 1_000_000},
    "timestamp": "2026-11-01T10:00:00Z",
}
RESPONSE = {
    "model": "gpt-4o-2024-08-06",
    "created": 1_793_527_200,  # 2026-11-01T10:00:00Z
    "object": "chat.completion",
    "usage": {
        "prompt_tokens": 1_000_000,
        "completion_tokens": 100_000,
        "total_tokens": 1_100_000,
        "prompt_tokens_details": {"cached_tokens": 400_000},
    },
}
SPAN = {
    "startTimeUnixNano": "1793527200000000000",
    "attributes": {
        "gen_ai.provider.name": "openai",
        "gen_ai.response.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1_000_000,
        "gen_ai.usage.output_tokens": 100_000,
    },
}


def ndjson(*lines: object) -> bytes:
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()


def priced(body: bytes, catalog: Snapshot, by: str = "", media_type: str = "") -> UsageBill:
    return bill(read_log(body, media_type), catalog, NOW, groups_of(by))


@pytest.mark.parametrize(
    ("line", "usd"),
    [
        (OURS, "2.5"),
        (OURS | {"requests": 3}, "7.5"),
        ({**OURS, "usage": {"output_tokens": 100_000}, "processing": "batch"}, "0.5"),
        # 600,000 x 2.5 + 400,000 x 1.25 + 100,000 x 10, per million
        (RESPONSE | {"provider": "openai"}, "3"),
        ({"provider": "openai", "response": RESPONSE, "labels": {"team": "x"}}, "3"),
        (SPAN, "3.5"),
        ({"provider": "openai", "model": "gpt-4o", "input_tokens": "1e6", "output_tokens": 100_000}, "3.5"),
    ],
    ids=["ours", "requests", "batch", "response", "wrapped", "span", "flat"],
)
def test_every_shape_of_line_has_its_price(catalog: Snapshot, line, usd: str) -> None:
    answer = told(priced(ndjson(line), catalog), catalog, NOW)
    assert (answer["cost_usd"], answer["malformed_lines"], answer["is_complete"]) == (Decimal(usd), [], True)


@pytest.mark.parametrize("line", [OURS, RESPONSE | {"provider": "openai"}, SPAN], ids=["ours", "response", "span"])
def test_a_line_happened_when_it_says(catalog: Snapshot, line) -> None:
    (read,) = read_log(ndjson(line), "")
    assert isinstance(read, LogLine)
    assert read.at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert read.question.as_of == read.at


def test_a_line_has_the_price_of_its_moment_not_of_today(catalog: Snapshot) -> None:
    # gpt-4o's alias moved on 2024-10-02 from the May model ($5 per million in) to the August one ($2.50)
    lines = [OURS | {"timestamp": moment} for moment in ("2024-09-01T00:00:00Z", "2024-11-01T00:00:00Z")]
    totals = told(priced(ndjson(*lines), catalog, "month"), catalog, NOW)["totals"]
    assert [(total["month"], total["cost_usd"]) for total in totals] == [("2024-09", 5), ("2024-11", Decimal("2.5"))]


def test_csv_and_a_json_list_say_the_same_as_lines(catalog: Snapshot) -> None:
    table = (
        b"timestamp,provider,model,input_tokens,output_tokens,labels.team,user\n"
        b"2026-11-01T10:00:00Z,openai,gpt-4o,1000000,,search,ann\n"
        b'2026-11-02,openai,gpt-4o,0,100000,"speech",bob\n'
    )
    later = {"usage": {"output_tokens": 100_000}, "timestamp": "2026-11-02"}
    rows = [OURS | {"labels": {"team": "search"}}, OURS | later | {"labels": {"team": "speech"}}]
    answers = [
        told(priced(body, catalog, "day,label.team"), catalog, NOW)
        for body in (table, json.dumps(rows).encode(), ndjson(*rows))
    ]
    assert answers[0]["warnings"][0].detail.endswith("user")
    for answer in answers:
        assert [(t["day"], t["label.team"], t["cost_usd"]) for t in answer["totals"]] == [
            ("2026-11-01", "search", Decimal("2.5")),
            ("2026-11-02", "speech", 1),
        ]


def test_bad_lines_come_back_with_their_numbers_and_the_others_are_priced(catalog: Snapshot) -> None:
    body = ndjson(
        OURS,
        "{not json",
        "",
        "[1]",
        OURS | {"model": "gpt-4oo"},
        OURS | {"usage": {"input_tokens": -1}},
        {**OURS, "usage": None, "input_tokns": 5},
        {"provider": "openai", "model": "gpt-4o"},
        OURS | {"timestamp": "yesterday"},
        OURS | {"timestamp": "2020-01-01"},
        OURS,
    )
    answer = told(priced(body, catalog), catalog, NOW)
    assert [fault.line for fault in answer["malformed_lines"]] == [2, 4, 5, 6, 7, 8, 9]
    assert [fault.line for fault in answer["unpriced_lines"]] == [10]
    assert (answer["lines"], answer["priced_lines"], answer["priced_usd"], answer["cost_usd"]) == (10, 2, 5, None)
    assert {w.code for w in answer["warnings"]} == {"malformed-lines", "unpriced-lines"}
    by_line = {fault.line: fault for fault in answer["malformed_lines"]}
    assert "gpt-4o" in by_line[5].errors[0]["hint"]
    assert "input_tokens" in by_line[7].errors[0]["hint"]


def test_csv_faults_name_their_physical_line(catalog: Snapshot) -> None:
    body = b'provider,model,input_tokens,labels.note\nopenai,gpt-4o,1,"two\nlines"\nopenai,gpt-4o\nopenai,gpt-4o,x,\n'
    assert [fault.line for fault in priced(body, catalog, media_type="text/csv").malformed.first] == [4, 5]


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "no line"), (b"\xff\xfe", "UTF-8"), (b"[{]", "JSON list"), (b"provider,model\n", "no count"),
     (b"model,model,input_tokens\n", "twice")],
)  # fmt: skip
def test_a_log_that_cannot_be_read_at_all_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        list(read_log(body, ""))


def test_each_day_is_charged_its_own(catalog: Snapshot) -> None:
    lines = [OURS | {"timestamp": moment} for moment in ("2026-11-01T23:59:59Z", "2026-11-02T00:00:00Z", "2026-11-02")]
    amounts = priced(ndjson(*lines), catalog).amounts()
    days = {day: amount["cost_usd"].central for day, amount in amounts.items()}
    assert days == {datetime(2026, 11, 1, tzinfo=UTC): Decimal("2.5"), datetime(2026, 11, 2, tzinfo=UTC): 5}


def test_many_small_lines_add_up_without_rounding(catalog: Snapshot) -> None:
    line = OURS | {"usage": {"input_tokens": 1}}
    assert told(priced(ndjson(*[line] * 1000), catalog), catalog, NOW)["cost_usd"] == Decimal("0.0025")


def test_an_unknown_group_names_the_nearest() -> None:
    assert groups_of("day, label.team,day") == ("day", "label.team")
    with pytest.raises(Malformed) as refused:
        groups_of("dya")
    assert refused.value.faults[0].hint == "nearest: day"


def test_what_is_logged_twice_is_paid_once_and_said(catalog: Snapshot) -> None:
    """gpt-4o: 1,000 in at 2.5 and 10 out at 10 a million are 0.0026."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    line = {"provider": "openai", "response": {"id": "chatcmpl-1", "model": "gpt-4o", "usage": usage}}
    other = {**usage, "completion_tokens": 11, "total_tokens": 1011}
    differing = {"provider": "openai", "response": {"id": "chatcmpl-1", "model": "gpt-4o", "usage": other}}
    twice = told(priced(ndjson(line, line), catalog), catalog, NOW)
    assert (twice["cost_usd"], twice["lines"], twice["repeated_lines"]) == (Decimal("0.0026"), 2, 1)
    assert "repeated-answers" in {w.code for w in twice["warnings"]}
    both = told(priced(ndjson(line, differing), catalog), catalog, NOW)
    assert (both["cost_usd"], both["repeated_lines"]) == (Decimal("0.00521"), 0)
    assert "repeated-answers" in {w.code for w in both["warnings"]}


BATCH = {
    "id": "b1",
    "custom_id": "r1",
    "response": {
        "status_code": 200,
        "body": {
            "id": "c",
            "object": "chat.completion",
            "created": 1_793_527_200,
            "model": "gpt-4o-mini",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
        },
    },
}


@pytest.mark.parametrize("provider", [None, "openai"])
def test_a_batch_file_as_delivered_is_priced_as_a_batch(catalog: Snapshot, provider: str | None) -> None:
    """gpt-4o-mini in a batch: 1,000 at 0.075 and 100 at 0.3 a million are 0.000105."""
    lines = read_log(ndjson(BATCH), "", provider)
    answer = told(bill(lines, catalog, NOW, ("day", "processing")), catalog, NOW)
    assert answer["cost_usd"] == Decimal("0.000105")
    assert (answer["totals"][0]["day"], answer["totals"][0]["processing"]) == ("2026-11-01", "batch")
    assert ("provider-from-model" in {w.code for w in answer["warnings"]}) is (provider is None)


def test_a_gemini_batch_line_is_a_batch(catalog: Snapshot) -> None:
    """gemini-2.5-flash in a batch: 1,000 at 0.15 and 100 at 1.25 a million are 0.000275."""
    usage = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
    line = {"key": "k1", "response": {"modelVersion": "gemini-2.5-flash", "usageMetadata": usage}}
    answer = told(priced(ndjson(line | {"provider": "google", "timestamp": "2026-11-01"}), catalog), catalog, NOW)
    assert answer["cost_usd"] == Decimal("0.000275")


def test_days_are_those_of_the_zone(catalog: Snapshot) -> None:
    """2026-11-01T23:30-05:00 is 2026-11-02 05:30 in Zurich, in winter an hour ahead of UTC; week 45 began then."""
    lines = read_log(ndjson(OURS | {"timestamp": "2026-11-01T23:30:00-05:00"}), "")
    answer = told(bill(lines, catalog, NOW, groups_of("day,hour,week"), zone=zone_of("Europe/Zurich")), catalog, NOW)
    (total,) = answer["totals"]
    assert (total["day"], total["hour"], total["week"]) == ("2026-11-02", "2026-11-02T05:00+0100", "2026-W45")
    assert answer["timezone"] == "Europe/Zurich"
    with pytest.raises(Malformed):
        zone_of("Europe/Zurch")


def test_every_bad_line_is_named_however_many(catalog: Snapshot) -> None:
    body = ndjson(*(["{broken"] * 1500), OURS)
    answer = told(priced(body, catalog), catalog, NOW)
    numbers = [fault.line for fault in answer["malformed_lines"]] + answer["further_malformed_lines"]["malformed"]
    assert (numbers, answer["priced_usd"]) == (list(range(1, 1501)), Decimal("2.5"))


MIXED = [
    OURS,
    OURS | {"usage": {"input_tokens": 250_000, "output_tokens": 5, "cache_read_tokens": 7}, "model": "gemini-2.5-pro",
            "provider": "google"},
    OURS | {"requests": 3, "processing": "batch"},
    OURS | {"provider": "bedrock", "model": "us.anthropic.claude-opus-4-7", "region": "us-east-1"},
    OURS | {"model": "gpt-4o", "usage": {"input_tokens": 5, "web_searches": 2}},
    OURS | {"usage": {"pages": 3}},
    OURS | {"processing": "turbo"},
    OURS | {"model": "claude-haiku-4.5", "provider": None},
    OURS | {"provider": "openrouter", "model": "anthropic/claude-sonnet-4.5"},
    {"provider": "openrouter", "response": {"model": "anthropic/claude-sonnet-4.5", "usage": {"prompt_tokens": 10,
     "completion_tokens": 2, "total_tokens": 12, "cost": 0.5}}},
    RESPONSE | {"provider": "openai"},
    RESPONSE | {"provider": "openai", "discount_fraction": 0.5},
    SPAN,
    BATCH,
    OURS | {"provider": "perplexity", "model": "sonar", "usage": {"input_tokens": 9, "output_tokens": 1}},
    OURS | {"usage": {"input_tokens": 1, "reasoning_tokens": 2}},
    OURS | {"usage": {"output_tokens": 5, "reasoning_tokens": 2}},
    OURS | {"usage": {}},
    OURS | {"usage": {"input_tokens": None}},
    OURS | {"usage": {"input_tokens": "12", "image_quality": "low"}},
    OURS | {"timestamp": "1970-01-01"},
    OURS | {"timestamp": None},
]  # fmt: skip


@pytest.mark.parametrize("line", MIXED, ids=range(len(MIXED)))
def test_a_line_costs_what_its_question_costs(catalog: Snapshot, line: dict[str, object]) -> None:
    (read,) = read_log(ndjson(line), "")
    assert isinstance(read, LogLine)
    prices = LinePrices(catalog, NOW)
    fields = dict(read.fields)
    fields["provider"] = fields["provider"] or prices.seller_of(fields)
    quick, full = (outcome(one, fields) for one in (prices.priced, prices._in_full))
    assert quick == full


def outcome(price: Callable[[Mapping[str, Any]], Priced], fields: Mapping[str, Any]) -> object:
    """What a line costs and is counted as, or why it is refused."""
    try:
        found = price(fields)
    except QuoteError as error:
        return error.code, error.detail
    except ValidationError as error:
        return [fault["loc"] for fault in error.errors()]
    return found.called, sorted(found.quantities), found.usd


SOLD = {
    "openai": "gpt-5", "azure-openai": "gpt-4o", "together": "openai/gpt-oss-120b", "moonshot": "kimi-k2-thinking",
    "alibaba": "qwen3-max", "mistral": "mistral-large-latest", "deepseek": "deepseek-chat",
    "groq": "llama-3.3-70b-versatile", "xai": "grok-4.3",
}  # fmt: skip


@pytest.mark.parametrize("provider", PLAIN)
def test_a_plain_answer_in_a_log_costs_what_its_question_costs(catalog: Snapshot, provider: str) -> None:
    """Plain answers, and the same with something odd about them, with and without what a line says beside them."""
    dice = random.Random(f"{provider} logged")
    prices, quick = LinePrices(catalog, NOW), 0
    for body in answers(provider, dice, 60):
        if body.get("model") == "m":
            body["model"] = SOLD.get(provider, "m")
        line = {"provider": provider, "response": body, "timestamp": "2026-11-01T10:00:00Z"}
        line |= dice.choice([{}, {}, {"requests": 3}, {"processing": "batch"}, {"region": "eu"}, {"model": "gpt-5"}])
        if provider == "aws-bedrock":
            line["request"] = {"modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0"}
        (read,) = read_log(ndjson(line), "")
        if isinstance(read, LogLine):
            found = outcome(prices.priced, read.fields)
            assert found == outcome(prices._in_full, read.fields), line
            quick += prices._quick(read.fields) is not None
    assert quick > 5


def test_totals_by_key_are_of_the_key_that_asked_as_each_source_names_it(catalog: Snapshot) -> None:
    """Ours has it as a label, OpenAI's report as `api_key_id`, a line without as nothing."""
    lines = [
        OURS | {"labels": {"api_key": "ci"}},
        OURS | {"labels": {"api_key_id": "key_7"}},
        OURS,
        OURS | {"labels": {"key": "ci"}},
    ]
    totals = told(priced(ndjson(*lines), catalog, "key"), catalog, NOW)["totals"]
    assert {total["key"]: total["cost_usd"] for total in totals} == {
        "ci": 5,
        "key_7": Decimal("2.5"),
        None: Decimal("2.5"),
    }
    both = told(priced(ndjson(*lines), catalog, "model,key,label.api_key"), catalog, NOW)["totals"]
    assert {(total["key"], total["label.api_key"]) for total in both} == {
        ("ci", "ci"),
        ("key_7", None),
        (None, None),
        ("ci", None),
    }
