"""What a dialect makes of a provider's response: the counts, each token in exactly one of them, and the facts beside.

A dialect never guesses. A count it must have is refused when it is missing or null; one that a provider may leave
out is nothing when missing; a null there is nothing too, and is said. Counts that contradict one another are refused
with both figures, because either of them would be a wrong bill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Warning

MOST_COUNT = 10**15
"""No single response counts more than this of anything; beyond it the number is a mistake."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which counts of a dialect hold which: the declaration a reader can check against the provider's page."""

    cached: str
    """Where cached input is counted: "inside usage.prompt_tokens", "beside usage.input_tokens", or "" for none."""
    reasoning: str
    """Where reasoning is counted: "inside usage.completion_tokens", "beside candidatesTokenCount", or ""."""
    total: str
    """What the provider's total must be the sum of; "" where it reports none."""
    source_url: str
    """Where the provider says so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One provider response, read.

    `counts` maps a field of `usage` (API.md) to its quantity, each token in exactly one count, except
    `reasoning_tokens`: how many of `output_tokens` were reasoning, for the few models that price them apart.
    """

    dialect: str
    rules: Rules
    provider: str
    model: str | None
    counts: Mapping[str, int]
    processing: str | None = None
    """The mode the response says it was served in, in the catalogue's words; None where it does not say."""
    region: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else chooses the price: inference_geo, image_size, image_quality, search_context."""
    answered_at: datetime | None = None
    reported_usd: Decimal | None = None
    """What the provider itself says it charged."""
    warnings: tuple[Warning, ...] = ()


class Body:
    """A JSON object of a response that knows where it stands, so that every complaint names its pointer."""

    __slots__ = ("at", "bare", "nulls", "values")

    def __init__(self, values: Mapping[str, Any], at: str, nulls: list[str] | None = None, bare: str = "") -> None:
        """`bare` names a member that was not there because the asker sent what it holds and nothing else."""
        self.values = values
        self.at = at
        self.bare = bare
        self.nulls: list[str] = [] if nulls is None else nulls

    def pointer(self, name: str) -> str:
        """The JSON pointer of a member."""
        if name == self.bare:
            return self.at
        if "/" in name or "~" in name:
            name = name.replace("~", "~0").replace("/", "~1")
        return f"{self.at}/{name}"

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self.values.get(name) is not None

    def part(self, name: str) -> "Body":
        """A member that is an object; an empty one when it is missing or null."""
        value = self.values.get(name)
        if value is not None and type(value) is not dict and not isinstance(value, Mapping):
            raise Malformed(f"{name} must be an object, not {_kind(value)}", pointer=self.pointer(name))
        return Body(value or {}, self.pointer(name), self.nulls)

    def needed_part(self, name: str, hint: str = "") -> "Body":
        """A member that is an object and must be there: without it nothing can be priced."""
        if not self.has(name):
            state = "is null" if name in self.values else "is missing"
            raise Malformed(f"{name} {state}, and it holds the counts", pointer=self.pointer(name), hint=hint)
        return self.part(name)

    def parts(self, name: str) -> list["Body"]:
        """A member that is a list of objects; other elements are passed over, as content is free in form."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Malformed(f"{name} must be a list, not {_kind(value)}", pointer=self.pointer(name))
        return [Body(v, f"{self.pointer(name)}/{i}", self.nulls) for i, v in enumerate(value) if isinstance(v, Mapping)]

    def word(self, name: str) -> str | None:
        """A member that is text; None when it is missing, null or empty."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise Malformed(f"{name} must be text, not {_kind(value)}", pointer=self.pointer(name))
        return value.strip() or None if value else None

    def maybe(self, name: str) -> int | None:
        """A count that may be left out: None when missing or null."""
        value = self.values.get(name)
        if value is None:
            if name in self.values:
                self.nulls.append(self.pointer(name))
            return None
        if type(value) is int and 0 <= value <= MOST_COUNT:
            return value
        return _count(value, name, self.pointer(name))

    def count(self, name: str) -> int:
        """A count that may be left out, where left out means none."""
        return self.maybe(name) or 0

    def needed(self, name: str) -> int:
        """A count without which the response cannot be priced."""
        value = self.maybe(name)
        if value is None:
            state = "null: the provider did not report it" if name in self.values else "missing"
            raise Malformed(f"{name} is {state}, and zero would be a guess", pointer=self.pointer(name))
        return value

    def quantity(self, name: str) -> Decimal | None:
        """A measure that may have a fraction (seconds, dollars); None when missing or null."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise Malformed(f"{name} must be a number, not {_kind(value)}", pointer=self.pointer(name))
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite() or number < 0 or number > MOST_COUNT:
            raise OutOfDomain(f"{name} is {value}; it cannot be", pointer=self.pointer(name))
        return number


def _count(value: Any, name: str, pointer: str) -> int:
    """A whole number from what JSON made of it; 12.0 is 12, and nothing else is guessed at."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Malformed(f"{name} must be a number, not {_kind(value)}", pointer=pointer)
    if value < 0:
        raise OutOfDomain(f"{name} is {value}; a count is never negative", pointer=pointer, code="negative-count")
    if not value <= MOST_COUNT or value != int(value):
        raise OutOfDomain(f"{name} is {value}; a count is a whole number up to {MOST_COUNT:.0e}", pointer=pointer)
    return int(value)


def _kind(value: Any) -> str:
    names = {bool: "true or false", str: "text", list: "a list", dict: "an object", int: "a number", float: "a number"}
    return names.get(type(value), type(value).__name__)


def contradiction(detail: str, pointer: str, hint: str = "") -> OutOfDomain:
    """Counts that cannot all be true."""
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="contradictory-counts")


def within(part: int, part_name: str, whole: int, whole_name: str, pointer: str) -> None:
    """Refuse a part larger than the whole that it is said to be inside of."""
    if part > whole:
        raise contradiction(f"{part_name} is {part}, more than the {whole} of {whole_name} it is part of", pointer)


def adds_up(total: int | None, expected: int, of: str, pointer: str) -> None:
    """Refuse a total that is not the sum of its parts; a total that is not reported is not checked."""
    if total is not None and total != expected:
        raise contradiction(f"the total is {total}, but {of} is {expected}", pointer)


def null_warning(body: Body) -> tuple[Warning, ...]:
    """What was null and read as none, as one warning."""
    if not body.nulls:
        return ()
    return (Warning("null-counts", f"null in the response, read as none: {', '.join(body.nulls)}"),)
