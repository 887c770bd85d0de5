"""Claude Code's session transcripts: one JSON object a line, one answer on several of them.

An answer stands on a line for each block of its content, and while it streams its counts grow: the last line of a
message and its request counts. A side chain may replay a message under another request; what has no request is known by
its message alone. Messages of users and those made up by the program (`<synthetic>`) are no calls.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import MOST_HELD, Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import CallLine, PassedLine, Why
from mlquote.spend.log_records import Record

_SYNTHETIC = "<synthetic>"


def _fits(sample: Sample) -> bool:
    return any(
        isinstance(record.get("message"), dict) and not {"sessionId", "requestId", "isSidechain"}.isdisjoint(record)
        for record in sample.records
    ) or any(
        isinstance(record.get("message"), dict) and "timestamp" in record and "usage" in record["message"]
        for record in sample.records
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    messages = _Messages()
    yield from each(records, lambda number, row: messages.take(number, row, around))
    yield from messages.rest()


class _Messages:
    """The answers of a transcript, each by its message and request, the latest line of each."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, dict[str, tuple[CallLine, bool]]] = OrderedDict()
        """Message -> request -> its latest line, and whether a side chain told it."""

    def take(self, number: int, row: Cells, around: Around) -> Iterator[Line]:
        """One more line.

        Raises: Malformed, OutOfDomain
        """
        call = _call(number, row, around)
        if call is None:
            yield PassedLine(number, Why.NO_CALL)
            return
        message = str(row.inner("message").word("id") or f"line {number}")
        request, is_side = row.word("requestId") or "", row.raw("isSidechain") is True
        known = self._held.setdefault(message, {})
        if is_side and any(not side and other != request for other, (_, side) in known.items()):
            yield PassedLine(number, Why.REPEATED)
            return
        for other, (earlier, was_side) in list(known.items()):
            if other in ("", request) or not request or (was_side and not is_side):
                yield PassedLine(earlier.line, Why.REPEATED)
                del known[other]
        known[request] = (call, is_side)
        if len(self._held) > MOST_HELD:
            yield from (line for line, _ in self._held.popitem(last=False)[1].values())

    def rest(self) -> Iterator[Line]:
        """The lines that are still held."""
        for known in self._held.values():
            yield from (line for line, _ in known.values())


def _call(number: int, row: Cells, around: Around) -> CallLine | None:
    """The answer that a line tells; None for one that tells none."""
    message = row.inner("message")
    if not message.values and row.word("type") == "assistant":
        raise Malformed("an answer without its message", pointer="/message")
    if row.word("type") not in (None, "assistant") or message.word("role") == "user" or not message.has("usage"):
        return None
    model = message.word("model")
    if model == _SYNTHETIC:
        return None
    if model is None:
        raise Malformed("the message names no model", pointer="/message/model")
    at = row.needed_moment("timestamp")
    provider = around.provider or "anthropic"
    told: dict[str, Any] = {"model": model, "usage": message.raw("usage")}
    reading = read_response(provider, told, api="messages")
    return CallLine(
        number,
        at,
        provider,
        model,
        {meter: count for meter, count in reading.counts.items() if count} or {"input_tokens": 0},
        processing=reading.processing,
        region=reading.facts.get("inference_geo"),
        labels=_labels(row),
        reported_usd=row.number("costUSD"),
    )


def _labels(row: Cells) -> dict[str, str]:
    found = {"session": row.word("sessionId"), "cwd": row.word("cwd"), "branch": row.word("gitBranch")}
    return {name: value for name, value in found.items() if value}


CLAUDE_CODE = Format(
    source="claude-code",
    title="Claude Code transcripts",
    one="`message.id` with `requestId`, `message.id` alone where there is none; the last line of it counts",
    left_out="lines of users, `<synthetic>` messages, replays of a side chain under another request",
    moment="`timestamp`, UTC",
    holds="cached and written tokens beside `input_tokens`; thinking inside `output_tokens`",
    page="https://docs.claude.com/en/docs/claude-code",
    fits=_fits,
    read=_read,
)
