"""What a scan gives: questions with the lines they rest on, and what was seen and not understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlquote.spend.spec import FILL


@dataclass(frozen=True, slots=True)
class Said:
    """A field's value, and where it is from."""

    value: Any
    why: str = ""
    """file:line, or what the reader must know; a comment beside the field."""


def to_fill(what: str) -> Said:
    """A field that no file tells."""
    return Said(f"{FILL}: {what}")


@dataclass(frozen=True, slots=True)
class Spending:
    """One question, as far as the files tell it."""

    kind: str
    name: str
    places: tuple[str, ...]
    """file:line of everything that says so."""
    fields: Mapping[str, Said]
    usage: Mapping[str, Said] = field(default_factory=dict)
    """Counts of one API request."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a scan found."""

    spendings: tuple[Spending, ...] = ()
    unknown: tuple[str, ...] = ()
    """Names in a model's place that this catalogue does not know, with file:line: never guessed."""
    notes: tuple[str, ...] = ()
    """What else a reader should know: libraries without a model's name, files that could not be read."""
