"""Anthropic's usage and cost reports of an organisation, as its Admin API answers.

A row of usage is the sum of calls: its tier is what `context_window` says, however large the sum. A row of cost is in
cents, as a decimal string; what the priority tier costs is not in it.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from mlquote.kit.errors import Malformed
from mlquote.spend.delivered import pages
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import BilledLine, CallLine, Charge
from mlquote.spend.log_records import Record

_WINDOWS = {"0-200k": 0, "200k-1m": 200_001}
"""What the context window of a row says -> the shortest prompt of its calls."""
_TIERS = {"priority_on_demand": "priority", "flex_discount": "flex", "standard": "standard"}
_NOWHERE = ("not_available", "global", "unspecified")
_COST_TYPES = {
    "uncached_input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_input_tokens": "cache_read_tokens",
    "cache_creation.ephemeral_5m_input_tokens": "cache_write_5m_tokens",
    "cache_creation.ephemeral_1h_input_tokens": "cache_write_1h_tokens",
}
_CENTS = Decimal("0.01")


def _rows(sample: Sample) -> Iterator[dict[str, object]]:
    """The results that the beginning of a file holds."""
    for record in sample.records:
        buckets = record.get("data", [record])
        for bucket in buckets if isinstance(buckets, list) else ():
            if isinstance(bucket, dict) and "starting_at" in bucket:
                found = bucket.get("results", [bucket])
                yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def _is_usage(sample: Sample) -> bool:
    return any("uncached_input_tokens" in row for row in _rows(sample))


def _is_cost(sample: Sample) -> bool:
    return any("amount" in row and "currency" in row for row in _rows(sample))


def _read_usage(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return pages.results(records, lambda number, result, bucket: _used(number, result, bucket, around))


def _used(number: int, result: Cells, bucket: Cells, around: Around) -> Line:
    written = result.inner("cache_creation")
    counts = {
        "input_tokens": result.needed_count("uncached_input_tokens"),
        "output_tokens": result.needed_count("output_tokens"),
        "cache_read_tokens": result.count("cache_read_input_tokens"),
        "cache_write_5m_tokens": written.count("ephemeral_5m_input_tokens"),
        "cache_write_1h_tokens": written.count("ephemeral_1h_input_tokens"),
        "web_searches": result.inner("server_tool_use").count("web_search_requests"),
    }
    model, window = result.word("model"), result.word("context_window")
    if model is None:
        hint = "ask for the report with group_by[]=model"
        raise Malformed("the row is not of one model", pointer=f"{result.at}/model", hint=hint)
    if window is not None and window.casefold() not in _WINDOWS:
        hint = f"known: {', '.join(_WINDOWS)}"
        raise Malformed(f"no context window {window[:40]!r}", pointer=f"{result.at}/context_window", hint=hint)
    tier, geo = (result.word("service_tier") or "").casefold(), result.word("inference_geo")
    return CallLine(
        number,
        bucket.needed_moment(*pages.STARTS),
        around.provider or "anthropic",
        model,
        {meter: count for meter, count in counts.items() if count} or {"input_tokens": 0},
        calls=None,
        is_sum=True,
        prompt_from=None if window is None else _WINDOWS[window.casefold()],
        processing=_TIERS.get(tier, tier) or None,
        region=None if geo is None or geo.casefold() in _NOWHERE else geo,
        labels=_labels(result, "workspace_id", "api_key_id", "account_id", "service_account_id"),
        pointer=result.at,
    )


def _read_cost(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return pages.results(records, lambda number, result, bucket: _billed(number, result, bucket, around))


def _billed(number: int, result: Cells, bucket: Cells, around: Around) -> Line:
    cents = result.needed_number("amount")
    kind = result.word("token_type") or ""
    return BilledLine(
        number,
        bucket.needed_moment(*pages.STARTS),
        bucket.moment(*pages.ENDS),
        cents * _CENTS,
        (result.word("currency") or "USD").upper(),
        Charge.USAGE,
        provider=around.provider or "anthropic",
        model=result.word("model"),
        meter=_COST_TYPES.get(kind),
        labels=_labels(result, "workspace_id", "cost_type", "service_tier", "description"),
        pointer=result.at,
    )


def _labels(result: Cells, *names: str) -> dict[str, str]:
    return {name: word for name in names if (word := result.word(name))}


ANTHROPIC_USAGE = Format(
    source="anthropic-usage",
    title="Anthropic usage report",
    one="none: a row is a sum of calls; its tier is what `context_window` says",
    left_out="nothing; `has_more` true is said: the report is not whole",
    moment="the bucket's `starting_at`, UTC",
    holds="cached and written tokens beside `uncached_input_tokens`; thinking inside `output_tokens`",
    page="https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-messages-usage-report",
    fits=_is_usage,
    read=_read_usage,
)
ANTHROPIC_COST = Format(
    source="anthropic-cost",
    title="Anthropic cost report",
    one="none: a row is what was billed in a day",
    left_out="nothing; what the priority tier costs is not in this report",
    moment="the bucket's `starting_at`, UTC",
    holds="`amount` is cents, as a decimal string",
    page="https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-cost-report",
    fits=_is_cost,
    read=_read_cost,
)
