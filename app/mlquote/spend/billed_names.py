"""The models that bills of clouds mean: their meters' names without the words that say what is metered, and where."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_METERED: Final = re.compile(
    r"(inp(u?t)?|outp(u?t)?|opt|cached?|cchd|cd|cache|read|write|tokens?|tkns?|text|predictions?|1[km]|batch|global|glbl|gbl"
    r"|regional|regnl|rgnl|reg|data|dz(one)?|zone|provisioned|\d{4}|-+|,+)",
    re.IGNORECASE,
)
"""A word of a meter that is no word of its model's name: kind of token, unit, reach, the day of a snapshot (0718)."""
_CLAUDE: Final = re.compile(r"claude[ -]?(\d+(?:\.\d+)?)[ -]?(haiku|sonnet|opus)", re.IGNORECASE)
"""How AWS writes Anthropic's models: Claude4.5Haiku."""


class MeterWords(NamedTuple):
    """A name that a meter's words may mean, and the mode that they say."""

    model: str
    processing: str | None = None


def readings_of(spelling: str) -> Iterator[MeterWords]:
    """What a meter's name may mean beside itself: all its words must be of a model's name, or say what is metered."""
    words = spelling[:200].split()
    batch = "batch" if any(word.casefold() == "batch" for word in words) else None
    last = len(words)
    while last and _METERED.fullmatch(words[last - 1]):
        last -= 1
    if 0 < last < len(words):
        yield MeterWords(" ".join(words[:last]), batch)
    found = _CLAUDE.fullmatch(" ".join(words[:last]))
    if found is not None:
        version, family = found[1].replace(".", "-"), found[2].casefold()
        yield MeterWords(f"anthropic.claude-{family}-{version}", batch)
        yield MeterWords(f"anthropic.claude-{version}-{family}", batch)
