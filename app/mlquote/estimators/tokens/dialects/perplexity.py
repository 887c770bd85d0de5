"""Perplexity: chat completions with searches; reasoning and citations beside the completion, in no total."""

from dataclasses import replace
from decimal import Decimal

from mlquote.estimators.tokens.dialects import anthropic, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, adds_up, null_warning
from mlquote.kit.provenance import Warning

CHAT = Rules(
    cached="",
    reasoning="beside usage.completion_tokens",
    total="prompt_tokens + completion_tokens",
    source_url="https://docs.perplexity.ai/getting-started/pricing",
)


def read(call: Call) -> Reading:
    """A Perplexity answer; its Agent API answers like OpenAI's Responses."""
    usage = call.body.part("usage")
    if "prompt_tokens" not in usage.values:
        reading = anthropic.read(call) if call.api == "messages" else openai.read(call)
        return replace(reading, counts=dict(reading.counts) | _agent(usage), reported_usd=_charge(usage))
    prompt, completion = usage.needed("prompt_tokens"), usage.count("completion_tokens")
    adds_up(usage.maybe("total_tokens"), prompt + completion, CHAT.total, usage.pointer("total_tokens"))
    reasoning = usage.count("reasoning_tokens")
    searched, facts, notes = _searched(call, usage)
    counts = {"reasoning_tokens": reasoning} | searched
    return Reading(
        dialect="perplexity-chat",
        rules=CHAT,
        provider=call.provider,
        model=call.model_named(),
        counts={"input_tokens": prompt, "output_tokens": completion + reasoning}
        | {name: n for name, n in counts.items() if n},
        facts=facts,
        answered_at=call.answered_at(),
        reported_usd=_charge(usage),
        warnings=(*notes, *null_warning(call.body)),
    )


def _searched(call: Call, usage: Body) -> tuple[dict[str, int], dict[str, str], tuple[Warning, ...]]:
    """What the search costs: deep research by the query and the cited token, other Sonar models once a request.

    A request's fee depends on how much the search read, which is "low" unless the request asked for more.
    """
    model = call.model_named() or ""
    if "deep-research" in model:
        searches, cited = usage.count("num_search_queries"), usage.count("citation_tokens")
        return {"web_searches": searches, "citation_tokens": cited}, {}, ()
    if not model.startswith("sonar"):
        return {}, {}, ()
    usage.harmless("citation_tokens", "num_search_queries")
    size = usage.word("search_context_size") or call.request.word("search_context_size")
    if size:
        return {"web_searches": 1}, {"search_context": size.casefold()}, ()
    note = Warning("search-context-assumed", "the response names no search_context_size: low, the provider's default")
    return {"web_searches": 1}, {"search_context": "low"}, (note,)


def _agent(usage: Body) -> dict[str, int]:
    """What the Agent API adds: searches by invocation, cached input under its own name."""
    searches = usage.part("tool_calls_details").part("search_web").count("invocation")
    cached = usage.part("input_tokens_details").count("cache_read_input_tokens")
    counts = {"web_searches": searches} if searches else {}
    if cached:
        counts |= {"cache_read_tokens": cached, "input_tokens": usage.needed("input_tokens") - cached}
    return counts


def _charge(usage: Body) -> Decimal | None:
    """The charge it reports: the total of its breakdown, or a plain number."""
    cost = usage.values.get("cost")
    usage.harmless("cost")
    return usage.part("cost").quantity("total_cost") if isinstance(cost, dict) else usage.quantity("cost")
