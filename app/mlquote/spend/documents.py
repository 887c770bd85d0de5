"""Any answer of ours as JSON text and back: money keeps all its digits, moments are RFC 3339, nothing else changes.

What is stored for a retry, what a server sends and what the command line computes by itself all pass through here, so
that they are the same to the last digit.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_sorting = msgspec.json.Encoder(decimal_format="number", order="deterministic")


def to_json(value: Any) -> str:
    """JSON text of dataclasses, mappings, lists, decimals and moments, in the order in which they come."""
    return _encoder.encode(value).decode()


def from_json(text: str | bytes) -> Any:
    """The data that JSON text holds, its fractions as exact decimals."""
    return json.loads(text, parse_float=Decimal)


def indented(value: Any) -> str:
    """The same for eyes: two spaces a level, and a line end."""
    return msgspec.json.format(_encoder.encode(value), indent=2).decode() + "\n"


def plain(value: Any) -> Any:
    """`value` as it would come back over the wire."""
    return from_json(to_json(value))


def digest(value: Any) -> str:
    """What names a request body: equal bodies have equal digests, whatever the order of their fields."""
    return hashlib.sha256(_sorting.encode(plain(value))).hexdigest()
