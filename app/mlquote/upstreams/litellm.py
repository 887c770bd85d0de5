"""litellm's table of model prices (`model_prices_and_context_window*.json`, MIT) as token prices and lifecycles."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Draft, Listed, Listing, Upstream
from mlquote.upstreams.names import SoldHere

_PAGE: Final = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"
"""The table itself, named where neither it nor we know the seller's page."""
FILES: Final = ("*model_prices_and_context_window*.json",)

_SELLERS: Final[Mapping[str, str]] = {
    "ai21": "ai21",
    "amazon_nova": "amazon-nova",
    "anthropic": "anthropic",
    "azure": "azure-openai",
    "azure_ai": "azure-ai-foundry",
    "azure_text": "azure-openai",
    "bedrock": "aws-bedrock",
    "bedrock_converse": "aws-bedrock",
    "bedrock_mantle": "aws-bedrock",
    "black_forest_labs": "black-forest-labs",
    "cerebras": "cerebras",
    "codestral": "mistral",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "dashscope": "alibaba",
    "deepgram": "deepgram",
    "deepseek": "deepseek",
    "elevenlabs": "elevenlabs",
    "fal_ai": "fal-ai",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "gemini": "google",
    "groq": "groq",
    "jina_ai": "jina",
    "meta": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "openai": "openai",
    "perplexity": "perplexity",
    "qwen_ai_platform": "alibaba-qwen-platform",
    "qwencloud": "alibaba-qwencloud",
    "runwayml": "runwayml",
    "stability": "stability",
    "text-completion-openai": "openai",
    "together_ai": "together",
    "voyage": "voyage",
    "xai": "xai",
    "zai": "zai",
}
"""litellm_provider -> our seller, where it is another word; every `vertex_ai...` is google-vertex."""


class _Meter(NamedTuple):
    meter: str
    modality: str
    unit: str
    things: int
    """How many of what litellm prices make our unit."""


_TOKENS: Final = ("per_million_tokens", 1_000_000)
_METERS: Final[Mapping[str, _Meter]] = {
    "input_cost_per_token": _Meter("input", "text", *_TOKENS),
    "output_cost_per_token": _Meter("output", "text", *_TOKENS),
    "output_cost_per_reasoning_token": _Meter("reasoning_output", "text", *_TOKENS),
    "cache_read_input_token_cost": _Meter("cache_read", "text", *_TOKENS),
    "cache_creation_input_token_cost": _Meter("cache_write", "text", *_TOKENS),
    "input_cost_per_audio_token": _Meter("input", "audio", *_TOKENS),
    "output_cost_per_audio_token": _Meter("output", "audio", *_TOKENS),
    "cache_read_input_audio_token_cost": _Meter("cache_read", "audio", *_TOKENS),
    "cache_creation_input_audio_token_cost": _Meter("cache_write", "audio", *_TOKENS),
    "input_cost_per_image_token": _Meter("input", "image", *_TOKENS),
    "output_cost_per_image_token": _Meter("output", "image", *_TOKENS),
    "cache_read_input_image_token_cost": _Meter("cache_read", "image", *_TOKENS),
    "input_cost_per_video_token": _Meter("input", "video", *_TOKENS),
    "output_cost_per_video_token": _Meter("output", "video", *_TOKENS),
    "ocr_cost_per_page": _Meter("ocr_page", "document", "per_thousand_pages", 1_000),
    "annotation_cost_per_page": _Meter("ocr_annotated_page", "document", "per_thousand_pages", 1_000),
    "google_maps_grounding_cost_per_query": _Meter("maps_grounding", "any", "per_thousand_requests", 1_000),
    "output_cost_per_image": _Meter("output", "image", "per_image", 1),
    "video_generation:output_cost_per_second": _Meter("output", "video", "per_second", 1),
    "audio_transcription:input_cost_per_second": _Meter("input", "audio", "per_second", 1),
    "audio_speech:output_cost_per_second": _Meter("output", "audio", "per_second", 1),
    "audio_speech:input_cost_per_character": _Meter("input_characters", "text", "per_million_characters", 1_000_000),
    "rerank:input_cost_per_query": _Meter("rerank_search", "any", "per_thousand_requests", 1_000),
    "search:input_cost_per_query": _Meter("query", "any", "per_thousand_requests", 1_000),
    "embedding:input_cost_per_image": _Meter("input", "image", "per_image", 1),
}
"""Field, or kind of model and field where the field alone does not say what it prices; the others are unread."""

_SUFFIX: Final = re.compile(
    r"_(?:above_(\d+)k_tokens|above_(1hr)|(batches|priority|flex|ultrafast|decisions)|(480p|720p|768p|1080p|2k|4k))$"
)
_PROCESSING: Final = {"batches": "batch"}
_NO_PRICE: Final = re.compile(r"^(max_|supports_|tpm$|rpm$|output_vector_size$|prompt_cache_min_tokens$)")


def read(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """The token prices and retirements that this version lists, in our keys.

    Args:    texts: file name -> content; one of `FILES`
    Raises:  InvalidCatalog where the file is no such table
    """
    draft = Draft()
    for name, entry in _entries(texts):
        seller = _seller(str(entry.get("litellm_provider") or ""))
        if seller:
            _read_entry(draft, entry, seller, sold.named(seller, name) or _own_id(name, entry), sold.page(seller))
            _read_retirement(draft, entry, seller, sold.id_of(seller, name) or _own_id(name, entry))
        else:
            draft.unread["an entry without a seller"] += 1
    return draft.listing(upstream)


def _entries(texts: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file, text in sorted(texts.items()):
        try:
            table = json.loads(text, parse_float=Decimal, parse_int=Decimal)
            entries = sorted(table.items())
        except (ValueError, AttributeError) as error:
            raise InvalidCatalog(f"{file} is not litellm's table of models: {error}") from None
        for name, entry in entries:
            if isinstance(entry, dict) and name != "sample_spec":
                yield name, entry


def _seller(litellm_provider: str) -> str:
    if litellm_provider.startswith("vertex_ai"):
        return "google-vertex"
    return _SELLERS.get(litellm_provider, litellm_provider.replace("_", "-"))


def _own_id(name: str, entry: Mapping[str, Any]) -> str:
    """A model that we do not hold, by its name without litellm's route to the seller."""
    head, slash, tail = name.partition("/")
    route = head == entry["litellm_provider"] or head in _SELLERS or head.startswith("vertex_ai")
    return tail if slash and route else name


def _read_entry(draft: Draft, entry: Mapping[str, Any], seller: str, model: str, page: str) -> None:
    source = str(entry.get("source") or page or _PAGE)
    for field, tier, value in _figures(entry):
        price = _price(seller, model, field, tier, str(entry.get("mode")))
        if price is None:
            draft.unread[f"field not read: {field}"] += 1
        elif value == 0:
            draft.unread["a price of 0 (free is a claim that no page makes)"] += 1
        else:
            key, things = price
            draft.add(Listed("token_prices", key, (value * things).normalize(), source))


def _read_retirement(draft: Draft, entry: Mapping[str, Any], seller: str, model: str) -> None:
    retired = _day(entry.get("deprecation_date"))
    if retired is not None:
        where = str(entry.get("deprecation_source") or entry.get("source") or _PAGE)
        draft.add(Listed("model_lifecycles", (seller, model), retired, where))


def _figures(entry: Mapping[str, Any]) -> Iterator[tuple[str, int | None, Decimal]]:
    """Each number that may be a price: its field, the prompt size it begins above, and its dollars."""
    for field, value in entry.items():
        if isinstance(value, Decimal) and not _NO_PRICE.match(field):
            yield field, None, value
        elif isinstance(value, dict) and "cost" in field:
            yield from ((f"{field}.{inner}", None, price) for inner, price in value.items() if price)
    for tier in entry.get("tiered_pricing") or ():
        above = int(tier.get("range", [0])[0])
        for field, value in tier.items():
            if isinstance(value, Decimal):
                yield field, above or None, value


def _price(
    seller: str, model: str, field: str, tier: int | None, mode: str
) -> tuple[tuple[Any, ...], int] | None:  # fmt: skip
    """The key that a field's price has here, and how many of what it prices make our unit."""
    stem, ttl, processing, variant = field, "", "standard", ""
    while suffix := _SUFFIX.search(stem):
        stem = stem[: suffix.start()]
        thousands, hour, mode_of_work, resolution = suffix.groups()
        tier = int(thousands) * 1_000 if thousands else tier
        ttl = "1h" if hour else ttl
        processing = _PROCESSING.get(mode_of_work, mode_of_work) if mode_of_work else processing
        variant = f"resolution={resolution}" if resolution else variant
    meter = _METERS.get(stem) or _METERS.get(f"{mode}:{stem}")
    if meter is None:
        return None
    if meter.meter == "cache_write":
        ttl = ttl or ("5m" if "claude" in model.casefold() else "default")
    operator = "" if tier is None else ">=" if seller == "xai" else ">"
    key = (seller, model, meter.meter, meter.modality, ttl, processing, operator, tier, "", "", variant, meter.unit)
    return key, meter.things


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
