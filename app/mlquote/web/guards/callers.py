"""Who asks, as far as it is known before anything is looked up: a key this process has verified, or an address.

A key that was merely sent says nothing: whoever makes up a new one for every request is one address all the same. The
address is the peer's, or what a trusted proxy says it is: uvicorn reads `X-Forwarded-For` from those alone
(MLQUOTE_TRUSTED_PROXIES).
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Literal

from starlette.types import Scope

_MOST_KNOWN = 10_000
_HOME_BITS = 64
"""Of an IPv6 address: one customer's network, whose other 64 bits he chooses as he likes."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose turns are counted together; `kind` "here" is this machine itself, whose turns are not counted."""

    kind: Literal["key", "address", "here"]
    name: str


class KnownKeys:
    """The keys that this process has verified, by the digest of their text; the ones longest unused are forgotten."""

    def __init__(self) -> None:
        """Nobody is known yet."""
        self._ids: OrderedDict[bytes, str] = OrderedDict()

    def remember(self, text: str, key_id: str) -> None:
        """A key was verified."""
        self._ids[sha256(text.encode()).digest()] = key_id
        if len(self._ids) > _MOST_KNOWN:
            self._ids.popitem(last=False)

    def id_of(self, text: str) -> str | None:
        """Whose key it was when it was verified last; whether it still opens anything, the lock asks anew."""
        digest = sha256(text.encode()).digest()
        found = self._ids.get(digest)
        if found is not None:
            self._ids.move_to_end(digest)
        return found


def presented(scope: Scope) -> str | None:
    """The text of the key that a request carries: `Authorization: Bearer mlq_...`, or `X-API-Key: mlq_...`."""
    other = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, text = value.decode("latin-1").partition(" ")
            if scheme.casefold() == "bearer" and text.strip():
                return str(text.strip())
        elif name == b"x-api-key":
            other = value.decode("latin-1") or None
    return other


def caller_of(scope: Scope, known: KnownKeys) -> Caller:
    """Whose turn a request is."""
    peer: Any = scope.get("client")
    found = address(peer[0]) if peer else HERE
    if found is HERE:
        return found
    text = presented(scope)
    key_id = known.id_of(text) if text is not None else None
    return found if key_id is None else Caller("key", key_id)


HERE = Caller("here", "")


@lru_cache(maxsize=4096)
def address(host: str) -> Caller:
    """A peer's address; of IPv6 the network, since a caller has 2^64 addresses in his. No address is its own name."""
    try:
        read = ip_address(host)
    except ValueError:
        return Caller("address", host[:100])
    if isinstance(read, IPv6Address):
        read = read.ipv4_mapped or read
    if read.is_loopback:
        return HERE
    if isinstance(read, IPv6Address):
        return Caller("address", str(ip_network((read, _HOME_BITS), strict=False)))
    return Caller("address", str(read))
