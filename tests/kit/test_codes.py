"""No code is told that the table does not explain, and none is explained that nobody tells."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlquote.catalog.tables import TABLES, Table
from mlquote.kit.codes import ERROR_CODES, ERRORS, WARNING_CODES, WARNINGS, leaving_unknown
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Trail, Warning
from mlquote.web.routes.catalog import thing_of

APP = Path(__file__).parents[2] / "app" / "mlquote"
TREES = {p: ast.parse(p.read_text()) for p in sorted(APP.rglob("*.py")) if p.relative_to(APP) != Path("kit/codes.py")}
PLACE_OF_WARNING = {"Warning": 0, "warn": 0, "unknown": 0, "warned": 1}
"""Which argument of a call is a warning's code."""
BY_HTTP = {"bad-request", "method-not-allowed", "not-found"}
"""Errors that the web framework raises, named after their status."""


def literal(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def warnings_told() -> Iterator[tuple[str, str]]:
    for path, tree in TREES.items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
            place = PLACE_OF_WARNING.get(str(name))
            if place is not None and len(call.args) > place:
                yield f"{path.relative_to(APP)}:{call.lineno}", literal(call.args[place])


def errors_told() -> Iterator[tuple[str, str]]:
    """Codes handed to an error, those of the error classes themselves, and those of unknown names."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            yield f"{path.relative_to(APP)}:{getattr(node, 'lineno', 0)}", error_told(node)


def error_told(node: ast.AST) -> str:
    if isinstance(node, ast.keyword) and node.arg == "code":
        return literal(node.value)
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
        return literal(node.value)
    is_name = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unknown_name"
    thing = literal(node.args[0]) if is_name and isinstance(node, ast.Call) else ""
    return f"unknown-{thing.replace('_', '-')}" if thing else ""


def test_every_warning_that_is_told_is_explained() -> None:
    assert [(where, code) for where, code in warnings_told() if code and code not in WARNING_CODES] == []


def test_every_error_that_is_raised_is_explained() -> None:
    assert [(where, code) for where, code in errors_told() if code and code not in ERROR_CODES] == []


def test_no_code_is_explained_that_nobody_tells() -> None:
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]
    told = {literal(node) for node in nodes if isinstance(node, ast.Constant)} | {error_told(node) for node in nodes}
    of_tables = {f"unknown-{thing_of(table).replace('_', '-')}" for table in TABLES}
    assert (WARNING_CODES | ERROR_CODES) - told - of_tables - BY_HTTP == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_an_unknown_id_of_every_table_has_its_code(table: Table) -> None:
    assert f"unknown-{thing_of(table).replace('_', '-')}" in ERROR_CODES


def test_a_code_has_one_row_of_its_kind_and_each_row_says_what_to_do() -> None:
    rows = [*WARNINGS, *ERRORS]
    assert len({(row.kind, row.code) for row in rows}) == len(rows)
    assert [row.code for row in rows if not row.sentence.endswith(".") or not row.what_to_do.endswith(".")] == []
    assert [row.code for row in WARNINGS] == sorted(WARNING_CODES)


def test_an_unexplained_code_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="give it a row"):
        Warning("never-heard-of", "x")
    with pytest.raises(ValueError, match="give it a row"):
        Trail().warn("never-heard-of", "x")
    with pytest.raises(ValueError, match="give it a row"):
        Malformed("x", code="never-heard-of")


def test_a_figure_names_the_warnings_that_leave_it_unknown() -> None:
    assert "no-rental-price" in leaving_unknown("cost_usd")
    assert "price-from-another-date" not in leaving_unknown("cost_usd")
    assert leaving_unknown("no_such_figure") == frozenset()
