"""A scan as a spec file: every field with where it is from, and a line to fill in for each that no file tells."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mlquote.scan.found import Said, Seen, Spending
from mlquote.spend.spec import FILL

LIMIT = "fail_above"
_MOST_PLACES = 8


def filled(seen: Seen, values: Mapping[str, Any]) -> Seen:
    """The same with `values` in the fields of their names that no file tells."""
    return replace(seen, spendings=tuple(_filled(each, values) for each in seen.spendings))


def _filled(spending: Spending, values: Mapping[str, Any]) -> Spending:
    def by_name(fields: Mapping[str, Said]) -> dict[str, Said]:
        return {
            name: Said(values[name], "as told to scan") if is_open(said) and name in values else said
            for name, said in fields.items()
        }

    return replace(spending, fields=by_name(spending.fields), usage=by_name(spending.usage))


def is_open(said: Said) -> bool:
    """Whether a field is still to be filled in."""
    return isinstance(said.value, str) and said.value.startswith(FILL)


def spec_text(seen: Seen, limit: Any = None) -> str:
    """The spec file in TOML.

    Args: limit: dollars above which a check fails, at the high end; a line to fill in where it is None
    """
    return "\n".join(_lines(seen, limit)) + "\n"


def _lines(seen: Seen, limit: Any) -> Iterator[str]:
    yield "# What this repository spends, as its files say: written by `mlquote scan`, to be read and kept by people."
    yield f'# A value that begins "{FILL}" is in no file: `mlquote check` names its line until it is filled in.'
    for spending in seen.spendings:
        yield ""
        yield from _question(spending)
    yield ""
    yield "[[budget.limits]]"
    yield 'figure = "cost_usd"'
    yield 'compare = "high"'
    yield f"{LIMIT} = {_value(limit if limit is not None else f'{FILL}: dollars above which a check fails')}"
    if seen.unknown:
        yield ""
        yield "# Named where a model is, and not known to this catalogue; nothing is asked of them:"
        yield from (f"#   {_one_line(each)}" for each in seen.unknown)
    if seen.notes:
        yield ""
        yield from (f"# {_one_line(each)}" for each in seen.notes)


def _question(spending: Spending) -> Iterator[str]:
    shown = spending.places[:_MOST_PLACES]
    more = len(spending.places) - len(shown)
    yield f"# {_one_line(', '.join(shown))}{f' and {more} places more' if more else ''}"
    yield from (f"# {_one_line(note)}" for note in spending.notes)
    yield f"[questions.{spending.name}]"
    yield f'kind = "{spending.kind}"'
    for name, said in spending.fields.items():
        yield _field(name, said)
    if spending.kind == "inference":
        yield f"[questions.{spending.name}.usage]"
        for name, said in spending.usage.items():
            yield _field(name, said)


def _field(name: str, said: Said) -> str:
    return f"{name} = {_value(said.value)}" + (f"  # {_one_line(said.why)}" if said.why else "")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | Decimal) else json.dumps(str(value), ensure_ascii=False)


def _one_line(text: str) -> str:
    """A comment's words, whatever a file has in them: one line, without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
