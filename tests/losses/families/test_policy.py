"""Losses of groups of answers against values solved by hand."""

import math

import numpy as np
import pytest

from mlquote.losses.objective import evaluate


def test_advantages_are_rewards_against_their_group() -> None:
    """Groups (0, 2) and (4, 4): mean 1 and 4, spreads sqrt(2) and 0."""
    targets = {"rewards": [0.0, 2.0, 4.0, 4.0]}
    body = {"loss": "grpo", "predictions": {"logp": [[-1.0]] * 4}, "targets": targets, "params": {"group_size": 2}}
    found = evaluate(body)["components"]["advantages"]
    apart = 1.0 / (math.sqrt(2.0) + 1e-4)
    np.testing.assert_allclose(found, [-apart, apart, 0.0, 0.0])


@pytest.mark.parametrize(
    ("variant", "cost"),
    [("grpo", 0.75), ("dapo", 2 / 3), ("dr_grpo", 2 / 4), ("luspo", 2 / 2)],
    ids=str,
)
def test_variants_of_grpo_differ_in_what_divides_their_tokens(variant: str, cost: float) -> None:
    """Ratios of 1: costs -A per token. Answers of 2 and 1 tokens with A = -1/2 and -1: token costs 1/2, 1/2 and 1."""
    body = {
        "loss": "grpo",
        "predictions": {"logp": [[-1.0, -1.0], [-1.0, -1.0]]},
        "targets": {"advantages": [-0.5, -1.0]},
        "mask": [[1, 1], [1, 0]],
        "params": {"variant": variant},
    }
    assert evaluate(body)["cost"] == pytest.approx(cost)


@pytest.mark.parametrize(
    ("advantage", "cost", "slope"),
    [(-1.0, 1.5, 1.5), (1.0, -1.25, 0.0)],
    ids=["the clip is the smaller", "the bound is the smaller"],
)
def test_a_bound_below_the_clip_leaves_the_clip_its_slope(advantage: float, cost: float, slope: float) -> None:
    """r = 1.5, bounded at 1.25, clipped at 2 only: -min(1.25 A, 1.5 A), of which the first is constant in r."""
    body = {
        "loss": "grpo",
        "predictions": {"logp": [[math.log(1.5)]]},
        "targets": {"logp_old": [[0.0]], "advantages": [advantage]},
        "params": {"delta": 1.25, "clip_range_high": 1.0},
        "gradient": True,
    }
    answer = evaluate(body)
    assert answer["cost"] == pytest.approx(cost)
    assert answer["gradient"]["predictions"]["logp"][0, 0] == pytest.approx(slope)
