"""DeepSeek: chat completions whose prompt is told apart into cache hits and misses."""

from mlquote.estimators.tokens.dialects import compatible
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Reading, contradiction

SHAPE = compatible.Shape(
    "deepseek", "https://api-docs.deepseek.com/api/create-chat-completion", cached=("prompt_cache_hit_tokens",)
)


def read(call: Call) -> Reading:
    """A DeepSeek answer: hits and misses must make up the prompt, and hits the cached tokens."""
    usage = call.body.part("usage")
    hit, miss, prompt = (
        usage.maybe(name) for name in ("prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "prompt_tokens")
    )
    if hit is not None and miss is not None and prompt is not None and hit + miss != prompt:
        raise contradiction(
            f"cache hits {hit} and misses {miss} do not make up the {prompt} prompt_tokens",
            usage.pointer("prompt_cache_miss_tokens"),
        )
    return compatible.read(call) if "input_tokens" in usage.values else compatible.chat(call, SHAPE)
