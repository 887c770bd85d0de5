"""mlquote keys: make, list, rotate and revoke API keys in this machine's own database."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from mlquote.cli.database import own_database
from mlquote.render.text import aligned
from mlquote.store.api_keys import SCOPES, ApiKey, create_key, list_keys, revoke_key, rotate_key
from mlquote.store.audit import COMMAND_LINE

app = typer.Typer(help="API keys: make, list, rotate, revoke.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="whose it is and what for")],
    scope: Annotated[list[str], typer.Option("--scope", help=f"{', '.join(SCOPES)}; :NAME behind it narrows it")],
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="how long it opens anything; default: for ever")
    ] = None,
) -> None:
    """Make a key and print it, this once."""
    now = datetime.now(UTC)
    until = None if days is None else now + timedelta(days=days)
    with own_database(makes=True) as engine:
        _, text = create_key(engine, name, scope, now=now, by=COMMAND_LINE, expires_at=until)
    typer.echo(text)


@app.command("list")
def list_() -> None:
    """List every key, without its secret."""
    with own_database() as engine:
        keys = list_keys(engine)
    rows = [(k.id, k.name, " ".join(k.scopes), f"{k.created_at:%Y-%m-%d}", _used(k), _state(k)) for k in keys]
    typer.echo(aligned([("id", "name", "scopes", "made", "last used", ""), *rows], left=6), nl=False)


def _used(key: ApiKey) -> str:
    return "never" if key.last_used_at is None else f"{key.last_used_at:%Y-%m-%d %H}h"


def _state(key: ApiKey) -> str:
    now = datetime.now(UTC)
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    if key.previous_until is not None and now < key.previous_until:
        return f"old secret until {key.previous_until:%Y-%m-%d %H:%M}"
    return ""


@app.command()
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="the id between the first two underscores")],
    overlap_hours: Annotated[
        float, typer.Option("--overlap-hours", min=0, max=2160, help="how long the old secret still opens as much")
    ] = 24.0,
) -> None:
    """Give a key a new secret and print it, this once."""
    overlap = timedelta(hours=overlap_hours)
    with own_database() as engine:
        _, text = rotate_key(engine, key_id, now=datetime.now(UTC), by=COMMAND_LINE, overlap=overlap)
    typer.echo(text)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="the id between the first two underscores")],
) -> None:
    """From now on this key opens nothing."""
    with own_database() as engine:
        key = revoke_key(engine, key_id, now=datetime.now(UTC), by=COMMAND_LINE)
    typer.echo(f"revoked {key.id} ({key.name})")
