"""A few lines of an answer for a short path: what it costs, how sure, since when, and the whole address."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlquote.render.brief import fitted, headlines, told_figure
from mlquote.render.figures import shown

_FIGURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("output_tokens_per_s", ("usd_per_mtok.blended", "usd_per_hour", "output_tokens_per_s")),
    ("accelerator_hours", ("cost_usd", "wall_clock_hours", "energy_kwh")),
    ("context_tier", ("usd_per_mtok.input", "usd_per_mtok.output")),
)
"""A field that tells the kind of a result -> the figures that a few lines have room for."""


def short(answer: Mapping[str, Any], address: str, changed: Mapping[str, str]) -> str:
    """Three to six lines, the address whole.

    Args:    changed: what was read for what the path says, where that was not exact
    """
    read = [f"= read as {', '.join(f'{name}={value}' for name, value in changed.items())}"] if changed else []
    around = [*_beside(answer), *_doubt(answer)]
    lines = [_title(answer), *read, *list(_figures(answer))[: _MOST - len(read) - len(around)], *around]
    return "".join(f"{fitted(line)}\n" for line in lines) + f"{address}\n"


_MOST = 4
"""Lines between the first, which says what of, and the last, which is the address."""


def _title(answer: Mapping[str, Any]) -> str:
    question, catalog = answer["question"], answer["catalog"]
    model = question.get("model") or f"{shown(question.get('params'))} parameters"
    seller = f" at {question['provider']}" if question.get("provider") else ""
    count = question.get("accelerator_count")
    part = f" on {shown(count) + ' x ' if count else ''}{question['accelerator']}" if "accelerator" in question else ""
    return f"{model}{seller}{part}, {shown(catalog['as_of'])[:10]}, release {catalog['release']}"


def _figures(answer: Mapping[str, Any]) -> Iterator[str]:
    result = answer["result"]
    wanted = next((names for field, names in _FIGURES if field in result), ())
    known = {figure.name: figure for figure in headlines(result)}
    for name in wanted or list(known)[:3]:
        if name in known:
            yield told_figure(known[name])


def _beside(answer: Mapping[str, Any]) -> Iterator[str]:
    """Other sellers' prices, where no seller was named."""
    said = next((each for each in answer["assumptions"] if each["name"] == "provider"), None)
    if said is not None:
        yield f"$/Mtok in/out: {said['why'].rpartition('in/out: ')[2]}"


def _doubt(answer: Mapping[str, Any]) -> Iterator[str]:
    warnings = answer.get("warnings", ())
    if warnings:
        more = f" (+{len(warnings) - 1} more)" if len(warnings) > 1 else ""
        yield f"! {warnings[0]['code']}{more}: {warnings[0]['detail']}"
