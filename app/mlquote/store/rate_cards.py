"""Rate cards in the database: versions are only ever added, so every quote made under one can be made again.

`acme` means the newest version, `acme@3` that one for ever. Taking a card out of use adds a version without a body:
the name is unknown from then on, and older versions still answer for the quotes that named them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
)

from mlquote.kit.errors import UnknownName, nearest
from mlquote.spend.documents import from_json
from mlquote.store.audit import note
from mlquote.store.engine import reading, writing
from mlquote.store.tables import Instant, metadata

rate_card_versions = Table(
    "rate_card_versions",
    metadata,
    Column("name", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text),
    Column("put_at", Instant, nullable=False),
    Column("put_by", String(64), nullable=False),
    PrimaryKeyConstraint("name", "version"),
)

_REFERENCE = re.compile(r"([a-z0-9][a-z0-9._-]{0,79})(?:@([1-9]\d{0,8}))?")


@dataclass(frozen=True, slots=True)
class StoredCard:
    """One version of a card; `body` is its JSON."""

    name: str
    version: int
    digest: str
    body: str
    put_at: datetime
    put_by: str

    @property
    def reference(self) -> str:
        """What names exactly this version: acme@3."""
        return f"{self.name}@{self.version}"


def put_card(engine: Engine, name: str, body: str, digest: str, *, now: datetime, by: str) -> tuple[StoredCard, bool]:
    """Make `body` the newest version of a card, unless it already is; True where a version was added."""
    with writing(engine, "rate_cards") as connection:
        last = _last(connection, name)
        if last is not None and last.body is not None and last.digest == digest:
            return _stored(last), False
        values = {"name": name, "version": 1 if last is None else last.version + 1, "digest": digest, "body": body}
        connection.execute(insert(rate_card_versions).values(**values, put_at=now, put_by=by))
        before = None if last is None or last.body is None else from_json(last.body)
        note(connection, "put", f"rate-card:{name}", now=now, by=by, before=before, after=from_json(body))
        return _stored(_last(connection, name)), True


def delete_card(engine: Engine, name: str, *, now: datetime, by: str) -> None:
    """Take a card out of use; its versions still answer by number.

    Raises: UnknownName, where there is none in use.
    """
    with writing(engine, "rate_cards") as connection:
        last = _in_use(connection, name)
        values = {"name": name, "version": last.version + 1, "digest": "", "body": None}
        connection.execute(insert(rate_card_versions).values(**values, put_at=now, put_by=by))
        note(connection, "delete", f"rate-card:{name}", now=now, by=by, before=from_json(last.body))


def find_card(engine: Engine, reference: str) -> StoredCard:
    """The card that "acme" (the newest version) or "acme@3" (that version) names.

    Raises: UnknownName with the nearest names.
    """
    found = _REFERENCE.fullmatch(reference.strip().casefold())
    with reading(engine) as connection:
        if found is None:
            raise _unknown(connection, reference)
        if found[2] is None:
            return _stored(_in_use(connection, found[1]))
        table = rate_card_versions.c
        one = select(rate_card_versions).where(table.name == found[1], table.version == int(found[2]))
        row = connection.execute(one.where(table.body.is_not(None))).one_or_none()
        if row is None:
            raise _unknown(connection, reference)
        return _stored(row)


def list_cards(engine: Engine) -> list[StoredCard]:
    """The newest version of every card in use, by name."""
    with reading(engine) as connection:
        return [_stored(row) for row in _newest(connection)]


def card_versions(engine: Engine, name: str) -> list[StoredCard]:
    """Every version of a card, oldest first, also of one taken out of use.

    Raises: UnknownName
    """
    with reading(engine) as connection:
        table = rate_card_versions.c
        rows = connection.execute(select(rate_card_versions).where(table.name == name).order_by(table.version)).all()
        if not rows:
            raise _unknown(connection, name)
        return [_stored(row) for row in rows if row.body is not None]


def _in_use(connection: Connection, name: str) -> Row[Any]:
    last = _last(connection, name)
    if last is None or last.body is None:
        raise _unknown(connection, name)
    return last


def _last(connection: Connection, name: str) -> Row[Any] | None:
    table = rate_card_versions.c
    newest = select(rate_card_versions).where(table.name == name).order_by(table.version.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def _newest(connection: Connection) -> list[Row[Any]]:
    rows = connection.execute(select(rate_card_versions).order_by(rate_card_versions.c.version)).all()
    by_name = {row.name: row for row in rows}
    return [by_name[name] for name in sorted(by_name) if by_name[name].body is not None]


def _unknown(connection: Connection, reference: str) -> UnknownName:
    known = [row.name for row in _newest(connection)]
    hint = nearest(reference, known) or "GET /v1/rate-cards lists those in use"
    return UnknownName(
        f"no rate card named {reference[:100]!r}", pointer="/rate_card", hint=hint, code="unknown-rate-card"
    )


def _stored(row: Any) -> StoredCard:
    return StoredCard(row.name, row.version, row.digest, row.body, row.put_at, row.put_by)
