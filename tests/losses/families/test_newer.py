"""Losses of `losses/entries` against values solved by hand, or their textbook forms written out."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from mlquote.losses.objective import evaluate
from tests.losses.textbook import values

HALF = math.log(2.0)
BOX, APART = [0.0, 0.0, 2.0, 2.0], [3.0, 0.0, 5.0, 2.0]
"""Squares of area 4; a hull of 10."""
SOLVED: dict[str, tuple[tuple[Any, ...], dict[str, Any], list[float]]] = {
    "mape": (("mape", [3.0, 1.0], [2.0, 2.0]), {}, [50.0, 50.0]),
    "smape": (("smape", [3.0, 0.0], [1.0, 0.0]), {}, [100.0, 0.0]),
    "msle": (("msle", [math.e - 1.0], [0.0]), {}, [1.0]),
    "charbonnier": (("charbonnier", [3.0], [0.0]), {"eps": 4.0}, [5.0]),
    "poisson_deviance": (("poisson_deviance", [1.0, 2.0], [0.0, 2.0]), {}, [2.0, 0.0]),
    "gamma_deviance": (("gamma_deviance", [2.0], [1.0]), {}, [2.0 * (HALF - 0.5)]),
    "tweedie_deviance": (("tweedie_deviance", [4.0], [1.0]), {"power": 1.5}, [2.0 * (-4.0 + 1.0 + 4.0)]),
    "crps of one": (("crps", [[3.0]], [1.0]), {}, [2.0]),
    "crps of two": (("crps", [[0.0, 2.0]], [1.0]), {}, [1.0 - 0.5]),
    "crps fair": (("crps", [[0.0, 2.0]], [1.0]), {"fair": True}, [0.0]),
    "crps_gaussian": (
        ("crps_gaussian", {"mean": [0.0], "std": [1.0]}, [0.0]),
        {},
        [(math.sqrt(2.0) - 1.0) / math.sqrt(math.pi)],
    ),
    "gaussian_kl": (
        ("gaussian_kl", {"mean": [[1.0, 0.0]], "log_variance": [[0.0, HALF]]}, {}),
        {},
        [0.5 + 0.5 * (1 - HALF)],
    ),
    "brier": (("brier", [0.8], [1.0]), {}, [0.04]),
    "brier classes": (("brier", [[0.5, 0.25, 0.25]], [0]), {}, [0.375]),
    "perceptron": (("perceptron", [2.0, -3.0], [-1.0, -1.0]), {}, [2.0, 0.0]),
    "hinge_embedding": (("hinge_embedding", [0.25, 0.25], [1.0, -1.0]), {}, [0.25, 0.75]),
    "margin_ranking": (("margin_ranking", {"input1": [1.0], "input2": [2.0]}, [1.0]), {"margin": 0.5}, [1.5]),
    "multilabel_margin": (("multilabel_margin", [[0.1, 0.2, 0.4, 0.8]], [[3, 0, -1, 1]]), {}, [0.85]),
    "listnet": (("listnet", [[0.0, 0.0]], [[1.0, 0.0]]), {}, [HALF]),
    "listmle": (("listmle", [[0.0, 0.0, 0.0]], [[2.0, 1.0, 0.0]]), {}, [math.log(6.0)]),
    "dice": (("dice", [[1.0, 1.0]], [[1.0, 0.0]], "probabilities"), {"axis": [1]}, [1.0 - 2.0 / 3.0]),
    "tversky": (
        ("tversky", [[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]], "probabilities"),
        {"axis": [1], "alpha": 0.2, "beta": 0.8},
        [0.5],
    ),
    "jaccard": (("jaccard", [[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]], "probabilities"), {"axis": [1]}, [2.0 / 3.0]),
    "iou": (("iou", [BOX, BOX], [APART, BOX]), {}, [1.0, 0.0]),
    "giou": (("giou", [BOX], [APART]), {}, [1.0 + 2.0 / 10.0]),
    "diou": (("diou", [BOX], [APART]), {}, [1.0 + 9.0 / 29.0]),
    "ciou": (("ciou", [BOX], [APART]), {}, [1.0 + 9.0 / 29.0]),
    "cosine": (("cosine_similarity", [[3.0, 4.0], [0.0, 0.0]], [[4.0, 3.0], [1.0, 0.0]]), {}, [0.04, 1.0]),
    "cosine_embedding": (
        ("cosine_embedding", {"input1": [[1.0, 0.0]] * 2, "input2": [[1.0, 0.0]] * 2}, [1.0, -1.0]),
        {"margin": 0.25},
        [0.0, 0.75],
    ),
    "contrastive_pair": (
        ("contrastive_pair", {"input1": [[3.0, 4.0]] * 2, "input2": [[0.0, 0.0]] * 2}, [1.0, 0.0]),
        {"margin": 7.0},
        [12.5, 2.0],
    ),
    "cosface": (("cosface", [[0.5, 0.5]], [0]), {"scale": 2.0, "margin": 0.5}, [math.log1p(math.e)]),
    "arcface": (("arcface", [[0.5, 0.0]], [0]), {"scale": 1.0, "margin": math.pi / 6}, [HALF]),
    "kto": (
        (
            "kto",
            {"policy_logps": [0.0, 0.0]},
            {
                "desirable": [1, 0],
                "reference_logps": [0.0, 0.0],
                "kl_logps": [-1.0, -1.0],
                "reference_kl_logps": [0.0, 0.0],
            },
        ),
        {"undesirable_weight": 2.0},
        [0.5, 1.0],
    ),
    "orpo": (
        ("orpo", {"policy_chosen_logps": [-HALF], "policy_rejected_logps": [-HALF], "chosen_nll": [1.0]}, {}),
        {"beta": 0.5},
        [1.0 + 0.5 * HALF],
    ),
    "simpo": (
        ("cpo", {"policy_chosen_logps": [-1.0], "policy_rejected_logps": [-2.0]}, {}),
        {"variant": "simpo", "beta": 2.0, "simpo_gamma": 2.0},
        [HALF],
    ),
    "z_loss": (("z_loss", [[0.0, 0.0]]), {"coef": 2.0}, [2.0 * HALF**2]),
    "even load": (("moe_load_balancing", [[9.0, 0.0], [0.0, 9.0]], None, "logits"), {}, [1.0, 1.0]),
    "jsd of strangers": (("jsd", [[1.0, 0.0]], [[0.0, 1.0]], "probabilities"), {}, [HALF]),
    "wasserstein": (("gan", {"real": [2.0], "fake": [-1.0]}), {"form": "wasserstein"}, [-3.0]),
    "hinge gan": (("gan", {"real": [0.5], "fake": [-3.0]}), {"form": "hinge"}, [0.5]),
    "gradient_penalty": (("gradient_penalty", [[3.0, 4.0]]), {}, [160.0]),
    "sparsemax": (("sparsemax", [10.0, 20.0, 0.0], [1, 0, 1]), {}, [0.0, 20.0, 0.25]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    asked, params, expected = SOLVED[name]
    params = dict(params)
    body = {"loss": asked[0], "predictions": asked[1], "params": params, "reduction": "none"}
    body |= {} if len(asked) < 3 or asked[2] is None else {"targets": asked[2]}
    body |= {} if len(asked) < 4 else {"input_form": asked[3]}
    np.testing.assert_allclose(evaluate(body)["per_example"], expected, rtol=1e-6, atol=1e-6)


def read_off(path: tuple[int, ...]) -> tuple[int, ...]:
    """What a path of symbols reads as: repeats merged, blanks (0) out."""
    merged = [s for i, s in enumerate(path) if i == 0 or s != path[i - 1]]
    return tuple(s for s in merged if s)


@pytest.mark.parametrize("labels", [(1,), (1, 1), (1, 2), (2, 1, 2)], ids=str)
def test_ctc_sums_over_every_path_that_reads_as_the_labels(labels: tuple[int, ...]) -> None:
    """All 3^5 paths of five steps, one by one."""
    p = np.random.default_rng(5).dirichlet(np.ones(3), size=5)
    paths = (path for path in product(range(3), repeat=5) if read_off(path) == labels)
    total = sum(math.prod(p[t, s] for t, s in enumerate(path)) for path in paths)
    found = values("ctc", np.log(p)[None], {"labels": [labels]}, "log_probabilities")
    assert found[0] == pytest.approx(-math.log(total))


def test_labels_too_long_for_their_steps_are_impossible() -> None:
    body = {"loss": "ctc", "input_form": "logits", "predictions": [[[0.0, 0.0]] * 2], "targets": {"labels": [[1, 1]]}}
    assert evaluate(body)["cost"] == math.inf
    assert evaluate({**body, "params": {"zero_infinity": True}})["cost"] == 0.0


def test_a_transducer_sums_over_every_monotone_path() -> None:
    """Two steps, one label: the label before the first blank, or between the two."""
    p = np.random.default_rng(6).dirichlet(np.ones(2), size=(1, 2, 2))
    early = p[0, 0, 0, 1] * p[0, 0, 1, 0] * p[0, 1, 1, 0]
    late = p[0, 0, 0, 0] * p[0, 1, 0, 1] * p[0, 1, 1, 0]
    found = values("rnnt", np.log(p), {"labels": [[1]]}, "log_probabilities")
    assert found[0] == pytest.approx(-math.log(early + late))


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


def test_the_roots_of_a_mean_and_of_its_parts_differ() -> None:
    """Errors 3 and 4: sqrt((9 + 16) / 2)."""
    found = evaluate({"loss": "rmse", "predictions": [3.0, 4.0], "targets": [0.0, 0.0], "gradient": True})
    assert found["cost"] == pytest.approx(math.sqrt(12.5))
    np.testing.assert_allclose(found["gradient"]["predictions"], np.array([3.0, 4.0]) / (2 * math.sqrt(12.5)))


def test_sorted_preferences_compare_places_not_pairs() -> None:
    """Margins 3 and 1 against reference margins 0 and 2: sorted, 1 - 0 and 3 - 2."""
    arrays = {"policy_chosen_logps": [3.0, 1.0], "policy_rejected_logps": [0.0, 0.0]}
    references = {"reference_chosen_logps": [0.0, 2.0], "reference_rejected_logps": [0.0, 0.0]}
    found = values("dpo", arrays, references, variant="aot", beta=1.0)
    np.testing.assert_allclose(found, [math.log1p(math.exp(-1.0))] * 2)
