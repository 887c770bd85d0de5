"""Losses of preferences and policies against their textbook forms, solved by hand."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.families.preference import DPO_VARIANTS, EXO_SMOOTHING, SORTED
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array
from tests.losses.textbook import asked, codes, slope, values

BETA = 0.5
LENGTHS = np.array([1.0, 2.0, 4.0, 3.0, 5.0])


def sigmoid(u: Array) -> Array:
    return 1 / (1 + np.exp(-u))


def log_sigmoid(u: Array) -> Array:
    return -np.log1p(np.exp(-u))


def smoothed(u: Array, e: float) -> Array:
    return -(1 - e) * log_sigmoid(u) - e * log_sigmoid(-u)


def exo(u: Array, e: float) -> Array:
    s = sigmoid(u)
    return s * (np.log(s) - np.log(1 - e)) + (1 - s) * (np.log(1 - s) - np.log(e))


PAIRWISE: dict[str, Callable[[Array, Array], Array]] = {
    "sigmoid": lambda a, b: -log_sigmoid(BETA * (a - b)),
    "hinge": lambda a, b: np.maximum(0, 1 - BETA * (a - b)),
    "ipo": lambda a, b: (a - b - 1 / (2 * BETA)) ** 2,
    "robust": lambda a, b: -log_sigmoid(BETA * (a - b)),
    "exo_pair": lambda a, b: exo(BETA * (a - b), EXO_SMOOTHING),
    "nca_pair": lambda a, b: -log_sigmoid(BETA * a) - 0.5 * log_sigmoid(-BETA * a) - 0.5 * log_sigmoid(-BETA * b),
    "bco_pair": lambda a, b: -log_sigmoid(BETA * a) - log_sigmoid(-BETA * b),
    "sppo_hard": lambda a, b: (a - 0.5 / BETA) ** 2 + (b + 0.5 / BETA) ** 2,
    "apo_zero": lambda a, b: 1 - sigmoid(BETA * a) + sigmoid(BETA * b),
    "apo_down": lambda a, b: sigmoid(BETA * a) + 1 - sigmoid(BETA * (a - b)),
}
"""Each variant in a = policy - reference of the chosen answer and b of the rejected, without smoothing."""


def pair(a: Array, b: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Policy log-probabilities that are a and b above a reference."""
    reference = {"reference_chosen_logps": np.full(len(a), -3.0), "reference_rejected_logps": np.full(len(b), -2.0)}
    return {"policy_chosen_logps": a - 3.0, "policy_rejected_logps": b - 2.0}, reference


@pytest.mark.parametrize("variant", PAIRWISE)
def test_each_preference_loss_is_the_form_its_paper_gives(variant: str) -> None:
    a, b = np.random.default_rng(3).normal(size=(2, 5))
    found = asked("dpo", *pair(a, b), variant=variant, beta=BETA)
    textbook = PAIRWISE[variant]
    np.testing.assert_allclose(found["per_example"], textbook(a, b), rtol=1e-12)
    slopes = found["gradient"]["predictions"]
    np.testing.assert_allclose(slopes["policy_chosen_logps"], slope(lambda at: textbook(at, b), a), atol=1e-8)
    np.testing.assert_allclose(slopes["policy_rejected_logps"], slope(lambda at: textbook(a, at), b), atol=1e-8)


def test_every_variant_is_held_against_its_paper() -> None:
    assert {*PAIRWISE, "sigmoid_norm", "discopop", *SORTED} == set(DPO_VARIANTS)


@pytest.mark.parametrize(
    ("variant", "textbook"),
    [
        ("sigmoid", lambda u: smoothed(u, 0.2)),
        ("robust", lambda u: (-0.8 * log_sigmoid(u) + 0.2 * log_sigmoid(-u)) / 0.6),
        ("exo_pair", lambda u: exo(u, 0.2)),
    ],
    ids=["conservative", "robust", "exo"],
)
def test_smoothing_counts_some_preferences_as_flipped(variant: str, textbook: Callable[[Array], Array]) -> None:
    a, b = np.random.default_rng(4).normal(size=(2, 5))
    found = asked("dpo", *pair(a, b), variant=variant, beta=BETA, label_smoothing=0.2)
    np.testing.assert_allclose(found["per_example"], textbook(BETA * (a - b)), rtol=1e-12)


@pytest.mark.parametrize("variant", ["sigmoid_norm", "ipo"])
def test_lengths_make_log_probabilities_those_of_a_token(variant: str) -> None:
    a, b = np.random.default_rng(5).normal(size=(2, 5))
    predictions, targets = pair(a, b)
    targets |= {"chosen_lengths": LENGTHS, "rejected_lengths": LENGTHS[::-1].copy()}
    found = asked("dpo", predictions, targets, variant=variant, beta=BETA)
    textbook = PAIRWISE["sigmoid" if variant == "sigmoid_norm" else "ipo"]
    np.testing.assert_allclose(found["per_example"], textbook(a / LENGTHS, b / LENGTHS[::-1]), rtol=1e-12)


def test_an_untrained_policy_costs_log_two_and_prefers_neither() -> None:
    """a = b = 0."""
    found = evaluate(
        {"loss": "dpo", **dict(zip(("predictions", "targets"), pair(np.zeros(2), np.zeros(2)), strict=True))}
    )
    assert found["cost"] == pytest.approx(math.log(2))
    assert found["components"]["reward_accuracy"] == 0.0
    assert "batch_stat" in codes(found)


@pytest.mark.parametrize("center", [None, 0.1])
def test_a_reward_model_is_bradley_terry(center: float | None) -> None:
    c, r = np.random.default_rng(6).normal(size=(2, 5))
    margin = np.full(5, 0.3)

    def textbook(c: Array, r: Array) -> Array:
        return -log_sigmoid(c - r - margin) + (center or 0.0) * (c + r) ** 2

    predictions = {"chosen_rewards": c, "rejected_rewards": r}
    found = asked("bradley_terry", predictions, {"margins": margin}, center_coef=center)
    np.testing.assert_allclose(found["per_example"], textbook(c, r), rtol=1e-13)
    slopes = found["gradient"]["predictions"]
    np.testing.assert_allclose(slopes["chosen_rewards"], slope(lambda at: textbook(at, r), c), atol=1e-8)
    np.testing.assert_allclose(slopes["rejected_rewards"], slope(lambda at: textbook(c, at), r), atol=1e-8)


@pytest.mark.parametrize(
    ("ratio", "advantage", "value", "steepness"),
    [
        (1.1, 2.0, -2.2, -2.2),  # inside the clip range
        (1.5, 2.0, -2.4, 0.0),  # held at 1.2
        (0.5, 2.0, -1.0, -1.0),  # the unclipped term is the smaller
        (0.5, -2.0, 1.6, 0.0),  # held at 0.8
        (1.5, -2.0, 3.0, 3.0),
        (5.0, -2.0, 6.0, 0.0),  # dual clip 3: no more than 3 |A|
    ],
    ids=str,
)
def test_the_surrogate_is_clipped_where_that_helps_nobody(
    ratio: float, advantage: float, value: float, steepness: float
) -> None:
    """c = 0.2: -min(r A, clip(r, 0.8, 1.2) A); its slope in logp is -r A, or 0."""
    found = asked(
        "ppo_clip", {"logp": [math.log(ratio)]}, {"logp_old": [0.0], "advantages": [advantage]}, dual_clip=3.0
    )
    assert found["per_example"][0] == pytest.approx(value)
    assert found["gradient"]["predictions"]["logp"][0] == pytest.approx(steepness)


def test_a_value_is_held_near_its_old_one_by_the_larger_error_or_replaced() -> None:
    """v = 2, old 1, width 1/2, return 3: errors 1 and (1.5 - 3)^2 = 2.25; vf 1/2."""
    predictions = {"logp": [0.0], "values": [2.0]}
    targets = {"logp_old": [0.0], "advantages": [0.0], "returns": [3.0], "values_old": [1.0]}
    plain, larger = (asked("ppo_clip", predictions, targets, value_clip_range=width) for width in (None, 0.5))
    assert plain["per_example"][0] == pytest.approx(0.5)
    assert larger["per_example"][0] == pytest.approx(0.5 * 2.25)
    assert larger["gradient"]["predictions"]["values"][0] == 0.0
    back = {**targets, "returns": [1.0]}  # errors 1 and 1/4: the larger is the unclipped
    replaced = asked("ppo_clip", predictions, back, value_clip_range=0.5, value_clip_mode="replace")
    assert replaced["per_example"][0] == pytest.approx(0.125)


@pytest.mark.parametrize(("estimator", "value"), [("k1", 0.5), ("k2", 0.125), ("k3", math.exp(-0.5) - 0.5)])
def test_each_estimator_of_the_divergence(estimator: str, value: float) -> None:
    """d = 1/2: d, d^2/2, exp(-d) - 1 + d."""
    targets = {"logp_old": [0.5], "advantages": [0.0], "logp_ref": [0.0]}
    found = asked("ppo_clip", {"logp": [0.5]}, targets, kl_coef=1.0, kl_estimator=estimator)
    assert found["per_example"][0] == pytest.approx(value)
    assert found["components"]["kl"] == pytest.approx(value)


def test_entropy_is_rewarded_and_a_wild_ratio_is_remarked() -> None:
    predictions = {"logp": [11.0], "entropy": [2.0]}
    found = asked("ppo_clip", predictions, {"logp_old": [0.0], "advantages": [0.0]}, entropy_coef=0.25)
    assert found["per_example"][0] == -0.5
    assert found["gradient"]["predictions"]["entropy"][0] == -0.25
    assert "importance_ratio_extreme" in codes(found)


def test_advantages_are_normalised_over_those_kept() -> None:
    """1 and 3: mean 2, standard deviation 1 with ddof 0; the masked 100 plays no part."""
    body = {"loss": "ppo_clip", "predictions": {"logp": [0.0] * 3}, "mask": [1, 1, 0], "gradient": True}
    body["targets"] = {"logp_old": [0.0] * 3, "advantages": [1.0, 3.0, 100.0]}
    found = evaluate({**body, "params": {"normalize_advantages": {"ddof": 0, "eps": 0.0}}})
    assert found["per_example"].tolist() == [1.0, -1.0, 0.0]


@pytest.mark.parametrize(
    ("params", "arrays", "pointer"),
    [
        ({"dual_clip": 1.0}, {}, "/params/dual_clip"),
        ({"kl_coef": 0.1}, {}, "/targets/logp_ref"),
        ({"entropy_coef": 0.1}, {}, "/predictions/entropy"),
        ({}, {"predictions": {"logp": [0.0], "values": [0.0]}}, "/targets/returns"),
        ({"normalize_advantages": {}}, {}, "/params/normalize_advantages"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_terms_that_need_each_other_come_together(params: dict[str, Any], arrays: dict[str, Any], pointer: str) -> None:
    body = {"loss": "ppo_clip", "predictions": {"logp": [0.0]}, "targets": {"logp_old": [0.0], "advantages": [1.0]}}
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({**body, **arrays, "params": params})
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("params", "lengths", "pointer"),
    [
        ({"variant": "hinge", "label_smoothing": 0.1}, {}, "/params/label_smoothing"),
        ({"variant": "robust", "label_smoothing": 0.5}, {}, "/params/label_smoothing"),
        ({"variant": "sigmoid_norm"}, {}, "/targets"),
        ({"variant": "ipo"}, {"chosen_lengths": [1.0, 1.0]}, "/targets/chosen_lengths"),
        ({"variant": "ipo"}, {"chosen_lengths": [1.0, 1.0], "rejected_lengths": [0.0, 1.0]},
         "/targets/rejected_lengths"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_preference_without_meaning_is_refused(params: dict[str, Any], lengths: dict[str, Any], pointer: str) -> None:
    predictions, targets = pair(np.zeros(2), np.zeros(2))
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({"loss": "dpo", "predictions": predictions, "targets": targets | lengths, "params": params})
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("d", [1e-9, -1e-6, 5e-3, -9.9e-3, 0.5])
def test_the_third_kl_estimator_keeps_its_digits_near_zero(d: float) -> None:
    """exp(-d) - 1 + d in exact fractions: sum over k >= 2 of (-d)^k / k!."""
    exact = float(sum(Fraction(-d) ** k / math.factorial(k) for k in range(2, 30)))
    body = {"loss": "ppo_clip", "predictions": {"logp": [d]}, "params": {"kl_coef": 1.0, "kl_estimator": "k3"}}
    body["targets"] = {"logp_old": [d], "advantages": [0.0], "logp_ref": [0.0]}
    assert evaluate(body)["cost"] == pytest.approx(exact, rel=1e-12)


def test_sorted_preferences_compare_places_not_pairs() -> None:
    """Margins 3 and 1 against reference margins 0 and 2: sorted, 1 - 0 and 3 - 2."""
    arrays = {"policy_chosen_logps": [3.0, 1.0], "policy_rejected_logps": [0.0, 0.0]}
    references = {"reference_chosen_logps": [0.0, 2.0], "reference_rejected_logps": [0.0, 0.0]}
    found = values("dpo", arrays, references, variant="aot", beta=1.0)
    np.testing.assert_allclose(found, [math.log1p(math.exp(-1.0))] * 2)


def test_another_divergence_bends_an_answers_ratio_before_its_length_divides() -> None:
    """a = log 2 over 2 tokens: forward KL's 1 - 1/2 = 1/2, 1/4 a token; (1/4 - 1)^2 of beta 1/2, b = 0."""
    p, t = pair(np.array([math.log(2.0)]), np.array([0.0]))
    lengths = {"chosen_lengths": np.array([2.0]), "rejected_lengths": np.array([1.0])}
    params = {"variant": "ipo", "beta": 0.5, "f_divergence": "forward_kl"}
    assert evaluate({"loss": "dpo", "predictions": p, "targets": {**t, **lengths}, "params": params})[
        "cost"
    ] == pytest.approx(0.75**2)
