"""TOML, YAML and JSON text as data, with the line on which every key stands, so that a fault can name its line."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from mlquote.kit.errors import Malformed
from mlquote.spend.bounds import MOST_NODES, Unbounded, bounded, fraction, outside_json
from mlquote.spend.yaml_core import NotYaml, read_yaml

Path = tuple[str | int, ...]
MOST_CHARACTERS = 1_000_000


class Places:
    """Where each key of a file stands; lines count from 1."""

    def __init__(self, file: str, text: str, lines: Mapping[Path, int]) -> None:
        """Keep the known `lines`, and the `text` for the keys inside inline tables that have none."""
        self.file = file
        self._lines = lines
        self._text = text.splitlines()

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._lines:
                return self._within(self._lines[path[:length]], path[length:])
        return self._within(1, path)

    def pointer(self, path: Path) -> str:
        """file:line:dotted.path, as a fault carries it."""
        return f"{self.file}:{self.line(path)}:{'.'.join(str(part) for part in path)}"

    def _within(self, start: int, rest: Path) -> int:
        """The first line from `start` on where the last key of `rest` is set, or `start`."""
        names = [part for part in rest if isinstance(part, str)]
        if not names:
            return start
        key = re.compile(rf"""(?<![\w-])["']?{re.escape(names[-1])}["']?\s*[=:]""")
        return next((n for n in range(start, len(self._text) + 1) if key.search(self._text[n - 1])), start)


def parsed(text: str, file: str) -> tuple[dict[str, Any], Places]:
    """The mapping that `text` holds, read by the file's suffix (.toml, .json, else YAML), and its lines.

    Raises: Malformed with file:line where the text is not of its format, sets a key twice, or is no mapping.
    """
    if len(text) > MOST_CHARACTERS:
        raise Malformed(f"{file} is larger than a spec may be", pointer=file, hint=f"at most {MOST_CHARACTERS} bytes")
    if text.count("\n") + text.count(",") > MOST_NODES:
        raise Malformed(f"{file} holds more than a spec may", pointer=file, hint=f"at most {MOST_NODES} values")
    suffix = file.rpartition(".")[2].casefold()
    read = {"toml": _toml, "json": _json}.get(suffix, _yaml)
    data, lines = read(text, file)
    if not isinstance(data, dict):
        raise Malformed(f"{file} holds no mapping of names to values", pointer=f"{file}:1:")
    return data, Places(file, text, lines)


def _toml(text: str, file: str) -> tuple[Any, dict[Path, int]]:
    try:
        data = bounded(tomllib.loads(text, parse_float=fraction))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = line.group(1) if line else len(text.splitlines())
        raise Malformed(f"{file} is not TOML: {error}", pointer=f"{file}:{place}:") from error
    except RecursionError as error:
        raise Malformed(f"{file} is nested too deeply", pointer=f"{file}:1:") from error
    except ValueError as error:
        raise Malformed(f"{file}: {_said(error)}", pointer=f"{file}:1:") from error
    return data, dict(_toml_lines(text))


def _said(error: ValueError) -> str:
    """What is wrong; Python's own words of a number of too many digits speak of Python."""
    return str(error) if isinstance(error, Unbounded) else "a number is beyond what can be computed"


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]")
_SETTING = re.compile(rf"^\s*({_DOTTED})\s*=\s*(.*)$")
_STRING = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|#.*$""")


def _toml_lines(text: str) -> Iterator[tuple[Path, int]]:
    """The line of each table header and each key; what stands inside a value is left to `Places._within`."""
    table: Path = ()
    counts: dict[Path, int] = {}
    until, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if until:
            until = "" if until in line else until
            continue
        if depth > 0:
            depth += _brackets(line)
            continue
        header = _HEADER.match(line)
        if header:
            table = _indexed(tuple(_unquoted(header.group(2))), counts, is_array=header.group(1) == "[[")
            yield table, number
            continue
        setting = _SETTING.match(line)
        if setting:
            path = table + tuple(_unquoted(setting.group(1)))
            for length in range(len(table) + 1, len(path) + 1):
                yield path[:length], number
            until = next((q for q in ('"""', "'''") if setting.group(2).count(q) == 1), "")
            depth = 0 if until else _brackets(setting.group(2))


def _indexed(names: Path, counts: dict[Path, int], *, is_array: bool) -> Path:
    """A header's names with the index of each array of tables put in."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if is_array and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _brackets(line: str) -> int:
    bare = _STRING.sub("", line)
    return sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")


def _unquoted(dotted: str) -> list[str]:
    return [key.strip("\"'") for key in re.findall(_KEY, dotted)]


def _json(text: str, file: str) -> tuple[Any, dict[Path, int]]:
    try:
        data = outside_json(text)
    except json.JSONDecodeError as error:
        raise Malformed(f"{file} is not JSON: {error}", pointer=f"{file}:{error.lineno}:") from error
    except Unbounded as error:
        raise Malformed(f"{file}: {error}", pointer=f"{file}:{_line_of(error, text)}:") from error
    return data, dict(_json_lines(text))


def _line_of(error: Unbounded, text: str) -> int:
    """The last line that holds the name of which a fault tells, or the first line."""
    name = str(error).removesuffix(" is set twice").strip("'\"")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if json.dumps(name) in line]
    return (lines or [1])[-1]


_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


def _json_lines(text: str) -> Iterator[tuple[Path, int]]:
    """The line of every key and list item of well-formed JSON."""
    path: list[str | int] = []
    kinds: list[str] = []
    line, last = 1, ""
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
            continue
        if kinds and kinds[-1] == "[" and last in ("[", ",") and token != "]":
            path[-1] = int(path[-1]) + 1
            yield tuple(path), line
        elif kinds and kinds[-1] == "{" and last in ("{", ",") and token != "}":
            path[-1] = json.loads(token)
            yield tuple(path), line
        if token in "{[":
            kinds.append(token)
            path.append(-1 if token == "[" else "")
        elif token in "}]":
            kinds.pop()
            path.pop()
        last = token


def _yaml(text: str, file: str) -> tuple[Any, dict[Path, int]]:
    try:
        data, lines = read_yaml(text)
        return bounded(data), lines
    except NotYaml as error:
        raise Malformed(f"{file} is not YAML: {error}", pointer=f"{file}:{error.line}:{error.name}") from error
    except Unbounded as error:
        raise Malformed(f"{file}: {error}", pointer=f"{file}:1:") from error
