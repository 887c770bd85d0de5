"""A loss answers the same under each of its names, in any case; a name of several losses, or of none, is refused."""

import re
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, UnknownName
from mlquote.losses.aliases import ALIASES, ELSEWHERE, NARROWER
from mlquote.losses.glossary import losses, one_loss
from mlquote.losses.names import meanings
from mlquote.losses.objective import evaluate
from mlquote.losses.registry import LOSSES
from mlquote.losses.uses.comparison import compare
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.surface import surface
from tests.losses.cases import CASES

PRINTED = [(entry["name"], alias) for entry in losses()["losses"] for alias in entry["aliases"]]
NARROW = [(entry["name"], each) for entry in losses()["losses"] for each in entry["narrower_names"]]
OTHERS: dict[str, set[Any]] = {
    "dpo": {"hinge"},
    "infonce": {"similarities"},
    "hinge": {1},
    "jsd": {0.3},
    "cosine_similarity": {"similarity"},
    "cpo": {"hinge"},
    "grpo": {"token", "dapo", "bnpo"},
    "gan": {"non_saturating"},
    "gradient_penalty": {0.5},
    "general_robust": {1.0},
    "epsilon_insensitive": {1},
    "triplet_mining": {"batch_hard", "semi_hard"},
    "pairwise_ranking": {"logistic", "hinge"},
    "entropy": {"minimize", "bonus"},
    "sac": {0.3},
}
"""Another value of what a narrower name says, of each loss that has one."""
SPELT = [
    (entry["name"], rule["framework"], rule["spelling"]) for entry in losses()["losses"] for rule in entry["frameworks"]
]


def example(loss: str, **params: Any) -> dict[str, Any]:
    """A random question about a loss, in the form whose parameters these are."""
    bodies = [build(np.random.default_rng(1)) for build in CASES.values()]

    def shared(body: dict[str, Any]) -> int:
        return sum(body["params"].get(name) == value for name, value in params.items())

    body = max((body for body in bodies if body["loss"] == loss), key=shared)
    return {**body, "params": {**body["params"], **params}, "gradient": True}


def same(one: Any, other: Any) -> bool:
    """Whether two answers agree to the last digit."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other, equal_nan=isinstance(one, float))


@pytest.mark.parametrize(("loss", "alias"), PRINTED, ids=[alias for _, alias in PRINTED])
def test_the_answer_under_an_alias_is_the_answer_under_the_id(loss: str, alias: str) -> None:
    body = example(loss)
    wanted = evaluate(body)
    for name in (alias, alias.upper(), alias.replace("_", "-").title(), f" {alias} "):
        assert same(evaluate({**body, "loss": name}), wanted)
        assert one_loss(name)["name"] == loss


@pytest.mark.parametrize("loss", LOSSES)
def test_an_id_is_known_in_any_case(loss: str) -> None:
    body = example(loss)
    assert same(evaluate({**body, "loss": loss.upper().replace("_", "-")}), evaluate(body))


@pytest.mark.parametrize(("loss", "narrow"), NARROW, ids=[each["name"] for _, each in NARROW])
def test_a_narrower_name_says_its_parameters_itself(loss: str, narrow: dict[str, Any]) -> None:
    body = example(loss, **narrow["params"])
    params = {name: value for name, value in body["params"].items() if name not in narrow["params"]}
    under_name = evaluate({**body, "loss": narrow["name"], "params": params})
    assert same(under_name, evaluate({**body, "params": {**params, **narrow["params"]}}))


@pytest.mark.parametrize(("loss", "narrow"), NARROW, ids=[each["name"] for _, each in NARROW])
def test_a_narrower_name_means_no_other_form(loss: str, narrow: dict[str, Any]) -> None:
    name, value = next(iter(narrow["params"].items()))
    others = {example(loss)["params"].get(name), *OTHERS.get(loss, ())} - {value, None}
    body = {**example(loss, **{name: others.pop()}), "loss": narrow["name"]}
    for ask in (evaluate, compare):
        asked = {**body} if ask is evaluate else {name: body[name] for name in body if name != "gradient"}
        with pytest.raises(OutOfDomain) as refusal:
            ask(asked)
        assert f"/params/{name}" in [fault.pointer for fault in refusal.value.faults]


def test_a_name_that_means_nothing_without_a_parameter_asks_for_it() -> None:
    """cDPO is DPO with smoothing: without any it is another loss."""
    body = example("dpo", variant="sigmoid")
    params = {name: value for name, value in body["params"].items() if name != "label_smoothing"}
    with pytest.raises(OutOfDomain, match=r"needs params\.label_smoothing"):
        evaluate({**body, "loss": "cdpo", "params": params})


@pytest.mark.parametrize(("loss", "framework", "spelling"), SPELT, ids=[f"{f} {s[:40]}" for _, f, s in SPELT])
def test_a_framework_s_spelling_is_its_function_in_any_case(loss: str, framework: str, spelling: str) -> None:
    body = {**example(loss), "params": {}, "convention": framework}
    wanted = _answer_or_refusal({**body, "loss": spelling})
    for way in (spelling.upper(), f" {spelling} "):
        assert same(_answer_or_refusal({**body, "loss": way}), wanted)
    assert [named.loss.name for named in meanings(spelling) if named.loss.name == loss] == [loss]


@pytest.mark.parametrize(
    ("name", "framework", "loss"),
    [
        ("BCEWithLogitsLoss", "pytorch", "binary_cross_entropy"),
        ("nn.CrossEntropyLoss", "pytorch", "cross_entropy"),
        ("F.smooth_l1_loss", "pytorch", "smooth_l1"),
        ("KLDivLoss", "pytorch", "kl_divergence"),
        ("tf.keras.losses.CategoricalHinge", "keras", "multiclass_hinge"),
        ("optax.l2_loss", "optax", "mse"),
        ("SGDClassifier(hinge)", "sklearn", "hinge"),
        ("GammaRegressor()", "sklearn", "gamma_nll"),
        ("ForMaskedLMLoss", "transformers", "cross_entropy"),
        ("DPOTrainer", "trl", "dpo"),
    ],
)
def test_a_function_is_known_by_the_name_its_users_write(name: str, framework: str, loss: str) -> None:
    (named,) = meanings(name)
    assert named.loss.name == loss
    assert {function.framework for function in named.functions} == {framework}


def test_one_name_of_two_losses_is_the_one_its_targets_suit() -> None:
    """scikit-learn's log_loss takes one axis of probabilities, or one per class."""
    pair = evaluate({"loss": "log_loss", "predictions": [0.2, 0.7], "targets": [0, 1]})
    rows = evaluate({"loss": "log_loss", "predictions": [[0.8, 0.2], [0.3, 0.7]], "targets": [0, 1]})
    assert (pair["loss"], rows["loss"]) == ("binary_cross_entropy", "cross_entropy")
    assert pair["cost"] == pytest.approx(rows["cost"]) == pytest.approx(-np.log(0.8 * 0.7) / 2)


def test_a_name_in_two_frameworks_asks_which() -> None:
    body = {"loss": "hinge_loss", "predictions": [0.5, 0.5], "targets": [-1, 1]}
    with pytest.raises(OutOfDomain, match="is a name in optax, sklearn"):
        evaluate(body)
    assert evaluate({**body, "convention": "optax"})["per_example"].tolist() == [1.5, 0.5]


def _answer_or_refusal(body: dict[str, Any]) -> Any:
    try:
        return evaluate(body)
    except OutOfDomain as refusal:
        return [(fault.pointer, fault.detail) for fault in refusal.faults]


def test_a_function_that_takes_one_input_form_says_it() -> None:
    """log(1 + e^-2) on the logit 2; on probabilities -log 0.8."""
    body = {"predictions": [2.0], "targets": [1]}
    logits = evaluate({**body, "loss": "torch.nn.functional.binary_cross_entropy_with_logits"})
    assert logits["cost"] == pytest.approx(np.log1p(np.exp(-2.0)))
    assert (logits["resolved"]["input_form"], logits["resolved"]["convention"]) == ("logits", "pytorch")
    name = "torch.nn.functional.binary_cross_entropy"
    assert evaluate({**body, "predictions": [0.8], "loss": name})["cost"] == pytest.approx(-np.log(0.8))
    assert evaluate({**body, "predictions": [0.0], "loss": name})["cost"] == 100.0  # PyTorch's floor under logarithms
    with pytest.raises(OutOfDomain, match="takes probabilities"):
        evaluate({**body, "loss": name, "input_form": "logits"})


def test_a_spelling_and_a_convention_do_not_contradict_each_other() -> None:
    body = {"loss": "keras.losses.Huber", "predictions": [3.0], "targets": [0.0]}
    assert evaluate({**body, "convention": "keras"})["cost"] == 2.5
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({**body, "convention": "pytorch"})
    assert refusal.value.faults[0].pointer == "/convention"


@pytest.mark.parametrize("framework", ["PyTorch", "KERAS", "Optax", "SKLearn"])
def test_a_framework_is_known_in_any_case(framework: str) -> None:
    body = {"loss": "huber", "predictions": [3.0, 0.2], "targets": [0.0, 0.0]}
    answer = evaluate({**body, "convention": framework})
    assert same(answer, evaluate({**body, "convention": framework.lower()}))
    assert answer["resolved"]["convention"] == framework.lower()


def test_every_use_of_a_loss_knows_its_names() -> None:
    line = {"X": [[1.0], [2.0]], "y": [1.0, 2.0], "model": "linear"}
    ask_descent = {**line, "theta0": [0.0], "learning_rate": 0.1, "steps": 2}
    ask_surface = {**line, "theta": [0.0], "grid": [[0.0, 1.0]], "directions": [[1.0]]}
    for alias, loss in (("L1", "mae"), ("Squared-Error", "mse")):
        assert same(descent({**ask_descent, "loss": alias}), descent({**ask_descent, "loss": loss}))
        assert same(surface({**ask_surface, "loss": alias}), surface({**ask_surface, "loss": loss}))
        ask = {"predictions": [3.0], "targets": [1.0]}
        assert same(compare({**ask, "loss": alias}), compare({**ask, "loss": loss}))


def test_a_name_of_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({"loss": "hubber", "predictions": [1.0], "targets": [1.0]})
    assert "huber" in refusal.value.faults[0].hint
    with pytest.raises(UnknownName) as unknown:
        one_loss("sklearn.metrics.log_loss")
    assert "binary_cross_entropy" in unknown.value.faults[0].hint


def test_no_alias_hides_an_id_or_another_alias() -> None:
    assert not {*ALIASES, *NARROWER} & set(LOSSES)
    assert not set(ALIASES) & set(NARROWER)
    assert {*ALIASES.values(), *(each.loss for each in NARROWER.values())} <= set(LOSSES)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_without_a_loss_of_its_own_is_told_how_to_ask(name: str) -> None:
    """Each way names a loss, a penalty or an operation there is, or says that there is none."""
    words = set(re.split(r"[^a-zA-Z0-9_]+", ELSEWHERE[name]))
    there = {*LOSSES, *ALIASES, *NARROWER, "ForCausalLMLoss", "weights", "reduction", "v1", "costs", "none"}
    assert words & there
    assert not meanings(name)
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({"loss": f"{name}_loss", "predictions": [0.0], "targets": [0.0]})
    assert refusal.value.faults[0].hint == ELSEWHERE[name]


@pytest.mark.parametrize(("spelt", "loss"), [("center_loss", "center"), ("WingLoss", "wing"), ("byol loss", "byol")])
def test_the_word_loss_behind_a_name_says_nothing_more(spelt: str, loss: str) -> None:
    assert {named.loss.name for named in meanings(spelt)} == {loss}
