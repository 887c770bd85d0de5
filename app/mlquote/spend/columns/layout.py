"""What the columns of a table of usage mean; a table that says more than counts is left to the reader of lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mlquote.estimators.tokens.usage import COUNTED, FACTS
from mlquote.kit.errors import QuoteError
from mlquote.spend.usage_lines import IDS, LABEL, MOMENTS_SAID, unused_columns

NAMES: Final = ("provider", "model", "processing", "region")
"""What chooses a price, as a line spells it."""
KINDS: Final = (*NAMES, *FACTS)
"""The columns whose distinct spellings are resolved, once each."""
_ALONE: Final = ("discount_fraction", "rate_card")
"""Columns of which any value leaves a row to the reader of lines."""
_OURS: Final = frozenset((*KINDS, *COUNTED, *_ALONE, *MOMENTS_SAID, *IDS, "requests"))
_THEIRS: Final = frozenset(
    {"api", "request", "provider_response", "response", "body", "usage", "attributes", "labels", "custom_llm_provider"}
)
"""Columns that hold more than one value, or that only a reader of lines understands."""
_SPAN: Final = "gen_ai."


class Holds(StrEnum):
    """What a column's cells are."""

    WHOLE = "whole"
    FLOAT = "float"
    MOMENT = "moment"
    DAY = "day"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The columns of one table by what they mean."""

    holds: Mapping[str, Holds]
    when: tuple[str, ...]
    """Columns that say the moment; the first that is not null counts."""
    kinds: tuple[str, ...]
    """Those of KINDS that the table has."""
    counts: tuple[str, ...]
    labels: tuple[str, ...]
    """Columns of labels, with their prefix."""
    alone: tuple[str, ...]
    """Columns of which any value leaves a row to the reader of lines."""
    ignored: tuple[str, ...]
    """Columns that say nothing about the price."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that tell kinds apart; always a provider, which `provider=` may give where no column does."""
        return tuple(name for name in KINDS if name == "provider" or name in self.kinds)

    @property
    def has_requests(self) -> bool:
        """Whether a row may stand for several requests."""
        return "requests" in self.holds


def layout_of(holds: Mapping[str, Holds]) -> TableLayout | None:
    """The meaning of a table's columns; None for a table that only the reader of lines understands.

    Args: holds: column -> what its cells are, in the table's order
    """
    names = tuple(holds)
    if not _THEIRS.isdisjoint(names) or any(name.startswith(_SPAN) for name in names):
        return None
    if not set(IDS).isdisjoint(names):
        return None  # the same answer twice is paid once, which takes one look at each line
    counts = tuple(name for name in COUNTED if name in holds)
    if not counts or "model" not in holds or not all(map(_is_readable, holds.items())):
        return None
    ignored = unused_columns(names)
    if isinstance(ignored, QuoteError):
        return None
    return TableLayout(
        holds=dict(holds),
        when=tuple(name for name in MOMENTS_SAID if name in holds),
        kinds=tuple(name for name in KINDS if name in holds),
        counts=counts,
        labels=tuple(name for name in names if name.startswith(LABEL)),
        alone=tuple(name for name in _ALONE if name in holds),
        ignored=tuple(name for name in ignored if name not in FACTS),
    )


def _is_readable(column: tuple[str, Holds]) -> bool:
    """Whether a column's cells are of a kind that means here what it means on a line."""
    name, holds = column
    if name in COUNTED or name == "requests":
        return holds in (Holds.WHOLE, Holds.FLOAT)
    if name in MOMENTS_SAID:
        return holds in (Holds.MOMENT, Holds.DAY)
    if name.startswith(LABEL):
        return holds in (Holds.TEXT, Holds.WHOLE)
    if name in KINDS:
        return holds is Holds.TEXT
    return name in _ALONE or name not in _OURS
