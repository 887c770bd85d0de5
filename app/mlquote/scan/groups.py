"""A file's text as groups of settings: the arguments of one call, the members of one object, one part of a config.

What is found is only what is written out: a name that leads to another file, or that is put together at run time, is
not followed. Nothing is executed.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlquote.spend.places import Path, Places

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Written:
    """One value, and the line on which it stands."""

    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together, and what they are handed to."""

    file: str
    line: int
    callee: str = ""
    """What is called, with its dots; "" for the members of an object or a config."""
    settings: Mapping[str, Written] = field(default_factory=dict)
    first: Written | None = None
    """What is handed over without a name, where it is the first."""
    around: str = ""
    """The file's whole text, by which its libraries are known."""

    def get(self, *names: str) -> Written | None:
        """The first of `names` that is set, in any case and with `_` or `-`."""
        return next((self.settings[name] for name in names if name in self.settings), None)


def of_python(text: str, file: str) -> Iterator[Group]:
    """Every call, dictionary and set of named values in Python source; nothing where it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            members = {word.arg: word.value for word in node.keywords if word.arg}
            first = _written(node.args[0], constants) if node.args else None
            yield Group(file, node.lineno, _dotted(node.func), _known(members, constants), first, text)
        elif isinstance(node, ast.Dict):
            keys = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            yield Group(file, node.lineno, "", _known(keys, constants), None, text)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield Group(file, node.lineno, "", _known(_defaults(node), constants), None, text)
    yield Group(file, 1, "", constants, None, text)


def _constants(tree: ast.Module) -> Iterator[tuple[str, Written]]:
    """Names that the module sets to a written value, once or at last."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            found = _written(node.value, {})
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and found is not None:
                    yield target.id, found


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Mapping[str, ast.expr]:
    if isinstance(node, ast.ClassDef):
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and each.value is not None]
        return {each.target.id: each.value for each in fields if isinstance(each.target, ast.Name) and each.value}
    arguments = node.args.args[len(node.args.args) - len(node.args.defaults) :]
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return {arg.arg: value for arg, value in zip(arguments, node.args.defaults, strict=True)} | {
        arg.arg: value for arg, value in named if value is not None
    }


def _known(members: Mapping[str, ast.expr], constants: Mapping[str, Written]) -> dict[str, Written]:
    found = {name: _written(value, constants) for name, value in members.items()}
    return {name: setting for name, setting in found.items() if setting is not None}


def _written(node: ast.expr | None, constants: Mapping[str, Written]) -> Written | None:
    """A written value: a literal, a name of this module for one, or what stands in where the environment says none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
        return Written(node.value, node.lineno)
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.Call) and _dotted(node.func) in ("os.environ.get", "os.getenv", "getenv", "Field"):
        named = next((word.value for word in node.keywords if word.arg == "default"), None)
        last = node.args[0] if _dotted(node.func) == "Field" and node.args else node.args[-1] if node.args[1:] else None
        return _written(named or last, constants)
    if isinstance(node, ast.List | ast.Tuple) and all(isinstance(each, ast.Constant) for each in node.elts):
        return Written(",".join(str(each.value) for each in node.elts if isinstance(each, ast.Constant)), node.lineno)
    return None


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ".".join(reversed(parts))


_PAIR = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]{0,60})["']?\s{0,4}(?::\s{0,4}\w{1,30}\s{0,4}=|=>|:=|=|:)\s{0,4}"""
    r"""(?:["'`](?P<text>[^"'`\n]{1,200})["'`]|(?P<number>-?\d[\d_]{0,15}(?:\.\d{1,15})?)(?![\w.])|(?P<word>true|false)\b)"""
)
_CALL = re.compile(r"""(?P<name>[A-Za-z_][\w.]{0,60})\(\s{0,4}["'`](?P<text>[^"'`\n]{1,200})["'`]""")


def of_source(text: str, file: str) -> Iterator[Group]:
    """Settings in source of any other language, by the innermost brackets that hold them; and calls with a string."""
    ends = [end.start() for end in re.finditer("\n", text)]
    pairs = list(_PAIR.finditer(text))
    groups: dict[int, dict[str, Written]] = {}
    for pair, start in zip(pairs, _openings(text, [pair.start() for pair in pairs]), strict=True):
        setting = Written(_read(pair), bisect_left(ends, pair.start()) + 1)
        groups.setdefault(start, {}).setdefault(pair["name"].rpartition(".")[2], setting)
    for start, settings in groups.items():
        line = min(each.line for each in settings.values())
        yield Group(file, line, _callee(text, start), settings, None, text)
    for call in _CALL.finditer(text):
        line = bisect_left(ends, call.start()) + 1
        yield Group(file, line, call["name"], {}, Written(call["text"], line), text)


def _openings(text: str, places: Sequence[int]) -> Iterator[int]:
    """For each place, in their order, where the innermost bracket around it opens; -1 outside of all."""
    brackets = re.finditer(r"[(){}\[\]]", text)
    upcoming = next(brackets, None)
    opened: list[int] = []
    for place in places:
        while upcoming is not None and upcoming.start() < place:
            if upcoming[0] in "({[":
                opened.append(upcoming.start())
            elif opened:
                opened.pop()
            upcoming = next(brackets, None)
        yield opened[-1] if opened else -1


def _read(pair: re.Match[str]) -> Value:
    if pair["text"] is not None:
        return pair["text"]
    if pair["word"] is not None:
        return pair["word"] == "true"
    number = pair["number"].replace("_", "")
    return float(number) if "." in number else int(number)


def _callee(text: str, start: int) -> str:
    """What is called with the brackets at `start`, or with an object in them."""
    before = text[max(0, start - 200) : start] if start >= 0 else ""
    found = re.search(r"([A-Za-z_][\w.]{0,80})\s{0,4}\(?\s{0,4}$", before)
    return found[1] if found else ""


_LINE = re.compile(
    r"^\s*(?:export\s+|ENV\s+|ARG\s+)?([A-Za-z_]\w{0,60})\s*=\s*[\"']?([^\"'#\s]{1,200})[\"']?\s*(?:#.*)?$"
)


def of_lines(text: str, file: str) -> Iterator[Group]:
    """NAME=VALUE, one a line: environment files and the settings of shells and images."""
    found = {}
    for line, row in enumerate(text.splitlines(), 1):
        if pair := _LINE.match(row):
            found[pair[1]] = Written(pair[2], line)
    yield Group(file, 1, "", found, None, text)


def of_document(data: Any, places: Places, text: str, path: Path = ()) -> Iterator[Group]:
    """Every mapping of a TOML, YAML or JSON file, the whole of it first with its paths as dotted names."""
    if not path:
        yield Group(places.file, 1, "", dict(_flat(data, places, ())), None, text)
    if isinstance(data, Mapping):
        own = {
            str(name): Written(value, places.line((*path, name)))
            for name, value in data.items()
            if isinstance(value, str | int | float | bool)
        }
        if path and own:
            yield Group(places.file, places.line(path), str(path[-1]), own, None, text)
        for name, value in data.items():
            yield from of_document(value, places, text, (*path, name))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from of_document(value, places, text, (*path, place))


def _flat(data: Any, places: Places, path: Path) -> Iterator[tuple[str, Written]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _flat(value, places, (*path, name))
    elif isinstance(data, list) and data and all(isinstance(each, str) for each in data):
        yield ".".join(map(str, path)), Written(",".join(data), places.line(path))
    elif isinstance(data, str | int | float | bool):
        yield ".".join(map(str, path)), Written(data, places.line(path))
