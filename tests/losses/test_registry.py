"""What is claimed of every loss holds on random inputs: gradients, convexity, bounds, slopes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.losses.objective import evaluate
from mlquote.losses.registry import LOSSES
from tests.losses.cases import (
    CASES,
    CONSTANT_IN_GRADIENT,
    ON_A_SIMPLEX,
    N,
    arrays_of,
    central_difference,
    per_example,
    with_arrays,
)


@pytest.mark.parametrize("name", [name for name in CASES if name not in CONSTANT_IN_GRADIENT])
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), reduction=st.sampled_from(["mean", "sum", "weighted_mean"]))
def test_every_gradient_agrees_with_central_differences(name: str, seed: int, reduction: str) -> None:
    """At two step sizes: where they disagree with each other a kink lies between, and nothing is claimed."""
    draw = np.random.default_rng(seed)
    body = {**CASES[name](draw), "gradient": True, "reduction": reduction}
    given = evaluate(body)["gradient"]["predictions"]
    for each, array in arrays_of(body).items():
        gradient = np.asarray(given[each] if isinstance(given, dict) else given)
        assert gradient.shape == array.shape
        place = tuple(int(draw.integers(0, size)) for size in array.shape)
        slopes = [central_difference(body, each, place, step) for step in (1e-5, 1e-6)]
        if math.isclose(*slopes, rel_tol=1e-3, abs_tol=1e-5):
            assert gradient[place] == pytest.approx(slopes[0], rel=1e-3, abs=2e-5)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_loss_falls_below_its_bound(name: str, seed: int) -> None:
    body = CASES[name](np.random.default_rng(seed))
    bound = evaluate(body)["properties"]["bounded_below"]
    if bound is not None:
        assert per_example(body).min() >= bound - 1e-12


@pytest.mark.parametrize("name", [name for name in CASES if name not in ON_A_SIMPLEX])
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.05, 0.95))
def test_a_convex_loss_lies_below_its_chords_and_a_lipschitz_one_is_no_steeper(
    name: str, seed: int, share: float
) -> None:
    draw = np.random.default_rng(seed)
    one = CASES[name](draw)
    claimed = evaluate(one)["properties"]
    if CASES[name](np.random.default_rng(seed)).get("weights"):
        return  # weights scale the constants
    near = {
        each: array + draw.normal(scale=0.01, size=array.shape) * np.abs(array)
        for each, array in arrays_of(one).items()
    }
    other = with_arrays(one, near)
    if one.get("input_form") in {"probabilities", "rate"} and name != "poisson rate":
        return  # moved entries leave the simplex
    middle = {each: (1 - share) * array + share * near[each] for each, array in arrays_of(one).items()}
    ends, between = (per_example(one), per_example(other)), per_example(with_arrays(one, middle))
    if claimed["convex_in_predictions"]:
        chord = (1 - share) * ends[0] + share * ends[1]
        assert (between <= chord + 1e-10 * (1 + np.abs(chord))).all()
    if claimed["lipschitz"] is not None:
        moves = sum(((near[each] - array) ** 2).reshape(N, -1).sum(axis=1) for each, array in arrays_of(one).items())
        rise = np.abs(ends[1] - ends[0]).reshape(N, -1).max(axis=1)
        assert (rise <= claimed["lipschitz"] * np.sqrt(moves) * (1 + 1e-9) + 1e-12).all()


@pytest.mark.parametrize("name", ["mse", "huber", "log_cosh", "bce logits", "ce logits", "squared hinge", "infonce"])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), spread=st.floats(0.01, 5.0))
def test_a_smooth_loss_has_a_gradient_no_steeper_than_it_says(name: str, seed: int, spread: float) -> None:
    draw = np.random.default_rng(seed)
    one = {**CASES[name](draw), "gradient": True, "reduction": "none"}
    moved = {each: array + draw.normal(scale=spread, size=array.shape) for each, array in arrays_of(one).items()}
    answers = [evaluate(body) for body in (one, with_arrays(one, moved))]
    slopes = [arrays_of({"predictions": answer["gradient"]["predictions"]}) for answer in answers]
    change = sum(((slopes[0][e] - slopes[1][e]) ** 2).reshape(N, -1).sum(axis=1) for e in moved)
    moves = sum(((moved[e] - arrays_of(one)[e]) ** 2).reshape(N, -1).sum(axis=1) for e in moved)
    assert (np.sqrt(change) <= answers[0]["properties"]["smooth"] * np.sqrt(moves) * (1 + 1e-9)).all()


def test_every_loss_is_among_the_cases() -> None:
    assert {build(np.random.default_rng(0))["loss"] for build in CASES.values()} == set(LOSSES)
