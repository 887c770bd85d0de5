"""mlquote keys: make, list and revoke API keys in this machine's own database."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from mlquote.render.text import aligned
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key, list_keys, revoke_key
from mlquote.store.audit import COMMAND_LINE
from mlquote.store.engine import migrated

app = typer.Typer(help="API keys: make, list, revoke.", no_args_is_help=True)


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
    with migrated(Settings().database_url) as engine:
        _, text = create_key(engine, name, scope, now=now, by=COMMAND_LINE, expires_at=until)
    typer.echo(text)


@app.command("list")
def list_() -> None:
    """List every key, without its secret."""
    with migrated(Settings().database_url) as engine:
        keys = list_keys(engine)
    rows = [
        (k.id, k.name, " ".join(k.scopes), f"made {k.created_at:%Y-%m-%d}", "revoked" if k.revoked_at else "")
        for k in keys
    ]
    typer.echo(aligned([("id", "name", "scopes", "", ""), *rows], left=5), nl=False)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="the id between the first two underscores")],
) -> None:
    """From now on this key opens nothing."""
    with migrated(Settings().database_url) as engine:
        key = revoke_key(engine, key_id, now=datetime.now(UTC), by=COMMAND_LINE)
    typer.echo(f"revoked {key.id} ({key.name})")
