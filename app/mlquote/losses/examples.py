"""A small question of every loss that is answered: by rule, as a loss is declared, and by hand where it is odd."""

from typing import Any

from mlquote.losses.loss import Folding, Loss
from mlquote.losses.reading import Answer

FEW: list[Any] = [0.25, 0.75]
ONES: list[Any] = [1.0, 1.0]
ROWS: list[Any] = [[0.25, 0.75], [0.5, 0.5]]
OTHER_ROWS: list[Any] = [[0.5, 0.5], [0.1, 0.9]]
LOGS: list[Any] = [[-1.4, -0.3], [-0.7, -0.7]]
CLASSES: list[Any] = [1, 0]
VECTORS: list[Any] = [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [-0.6, 0.8]]
PAIRS: list[Any] = [0, 0, 1, 1]
LOGPS: list[Any] = [-1.0, -2.0]
TOKENS: list[Any] = [[-1.0, -0.5], [-2.0, -0.1]]
STEPS: list[Any] = [[[0.5, 1.0, -0.5], [1.0, 0.0, 0.5], [0.2, 0.1, 0.3]]]
BOXES: list[Any] = [[0.0, 0.0, 2.0, 2.0]]
LABELLED: Answer = {"predictions": {"embeddings": VECTORS}, "targets": PAIRS}
WITH_PROXIES: Answer = {"predictions": {"embeddings": VECTORS, "proxies": VECTORS[::2]}, "targets": PAIRS}
VIEWS: Answer = {"predictions": {"view1": VECTORS, "view2": VECTORS[::-1]}}
SETS: Answer = {"predictions": VECTORS[:3], "targets": VECTORS}
MASK: Answer = {"targets": [[0, 1], [1, 1]]}
ANSWERED: Answer = {
    "predictions": {"policy_chosen_logps": LOGPS, "policy_rejected_logps": [-3.0, -2.5], "chosen_nll": [1.0, 2.0]}
}
ODD: dict[str, Answer] = {
    "evidential": {"predictions": {"mean": FEW, "nu": ONES, "alpha": [2.0, 1.5], "beta": ONES}, "targets": ONES},
    "nll": {"predictions": LOGS, "targets": CLASSES},
    "cross_entropy": {"input_form": "logits", "predictions": [[2.0, 0.5, -1.0], [0.0, 1.0, 0.0]], "targets": [0, 1]},
    "multilabel_margin": {"predictions": ROWS, "targets": [[0, -1], [1, 0]]},
    "multilabel_soft_margin": {"predictions": ROWS, "targets": [[0, 1], [1, 1]]},
    "triplet": {"predictions": {"anchor": ROWS, "positive": OTHER_ROWS, "negative": ROWS[::-1]}},
    "infonce": {"predictions": {"queries": VECTORS, "keys": VECTORS[::-1]}, "params": {"variant": "paired"}},
    "dpo": {
        "predictions": {"policy_chosen_logps": LOGPS, "policy_rejected_logps": [-3.0, -2.5]},
        "targets": {"reference_chosen_logps": [-1.5, -2.0], "reference_rejected_logps": [-2.5, -2.5]},
    },
    "ppo_clip": {"predictions": {"logp": LOGPS}, "targets": {"logp_old": [-1.2, -1.9], "advantages": [1.0, -0.5]}},
    "bradley_terry": {"predictions": {"chosen_rewards": FEW, "rejected_rewards": [0.5, 0.5]}},
    "cox": {"predictions": {"log_hazards": FEW}, "targets": {"times": [2.0, 5.0], "events": [1, 0]}},
    "mixture_nll": {"predictions": {"logits": ROWS, "mean": ROWS, "scale": OTHER_ROWS}, "targets": FEW},
    "crps": {"predictions": ROWS, "targets": FEW},
    "distribution_focal": {"predictions": ROWS, "targets": FEW},
    "gaussian_kl": {"predictions": {"mean": ROWS, "log_variance": ROWS}},
    "elbo": {"predictions": {"reconstruction": ROWS, "mean": ROWS, "log_variance": ROWS}, "targets": ROWS},
    "brier": {"predictions": FEW, "targets": CLASSES},
    "cosine_embedding": {"predictions": {"input1": ROWS, "input2": OTHER_ROWS}, "targets": [1, -1]},
    "contrastive_pair": {"predictions": {"input1": ROWS, "input2": OTHER_ROWS}, "targets": [1, 0]},
    "siglip": {"predictions": {"queries": VECTORS, "keys": VECTORS[::-1]}},
    "circle": LABELLED,
    "vicreg": VIEWS,
    "barlow_twins": VIEWS,
    "multi_similarity": LABELLED,
    "nca": LABELLED,
    "triplet_mining": LABELLED,
    "proxy_nca": WITH_PROXIES,
    "proxy_anchor": WITH_PROXIES,
    "center": {"predictions": {"embeddings": VECTORS, "centers": VECTORS[::2]}, "targets": PAIRS},
    "cosent": {"predictions": {"scores": FEW}, "targets": [0.0, 1.0]},
    "energy_distance": SETS,
    "mmd": SETS,
    "sinkhorn": SETS,
    "chamfer": SETS,
    "wasserstein": {"predictions": FEW, "targets": ONES},
    "dice": MASK,
    "jaccard": MASK,
    "tversky": MASK,
    "focal_tversky": MASK,
    "lovasz": MASK,
    "mcc": MASK,
    **{name: {"predictions": BOXES, "targets": [[1.0, 1.0, 3.0, 3.0]]} for name in ("iou", "giou", "diou", "ciou")},
    "ctc": {"predictions": STEPS, "targets": {"labels": [[1, 2]]}},
    "rnnt": {"predictions": [[STEPS[0][:2], STEPS[0][1:]]], "targets": {"labels": [[1]]}},
    "span_extraction": {
        "predictions": {"start_logits": ROWS, "end_logits": OTHER_ROWS},
        "targets": {"start_positions": [0, 1], "end_positions": [1, 1]},
    },
    "kto": {
        "predictions": {"policy_logps": LOGPS},
        "targets": {
            "desirable": [1, 0],
            "reference_logps": [-1.5, -1.5],
            "kl_logps": LOGPS,
            "reference_kl_logps": [-1.5, -2.0],
        },
    },
    "orpo": ANSWERED,
    "cpo": ANSWERED,
    "grpo": {"predictions": {"logp": TOKENS}, "targets": {"rewards": [1.0, 0.0]}},
    "policy_gradient": {"predictions": {"logp": LOGPS}, "targets": {"advantages": [1.0, -0.5]}},
    "sac": {"predictions": {"logp": LOGPS, "q": FEW}},
    "gan": {"predictions": {"real": FEW, "fake": FEW}},
}
"""What a question of a loss says beside, or instead of, what the rule gives."""
ARRAYS = {
    Folding.ELEMENTS: (FEW, ONES),
    Folding.CLASSES: (ROWS, CLASSES),
    Folding.VECTORS: (ROWS, OTHER_ROWS),
    Folding.SAMPLES: (ROWS, OTHER_ROWS),
    Folding.ROWS: (ROWS, OTHER_ROWS),
    Folding.WHOLE: (ROWS, OTHER_ROWS),
}


def example(loss: Loss) -> Answer:
    """A question of a loss by its id, complete and small."""
    defaults = {param.name: param.default for param in loss.params}
    given, wanted = ARRAYS[loss.folded(defaults)]
    body: Answer = {"loss": loss.name, **_arrays("predictions", loss, given), **_arrays("targets", loss, wanted)}
    if len(loss.forms) > 1:
        body["input_form"] = loss.usual_form or loss.forms[0]
    odd = ODD.get(loss.name)
    if odd is not None and "predictions" in odd:
        body.pop("targets", None)
    return body | (odd or {})


def _arrays(side: str, loss: Loss, value: Any) -> Answer:
    """Predictions or targets, all of one value: one array, or those that are needed by name."""
    names = loss.predictions if side == "predictions" else loss.targets
    if names == (side,):
        return {side: value}
    needed = [name for name in names if name not in loss.optional]
    return {side: dict.fromkeys(needed, value)} if needed else {}
