"""What is claimed of every loss holds on random inputs: gradients, convexity, bounds, slopes, thread independence."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.blocks import Machine
from mlquote.losses.families.contrastive import INFONCE_ARRAYS
from mlquote.losses.families.preference import DPO_VARIANTS, SMOOTHED
from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.registry import LOSSES

Draw = np.random.Generator
Builder = Callable[[Draw], dict[str, Any]]
N, K = 5, 4


def scores(draw: Draw, *shape: int) -> np.ndarray:
    return draw.normal(scale=2.0, size=shape or (N,))


def distribution(draw: Draw, *shape: int) -> np.ndarray:
    return draw.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1]) * (1 - 1e-9) + 1e-9 / shape[-1]


def regression(name: str, **params: Any) -> Builder:
    return lambda draw: {"loss": name, "predictions": scores(draw), "targets": scores(draw), "params": params}


def binary(name: str, form: str, *, soft: bool = False, **params: Any) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        p = scores(draw) if form == "logits" else draw.uniform(0.05, 0.95, N)
        y = draw.uniform(size=N) if soft else draw.integers(0, 2, N)
        return {"loss": name, "predictions": p, "targets": y, "input_form": form, "params": params}

    return build


def classes(name: str, form: str | None, *, soft: bool = False, weighted: bool = False, **params: Any) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        p = scores(draw, N, K)
        if form == "probabilities":
            p = distribution(draw, N, K)
        elif form == "log_probabilities":
            p = np.log(distribution(draw, N, K))
        body: dict[str, Any] = {"loss": name, "predictions": p, "params": params}
        body["targets"] = distribution(draw, N, K) if soft else draw.integers(0, K, N)
        if form is not None:
            body["input_form"] = form
        if weighted:
            body["weights"] = {"class": draw.uniform(0.2, 3.0, K)}
        return body

    return build


def kl(form: str, target: str, **params: Any) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        def as_form(kind: str) -> np.ndarray:
            q = distribution(draw, N, K)
            return {"probabilities": q, "log_probabilities": np.log(q), "logits": scores(draw, N, K)}[kind]

        params_all = {"target_form": target, **params}
        predictions, targets = as_form(form), as_form(target)
        return {"loss": "kl_divergence", "predictions": predictions, "targets": targets, "input_form": form,
                "params": params_all}  # fmt: skip

    return build


def triplet(**params: Any) -> Builder:
    return lambda draw: {
        "loss": "triplet",
        "predictions": {name: scores(draw, N, 3) for name in ("anchor", "positive", "negative")},
        "params": params,
    }


def infonce(variant: str, **params: Any) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        shapes = {"similarities": (N, N), "negatives": (3, 3)}
        arrays = {name: scores(draw, *shapes.get(name, (N, 3))) for name in INFONCE_ARRAYS[variant]}
        body: dict[str, Any] = {"loss": "infonce", "predictions": arrays, "params": {"variant": variant, **params}}
        if variant in {"ntxent", "supcon"}:
            body["targets"] = [0, 0, 1, 1, 0]
        elif variant == "similarities":
            body["targets"] = draw.integers(0, N, N)
        return body

    return build


def named(name: str, predictions: tuple[str, ...], targets: tuple[str, ...] = (), **params: Any) -> Builder:
    return lambda draw: {
        "loss": name,
        "predictions": {each: scores(draw) for each in predictions},
        "targets": {each: scores(draw) for each in targets},
        "params": params,
    }


def gaussian(draw: Draw) -> dict[str, Any]:
    arrays = {"mean": scores(draw), "variance": draw.uniform(0.2, 3.0, N)}
    return {"loss": "gaussian_nll", "predictions": arrays, "targets": scores(draw), "params": {"full": True}}


def poisson(form: str) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        p = scores(draw) if form == "log_rate" else draw.uniform(0.2, 5.0, N)
        return {"loss": "poisson_nll", "predictions": p, "targets": draw.integers(0, 6, N), "input_form": form,
                "params": {"full": True}}  # fmt: skip

    return build


def hinge(draw: Draw, power: int = 1) -> dict[str, Any]:
    labels = 2 * draw.integers(0, 2, N) - 1
    return {"loss": "hinge", "predictions": scores(draw), "targets": labels, "params": {"power": power}}


def quantiles(draw: Draw) -> dict[str, Any]:
    return {"loss": "quantile", "predictions": scores(draw, N, 3), "targets": scores(draw),
            "params": {"taus": [0.1, 0.5, 0.9]}}  # fmt: skip


def ddpm(draw: Draw) -> dict[str, Any]:
    params = {"snr": draw.uniform(0.1, 9.0, N), "min_snr_gamma": 5.0, "prediction_type": "v_prediction"}
    return {"loss": "ddpm", "predictions": scores(draw, N, 2, 2), "targets": scores(draw, N, 2, 2), "params": params}


def ppo(**params: Any) -> Builder:
    def build(draw: Draw) -> dict[str, Any]:
        old = scores(draw)
        predictions = {"logp": old + draw.normal(scale=0.3, size=N), "values": scores(draw), "entropy": scores(draw)}
        targets = {"logp_old": old, "advantages": scores(draw), "returns": scores(draw), "values_old": scores(draw),
                   "logp_ref": scores(draw)}  # fmt: skip
        return {"loss": "ppo_clip", "predictions": predictions, "targets": targets, "params": params}

    return build


PAIRS = ("policy_chosen_logps", "policy_rejected_logps")
REFERENCES = ("reference_chosen_logps", "reference_rejected_logps")


def dpo(variant: str) -> Builder:
    smoothing = 0.2 if variant in SMOOTHED else 0.0

    def build(draw: Draw) -> dict[str, Any]:
        body = named("dpo", PAIRS, REFERENCES, variant=variant, beta=0.5, label_smoothing=smoothing)(draw)
        if variant in {"sigmoid_norm", "ipo"}:
            lengths = {"chosen_lengths": draw.integers(1, 9, N), "rejected_lengths": draw.integers(1, 9, N)}
            body["targets"] |= lengths
        return body

    return build


NO_CLAMP = {"clamp": {"kind": "none"}}
CASES: dict[str, Builder] = {
    "mse": regression("mse", scale=0.5),
    "mae": regression("mae"),
    "huber": regression("huber", delta=0.7),
    "smooth_l1": regression("smooth_l1", beta=0.7),
    "log_cosh": regression("log_cosh"),
    "quantile": regression("quantile", tau=0.3),
    "quantiles": quantiles,
    "gaussian_nll": gaussian,
    "poisson log rate": poisson("log_rate"),
    "poisson rate": poisson("rate"),
    "bce logits": binary("binary_cross_entropy", "logits"),
    "bce soft": binary("binary_cross_entropy", "logits", soft=True, label_smoothing=0.1),
    "bce probabilities": binary("binary_cross_entropy", "probabilities", label_smoothing=0.1),
    "ce logits": classes("cross_entropy", "logits"),
    "ce weighted smooth": classes("cross_entropy", "logits", weighted=True, label_smoothing=0.2),
    "ce soft": classes("cross_entropy", "logits", soft=True, weighted=True),
    "ce probabilities": classes("cross_entropy", "probabilities", normalize_probabilities=True),
    "ce log probabilities": classes("cross_entropy", "log_probabilities"),
    "nll": classes("nll", "log_probabilities", weighted=True),
    "hinge": hinge,
    "squared hinge": lambda draw: hinge(draw, 2),
    "crammer singer": classes("multiclass_hinge", None, variant="crammer_singer"),
    "weston watkins": classes("multiclass_hinge", None, weighted=True, variant="weston_watkins", power=2),
    "keras hinge": classes("multiclass_hinge", None, variant="keras_categorical"),
    "focal": binary("focal", "logits", gamma=0.5, alpha=0.25),
    "focal gamma 2": binary("focal", "logits", gamma=2.0),
    "focal probabilities": binary("focal", "probabilities", gamma=1.5, alpha=0.3),
    "focal categorical": classes("focal", "logits", weighted=True, kind="categorical", gamma=1.5),
    "focal distribution": classes(
        "focal", "probabilities", kind="categorical", gamma=2.0, normalize_probabilities=True
    ),
    "kl logits": kl("logits", "probabilities", temperature=2.0, temperature_squared=True),
    "kl distilled": kl("logits", "logits", temperature=3.0),
    "kl log": kl("log_probabilities", "log_probabilities"),
    "triplet": triplet(),
    "triplet swapped": triplet(p=3.0, swap=True, eps_placement="sum"),
    "triplet normalized": triplet(p=1.0, normalize=True, eps=0.0),
    "triplet cosine soft": triplet(distance="cosine", soft=True),
    "triplet squared": triplet(distance="sqeuclidean", swap=True),
    "infonce": infonce("similarities", temperature=0.5),
    "clip": infonce("paired", temperature=0.5, symmetric=True),
    "negatives": infonce("explicit_negatives", temperature=0.5),
    "ntxent": infonce("ntxent", temperature=0.5),
    "supcon": infonce("supcon", temperature=0.5, normalize=False),
    "ddpm": ddpm,
    "ppo": ppo(kl_coef=0.1, kl_estimator="k3", entropy_coef=0.05, value_clip_range=0.3, dual_clip=2.0),
    "ppo replaced": ppo(kl_coef=0.1, kl_estimator="k2", value_clip_range=0.3, value_clip_mode="replace"),
    "bradley_terry": named("bradley_terry", ("chosen_rewards", "rejected_rewards"), ("margins",), center_coef=0.1),
    **{f"dpo {variant}": dpo(variant) for variant in DPO_VARIANTS},
}
CONSTANT_IN_GRADIENT = {"dpo bco_pair"}
"""Its reward shift moves with the batch and is held constant, as TRL detaches it: no difference quotient sees that."""
ON_A_SIMPLEX = {"kl log"}
"""Targets and predictions are distributions: a single entry cannot be moved alone."""


def arrays_of(body: dict[str, Any]) -> dict[str, np.ndarray]:
    found = body["predictions"]
    return found if isinstance(found, dict) else {"predictions": found}


def with_arrays(body: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {**body, "predictions": arrays if isinstance(body["predictions"], dict) else arrays["predictions"]}


def central_difference(body: dict[str, Any], name: str, place: tuple[int, ...], step: float) -> float:
    ends = []
    for side in (step, -step):
        moved = {each: array.copy() for each, array in arrays_of(body).items()}
        moved[name][place] += side
        ends.append(evaluate(with_arrays(body, moved))["cost"])
    return (ends[0] - ends[1]) / (2.0 * step)


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


def per_example(body: dict[str, Any]) -> np.ndarray:
    return np.asarray(evaluate({**body, "return_per_example": True})["per_example"]).reshape(-1)


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


@pytest.mark.parametrize("reduction", [name for name in REDUCTIONS if name != "none"])
def test_the_cost_is_the_weighted_sum_over_the_denominator_and_chunks_add_up(reduction: str) -> None:
    draw = np.random.default_rng(3)
    body = {"loss": "mse", "predictions": draw.normal(size=(6, 4)), "targets": draw.normal(size=(6, 4))}
    body |= {"mask": draw.integers(0, 2, (6, 4)), "weights": {"sample": draw.uniform(size=(6, 4))}}
    body |= {"reduction": reduction} | ({"reduction_constant": 7.0} if reduction == "constant" else {})
    whole = evaluate(body)
    assert whole["cost"] == pytest.approx(whole["weighted_sum"] / whole["denominator"], rel=1e-14)
    if reduction in {"mean", "weighted_mean", "batchmean", "padded_mean", "sequence_mean", "sequence_sum_mean"}:
        halves = [
            evaluate(
                {
                    **body,
                    **{field: body[field][rows] for field in ("predictions", "targets", "mask")},
                    "weights": {"sample": body["weights"]["sample"][rows]},
                }
            )
            for rows in (slice(0, 2), slice(2, 6))
        ]
        combined = sum(half["weighted_sum"] for half in halves) / sum(half["denominator"] for half in halves)
        assert combined == pytest.approx(whole["cost"], rel=1e-13)


@pytest.mark.parametrize("name", ["mse", "bce logits", "focal", "log_cosh"])
def test_threads_change_no_digit(name: str) -> None:
    draw = np.random.default_rng(5)
    body = CASES[name](draw)
    size = 300_000
    body |= {"predictions": draw.normal(size=size), "gradient": True}
    body["targets"] = draw.integers(0, 2, size)
    with ThreadPoolExecutor(2) as pool:
        one, three = evaluate(body), evaluate(body, Machine(3, pool))
    assert one["cost"] == three["cost"]
    np.testing.assert_array_equal(one["gradient"]["predictions"], three["gradient"]["predictions"])


def test_a_hundred_thousand_tenths_sum_to_ten_thousand() -> None:
    answer = evaluate({"loss": "mae", "predictions": [0.1] * 100_000, "targets": [0.0] * 100_000, "reduction": "sum"})
    assert answer["cost"] == pytest.approx(1e4, rel=1e-14)


def test_a_common_offset_of_1e8_costs_no_digit() -> None:
    """r = 1/4 exactly, so r^2 = 1/16 exactly."""
    answer = evaluate({"loss": "mse", "predictions": [1e8 + 0.25], "targets": [1e8]})
    assert answer["cost"] == 0.0625


MASKED = ["-Infinity", 1.5]


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "focal"])
def test_a_logit_of_minus_infinity_is_a_certain_no(loss: str) -> None:
    """Right for label 0: value and gradient 0. Wrong for label 1: infinite, with a finite gradient."""
    body = {"loss": loss, "predictions": MASKED, "input_form": "logits", "reduction": "none", "gradient": True}
    right, wrong = (evaluate({**body, "targets": [label, 1]}) for label in (0, 1))
    assert (right["per_example"][0], right["gradient"]["predictions"][0]) == (0.0, 0.0)
    assert (wrong["per_example"][0], wrong["gradient"]["predictions"][0]) == (math.inf, -1.0)


def test_a_masked_class_takes_no_part() -> None:
    body = {"loss": "cross_entropy", "input_form": "logits", "gradient": True}
    masked = evaluate({**body, "predictions": [["-Infinity", 1.0, 2.0]], "targets": [[0.0, 0.5, 0.5]]})
    without = evaluate({**body, "predictions": [[1.0, 2.0]], "targets": [[0.5, 0.5]]})
    assert masked["cost"] == pytest.approx(without["cost"], rel=1e-15)
    assert masked["gradient"]["predictions"][0, 0] == 0.0


@pytest.mark.parametrize(
    "body",
    [
        {"loss": "mse", "predictions": [], "targets": []},
        {"loss": "mse", "predictions": [1.0], "targets": [1.0], "mask": [0]},
        {"loss": "cross_entropy", "predictions": [[0.1, 0.2]], "targets": [-1], "input_form": "logits",
         "params": {"ignore_index": -1}},
        {"loss": "infonce", "predictions": {"embeddings": [[1.0, 0.0], [0.0, 1.0]]}, "targets": [0, 1],
         "params": {"variant": "ntxent"}},
    ],
    ids=["nothing", "masked", "ignored", "no pairs"],
)  # fmt: skip
def test_an_average_of_nothing_is_null_and_says_so(body: dict[str, Any]) -> None:
    answer = evaluate({**body, "gradient": True})
    assert answer["cost"] is answer["objective"] is answer["gradient"]["predictions"] is None
    assert "empty_reduction" in {entry["code"] for entry in answer["diagnostics"]}


@pytest.mark.parametrize("d", [1e-9, -1e-6, 5e-3, -9.9e-3, 0.5])
def test_the_third_kl_estimator_keeps_its_digits_near_zero(d: float) -> None:
    """exp(-d) - 1 + d in exact fractions: sum over k >= 2 of (-d)^k / k!."""
    exact = float(sum(Fraction(-d) ** k / math.factorial(k) for k in range(2, 30)))
    body = {"loss": "ppo_clip", "predictions": {"logp": [d]}, "params": {"kl_coef": 1.0, "kl_estimator": "k3"}}
    body["targets"] = {"logp_old": [d], "advantages": [0.0], "logp_ref": [0.0]}
    assert evaluate(body)["cost"] == pytest.approx(exact, rel=1e-12)


def test_a_fault_points_into_the_object_its_array_stands_in() -> None:
    body = {"loss": "gaussian_nll", "predictions": {"mean": [0.0, 1.0], "variance": [1.0, -1.0]}, "targets": [0.0, 0.0]}
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(body)
    assert refusal.value.faults[0].pointer == "/predictions/variance/1"


@pytest.mark.parametrize(
    ("row", "words"), [([0.0, 0.0], "length 0"), (["NaN", 1.0], "nan"), ([1.0, "Infinity"], "inf")]
)
def test_a_bad_embedding_is_named_by_its_row_however_many_pairs_there_are(row: list[Any], words: str) -> None:
    rows = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.0, 3.0], row]
    body = {"loss": "infonce", "predictions": {"embeddings": rows}, "targets": [0, 0, 1, 2, 3, 4], "mask": [1, 0]}
    with pytest.raises(OutOfDomain, match=words) as refusal:
        evaluate({**body, "params": {"variant": "ntxent"}})
    assert refusal.value.faults[0].pointer.startswith("/predictions/embeddings/5")
