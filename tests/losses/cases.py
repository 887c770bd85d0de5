"""One builder of random questions per form of each loss, and what is done to their arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlquote.losses.families.contrastive import INFONCE_ARRAYS
from mlquote.losses.families.preference import DPO_VARIANTS, SMOOTHED
from mlquote.losses.objective import evaluate
from tests.losses.newer import HELD_CONSTANT, NEWER, SIMPLEX

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


def dpo(variant: str, **params: Any) -> Builder:
    smoothing = 0.2 if variant in SMOOTHED else 0.0

    def build(draw: Draw) -> dict[str, Any]:
        body = named("dpo", PAIRS, REFERENCES, variant=variant, beta=0.5, label_smoothing=smoothing, **params)(draw)
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
    **{f"dpo {kind}": dpo("sigmoid", f_divergence=kind) for kind in ("forward_kl", "js_divergence")},
    **NEWER,
}


CONSTANT_IN_GRADIENT = {"dpo bco_pair", *HELD_CONSTANT}
"""Its reward shift moves with the batch and is held constant, as TRL detaches it: no difference quotient sees that."""


ON_A_SIMPLEX = {"kl log", *SIMPLEX}
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


def per_example(body: dict[str, Any]) -> np.ndarray:
    return np.asarray(evaluate({**body, "return_per_example": True})["per_example"]).reshape(-1)
