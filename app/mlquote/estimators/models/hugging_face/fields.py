"""Reading a Hugging Face config.json with care: each field checked, each fault with its place in the question."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlquote.estimators.models.hugging_face.class_defaults import class_defaults
from mlquote.kit.errors import Malformed, OutOfDomain

MOST_LAYERS = 10_000
MOST_SIZE = 10_000_000


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a config and where it stands; where it is silent, the default of its class."""

    values: Mapping[str, Any]
    pointer: str = "/hf_config"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the object's class takes for a field that is absent; a field that is null has no default."""
    taken: dict[str, Any] = field(default_factory=dict)
    """Defaults that were used, by their pointer: they are said with the answer."""

    @property
    def kind(self) -> str:
        """The type that the object says it is, or that its place gives it."""
        return str(self.values.get("model_type") or self.defaults.get("model_type") or "")

    @property
    def named(self) -> str:
        """The class that the file says its weights are of, or ""."""
        classes = self.values.get("architectures")
        return str(classes[0]) if isinstance(classes, list) and classes else ""

    def get(self, *names: str) -> Any:
        """The first of `names` that is there and not null; else the class's default, unless null was said."""
        for name in names:
            if self.values.get(name) is not None:
                return self.values[name]
        if any(name in self.values for name in names):
            return None
        for name in names:
            if self.defaults.get(name) is not None:
                if isinstance(self.defaults[name], int):
                    self.taken[self.at(name)] = self.defaults[name]
                return self.defaults[name]
        return None

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
        where = self.at(next((name for name in names if self.values.get(name) is not None), names[0]))
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

    def number(self, name: str, default: float | None = None) -> float:
        """A number under `name`, whole or not.

        Raises:
            Malformed: missing without a default, or no number.
            OutOfDomain: not above 0, or absurd.
        """
        value = self.get(name)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Malformed(f"{name} is {value!r}", pointer=self.at(name), hint="a number")
        if not 0 < value <= MOST_SIZE:
            raise OutOfDomain(f"{name} is {value}", pointer=self.at(name), hint=f"above 0, at most {MOST_SIZE}")
        return value

    def counts(self, *names: str, length: int | None = None, least: int = 0) -> list[int]:
        """A list of whole numbers; one number stands for `length` of them.

        Raises:
            Malformed: missing, or no list of whole numbers.
            OutOfDomain: of another length, or with an absurd number.
        """
        value = self.get(*names)
        if isinstance(value, int) and not isinstance(value, bool) and length is not None:
            value = [value] * length
        if not isinstance(value, list) or not all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            raise Malformed(f"{names[0]} is {value!r}"[:200], pointer=self.at(names[0]), hint="a list of whole numbers")
        if len(value) > MOST_LAYERS or (length is not None and len(value) < length):
            raise OutOfDomain(f"{names[0]} has {len(value)} items", pointer=self.at(names[0]), hint=f"{length}")
        if not all(least <= v <= MOST_SIZE for v in value):
            raise OutOfDomain(f"{names[0]} is {value}"[:200], pointer=self.at(names[0]), hint=f"{least} or more")
        return value[:length]

    def divided(self, whole: int, heads: int, name: str) -> None:
        """Refuse a width that its heads do not divide: such a model cannot run.

        Raises:
            OutOfDomain: so many heads, under `name`, leave a rest.
        """
        if heads < 1 or whole % heads:
            detail = f"{heads} heads do not divide {whole}"
            raise OutOfDomain(detail, pointer=self.at(name), hint=f"a divisor of {whole}")

    def part(self, *names: str) -> "Fields | None":
        """A nested object under one of `names`, or the one its class makes by itself."""
        for name in names:
            value, usual = self.values.get(name), self.defaults.get(name)
            if value is None and usual is None:
                continue
            if value is not None and not isinstance(value, Mapping):
                raise Malformed(f"{name} is {type(value).__name__}", pointer=self.at(name), hint="an object")
            kind = (value or {}).get("model_type") or (usual or {}).get("model_type") or ""
            own = class_defaults(kind) if isinstance(kind, str) else {}
            made = usual if value is None else {}
            return Fields(value or {}, self.at(name), {**own, **(made or {}), "model_type": kind}, self.taken)
        return None

    def within(self, *names: str) -> "Fields":
        """A nested object that must be there.

        Raises:
            Malformed: it is not.
        """
        found = self.part(*names)
        if found is None:
            raise Malformed(f"{names[0]} is missing", pointer=self.at(names[0]), hint="an object")
        return found

    def at(self, name: str) -> str:
        """The pointer of one field."""
        return f"{self.pointer}/{name}"

    def with_defaults(self, **defaults: Any) -> "Fields":
        """These fields over the defaults of their family."""
        missing = {name: value for name, value in defaults.items() if self.values.get(name) is None}
        return replace(self, values={**self.values, **missing})

    def replaced(self, **values: Any) -> "Fields":
        """These fields with some of them said differently."""
        return replace(self, values={**self.values, **values})


def pair(c: Fields, name: str, default: int) -> tuple[int, int]:
    """A side said once, or both."""
    if isinstance(c.get(name), list):
        sides = c.counts(name, length=2, least=1)
        return sides[0], sides[1]
    side = c.count(name, default=default)
    return side, side
