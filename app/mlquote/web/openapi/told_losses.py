"""What the service tells of losses, penalties and their words, as records for OpenAPI to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlquote.web.schemas import SOMETIMES

_SOMETIMES: Mapping[str, Any] = {SOMETIMES: True}


@dataclass(frozen=True, slots=True)
class ParameterSaid:
    """A parameter of a loss or a penalty."""

    name: str
    default: Any
    required: bool
    domain: str
    about: str
    acts: str | None = field(metadata=_SOMETIMES)
    """Where it acts only under some condition: which."""


@dataclass(frozen=True, slots=True)
class LossSpelling:
    """How a framework spells a loss, and where its function differs."""

    framework: str
    checked_with: str
    spelling: str
    also: tuple[str, ...]
    only_by_name: bool
    reduction: str
    defaults: Mapping[str, Any]
    fixed: Mapping[str, Any]
    input_form: str | None
    input_forms: tuple[str, ...]
    weights: tuple[str, ...]
    differs: str


@dataclass(frozen=True, slots=True)
class LossProperties:
    """What is known of a loss as a function of its predictions; null where it has no such number."""

    differentiable: bool
    convex_in_predictions: bool | None
    lipschitz: float | None
    smooth: float | None
    bounded_below: float | None
    numerically_stable: bool
    aligned_with: str
    note: str


@dataclass(frozen=True, slots=True)
class NarrowerName:
    """Another name, and the parameters that it stands for."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LossSaid:
    """One loss: formula, parameters, properties, framework spellings, pitfalls."""

    name: str
    aliases: tuple[str, ...]
    narrower_names: tuple[NarrowerName, ...]
    family: str
    scope: str
    typical_use: str
    about: str
    formula: str
    gradient: str
    domain: str
    aligned_with: str
    pitfalls: str
    source: str
    predictions: tuple[str, ...]
    targets: tuple[str, ...]
    optional: tuple[str, ...]
    input_forms: tuple[str, ...]
    usual_form: str | None
    class_weights: bool
    pos_weight: bool
    parameters: tuple[ParameterSaid, ...]
    properties: LossProperties
    frameworks: tuple[LossSpelling, ...]
    kinks: str = field(metadata=_SOMETIMES)
    """Where its gradient is one of several."""
    stability: str = field(metadata=_SOMETIMES)
    """In which form it is computed, and why."""


@dataclass(frozen=True, slots=True)
class PenaltySpelling:
    """How a framework spells a penalty."""

    framework: str
    spelling: str
    means: str


@dataclass(frozen=True, slots=True)
class PenaltySaid:
    """One penalty: formula, fields, framework spellings."""

    name: str
    aliases: tuple[str, ...]
    about: str
    formula: str
    gradient: str
    properties: str
    source: str
    parameters: tuple[ParameterSaid, ...]
    frameworks: tuple[PenaltySpelling, ...]
    kinks: str = field(metadata=_SOMETIMES)
    pitfalls: str = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class Penalties:
    """Every penalty."""

    regularizers: tuple[PenaltySaid, ...]


@dataclass(frozen=True, slots=True)
class TermSaid:
    """What a word means here, and which field it is."""

    term: str
    field: str | None
    scope: str
    formula: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class LossTerms:
    """Loss, cost, risk, objective, criterion, reward."""

    terms: tuple[TermSaid, ...]


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """One word of a field, and its other names."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The words of a field, and the paths that take it."""

    field: str
    also_said_in: tuple[str, ...]
    paths: tuple[str, ...]
    choices: tuple[NamedChoice, ...]


@dataclass(frozen=True, slots=True)
class LossWords:
    """Every word of a question by its field."""

    words: tuple[FieldWords, ...]


@dataclass(frozen=True, slots=True)
class ReductionSaid:
    """What a reduction divides by."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class Reductions:
    """Every reduction."""

    reductions: tuple[ReductionSaid, ...]


@dataclass(frozen=True, slots=True)
class MeaningSaid:
    """A word, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A function of a framework that is no loss of ours, and why."""

    framework: str
    spelling: str
    reason: str


@dataclass(frozen=True, slots=True)
class Losses:
    """Every loss and penalty, and the words around them."""

    losses: tuple[LossSaid, ...]
    regularizers: tuple[PenaltySaid, ...]
    reductions: tuple[ReductionSaid, ...]
    weightings: tuple[MeaningSaid, ...]
    properties: tuple[MeaningSaid, ...]
    terms: tuple[TermSaid, ...]
    unanswered: tuple[Unanswered, ...]
