"""A line of a usage log: how each shape is read, whose it is, and why a bad one cannot be."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.kit.errors import Malformed
from mlquote.spend.usage_lines import BadLine, LogLine, read_log

COUNTS = {"provider": "openai", "model": "gpt-4o", "input_tokens": 10}


def one(line: Any) -> LogLine | BadLine:
    (found,) = read_log(json.dumps(line).encode(), "application/x-ndjson")
    return found


def good(line: Any) -> LogLine:
    found = one(line)
    assert isinstance(found, LogLine), found
    return found


@pytest.mark.parametrize(
    "line",
    [COUNTS, {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 10}}],
    ids=["flat", "usage"],
)
def test_counts_may_stand_flat_or_together(line: dict[str, Any]) -> None:
    usage = good(line).question.usage
    assert usage is not None and usage.input_tokens == 10


def test_a_response_is_read_as_its_providers_own() -> None:
    body = {"model": "gpt-4o", "usage": {"prompt_tokens": 10, "completion_tokens": 2}}
    assert good({"provider": "openai", **body}).question.provider_response is not None
    assert good({"provider": "openai", "response": body}).question.provider_response == body


def test_labels_stand_together_or_flat_and_a_timestamp_is_the_moment_of_the_price() -> None:
    found = good(COUNTS | {"labels": {"team": "nlp"}, "labels.run": 7, "timestamp": "2026-06-01T00:00:00Z"})
    assert found.labels == {"team": "nlp", "run": "7"}
    assert found.at == found.question.as_of == datetime(2026, 6, 1, tzinfo=UTC)


def test_a_field_that_says_nothing_is_named_and_one_that_looks_misspelt_is_a_fault() -> None:
    assert good(COUNTS | {"latency": 3}).ignored == ("latency",)
    found = one(COUNTS | {"output_tokns": 3})
    assert isinstance(found, BadLine)
    assert (found.error.code, found.error.faults[0].hint) == ("unknown-field", "nearest: output_tokens")


@pytest.mark.parametrize(
    "line", [[1], "text", {"model": "gpt-4o"}, COUNTS | {"labels": 3}, COUNTS | {"timestamp": "yesterday"}]
)
def test_a_bad_line_keeps_its_number_and_its_reason(line: Any) -> None:
    found = list(read_log(f"{json.dumps(COUNTS)}\n\n{json.dumps(line)}\n".encode(), "application/x-ndjson"))[-1]
    assert isinstance(found, BadLine)
    assert (found.number, bool(found.error.detail)) == (3, True)


@pytest.mark.parametrize("body", [b"", b"  \n", b"\xff\xfe\x00"])
def test_a_log_that_is_none_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Malformed):
        list(read_log(body, "application/x-ndjson"))
