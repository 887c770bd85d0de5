"""How fast is one exact cost with its lines, beside genai-prices, litellm and tokencost's way? One core, one run.

`.peers/prices/bin/python benchmarks/bench_pricing.py` (see oracle_prices.py for the environment). Without the peers
it measures us alone. The figure that counts is the ratio: both sides are timed in turns, and the best turn is kept.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

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
    count, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < SECONDS:
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

        calls = {"mlquote: name, moment, cost with lines": ours, "mlquote: the whole envelope": envelope}
        peers = {"genai-prices calc_price": genai_call(provider, model, counts), "litellm": litellm_call(model, counts)}
        calls |= {name: call for name, call in peers.items() if call is not None}
        best = dict.fromkeys(calls, 0.0)
        for _ in range(TURNS):
            for name, call in calls.items():
                best[name] = max(best[name], rate(call))
        print(title)
        for name, per_second in best.items():
            ratio = best["mlquote: name, moment, cost with lines"] / per_second
            print(f"  {name:42s} {per_second:12,.0f} /s   ours is {ratio:6.1f} x")


if __name__ == "__main__":
    main()
