"""mlquote check and diff: may this be spent, and what does this change cost?"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from mlquote.cli.database import own_database
from mlquote.cli.exits import OVER, PASSED, UNKNOWN, OverBudget
from mlquote.cli.printing import failure, pretty, write_out
from mlquote.cli.quoting import Remote, answering, located_quote, quoted_spec
from mlquote.cli.reading import text_of
from mlquote.kit.errors import Malformed, UnknownName
from mlquote.render import changes as change_faces
from mlquote.render import sarif, verdicts
from mlquote.settings import Settings
from mlquote.spend.amounts import Spent
from mlquote.spend.asking import Asked
from mlquote.spend.budgets import BUDGET_NAME, Budget
from mlquote.spend.changes import changes, has_unknown_cost
from mlquote.spend.checks import report
from mlquote.spend.documents import digest, plain
from mlquote.spend.reservations import Request
from mlquote.spend.spec import Spec, read_budget, read_spec
from mlquote.store import reservations
from mlquote.store.audit import COMMAND_LINE

_SUFFIXES = (".toml", ".yaml", ".yml", ".json")


class Face(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


_CHECK_FACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "table": verdicts.text,
    "json": pretty,
    "markdown": verdicts.markdown,
    "junit": verdicts.junit,
}
_DIFF_FACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "table": change_faces.text,
    "json": pretty,
    "markdown": change_faces.markdown,
}

Server = Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server instead")]
Format = Annotated[Face, typer.Option("--format", help="how to print the answer", case_sensitive=False)]
Write = Annotated[
    list[Path] | None,
    typer.Option("--write", help="write it to a file too: .md, .json, .xml (JUnit), .sarif, .txt; repeatable"),
]
BudgetOption = Annotated[
    str | None,
    typer.Option("--budget", help="a budget's name (in the spec, or on the server) or a file; default: the spec's own"),
]


def check(
    spec: Annotated[Path, typer.Argument(help="a spec file: TOML, YAML or JSON; - reads standard input")],
    budget: BudgetOption = None,
    server: Server = None,
    face: Format = Face.TABLE,
    write: Write = None,
    strict: Annotated[bool, typer.Option("--strict", help="a warning fails too")] = False,
    reserve: Annotated[bool, typer.Option("--reserve", help="hold what is asked, if it passes")] = False,
    label: Annotated[list[str] | None, typer.Option("--label", help="NAME=VALUE, whose work it is; repeatable")] = None,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", help="with --reserve: a retry under the same key holds once")
    ] = None,
) -> None:
    """May this be spent? Exits 0 pass (or warn), 1 over budget, 2 bad question, 3 could not know."""
    lines = sarif.Lines(str(spec))
    faces = {**_CHECK_FACES, "sarif": lambda answer: sarif.checked(answer, lines)}
    with failure(face, write, faces):
        read = spec_of(spec)
        lines = _lines(read, str(spec), budget)
        labels = {**read.labels, **dict(_label(text) for text in label or ())}
        answer = _checked(read, budget, server, labels, reserve=reserve, key=idempotency_key)
    write_out(answer, face, write, faces)
    leave(answer["verdict"], strict=strict)


def leave(verdict: str, *, strict: bool = False) -> NoReturn:
    """End with the exit code of a verdict."""
    code = _exit_code(verdict, strict=strict)
    if code == OVER:
        raise OverBudget
    raise typer.Exit(code)


def _lines(spec: Spec, file: str, budget: str | None) -> sarif.Lines:
    """Where the spec's own limits and its questions stand."""
    name = next(iter(spec.budgets), None) if budget is None else budget
    place = ("budgets", name) if name else ("budget",)
    limits = spec.budgets[name].limits if name is not None and name in spec.budgets else ()
    return sarif.Lines(
        file,
        [spec.places.line((*place, "limits", number)) for number in range(len(limits))],
        {asked.name: spec.places.line(asked.place) for asked in spec.questions},
    )


def diff(
    base: Annotated[Path, typer.Argument(help="the spec before")],
    head: Annotated[Path, typer.Argument(help="the spec after")],
    server: Server = None,
    face: Format = Face.TABLE,
    write: Write = None,
) -> None:
    """What does this change cost? Which fields changed, which figures moved, by how much, and why."""
    with failure(face, write, _DIFF_FACES):
        old, new = spec_of(base), spec_of(head)
        with answering(server) as quoter, _progress(len(old.questions) + len(new.questions)) as step:
            known: dict[str, Spent] = {}

            def quote(asked: Asked) -> Spent:
                name = digest([asked.kind, asked.fields])
                if name not in known:
                    with step(asked.name):
                        home = new if any(asked.name == q.name for q in new.questions) else old
                        known[name] = located_quote(quoter, home, asked)
                return replace(known[name], name=asked.name)

            change = changes(old.questions, new.questions, quote)
    write_out(plain(change), face, write, _DIFF_FACES)
    raise typer.Exit(UNKNOWN if has_unknown_cost(change) else PASSED)


def _checked(
    spec: Spec, name: str | None, server: str | None, labels: Mapping[str, str], *, reserve: bool, key: str | None
) -> Any:
    budget = _own_budget(spec, name)
    if budget is None:
        return kept_verdict(spec, str(name), server, labels, reserve=reserve, key=key)
    if reserve:
        raise Malformed("a budget file keeps no ledger to hold anything in", hint="name a budget of a server")
    now = datetime.now(UTC)
    answers = _answers(spec, server, now)
    return report(name or "", budget, answers, {}, now, labels=labels, keeps_ledger=False)


def kept_verdict(
    spec: Spec,
    name: str,
    server: str | None,
    labels: Mapping[str, str],
    *,
    reserve: bool,
    key: str | None,
    database: str | None = None,
) -> Any:
    """The verdict under a budget that a server, or a database of this machine, keeps.

    Raises: UnknownName where no database is there; what a question or the server raises
    """
    if server:
        with Remote(server) as remote:
            return remote.check(name, spec, labels, reserve=reserve, key=key)
    now = datetime.now(UTC)
    url = _database_url(name, database)
    answers = _answers(spec, None, now)
    with own_database(url=url) as engine:
        if not reserve:
            return reservations.check(engine, name, answers, labels, now)
        again = Request(COMMAND_LINE, now, key, digest([[a.name, a.kind, a.fields] for a in spec.questions]))
        return reservations.reserve(engine, name, answers, again, labels=labels)


def _answers(spec: Spec, server: str | None, now: datetime) -> list[Spent]:
    with answering(server, now) as quoter, _progress(len(spec.questions)) as step:
        return quoted_spec(quoter, spec, step)


def _own_budget(spec: Spec, name: str | None) -> Budget | None:
    """The budget that the spec or a file holds; None where it must be looked up by name."""
    if name is None:
        if len(spec.budgets) == 1:
            return next(iter(spec.budgets.values()))
        raise Malformed(
            "which budget?", hint=f"--budget NAME or FILE{', one of ' if spec.budgets else ''}{', '.join(spec.budgets)}"
        )
    if name in spec.budgets:
        return spec.budgets[name]
    path = Path(name)
    if path.suffix.casefold() in _SUFFIXES:
        return read_budget(text_of(path)[0], path.name)
    if not re.fullmatch(BUDGET_NAME, name):
        hint = f"a file ends in {', '.join(_SUFFIXES)}; a name is letters, digits, dots, dashes"
        raise Malformed(f"{name!r} is no budget's name and no budget file", pointer="--budget", hint=hint)
    return None


def _database_url(name: str, database: str | None) -> str:
    """The database that is named, or that this machine's own service uses, where budgets by name live."""
    url = database or Settings().database_url
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).is_file():
        raise UnknownName(
            f"no budget named {name!r}: it is not in the spec, is no file, and there is no database here",
            pointer="--budget",
            hint="--budget FILE.toml, or --server URL",
            code="unknown-budget",
        )
    return url


def spec_of(path: Path) -> Spec:
    """The spec of a file, which asks something.

    Raises: Malformed
    """
    spec = read_spec(*text_of(path))
    if not spec.questions:
        raise Malformed(f"{path} asks nothing", pointer=f"{path}:1:", hint="[questions.NAME]")
    return spec


def _label(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name or not value:
        raise Malformed(f"{text!r} is no label", pointer="--label", hint="--label team=nlp")
    return name, value


def _exit_code(verdict: str, *, strict: bool) -> int:
    if verdict == "unknown":
        return UNKNOWN
    return OVER if verdict == "fail" or (verdict == "warn" and strict) else PASSED


@contextmanager
def _progress(count: int) -> Iterator[Callable[[str], AbstractContextManager[None]]]:
    """A bar on a terminal's stderr; nothing where nobody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: nullcontext()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading the catalogue", total=count)

        @contextmanager
        def step(name: str) -> Iterator[None]:
            bar.update(task, description=f"asking {name}")
            yield
            bar.advance(task)

        yield step
