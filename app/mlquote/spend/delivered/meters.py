"""What the words of a bill mean: the meter of a model, and how many single things a unit is."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_KINDS: Final = (
    ("cache_write_1h_tokens", (r"cache[^a-z]*write.*1 ?h", r"1 ?h.*cache[^a-z]*write")),
    ("cache_write_tokens", (r"cache[^a-z]*(write|creation)", r"(write|written|creation).*cache")),
    ("cache_read_tokens", (r"cache[^a-z]*read", r"cach", r"cchd", r"\bcd ?inp")),
    ("output_tokens", (r"outp", r"\bout\b", r"\bopt\b", r"response", r"completion", r"generat(ed|ion)")),
    ("input_tokens", (r"inp", r"\bin\b", r"prompt")),
)
"""Meter -> how bills write it; the first that fits is meant."""
_KNOWN: Final = tuple((meter, re.compile("|".join(patterns))) for meter, patterns in _KINDS)
_MEDIA: Final = re.compile(r"\b(image|audio|video|aud|img)\b")
_OF_TOKENS: Final = re.compile(r"token|tkn|predictions|characters?\b")
_SIZES: Final[Mapping[str, int]] = {"k": 10**3, "m": 10**6, "b": 10**9, "thousand": 10**3, "million": 10**6}
_UNIT: Final = re.compile(r"^\s*([\d,]*\.?\d*)\s*(k|m|b|thousand|million)?(?![a-z])", re.IGNORECASE)
_WORDS: Final = re.compile(r"([a-z])([A-Z])|[-_/:]+")


def spaced(text: str) -> str:
    """Words of a meter's name apart, and small: `USE1-Claude4.5Haiku-input-tokens`, `InputTokenCount`."""
    return _WORDS.sub(lambda found: f"{found[1]} {found[2]}" if found[1] else " ", text).casefold()


def token_meter(text: str) -> str | None:
    """The field of `usage` that a meter of tokens is named for; None where it is none of text."""
    words = spaced(text)
    if not _OF_TOKENS.search(words):
        return None
    meter = next((meter for meter, pattern in _KNOWN if pattern.search(words)), None)
    if meter is None and "embed" in words:
        return "input_tokens"
    media = _MEDIA.search(words)
    if meter is None or media is None:
        return meter
    kind = {"aud": "audio", "img": "image"}.get(media[1], media[1])
    return f"{kind}_{meter}" if meter in ("input_tokens", "output_tokens") else meter


def scale_of(unit: str) -> Decimal:
    """How many single things a unit is: 1K tokens, 1M, 100 Hours, 1000000 Tokens, Million Input Tokens."""
    found = _UNIT.match(unit)
    number = found[1].replace(",", "") if found else ""
    size = (found[2] or "").casefold() if found else ""
    return Decimal(number if number.strip(".") else 1) * _SIZES.get(size, 1)


def is_hours(unit: str) -> bool:
    """Whether a unit is of hours."""
    return bool(re.search(r"\b(hrs?|hours?|h)\b", unit.casefold().replace("/", " ")))
