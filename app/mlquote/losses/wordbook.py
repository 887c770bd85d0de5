"""Every word a question of the losses may use, with its other names: one list a field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mlquote.losses.frameworks.table import FRAMEWORKS
from mlquote.losses.glossary import losses
from mlquote.losses.names import FORM_ALIASES, FORMS, FRAMEWORK_ALIASES
from mlquote.losses.question import REDUCTION_ALIASES, REDUCTIONS
from mlquote.losses.reading import OPERATION_FIELDS, Answer
from mlquote.losses.regularizers import ALIASES as PENALTY_ALIASES
from mlquote.losses.regularizers import PENALTIES
from mlquote.losses.uses import closed_form, descent, model, optimizers, schedules, thresholds
from mlquote.losses.weighting import SCHEMES

EVALUATE, COMPARE = "/v1/losses/evaluate", "/v1/losses/compare"
DESCENT, SURFACE, SLICE = "/v1/losses/descent", "/v1/losses/surface", "/v1/losses/slice"
CLOSED_FORM = "/v1/losses/closed-form"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one field: where it is asked, which there are, and what else each is called."""

    name: str
    paths: tuple[str, ...]
    choices: Collection[str]
    aliases: Mapping[str, str] = field(default_factory=dict)


WORDS = (
    Words("reduction", (EVALUATE, DESCENT, SURFACE), REDUCTIONS, REDUCTION_ALIASES),
    Words("convention", (EVALUATE,), FRAMEWORKS, FRAMEWORK_ALIASES),
    Words("input_form", (EVALUATE, COMPARE, SLICE, DESCENT, SURFACE), FORMS, FORM_ALIASES),
    Words("optimizer", (DESCENT,), tuple(optimizers.OPTIMIZERS), descent.ALIASES),
    Words("schedule", (DESCENT,), schedules.SCHEDULES, schedules.SCHEDULE_ALIASES),
    Words("model", (DESCENT, SURFACE), tuple(model.MODELS), model.MODEL_ALIASES),
    Words("type", ("/v1/regularizers/evaluate", EVALUATE, DESCENT, SURFACE), tuple(PENALTIES), PENALTY_ALIASES),
    Words("problem", (CLOSED_FORM,), tuple(closed_form.PROBLEMS), closed_form.ALIASES),
    Words("scheme", ("/v1/losses/class-weights",), tuple(SCHEMES)),
    Words("op", ("/v1/losses/decision-threshold",), tuple(thresholds.OPERATIONS)),
)


def words() -> Answer:
    """Each field's words with their other names; case, `-` and a space for `_` say nothing more."""
    return {
        "words": [
            {
                "field": each.name,
                "also_said_in": list(OPERATION_FIELDS) if each.name in OPERATION_FIELDS else [],
                "paths": list(each.paths),
                "choices": [
                    {"name": name, "aliases": [alias for alias, meant in each.aliases.items() if meant == name]}
                    for name in each.choices
                ],
            }
            for each in WORDS
        ]
    }


def reductions() -> Answer:
    """Each reduction with what it divides by, and its other names."""
    named = {each["name"]: each["meaning"] for each in losses()["reductions"]}
    return {
        "reductions": [
            {
                "name": name,
                "meaning": named[name],
                "aliases": [alias for alias, meant in REDUCTION_ALIASES.items() if meant == name],
            }
            for name in REDUCTIONS
        ]
    }
