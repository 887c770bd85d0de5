"""mlquote estimate, compare, scaling: one question from the command line, as curl would ask it, without a server."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.catalog.snapshot import Snapshot
from mlquote.cli.quoting import Local, Remote
from mlquote.cli.reading import STANDARD_INPUT, text_of
from mlquote.estimators.asking.mending import MENDED, all_told, flat, mended
from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.wording import as_written, question_of
from mlquote.estimators.comparing.comparison import Comparison, comparison
from mlquote.estimators.comparing.placement import Placement, placement
from mlquote.estimators.kinds import ADAPTATION, ESTIMATORS, PLAN, TRAINING, estimator
from mlquote.estimators.planning.loss import loss_plan
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.estimators.scaling.scaling import scaling_estimate
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.provenance import Answer
from mlquote.render import csv, markdown, text
from mlquote.spend.documents import from_json, indented, plain
from mlquote.spend.places import parsed


class Detail(StrEnum):
    """How much of an answer is printed."""

    BRIEF = "brief"
    FULL = "full"


class Face(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


FACES: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "text": lambda answer, detail: text.rendered(answer, detail=detail),
    "json": lambda answer, _: indented(answer),
    "markdown": lambda answer, detail: markdown.rendered(answer, detail=detail),
    "csv": lambda answer, _: csv.rendered(answer),
}


Fields = Annotated[
    list[str] | None,
    typer.Argument(
        help="FIELD=VALUE; FIELD=@FILE.json reads a nested one; - reads a whole question (JSON, TOML, YAML)"
    ),
]
Server = Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server")]
Printed = Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print the answer")]
Shown = Annotated[Detail | None, typer.Option(help="brief (default of text): one screen; full: all of it")]


@dataclass(frozen=True, slots=True)
class ShellQuestion:
    """One kind of question as a command asks it."""

    command: str
    path: str
    question: type[Question]
    estimate: Callable[[Any, Snapshot, datetime], Answer]
    example: Mapping[str, Any]


def estimate(
    kind: Annotated[str, typer.Argument(help=f"what to estimate: {', '.join(ESTIMATORS)}")],
    fields: Fields = None,
    server: Server = None,
    face: Printed = Face.TEXT,
    detail: Shown = None,
) -> None:
    """What will it cost? The same fields as GET /v1/estimates/KIND."""
    member = estimator(kind)
    _ask(
        ShellQuestion(f"estimate {member.kind}", member.address, member.question, member.estimate, member.example),
        fields,
        server,
        face,
        detail,
    )


def compare(fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None) -> None:
    """One question with some fields given as lists: ranked. The same fields as GET /v1/comparisons."""
    _ask(ShellQuestion("compare", "/v1/comparisons", Comparison, comparison, {}), fields, server, face, detail)


def scaling(fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None) -> None:
    """What loss does a budget buy, and what does a loss cost? The same fields as GET /v1/scaling-laws/evaluate."""
    way = ShellQuestion("scaling", "/v1/scaling-laws/evaluate", ScalingQuestion, scaling_estimate, {"op": "loss"})
    _ask(way, fields, server, face, detail)


def plan_adaptation(
    fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None
) -> None:
    """Prompt, cache, fine-tune and host, distil or train? The same fields as GET /v1/plans/adaptation."""
    member = ADAPTATION
    way = ShellQuestion("plan-adaptation", member.address, member.question, member.estimate, member.example)
    _ask(way, fields, server, face, detail)


def plan_loss(fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None) -> None:
    """What does lowering the loss from a to b cost, under each law? The same fields as GET /v1/plans/loss."""
    example = {"loss_from": 2.1, "loss_to": 2.05, "accelerator": "h100-sxm"}
    _ask(ShellQuestion("plan-loss", "/v1/plans/loss", LossPlan, loss_plan, example), fields, server, face, detail)


def plan_placement(
    fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None
) -> None:
    """Where, when and on which terms is a run cheaper or greener? The same fields as GET /v1/plans/placement."""
    example = {**TRAINING.example, "grid_zones": "FRA,POL"}
    _ask(
        ShellQuestion("plan-placement", "/v1/plans/placement", Placement, placement, example),
        fields,
        server,
        face,
        detail,
    )


def plan_training(
    fields: Fields = None, server: Server = None, face: Printed = Face.TEXT, detail: Shown = None
) -> None:
    """Which training run has the lowest loss for what there is? The same fields as GET /v1/plans/training."""
    way = ShellQuestion("plan-training", PLAN.address, PLAN.question, PLAN.estimate, PLAN.example)
    _ask(way, fields, server, face, detail)


def _ask(way: ShellQuestion, fields: list[str] | None, server: str | None, face: Face, detail: Detail | None) -> None:
    """Ask a question and print its answer."""
    shown = detail.value if detail is not None else "brief" if face is Face.TEXT else "full"
    pairs = [_pair(field) for field in fields or () if field != STANDARD_INPUT]
    scalar = {name: value for name, value in pairs if not value.startswith("@")}
    nested = {name: _file(name, Path(value[1:])) for name, value in pairs if value.startswith("@")}
    if len(scalar) + len(nested) < len(pairs):
        raise Malformed("a field is given twice", hint="give it once")
    if STANDARD_INPUT in (fields or ()):
        nested |= parsed(*text_of(Path(STANDARD_INPUT)))[0]
    if server and not nested:
        with Remote(server) as remote:
            typer.echo(remote.get(way.path, scalar | {"format": face.value, "detail": shown}), nl=False)
        return
    typer.echo(FACES[face.value](plain(_answered(way, scalar, nested, Local())), shown), nl=False)


def _answered(way: ShellQuestion, scalar: Mapping[str, str], nested: Mapping[str, Any], local: Local) -> Answer:
    """The answer; a refusal tells every fault there is, and a command that would be answered."""

    def ask(fields: Mapping[str, str]) -> Answer:
        question = question_of(way.question, way.question.from_parameters(fields) | dict(nested))
        try:
            return way.estimate(question, local.catalog, local.now)
        except QuoteError as error:
            raise as_written(error, question.places) from error

    try:
        return ask(scalar)
    except MENDED as error:
        yesterday = (local.now - timedelta(days=1)).date().isoformat()
        example = {"yesterday": yesterday} | (flat(way.example, way.question.lifted) or {})
        found = mended(scalar, error, ask, example)
        refused = all_told(error, found.faults)
        if found.parameters is not None and not nested:
            fields = (shlex.quote(f"{name}={value}") for name, value in found.parameters.items())
            refused.corrected = f"mlquote {way.command} {' '.join(fields)}"
        raise refused from error


def _pair(field: str) -> tuple[str, str]:
    name, found, value = field.partition("=")
    if not found or not name:
        raise Malformed(f"{field!r} is no field", pointer=field, hint="FIELD=VALUE, such as tokens=15e12")
    return name, value


def _file(name: str, path: Path) -> Any:
    try:
        return from_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Malformed(f"cannot read {path} as JSON: {error}", pointer=f"/{name}") from error
