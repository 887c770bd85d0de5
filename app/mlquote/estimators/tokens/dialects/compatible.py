"""Every provider that answers in the shape of OpenAI's chat completions, and where each departs from it.

Cached tokens are inside the prompt everywhere; providers differ in where they report them, and two count reasoning
beside the completion. The total decides that where it is reported, and a total that fits neither is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlquote.estimators.tokens.dialects import anthropic, openai
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import (
    Body,
    Reading,
    Rules,
    contradiction,
    null_warning,
    within,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one provider departs from OpenAI's chat completion."""

    name: str
    source_url: str
    cached: tuple[str, ...] = ()
    """Where cached tokens are counted besides `prompt_tokens_details.cached_tokens`, as members of `usage`."""
    reasoning_beside: bool = False
    """Whether reasoning is counted beside `completion_tokens` rather than inside it."""
    reasoning_estimated: bool = False
    """Whether reasoning is counted by another tokenizer than the completion that holds it."""
    thoughts_in_total: bool = False
    """Whether the total may hold thoughts that no count of its own does."""

    def rules(self) -> Rules:
        """The declaration of this shape."""
        beside = self.reasoning_beside
        return Rules(
            cached="inside usage.prompt_tokens",
            reasoning=f"{'beside' if beside else 'inside'} usage.completion_tokens",
            total="prompt_tokens + completion_tokens" + (" + reasoning_tokens" if beside else ""),
            source_url=self.source_url,
        )


SHAPES: Mapping[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape("together", "https://docs.together.ai/docs/chat-overview", ("cached_tokens",)),
        Shape("fireworks", "https://docs.fireworks.ai/api-reference/post-chatcompletions"),
        Shape("cerebras", "https://inference-docs.cerebras.ai/api-reference/chat-completions"),
        Shape("moonshot", "https://platform.moonshot.ai/docs/api/chat", ("cached_tokens",)),
        Shape("zai", "https://docs.z.ai/api-reference/llm/chat-completion"),
        Shape("minimax", "https://platform.minimax.io/docs/api-reference/text-openai-api"),
        Shape("meta", "https://llama.developer.meta.com/docs/api/chat"),
        Shape("alibaba", "https://www.alibabacloud.com/help/en/model-studio/qwen-api-reference"),
        Shape("voyage", "https://docs.voyageai.com/reference/embeddings-api"),
        Shape("jina", "https://jina.ai/embeddings/"),
    )
}
GEMINI = Shape("google-openai", "https://ai.google.dev/gemini-api/docs/openai", thoughts_in_total=True)
"""Gemini in OpenAI's shape, where thoughts may be in the total alone."""
OTHER = Shape("compatible", "https://platform.openai.com/docs/api-reference/chat/object", ("cached_tokens",))


def read(call: Call) -> Reading:
    """A response of an OpenAI-compatible provider; an Anthropic shape where it serves that instead."""
    usage = call.body.part("usage")
    if "prompt_tokens" in usage.values and "completion_tokens" in usage.values:
        return chat(call, SHAPES.get(call.provider, OTHER))
    if "cache_read_input_tokens" in usage.values or "cache_creation_input_tokens" in usage.values:
        return anthropic.read(call)
    if "output_tokens" in usage.values:
        return openai.responses(call)
    return openai.read(call)


def chat(call: Call, shape: Shape, extra: Mapping[str, int] | None = None) -> Reading:
    """A chat completion in this shape; `extra` counts are added to those of the tokens."""
    usage = call.body.needed_part("usage", "of a stream, only the last chunk carries it")
    prompt, completion = usage.needed("prompt_tokens"), usage.needed("completion_tokens")
    counts = openai.prompt_counts(usage, prompt, shape.cached)
    counts |= said(usage, prompt, completion, shape) | openai.searched(usage)
    openai.told_together(usage)
    processing, warnings = served_as(call.body.word("service_tier"), batch=call.batch)
    return Reading(
        dialect=f"{shape.name}-chat",
        rules=shape.rules(),
        provider=call.provider,
        model=call.model_named(),
        counts=counts | dict(extra or {}),
        processing=processing,
        answered_at=call.answered_at(),
        warnings=(*warnings, *null_warning(call.body)),
    )


def said(usage: Body, prompt: int, completion: int, shape: Shape) -> dict[str, int]:
    """The completion's counts, reasoning added where the provider counts it beside the completion.

    The total tells which it is: prompt + completion, or that and the reasoning. Without a total the provider's own
    rule holds; where it counts thoughts in the total alone, the total is the rule.
    """
    reasoning = usage.part("completion_tokens_details").count("reasoning_tokens") or usage.count("reasoning_tokens")
    total = usage.maybe("total_tokens")
    beside = shape.reasoning_beside
    if total is not None and reasoning and total == prompt + completion + reasoning:
        beside = True
    elif total == prompt + completion:
        beside = False
    elif total is not None and shape.thoughts_in_total and total > prompt + completion:
        beside, reasoning = True, total - prompt - completion
    elif total is not None:
        raise contradiction(
            f"total_tokens is {total}, but prompt_tokens {prompt} and completion_tokens {completion} make "
            f"{prompt + completion}" + (f" ({prompt + completion + reasoning} with reasoning)" if reasoning else ""),
            usage.pointer("total_tokens"),
        )
    if not beside and shape.reasoning_estimated:
        reasoning = min(reasoning, completion)
    if not beside:
        within(reasoning, "reasoning_tokens", completion, "completion_tokens", usage.pointer("completion_tokens"))
        return openai.completion_counts(usage, completion, reasoning=reasoning)
    return openai.completion_counts(usage, completion + reasoning, reasoning=reasoning)
