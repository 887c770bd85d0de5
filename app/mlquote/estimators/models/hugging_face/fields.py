"""Reading a Hugging Face config.json with care: each field checked, each fault with its place in the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlquote.kit.errors import Malformed, OutOfDomain

MOST_LAYERS = 10_000
MOST_SIZE = 10_000_000


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a config and where it stands."""

    values: Mapping[str, Any]
    pointer: str = "/hf_config"

    def get(self, *names: str) -> Any:
        """The first of `names` that is there and not null."""
        return next((self.values[name] for name in names if self.values.get(name) is not None), None)

    def count(self, *names: str, default: int | None = None, least: int = 1, most: int = MOST_SIZE) -> int:
        """A whole number under one of `names`.

        Raises:
            Malformed: missing without a default, or no whole number.
            OutOfDomain: below `least` or above `most`.
        """
        value = self.get(*names)
        if value is None:
            if default is None:
                raise Malformed(f"{names[0]} is missing", pointer=self.at(names[0]), hint=" or ".join(names))
            return default
        where = self.at(next(name for name in names if self.values.get(name) is not None))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Malformed(f"{names[0]} is {value!r}", pointer=where, hint="a whole number")
        if not least <= value <= most:
            raise OutOfDomain(f"{names[0]} is {value}", pointer=where, hint=f"between {least} and {most}")
        return value

    def layers(self, *names: str, default: int | None = None) -> int:
        """A number of layers."""
        return self.count(*names, default=default, most=MOST_LAYERS)

    def flag(self, *names: str, default: bool) -> bool:
        """A true or false under one of `names`."""
        value = self.get(*names)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise Malformed(f"{names[0]} is {value!r}", pointer=self.at(names[0]), hint="true or false")
        return value

    def word(self, *names: str, default: str = "") -> str:
        """A string under one of `names`."""
        value = self.get(*names)
        if value is None:
            return default
        if not isinstance(value, str):
            raise Malformed(f"{names[0]} is {value!r}", pointer=self.at(names[0]), hint="a string")
        return value

    def listed(self, name: str, length: int | None = None) -> list[Any] | None:
        """A list under `name`, of `length` items if that is said."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise Malformed(f"{name} is {type(value).__name__}", pointer=self.at(name), hint="a list")
        if len(value) > MOST_LAYERS or (length is not None and len(value) != length):
            raise OutOfDomain(
                f"{name} has {len(value)} items", pointer=self.at(name), hint=f"one for each layer: {length}"
            )
        return value

    def part(self, *names: str) -> "Fields | None":
        """A nested object under one of `names`."""
        for name in names:
            value = self.values.get(name)
            if value is None:
                continue
            if not isinstance(value, Mapping):
                raise Malformed(f"{name} is {type(value).__name__}", pointer=self.at(name), hint="an object")
            return Fields(value, self.at(name))
        return None

    def at(self, name: str) -> str:
        """The pointer of one field."""
        return f"{self.pointer}/{name}"

    def with_defaults(self, **defaults: Any) -> "Fields":
        """These fields over the defaults of their family."""
        return Fields({**defaults, **{k: v for k, v in self.values.items() if v is not None}}, self.pointer)

    def replaced(self, **values: Any) -> "Fields":
        """These fields with some of them said differently."""
        return Fields({**self.values, **values}, self.pointer)
