"""mlquote mcp: the service as tools for an agent, over standard input and output (Model Context Protocol).

Every tool only reads. Answers are JSON text, so that money keeps its digits; a fault says what would be right.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from mlquote.catalog.snapshot import letters
from mlquote.catalog.tables import TABLE
from mlquote.cli.quoting import Local
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.asking.wording import question_of
from mlquote.estimators.comparing.comparison import Comparison, comparison
from mlquote.estimators.kinds import ESTIMATORS, estimator, read_question
from mlquote.kit.errors import Malformed, QuoteError, unknown_name
from mlquote.spend.asking import CheckRequest, questions_of
from mlquote.spend.budgets import Budget
from mlquote.spend.checks import report
from mlquote.spend.documents import plain, to_json

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

_MOST_ROWS = 20
_BRIEF = ("result", "warnings", "catalog")
_INSTRUCTIONS = (
    "Answers what a model costs: training runs, API usage, hosting. A figure is the low, central and high end of an "
    "80 % range unless it is a list price; null is unknown, never zero. Ask `fields` before a question of a kind that "
    "you have not asked; repeat `warnings` to the user; name `catalog.release` and `as_of` beside a number."
)
_KINDS = ", ".join(ESTIMATORS)


def serve_agents() -> None:
    """Offer estimates, prices, checks and the catalogue to an agent (MCP over standard input and output)."""
    try:
        server = agents_server(Local(datetime.now(UTC)))
    except ModuleNotFoundError as error:
        raise Malformed("the SDK of the protocol is not installed", hint="pip install 'mlquote[mcp]'") from error
    server.run("stdio")


def agents_server(local: Local) -> "MCPServer":
    """The server, every tool of which answers from the catalogue in this process."""
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations

    server: MCPServer = MCPServer("mlquote", instructions=_INSTRUCTIONS)
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    tools = _Tools(local)

    def told(tool: Callable[..., Any], name: str, description: str) -> None:
        server.add_tool(
            _told(tool, ToolError), name=name, description=description, annotations=reads, structured_output=False
        )

    told(tools.estimate, "estimate", f"What will it cost? `kind` is one of {_KINDS}; `question` holds its fields.")
    told(tools.fields, "fields", f"The fields of a kind of question ({_KINDS}): name -> what it means; and an example.")
    told(tools.compare, "compare", "One question with some of its fields as lists: every combination, ranked.")
    told(
        tools.price,
        "price",
        "List prices of a model over an API, in dollars per million tokens, now or `as_of` a date.",
    )
    told(tools.check, "check_budget", "May this be spent? Questions (each with `kind`) against limits; holds nothing.")
    told(
        tools.look_up, "catalog", f"Rows of a table whose id or name holds `query`. Tables: {', '.join(sorted(TABLE))}."
    )
    return server


def _told(tool: Callable[..., Any], error_type: type[Exception]) -> Callable[..., str]:
    """The tool with its answer as JSON text, and its faults as words that say what would be right."""

    @wraps(tool)
    def answered(*args: Any, **named: Any) -> str:
        try:
            return to_json(tool(*args, **named))
        except QuoteError as error:
            lines = [
                f"{fault.pointer}: {fault.detail}{f' ({fault.hint})' if fault.hint else ''}" for fault in error.faults
            ]
            raise error_type("\n".join([f"{error.code}: {error.detail}", *lines])) from error

    answered.__annotations__["return"] = str
    return answered


class _Tools:
    """What an agent may ask."""

    def __init__(self, local: Local) -> None:
        self._local = local

    def estimate(self, kind: str, question: dict[str, Any], detail: str = "brief") -> Any:
        member = estimator(kind)
        answer = plain(member.estimate(read_question(member, question), self._local.catalog, self._local.now))
        return answer if detail == "full" else {name: answer[name] for name in _BRIEF}

    def fields(self, kind: str) -> Any:
        member = estimator(kind)
        properties = member.question.model_json_schema()["properties"]
        described = {name: each.get("description", "") for name, each in properties.items()}
        return {"fields": described, "example": member.example}

    def compare(self, kind: str, question: dict[str, Any]) -> Any:
        read = question_of(Comparison, {"kind": kind, **question})
        answer = plain(comparison(read, self._local.catalog, self._local.now))
        return {name: answer[name] for name in _BRIEF}

    def price(self, model: str, provider: str | None = None, as_of: str | None = None) -> Any:
        named = {"model": model, "provider": provider, "as_of": as_of}
        return self.estimate("inference", {"per": "mtok"} | {name: value for name, value in named.items() if value})

    def check(self, questions: list[dict[str, Any]], limits: list[dict[str, Any]]) -> Any:
        budget = _part(Budget, {"limits": limits})
        asked = questions_of(_part(CheckRequest, {"questions": questions}))
        spent = [self._local.quote(each) for each in asked]
        return plain(report("", budget, spent, {}, self._local.now, labels={}, keeps_ledger=False))

    def look_up(self, table: str, query: str = "", as_of: str | None = None) -> Any:
        if table not in TABLE:
            raise unknown_name("table", table, sorted(TABLE), pointer="/table")
        moment = self._local.now if as_of is None else _moment(as_of)
        wanted = letters(query)
        rows = [
            row for row in self._local.catalog.rows(table) if wanted in letters(_words(row)) and _holds(row, moment)
        ]
        return {"rows": plain(rows[:_MOST_ROWS]), "found": len(rows), "shown": min(len(rows), _MOST_ROWS)}


P = TypeVar("P", bound=BaseModel)


def _part(model: type[P], fields: Mapping[str, Any]) -> P:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise malformed(error, model) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"{text!r} is no date", pointer="/as_of", hint="2026-06-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(row: Any) -> str:
    return " ".join(str(getattr(row, name, "")) for name in ("id", "name", "provider", "model", "accelerator", "zone"))


def _holds(row: Any, moment: datetime) -> bool:
    begins, ends = getattr(row, "effective_from", None), getattr(row, "effective_to", None)
    return (begins is None or begins <= moment) and (ends is None or moment < ends)
