"""Amazon Bedrock: Converse, its stream's metadata event, and the bodies that InvokeModel passes through.

The response does not name its model: the request's modelId does. Cache reads and writes are beside `inputTokens`, as
with Anthropic, and `cacheDetails` splits the writes by lifetime. An inference profile's prefix (us., eu., global.)
says where it runs, and with that the price; so does the region in an ARN.
"""

import re
from typing import Any

from mlquote.estimators.tokens.dialects import anthropic, compatible, openai, unread
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, contradiction, null_warning
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Warning

CONVERSE = Rules(
    cached="beside usage.inputTokens",
    reasoning="inside usage.outputTokens",
    total="inputTokens + outputTokens, with or without cacheReadInputTokens and cacheWriteInputTokens",
    source_url="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html",
)
INVOKE = Rules(
    cached="beside inputTokenCount",
    reasoning="inside outputTokenCount",
    total="",
    source_url="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html",
)
ARN = re.compile(r"arn:[\w-]+:bedrock:([\w-]*):\d*:(?:[\w-]+/)+(.+)")


def read(call: Call) -> Reading:
    """A Converse response, or an InvokeModel body in its model's own dialect."""
    usage = call.body.part("usage")
    if "inputTokens" in usage.values or "outputTokens" in usage.values:
        return _converse(call, usage)
    if "prompt_tokens" in usage.values:
        return _named(compatible.chat(call, compatible.OTHER), call)
    if "input_tokens" in usage.values:
        details = "input_tokens_details" in usage.values
        return _named(openai.responses(call) if details else anthropic.read(call), call)
    return _invoke(call)


def model_and_region(model_id: str) -> tuple[str, str | None]:
    """A model id without its ARN, and the region the ARN names."""
    found = ARN.fullmatch(model_id)
    return (found[2], found[1] or None) if found else (model_id, None)


def _model(call: Call) -> tuple[str | None, str | None]:
    name = call.request.word("modelId") or call.request.word("model") or call.body.word("modelId") or call.model
    if name is None:
        name = call.body.word("model")
    return model_and_region(name) if name else (None, None)


def _named(reading: Reading, call: Call) -> Reading:
    """A body in another provider's dialect, under Bedrock's own model id."""
    model, region = _model(call)
    return Reading(
        dialect=f"bedrock-{reading.dialect}",
        rules=reading.rules,
        provider=reading.provider,
        model=model,
        counts=reading.counts,
        processing=reading.processing,
        region=region,
        facts=reading.facts,
        answered_at=reading.answered_at,
        warnings=reading.warnings,
        others=reading.others,
    )


def _converse(call: Call, usage: Body) -> Reading:
    counts = {"input_tokens": usage.needed("inputTokens"), "output_tokens": usage.needed("outputTokens")}
    cached = _either(usage, "cacheReadInputTokens", "cacheReadInputTokenCount")
    written = _either(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
    counts |= {n: v for n, v in ({"cache_read_tokens": cached} | _lifetimes(usage, written)).items() if v}
    _check_total(usage, counts["input_tokens"] + counts["output_tokens"], cached + written)
    model, region = _model(call)
    tier = call.body.part("serviceTier").word("type") or call.body.part("performanceConfig").word("latency")
    processing, warnings = served_as(tier, batch=call.batch)
    return Reading(
        dialect="bedrock-converse",
        rules=CONVERSE,
        provider=call.provider,
        model=model,
        counts=counts,
        processing=processing,
        region=region,
        warnings=(*warnings, *null_warning(call.body), *_guarded(call.body.values.get("trace"))),
    )


def _guarded(trace: Any) -> tuple[Warning, ...]:
    """A guardrail's units, which Bedrock bills beside the model's tokens."""
    if not isinstance(trace, dict):
        return ()
    units = sum(unread.numbers_under("usage", trace))
    detail = f"a guardrail assessed {units} units, which are billed by themselves and are not in this cost"
    return (Warning("guardrail-not-counted", detail),) if units else ()


def _either(usage: Body, *names: str) -> int:
    """A count under either of two names, which must agree where both are there."""
    counts = {name: usage.count(name) for name in names if usage.has(name)}
    if len(set(counts.values())) > 1:
        raise contradiction(f"{names[0]} and {names[1]} differ: {counts}", usage.pointer(names[1]))
    return next(iter(counts.values()), 0)


def _lifetimes(usage: Body, written: int) -> dict[str, int]:
    """Cache writes by lifetime; without details they are writes at the model's default lifetime."""
    details = usage.parts("cacheDetails")
    if not details:
        return {"cache_write_tokens": written}
    by_ttl = {"5m": 0, "1h": 0}
    for detail in details:
        ttl = detail.word("ttl") or ""
        if ttl not in by_ttl:
            raise Malformed(f"unknown cache lifetime {ttl!r}", pointer=detail.pointer("ttl"), hint="known: 5m, 1h")
        by_ttl[ttl] += detail.needed("inputTokens")
    if sum(by_ttl.values()) != written:
        raise contradiction(
            f"cacheDetails holds {sum(by_ttl.values())} tokens, but cacheWriteInputTokens is {written}",
            usage.pointer("cacheDetails"),
        )
    return {"cache_write_5m_tokens": by_ttl["5m"], "cache_write_1h_tokens": by_ttl["1h"]}


def _check_total(usage: Body, plain: int, cache: int) -> None:
    total = usage.maybe("totalTokens")
    if total is not None and total not in (plain, plain + cache):
        raise contradiction(
            f"totalTokens is {total}; input and output make {plain}, with the cache {plain + cache}",
            usage.pointer("totalTokens"),
        )


def _invoke(call: Call) -> Reading:
    """InvokeModel of models without a `usage`: invocation metrics, Llama's and Titan's own counts."""
    metrics = call.body.part("amazon-bedrock-invocationMetrics")
    body = call.body
    if metrics.values:
        source, inward, outward = metrics, "inputTokenCount", "outputTokenCount"
    elif "prompt_token_count" in body.values:
        source, inward, outward = body, "prompt_token_count", "generation_token_count"
    elif "inputTextTokenCount" in body.values:
        source, inward, outward = body, "inputTextTokenCount", "outputTextTokenCount"
    elif body.has("images"):
        return _images(call)
    else:
        raise Malformed("usage is missing, and it holds the counts", pointer=body.pointer("usage"))
    said = source.count(outward) + sum(result.count("tokenCount") for result in body.parts("results"))
    cache = {
        "cache_read_tokens": source.count("cacheReadInputTokenCount"),
        "cache_write_tokens": source.count("cacheWriteInputTokenCount"),
    }
    model, region = _model(call)
    return Reading(
        dialect="bedrock-invoke",
        rules=INVOKE,
        provider=call.provider,
        model=model,
        counts={"input_tokens": source.needed(inward), "output_tokens": said} | {n: v for n, v in cache.items() if v},
        processing="batch" if call.batch else None,
        region=region,
        warnings=null_warning(call.body),
    )


def _images(call: Call) -> Reading:
    """Images by the piece; their size and quality are in the request's imageGenerationConfig."""
    images = call.body.values["images"]
    if not isinstance(images, list):
        raise Malformed("images must be a list", pointer=call.body.pointer("images"))
    wanted = call.request.part("imageGenerationConfig")
    size = f"{wanted.count('width')}x{wanted.count('height')}" if wanted.has("width") and wanted.has("height") else ""
    facts = {"image_size": size, "image_quality": wanted.word("quality") or ""}
    model, region = _model(call)
    return Reading(
        dialect="bedrock-invoke",
        rules=INVOKE,
        provider=call.provider,
        model=model,
        counts={"images": len(images)},
        processing="batch" if call.batch else None,
        region=region,
        facts={name: word for name, word in facts.items() if word},
    )
