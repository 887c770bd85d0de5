"""What a dialect makes of a provider's response: the counts, each token in exactly one of them, and the facts beside.

A dialect never guesses. A count it must have is refused when it is missing or null; one that a provider may leave
out is nothing when missing; a null there is nothing too, and is said. Counts that contradict one another are refused
with both figures, because either of them would be a wrong bill.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

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


class Pass(NamedTuple):
    """A further call that the same response reports: the model that answered it, None for the same, and its counts."""

    model: str | None
    counts: Mapping[str, int]


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
    others: tuple[Pass, ...] = ()
    """Calls beside the one of `counts`, each billed by itself: another model's passes, the turns of a live session."""


class Notes:
    """What reading a response leaves behind, shared by all of its objects."""

    __slots__ = ("beside", "nulls", "read", "warnings")

    def __init__(self) -> None:
        """Nothing read yet."""
        self.nulls: list[str] = []
        """Pointers of counts that were null."""
        self.read: dict[str, set[str]] = {}
        """Pointer of an object -> the members that were read as numbers, or declared harmless."""
        self.warnings: list[Warning] = []
        """What there is to say of how a count was read."""
        self.beside: list[tuple[str, str, Any]] = []
        """Numbers beside the answer that speak of something billed: where each stands, its name and value."""


NOWHERE: Mapping[str, str] = {}


class Body:
    """A JSON object of a response that knows where it stands, so that every complaint names its pointer."""

    __slots__ = ("_kept", "_names", "at", "notes", "placed", "spelt", "values")

    def __init__(
        self,
        values: Mapping[str, Any],
        at: str,
        notes: Notes | None = None,
        placed: Mapping[str, str] = NOWHERE,
        spelt: Callable[[str], str] | None = None,
    ) -> None:
        """`placed` maps a member that the asker's object has elsewhere, or is itself, to its pointer; `spelt` tells how
        that object spells a member that is asked for by another name.
        """
        self.values = values
        self.at = at
        self.placed = placed
        self.spelt = spelt
        self.notes = notes = Notes() if notes is None else notes
        names = notes.read.get(at)
        self._names = notes.read.setdefault(at, set()) if names is None else names
        self._kept: dict[str, Body] = {}

    def pointer(self, name: str) -> str:
        """The JSON pointer of a member."""
        if name in self.placed:
            return self.placed[name]
        if self.spelt is not None:
            name = self.spelt(name)
        return f"{self.at}/{escaped(name)}"

    def harmless(self, *names: str) -> None:
        """Declare members that say nothing about the price, or repeat what is read elsewhere."""
        self._names.update(names)

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self.values.get(name) is not None

    def part(self, name: str) -> "Body":
        """A member that is an object; an empty one when it is missing or null."""
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        value = self.values.get(name)
        if value is not None and type(value) is not dict and not isinstance(value, Mapping):
            raise Malformed(f"{name} must be an object, not {_kind(value)}", pointer=self.pointer(name))
        kept = self._kept[name] = Body(value or {}, self.pointer(name), self.notes, spelt=self.spelt)
        return kept

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
        at = self.pointer(name)
        return [
            Body(v, f"{at}/{i}", self.notes, spelt=self.spelt) for i, v in enumerate(value) if isinstance(v, Mapping)
        ]

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
                self.notes.nulls.append(self.pointer(name))
            return None
        self._names.add(name)
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
        self._names.add(name)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise Malformed(f"{name} must be a number, not {_kind(value)}", pointer=self.pointer(name))
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite() or number < 0 or number > MOST_COUNT:
            raise OutOfDomain(f"{name} is {value}; it cannot be", pointer=self.pointer(name))
        return number


def escaped(name: str) -> str:
    """A member's name as a JSON pointer writes it."""
    return name.replace("~", "~0").replace("/", "~1") if "/" in name or "~" in name else name


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
    nulls = dict.fromkeys(body.notes.nulls)
    return (Warning("null-counts", f"null in the response, read as none: {', '.join(nulls)}"),) if nulls else ()
