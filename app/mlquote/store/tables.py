"""The schema, as migrations/ makes it: releases, one table of facts for each catalogue table, and retractions.

Facts are only ever added. A row belongs to every release from `added_in` on, until a retraction names the release
that no longer holds it; so every release that was ever published can be read back exactly.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)

from mlquote.catalog.tables import TABLES
from mlquote.catalog.tables import Table as CatalogTable

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with all its digits: NUMERIC on PostgreSQL, TEXT on SQLite, whose own numbers are floats."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The column type of this database."""
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal -> what the driver stores."""
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """What the driver read -> Decimal."""
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: TIMESTAMPTZ on PostgreSQL, ISO text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Only aware moments are stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Moments come back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_SQL_TYPES: dict[type[Any], Any] = {
    str: Text,
    int: BigInteger,
    float: Double,
    Decimal: ExactDecimal,
    bool: Boolean,
    date: Date,
    datetime: Instant,
}

releases = Table(
    "releases",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, unique=True),
    Column("published_on", Date, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("files_digest", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("release_seq", Integer, ForeignKey("releases.seq"), primary_key=True, autoincrement=False),
    Column("withdrawn_at", Instant, nullable=False),
    Column("because", Text, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
)

release_tables = Table(
    "release_tables",
    metadata,
    Column("release_seq", Integer, ForeignKey("releases.seq"), nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("row_count", Integer, nullable=False),
    PrimaryKeyConstraint("release_seq", "table_name"),
)

retractions = Table(
    "retractions",
    metadata,
    Column("table_name", String(64), nullable=False),
    Column("row_id", String(32), nullable=False),
    Column("added_in", Integer, nullable=False),
    Column("retracted_in", Integer, ForeignKey("releases.seq"), nullable=False),
    PrimaryKeyConstraint("table_name", "row_id", "added_in"),
)


def _facts(table: CatalogTable) -> Table:
    kinds = table.types
    return Table(
        f"fact_{table.name}",
        metadata,
        Column("row_id", String(32), nullable=False),
        Column("added_in", Integer, ForeignKey("releases.seq"), nullable=False, index=True),
        *(Column(name, _SQL_TYPES[kinds[name][0]], nullable=_may_be_null(*kinds[name])) for name in table.columns),
        PrimaryKeyConstraint("row_id", "added_in"),
    )


def _may_be_null(kind: type[Any], blank: bool, words: tuple[str, ...]) -> bool:
    return blank and kind is not str


facts: dict[str, Table] = {table.name: _facts(table) for table in TABLES}
"""Catalogue table name -> its fact table."""
