"""mlquote backup and restore: all that this machine's own database keeps, in one file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mlquote.settings import Settings
from mlquote.store.backups import Manifest, back_up, verify
from mlquote.store.backups import restore as restored
from mlquote.store.engine import open_engine


def backup(
    file: Annotated[Path, typer.Argument(help="where it is written: a SQLite file, of PostgreSQL too")],
    replace: Annotated[bool, typer.Option("--replace", help="write over a file that exists")] = False,
    check: Annotated[bool, typer.Option("--check", help="read the backup again instead, every row of it")] = False,
) -> None:
    """Back up everything: releases, budgets, ledgers, rate cards, keys, the log of writes; the service goes on."""
    if check:
        typer.echo(_told("whole", file, verify(file)))
        return
    engine = open_engine(Settings().database_url)
    try:
        typer.echo(_told("written", file, back_up(engine, file, now=datetime.now(UTC), replace=replace)))
    finally:
        engine.dispose()


def restore(
    file: Annotated[Path, typer.Argument(help="what mlquote backup wrote, of either database")],
    replace: Annotated[bool, typer.Option("--replace", help="lose what the database holds now")] = False,
) -> None:
    """Make the database what a backup holds: all of it or nothing, and only an empty one unless --replace is given."""
    engine = open_engine(Settings().database_url)
    try:
        typer.echo(_told("restored", file, restored(engine, file, now=datetime.now(UTC), replace=replace)))
    finally:
        engine.dispose()


def _told(what: str, file: Path, manifest: Manifest) -> str:
    counted = f"{manifest.tables} tables, {manifest.rows:,} rows of {manifest.made_at}"
    return f"{what}: {file} ({counted}, schema {manifest.revision}, digest {manifest.digest[:16]})"
