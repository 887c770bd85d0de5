"""mlquote budgets: list them, see where one stands, put one, check a spec under one, read its ledger.

They are those of this machine's own database, of another one (`--database`), or of a service (`--server`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.cli.database import own_database
from mlquote.cli.printing import pretty, write_out
from mlquote.cli.quoting import Remote
from mlquote.cli.reading import text_of
from mlquote.cli.spend import kept_verdict, leave, spec_of
from mlquote.kit.errors import Malformed
from mlquote.render.verdicts import narrow, quantity, text
from mlquote.spend.budgets import LEVELS, UNITS, Budget
from mlquote.spend.documents import from_json, plain
from mlquote.spend.spec import read_budget
from mlquote.store import budgets as kept
from mlquote.store import ledger as entries
from mlquote.store import reservations
from mlquote.store.audit import COMMAND_LINE
from mlquote.store.engine import Engine

app = typer.Typer(help="Budgets: list, show, put, check, ledger.", no_args_is_help=True)
_PAGE = 1000
_ONE = "[budget]\n[[budget.limits]]\n"


class BudgetFace(StrEnum):
    """How a budget is printed."""

    TABLE = "table"
    JSON = "json"


Database = Annotated[
    str | None, typer.Option("--database", help="sqlite:///PATH or postgresql://...; default: MLQUOTE_DATABASE_URL")
]
BudgetsOf = Annotated[
    str | None, typer.Option("--server", "--url", envvar="MLQUOTE_SERVER", help="the budgets of this service instead")
]
PrintedAs = Annotated[BudgetFace, typer.Option("--format", help="how to print it", case_sensitive=False)]
Named = Annotated[str, typer.Argument(metavar="BUDGET", help="its name")]


@app.command("list")
def list_(database: Database = None, server: BudgetsOf = None, face: PrintedAs = BudgetFace.TABLE) -> None:
    """Every budget with its limits."""

    def own(engine: Engine) -> Any:
        return {"budgets": [kept.told(record) for record in kept.list_budgets(engine, {})]}

    told = _told("/v1/budgets", own, database, server)
    rows = [(b["name"], _limits(b["limits"]), _labels(b["labels"])) for b in told["budgets"]]
    _print(told, face, narrow([("budget", "limits", "labels"), *rows], left=3) if rows else "there is no budget yet\n")


@app.command()
def show(
    budget: Named, database: Database = None, server: BudgetsOf = None, face: PrintedAs = BudgetFace.TABLE
) -> None:
    """Where each limit of a budget stands now."""

    def own(engine: Engine) -> Any:
        return reservations.standing(engine, budget, datetime.now(UTC))

    told = _told(f"/v1/budgets/{budget}", own, database, server)
    limits = narrow([("limit", "at most", "used", "left", "verdict"), *map(_standing, told["standing"])])
    ends = "".join(map(_ending, told["forecasts"]))
    since = f"version {told['version']} of {str(told['updated_at'])[:10]} by {told['updated_by']}"
    held = [
        f"{account}: {quantity(amount['central'], UNITS[figure])} ({figure})\n"
        for account, sums in told["balance"].items()
        for figure, amount in sums.items()
    ]
    _print(told, face, f"{told['name']}: {since}\n\n{limits}{chr(10)}{ends}{''.join(held)}")


@app.command()
def put(
    budget: Named,
    file: Annotated[Path | None, typer.Argument(help="its limits: TOML, YAML or JSON; - reads standard input")] = None,
    fail_above: Annotated[str | None, typer.Option(help="one limit without a file: $100, 1M")] = None,
    warn_above: Annotated[str | None, typer.Option(help="one limit without a file: where it warns")] = None,
    figure: Annotated[str, typer.Option(help=f"of what: {', '.join(UNITS)}")] = "cost_usd",
    per: Annotated[str, typer.Option(help="check, day, month, quarter or total")] = "month",
    database: Database = None,
    server: BudgetsOf = None,
) -> None:
    """Create a budget, or replace its limits and keep its ledger."""
    ends = {"fail_above": fail_above, "warn_above": warn_above}
    wanted = _wanted(file, {"figure": figure, "per": per} | {name: end for name, end in ends.items() if end})
    if server:
        with Remote(server) as remote:
            told = remote.put(f"/v1/budgets/{budget}", wanted.model_dump(mode="json"))
    else:
        with own_database(makes=True, url=database) as engine:
            record, _ = kept.put_budget(engine, budget, wanted, now=datetime.now(UTC), by=COMMAND_LINE)
            told = plain(kept.told(record))
    typer.echo(f"{told['name']}: version {told['version']}, {_limits(told['limits'])}")


@app.command()
def check(
    budget: Named,
    spec: Annotated[Path, typer.Argument(help="a spec file: TOML, YAML or JSON; - reads standard input")],
    reserve: Annotated[bool, typer.Option("--reserve", help="hold what is asked, if it passes")] = False,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", help="with --reserve: a retry under the same key holds once")
    ] = None,
    database: Database = None,
    server: BudgetsOf = None,
    face: PrintedAs = BudgetFace.TABLE,
) -> None:
    """May this be spent? 0 pass, 1 over budget, 2 bad question, 3 could not know."""
    asked = spec_of(spec)
    told = kept_verdict(asked, budget, server, asked.labels, reserve=reserve, key=idempotency_key, database=database)
    write_out(told, face, (), {"table": text, "json": pretty})
    leave(told["verdict"])


@app.command()
def ledger(
    budget: Named, database: Database = None, server: BudgetsOf = None, face: PrintedAs = BudgetFace.TABLE
) -> None:
    """Every entry of a budget's ledger, in the order in which it was written."""
    if server:
        with Remote(server) as remote:
            rows = _paged(lambda after: from_json(_page(remote, budget, after).encode())["rows"])
    else:
        with own_database(url=database) as engine:
            rows = _paged(lambda after: plain(entries.page(engine, budget, after=after, limit=_PAGE)))
    head = ("id", "when", "act", "account", "figure", "amount")
    told = [
        (str(r["id"]), str(r["posted_at"])[:16], r["act"], r["account"], r["figure"],
         quantity(r["central"], UNITS[r["figure"]]))
        for r in rows
    ]  # fmt: skip
    _print({"rows": rows}, face, narrow([head, *told], left=5) if told else "nothing was written yet\n")


def _told(path: str, own: Callable[[Engine], Any], database: str | None, server: str | None) -> Any:
    """What the service answers at a path, or what `own` reads from the database, in the same plain values."""
    if server:
        with Remote(server) as remote:
            return from_json(remote.get(path, {}).encode())
    with own_database(url=database) as engine:
        return plain(own(engine))


def _page(remote: Remote, budget: str, after: int) -> str:
    return remote.get(f"/v1/budgets/{budget}/ledger", {"after": str(after), "limit": str(_PAGE)})


def _paged(page: Callable[[int], list[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Every entry, page after page."""
    rows = page(0)
    found = list(rows)
    while len(rows) == _PAGE:
        rows = page(rows[-1]["id"])
        found += rows
    return found


def _wanted(file: Path | None, limit: Mapping[str, str]) -> Budget:
    """The budget of a file, or of one limit on the command line.

    Raises: Malformed
    """
    has_limit = "fail_above" in limit or "warn_above" in limit
    if (file is None) is not has_limit:
        raise Malformed("give a file of limits, or --fail-above or --warn-above", hint="--fail-above 100 --per month")
    if file is not None:
        return read_budget(*text_of(file))
    lines = "".join(f'{name} = "{value}"\n' for name, value in limit.items() if '"' not in value)
    return read_budget(_ONE + lines, "the command line.toml")


def _limits(limits: Sequence[Mapping[str, Any]]) -> str:
    """Limits in a few words each."""
    return "; ".join(f"{_most(limit)} of {limit['figure']} per {limit['per']}" for limit in limits)


def _most(limit: Mapping[str, Any]) -> str:
    most = limit["fail_above"] if limit["fail_above"] is not None else limit["warn_above"]
    return quantity(most, UNITS[limit["figure"]])


def _standing(limit: Mapping[str, Any]) -> tuple[str, ...]:
    unit = limit["unit"]
    left = "" if limit["remaining"] is None else quantity(limit["remaining"], unit)
    since = f" from {limit['period_from'][:10]}" if limit["period_from"] else ""
    name = f"{limit['figure']} per {limit['per']}{since}"
    return name, _most(limit), quantity(limit["used"], unit), left, limit["verdict"]


def _ending(end: Mapping[str, Any]) -> str:
    """How a limit's period ends, in a line."""
    name = f"{end['figure']} per {end['per']}, forecast for {end['period_to'][:10]}:"
    if end["forecast"] is None:
        return f"{name}\n  none, {end['why']}\n"
    low, central, high = (quantity(end["forecast"][level], UNITS[end["figure"]]) for level in LEVELS)
    return f"{name}\n  {central}, in 4 of 5 cases from {low} to {high}\n"


def _labels(labels: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in labels.items())


def _print(told: Any, face: BudgetFace, table: str) -> None:
    write_out(told, face, (), {"table": lambda _: table, "json": pretty})
