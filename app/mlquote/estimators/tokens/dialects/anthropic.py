"""Anthropic Messages, wherever they are served: the API itself, Bedrock, Vertex AI, Foundry.

Everything is exclusive here: `input_tokens` counts neither cache reads nor cache writes. The writes by lifetime are
parts of `cache_creation_input_tokens`, not a third bucket. Thinking is inside `output_tokens`. In a stream,
`message_delta.usage` is cumulative. With server-side compaction the top-level counts leave the compaction out, and
`iterations` holds every pass that is billed.
"""

from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, contradiction, null_warning, within
from mlquote.kit.errors import OutOfDomain
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
    counts, notes = _counts(usage, call.body.word("model"))
    if call.provider not in CLAUDE_SELLERS and not usage.part("cache_creation").values:
        counts = {_UNTIMED.get(name, name): n for name, n in counts.items()}
    geo = (usage.word("inference_geo") or "").casefold()
    return Reading(
        dialect="anthropic-messages",
        rules=MESSAGES,
        provider=call.provider,
        model=call.model_named(),
        counts=counts | _tools(usage),
        processing=processing,
        facts={} if geo in ANYWHERE else {"inference_geo": geo},
        warnings=(*warnings, *notes, *null_warning(usage)),
    )


def _counts(usage: Body, model: str | None) -> tuple[dict[str, int], tuple[Warning, ...]]:
    """The counts of one pass, or the sum of all passes where there were several."""
    passes = usage.parts("iterations")
    if not passes:
        return pass_counts(usage), ()
    totals: dict[str, int] = {}
    for one in passes:
        if one.word("model") not in (None, model):
            raise OutOfDomain(
                f"a pass was answered by {one.word('model')}, whose prices are its own",
                pointer=one.pointer("model"),
                hint="price each model's passes by themselves",
                code="passes-of-several-models",
            )
        for name, n in pass_counts(one).items():
            totals[name] = totals.get(name, 0) + n
    top = pass_counts(usage)
    for name in ("input_tokens", "output_tokens"):
        within(top[name], name, totals[name], "all iterations together", usage.pointer(name))
    if len(passes) == 1:
        return totals, ()
    note = f"{len(passes)} passes were billed (usage.iterations); the top-level counts leave some of them out"
    return totals, (Warning("several-passes", note),)


def pass_counts(usage: Body) -> dict[str, int]:
    """The disjoint counts of one pass; a missing breakdown of cache writes means the five-minute lifetime."""
    counts = {"input_tokens": usage.needed("input_tokens"), "output_tokens": usage.needed("output_tokens")}
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


def _lifetimes(usage: Body, written: int | None) -> tuple[int, int]:
    """Cache writes by lifetime, five minutes and one hour, which must add up to the writes."""
    parts = usage.part("cache_creation")
    short, long = parts.maybe("ephemeral_5m_input_tokens"), parts.maybe("ephemeral_1h_input_tokens")
    if short is None and long is None:
        return written or 0, 0
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
    return {"web_searches": searches} if searches else {}
