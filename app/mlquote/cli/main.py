"""The parser and the exit codes: 0 pass, 1 verdict failed, 2 bad question, 3 could not know."""

import os
import sys
from importlib.metadata import version as installed
from typing import Annotated, Any, ClassVar

import typer

from mlquote.cli.exits import OVER, OverBudget
from mlquote.cli.lazily import CommandPlace, LazyGroup
from mlquote.kit import errors
from mlquote.kit.errors import Fault, QuoteError


class Commands(LazyGroup):
    """Every command but `serve`."""

    places: ClassVar = {
        "estimate": CommandPlace("mlquote.cli.estimate", "estimate", "What will it cost?"),
        "compare": CommandPlace(
            "mlquote.cli.estimate", "compare", "One question with some fields given as lists: ranked."
        ),
        "scaling": CommandPlace(
            "mlquote.cli.estimate", "scaling", "What loss does a budget buy, and what does a loss cost?"
        ),
        "plan-adaptation": CommandPlace(
            "mlquote.cli.estimate", "plan_adaptation", "Prompt, cache, fine-tune and host, distil or train?"
        ),
        "plan-loss": CommandPlace(
            "mlquote.cli.estimate", "plan_loss", "What does lowering the loss from a to b cost, under each law?"
        ),
        "project": CommandPlace("mlquote.cli.projects", "project", "What does a whole project cost, over its months?"),
        "plan-placement": CommandPlace(
            "mlquote.cli.estimate",
            "plan_placement",
            "Where, when and on which terms is a run cheaper or greener?",
        ),
        "plan-training": CommandPlace(
            "mlquote.cli.estimate", "plan_training", "Which training run has the lowest loss for what there is?"
        ),
        "check": CommandPlace("mlquote.cli.spend", "check", "May this be spent?"),
        "diff": CommandPlace("mlquote.cli.spend", "diff", "What does this change cost?"),
        "price-usage": CommandPlace("mlquote.cli.usage", "price_usage", "What did this usage cost?"),
        "comment": CommandPlace("mlquote.cli.comment", "comment", "Show a file as the one comment of this name"),
        "loss": CommandPlace("mlquote.cli.loss", "loss", "What does a loss give?"),
        "audit": CommandPlace("mlquote.cli.audit", "audit", "Print every write: who, when, what"),
        "backup": CommandPlace("mlquote.cli.backups", "backup", "Back up everything"),
        "restore": CommandPlace("mlquote.cli.backups", "restore", "Make the database what a backup holds"),
        "scan": CommandPlace("mlquote.cli.scan", "scan", "Find model names, training configs and servers"),
        "schema": CommandPlace("mlquote.cli.schema", "schema", "Print the JSON Schema of a spec file (mlquote.toml)"),
        "mcp": CommandPlace(
            "mlquote.cli.agents", "serve_agents", "Offer estimates, prices, checks and the catalogue to an agent"
        ),
        "catalog": CommandPlace(
            "mlquote.cli.catalog", "app", "The facts: refresh, amend, verify, import, list releases"
        ),
        "budgets": CommandPlace("mlquote.cli.budgets", "app", "Budgets: list, show, put, check, ledger."),
        "keys": CommandPlace("mlquote.cli.keys", "app", "API keys: make, list, rotate, revoke."),
    }


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

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
    except OverBudget:
        return OVER
    except QuoteError as error:
        tell(error)
        return 3 if isinstance(error, COULD_NOT_KNOW) else 2
    return 0


def tell(error: QuoteError) -> None:
    """Print an error for a person, each fault once with its place and hint, and what would be answered."""
    from rich.console import Console

    lines = [_line(fault) for fault in error.faults]
    many = f"{len(lines)} faults"
    err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    for line in [f"error: {lines[0]}"] if len(lines) == 1 else [f"error: {many}", *(f"  {line}" for line in lines)]:
        err.print(line, markup=False)
    if error.corrected:
        err.print(f"try: {error.corrected}", markup=False)


def _line(fault: Fault) -> str:
    place = f"{fault.pointer}: " if fault.pointer else ""
    return f"{place}{fault.detail}{f'  ({fault.hint})' if fault.hint else ''}"
