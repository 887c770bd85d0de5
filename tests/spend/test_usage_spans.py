"""Agent spans above chat spans in a log: paid once, whichever comes first, and said."""

import json
import random
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.spend import usage_spans
from mlquote.spend.usage import UsageBill, bill, told
from mlquote.spend.usage_groups import groups_of
from mlquote.spend.usage_lines import Lineage, read_log
from mlquote.spend.usage_spans import SpanTrees
from tests.spend.test_usage import NOW

WHEN = "1793527200000000000"  # 2026-11-01T10:00:00Z


def span(name: str, parent: str = "", tokens: int | None = None, model: str | None = "gpt-4o", **more: Any) -> Any:
    """A span of a trace; gpt-4o is $2.50 a million tokens in (openai.com/api/pricing)."""
    attributes: dict[str, Any] = {"gen_ai.provider.name": "openai", "gen_ai.operation.name": "chat", **more}
    if model:
        attributes["gen_ai.response.model"] = model
    if tokens is not None:
        attributes |= {"gen_ai.usage.input_tokens": tokens, "gen_ai.usage.output_tokens": 0}
    return {"traceId": "t", "spanId": name, "parentSpanId": parent, "startTimeUnixNano": WHEN, "attributes": attributes}


def billed(catalog: Snapshot, *lines: Any, by: str = "") -> tuple[UsageBill, dict[str, Any]]:
    whole = bill(read_log("\n".join(map(json.dumps, lines)).encode(), ""), catalog, NOW, groups_of(by))
    return whole, told(whole, catalog, NOW)


AGENT = span("a", tokens=3_000_000)
CHATS = span("b", "a", 1_000_000), span("c", "a", 2_000_000)


@pytest.mark.parametrize("lines", list(permutations([AGENT, *CHATS])), ids=range(6))
def test_an_agent_and_its_chats_are_paid_once_in_any_order(catalog: Snapshot, lines: Any) -> None:
    _, answer = billed(catalog, *lines, by="model")
    assert answer["cost_usd"] == Decimal("7.5")
    assert [(total["lines"], total["quantities"]) for total in answer["totals"]] == [(2, {"input_tokens": 3_000_000})]
    assert (answer["repeated_lines"], answer["priced_lines"]) == (1, 2)
    (warning,) = answer["warnings"]
    assert warning.code == "repeated-answers"
    assert warning.detail == "1 spans stand above calls that are billed, and are not billed themselves"


def test_spans_between_are_looked_through_and_agents_within_agents_are_paid_by_their_chats(catalog: Snapshot) -> None:
    """a (3M) above a step without counts above b (3M, an agent of its own) above two chats."""
    lines = [span("a", tokens=3_000_000), span("s", "a"), span("b", "s", 3_000_000), span("c", "b", 1_000_000),
             span("d", "b", 2_000_000)]  # fmt: skip
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        _, answer = billed(catalog, *lines)
        assert (answer["cost_usd"], answer["repeated_lines"], answer["malformed_lines"]) == (Decimal("7.5"), 3, [])
        assert "otherwise" not in answer["warnings"][0].detail


def test_an_agent_that_names_no_model_costs_nothing_where_its_chats_do(catalog: Snapshot) -> None:
    agent = span("a", tokens=3_000_000, model=None)
    for lines in ([agent, *CHATS], [*CHATS, agent]):
        assert billed(catalog, *lines)[1]["cost_usd"] == Decimal("7.5")
    assert billed(catalog, agent)[1]["malformed_lines"]


def test_an_agent_that_counts_otherwise_is_told(catalog: Snapshot) -> None:
    for lines in ([span("a", tokens=5_000_000), *CHATS], [*CHATS, span("a", tokens=5_000_000)]):
        _, answer = billed(catalog, *lines)
        assert answer["cost_usd"] == Decimal("7.5")
        assert "1 of them count otherwise than the calls below them, which are billed" in answer["warnings"][0].detail


def test_an_agent_alone_or_above_a_call_that_cannot_be_priced_is_paid(catalog: Snapshot) -> None:
    assert billed(catalog, AGENT)[1]["cost_usd"] == Decimal("7.5")
    _, answer = billed(catalog, AGENT, span("b", "a", 3_000_000, model="no-such-model"))
    assert (answer["priced_usd"], len(answer["malformed_lines"])) == (Decimal("7.5"), 1)


def test_a_span_exported_twice_is_paid_once(catalog: Snapshot) -> None:
    _, answer = billed(catalog, CHATS[0], CHATS[0])
    assert (answer["cost_usd"], answer["repeated_lines"]) == (Decimal("2.5"), 1)


def test_a_span_and_the_answer_it_is_of_are_paid_once(catalog: Snapshot) -> None:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4o", "usage": usage}
    line = {"provider": "openai", "timestamp": "2026-11-01T10:00:00Z", "response": body}
    _, answer = billed(catalog, line, span("b", "a", 1_000_000, **{"gen_ai.response.id": "chatcmpl-1"}))
    assert (answer["cost_usd"], answer["repeated_lines"]) == (Decimal("2.5"), 1)


def test_the_same_ids_in_another_trace_are_other_spans(catalog: Snapshot) -> None:
    other = span("a", tokens=1_000_000) | {"traceId": "u"}
    assert billed(catalog, other, *CHATS)[1]["cost_usd"] == Decimal("10")


def test_the_parents_of_a_python_console_export_are_known(catalog: Snapshot) -> None:
    def console(one: Any) -> Any:
        context = {"trace_id": one["traceId"], "span_id": one["spanId"]}
        parent = one["parentSpanId"] or None
        return {
            "context": context,
            "parent_id": parent,
            "start_time": "2026-11-01T10:00:00Z",
            **{"attributes": one["attributes"]},
        }

    assert billed(catalog, *map(console, [*CHATS, AGENT]))[1]["cost_usd"] == Decimal("7.5")


def test_few_spans_are_remembered_and_a_circle_of_parents_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_spans, "MOST_REMEMBERED", 3)
    withdrawn: list[str] = []
    trees = SpanTrees[str](withdrawn.append)
    for number in range(1, 9):
        trees.add(Lineage(number, 0), 5, str(number))
    assert trees.forgot
    trees.add(Lineage(10, 8), 5, "ten")
    trees.add(Lineage(11, 1), 5, "eleven")
    assert withdrawn == ["8"]
    trees.add(Lineage(20, 21), 1, "a")
    trees.pass_over(Lineage(21, 20), 1)
    assert "a" in withdrawn
