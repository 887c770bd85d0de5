"""API keys: shown once, stored as a digest, each with the scopes it opens.

A scope is `area:act` for everything in that area, or `area:act:NAME`, where NAME may hold `*`: `budgets:reserve:nlp-*`.
`read` and `estimate` stand by themselves; a key of any other scope reads and estimates too.
The secret part is 32 random bytes, so a plain SHA-256 of it cannot be reversed by guessing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, or_, select, update

from mlquote.kit.errors import Conflict, Forbidden, Malformed, Unauthenticated, Unavailable, UnknownName, nearest
from mlquote.spend.documents import from_json, to_json
from mlquote.store.audit import note
from mlquote.store.budget_tables import api_keys
from mlquote.store.engine import reachable, reading

SCOPES = {
    "read": "read what is kept: catalogue, budgets, rate cards; nothing is estimated",
    "estimate": "estimate, check and price, and read the catalogue; no budget and no rate card is read",
    "budgets:write": "create, replace and delete budgets",
    "budgets:reserve": "reserve, settle and release, and charge usage to a budget",
    "catalog:write": "publish catalogue releases",
    "rate-cards:write": "create and replace rate cards",
    "keys:write": "create, list, rotate and revoke API keys, none of which opens more than its maker",
    "audit:read": "read the log of every write",
}
PLAIN = ("read", "estimate")
USED_EVERY = timedelta(hours=1)
"""How exactly it is kept when a key was used: not every request is a write."""
_WILD = frozenset("*?[")
_PREFIX = "mlq"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None = None
    """Until when the secret before the last rotation opens as much."""
    last_used_at: datetime | None = None
    """To the hour."""

    def allows(self, scope: str, name: str = "") -> bool:
        """Whether one of the key's scopes opens `scope` for the thing called `name`."""
        if scope in PLAIN:
            return any(held == scope or held not in PLAIN for held in self.scopes)
        return any(_opens(held, scope, name) for held in self.scopes)

    def covers(self, scopes: Iterable[str]) -> str | None:
        """The first of these scopes that this key does not hold whole; None where it holds them all."""
        return next((scope for scope in scopes if not self._holds(scope)), None)

    def _holds(self, scope: str) -> bool:
        if scope in PLAIN:
            return self.allows(scope)
        area, act, *only = scope.split(":", 2)
        return any(_reaches(held, f"{area}:{act}", only[0] if only else "*") for held in self.scopes)

    def demand(self, scope: str, name: str = "") -> None:
        """Raise Forbidden unless the key opens `scope` for `name`."""
        if not self.allows(scope, name):
            wanted = f"{scope} (for {name!r})" if name else scope
            raise Forbidden(f"key {self.id} ({self.name}) has no scope {wanted}", hint=f"use a key with scope {scope}")


def create_key(
    engine: Engine, name: str, scopes: Sequence[str], *, now: datetime, by: str, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which is nowhere kept and cannot be shown again.

    Raises: Malformed for a scope that does not exist, with the nearest one.
    """
    known_scopes(scopes)
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(key_id, name, tuple(dict.fromkeys(scopes)), now, by, expires_at, None)
    row = {"id": key_id, "name": name, "scopes": to_json(key.scopes), "secret_digest": _digest(secret)}
    with reachable(), engine.begin() as connection:
        connection.execute(insert(api_keys).values(**row, created_at=now, created_by=by, expires_at=expires_at))
        note(connection, "create", f"key:{key_id}", now=now, by=by, after=key)
    return key, f"{_PREFIX}_{key_id}_{secret}"


def verified(engine: Engine, text: str, now: datetime) -> ApiKey:
    """The key that `text` is.

    Raises: Unauthenticated, without saying which part is wrong; Unavailable when the database cannot be reached.
    """
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    with reading(engine) as connection:
        row = connection.execute(select(api_keys).where(api_keys.c.id == key_id[:20])).first()
    kept = row.secret_digest if row is not None else _digest("")
    matches = hmac.compare_digest(kept, _digest(secret))
    if row is not None and row.previous_until is not None and now < row.previous_until:
        matches |= hmac.compare_digest(row.previous_digest, _digest(secret))
    if row is None or not (matches and prefix == _PREFIX and secret):
        raise Unauthenticated("no such API key", hint="mlquote keys create NAME --scope SCOPE")
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise Unauthenticated(f"API key {row.id} ({row.name}) is revoked or expired", hint="ask for a new key")
    return _key(row)


def list_keys(engine: Engine) -> list[ApiKey]:
    """Every key ever made, newest first."""
    with reading(engine) as connection:
        rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id)).all()
    return [_key(row) for row in rows]


def revoke_key(engine: Engine, key_id: str, *, now: datetime, by: str) -> ApiKey:
    """From `now` on the key opens nothing; revoking twice keeps the first moment.

    Raises: UnknownName
    """
    with reachable(), engine.begin() as connection:
        before = _found(connection, key_id)
        if before.revoked_at is not None:
            return before
        connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=now))
        after = _found(connection, key_id)
        note(connection, "revoke", f"key:{key_id}", now=now, by=by, before=before, after=after)
    return after


def find_key(engine: Engine, key_id: str) -> ApiKey:
    """One key.

    Raises: UnknownName
    """
    with reading(engine) as connection:
        return _found(connection, key_id)


def any_key(engine: Engine) -> bool:
    """Whether a key was ever made here: from then on somebody minds who reads."""
    with reading(engine) as connection:
        return connection.execute(select(api_keys.c.id).limit(1)).first() is not None


def rotate_key(engine: Engine, key_id: str, *, now: datetime, by: str, overlap: timedelta) -> tuple[ApiKey, str]:
    """The key with a new secret, and its text; the old one opens as much for so long, one still older nothing any more.

    Raises: UnknownName; Conflict for a key that is revoked or expired
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with reachable(), engine.begin() as connection:
        before = _found(connection, key_id)
        if before.revoked_at is not None or (before.expires_at is not None and before.expires_at <= now):
            raise Conflict(f"API key {key_id} ({before.name}) is revoked or expired", hint="make a new one")
        changed = {"secret_digest": _digest(secret), "previous_digest": api_keys.c.secret_digest}
        mine = update(api_keys).where(api_keys.c.id == key_id)
        connection.execute(mine.values(**changed, previous_until=now + overlap))
        after = _found(connection, key_id)
        note(connection, "rotate", f"key:{key_id}", now=now, by=by, before=before, after=after)
    return after, f"{_PREFIX}_{key_id}_{secret}"


def mark_used(engine: Engine, key_id: str, now: datetime) -> None:
    """Remember that a key was used, to the hour; where the database cannot be written it is not remembered."""
    stale = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at <= now - USED_EVERY)
    with suppress(Unavailable), reachable(), engine.begin() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == key_id, stale).values(last_used_at=now))


def known_scopes(scopes: Iterable[str]) -> None:
    """Raise Malformed unless every scope exists and there is at least one."""
    given = list(scopes)
    if not given:
        raise Malformed("a key needs at least one scope", pointer="/scopes", hint=f"one of {', '.join(SCOPES)}")
    for place, scope in enumerate(given):
        if ":".join(scope.split(":")[:2]) not in SCOPES:
            hint = nearest(scope, SCOPES) or f"one of {', '.join(SCOPES)}"
            raise Malformed(f"no scope named {scope[:80]!r}", pointer=f"/scopes/{place}", hint=hint)


def _opens(held: str, scope: str, name: str) -> bool:
    what, only = _parted(held)
    return what == scope and fnmatchcase(name, only)


def _reaches(held: str, what: str, names: str) -> bool:
    """Whether a scope that is held opens everything that `what` for `names` (which may hold `*`) would."""
    mine, pattern = _parted(held)
    if mine != what:
        return False
    begins = pattern.removesuffix("*")
    is_prefix = pattern != begins and not _WILD & set(begins)
    return (
        pattern == names
        or (is_prefix and names.startswith(begins))
        or (not _WILD & set(names) and fnmatchcase(names, pattern))
    )


def _parted(scope: str) -> tuple[str, str]:
    """`area:act` and the names that it reaches."""
    area, _, rest = scope.partition(":")
    act, _, only = rest.partition(":")
    return f"{area}:{act}", only or "*"


def _found(connection: Connection, key_id: str) -> ApiKey:
    row = connection.execute(select(api_keys).where(api_keys.c.id == key_id).with_for_update()).first()
    if row is None:
        raise UnknownName(f"no API key {key_id[:40]!r}", pointer="/id", hint="mlquote keys list", code="unknown-key")
    return _key(row)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    scopes = tuple(from_json(row.scopes))
    made = (row.created_at, row.created_by, row.expires_at, row.revoked_at)
    return ApiKey(row.id, row.name, scopes, *made, row.previous_until, row.last_used_at)
