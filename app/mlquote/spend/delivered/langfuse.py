"""Langfuse's observations, as its blob storage export and its API write them.

The keys of `usage_details` are additive, and `total` is their sum. Only generations and embeddings are calls: an
agent's observation repeats what the generations below it count.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from mlquote.estimators.tokens.dialects.reading import contradiction
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells, folded
from mlquote.spend.delivered.formats import Around, Format, Line, each, latest
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import CallLine, PassedLine, Why
from mlquote.spend.log_records import Record

_CALLS: Final = frozenset({"GENERATION", "EMBEDDING"})
_OTHERS: Final = frozenset({"SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL"})
_METERS: Final = {
    folded(name): meter
    for meter, names in {
        "input_tokens": ("input", "input_tokens", "prompt_tokens", "promptTokens", "input_text_tokens"),
        "output_tokens": ("output", "output_tokens", "completion_tokens", "completionTokens", "output_text_tokens"),
        "cache_read_tokens": (
            "input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "cached_tokens",
            "input_cache_read_tokens",            "cache_read_tokens", "input_cached",
        ),
        "cache_write_tokens": (
            "cache_creation_input_tokens", "input_cache_creation", "cache_write_input_tokens", "input_cache_write",
            "input_cache_creation_tokens", "cache_write_tokens",
        ),
        "cache_write_5m_tokens": ("input_cache_creation_5m", "ephemeral_5m_input_tokens"),
        "cache_write_1h_tokens": ("input_cache_creation_1h", "ephemeral_1h_input_tokens"),
        "reasoning_tokens": ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens", "reasoning"),
        "audio_input_tokens": ("input_audio_tokens", "input_audio"),
        "audio_output_tokens": ("output_audio_tokens", "output_audio"),
        "image_input_tokens": ("input_image_tokens", "input_image"),
    }.items()
    for name in names
}  # fmt: skip
"""Folded key of usage_details -> the meter that it is."""


def _fits(sample: Sample) -> bool:
    types = {str(record.get("type")) for record in sample.records}
    return bool(types & (_CALLS | _OTHERS)) and sample.has_any(
        "usage_details", "provided_model_name", "parent_observation_id", "cost_details"
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return latest(each(records, lambda number, row: [_observation(number, row, around)]))


def _observation(number: int, row: Cells, around: Around) -> Line:
    kind = row.needed_word("type").upper()
    if kind not in _CALLS:
        if kind not in _OTHERS:
            raise Malformed(f"an observation of type {kind[:40]!r} is not known", pointer="/type")
        return PassedLine(number, Why.ABOVE if row.inner("usage_details").values else Why.NO_CALL)
    metadata = row.inner("metadata")
    model = row.word("provided_model_name", "model", "internal_model_id")
    if model is None:
        raise Malformed("a generation names no model", pointer="/provided_model_name")
    return CallLine(
        number,
        row.needed_moment("start_time"),
        metadata.word("ls_provider", "provider", "gen_ai.provider.name", "gen_ai.system") or around.provider,
        model,
        _counts(row),
        labels=_labels(row, metadata),
        identity=row.word("id") or "",
        reported_usd=row.number("total_cost", "calculated_total_cost"),
    )


def _counts(row: Cells) -> dict[str, int]:
    """The meters of a generation; the total must be their sum.

    Raises: Malformed for a count that is not known; OutOfDomain
    """
    usage = row.inner("usage_details", "usage")
    counts: dict[str, int] = {}
    for name in usage.values:
        meter, count = _METERS.get(folded(name)), usage.count(name) or 0
        if meter is None:
            if folded(name) not in ("total", "totaltokens", "unit") and count:
                raise Malformed(f"usage_details counts {name[:80]!r}, which is not known", pointer=usage.pointer(name))
            continue
        counts[meter] = counts.get(meter, 0) + count
    if not counts:
        raise Malformed("a generation counts nothing, and zero would be a guess", pointer="/usage_details")
    total, summed = usage.count("total"), sum(counts.values())
    if total is not None and total != summed:
        reasoning = counts.get("reasoning_tokens", 0)
        if total != summed - reasoning:
            raise contradiction(f"the total is {total}, but its parts make {summed}", usage.pointer("total"))
        return counts
    if "reasoning_tokens" in counts:  # beside the output here, inside it on our bill
        counts["output_tokens"] = counts.get("output_tokens", 0) + counts["reasoning_tokens"]
    return counts


def _labels(row: Cells, metadata: Cells) -> dict[str, str]:
    named = ("environment", "project_id", "user_id", "session_id", "name", "release")
    found = {name: row.word(name) for name in named}
    plain = {
        name: value for name, value in metadata.values.items() if isinstance(value, str) and not name.startswith("ls_")
    }
    return {name: value for name, value in {**found, **plain}.items() if value}


LANGFUSE = Format(
    source="langfuse",
    title="Langfuse observations",
    one="`id` of a GENERATION or an EMBEDDING; the last row of it counts",
    left_out="SPAN, AGENT, CHAIN, TOOL, EVENT and other observations",
    moment="`start_time`, UTC where no zone is written",
    holds="every key of `usage_details` beside the others; `total` is their sum",
    page="https://langfuse.com/docs/api-and-data-platform/features/export-to-blob-storage",
    fits=_fits,
    read=_read,
)
