"""What is common to the quick readers: the plain reading they make, and the words and counts that are plain."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from mlquote.estimators.tokens.dialects.call import STANDARD_WORDS
from mlquote.estimators.tokens.dialects.reading import Reading, Rules

NOTHING: Final[Mapping[str, Any]] = {}
ODD: Final = -1
"""Instead of a count that is not plain."""
_MODES: Final[Mapping[Any, str | None]] = {
    None: None,
    **dict.fromkeys(STANDARD_WORDS, "standard"),
    "batch": "batch",
    "flex": "flex",
    "priority": "priority",
}
"""A service tier -> the mode it means; `auto` is a wish, and left to the dialect."""
_BATCH_MODES: Final[Mapping[Any, str | None]] = dict.fromkeys((None, *STANDARD_WORDS, "batch"), "batch")
_PLAIN_PARTS: Final = frozenset(
    {
        "cached_tokens", "reasoning_tokens", "text_tokens", "audio_tokens", "image_tokens",
        "accepted_prediction_tokens", "rejected_prediction_tokens",
    }
)  # fmt: skip
"""Parts of a count that a breakdown may have with nothing in them."""


class Plain(NamedTuple):
    """A response that says its model, its counts and its mode, and of which there is nothing else to tell."""

    dialect: str
    rules: Rules
    model: str | None
    counts: dict[str, int]
    """Field of `usage` -> its quantity, in the order in which the dialect has them."""
    processing: str | None
    created: int | None = None
    """When the provider answered, in seconds since 1970."""

    def reading(self, provider: str) -> Reading:
        """The same as the dialect's reading."""
        at = None if self.created is None else datetime.fromtimestamp(self.created, UTC)
        return Reading(self.dialect, self.rules, provider, self.model, self.counts, self.processing, answered_at=at)


def mode(tier: Any, is_batch: bool = False) -> str | None:
    """The mode that a service tier means; "" where that is not plain."""
    try:
        return (_BATCH_MODES if is_batch else _MODES).get(tier, "")
    except TypeError:
        return ""


def named(model: Any) -> str | None:
    """A model's name as it stands; None where it is no plain text."""
    return model if type(model) is str and model and model == model.strip() else None


def moment(created: Any) -> int | None:
    """Seconds since 1970, where they are that."""
    return created if type(created) is int and 0 < created < 10**10 else None


def count(usage: Mapping[str, Any], name: str) -> int:
    """A count that may be left out; ODD where it is no whole number, or null."""
    value = usage.get(name, 0)
    return value if type(value) is int else ODD


def only(details: Any, name: str) -> int:
    """The one count of a breakdown that is not zero; ODD where another one is, or one is not known."""
    if details is None or details is NOTHING:
        return 0
    if type(details) is not dict:
        return ODD
    found = 0
    for member, value in details.items():
        if type(value) is not int or member not in _PLAIN_PARTS:
            return ODD
        if member == name:
            found = value
        elif value:
            return ODD
    return found
