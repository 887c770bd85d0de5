"""What one request used: the counts that providers bill, each thing counted once."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mlquote.estimators.asking.numbers import a_number
from mlquote.estimators.asking.question import Count, Name, Part, Word
from mlquote.kit.money import plain
from mlquote.kit.units import TOKENS_PER_MTOK

DATED: Final = re.compile(r"(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|default|latest)|:latest|:20\d{6}(?:-v\d+)?)$")
"""What a model's id may end in to name one of its snapshots, or the latest."""

Seconds = Annotated[
    Decimal, BeforeValidator(a_number), Field(ge=0, le=10**12, allow_inf_nan=False), AfterValidator(plain)
]


FACTS: Final[dict[str, str]] = {
    "image_size": "size",
    "image_quality": "quality",
    "resolution": "resolution",
    "search_context": "search_context",
    "container_memory": "memory",
}
"""A field of `Usage` -> the name it has in a price's `variant`."""


class Usage(Part):
    """Counts of one request. Every field is disjoint from the others, but `reasoning_tokens`, a part of the output."""

    input_tokens: Count | None = None
    """Text tokens of the prompt that were neither read from nor written to a cache."""
    output_tokens: Count | None = None
    """Text tokens generated, reasoning included."""
    reasoning_tokens: Count | None = None
    """How many of `output_tokens` were reasoning; matters only where the provider prices them apart."""
    cache_read_tokens: Count | None = None
    """Prompt tokens read from a cache."""
    cache_write_tokens: Count | None = None
    """Prompt tokens written to a cache for the provider's default time."""
    cache_write_5m_tokens: Count | None = None
    """Prompt tokens written to a cache for five minutes."""
    cache_write_1h_tokens: Count | None = None
    """Prompt tokens written to a cache for an hour."""
    cache_write_12h_tokens: Count | None = None
    """Prompt tokens written to a cache for twelve hours."""
    explicit_cache_read_tokens: Count | None = None
    """Prompt tokens read from a cache that the caller made by name, where those have their own price."""
    audio_input_tokens: Count | None = None
    """Audio tokens of the prompt, uncached."""
    audio_cache_read_tokens: Count | None = None
    """Audio tokens of the prompt read from a cache."""
    audio_cache_write_tokens: Count | None = None
    """Audio tokens of the prompt written to a cache."""
    audio_output_tokens: Count | None = None
    """Audio tokens generated."""
    image_input_tokens: Count | None = None
    """Image tokens of the prompt, uncached."""
    image_cache_read_tokens: Count | None = None
    """Image tokens of the prompt read from a cache."""
    image_output_tokens: Count | None = None
    """Image tokens generated."""
    video_input_tokens: Count | None = None
    """Video tokens of the prompt, uncached."""
    video_cache_read_tokens: Count | None = None
    """Video tokens of the prompt read from a cache."""
    video_output_tokens: Count | None = None
    """Video tokens generated."""
    citation_tokens: Count | None = None
    """Tokens of cited pages, where the provider bills them."""
    images: Count | None = None
    """Images generated, where they are billed by the piece."""
    input_images: Count | None = None
    """Images sent, where they are billed by the piece."""
    image_size: Name | None = None
    """Size of the images, as the provider writes it: 1024x1024, 2K."""
    image_quality: Name | None = None
    """Quality of the images, as the provider writes it: low, medium, high, standard, hd."""
    resolution: Name | None = None
    """Resolution of generated video: 720p, 1080p."""
    web_searches: Count | None = None
    """Web searches billed by the piece (for Gemini 3 unique queries, for Gemini 2 grounded prompts)."""
    search_context: Annotated[Literal["low", "medium", "high"], Word] | None = None
    """How much the search reads, where its price depends on that."""
    file_searches: Count | None = None
    """File searches."""
    maps_queries: Count | None = None
    """Queries grounded in a map."""
    rerank_searches: Count | None = None
    """Rerank searches (one query with up to 100 documents)."""
    code_sessions: Count | None = None
    """Sessions of code interpreter or shell containers, each billed as a full one; `code_minutes` tells them apart."""
    code_minutes: Count | None = None
    """Minutes that such containers ran, five at least a session, where they are billed by the minute."""
    container_memory: Name | None = None
    """Memory of those containers: 1g, 4g, 16g, 64g."""
    queries: Count | None = None
    """Queries of a service that is billed by the query."""
    text_messages: Count | None = None
    """Text messages in a voice session."""
    pages: Count | None = None
    """Document pages read."""
    annotated_pages: Count | None = None
    """Document pages read and annotated."""
    characters: Count | None = None
    """Characters sent (speech synthesis, older text models)."""
    output_characters: Count | None = None
    """Characters generated."""
    seconds: Seconds | None = None
    """Seconds of audio heard, or of audio or video made, whichever the model is billed by."""
    input_seconds: Seconds | None = None
    """Seconds of audio or video sent, where what is sent and what is made are both billed."""
    output_seconds: Seconds | None = None
    """Seconds of audio or video made, where what is sent and what is made are both billed."""
    model_unit_hours: Count | None = None
    """Hours of model units under a commitment (Bedrock's provisioned throughput), times the units."""
    steps: Count | None = None
    """Denoising steps."""
    pixels: Count | None = None
    """Pixels, where images are billed by them."""
    training_tokens: Count | None = None
    """Tokens trained on in fine-tuning: tokens of the file times epochs."""

    @model_validator(mode="after")
    def _consistent(self) -> "Usage":
        if (self.reasoning_tokens or 0) > (self.output_tokens or 0):
            raise ValueError("reasoning_tokens is a part of output_tokens and cannot exceed it")
        if self.code_sessions and self.code_minutes:
            raise ValueError("code_sessions and code_minutes bill the same containers: give one of them")
        return self

    @property
    def says_something(self) -> bool:
        """Whether any count is given; a null is no count, and not a zero."""
        return any(value is not None for name, value in self.__dict__.items() if name not in FACTS)

    def counts(self) -> dict[str, int | Decimal]:
        """The counts that are given and not zero, by name, in the order of the fields."""
        return {name: value for name, value in self.__dict__.items() if value and name not in FACTS}

    def given(self) -> dict[str, Any]:
        """The fields that are given, by name, in the order of the fields."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def facts(self) -> dict[str, str]:
        """The given facts that a price may depend on, by the name the catalogue knows them under."""
        return {fact: str(value) for name, fact in FACTS.items() if (value := getattr(self, name)) is not None}


COUNTED: Final = tuple(name for name in Usage.model_fields if name not in FACTS)
"""The fields of `Usage` that are counts."""


def in_millions(counts: Mapping[str, int | Decimal]) -> bool:
    """Whether the prompt of one request is whole millions of tokens, as who asks for a price per million writes it."""
    prompt = sum(counts[name] for name in counts.keys() & PROMPT)
    return prompt > 0 and prompt % TOKENS_PER_MTOK == 0


PROMPT: Final = frozenset(
    {
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
        "cache_write_12h_tokens", "explicit_cache_read_tokens", "audio_input_tokens", "audio_cache_read_tokens",
        "audio_cache_write_tokens", "image_input_tokens", "image_cache_read_tokens", "video_input_tokens",
        "video_cache_read_tokens",
    }
)  # fmt: skip
"""The counts that make the prompt: their sum, cached or not, chooses the long-context tier."""
