"""How fast is one exact cost with its lines, beside genai-prices, litellm and tokencost's way? One core, one run.

`.peers/prices/bin/python benchmarks/bench_pricing.py` (see oracle_prices.py for the environment). Without the peers
it measures us alone. The figure that counts is the ratio: both sides are timed in turns, by CPU time, and the best turn
is kept. Costs of counts, and of providers' responses, whose every count is read or refused on our side.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mlquote.estimators.tokens.asked import Beside, asked_by_response, plainly_asked
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.token_models import price_list
from mlquote.store.files import bundled_folder, snapshot_from_files

NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
CASES = {
    "plain (gpt-5, input and output)": ("openai", "gpt-5", {"input_tokens": 1200, "output_tokens": 340}),
    "cache read (gpt-5)": ("openai", "gpt-5", {"input_tokens": 200, "cache_read_tokens": 1000, "output_tokens": 340}),
    "cache writes (claude-opus-4-7)": (
        "anthropic",
        "claude-opus-4-7",
        {"input_tokens": 100, "cache_read_tokens": 5000, "cache_write_tokens": 900, "output_tokens": 340},
    ),
}
TURNS, SECONDS = 5, 0.3


def rate(call: Callable[[], object]) -> float:
    """Calls per second over about SECONDS."""
    count, started = 0, time.process_time()
    while (spent := time.process_time() - started) < SECONDS:
        for _ in range(200):
            call()
        count += 200
    return count / spent


def genai_call(provider: str, model: str, counts: dict[str, int]) -> Callable[[], object] | None:
    """The same call in genai-prices, whose input count includes what the cache did."""
    try:
        import genai_prices
    except ImportError:
        return None
    total = sum(count for name, count in counts.items() if name != "output_tokens")
    usage = genai_prices.Usage(**(counts | {"input_tokens": total}))
    return lambda: genai_prices.calc_price(usage, model, provider_id=provider, genai_request_timestamp=NOW)


def litellm_call(model: str, counts: dict[str, int]) -> Callable[[], object] | None:
    """The same call in litellm."""
    try:
        from litellm import cost_per_token
    except ImportError:
        return None
    total = sum(count for name, count in counts.items() if name != "output_tokens")
    return lambda: cost_per_token(
        model=model,
        prompt_tokens=total,
        completion_tokens=counts["output_tokens"],
        cache_read_input_tokens=counts.get("cache_read_tokens", 0),
        cache_creation_input_tokens=counts.get("cache_write_tokens", 0),
    )


RESPONSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "response: chat completion (gpt-5)": (
        "openai",
        "chat",
        {
            "id": "chatcmpl-x",
            "object": "chat.completion",
            "model": "gpt-5-2025-08-07",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}],
            "usage": {
                "prompt_tokens": 1200,
                "completion_tokens": 340,
                "total_tokens": 1540,
                "prompt_tokens_details": {"cached_tokens": 1000, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 64, "audio_tokens": 0},
            },
        },
    ),
    "response: message (claude-opus-4-7)": (
        "anthropic",
        "default",
        {
            "id": "msg_x",
            "type": "message",
            "role": "assistant",
            "model": "claude-opus-4-7",
            "content": [{"type": "text", "text": "Yes."}],
            "usage": {
                "input_tokens": 100,
                "cache_creation_input_tokens": 900,
                "cache_read_input_tokens": 5000,
                "cache_creation": {"ephemeral_5m_input_tokens": 900, "ephemeral_1h_input_tokens": 0},
                "output_tokens": 340,
                "service_tier": "standard",
            },
        },
    ),
    "response: generateContent (gemini-2.5-flash)": (
        "google",
        "default",
        {
            "candidates": [{"content": {"parts": [{"text": "Yes."}], "role": "model"}, "finishReason": "STOP"}],
            "usageMetadata": {
                "promptTokenCount": 1200,
                "candidatesTokenCount": 340,
                "totalTokenCount": 1604,
                "cachedContentTokenCount": 1000,
                "thoughtsTokenCount": 64,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1200}],
                "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 1000}],
            },
            "modelVersion": "gemini-2.5-flash",
            "responseId": "x",
        },
    ),
}
GOAL = 10
BARE = Beside()


def genai_response(provider: str, flavor: str, body: dict[str, Any]) -> Callable[[], object] | None:
    """A response's usage extracted and priced by genai-prices."""
    try:
        import genai_prices
    except ImportError:
        return None

    def call() -> object:
        found = genai_prices.extract_usage(body, provider_id=provider, api_flavor=flavor)
        return genai_prices.calc_price(
            found.usage, found.model.id, provider_id=provider, genai_request_timestamp=NOW
        ).total_price

    return call


def compare(title: str, calls: dict[str, Callable[[], object] | None]) -> None:
    """Time in turns, and print rates and how many times ours, the first of them, is the others."""
    known = {name: call for name, call in calls.items() if call is not None}
    best = dict.fromkeys(known, 0.0)
    for _ in range(TURNS):
        for name, call in known.items():
            best[name] = max(best[name], rate(call))
    print(title)
    ours = next(iter(best.values()))
    for name, per_second in best.items():
        goal = f" (goal {GOAL})" if name.startswith("genai-prices") else ""
        print(f"  {name:42s} {per_second:12,.0f} /s   ours is {ours / per_second:6.1f} x{goal}")


def main() -> None:
    """Measure in turns, print rates and ratios."""
    catalog = snapshot_from_files(bundled_folder())
    prices = catalog.derived(price_list)
    for title, (provider, model, counts) in CASES.items():
        question = ApiUsage.model_validate({"provider": provider, "model": model, "usage": counts})

        def ours(provider: str = provider, model: str = model, counts: dict[str, int] = counts) -> object:
            return cost_of(counts, prices.find(provider, model, NOW).card.ladder(NOW))

        def envelope(question: ApiUsage = question) -> object:
            return inference_estimate(question, catalog, NOW)

        compare(
            title,
            {
                "mlquote: name, moment, cost with lines": ours,
                "mlquote: the whole envelope": envelope,
                "genai-prices calc_price": genai_call(provider, model, counts),
                "litellm": litellm_call(model, counts),
            },
        )
    for title, (provider, flavor, body) in RESPONSES.items():

        def read(provider: str = provider, body: dict[str, Any] = body) -> object:
            asked = plainly_asked(provider, body, BARE) or asked_by_response(provider, body, BARE)
            named = prices.find(provider, asked.model, NOW)
            return cost_of(asked.counts, named.card.ladder(NOW, asked.processing, named.region))

        peer = genai_response(provider, flavor, body)
        compare(title, {"mlquote: reading, cost with lines": read, "genai-prices extract_usage, calc_price": peer})


if __name__ == "__main__":
    main()
