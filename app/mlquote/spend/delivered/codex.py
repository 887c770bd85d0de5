"""Codex rollouts (sessions/*.jsonl) and the events of `codex exec --json`.

`total_token_usage` runs over the whole session and `last_token_usage` is one call: an event whose total has not changed
is told twice and is no further call. The model stands in the turn's context, and may change within a session.
`turn.completed` of `codex exec` is a running total too, and names no model.
"""

from collections.abc import Iterable, Iterator, Mapping

from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import CallLine, PassedLine, Why
from mlquote.spend.log_records import Record

_EVENTS = frozenset({"session_meta", "turn_context", "event_msg", "response_item", "compacted"})
_EXEC = frozenset({"thread.started", "turn.started", "turn.completed", "turn.failed", "item.completed"})
_COUNTS = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")


def _fits(sample: Sample) -> bool:
    return any(
        (record.get("type") in _EVENTS and isinstance(record.get("payload"), dict))
        or record.get("type") in _EXEC
        or (isinstance(record.get("msg"), dict) and record["msg"].get("type") == "token_count")
        for record in sample.records
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    session = _Session(around)
    return each(records, session.take)


class _Session:
    """One session as far as it was read."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._model = ""
        self._total: Mapping[str, int] = {}
        self._labels: dict[str, str] = {}

    def take(self, number: int, row: Cells) -> Iterator[Line]:
        """One more event.

        Raises: Malformed, OutOfDomain
        """
        if row.word("type") == "turn.completed":
            yield self._turn(number, row)
            return
        event = row.inner("payload") if row.has("payload") else row.inner("msg")
        if row.word("type") == "session_meta":
            self._model, self._total = event.word("model") or "", {}
            self._labels = {"session": str(event.word("id") or "")} if event.has("id") else {}
        if row.word("type") == "turn_context" or event.word("type") in ("session_configured", "turn_context"):
            self._model = event.word("model") or self._model
        info = event.inner("info") if event.word("type") == "token_count" else Cells({})
        if not info.values:
            yield PassedLine(number, Why.NO_CALL)
            return
        yield self._counted(number, row, info)

    def _counted(self, number: int, row: Cells, info: Cells) -> Line:
        """An event with counts: a call where its total is another one than before."""
        total = {name: info.inner("total_token_usage").count(name) or 0 for name in _COUNTS}
        if total == self._total and any(total.values()):
            return PassedLine(number, Why.REPEATED)
        last = info.inner("last_token_usage")
        used = {name: last.count(name) or 0 for name in _COUNTS} if last.values else self._since(total)
        line = self._call(number, row, used)
        self._total = total
        return line

    def _turn(self, number: int, row: Cells) -> Line:
        usage = row.inner("usage")
        total = {name: usage.count(name) or 0 for name in _COUNTS}
        if total == self._total:
            return PassedLine(number, Why.REPEATED)
        line = self._call(number, row, self._since(total), is_sum=True)
        self._total = total
        return line

    def _since(self, total: Mapping[str, int]) -> dict[str, int]:
        """What came to a running total since it was told last; a smaller one began anew."""
        fell = any(count < self._total.get(name, 0) for name, count in total.items())
        return {name: count - (0 if fell else self._total.get(name, 0)) for name, count in total.items()}

    def _call(self, number: int, row: Cells, used: Mapping[str, int], *, is_sum: bool = False) -> CallLine:
        at = row.moment("timestamp") if is_sum else row.needed_moment("timestamp")
        counts = _counts(used)
        if not self._model:
            hint = "a rollout's turn_context names it; `codex exec --json` does not"
            raise Malformed("nothing before this event names the model", pointer="/payload/model", hint=hint)
        provider = self._around.provider or "openai"
        calls = None if is_sum else 1
        return CallLine(number, at, provider, self._model, counts, calls, is_sum, labels=self._labels)


def _counts(used: Mapping[str, int]) -> dict[str, int]:
    counts = split_input(
        InputParts(used["input_tokens"], used["cached_input_tokens"]),
        name="input_tokens",
        pointer="/payload/info/last_token_usage/cached_input_tokens",
    )
    return counts | split_output(
        used["output_tokens"],
        reasoning=used["reasoning_output_tokens"],
        name="output_tokens",
        pointer="/payload/info/last_token_usage/reasoning_output_tokens",
    )


CODEX = Format(
    source="codex",
    title="Codex rollouts",
    one="a `token_count` whose `total_token_usage` changed; `last_token_usage` is the call",
    left_out="events whose total did not change, and those with `info: null`",
    moment="`timestamp`, UTC",
    holds="cached tokens inside `input_tokens`, reasoning inside `output_tokens`",
    page="https://github.com/openai/codex",
    fits=_fits,
    read=_read,
)
