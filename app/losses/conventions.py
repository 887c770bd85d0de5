"""What each framework does when its user says nothing: spelling, defaults and divisor of every loss it has."""

from dataclasses import dataclass, field
from typing import Any

TORCH_CLAMP = {"kind": "log_floor", "value": -100.0}
KERAS_CLAMP = {"kind": "prob_eps", "value": 1e-7}
SKLEARN_CLAMP = {"kind": "prob_eps", "value": 2.220446049250313e-16}


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One framework's way with one loss. `gaps` says what this service cannot take over, or what to look out for."""

    spelling: str
    reduction: str = "mean"
    params: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    forms: tuple[str, ...] = ()
    gaps: str = ""


def _c(spelling: str, reduction: str = "mean", *, gaps: str = "", form: str | None = None, **params: Any) -> Convention:
    return Convention(spelling=spelling, reduction=reduction, params=params, form=form, gaps=gaps)


FRAMEWORKS = ("pytorch", "keras", "optax", "sklearn", "transformers", "trl")

CONVENTIONS: dict[str, dict[str, Convention]] = {}
