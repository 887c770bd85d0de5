"""The parser and the exit codes: 0 pass, 1 verdict failed, 2 bad question, 3 could not know."""

import os
import sys
from importlib.metadata import version as installed
from typing import Annotated, Any

import typer
from rich.console import Console

from mlquote.cli import agents, audit, backups, catalog, comment, estimate, keys, loss, scan, schema, spend, usage
from mlquote.kit import errors
from mlquote.kit.errors import QuoteError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(catalog.app, name="catalog")
app.add_typer(keys.app, name="keys")
app.command()(estimate.estimate)
app.command()(spend.check)
app.command()(spend.diff)
app.command()(usage.price_usage)
app.command()(comment.comment)
app.command()(loss.loss)
app.command()(audit.audit)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(scan.scan)
app.command()(schema.schema)
app.command("mcp")(agents.serve_agents)

err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

COULD_NOT_KNOW = (
    errors.Unavailable,
    errors.InvalidCatalog,
    errors.Unauthenticated,
    errors.Forbidden,
    errors.TooMany,
)
"""Not the question's fault: exit 3. Every other QuoteError is the question's: exit 2."""


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mlquote {installed('mlquote')}")
        raise typer.Exit


@app.callback()
def entry(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="print the version and leave")
    ] = False,
) -> None:
    """What does this model cost?"""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port to listen on")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=256, help="processes that answer: one a core")] = 1,
) -> None:
    """Migrate, load the catalogue, and serve over HTTP."""
    import uvicorn

    from mlquote.settings import Settings, known_variables
    from mlquote.web.guards.connections import GuardedProtocol
    from mlquote.web.guards.lines import log_to
    from mlquote.web.workers import serve_by

    known_variables(os.environ)
    log_to(sys.stdout)
    named: dict[str, Any] = {
        "factory": True,
        "host": host,
        "port": port,
        "access_log": False,
        "server_header": False,
        "forwarded_allow_ips": Settings().trusted_proxies,
        "http": GuardedProtocol,
        "timeout_graceful_shutdown": _LEAVING_SECONDS,
    }
    if workers == 1:
        uvicorn.run(_SERVICE, **named)
    else:
        serve_by(workers, _SERVICE, named)


_SERVICE = "mlquote.main:create_app"
_LEAVING_SECONDS = 6
"""How long requests that are being answered may take when the service is told to leave."""


def run() -> int:
    """Run a command: the code of a failed verdict or of a failure that a caller can mend; all else is raised."""
    try:
        app()
    except spend.OverBudget:
        return spend.OVER
    except QuoteError as error:
        tell(error)
        return 3 if isinstance(error, COULD_NOT_KNOW) else 2
    return 0


def tell(error: QuoteError) -> None:
    """Print an error for a person: the sentence, then each fault with its place and hint."""
    err.print(f"error: {error.detail}", markup=False)
    for fault in error.faults:
        if fault.pointer or fault.hint:
            hint = f"  ({fault.hint})" if fault.hint else ""
            err.print(f"  {fault.pointer}: {fault.detail}{hint}", markup=False)
    if error.corrected:
        err.print(f"try: {error.corrected}", markup=False)
