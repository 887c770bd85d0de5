"""Records of which a quote makes a hundred: frozen to the type checker, plain to the interpreter.

A frozen dataclass sets each field through `object.__setattr__`, which takes three times as long as a plain one. What is
made once for a release stays frozen both ways; these are few, and mypy refuses to assign to their fields all the same.
"""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

R = TypeVar("R")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def quick_record(kind: type[R]) -> type[R]:
    """A dataclass with slots, equal and hashed by its fields, that nobody may assign to."""
    return dataclass(slots=True, unsafe_hash=True)(kind)
