"""The house: contracts of who may import whom, sizes, circles, and the map that says all that (docs/house.md).

MLQUOTE_TEST_REWRITE=1 writes rooms and contracts into the map; read the change before committing it.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).parent.parent / "app" / "mlquote"
CLIENT = APP.parent / "mlquote_client"
MAP = APP.parent.parent / "docs" / "house.md"
MOST_FLOORS, MOST_ARROWS = 7, 36
MOST_LINES, MOST_PARAMETERS = 40, 7
MIRRORED = ("formulas", "estimators/models", "estimators/scaling")
"""Rooms of arithmetic, where each module is tested under its own name."""
PURE_ROOMS = ("kit", "formulas", "catalog", "losses", "render", "estimators", "spend", "upstreams")
IMPURE_MODULES = {"os", "sys", "time", "socket", "subprocess", "random", "pathlib", "threading", "asyncio", "httpx"}
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today"}


def test_every_arrow_points_down() -> None:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    linted = subprocess.run(command, cwd=APP.parent.parent, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_pure_rooms_have_no_clock_no_file_no_environment(room: str) -> None:
    broken = [fault for path in sorted((APP / room).rglob("*.py")) for fault in _impurities(path)]
    assert broken == []


def test_no_two_files_import_each_other_in_a_circle() -> None:
    """Imports for the type checker alone and imports inside functions count too."""
    assert _circles(_imports()) == []


def test_a_circle_is_found_wherever_it_begins() -> None:
    assert _circles({"a": {"b"}, "b": {"c", "d"}, "c": {"b"}, "d": set()}) == [["b", "c"]]
    assert _circles({"a": {"a"}, "b": {"a"}}) == [["a"]]


def test_estimators_stand_on_few_floors_with_few_arrows() -> None:
    arrows = _arrows("mlquote.estimators")
    below: dict[str, set[str]] = {}
    for upper, lower in arrows:
        below.setdefault(upper, set()).add(lower)
    assert max(_floor(room, below) for room in below) <= MOST_FLOORS
    assert len(arrows) <= MOST_ARROWS, sorted(arrows)


def test_no_function_is_longer_than_a_page() -> None:
    """Lines without the docstring."""
    assert [place for place, lines in _lengths() if lines > MOST_LINES] == []


def test_no_parameter_list_is_longer_than_a_hand_holds() -> None:
    """Parameters of every kind but self and cls; the fields of a record are none, nor are the options of a command."""
    assert [place for place, count in _parameters() if count > MOST_PARAMETERS] == []


def test_a_name_means_one_thing_or_two_and_never_three() -> None:
    """A class of the same name in three rooms makes the reader ask which; these four had three meanings once."""
    rooms: dict[str, set[str]] = {}
    for path in sorted(APP.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                rooms.setdefault(node.name, set()).add(str(path.relative_to(APP).parent))
    assert {name: sorted(places) for name, places in rooms.items() if len(places) > 2} == {}
    assert [name for name in ("Part", "Plan", "Terms", "Layout") if len(rooms.get(name, ())) > 1] == []


def test_estimators_never_read_a_whole_table() -> None:
    """`rows()` knows no moment: `at`, `held`, `held_or_first` and `effective` do."""
    reading = [
        f"{path.relative_to(APP)}:{node.lineno}"
        for path in sorted((APP / "estimators").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "rows"
    ]
    assert reading == []


@pytest.mark.parametrize("room", MIRRORED)
def test_every_module_has_a_test_of_its_name(room: str) -> None:
    modules = [path for path in sorted((APP / room).rglob("*.py")) if not path.name.startswith("__")]
    tests = Path(__file__).parent
    wanted = [path.relative_to(APP).with_name(f"test_{path.name}") for path in modules]
    assert [str(path) for path in wanted if not (tests / path).exists()] == []


def test_the_map_names_every_room_with_its_own_sentence() -> None:
    """Each package of the tree, said as its __init__ says it, and no room that is not there."""
    told = {
        ".".join(path.parent.relative_to(APP.parent).parts): ast.get_docstring(ast.parse(path.read_text())) or ""
        for path in (*sorted(APP.rglob("__init__.py")), *sorted(CLIENT.rglob("__init__.py")))
    }
    rooms = "".join(f"| `{name}` | {' '.join(said.split(chr(10) * 2)[0].split())} |\n" for name, said in told.items())
    _held(r"\| room \| its reader finds \|\n\|---\|---\|\n(.*?)\n\n", rooms.rstrip("\n"))


def test_the_map_draws_the_floors_and_rules_that_the_contracts_hold() -> None:
    """Each contract by its name: floors a line each, from the top; what is forbidden to whom."""
    contracts = tomllib.loads((APP.parent.parent / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    drawn = "\n\n".join(_drawn(contract) for contract in contracts)
    _held(r"those\nparted by `:` may.\n\n(.*?)\n\nFrom `kit` up", drawn)


def test_every_page_of_the_docs_is_on_the_readers_path() -> None:
    pages = {str(path.relative_to(MAP.parent)) for path in MAP.parent.rglob("*.md")} - {"README.md"}
    linked = set(re.findall(r"\]\(([\w./-]+\.md)\)", (MAP.parent / "README.md").read_text()))
    assert {page for page in pages if page not in linked} == set()
    assert {page for page in linked if not (MAP.parent / page).exists()} == set()


def _drawn(contract: dict[str, Any]) -> str:
    """A contract as the map says it."""
    if contract["type"] == "layers":
        floors = "\n".join(f"    {layer.replace('mlquote.', '')}" for layer in contract["layers"])
        return f"**{contract['name']}**:\n\n{floors}"
    if contract["type"] == "independence":
        modules = ", ".join(f"`{name.replace('mlquote.', '')}`" for name in contract["modules"])
        return f"**{contract['name']}**: {modules}."
    who, what = (
        ", ".join(f"`{name.replace('mlquote.', '')}`" for name in contract[modules])
        for modules in ("source_modules", "forbidden_modules")
    )
    return f"**{contract['name']}**: {who} import none of {what}."


def _held(pattern: str, wanted: str) -> None:
    """The map's text between the groups of `pattern` is `wanted`; or it is written there."""
    text = MAP.read_text()
    found = re.search(pattern, text, re.S)
    assert found, f"the map has lost {pattern!r}"
    if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
        MAP.write_text(text[: found.start(1)] + wanted + text[found.end(1) :])
    else:
        assert found.group(1) == wanted


def _files() -> dict[str, Path]:
    """Every module by its dotted name; a package by that of its folder."""
    named = {}
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP.parent).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


@cache
def _imports() -> dict[str, set[str]]:
    """Module -> the modules of ours that it imports by name."""
    files = _files()
    graph: dict[str, set[str]] = {}
    for name, path in files.items():
        found: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {each if each in files else node.module for each in inner}
        graph[name] = found & files.keys()
    return graph


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that reach each other, each group once (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[-len(group) :]
            if len(group) > 1 or name in graph.get(name, ()):
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


def _arrows(package: str) -> set[tuple[str, str]]:
    """(upper, lower) for each pair of rooms right below a package of which one imports the other."""
    depth = package.count(".") + 1
    inside = {name for name in _imports() if name.startswith(f"{package}.")}
    pairs = ((name, other) for name in inside for other in _imports()[name] & inside)
    rooms = ((name.split(".")[depth], other.split(".")[depth]) for name, other in pairs)
    return {(upper, lower) for upper, lower in rooms if upper != lower}


def _floor(room: str, below: dict[str, set[str]]) -> int:
    return 1 + max((_floor(lower, below) for lower in below.get(room, ())), default=0)


def _functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in (*sorted(APP.rglob("*.py")), *sorted(CLIENT.rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(APP if APP in path.parents else APP.parent)}:{node.lineno} {node.name}", node


def _lengths() -> Iterator[tuple[str, int]]:
    for place, node in _functions():
        told = node.body[0] if ast.get_docstring(node) is not None else None
        docstring = (told.end_lineno or 0) - told.lineno + 1 if told is not None else 0
        lines = (node.end_lineno or 0) - node.lineno + 1 - docstring
        yield f"{place}: {lines} lines", lines


def _parameters() -> Iterator[tuple[str, int]]:
    for place, node in _functions():
        if place.startswith("cli/") and not node.name.startswith("_"):
            continue  # a command: its options are the fields of a command line
        args = node.args
        names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        names += [arg.arg for arg in (args.vararg, args.kwarg) if arg is not None]
        count = len([name for name in names if name not in ("self", "cls")])
        yield f"{place}: {count} parameters", count


def _impurities(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        place = f"{path.relative_to(APP)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            found += [f"{place} imports {a.name}" for a in node.names if _is_impure(a.name)]
        elif isinstance(node, ast.ImportFrom) and _is_impure(node.module or ""):
            found.append(f"{place} imports {node.module}")
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in IMPURE_CALLS:
                found.append(f"{place} calls {name}")
    return found


def _is_impure(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in IMPURE_MODULES
