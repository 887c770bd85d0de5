"""Random calls priced by genai-prices, by litellm and by us: where the two agree, are we the same to 1e-9?

Run it with a Python that has the peers: `.peers/prices/bin/python benchmarks/oracle_prices.py --n 6000 --seed 1`, after
`python -m venv .peers/prices && .peers/prices/bin/pip install genai-prices==0.2.3 litellm==1.109.1 pydantic tzdata`.
Every difference is printed by provider, model and kind of call; docs/price_differences.md explains them.
"""

import argparse
import collections
import os
import random
import sys
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import genai_prices
import litellm
from genai_prices.data_snapshot import get_snapshot
from litellm.cost_calculator import batch_cost_calculator, cost_per_token
from litellm.types.utils import CacheCreationTokenDetails, PromptTokensDetailsWrapper
from litellm.types.utils import Usage as LitellmUsage

from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.token_models import PriceList, price_list
from mlquote.kit.errors import QuoteError
from mlquote.store.files import bundled_folder, snapshot_from_files

warnings.filterwarnings("ignore")

SAME = Decimal("1e-9")
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
"""A Thursday noon: the day of neither a promotion's end nor a peak hour, after both packages were published."""

PROVIDERS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "openai": ("openai", ("openai",), ""),
    "anthropic": ("anthropic", ("anthropic",), ""),
    "google": ("google", ("gemini",), "gemini/"),
    "aws-bedrock": ("aws", ("bedrock", "bedrock_converse"), ""),
    "mistral": ("mistral", ("mistral",), "mistral/"),
    "deepseek": ("deepseek", ("deepseek",), "deepseek/"),
    "xai": ("x-ai", ("xai",), "xai/"),
    "groq": ("groq", ("groq",), "groq/"),
    "cohere": ("cohere", ("cohere", "cohere_chat"), ""),
    "together": ("together", ("together_ai",), "together_ai/"),
    "fireworks": ("fireworks", ("fireworks_ai",), "fireworks_ai/"),
    "perplexity": ("perplexity", ("perplexity",), "perplexity/"),
    "cerebras": ("cerebras", ("cerebras",), "cerebras/"),
    "moonshot": ("moonshotai", ("moonshot",), "moonshot/"),
    "zai": ("zai", ("zai",), "zai/"),
    "minimax": ("minimax", ("minimax",), "minimax/"),
    "azure-openai": ("azure", ("azure",), "azure/"),
    "voyage": ("voyageai", ("voyage",), "voyage/"),
}
"""Our provider -> genai-prices' id, litellm's ids, and the prefix of litellm's keys."""


@dataclass(frozen=True)
class Drawn:
    """One random call."""

    provider: str
    model: str
    key: str
    counts: dict[str, int]
    processing: str
    moment: datetime

    @property
    def kind(self) -> str:
        """What is special about it, for the summary."""
        cached = "+cache" if "cache_read_tokens" in self.counts else ""
        written = "+write" if any(name.startswith("cache_write") for name in self.counts) else ""
        past = "" if self.moment == NOW else " past"
        return f"{self.processing}{cached}{written}{past}"


def shared_models() -> list[tuple[str, str, str]]:
    """(our provider, model id, litellm key) of every chat or embedding model that both peers know."""
    known = {provider.id for provider in get_snapshot().providers}
    found = []
    for key, entry in litellm.model_cost.items():
        if entry.get("mode") not in ("chat", "completion", "responses", "embedding"):
            continue
        for ours, (theirs, names, prefix) in PROVIDERS.items():
            if entry.get("litellm_provider") in names and theirs in known:
                model = key.removeprefix(prefix).removeprefix("bedrock/")
                if genai_cost(ours, model, {"input_tokens": 10}, "standard", NOW) is not None:
                    found.append((ours, model, key))
    return found


def genai_cost(provider: str, model: str, counts: dict[str, int], processing: str, moment: datetime) -> Decimal | None:
    """What genai-prices says, or None; also None where it would fall back to the standard price in silence."""
    total = sum(count for name, count in counts.items() if name != "output_tokens")
    usage = {"input_tokens": total, "output_tokens": counts.get("output_tokens", 0)}
    if "cache_read_tokens" in counts:
        usage["cache_read_tokens"] = counts["cache_read_tokens"]
    written = sum(count for name, count in counts.items() if name.startswith("cache_write"))
    if written:
        usage["cache_write_tokens"] = written
    if "cache_write_1h_tokens" in counts:
        usage["cache_write_1h_tokens"] = counts["cache_write_1h_tokens"]
    try:
        answer = genai_prices.calc_price(
            genai_prices.Usage(**usage),
            model,
            provider_id=PROVIDERS[provider][0],
            genai_request_timestamp=moment,
            price_context={"processing": processing} if processing != "standard" else None,
        )
    except (LookupError, ValueError, TypeError):
        return None
    variants = [variant.when.get("processing") for variant in answer.model.price_variants or ()]
    return answer.total_price if processing == "standard" or processing in variants else None


def litellm_cost(key: str, counts: dict[str, int], processing: str) -> Decimal | None:
    """What litellm says (always at today's rate), or None."""
    entry = litellm.model_cost[key]
    written_1h = counts.get("cache_write_1h_tokens", 0)
    written_5m = counts.get("cache_write_5m_tokens", 0) + counts.get("cache_write_tokens", 0)
    read = counts.get("cache_read_tokens", 0)
    total = sum(count for name, count in counts.items() if name != "output_tokens")
    details = PromptTokensDetailsWrapper(
        cached_tokens=read,
        cache_creation_tokens=written_1h + written_5m,
        cache_creation_token_details=CacheCreationTokenDetails(
            ephemeral_5m_input_tokens=written_5m, ephemeral_1h_input_tokens=written_1h
        ),
    )
    usage = LitellmUsage(
        prompt_tokens=total,
        completion_tokens=counts.get("output_tokens", 0),
        total_tokens=total + counts.get("output_tokens", 0),
        prompt_tokens_details=details,
        cache_read_input_tokens=read,
        cache_creation_input_tokens=written_1h + written_5m,
    )
    provider = entry["litellm_provider"]
    provider = "bedrock" if provider == "bedrock_converse" else provider
    try:
        if processing == "batch":
            if not any("batch" in name for name in entry):
                return None
            parts = batch_cost_calculator(usage, key, custom_llm_provider=provider)
        else:
            tier = None if processing == "standard" else processing
            call = "embedding" if entry.get("mode") == "embedding" else "completion"
            parts = cost_per_token(
                model=key, custom_llm_provider=provider, usage_object=usage, service_tier=tier, call_type=call
            )
    except Exception:
        return None
    return sum((Decimal(repr(part)) for part in parts), Decimal(0))


def our_cost(prices: PriceList, call: Drawn) -> Decimal | str | None:
    """What we say: dollars, None for a stated gap, or the refusal."""
    try:
        named = prices.find(call.provider, call.model, call.moment)
        cost = cost_of(call.counts, named.card.ladder(call.moment, call.processing, named.region))
    except QuoteError as error:
        return f"refused: {error.code}"
    if cost.usd is None:
        return f"gap: {', '.join(line.meter for line in cost.lines if line.usd is None)}"
    return cost.usd


def draw(dice: random.Random, born: datetime | None, provider: str, model: str, key: str) -> Drawn:
    """A random call of one model."""
    entry = litellm.model_cost[key]
    size = dice.choice((1_000, 10_000, 100_000, 250_000, 400_000))
    counts = {"input_tokens": dice.randint(1, size)}
    if entry.get("mode") != "embedding":
        counts["output_tokens"] = dice.randint(1, 20_000)
        if "cache_read_input_token_cost" in entry and dice.random() < 0.4:
            counts["cache_read_tokens"] = dice.randint(1, size)
        if "cache_creation_input_token_cost" in entry and dice.random() < 0.3:
            counts["cache_write_tokens"] = dice.randint(1, size)
            if "cache_creation_input_token_cost_above_1hr" in entry and dice.random() < 0.5:
                counts["cache_write_1h_tokens"] = counts.pop("cache_write_tokens")
    modes = ["standard"] * 6
    modes += [mode for mode in ("batch", "flex", "priority") if any(mode in name for name in entry)]
    moment = NOW if dice.random() > 0.07 or born is None else born + dice.random() * (NOW - born)
    return Drawn(provider, model, key, counts, dice.choice(modes), moment)


def first_price(prices: PriceList, provider: str, model: str) -> datetime | None:
    """The first moment for which we know a price of a model: no call of the past is drawn before it."""
    try:
        rows = prices.find(provider, model, NOW).card.rows
    except QuoteError:
        return None
    began = [row.effective_from for row in rows if row.meter == "input" and row.processing == "standard"]
    return min((start for start in began if start is not None), default=None)


def main() -> None:
    """Draw, compare, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=60)
    asked = parser.parse_args()
    dice, models = random.Random(asked.seed), shared_models()
    prices = snapshot_from_files(bundled_folder()).derived(price_list)
    agreed = same = drawn = 0
    differences: collections.Counter[tuple[str, str, str, str]] = collections.Counter()
    examples: dict[tuple[str, str, str, str], str] = {}
    while agreed < asked.n and drawn < 10 * asked.n:
        drawn += 1
        provider, model, key = dice.choice(models)
        call = draw(dice, first_price(prices, provider, model), provider, model, key)
        theirs = genai_cost(call.provider, call.model, call.counts, call.processing, call.moment)
        other = litellm_cost(call.key, call.counts, call.processing)
        if not theirs or not other or abs(theirs - other) > SAME * max(theirs, other):
            continue
        agreed += 1
        ours = our_cost(prices, call)
        if isinstance(ours, Decimal) and abs(ours - theirs) <= SAME * theirs:
            same += 1
            continue
        label = ours if isinstance(ours, str) else "different"
        at = (call.provider, call.model, call.kind, label)
        differences[at] += 1
        examples.setdefault(at, f"ours {ours}, theirs {theirs}, {call.counts} at {call.moment.date()}")
    print(f"models known to both peers: {len(models)}; drawn {drawn}; the peers agree on {agreed}")
    print(f"identical to 1e-9: {same} of {agreed} = {100 * same / agreed:.2f} %")
    for at, count in differences.most_common(asked.show):
        print(f"{count:5d}  {' | '.join(at)}: {examples[at]}")
    print(f"{len(differences)} kinds of difference")


if __name__ == "__main__":
    main()
