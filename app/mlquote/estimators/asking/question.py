"""What every question shares: frozen, no unknown field, numbers as people write them, a moment and a release."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from mlquote.estimators.asking.numbers import a_count, a_number, a_share
from mlquote.kit.provenance import Assumption

MOST = 1e30
"""No quantity in a question may exceed this; beyond it the number is a mistake, not a plan."""
MOST_PARAMS = 10**16
"""No model has ten quadrillion parameters; a count beyond it is a slip of the unit."""
LEAST, LEAST_SHARE = 1e-30, 1e-6
"""Nor may a positive quantity, or a share that something is divided by, be smaller than these."""
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The years a question may be about."""


def _count(value: Any, info: ValidationInfo) -> Any:
    return a_count(value, info, most=MOST)


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|(\d{4})(\d{2})(\d{2})")


def _moment(value: Any) -> Any:
    """A date means 00:00Z of that day, a month or a year that of its first day; a moment without a zone is UTC."""
    if isinstance(value, str) and (part := _DATE.fullmatch(value.strip())):
        year, month, day = part.groups()[:3] if part[1] else part.groups()[3:]
        value = date(int(year), int(month or 1), int(day or 1))
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def utc(value: datetime) -> datetime:
    """A moment in UTC; one without a zone is taken as UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _plausible(value: datetime) -> datetime:
    try:
        is_plausible = EARLIEST <= utc(value) < LATEST
    except OverflowError:  # the first or last day there is, in a zone that puts it beyond
        is_plausible = False
    if not is_plausible:
        raise ValueError(f"a moment from {EARLIEST.year} to {LATEST.year - 1} is expected")
    return value


def folded(value: Any) -> Any:
    """A word without the spaces around it and whatever its case; what is no text stays as it is."""
    return value.strip().casefold() if isinstance(value, str) else value


def _premises(value: Any) -> Any:
    """American and hyphened spellings of a data centre are one word."""
    word = folded(value)
    return _DATACENTRE.sub("datacentre", word) if isinstance(word, str) else word


_DATACENTRE = re.compile(r"data[ _-]?cent(?:re|er)")

any_case = BeforeValidator(folded)
"""Put it into `Annotated[Literal[...], any_case]`: a closed word, however it is written."""

Count = Annotated[int, BeforeValidator(_count), Field(ge=0, le=10**24)]
PositiveCount = Annotated[int, BeforeValidator(_count), Field(gt=0, le=10**24)]
Positive = Annotated[float, BeforeValidator(a_number), Field(gt=0, ge=LEAST, le=MOST, allow_inf_nan=False)]
NonNegative = Annotated[float, BeforeValidator(a_number), Field(ge=0, le=MOST, allow_inf_nan=False)]
Fraction = Annotated[float, BeforeValidator(a_share), Field(ge=0, le=1, allow_inf_nan=False)]
Share = Annotated[float, BeforeValidator(a_share), Field(gt=0, ge=LEAST_SHARE, le=1, allow_inf_nan=False)]
Usd = Annotated[Decimal, BeforeValidator(a_number), Field(ge=0, le=Decimal("1e15"), allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Word = Annotated[str, any_case]
"""A word of any case."""
Params = Annotated[PositiveCount, Field(le=MOST_PARAMS)]
"""A model's parameters."""
Dtype = Literal["fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "int8", "fp4", "mxfp4", "int4", "q4_k_m"]
"""How numbers are stored and multiplied."""
Premises = Literal["datacentre", "office", "home"]
"""Where machines of one's own stand."""
WrittenPremises = Annotated[Premises, BeforeValidator(_premises)]
_WRITTEN = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_plausible), WithJsonSchema(_WRITTEN)]


class Part(BaseModel):
    """A piece of a question: frozen, and an unknown field is a fault, not a wish ignored."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, str_strip_whitespace=True
    )


_PLAIN = frozenset({str, int, float, bool, type(None), Decimal, datetime, date})
"""What `model_dump` gives as it is."""


class Echo(dict[str, Any]):
    """A question as it is echoed, with what was read for other words of it."""

    readings: tuple[Assumption, ...] = ()


class Question(Part):
    """What every estimate may be asked: the moment whose prices count, and the release they are read from."""

    lifted: ClassVar[tuple[str, ...]] = ()
    """Parts whose fields are parameters of their own on GET (the counts of `usage`)."""

    shortened: ClassVar[tuple[str, ...]] = ()
    """Parts whose fields may be named without them where no other field has the name (those of `workload`)."""

    held: ClassVar[str | None] = None
    """A table that every question of this kind holds: a file with tables alone is one question by it (`parts`)."""

    as_of: Moment | None = None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: Name | None = None
    """Catalogue release the figures are read from; default: the newest."""
    _readings: tuple[Assumption, ...] = PrivateAttr(default=())
    _places: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The fields that query parameters spell: `part.field` is a part's; `lifted` parts need no name."""
        question: dict[str, Any] = {}
        homes = _homes(cls)
        for name, value in parameters.items():
            part, *path = name.split(".")
            home = question.setdefault(homes[name], {}) if name in homes else None
            if isinstance(home, dict):
                home[name] = value
            elif path and _holds_part(cls, part) and isinstance(question.setdefault(part, {}), dict):
                _put(question[part], path, value)
            else:
                question[name] = value
        return question

    def moment(self, now: datetime) -> datetime:
        """`as_of` in UTC, or the `now` the door read from its clock."""
        return utc(self.as_of) if self.as_of is not None else now

    def filled(self, **defaults: Any) -> Echo:
        """The question as it is echoed: every field, with the defaults that were used put in."""
        held = self.__dict__
        is_plain = not self.__pydantic_extra__ and _PLAIN.issuperset(map(type, held.values()))
        echo = Echo(held if is_plain else self.model_dump())
        echo.update(defaults)
        echo.readings = self._readings
        return echo

    def read_as(self, field: str, said: Any, **values: Any) -> Self:
        """This question with `values` where it said something in other words, which its answer will tell."""
        self.__dict__.update(values)  # the question is being made: nobody has seen it yet
        self.model_fields_set.update(name for name, value in values.items() if value is not None)
        self._readings = (*self._readings, as_read(field, said, values))
        return self

    def heard(self, *readings: Assumption, places: Mapping[str, str] | None = None) -> Self:
        """This question with words that its answer will tell, and where what it says stood."""
        self._readings = (*readings, *self._readings)
        self._places = places or self._places
        return self

    @property
    def places(self) -> Mapping[str, str]:
        """Pointer to a field -> pointer to what the asker wrote, where that has another name."""
        return self._places


def as_read(field: str, said: Any, values: Mapping[str, Any]) -> Assumption:
    """What an answer says of a field that was read as others."""
    meant = ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)
    return Assumption("read-as", meant, basis="given", why=f"{field}={str(said)[:80]} is read as {meant}")


@cache
def _homes(question: type[Question]) -> Mapping[str, str]:
    """The fields that may be named without their part -> the part, where no field of the question has the name."""
    homes = {field: part for part in question.lifted for field in _part_of(question, part).model_fields}
    return {field: part for field, part in homes.items() if field not in question.model_fields}


def _put(place: dict[str, Any], path: Sequence[str], value: str) -> None:
    """Put a value under a path of names, as far as no value stands in its way."""
    for name in path[:-1]:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            break
        place = inner
    place[path[-1]] = value


def _holds_part(question: type[Question], name: str) -> bool:
    """A field of the question is a part of its own."""
    field = question.model_fields.get(name)
    kinds = getattr(field.annotation, "__args__", (field.annotation,)) if field is not None else ()
    return any(isinstance(kind, type) and issubclass(kind, Part) for kind in kinds)


def _part_of(question: type[Question], name: str) -> type[Part]:
    annotation = question.model_fields[name].annotation
    kinds = getattr(annotation, "__args__", (annotation,))
    return next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Part))
