"""Asking one loss plainly, and the slope of a textbook form, so that a test can hold one against the other."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array

Numbers = Array | list[float] | list[int] | list[list[float]]
STEP = 1e-5
Solved = tuple[tuple[Any, ...], dict[str, Any], list[float]]
"""A question (loss, predictions, then targets and input form where there are any), its parameters, and its L_i."""


def asked(loss: str, predictions: Any, targets: Any = None, form: str | None = None, **params: Any) -> dict[str, Any]:
    """The answer with values and gradients of each L_i (reduction none: the gradient is that of their sum)."""
    params = params.pop("params", params)
    body = {"loss": loss, "predictions": predictions, "params": params, "reduction": "none", "gradient": True}
    body |= {} if targets is None else {"targets": targets}
    return evaluate(body | ({} if form is None else {"input_form": form}))


def values(loss: str, predictions: Any, targets: Any = None, form: str | None = None, **params: Any) -> Array:
    """L_i of each example."""
    return np.asarray(asked(loss, predictions, targets, form, **params)["per_example"])


def gradient(loss: str, predictions: Any, targets: Any = None, form: str | None = None, **params: Any) -> Any:
    """dL_i/d(predictions) of each example."""
    return asked(loss, predictions, targets, form, **params)["gradient"]["predictions"]


def holds(solved: Solved) -> None:
    """A loss gives what was solved by hand."""
    question, params, expected = solved
    np.testing.assert_allclose(values(*question, **{"params": params}), expected, rtol=1e-6, atol=1e-6)


def slope(textbook: Callable[[Array], Array], at: Array) -> Array:
    """Central differences of the sum of a textbook form in each entry of its argument."""
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        ends = []
        for side in (STEP, -STEP):
            moved = at.copy()
            moved[place] += side
            ends.append(np.sum(textbook(moved)))
        found[place] = (ends[0] - ends[1]) / (2.0 * STEP)
    return found


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of what an answer remarks."""
    return {entry["code"] for entry in answer["diagnostics"]}
