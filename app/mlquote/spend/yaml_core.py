"""YAML 1.2 as plain data with the line of every key: the core schema, where a scalar is what it looks like.

`010` is ten, `1e9` a number, `15:00:00`, `no` and `2026-01-01` are text: YAML 1.1 would make them 54,000 seconds, false
and a date. Tags other than the core's are refused, and so is a key that is set twice or is no scalar. What is read is
counted as it comes, an alias as often as it is used, so that no small text grows into a large one.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import yaml

from mlquote.spend.bounds import MOST_DEPTH, MOST_NODES, Unbounded, fraction, whole

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_PLAIN, _UNTAGGED = "?", "!"
_MERGE = "<<"
_CORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)")),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)")),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
        ),
    ),
)
"""Plain scalars by what they look like, in the order in which the specification tries them."""


class NotYaml(ValueError):
    """What is no YAML of ours: where, and the name that it is about."""

    def __init__(self, said: str, line: int = 1, name: str = "") -> None:
        super().__init__(said)
        self.line, self.name = line, name


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # libyaml where it was built
    """Nodes as they are written: a plain scalar's tag is `?`, that of a mapping or list without one `!`."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        """The tag of a node that has none."""
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else f"{_TAG}str"
        return _UNTAGGED


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """The data of one YAML document, and the line of every key and list item; an empty text is an empty mapping.

    Raises: NotYaml; Unbounded
    """
    try:
        _count(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise NotYaml(str(error.problem), error.problem_mark.line + 1 if error.problem_mark else 1) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise NotYaml(str(error)) from error
    lines: dict[Path, int] = {}
    return ({} if root is None else _Reading(lines).value(root, ())), lines


def _count(text: str) -> None:
    """Refuse what holds too much, or is too deep, before any of it is kept."""
    depth = 0
    for seen, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise Unbounded("it is nested too deeply")
        if seen > 2 * MOST_NODES:
            raise Unbounded(f"it holds more than {MOST_NODES} names and values")


class _Reading:
    """One document being read; every node counts, an aliased one each time."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self._lines, self._seen = lines, 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._seen += 1
        if len(path) > MOST_DEPTH or self._seen > MOST_NODES:
            raise NotYaml("it is nested too deeply", _line(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if node.tag not in (_UNTAGGED, f"{_TAG}map", f"{_TAG}seq"):
            raise NotYaml(f"the tag {node.tag[:80]!r} is not read", _line(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._member(item, (*path, place)) for place, item in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path)

    def _member(self, node: yaml.Node, path: Path) -> Any:
        self._lines[path] = _line(node)
        return self.value(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, member in node.value:
            name = _name(key)
            if name in found:
                raise NotYaml(f"{name!r} is set twice", _line(key), name)
            if name == _MERGE and key.tag == _PLAIN:
                for other in self._merged(member, path):
                    merged = other | merged
                continue
            self._lines[(*path, name)] = _line(key)
            found[name] = self.value(member, (*path, name))
        return merged | found

    def _merged(self, node: yaml.Node, path: Path) -> Iterator[dict[str, Any]]:
        """The mappings that `<<` brings in, the first of which wins."""
        for each in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(each, yaml.MappingNode):
                raise NotYaml("<< merges mappings", _line(each), _MERGE)
            yield self.value(each, path)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _name(key: yaml.Node) -> str:
    if not isinstance(key, yaml.ScalarNode):
        raise NotYaml("a key is a word", _line(key))
    return str(key.value)


def _scalar(node: yaml.ScalarNode) -> Any:
    text, tag = str(node.value), str(node.tag)
    for kind, looks in _CORE:
        if tag in (_PLAIN, _TAG + kind) and looks.fullmatch(text):
            return _READ[kind](text)
    if tag in (_PLAIN, _UNTAGGED, f"{_TAG}str"):
        return text
    raise NotYaml(f"{text[:80]!r} is no {tag.removeprefix(_TAG)[:80]}", _line(node))


def _int(text: str) -> int:
    prefix = {"0o": 8, "0x": 16}.get(text[:2])
    return whole(text) if prefix is None or len(text) > 100 else int(text[2:], prefix)


def _float(text: str) -> Decimal | float:
    word = text.lstrip("+-").casefold()
    if word in (".inf", ".nan"):
        return float(text.casefold().replace(".", ""))
    return fraction(text)


_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.casefold() == "true",
    "int": _int,
    "float": _float,
}
