"""Every way a question can fail, as one small tree.

    QuoteError                a caller can mend this; never raised itself
    ├── Malformed             a field is missing, misspelt or of the wrong type
    ├── OutOfDomain           a value is of the right type and means nothing here
    ├── UnknownCoding         packed in a way that nobody here unpacks
    ├── UnknownName           not in the catalogue; the hint names the nearest known ids
    ├── NotEffective          in the catalogue, but not at that moment
    ├── Conflict              contradicts what is already recorded
    ├── TooLarge              more than one request may bring
    ├── TooMany               more than this caller may ask for now
    ├── Forbidden             the caller may not do this; Unauthenticated: nobody knows who asks
    ├── Unavailable           the answer exists but cannot be reached now
    └── InvalidCatalog        the data files are at fault, every fault listed

The pure rooms know no status and no exit code: the doors translate.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from mlquote.kit.codes import ERROR_CODES

MOST_FAULTS = 50
"""Faults of one question that are told; the further ones are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (a JSON pointer, or file:row:column), what, and what would be right."""

    pointer: str
    detail: str
    hint: str = ""


class QuoteError(Exception):
    """A question that cannot be answered, with all its faults; `code` is one of kit/codes.py."""

    code = "quote-error"
    corrected = ""
    """The question that would have been answered, as an address or a command; it has been tried."""

    def __init__(
        self, detail: str, *, pointer: str = "", hint: str = "", faults: Iterable[Fault] = (), code: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults) or (Fault(pointer, detail, hint),)
        if code:
            if code not in ERROR_CODES:
                raise ValueError(f"{code!r} is no error code: give it a row in kit/codes.py")
            self.code = code

    def retold(self, faults: Iterable[Fault], detail: str | None = None) -> Self:
        """The same error, its faults seen from another place."""
        again = type(self)(self.detail if detail is None else detail, faults=faults)
        again.code, again.corrected = self.code, self.corrected
        return again


class Malformed(QuoteError):
    """A field is missing, misspelt or of the wrong type."""

    code = "malformed"


class OutOfDomain(QuoteError):
    """A value is of the right type and has no meaning here."""

    code = "out-of-domain"


class UnknownCoding(QuoteError):
    """A body is packed in a way that nobody here unpacks."""

    code = "unknown-coding"


class UnknownName(QuoteError):
    """A name is not in the catalogue."""

    code = "unknown-name"


class NotEffective(QuoteError):
    """The catalogue knows the name, but holds nothing for that moment."""

    code = "not-effective"


class Conflict(QuoteError):
    """The request contradicts what is already recorded."""

    code = "conflict"


class TooLarge(QuoteError):
    """The request brings more than one request may."""

    code = "too-large"


class TooMany(QuoteError):
    """The caller asks for more than it may just now."""

    code = "too-many"


class Unauthenticated(QuoteError):
    """No key, or one nobody issued."""

    code = "unauthenticated"


class Forbidden(QuoteError):
    """The key is known and does not allow this."""

    code = "forbidden"


class Unavailable(QuoteError):
    """The answer exists but cannot be reached now."""

    code = "unavailable"


class InvalidCatalog(QuoteError):
    """The data files break a rule; every fault is listed as file:row:column."""

    code = "invalid-catalog"


_SIGNS, _WORDS = re.compile(r"[^a-z0-9]"), re.compile(r"[a-z]{3,}|[0-9]+")


def nearest(name: str, known: Iterable[str], count: int = 3) -> str:
    """The known names closest to `name` as a hint ("nearest: a, b"), or "" when none is close.

    Where few are spelt alike, those follow that hold the whole name, or every word and number of it: `sonnet 4.5` is
    in claude-sonnet-4-5. Of a long name the first 80 characters are compared.
    """
    name = name[:80]
    by_fold = {candidate.casefold(): candidate for candidate in known}
    folded = name.casefold()
    close = get_close_matches(folded, by_fold, n=count, cutoff=0.6)
    if len(close) < count:
        bare, words = _SIGNS.sub("", folded), _WORDS.findall(folded)
        is_said = any(word.isalpha() for word in words)
        holding = (
            c
            for c in sorted(by_fold, key=len)
            if bare in _SIGNS.sub("", c) or (is_said and all(word in c for word in words))
        )
        close += [c for c in holding if bare and c not in close]
    return f"nearest: {', '.join(by_fold[c] for c in close[:count])}" if close else ""


def unknown_name(
    kind: str, name: str, known: Iterable[str], *, pointer: str, table: str = "", near: str | None = None
) -> UnknownName:
    """An `UnknownName` for a `kind` of thing ("model"), with the nearest known ids as its hint.

    Args: near: what `nearest` says of the name among the known, where that was asked before
    """
    listing = f"/v1/catalog/{table}" if table else _LISTINGS.get(kind, "")
    found = nearest(name, known) if near is None else near
    hint = found or (f"GET {listing} lists them" if listing else "")
    code = f"unknown-{kind.replace('_', '-')}"
    place = " in this catalogue release" if listing.startswith("/v1/catalog/") else ""
    return UnknownName(f"no {kind} named {name!r}{place}", pointer=pointer, hint=hint, code=code)


_LISTINGS = {
    "accelerator": "/v1/catalog/accelerators",
    "budget": "/v1/budgets",
    "grid_zone": "/v1/catalog/zones",
    "model": "/v1/catalog/models",
    "provider": "/v1/catalog/providers",
    "region": "/v1/catalog/regions",
    "release": "/v1/catalog/releases",
}
"""A kind of name -> the page that lists every one."""
