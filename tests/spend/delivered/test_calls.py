"""Files of calls as tools deliver them: one call once, whatever repeats it, at the single quote's price.

Dollars per million tokens (platform.claude.com, openai.com): Claude Haiku 4.5 1 in, 5 out, 0.1 read, 1.25 written for
five minutes, 2 for an hour; GPT-5 1.25 in, 0.125 cached, 10 out; Bedrock's regional profiles 10 % more.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.spend.delivered.reading import answered, bad_lines, codes, csv, ndjson

MESSAGE_USAGE = {
    "input_tokens": 6,
    "cache_creation_input_tokens": 11_352,
    "cache_read_input_tokens": 22_076,
    "output_tokens": 384,
}


def transcript(**changed: Any) -> dict[str, Any]:
    """A line of a Claude Code transcript."""
    message = {"id": "m1", "role": "assistant", "model": "claude-haiku-4-5", "usage": {**MESSAGE_USAGE}}
    message |= changed.pop("message", {})
    line = {"type": "assistant", "timestamp": "2026-11-03T07:42:21.000Z", "sessionId": "s", "requestId": "r1"}
    return {**line, **changed, "message": message}


def counted(
    total: tuple[int, int, int], last: tuple[int, int, int] | None, at: str = "2026-11-09T09:09:00Z"
) -> dict[str, Any]:
    """An event of a Codex rollout: input, cached and output tokens of the session and of the last call."""
    names = ("input_tokens", "cached_input_tokens", "output_tokens")
    info: dict[str, Any] = {"total_token_usage": dict(zip(names, total, strict=True))}
    if last is not None:
        info["last_token_usage"] = dict(zip(names, last, strict=True))
    return {"timestamp": at, "type": "event_msg", "payload": {"type": "token_count", "info": info}}


CONTEXT = {"timestamp": "2026-11-09T09:00:00Z", "type": "turn_context", "payload": {"model": "gpt-5"}}
SPENT = (
    "request_id,call_type,spend,prompt_tokens,completion_tokens,startTime,model,custom_llm_provider,cache_hit,status,"
    "metadata"
)


def spent(
    request: str, tokens: tuple[str, str] = ("130213", "100"), hit: str = "False", status: str = "success"
) -> str:
    """A row of LiteLLM: haiku, 130,213 tokens of which 128,955 were read and 1,253 written, 100 out."""
    usage = {
        "prompt_tokens": 130_213,
        "completion_tokens": 100,
        "prompt_tokens_details": {"cached_tokens": 128_955, "cache_creation_tokens": 1_253},
    }
    metadata = json.dumps({"usage_object": usage} if status == "success" else {}).replace('"', '""')
    words = [request, "acompletion", "0.01", *tokens, "2026-11-02 06:19:50.000", "claude-haiku-4-5", "anthropic"]
    return ",".join([*words, hit, status, f'"{metadata}"'])


def observation(**changed: Any) -> dict[str, Any]:
    """A generation of Langfuse, the same call."""
    usage = {
        "input": 5,
        "output": 100,
        "total": 130_313,
        "cache_read_input_tokens": 128_955,
        "cache_creation_input_tokens": 1_253,
    }
    return {
        "id": "o1",
        "type": "GENERATION",
        "parent_observation_id": "",
        "start_time": "2026-11-02 06:19:50.000000",
        "provided_model_name": "claude-haiku-4-5",
        "usage_details": usage,
        "metadata": {"team": "search", "ls_provider": "anthropic"},
    } | changed


def test_an_answer_on_two_lines_of_a_transcript_is_paid_once_as_its_last_line_says(catalog: Snapshot) -> None:
    """(6 + 11,352 * 1.25 + 22,076 * 0.1 + 384 * 5) / 1e6 = (6 + 14,190 + 2,207.6 + 1,920) / 1e6."""
    partial = transcript(message={"usage": {**MESSAGE_USAGE, "output_tokens": 20}})
    answer = answered(ndjson(partial, transcript()), catalog)
    assert (answer["read_as"], answer["priced_usd"], answer["calls"]) == ("claude-code", Decimal("0.0183236"), 1)
    assert (answer["repeated_lines"], codes(answer)) == (1, {"repeated-answers"})


@pytest.mark.parametrize(
    ("again", "calls"),
    [
        pytest.param(transcript(isSidechain=True, requestId="r2"), 1, id="a side chain replays it"),
        pytest.param(
            transcript(isSidechain=True, requestId="r2", message={"id": "m2"}), 2, id="a side chain's own call"
        ),
        pytest.param({k: v for k, v in transcript().items() if k != "requestId"}, 1, id="its request is left out"),
        pytest.param(transcript(requestId="r2"), 2, id="another request"),
        pytest.param(transcript(message={"id": "m0", "model": "<synthetic>"}), 1, id="made up by the program"),
        pytest.param({"type": "user", "timestamp": "t", "message": {"role": "user", "content": "x"}}, 1, id="a user's"),
        pytest.param({"type": "summary", "summary": "x", "leafUuid": "u"}, 1, id="a summary"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_of_a_transcript_calls_alone_count(catalog: Snapshot, again: Any, calls: int, *, is_first: bool) -> None:
    lines = (again, transcript()) if is_first else (transcript(), again)
    answer = answered(ndjson(*lines), catalog)
    assert (answer["calls"], answer["priced_usd"], bad_lines(answer)) == (calls, calls * Decimal("0.0183236"), [])


def test_a_rollout_is_paid_by_its_calls_and_not_by_its_running_totals(catalog: Snapshot) -> None:
    """750 * 1.25 + 250 * 0.125 + 125 * 10 = 2,218.75; 2,000 * 1.25 + 500 * 0.125 + 300 * 10 = 5,562.5; / 1e6."""
    first, second = (1_000, 250, 125), (3_500, 750, 425)
    events = (CONTEXT, counted(first, first), counted(first, first), counted(second, (2_500, 500, 300)))
    answer = answered(ndjson(*events, {**CONTEXT, "type": "session_meta", "payload": {}}), catalog)
    assert (answer["read_as"], answer["priced_usd"], answer["calls"]) == ("codex", Decimal("0.00778125"), 2)
    assert (answer["repeated_lines"], answer["quantities"]["cache_read_tokens"]) == (1, 750)


def test_a_rollout_without_the_last_call_is_paid_by_what_its_total_grew(catalog: Snapshot) -> None:
    answer = answered(ndjson(CONTEXT, counted((1_000, 250, 125), None), counted((3_500, 750, 425), None)), catalog)
    assert (answer["priced_usd"], answer["calls"]) == (Decimal("0.00778125"), 2)


def test_the_model_of_a_rollout_changes_with_its_context_and_its_faults_stay_their_own(catalog: Snapshot) -> None:
    """GPT-5 mini: 0.25 in, 2 out per million tokens; 1,000 and 100: 0.00045."""
    early = counted((5, 0, 1), (5, 0, 1))
    mini = {**CONTEXT, "payload": {"model": "gpt-5-mini"}}
    last = counted((1_010, 9, 103), (1_000, 0, 100))
    answer = answered(ndjson(early, mini, counted((6, 9, 2), (5, 9, 1)), '{"timestamp": "2026', last), catalog, "codex")
    assert (bad_lines(answer), answer["priced_usd"]) == ([1, 3, 4], Decimal("0.00045"))


def test_a_spend_row_is_parted_by_its_usage_object(catalog: Snapshot) -> None:
    """(5 + 128,955 * 0.1 + 1,253 * 1.25 + 100 * 5) / 1e6 = 0.01496675."""
    rows = (spent("a"), spent("b", hit="True"), spent("c", ("0", "0"), status="failure"), spent("a"))
    answer = answered(csv(SPENT, *rows), catalog)
    assert (answer["read_as"], answer["priced_usd"], answer["calls"]) == ("litellm", Decimal("0.01496675"), 1)
    assert codes(answer) == {"repeated-answers", "answered-from-cache", "calls-without-tokens"}


def test_damage_in_a_spend_log_costs_its_rows(catalog: Snapshot) -> None:
    rows = (spent("a"), spent("b", ("abc", "100")), "c,acompletion,x", '"' + spent("d"), spent("e", ("7", "100")))
    answer = answered(csv(SPENT, *rows), catalog)
    assert (answer["priced_usd"], bad_lines(answer)) == (Decimal("0.01496675"), [3, 4, 5, 6])


def test_of_observations_generations_alone_are_paid(catalog: Snapshot) -> None:
    others = [observation(id=kind, type=kind, provided_model_name="") for kind in ("AGENT", "CHAIN", "TOOL")]
    bare = observation(id="s", type="SPAN", usage_details={})
    faults = (observation(id="x", provided_model_name=""), observation(id="y", usage_details={"input": -1}))
    answer = answered(ndjson(observation(), *others, bare, observation(), *faults), catalog, by="label.team")
    assert (answer["read_as"], answer["priced_usd"], bad_lines(answer)) == ("langfuse", Decimal("0.01496675"), [7, 8])
    assert [total["label.team"] for total in answer["totals"]] == ["search"]
    assert answer["repeated_lines"] == 4


def test_a_total_that_is_no_sum_of_its_parts_is_refused(catalog: Snapshot) -> None:
    answer = answered(ndjson(observation(usage_details={"input": 5, "output": 6, "total": 12})), catalog)
    assert answer["malformed_lines"][0].code == "contradictory-counts"


def invocation(**changed: Any) -> dict[str, Any]:
    """A record of Bedrock's log: haiku in an American region."""
    return {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2026-11-07T10:00:02Z",
        "requestId": "rq-1",
        "operation": "Converse",
        "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "input": {"inputTokenCount": 25, "cacheReadInputTokenCount": 100, "cacheWriteInputTokenCount": 20},
        "output": {"outputTokenCount": 150},
    } | changed


def test_bedrock_counts_what_its_cache_did_beside_the_input(catalog: Snapshot) -> None:
    """(25 + 100 * 0.1 + 20 * 1.25 + 150 * 5) * 1.1 / 1e6 = 0.000891, with the counts in `input` or at the top."""
    failed = invocation(requestId="rq-2", input={}, output={}, errorCode="ThrottlingException")
    torn = invocation(requestId="rq-3", input={"inputTokenCount": 1.5})
    top = invocation(requestId="rq-4", input={"inputTokenCount": 25}, cacheReadInputTokenCount=100)
    top["cacheWriteInputTokenCount"] = 20
    answer = answered(ndjson(invocation(), failed, torn, top, invocation()), catalog)
    assert (answer["read_as"], answer["priced_usd"], bad_lines(answer)) == ("bedrock-log", Decimal("0.001782"), [3])
    assert (answer["repeated_lines"], "calls-without-tokens" in codes(answer)) == (1, True)
