"""LiteLLM's spend rows (LiteLLM_SpendLogs), as CSV or JSON.

A row has no columns for the cache: `prompt_tokens` holds what was read from and written to it, and how much that was
stands in `metadata.usage_object` alone. `spend` is a float of another table of prices: it is compared, and never used.
"""

from collections.abc import Iterable, Iterator

from mlquote.estimators.tokens.dialects.reading import contradiction
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line, each, latest
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import CallLine, PassedLine, Why
from mlquote.spend.log_records import Record

_BATCH = ("batch", "abatch", "retrieve_batch", "aretrieve_batch")


def _fits(sample: Sample) -> bool:
    return sample.has("request_id", "spend") and sample.has_any(
        "custom_llm_provider", "call_type", "model_group", "cache_hit"
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return latest(each(records, lambda number, row: [_row(number, row, around)]))


def _row(number: int, row: Cells, around: Around) -> Line:
    if (row.word("cache_hit") or "").casefold() == "true":
        return PassedLine(number, Why.CACHED)
    at = row.needed_moment("startTime")
    prompt, answer = row.needed_count("prompt_tokens"), row.needed_count("completion_tokens")
    if (row.word("status") or "").casefold() in ("failure", "failed", "error") and not prompt + answer:
        return PassedLine(number, Why.FAILED)
    model = row.word("model") or row.word("model_group")
    if model is None:
        raise Malformed("the row names no model", pointer="/model")
    provider = row.word("custom_llm_provider")
    if provider and model.casefold().startswith(f"{provider.casefold()}/"):
        model = model[len(provider) + 1 :]
    return CallLine(
        number,
        at,
        provider or around.provider,
        model,
        _counts(row, prompt, answer),
        processing="batch" if (row.word("call_type") or "").casefold() in _BATCH else None,
        labels=_labels(row),
        identity=row.word("request_id") or "",
        reported_usd=row.number("spend"),
    )


def _counts(row: Cells, prompt: int, answer: int) -> dict[str, int]:
    """The disjoint counts: the row's own totals, parted as its usage object says."""
    usage = row.inner("metadata").inner("usage_object")
    asked, said = usage.inner("prompt_tokens_details"), usage.inner("completion_tokens_details")
    for name, total in (("prompt_tokens", prompt), ("completion_tokens", answer)):
        told = usage.count(name)
        if told is not None and told != total:
            raise contradiction(f"the row's {name} are {total}, its usage object's {told}", f"/{name}")
    parts = InputParts(
        prompt,
        usage.count("cache_read_input_tokens")
        or asked.count("cached_tokens")
        or row.count("cache_read_input_tokens")
        or 0,
        usage.count("cache_creation_input_tokens")
        or asked.count("cache_creation_tokens")
        or row.count("cache_creation_input_tokens")
        or 0,
        audio=asked.count("audio_tokens") or 0,
        image=asked.count("image_tokens") or 0,
    )
    counts = split_input(parts, name="prompt_tokens", pointer="/prompt_tokens")
    return counts | split_output(
        answer,
        reasoning=said.count("reasoning_tokens") or 0,
        audio=said.count("audio_tokens") or 0,
        name="completion_tokens",
        pointer="/completion_tokens",
    )


def _labels(row: Cells) -> dict[str, str]:
    found = {"team": row.word("team_id"), "api_key": row.word("api_key"), "user": row.word("user", "user_id")}
    found["end_user"], found["organization"] = row.word("end_user"), row.word("organization_id")
    return {name: value for name, value in found.items() if value}


LITELLM = Format(
    source="litellm",
    title="LiteLLM spend rows",
    one="`request_id`; the last row of it counts",
    left_out="`cache_hit` True, and `status` failure without tokens",
    moment="`startTime`, UTC where no zone is written",
    holds="cached and written tokens inside `prompt_tokens`, parted by `metadata.usage_object`; reasoning inside",
    page="https://github.com/BerriAI/litellm/blob/main/schema.prisma",
    fits=_fits,
    read=_read,
)
