"""The page of all codes, as Markdown: docs/codes.md."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from mlquote.render.markdown import table

_HEAD = """\
# Every code, and what to do about it

Warnings stand beside an answer (`warnings`), errors take its place (`code` of an `application/problem+json`),
diagnostics stand beside the value of a loss. One code has one meaning. `GET /v1/codes` answers the same list; this page
is made from it.
"""
_TITLES = {"warning": "Warnings", "error": "Errors", "diagnostic": "Diagnostics of losses"}


def page(codes: Sequence[Mapping[str, Any]]) -> str:
    """Every code under the heading of its kind, in the order in which they come.

    Args:    codes: {code, kind, sentence, what_to_do}, those of one kind together
    """
    parts = [_HEAD]
    for kind, members in groupby(codes, key=lambda code: str(code["kind"])):
        rows = [[f"`{code['code']}`", code["sentence"], code["what_to_do"]] for code in members]
        parts.append(f"## {_TITLES[kind]}\n\n{table(['code', 'what it means', 'what to do'], rows)}")
    return "\n".join(parts)
