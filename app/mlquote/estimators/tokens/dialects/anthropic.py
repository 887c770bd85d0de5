"""Anthropic Messages, wherever they are served: the API itself, Bedrock, Vertex AI, Foundry.

Everything is exclusive here: `input_tokens` counts neither cache reads nor cache writes. The writes by lifetime are
parts of `cache_creation_input_tokens`, not a third bucket. Thinking is inside `output_tokens`. In a stream,
`message_delta.usage` is cumulative. With server-side compaction the top-level counts leave the compaction out, and
`iterations` holds every pass that is billed.
"""

from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import (
    Body,
    Pass,
    Reading,
    Rules,
    contradiction,
    null_warning,
    within,
)
from mlquote.kit.provenance import Warning

MESSAGES = Rules(
    cached="beside usage.input_tokens",
    reasoning="inside usage.output_tokens",
    total="",
    source_url="https://platform.claude.com/docs/en/api/messages",
)
ANYWHERE = frozenset({"", "not_available", "global", "unspecified"})
"""Values of inference_geo that name no place, and so no premium."""

CLAUDE_SELLERS = frozenset({"anthropic", "aws-bedrock", "google", "google-vertex", "azure-ai-foundry", "azure-openai"})
"""Who serves Claude, whose cache writes last five minutes unless said otherwise; others have their own lifetime."""
_UNTIMED = {"cache_write_5m_tokens": "cache_write_tokens"}


def read(call: Call) -> Reading:
    """A message, the end of a stream of one, or a line of a batch of them."""
    usage = call.body.needed_part("usage", "the message_delta event at the end of a stream carries it")
    processing, warnings = served_as(usage.word("service_tier"), batch=call.batch)
    speed = usage.word("speed")
    if speed and speed != "standard":
        processing = speed
    counts, others, notes = _counts(call, usage)
    geo = (usage.word("inference_geo") or "").casefold()
    return Reading(
        dialect="anthropic-messages",
        rules=MESSAGES,
        provider=call.provider,
        model=call.model_named(),
        counts=counts | _tools(usage),
        processing=processing,
        facts={} if geo in ANYWHERE else {"inference_geo": geo},
        reported_usd=call.body.quantity("total_cost_usd"),
        warnings=(*warnings, *notes, *null_warning(usage)),
        others=others,
    )


def _counts(call: Call, usage: Body) -> tuple[dict[str, int], tuple[Pass, ...], tuple[Warning, ...]]:
    """The counts of one pass, or the sum of all passes where there were several; those of other models apart."""
    top = _timed(call, usage)
    by_model = _session(call.body) or _passes(call, usage, top)
    own = call.body.word("model") or call.model or ""
    if len(by_model) == 1:
        return next(iter(by_model.values())), (), _several_passes(usage)
    if not by_model:
        return top, (), ()
    first = own if own in by_model else next(iter(by_model))
    others = tuple(Pass(model, counts) for model, counts in by_model.items() if model != first)
    detail = f"{', '.join(by_model)} each answered a part (usage.iterations), and each is billed at its own price"
    return by_model[first], others, (Warning("several-models", detail),)


def _passes(call: Call, usage: Body, top: dict[str, int]) -> dict[str, dict[str, int]]:
    """Model -> the counts of all its passes."""
    own = call.body.word("model") or call.model or ""
    by_model: dict[str, dict[str, int]] = {}
    for one in usage.parts("iterations"):
        totals = by_model.setdefault(one.word("model") or own, {})
        for name, n in _timed(call, one).items():
            totals[name] = totals.get(name, 0) + n
    for name in ("input_tokens", "output_tokens") if by_model else ():
        passed = sum(counts[name] for counts in by_model.values())
        within(top[name], name, passed, "all iterations together", usage.pointer(name))
    return by_model


def _several_passes(usage: Body) -> tuple[Warning, ...]:
    passes = len(usage.values.get("iterations") or ())
    if passes < 2:
        return ()
    note = f"{passes} passes were billed (usage.iterations); the top-level counts leave some of them out"
    return (Warning("several-passes", note),)


def _session(body: Body) -> dict[str, dict[str, int]]:
    """Model -> its counts of a whole session, as Claude Code's `--output-format json` tells them, where several."""
    models = body.values.get("modelUsage")
    if not isinstance(models, dict) or len(models) < 2:
        return {}
    used = body.part("modelUsage")
    by_model = {}
    for name in models:
        one = used.part(name)
        counts = {
            "input_tokens": one.needed("inputTokens"),
            "output_tokens": one.needed("outputTokens"),
            "cache_read_tokens": one.count("cacheReadInputTokens"),
            "cache_write_5m_tokens": one.count("cacheCreationInputTokens"),
            "web_searches": one.count("webSearchRequests"),
        }
        by_model[name] = {field: n for field, n in counts.items() if n or field.endswith("put_tokens")}
    return by_model


def _timed(call: Call, usage: Body) -> dict[str, int]:
    """The counts of one pass; cache writes last five minutes unless said otherwise, but only where Claude is sold."""
    counts = pass_counts(usage)
    if call.provider in CLAUDE_SELLERS or usage.part("cache_creation").values:
        return counts
    return {_UNTIMED.get(name, name): n for name, n in counts.items()}


def pass_counts(usage: Body) -> dict[str, int]:
    """The disjoint counts of one pass; a missing breakdown of cache writes means the five-minute lifetime."""
    counts = {"input_tokens": usage.needed("input_tokens"), "output_tokens": usage.needed("output_tokens")}
    if usage.has("total_tokens"):
        _check_total(usage, sum(counts.values()))
    thinking = usage.part("output_tokens_details").count("thinking_tokens")
    within(thinking, "thinking_tokens", counts["output_tokens"], "output_tokens", usage.pointer("output_tokens"))
    written = usage.maybe("cache_creation_input_tokens")
    short, long = _lifetimes(usage, written)
    optional = {
        "reasoning_tokens": thinking,
        "cache_read_tokens": usage.count("cache_read_input_tokens"),
        "cache_write_5m_tokens": short,
        "cache_write_1h_tokens": long,
    }
    return counts | {name: n for name, n in optional.items() if n}


def _check_total(usage: Body, plain: int) -> None:
    """Anthropic reports no total; those who pass its usage on may, with the cache in it or without."""
    total = usage.needed("total_tokens")
    cache = usage.count("cache_read_input_tokens") + usage.count("cache_creation_input_tokens")
    if total not in (plain, plain + cache):
        detail = f"total_tokens is {total}, but input and output make {plain}, and the cache {cache} more"
        raise contradiction(detail, usage.pointer("total_tokens"))


def _lifetimes(usage: Body, written: int | None) -> tuple[int, int]:
    """Cache writes by lifetime, five minutes and one hour, which must add up to the writes."""
    parts = usage.part("cache_creation")
    short, long = parts.maybe("ephemeral_5m_input_tokens"), parts.maybe("ephemeral_1h_input_tokens")
    if short is None and long is None:
        long_lived = usage.values.get("stale_lifetime") == "ephemeral_1h_input_tokens"
        return (0, written or 0) if long_lived else (written or 0, 0)
    if written is not None and (short or 0) + (long or 0) != written:
        raise contradiction(
            f"cache_creation holds {short or 0} + {long or 0} tokens, but cache_creation_input_tokens is {written}",
            parts.at,
            "the breakdown by lifetime must add up to cache_creation_input_tokens",
        )
    return short or 0, long or 0


def _tools(usage: Body) -> dict[str, int]:
    """Searches are billed by the request; a page fetched costs only its tokens."""
    searches = usage.part("server_tool_use").count("web_search_requests")
    usage.part("server_tool_use").harmless("web_fetch_requests")
    return {"web_searches": searches} if searches else {}
