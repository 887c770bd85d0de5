"""The thirty known disagreements of frameworks on one input: what each gives, or that it is refused."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate

Body = dict[str, Any]
LOG2, LOG3 = math.log(2.0), math.log(3.0)
REFUSED = "refused"
SAME = {"predictions": [1.0, 2.0], "targets": [0.0, 0.0], "weights": {"sample": [1.0, 3.0]}}
HALVES = {"predictions": [[math.log(0.5)] * 2] * 2, "targets": [[1.0, 0.0]] * 2, "input_form": "log_probabilities"}
CERTAIN = {"loss": "bce", "predictions": [0.0], "targets": [1], "input_form": "probabilities"}
EVEN_ROWS = {"loss": "cross_entropy", "predictions": [[0.0] * 3] * 3, "targets": [0, 1, 2], "input_form": "logits"}
BINARY_HINGE = {"loss": "hinge", "predictions": [0.5, 0.5], "targets": [0, 1]}
LONE = {"loss": "hinge", "predictions": [2.0, 2.0], "targets": [1, 1]}
RIVALS = {"loss": "multiclass_hinge", "predictions": [[-3.0, 0.2, -4.0]], "targets": [1]}
TRIPLE = {
    "loss": "triplet",
    "predictions": {"anchor": [[0.0, 0.0]], "positive": [[0.1, -0.2]], "negative": [[1.0, 0.5]]},
}
MASKED = {"loss": "cross_entropy", "predictions": [[1.0, -math.inf]], "targets": [[1.0, 0.0]], "input_form": "logits"}
LOG_TARGET = {"loss": "kl_divergence", "predictions": [[-LOG2, -LOG2]], "targets": [[0.0, -math.inf]],
              "input_form": "log_probabilities", "params": {"target_form": "log_probabilities"}}  # fmt: skip
TOKENS = {
    "loss": "ppo_clip",
    "predictions": {"logp": [[-1.0] * 5] * 2},
    "mask": [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]],
    "targets": {"logp_old": [[-1.0] * 5] * 2, "advantages": [[-14.0, 0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0, 0.0]]},
}
PREFERRED = {"loss": "dpo", "predictions": {"policy_chosen_logps": [-1.0], "policy_rejected_logps": [-2.0]},
             "targets": {"reference_chosen_logps": [-1.0], "reference_rejected_logps": [-1.0]}}  # fmt: skip
IPO = {**PREFERRED, "params": {"variant": "ipo", "beta": 0.5}}
LENGTHS = {**PREFERRED["targets"], "chosen_lengths": [2], "rejected_lengths": [4]}  # type: ignore[dict-item]
CRITIC = {"loss": "ppo_clip", "predictions": {"logp": [0.0], "values": [2.0]},
          "targets": {"logp_old": [0.0], "advantages": [0.0], "returns": [3.0], "values_old": [0.0]}}  # fmt: skip


def sent(loss: str, body: Body, **fields: Any) -> Body:
    return {**body, "loss": loss, **fields}


def critic(**params: Any) -> Body:
    return {**CRITIC, "params": {"vf_coef": 1.0, "value_clip_range": 0.2, **params}}


def one_sure(classes: int) -> Body:
    row = np.eye(classes)[:1].tolist()
    return {"loss": "cross_entropy", "predictions": row, "targets": [0], "input_form": "logits"}


DISAGREEMENTS: dict[str, list[tuple[str | None, Body, Any]]] = {
    "1 class weights 1, 2, 10": [
        ("pytorch", {**EVEN_ROWS, "weights": {"class": [1.0, 2.0, 10.0]}}, LOG3),
        ("keras", {**EVEN_ROWS, "weights": {"sample": [1.0, 2.0, 10.0]}}, 13.0 / 3.0 * LOG3),
    ],
    "2 one library, two divisors": [
        ("pytorch", sent("mse", SAME), 3.25),
        ("pytorch", sent("mae", SAME), 1.75),
        ("pytorch", sent("huber", SAME), 2.5),
    ],
    "3 mean of a KL": [
        ("pytorch", sent("kl_div", HALVES), LOG2 / 2.0),
        ("pytorch", sent("kl_div", HALVES, reduction="batchmean"), LOG2),
        ("pytorch", sent("kl_div", HALVES, reduction="sum"), 2.0 * LOG2),
    ],
    "4 batchmean of tokens": [
        (
            "pytorch",
            sent(
                "kl_div",
                {**HALVES, "predictions": [[[-LOG2] * 2] * 3], "targets": [[[1.0, 0.0]] * 3]},
                reduction="batchmean",
            ),
            3.0 * LOG2,
        ),
    ],
    "5 a probability of 0": [
        ("pytorch", CERTAIN, 100.0),
        ("keras", CERTAIN, 16.118095),
        ("sklearn", CERTAIN, 36.043653),
    ],
    "7 a logit of -100": [
        ("keras", {"loss": "bce", "predictions": [-100.0], "targets": [1], "input_form": "logits"}, 100.0),
    ],
    "8 digits of a sure negative": [
        (
            None,
            {"loss": "bce", "predictions": [-30.0], "targets": [0], "input_form": "logits"},
            math.log1p(math.exp(-30)),
        ),
    ],
    "9 a softmax too many": [
        (None, one_sure(3), 0.551445),
        (None, one_sure(10), 1.461150),
        (None, one_sure(1000), 5.909475),
    ],
    "10 rows that do not sum to 1": [
        ("keras", {"loss": "cross_entropy", "predictions": [[0.2, 0.3]], "targets": [1]}, -math.log(0.6)),
        ("sklearn", {"loss": "cross_entropy", "predictions": [[0.2, 0.3]], "targets": [1]}, -math.log(0.3)),
    ],
    "11 Huber and smooth L1": [
        ("pytorch", {"loss": "huber", "predictions": [3.0], "targets": [0.0], "params": {"delta": 2.0}}, 4.0),
        ("pytorch", {"loss": "smooth_l1", "predictions": [3.0], "targets": [0.0], "params": {"beta": 2.0}}, 2.0),
    ],
    "12 a half": [
        ("keras", {"loss": "mse", "predictions": [2.0], "targets": [0.0]}, 4.0),
        (None, {"loss": "optax.l2_loss", "predictions": [2.0], "targets": [0.0], "reduction": "mean"}, 2.0),
    ],
    "13 shapes (3, 1) and (3,)": [
        ("pytorch", {"loss": "mse", "predictions": [[1.0], [2.0], [3.0]], "targets": [1.0, 2.0, 3.0]}, REFUSED),
    ],
    "14 everything ignored": [
        ("pytorch", {**EVEN_ROWS, "targets": [-100] * 3}, None),
        ("keras", {**EVEN_ROWS, "targets": [7] * 3, "params": {"ignore_index": 7}}, 0.0),
    ],
    "15 nothing at all": [
        ("pytorch", {"loss": "mse", "predictions": [], "targets": []}, None),
        ("pytorch", {"loss": "mse", "predictions": [], "targets": [], "reduction": "sum"}, 0.0),
        ("sklearn", {"loss": "mse", "predictions": [], "targets": []}, REFUSED),
    ],
    "16 labels 0 and 1": [
        ("sklearn", BINARY_HINGE, 1.0),
        ("keras", BINARY_HINGE, 1.0),
        ("optax", {**BINARY_HINGE, "reduction": "mean"}, 0.75),
    ],
    "17 a lone label": [("sklearn", LONE, 3.0), (None, LONE, 0.0)],
    "18 a 0 among rivals": [
        ("keras", RIVALS, 0.8),
        ("pytorch", RIVALS, 0.0),
        ("optax", {**RIVALS, "reduction": "mean"}, 0.0),
        ("sklearn", RIVALS, 0.0),
    ],
    "19 alpha of focal": [
        ("keras", {"loss": "focal", "predictions": [0.7], "targets": [1]}, 0.032101),
        ("keras", {"loss": "focal", "predictions": [0.7], "targets": [1], "params": {"alpha": 0.25}}, 0.008025),
        ("pytorch", {"loss": "focal", "predictions": [math.log(7 / 3)], "targets": [1], "reduction": "mean"}, 0.008025),
    ],
    "21 distances of order 3": [
        ("optax", {**TRIPLE, "params": {"p": 3.0}, "reduction": "mean"}, math.nan),
        ("pytorch", {**TRIPLE, "params": {"p": 3.0}}, 0.16796832),
    ],
    "22 no absolute value": [
        ("optax", {**TRIPLE, "params": {"p": 1.0}, "reduction": "mean"}, 2.6),
        ("pytorch", {**TRIPLE, "params": {"p": 1.0}}, 0.0),
    ],
    "23 0 times infinity": [
        ("pytorch", MASKED, math.nan),
        ("optax", {**MASKED, "reduction": "mean"}, math.nan),
        (None, sent("safe_softmax_cross_entropy", MASKED, reduction="mean"), 0.0),
    ],
    "24 a log-target of -infinity": [
        ("pytorch", LOG_TARGET, math.nan),
        ("optax", {**LOG_TARGET, "reduction": "mean"}, math.nan),
        (None, LOG_TARGET, LOG2),
    ],
    "25 means of tokens": [
        (None, TOKENS, 10.0 / 3.0),
        (None, {**TOKENS, "reduction": "sequence_mean"}, 6.0),
        (None, {**TOKENS, "reduction": "padded_mean"}, 1.0),
    ],
    "27 weights of a multi-margin": [
        (
            "pytorch",
            {
                "loss": "multiclass_hinge",
                "predictions": [[0.0, 0.0]] * 2,
                "targets": [0, 1],
                "weights": {"class": [1, 3]},
            },
            (0.5 + 1.5) / 2.0,
        ),
    ],
    "28 smoothing of DPO": [
        ("trl", {**PREFERRED, "params": {"label_smoothing": 0.1, "beta": 1.0}}, math.log1p(math.exp(-1.0))),
        (None, {**PREFERRED, "params": {"label_smoothing": 0.1, "beta": 1.0}}, math.log1p(math.exp(-1.0)) + 0.1),
    ],
    "29 IPO per token": [
        ("trl", IPO, REFUSED),
        (None, IPO, 0.0),
        ("trl", {**IPO, "targets": LENGTHS}, (0.25 - 1.0) ** 2),
    ],
    "30 a clipped value": [
        (None, critic(value_clip_mode="replace"), 2.8**2),
        (None, critic(value_clip_mode="max", value_loss_scale=0.5), 0.5 * 2.8**2),
    ],
}
"""By its number: the framework asked (none: the plain loss), the question, and its cost."""
CASES = [(name, *each) for name, listed in DISAGREEMENTS.items() for each in listed]


@pytest.mark.parametrize(
    ("framework", "body", "cost"),
    [case[1:] for case in CASES],
    ids=[f"{name} {framework} {place}" for place, (name, framework, _, _) in enumerate(CASES)],
)
def test_a_known_disagreement_is_reproduced(framework: str | None, body: Body, cost: Any) -> None:
    question = body if framework is None else {**body, "convention": framework}
    if cost is REFUSED:
        with pytest.raises(OutOfDomain):
            evaluate(question)
        return
    found = evaluate(question)["cost"]
    assert found is None if cost is None else found == pytest.approx(cost, abs=1e-6, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize(("framework", "slope"), [("pytorch", -1e12), ("keras", 0.0)])
def test_6_the_gradient_at_a_probability_of_0(framework: str, slope: float) -> None:
    answer = evaluate({**CERTAIN, "convention": framework, "gradient": True})
    assert answer["gradient"]["predictions"].tolist() == [slope]


def test_20_focal_far_out_has_a_gradient_here() -> None:
    """torchvision gives NaN where 1 - p_t underflows and gamma is below 1; its entry says so."""
    body = {"loss": "focal", "predictions": [800.0], "targets": [1], "input_form": "logits", "params": {"gamma": 0.5}}
    assert evaluate({**body, "gradient": True})["gradient"]["predictions"].tolist() == [0.0]
    there = evaluate({**body, "gradient": True, "convention": "pytorch"})
    assert there["per_example"].tolist() == [0.0]
    assert math.isnan(there["gradient"]["predictions"][0])


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        ({"loss": "mae", "predictions": [1.0], "targets": [1.0]}, 0.0),
        ({"loss": "hinge", "predictions": [1.0], "targets": [1.0]}, 0.0),
        ({"loss": "quantile", "predictions": [1.0], "targets": [1.0], "params": {"tau": 0.3}}, 0.0),
    ],
    ids=["abs", "relu", "pinball"],
)
def test_26_a_kink_has_the_subgradient_that_is_documented(body: Body, slope: float) -> None:
    """Libraries take 0, -1 or a mean of both sides by how they write it; here it is 0, and said."""
    answer = evaluate({**body, "gradient": True})
    assert answer["gradient"]["predictions"].tolist() == [slope]
    assert "subgradient_at_kink" in {entry["code"] for entry in answer["diagnostics"]}


def test_there_are_thirty() -> None:
    numbered = {int(name.split()[0]) for name in DISAGREEMENTS} | {6, 20, 26}
    assert numbered == set(range(1, 31))


def test_pytorch_carries_the_slope_of_ctc_to_the_logits_behind() -> None:
    """One step, one label: exp(p) less one at the label, which sums to 0 over the symbols."""
    p = np.log([[[0.2, 0.5, 0.3]]])
    body = {"loss": "ctc", "input_form": "log_probabilities", "predictions": p, "targets": {"labels": [[1]]}}
    plain, torch = (evaluate({**body, "gradient": True, **said}) for said in ({}, {"convention": "pytorch"}))
    assert plain["gradient"]["predictions"][0, 0].tolist() == pytest.approx([0.0, -1.0, 0.0])
    assert torch["gradient"]["predictions"][0, 0].tolist() == pytest.approx([0.2, -0.5, 0.3])


def test_optax_holds_the_lengths_of_ntxent_above_zero() -> None:
    """One pair and no other label: its value is log(1) whatever the cosine; the formula has none of a zero length."""
    body = {"loss": "ntxent", "predictions": {"embeddings": [[0.0, 0.0], [3.0, 4.0]]}, "targets": [0, 0]}
    assert evaluate({**body, "convention": "optax"})["cost"] == 0.0
    with pytest.raises(OutOfDomain, match="has length 0"):
        evaluate(body)


def test_pytorch_holds_the_lengths_of_a_cosine_above_zero() -> None:
    """a = 0: cos 0, value 1, slope -b / (1e-6 |b|): 1e6 along b."""
    pair = {"input1": [[0.0, 0.0]], "input2": [[3.0, 4.0]]}
    body = {"loss": "cosine_embedding", "predictions": pair, "targets": [1.0], "gradient": True}
    plain, torch = (evaluate({**body, **said}) for said in ({}, {"convention": "pytorch"}))
    assert plain["cost"] == torch["cost"] == 1.0
    assert not plain["gradient"]["predictions"]["input1"].any()
    assert torch["gradient"]["predictions"]["input1"][0].tolist() == pytest.approx([-6e5, -8e5], rel=1e-9)


def test_the_slope_of_an_overflowing_soft_margin_is_nan() -> None:
    body = {"loss": "soft_margin", "predictions": [-800.0, 0.0], "targets": [1.0, 1.0], "gradient": True}
    slope = evaluate({**body, "convention": "pytorch"})["gradient"]["predictions"]
    assert np.isnan(slope[0]) and slope[1] == pytest.approx(-0.25)


def test_optax_takes_log_targets_under_the_name_that_says_so() -> None:
    """Equal rows: 0."""
    row = np.log([[0.25, 0.75]])
    found = evaluate({"loss": "optax.kl_divergence_with_log_targets", "predictions": row, "targets": row})
    assert found["per_example"].tolist() == pytest.approx([0.0])


SKLEARN_SAYS = {"convention": "sklearn", "gradient": True}


def test_scikit_learn_halves_the_brier_score_of_two_classes() -> None:
    """(0.3^2 + 0.3^2) / 2 = 0.09, the same as of one column; of three classes the whole sum, 0.14."""
    two = evaluate({"loss": "brier", "predictions": [[0.7, 0.3]], "targets": [0], **SKLEARN_SAYS})
    one = evaluate({"loss": "brier", "predictions": [0.3], "targets": [0], **SKLEARN_SAYS})
    assert two["cost"] == pytest.approx(0.09) and one["cost"] == pytest.approx(0.09)
    assert two["gradient"]["predictions"].tolist() == [pytest.approx([-0.3, 0.3])]
    three = evaluate({"loss": "brier", "predictions": [[0.7, 0.1, 0.2]], "targets": [0], **SKLEARN_SAYS})
    assert three["cost"] == pytest.approx(0.09 + 0.01 + 0.04)


@pytest.mark.parametrize(("labels", "cost"), [([3, 5], 0.09), ([-1, 1], 0.09), ([5, 3], 0.49)])
def test_scikit_learn_scores_any_two_labels(labels: list[int], cost: float) -> None:
    """The larger label is 1: (0.3^2 + 0.3^2) / 2, or (0.7^2 + 0.7^2) / 2."""
    body = {"loss": "brier_score_loss", "predictions": [0.3, 0.7], "targets": labels}
    assert evaluate(body)["cost"] == pytest.approx(cost)


@pytest.mark.parametrize(
    ("loss", "shape"),
    [("mse", (2, 2, 2)), ("rmse", (2, 2, 2)), ("mape", (1, 1, 1)), ("poisson_deviance", (3, 2))],
)
def test_scikit_learn_refuses_axes_it_does_not_take(loss: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({"loss": loss, "predictions": np.ones(shape), "targets": np.ones(shape), "convention": "sklearn"})
    assert "/predictions" in [fault.pointer for fault in refusal.value.faults]


def test_scikit_learn_scores_two_classes_by_one_column() -> None:
    with pytest.raises(OutOfDomain):
        evaluate({"loss": "multiclass_hinge", "predictions": [[1.0, 0.0]], "targets": [0], "convention": "sklearn"})


def test_exchanged_parameters_are_not_called_idle() -> None:
    """Keras's alpha is our beta: both act."""
    body = {"loss": "tversky", "predictions": [0.9, 0.2], "targets": [1, 0], "params": {"alpha": 0.3, "beta": 0.7}}
    found = evaluate({**body, "convention": "keras"})
    assert not [each for each in found["diagnostics"] if "no say" in each["message"]]


def test_discopop_is_nan_in_trl_where_its_exponential_overflows() -> None:
    """u = 0.1 x -8000: the gate is 0, exp(800) Infinity; the formula's limit is softplus(800)."""
    logps = {"policy_chosen_logps": [-8000.0, 0.0], "policy_rejected_logps": [0.0, 0.0]}
    targets = {"reference_chosen_logps": [0.0, 0.0], "reference_rejected_logps": [0.0, 0.0]}
    body = {"loss": "dpo", "predictions": logps, "targets": targets, "params": {"variant": "discopop"}}
    plain, trl = (evaluate({**body, "gradient": True, **said}) for said in ({}, {"convention": "trl"}))
    assert plain["per_example"][0] == pytest.approx(800.0)
    assert np.isnan(trl["cost"]) and np.isnan(trl["gradient"]["predictions"]["policy_chosen_logps"][0])


def test_fine_tuning_costs_nothing_where_no_label_is_left() -> None:
    body = {"loss": "cross_entropy", "predictions": np.zeros((1, 2, 3)), "targets": [[-100, -100]]}
    assert evaluate({**body, "loss": "SFTTrainer"})["cost"] == 0.0
