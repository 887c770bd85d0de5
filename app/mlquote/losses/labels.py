"""Classes by their names: what a target or a label that is a word stands for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.reading import NON_FINITE, Reader, entries


def listed(value: Any) -> Any:
    """An array of names as nested lists; anything else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind in "UO" else value


def are_words(value: Any) -> bool:
    """Whether every entry is text that spells no number; the first number, found at once in most targets, says no."""
    some = False
    for _, entry in entries(value, ()) if isinstance(value, list | tuple) else ():
        if not isinstance(entry, str) or entry in NON_FINITE:
            return False
        some = True
    return some


def names_and_places(value: Any) -> tuple[list[str], NDArray[np.int64]] | None:
    """The different words of a flat list, sorted, and the place of each entry among them; None where it is no words."""
    value = listed(value)
    if not are_words(value) or not all(isinstance(entry, str) for entry in value):
        return None
    names, places = np.unique(np.asarray(value), return_inverse=True)
    return names.tolist(), places.astype(np.int64)


def read_classes(reader: Reader) -> list[Any] | None:
    """The classes' names in the order of their scores, each a different one."""
    given = reader.raw("classes")
    if given is None:
        return None
    sound = isinstance(given, list | tuple) and all(isinstance(name, str | int) for name in given)
    if not sound or len({str(name) for name in given}) != len(given) or len(given) < 2:
        reader.refuse(
            "classes", "classes are not a list of different names", "at least two, in the order of the scores"
        )
        return None
    return list(given)


def placed(value: Any, classes: Sequence[Any] | None, reader: Reader) -> Any:
    """Targets whose entries are names as the places of those names among the classes; numbers as they are.

    Raises: nothing; a name that is no class, and names without `classes`, are faults of the reader
    """
    value = listed(value)
    if classes is None:
        if are_words(value):
            reader.refuse("targets", "targets are names of classes", 'name them in order: "classes": ["cat", "dog"]')
            return None
        return value
    if not isinstance(value, list | tuple):
        reader.refuse("classes", "there are no targets that could be names", "names as targets, or no classes")
        return None
    places = {name: place for place, name in enumerate(classes)}
    for place, entry in entries(value, ()):
        if entry not in places:
            at = "/".join(map(str, place))
            reader.refuse(
                f"targets/{at}", f"{entry!r} is none of the classes", f"one of: {', '.join(map(str, classes))}"
            )
            return None
    return _mapped(value, places)


def _mapped(value: Any, places: dict[Any, int]) -> Any:
    if isinstance(value, list | tuple):
        return [_mapped(entry, places) for entry in value]
    return places[value]
