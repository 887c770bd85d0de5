"""Text that others wrote, made harmless where it is shown: a terminal, a comment on a pull request, a spreadsheet.

A name is data. It must not start a line of its own, move a cursor, close a tag, notify a person or be computed.
"""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MARKED = re.compile(r"[<>\[\]]|@|://|\bwww\.", re.IGNORECASE)
_NOTHING = "&#8203;"
"""A space of no width: what it parts is neither a mention nor a link."""
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def on_one_line(text: str) -> str:
    """The text with every control character, line end and change of direction as a space."""
    return _CONTROL.sub(" ", text)


def in_markdown(text: str) -> str:
    """Words in a paragraph or cell: no tag, image, link or mention begins in them."""
    return _MARKED.sub(_disarmed, on_one_line(text))


def _disarmed(found: re.Match[str]) -> str:
    mark = found[0]
    return f"&#{ord(mark)};" if mark in "<>[]" else f"{mark[0]}{_NOTHING}{mark[1:]}"


def in_csv(value: object) -> object:
    """A cell that no spreadsheet computes (CWE-1236): text that would be a formula is led by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMPUTED) else value
