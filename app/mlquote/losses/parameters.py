"""What a loss may be asked to vary: each parameter's default, domain and meaning, declared once and checked here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlquote.losses.reading import Interval, Reader

Params = Mapping[str, Any]
MOST = 1e100
"""No parameter may exceed this; beyond it the number is a mistake, and its square no number at all."""
REAL = Interval()
CLAMPS = ("none", "log_floor", "prob_eps")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a field of a question has a say: in words, and of the parameters, the input form and the arrays given."""

    words: str
    holds: Callable[[Params, str | None, Collection[str]], bool]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: how it is read from a question, what it is when absent, and which values mean something."""

    name: str
    default: Any
    domain: str
    about: str
    read: Callable[[Reader, str, Any], Any]
    acts: Condition | None = None
    """Where it has a say; None is everywhere."""
    interval: Interval | None = None
    """The numbers it may be, where it is a number."""

    def only(self, condition: Condition) -> "Param":
        """The same parameter, with a say only under a condition."""
        return replace(self, acts=condition)

    def value(self, reader: Reader, defaults: Params) -> Any:
        """The parameter as given, else as the convention has it, else its own default."""
        return self.read(reader, self.name, defaults.get(self.name, self.default))


def where(name: str, *values: str) -> Condition:
    """Where another parameter is one of these words."""
    return Condition(f"with {name} {' or '.join(values)}", lambda params, form, arrays: params[name] in values)


def beside(name: str) -> Condition:
    """Where another parameter is neither null nor 0 nor false."""

    def holds(params: Params, form: str | None, arrays: Collection[str]) -> bool:
        value = params[name]
        return bool(value) if isinstance(value, int | float) else value is not None

    return Condition(f"beside {name}", holds)


def without(name: str) -> Condition:
    """Where another parameter is null."""
    return Condition(f"without {name}", lambda params, form, arrays: params[name] is None)


def on(*forms: str) -> Condition:
    """On these input forms."""
    return Condition(f"on {' or '.join(forms)}", lambda params, form, arrays: form in forms)


def with_array(name: str) -> Condition:
    """Where an optional array is given."""
    return Condition(f"where {name} are given", lambda params, form, arrays: name in arrays)


def both(one: Condition, other: Condition) -> Condition:
    """Where two conditions hold together."""

    def holds(params: Params, form: str | None, arrays: Collection[str]) -> bool:
        return one.holds(params, form, arrays) and other.holds(params, form, arrays)

    return Condition(f"{one.words} and {other.words}", holds)


def number(name: str, default: Any, about: str, domain: Interval = REAL, *, nullable: bool = False) -> Param:
    """A finite number of an interval; null only where `nullable`."""
    held = replace(domain, low=max(domain.low, -MOST), high=min(domain.high, MOST))

    def read(reader: Reader, field: str, fallback: Any) -> float | None:
        if nullable and reader.raw(field, fallback) is None:
            return None
        return reader.number_in(field, held, fallback)

    return Param(name, default, f"{domain} or null" if nullable else str(domain), about, read, interval=domain)


def positive(name: str, default: Any, about: str, *, nullable: bool = False) -> Param:
    """A number > 0."""
    return number(name, default, about, Interval(0.0, open_low=True), nullable=nullable)


def nonnegative(name: str, default: Any, about: str, *, nullable: bool = False) -> Param:
    """A number >= 0."""
    return number(name, default, about, Interval(0.0), nullable=nullable)


def whole(name: str, default: Any, about: str, *, low: int = -(2**53), nullable: bool = False) -> Param:
    """A whole number; null only where `nullable`."""

    def read(reader: Reader, field: str, fallback: Any) -> int | None:
        if nullable and reader.raw(field, fallback) is None:
            return None
        return reader.whole(field, fallback, low=low)

    bound = f">= {low}" if low > -(2**53) else "any"
    return Param(name, default, f"whole number, {bound}" + (" or null" if nullable else ""), about, read)


def one_or_two(name: str, about: str) -> Param:
    """1 or 2, 1 unless told otherwise."""

    def read(reader: Reader, field: str, fallback: int) -> int:
        return reader.whole(field, fallback, low=1, high=2)

    return Param(name, 1, "1 | 2", about, read)


def choice(name: str, options: tuple[str, ...], about: str, *, default: Any = None) -> Param:
    """One word of a few."""
    first = options[0] if default is None else default
    return Param(name, first, " | ".join(options), about, lambda reader, field, back: reader.word(field, options, back))


def flag(name: str, default: bool, about: str) -> Param:
    """True or false."""
    return Param(name, default, "true | false", about, lambda reader, field, back: reader.flag(field, back))


def maybe_flag(name: str, about: str) -> Param:
    """True, false, or null for neither said."""

    def read(reader: Reader, field: str, fallback: Any) -> bool | None:
        return None if reader.raw(field, fallback) is None else reader.flag(field, bool(fallback))

    return Param(name, None, "true | false | null", about, read)


def array(name: str, about: str, domain: str = "array of numbers or null") -> Param:
    """An array beside the predictions, null when absent."""
    return Param(name, None, domain, about, lambda reader, field, back: reader.array(field, back))


def number_or_array(name: str, about: str, *, low: float) -> Param:
    """A number, an array with one number per class, or null."""

    def read(reader: Reader, field: str, fallback: Any) -> Any:
        given = reader.raw(field, fallback)
        if given is None:
            return None
        if isinstance(given, int | float):
            return reader.number(field, fallback, low=low, high=MOST)
        values = reader.vector(field)
        if values is not None and not ((values >= low) & (values <= MOST)).all():
            reader.refuse(field, f"{field} has an entry outside its domain", str(Interval(low, MOST)))
        return values

    return Param(name, None, f"{Interval(low)}, one per class, or null", about, read)


def clamp() -> Param:
    """How probabilities of exactly 0 or 1 are kept from an infinite logarithm."""

    def read(reader: Reader, field: str, fallback: Any) -> dict[str, Any]:
        inner = reader.object(field, fallback)
        if inner is None:
            return {"kind": "none"}
        kind = inner.word("kind", CLAMPS) or "none"
        if kind == "none":
            if inner.raw("value") is not None:
                inner.refuse("value", "a clamp of kind none has no value", "drop it, or name another kind")
            found: dict[str, Any] = {"kind": kind}
        elif kind == "log_floor":
            found = {"kind": kind, "value": inner.number("value", -100.0, high=0.0, open_high=True)}
        else:
            found = {"kind": kind, "value": inner.number("value", 1e-7, low=0.0, high=0.5, open_high=True)}
        inner.close()
        return found

    about = (
        "none; log_floor: no logarithm below value (PyTorch -100); prob_eps: p kept in [value, 1 - value] (Keras 1e-7)"
    )
    return Param("clamp", {"kind": "none"}, "{kind: none | log_floor | prob_eps, value}", about, read)
