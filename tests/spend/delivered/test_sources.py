"""Which format a file is: told by how it begins, refused where it may be several, and read whatever it is packed in."""

import gzip
import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
import zstandard
from pyarrow import parquet

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.layout import File
from mlquote.spend.delivered.sources import SOURCES, format_of
from mlquote.spend.delivered.walk import Delivery, open_delivered, read_delivered
from mlquote.spend.focus.charges import FocusTerms
from mlquote.spend.focus.files import csv_of
from mlquote.spend.usage import bill, told
from tests.spend.delivered.reading import NOW, answered, bad_lines, csv, ndjson
from tests.spend.delivered.test_bills import AZURE, CUR, DAY, sold
from tests.spend.delivered.test_calls import CONTEXT, SPENT, counted, invocation, observation, spent, transcript
from tests.spend.delivered.test_machines import DCGM, POD, SACCT, allocated, job, sample
from tests.spend.delivered.test_reports import ANTHROPIC, OPENAI, page, row, used
from tests.spend.delivered.test_spans import SPANS, otlp_json, otlp_protobuf

OURS = {"provider": "anthropic", "model": "claude-haiku-4-5", "input_tokens": 1_000, "timestamp": DAY}
COST = {"amount": "0.345", "currency": "USD", "model": "claude-haiku-4-5-20251001"}
FILES = {
    "counts": ndjson(OURS),
    "otel": ndjson(*SPANS),
    "otlp": otlp_protobuf(*SPANS),
    "claude-code": ndjson(transcript()),
    "codex": ndjson(CONTEXT, counted((5, 0, 1), (5, 0, 1))),
    "litellm": csv(SPENT, spent("a")),
    "langfuse": ndjson(observation()),
    "openai-usage": ndjson(page(used(), **OPENAI)),
    "anthropic-usage": ndjson(page(row(), **ANTHROPIC)),
    "anthropic-cost": ndjson(page(COST, **ANTHROPIC)),
    "bedrock-log": ndjson(invocation()),
    "sacct": csv(SACCT, job()),
    "opencost": csv(POD, "2026-11-02,search,d,p,main,4,240,241,{}"),
    "kubecost": ndjson({"code": 200, "data": [{"search": allocated("search", 2, 6)}]}),
    "codecarbon": csv("timestamp,run_id,duration,emissions,energy_consumed", "2026-11-03T10:00:00,a,1,1,1"),
    "dcgm": csv(DCGM, sample(0, 1)),
    "aws-cur": csv(CUR, f"{DAY},Usage,AmazonEC2,BoxUsage:m5.large,3,Hrs,0.288,,m5.large,"),
    "azure-cost": csv(AZURE, "11/02/2026,Virtual Machines,x,1 Hour,1,1,USD,Usage,,"),
    "gcp-billing": ndjson(sold("x", 1, "count", 1.0)),
    "focus": csv("BilledCost,BillingCurrency,ChargePeriodStart", f"1,USD,{DAY}"),
}


@pytest.mark.parametrize("source", FILES)
def test_each_format_is_told_from_all_others_by_how_it_begins(source: str) -> None:
    fitting = [one.source for one in SOURCES.values() if one.fits(File(FILES[source]).sample)]
    assert fitting == ([] if source == "counts" else [source])


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("source", FILES)
def test_what_it_is_packed_in_changes_nothing(catalog: Snapshot, source: str, pack: Any) -> None:
    assert answered(pack(FILES[source]), catalog) == answered(FILES[source], catalog, source)


@pytest.mark.parametrize("source", [name for name in FILES if name not in ("otlp",)])
def test_line_ends_and_marks_of_windows_change_nothing(catalog: Snapshot, source: str) -> None:
    body = b"\xef\xbb\xbf" + FILES[source].replace(b"\n", b"\r\n") + b"\r\n"
    assert answered(body, catalog) == answered(FILES[source], catalog)


@pytest.mark.parametrize("source", [name for name, body in FILES.items() if body.startswith(b"{")])
def test_a_list_of_records_is_read_as_its_lines_are(catalog: Snapshot, source: str) -> None:
    members = [json.loads(line) for line in FILES[source].splitlines()]
    assert answered(json.dumps(members, indent=1).encode(), catalog) == answered(FILES[source], catalog)


def _parquet(table: pyarrow.Table) -> bytes:
    held = pyarrow.BufferOutputStream()
    parquet.write_table(table, held)
    return bytes(held.getvalue())


def _arrow(table: pyarrow.Table) -> bytes:
    held = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_file(held, table.schema) as file:
        file.write_table(table)
    return bytes(held.getvalue())


def _stream(table: pyarrow.Table) -> bytes:
    held = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(held, table.schema) as file:
        file.write_table(table)
    return bytes(held.getvalue())


@pytest.mark.parametrize("write", [_parquet, _arrow, _stream], ids=["Parquet", "Arrow", "Arrow stream"])
@pytest.mark.parametrize("source", ["langfuse", "bedrock-log", "gcp-billing", "otel", "counts"])
def test_files_of_columns_hold_the_same_records(catalog: Snapshot, source: str, write: Any) -> None:
    members = [json.loads(line) for line in FILES[source].splitlines()]
    assert answered(write(pyarrow.Table.from_pylist(members)), catalog) == answered(FILES[source], catalog)


def test_moments_and_maps_of_columns_are_read(catalog: Snapshot) -> None:
    usage = pyarrow.array([[("input", 5), ("output", 7)]], pyarrow.map_(pyarrow.string(), pyarrow.int64()))
    row = {
        "id": ["o"],
        "type": ["GENERATION"],
        "start_time": [datetime(2026, 11, 2, 6, tzinfo=UTC)],
        "usage_details": usage,
    }
    table = pyarrow.table({**row, "provided_model_name": ["claude-haiku-4-5"]})
    answer = answered(_parquet(table), catalog, by="hour")
    assert (answer["priced_usd"], answer["totals"][0]["hour"]) == (Decimal("0.00004"), "2026-11-02T06:00+0000")


def test_a_damaged_file_of_columns_is_refused() -> None:
    with pytest.raises(Malformed, match="damaged"):
        open_delivered(b"PAR1" + b"x" * 100)


def test_a_file_that_may_be_two_formats_is_asked_about_and_not_guessed() -> None:
    body = ndjson(transcript(), CONTEXT)
    with pytest.raises(Malformed) as refused:
        open_delivered(body)
    assert refused.value.faults[0].pointer == "/source"
    assert refused.value.faults[0].hint == "say which: source=claude-code, source=codex"
    assert format_of("codex", File(body).sample).source == "codex"


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        pytest.param("codecs", "nearest: codex", id="no such source"),
        pytest.param("sacct", "source=litellm, or leave it out", id="another format than it begins as"),
    ],
)
def test_a_source_that_the_file_is_not_is_refused(source: str, hint: str) -> None:
    with pytest.raises(Malformed) as refused:
        open_delivered(FILES["litellm"], Delivery(source))
    assert (refused.value.faults[0].pointer, hint in refused.value.faults[0].hint) == ("/source", True)


def test_a_table_of_nothing_known_is_refused_with_what_it_might_have_been() -> None:
    with pytest.raises(Malformed, match="the header names no count"):
        open_delivered(csv("a,b", "1,2"))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("source", ["claude-code", "langfuse", "bedrock-log", "litellm", "otel"])
def test_damage_costs_its_line_and_no_other(catalog: Snapshot, source: str, seed: int) -> None:
    """Of 40 lines some are cut, some hold a byte that is not UTF-8, some are none: the total is that of the others."""
    shuffled = random.Random(seed)
    makers = {
        "claude-code": lambda n: json.dumps(transcript(requestId=f"r{n}", message={"id": f"m{n}"})),
        "langfuse": lambda n: json.dumps(observation(id=f"o{n}")),
        "bedrock-log": lambda n: json.dumps(invocation(requestId=f"q{n}")),
        "litellm": lambda n: spent(f"q{n}"),
        "otel": lambda n: json.dumps({**SPANS[0], "span_id": f"{n + 100:016x}", "parent_span_id": ""}),
    }
    whole = [makers[source](n).encode() for n in range(40)]
    header = [SPENT.encode()] if source == "litellm" else []
    bad = sorted(shuffled.sample(range(2, 40), 8))
    ways = (
        lambda line: line[: len(line) // 2],
        lambda line: line[:9] + b"\xff" + line[9:],
        lambda line: b'"' + line,
        lambda line: b"not this",
    )
    torn = [shuffled.choice(ways)(line) if n in bad else line for n, line in enumerate(whole)]
    answer = answered(b"\n".join(header + torn), catalog, source)
    kept = answered(b"\n".join(header + [line for n, line in enumerate(whole) if n not in bad]), catalog, source)
    assert bad_lines(answer) == [n + 1 + len(header) for n in bad]
    assert (answer["priced_usd"], answer["calls"]) == (kept["priced_usd"], 32)


CHAT = [(1_000, 400, 120), (2_500, 0, 80), (9_000, 8_000, 300)]
"""Calls of GPT-5 as they were made: tokens in, of them cached, tokens out."""


def _response(n: int, prompt: int, cached: int, said: int) -> dict[str, Any]:
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return {"id": f"c{n}", "object": "chat.completion", "created": 1_793_577_600 + n, "model": "gpt-5", "usage": usage}


def _litellm(n: int, prompt: int, cached: int, said: int) -> str:
    usage = json.dumps({"usage_object": _response(n, prompt, cached, said)["usage"]}).replace('"', '""')
    told = f"q{n},acompletion,0.1,{prompt},{said},2026-11-02 00:00:0{n}.000,gpt-5,openai,False,success"
    return f'{told},"{usage}"'


def _attributes(prompt: int, cached: int, said: int) -> dict[str, Any]:
    return {
        "gen_ai.provider.name": "openai",
        "gen_ai.response.model": "gpt-5",
        "gen_ai.usage.input_tokens": prompt,
        "gen_ai.usage.cache_read.input_tokens": cached,
        "gen_ai.usage.output_tokens": said,
    }


def test_one_chat_log_exported_six_ways_gives_one_total_and_so_does_our_own_export(catalog: Snapshot) -> None:
    """12,500 in of which 8,400 cached, 500 out: 4,100 * 1.25 + 8,400 * 0.125 + 500 * 10 = 11,175 millionths."""
    calls = [(n, *call) for n, call in enumerate(CHAT)]
    spans = [{**SPANS[0], "span_id": f"{n + 9:016x}", "attributes": _attributes(*call)} for n, *call in calls]
    ours = [
        {
            "provider": "openai",
            "model": "gpt-5",
            "timestamp": DAY,
            "input_tokens": i - c,
            "cache_read_tokens": c,
            "output_tokens": o,
        }
        for _, i, c, o in calls
    ]
    langfuse = [
        observation(
            id=f"o{n}",
            provided_model_name="gpt-5",
            usage_details={"input": i - c, "input_cached_tokens": c, "output": o, "total": i + o},
            metadata={"ls_provider": "openai"},
        )
        for n, i, c, o in calls
    ]
    exports = (
        otlp_protobuf(*spans),
        ndjson(otlp_json(*spans)),
        csv(SPENT, *(_litellm(*call) for call in calls)),
        ndjson(*langfuse),
        ndjson(*({"provider": "openai", "response": _response(*call)} for call in calls)),
        ndjson(*ours),
    )
    answers = [answered(body, catalog) for body in exports]
    charges = bill(read_delivered(exports[-1], Delivery()), catalog, NOW, focus=FocusTerms())
    again = answered(csv_of(told(charges, catalog, NOW)["focus"]).encode(), catalog)
    assert (again["read_as"], again["billed_usd"], again["quantities"]) == (
        "focus",
        Decimal("0.011175"),
        answers[-1]["quantities"],
    )
    assert [answer["priced_usd"] for answer in answers] == [Decimal("0.011175")] * 6
    assert {tuple(sorted(answer["quantities"].items())) for answer in answers} == {
        (("cache_read_tokens", 8_400), ("input_tokens", 4_100), ("output_tokens", 500))
    }
