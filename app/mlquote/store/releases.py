"""Publishing a release, listing releases, and reading any of them back as a snapshot."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, insert, select
from sqlalchemy import Table as SqlTable

from mlquote.catalog.release import Release, Withdrawal, release_of, row_digest
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE, TABLES
from mlquote.kit.errors import Conflict, Fault, InvalidCatalog, Malformed, UnknownName
from mlquote.store.audit import COMMAND_LINE, START, note
from mlquote.store.engine import reading, writing
from mlquote.store.files import (
    CatalogFiles,
    bundled_folder,
    files_digest,
    read_catalog,
    release_date,
    table_from_files,
)
from mlquote.store.tables import facts, release_tables, releases, retractions, withdrawals

_CHUNK = 500
_log = logging.getLogger("mlquote.catalog")
STAMP_IN_USE = "release-stamp-in-use"


@dataclass(frozen=True, slots=True)
class Published:
    """What an import did: the release now newest, and whether it is new; rows added and retracted by it."""

    release: Release
    is_new: bool
    added: int = 0
    retracted: int = 0


def import_folder(
    engine: Engine,
    folder: Path,
    *,
    now: datetime,
    by: str = COMMAND_LINE,
    progress: Callable[[str], None] | None = None,
) -> Published:
    """Publish the release that the files of `folder` make, unless it is the newest already.

    All or nothing: the release, its rows and its retractions are one transaction, and importers queue for it.
    Raises: InvalidCatalog with every fault of the files; Conflict when this release was superseded or withdrawn, or its
            stamp (day and note) is another release's
    """
    digest = files_digest(folder)
    newest = newest_release(engine)
    if newest is not None and _files_digest(engine, newest.id) == digest:
        return Published(newest, is_new=False)
    return publish(engine, read_catalog(folder), files=digest, now=now, by=by, progress=progress)


def import_bundled(engine: Engine, folder: Path, *, now: datetime) -> Published:
    """What a starting service does: publish the files it carries, unless the database already holds a later release.

    An older installation that starts beside a newer one must not take the catalogue back, nor bring back what was
    withdrawn; and one whose files say the stamp of a release with other rows answers from that release.
    """
    newest = newest_release(engine)
    if newest is not None and (newest.published_on > release_date(folder) or _held_files(engine, folder)):
        return Published(newest, is_new=False)
    try:
        return import_folder(engine, folder, now=now, by=START)
    except Conflict as conflict:
        if newest is None or conflict.code != STAMP_IN_USE:
            raise
        _log.warning("answering from %s: %s", newest.id, conflict.detail)
        return Published(newest, is_new=False)


def publish(
    engine: Engine,
    catalog: CatalogFiles,
    *,
    files: str,
    now: datetime,
    by: str = COMMAND_LINE,
    progress: Callable[[str], None] | None = None,
) -> Published:
    """Write one release; `files` is the digest of the files it was read from, `progress` hears of each table."""
    with writing(engine, "publish") as connection:
        last = _last(connection)
        if last is not None and last.digest == catalog.release.digest and _withdrawal(connection, last.seq) is None:
            return Published(_release(connection, last), is_new=False)
        _refuse_old_stamp(connection, catalog.release)
        seq = 1 if last is None else last.seq + 1
        _insert_head(connection, catalog.release, seq, files, now)
        added = retracted = 0
        for table in TABLES:
            live = _live(connection, table.name, seq - 1)
            wanted = dict(catalog.rows[table.name])
            gone = [row_id for row_id in live if row_id not in wanted]
            fresh = {row_id: row for row_id, row in wanted.items() if row_id not in live}
            _insert_facts(connection, table.name, fresh, seq)
            _insert_retractions(connection, table.name, {row_id: live[row_id] for row_id in gone}, seq)
            added, retracted = added + len(fresh), retracted + len(gone)
            if progress is not None:
                progress(table.name)
        counts = {"digest": catalog.release.digest, "added_rows": added, "retracted_rows": retracted}
        note(connection, "publish", f"release:{catalog.release.id}", now=now, by=by, after=counts)
    return Published(catalog.release, is_new=True, added=added, retracted=retracted)


def newest_release(engine: Engine) -> Release | None:
    """The release that answers by default, or None in an empty database."""
    with reading(engine) as connection:
        row = _newest(connection)
        return None if row is None else _release(connection, row)


def list_releases(engine: Engine) -> list[Release]:
    """Every release, newest first."""
    with reading(engine) as connection:
        rows = connection.execute(select(releases).order_by(releases.c.seq.desc())).all()
        return [_release(connection, row) for row in rows]


def load_snapshot(engine: Engine, release_id: str | None = None, *, like: Snapshot | None = None) -> Snapshot:
    """A release's rows, read in one transaction.

    Args:   like: a snapshot of another release; tables that are the same in both are neither read nor kept twice
    Raises: UnknownName when there is no such release.
    """
    with reading(engine) as connection:
        row = _newest(connection) if release_id is None else _find(connection, release_id)
        if row is None:
            raise _unknown(connection, release_id)
        release = _release(connection, row)
        rows = {name: _shared(like, release, name) or _rows(connection, name, row.seq) for name in facts}
        unsaid = [name for name in SAID_ELSEWHERE if name not in release.table_digests]
        return Snapshot(release, rows | {name: _first_said(connection, name) for name in unsaid}, like=like)


SAID_ELSEWHERE = ("doubts", "defaults", "model_lifecycles")
"""Tables whose first rows say what releases before theirs had in the code or in notes of other rows."""


def _first_said(connection: Connection, name: str) -> Sequence[Any]:
    """The rows of the oldest release that holds a table; of this installation's files where none does yet."""
    first = connection.execute(
        select(release_tables.c.release_seq)
        .where(release_tables.c.table_name == name)
        .order_by(release_tables.c.release_seq)
        .limit(1)
    ).scalar()
    return table_from_files(bundled_folder(), name) if first is None else _rows(connection, name, first)


def digested_anew(engine: Engine, release_id: str) -> Release:
    """A release, its digests taken from the rows as they lie in the database now.

    Raises: UnknownName; InvalidCatalog where they are not the rows that were published
    """
    with reading(engine) as connection:
        row = _find(connection, release_id)
        if row is None:
            raise _unknown(connection, release_id)
        kept = _release(connection, row)
        rows = {TABLE[name]: _rows(connection, name, row.seq) for name in kept.table_digests if name in TABLE}
    pairs = {table: [(row_digest(table, each), each) for each in found] for table, found in rows.items()}
    found = release_of(pairs, published_on=kept.published_on, note=kept.note)
    if changed := [name for name, said in kept.table_digests.items() if found.table_digests.get(name) != said]:
        raise InvalidCatalog(
            f"the rows of {release_id} are not those that were published",
            faults=[Fault(name, "its digest is another one") for name in sorted(changed)],
        )
    return found


def withdraw(engine: Engine, release_id: str, *, because: str, now: datetime, by: str) -> Release:
    """Withdraw a release: kept, flagged in every answer made under it, and passed over as the newest.

    Withdrawing it again changes nothing.
    Raises: UnknownName; Malformed without a reason
    """
    if not because.strip() or not because.isprintable():
        raise Malformed("say in a line why it is withdrawn", pointer="/because", hint="every answer under it says so")
    with writing(engine, "publish") as connection:
        row = _find(connection, release_id)
        if row is None:
            raise _unknown(connection, release_id)
        if _withdrawal(connection, row.seq) is None:
            said = {"release_seq": row.seq, "withdrawn_at": now, "because": because.strip(), "withdrawn_by": by}
            connection.execute(insert(withdrawals).values(**said))
            reason = {"because": said["because"]}
            note(connection, "withdraw", f"release:{release_id}", now=now, by=by, after=reason)
        return _release(connection, row)


def withdrawn_releases(engine: Engine) -> dict[str, Withdrawal]:
    """Release id -> why and when it was withdrawn."""
    with reading(engine) as connection:
        joined = select(releases.c.id, withdrawals).join(withdrawals, withdrawals.c.release_seq == releases.c.seq)
        return {row.id: Withdrawal(row.withdrawn_at, row.because) for row in connection.execute(joined)}


def _refuse_old_stamp(connection: Connection, release: Release) -> None:
    """A published stamp names its rows for ever: other rows need a day or a note of their own, and a later day."""
    if (known := _find(connection, release.id)) is not None:
        was = "superseded" if _withdrawal(connection, known.seq) is None else "withdrawn"
        raise Conflict(
            f"release {release.id} was published before and {was}", hint="give release.toml a later published_on"
        )
    stamp = (releases.c.published_on == release.published_on, releases.c.note == release.note)
    if (same := connection.execute(select(releases).where(*stamp).limit(1)).first()) is not None:
        raise Conflict(
            f"the rows are not those of release {same.id}, whose day and note release.toml has",
            pointer="release.toml:1:published_on",
            hint="give release.toml a later published_on, or a note of its own",
            code=STAMP_IN_USE,
        )
    later = connection.execute(select(releases).where(releases.c.published_on > release.published_on).limit(1)).first()
    if later is not None:
        raise Conflict(
            f"release {later.id} is of a later day than {release.published_on}",
            pointer="release.toml:1:published_on",
            hint="give release.toml a later published_on",
            code=STAMP_IN_USE,
        )


def _newest(connection: Connection) -> Row[Any] | None:
    """The release that answers: the last one that stands, or the very last where none does."""
    standing = select(releases).where(releases.c.seq.not_in(select(withdrawals.c.release_seq)))
    found = connection.execute(standing.order_by(releases.c.seq.desc()).limit(1)).first()
    return _last(connection) if found is None else found


def _last(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(releases).order_by(releases.c.seq.desc()).limit(1)).first()


def _withdrawal(connection: Connection, seq: int) -> Withdrawal | None:
    row = connection.execute(select(withdrawals).where(withdrawals.c.release_seq == seq)).first()
    return None if row is None else Withdrawal(row.withdrawn_at, row.because)


def _unknown(connection: Connection, release_id: str | None) -> UnknownName:
    newest = connection.execute(select(releases.c.id).order_by(releases.c.seq.desc()).limit(3)).scalars()
    hint = f"the newest are {', '.join(newest)}"
    return UnknownName(f"no release {release_id!r}", pointer="/release", hint=hint, code="unknown-release")


def _held_files(engine: Engine, folder: Path) -> bool:
    """Whether a release was ever read from these very files."""
    with reading(engine) as connection:
        same = select(releases.c.seq).where(releases.c.files_digest == files_digest(folder))
        return connection.execute(same).first() is not None


def _find(connection: Connection, release_id: str) -> Row[Any] | None:
    if "\0" in release_id:  # PostgreSQL refuses the character in any text, even to look for
        return None
    return connection.execute(select(releases).where(releases.c.id == release_id)).first()


def _files_digest(engine: Engine, release_id: str) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(releases.c.files_digest).where(releases.c.id == release_id)).scalar_one())


def _release(connection: Connection, row: Row[Any]) -> Release:
    tables = connection.execute(
        select(release_tables).where(release_tables.c.release_seq == row.seq).order_by(release_tables.c.table_name)
    ).all()
    digests = {t.table_name: t.digest for t in tables}
    counts = {t.table_name: t.row_count for t in tables}
    withdrawn = _withdrawal(connection, row.seq)
    return Release(row.id, row.published_on, row.digest, digests, counts, row.note, withdrawn)


def _insert_head(connection: Connection, release: Release, seq: int, files: str, now: datetime) -> None:
    connection.execute(
        insert(releases).values(
            seq=seq,
            id=release.id,
            published_on=release.published_on,
            digest=release.digest,
            files_digest=files,
            note=release.note,
            imported_at=now,
        )
    )
    connection.execute(
        insert(release_tables),
        [
            {"release_seq": seq, "table_name": name, "digest": digest, "row_count": release.row_counts[name]}
            for name, digest in release.table_digests.items()
        ],
    )


def _insert_facts(connection: Connection, name: str, fresh: Mapping[str, Any], seq: int) -> None:
    columns = TABLE[name].columns
    rows = [
        {"row_id": row_id, "added_in": seq} | {column: getattr(row, column) for column in columns}
        for row_id, row in fresh.items()
    ]
    for start in range(0, len(rows), _CHUNK):
        connection.execute(insert(facts[name]), rows[start : start + _CHUNK])


def _insert_retractions(connection: Connection, name: str, gone: Mapping[str, int], seq: int) -> None:
    rows = [
        {"table_name": name, "row_id": row_id, "added_in": added_in, "retracted_in": seq}
        for row_id, added_in in gone.items()
    ]
    if rows:
        connection.execute(insert(retractions), rows)


def _belongs(table: SqlTable, name: str, seq: int) -> Any:
    """The condition that a fact row belongs to release `seq`."""
    retracted = (
        select(retractions.c.row_id)
        .where(
            retractions.c.table_name == name,
            retractions.c.row_id == table.c.row_id,
            retractions.c.added_in == table.c.added_in,
            retractions.c.retracted_in <= seq,
        )
        .exists()
    )
    return and_(table.c.added_in <= seq, ~retracted)


def _live(connection: Connection, name: str, seq: int) -> dict[str, int]:
    table = facts[name]
    query = select(table.c.row_id, table.c.added_in).where(_belongs(table, name, seq))
    return {row.row_id: row.added_in for row in connection.execute(query)}


def _shared(like: Snapshot | None, release: Release, name: str) -> tuple[Any, ...]:
    """The rows of a table that by its digest is the same in both releases; empty where it is not."""
    digest = release.table_digests.get(name)
    if like is None or digest is None or like.release.table_digests.get(name) != digest:
        return ()
    return like.rows(name)


def _rows(connection: Connection, name: str, seq: int) -> Sequence[Any]:
    table, row_type, columns = facts[name], TABLE[name].row, TABLE[name].columns
    query = select(*(table.c[column] for column in columns)).where(_belongs(table, name, seq))
    return [row_type(**dict(zip(columns, values, strict=True))) for values in connection.execute(query)]
