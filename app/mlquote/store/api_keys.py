"""API keys: shown once, stored as a digest, each with the scopes it opens.

A scope is `area:act` for everything in that area, or `area:act:NAME`, where NAME may hold `*`: `budgets:reserve:nlp-*`.
The secret part is 32 random bytes, so a plain SHA-256 of it cannot be reversed by guessing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from mlquote.kit.errors import Forbidden, Malformed, Unauthenticated, UnknownName, nearest
from mlquote.spend.documents import from_json, to_json
from mlquote.store.audit import note
from mlquote.store.budget_tables import api_keys
from mlquote.store.engine import reachable, reading

SCOPES = {
    "budgets:write": "create, replace and delete budgets",
    "budgets:reserve": "reserve, settle and release, and charge usage to a budget",
    "catalog:write": "publish catalogue releases",
    "rate-cards:write": "create and replace rate cards",
    "keys:write": "create, list and revoke API keys",
    "audit:read": "read the log of every write",
}
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

    def allows(self, scope: str, name: str = "") -> bool:
        """Whether one of the key's scopes opens `scope` for the thing called `name`."""
        return any(_opens(held, scope, name) for held in self.scopes)

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
    matches = hmac.compare_digest(kept, _digest(secret)) and prefix == _PREFIX and bool(secret)
    if row is None or not matches:
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
    area, act, *only = held.split(":", 2)
    return f"{area}:{act}" == scope and (not only or fnmatchcase(name, only[0]))


def _found(connection: Connection, key_id: str) -> ApiKey:
    row = connection.execute(select(api_keys).where(api_keys.c.id == key_id).with_for_update()).first()
    if row is None:
        raise UnknownName(f"no API key {key_id[:40]!r}", pointer="/id", hint="mlquote keys list", code="unknown-key")
    return _key(row)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    scopes = tuple(from_json(row.scopes))
    return ApiKey(row.id, row.name, scopes, row.created_at, row.created_by, row.expires_at, row.revoked_at)
