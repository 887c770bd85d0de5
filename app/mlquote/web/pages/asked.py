"""A page's query as the body of the API's question: the same fields, nested ones with dots, lists with commas."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.web.pages.frame import is_live

MOST_LETTERS = 20_000
"""A longer value belongs into a request's body."""


@dataclass(frozen=True, slots=True)
class Slider:
    """The handle beside a number's box: the same number, dragged."""

    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class FormField:
    """One control of a form, under the name that the API gives its field."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    """text, number, area, select or checks."""
    choices: Sequence[str] = ()
    help: str = ""
    slider: Slider | None = None
    is_more: bool = False
    """Whether it stands folded below the others."""
    listed: str = ""
    """The list of /v1/catalog that completes its names; `losses` is the page's own."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a page was asked: each field's text, those left empty dropped."""

    given: Mapping[str, str]

    @classmethod
    def of(cls, items: Iterable[tuple[str, str]]) -> "Query":
        """Fields in their order; one that stands there several times is a list."""
        found: dict[str, str] = {}
        for name, text in items:
            if text.strip():
                found[name] = f"{found[name]},{text.strip()}" if name in found else text.strip()
        return cls(found)

    def text(self, name: str, default: str = "") -> str:
        """A field as it was written."""
        return self.given.get(name, default)

    def number(self, name: str, default: float) -> float:
        """A field as a number, for the drawing; what is none is told by whoever answers."""
        try:
            return float(self.given.get(name, default))
        except ValueError:
            return default

    def names(self, name: str) -> list[str]:
        """A field as words between commas."""
        return [word.strip() for word in self.given.get(name, "").split(",") if word.strip()]

    def without(self, *names: str) -> "Query":
        """The query without some fields."""
        return Query({name: text for name, text in self.given.items() if name not in names})

    def only(self, names: Iterable[str]) -> "Query":
        """The fields whose name, or whose part before the dot, is one of these."""
        wanted = frozenset(names)
        return Query({n: text for n, text in self.given.items() if n in wanted or n.partition(".")[0] in wanted})

    def body(self, **defaults: Any) -> dict[str, Any]:
        """The question's body: numbers, lists and JSON read, dotted fields nested.

        Raises: OutOfDomain naming a field that is no JSON where it begins like it
        """
        found: dict[str, Any] = {}
        for name, text in self.given.items():
            head, _, rest = name.partition(".")
            if rest and isinstance(found.setdefault(head, {}), dict):
                found[head][rest] = value_of(text, f"/{head}/{rest}")
            else:
                found[head] = value_of(text, f"/{head}")
        return {**defaults, **found}


def value_of(text: str, pointer: str = "") -> Any:
    """What a box holds: JSON, a list of numbers with commas between, a number, a flag, or a word.

    Raises: OutOfDomain
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(text) > MOST_LETTERS:
        raise OutOfDomain(f"{len(text)} letters", pointer=pointer, hint="longer data go into a request's body")
    if text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            hint = "[1, 2], or [[1, 0], [0, 1]] for rows"
            raise OutOfDomain(f"{text[:40]!r} is no JSON", pointer=pointer, hint=hint) from None
    if "," in text:
        parts = [part for part in text.split(",") if part.strip()]
        return [_plain(part.strip()) for part in parts]
    return _plain(text)


def _plain(text: str) -> Any:
    words = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text) if any(letter.isdigit() for letter in text) else text
    except ValueError:
        return text


def faults_of(error: QuoteError) -> list[dict[str, str]]:
    """Each fault with the field it stands under."""
    return [
        {"field": each.pointer.removeprefix("/").replace("/", "."), "detail": each.detail, "hint": each.hint}
        for each in error.faults
    ]


def status_of(request: Request, faults: Sequence[Any]) -> int:
    """422 where a field is at fault; 200 of a view, which shows each fault at its field and needs no failure."""
    return 422 if faults and not is_live(request) else 200


def curl(path: str, body: Mapping[str, Any]) -> str:
    """The same question for the command line."""
    text = json.dumps(body).replace("'", "'\\''")
    return f"curl -s {{base}}{path} -d '{text}'"
