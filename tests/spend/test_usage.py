"""Usage logs: every shape of line, the price of its own moment, and nothing dropped in silence.

openai.com/api/pricing: gpt-4o is $2.50 per million tokens in, $1.25 cached, $10 out (since 2024-10-02).
"""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.usage import UsageBill, bill, groups_of, told
from mlquote.spend.usage_lines import BadLine, LogLine, read_log

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
    assert [line.number for line in read_log(body, "text/csv") if isinstance(line, BadLine)] == [4, 5]


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
