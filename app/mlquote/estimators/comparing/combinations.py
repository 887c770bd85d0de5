"""A question with lists in it -> every single question it stands for, each with what was chosen in it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from mlquote.kit.errors import Malformed, TooLarge

MOST_COMBINATIONS = 500
_WHOLE: frozenset[str] = frozenset({"provider_response", "request", "hf_config"})
"""Fields whose value is what it is, lists and all."""

Combination = tuple[dict[str, Any], dict[str, Any]]
"""What was chosen (by path), and the whole question with it."""


def combinations_of(asked: Mapping[str, Any], alternatives: Sequence[Mapping[str, Any]]) -> Iterator[Combination]:
    """Every alternative with every value of every list."""
    for alternative in alternatives:
        whole = {**asked, **alternative}
        axes = list(_axes(whole, ()))
        size = prod(len(values) for _, values in axes)
        if size > MOST_COMBINATIONS:
            raise TooLarge(f"{size} combinations; at most {MOST_COMBINATIONS} are compared at once")
        for values in product(*(values for _, values in axes)):
            choice = dict(alternative) if len(alternatives) > 1 else {}
            fields = whole
            for (path, _), value in zip(axes, values, strict=True):
                choice[".".join(path)] = value
                fields = _put(fields, path, value)
            yield choice, fields


def _axes(fields: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Sequence[Any]]]:
    for name, value in fields.items():
        if name in _WHOLE:
            continue
        if isinstance(value, Mapping):
            yield from _axes(value, (*place, name))
        elif isinstance(value, list | tuple):
            if not value:
                raise Malformed("an empty list compares nothing", pointer="/" + "/".join((*place, name)))
            yield (*place, name), value


def _put(fields: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *rest = path
    return {**fields, name: _put(fields[name], tuple(rest), value) if rest else value}
