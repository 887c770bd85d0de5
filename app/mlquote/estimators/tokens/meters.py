"""What is counted, and which rows of the catalogue price it."""

from typing import Final, NamedTuple

from mlquote.catalog.rows import TokenPrice
from mlquote.kit.units import price_units

TOKENS: Final = price_units("tokens")
_SECONDS: Final = price_units("seconds")
_CALLS: Final = price_units("requests")
_IMAGES: Final = price_units("images")
_PAGES: Final = price_units("pages")
_CHARACTERS: Final = price_units("characters")


class Selector(NamedTuple):
    """What rows price a count: meter, modality, cache time, allowed units."""

    meter: str
    modality: str
    cache_ttl: str
    units: tuple[str, ...]


def _tokens(meter: str, modality: str = "text", cache_ttl: str = "") -> Selector:
    return Selector(meter, modality, cache_ttl, TOKENS)


SELECTORS: Final[dict[str, tuple[Selector, ...]]] = {
    "input_tokens": (_tokens("input"),),
    "output_tokens": (_tokens("output"),),
    "reasoning_tokens": (_tokens("reasoning_output"),),
    "cache_read_tokens": (_tokens("cache_read"),),
    "cache_write_tokens": (_tokens("cache_write", cache_ttl="default"), _tokens("cache_write", cache_ttl="5m")),
    "cache_write_5m_tokens": (_tokens("cache_write", cache_ttl="5m"),),
    "cache_write_1h_tokens": (_tokens("cache_write", cache_ttl="1h"),),
    "cache_write_12h_tokens": (_tokens("cache_write", cache_ttl="12h"),),
    "explicit_cache_read_tokens": (_tokens("explicit_cache_read"),),
    "audio_input_tokens": (_tokens("input", "audio"),),
    "audio_cache_read_tokens": (_tokens("cache_read", "audio"),),
    "audio_cache_write_tokens": (_tokens("cache_write", "audio", "default"),),
    "audio_output_tokens": (_tokens("output", "audio"),),
    "image_input_tokens": (_tokens("input", "image"),),
    "image_cache_read_tokens": (_tokens("cache_read", "image"),),
    "image_output_tokens": (_tokens("output", "image"),),
    "video_input_tokens": (_tokens("input", "video"),),
    "video_cache_read_tokens": (_tokens("cache_read", "video"),),
    "video_output_tokens": (_tokens("output", "video"),),
    "citation_tokens": (_tokens("citation_output"),),
    "images": (Selector("output", "image", "", _IMAGES),),
    "input_images": (Selector("input", "image", "", _IMAGES),),
    "web_searches": (Selector("web_search", "any", "", _CALLS),),
    "file_searches": (Selector("file_search", "any", "", _CALLS),),
    "maps_queries": (Selector("maps_grounding", "any", "", _CALLS),),
    "rerank_searches": (Selector("rerank_search", "any", "", _CALLS),),
    "code_sessions": (Selector("code_interpreter", "any", "", price_units("sessions")),),
    "code_minutes": (Selector("code_interpreter_minute", "any", "", price_units("minutes")),),
    "queries": (Selector("query", "any", "", _CALLS),),
    "text_messages": (Selector("text_message", "text", "", _CALLS),),
    "request_fee": (Selector("request", "any", "", _CALLS),),
    "pages": (Selector("ocr_page", "document", "", _PAGES),),
    "annotated_pages": (Selector("ocr_annotated_page", "document", "", _PAGES),),
    "characters": (Selector("input_characters", "text", "", _CHARACTERS),),
    "output_characters": (Selector("output_characters", "text", "", _CHARACTERS),),
    "seconds": tuple(
        Selector(meter, modality, "", _SECONDS) for meter in ("input", "output") for modality in ("audio", "video")
    ),
    "input_seconds": tuple(Selector("input", modality, "", _SECONDS) for modality in ("audio", "video")),
    "output_seconds": tuple(Selector("output", modality, "", _SECONDS) for modality in ("audio", "video")),
    "model_unit_hours": (Selector("provisioned_throughput", "any", "", price_units("model_unit_hours")),),
    "steps": (Selector("image_step", "any", "", price_units("steps")),),
    "pixels": (Selector("output", "image", "", price_units("pixels")),),
    "training_tokens": (Selector("training", "text", "", TOKENS),),
}
"""A count -> the rows that price it, the first that a model has."""

AT_TEXT_RATE: Final[dict[str, str]] = {
    "audio_input_tokens": "input_tokens",
    "image_input_tokens": "input_tokens",
    "video_input_tokens": "input_tokens",
    "audio_cache_read_tokens": "cache_read_tokens",
    "image_cache_read_tokens": "cache_read_tokens",
    "video_cache_read_tokens": "cache_read_tokens",
    "audio_cache_write_tokens": "cache_write_tokens",
    "explicit_cache_read_tokens": "cache_read_tokens",
}
"""What a model bills at its text rate when its price list names no rate of its own for it."""

NO_DISCOUNT: Final[dict[str, str]] = {
    "cache_read_tokens": "input_tokens",
    "cache_write_tokens": "input_tokens",
    "audio_cache_read_tokens": "audio_input_tokens",
    "image_cache_read_tokens": "image_input_tokens",
    "video_cache_read_tokens": "video_input_tokens",
}
"""Cached tokens are tokens of the prompt: a model whose list never names a price for them bills them as such."""

FEES: Final = frozenset(
    {
        "web_searches", "file_searches", "maps_queries", "code_sessions", "code_minutes", "queries", "text_messages",
        "request_fee",
    }
)  # fmt: skip
"""Charged by the piece beside the tokens: a processing mode without a row of its own leaves them as they are."""


def selects(selector: Selector, row: TokenPrice) -> bool:
    """Whether a row is one of those that a selector means."""
    return (
        row.meter == selector.meter
        and row.modality == selector.modality
        and row.cache_ttl == selector.cache_ttl
        and row.unit in selector.units
    )


def variant_of(row: TokenPrice) -> dict[str, str]:
    """What a row's price depends on beyond the declared dimensions: {"quality": "low", "size": "1024x1024"}."""
    return dict(part.split("=", 1) for part in row.variant.split(",") if "=" in part)
