"""One builder of random questions per form of each loss declared under `losses/entries`."""

from collections.abc import Callable
from typing import Any

import numpy as np

Draw = np.random.Generator
Body = dict[str, Any]
Builder = Callable[[Draw], Body]

N, K = 5, 4


def normal(draw: Draw, *shape: int) -> np.ndarray:
    return draw.normal(scale=2.0, size=shape or (N,))


def amounts(draw: Draw, *shape: int) -> np.ndarray:
    return draw.uniform(0.3, 5.0, shape or (N,))


def signs(draw: Draw) -> np.ndarray:
    return 2 * draw.integers(0, 2, N) - 1


def chances(draw: Draw, *shape: int) -> np.ndarray:
    return draw.uniform(0.05, 0.95, shape or (N,))


def rows(draw: Draw, *shape: int) -> np.ndarray:
    return draw.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


def ask(loss: str, predictions: Any, targets: Any = None, form: str | None = None, **params: Any) -> Body:
    body = {"loss": loss, "predictions": predictions, "params": params}
    body |= {} if targets is None else {"targets": targets}
    return body | ({} if form is None else {"input_form": form})


def boxes(draw: Draw) -> np.ndarray:
    low = draw.uniform(0.0, 1.0, (N, 2))
    return np.concatenate([low, low + draw.uniform(0.2, 1.5, (N, 2))], axis=1)


def mask(draw: Draw, *shape: int) -> np.ndarray:
    return draw.integers(0, 2, shape or (N, K))


def label(draw: Draw) -> np.ndarray:
    return draw.integers(0, K, N)


def cosines(draw: Draw) -> np.ndarray:
    return draw.uniform(-0.9, 0.9, (N, K))


def logps(draw: Draw, *shape: int) -> np.ndarray:
    return -draw.uniform(0.2, 4.0, shape or (N,))


def ctc(form: str, **params: Any) -> Builder:
    def build(draw: Draw) -> Body:
        z = normal(draw, N, 6, K)
        if form == "log_probabilities":
            z = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        targets = {
            "labels": draw.integers(1, K, (N, 2)),
            "input_lengths": draw.integers(1, 7, N),
            "label_lengths": draw.integers(1, 3, N),
        }
        return ask("ctc", z, targets, form, **params)

    return build


def rnnt(draw: Draw) -> Body:
    return ask("rnnt", normal(draw, N, 3, 3, K), {"labels": draw.integers(1, K, (N, 2))}, "logits")


def kto(draw: Draw, **params: Any) -> Body:
    targets: Body = {"desirable": draw.integers(0, 2, N), "reference_logps": logps(draw)}
    if params.get("variant", "kto") == "kto":
        targets |= {"kl_logps": logps(draw), "reference_kl_logps": logps(draw)}
    return ask("kto", {"policy_logps": logps(draw)}, targets, **{"beta": 0.5, **params})


def pairs(loss: str, **params: Any) -> Builder:
    def build(draw: Draw) -> Body:
        arrays = {"policy_chosen_logps": logps(draw), "policy_rejected_logps": logps(draw)}
        return ask(loss, arrays | {"chosen_nll": draw.uniform(0.5, 2.0, N)}, {}, **params)

    return build


def grpo(variant: str, *, rewards: bool = False, **params: Any) -> Builder:
    def build(draw: Draw) -> Body:
        logp = logps(draw, N, 3)
        targets = {"logp_old": logp + draw.normal(scale=0.2, size=logp.shape), "logp_ref": logps(draw, N, 3)}
        targets |= {"rewards": normal(draw)} if rewards else {"advantages": normal(draw)}
        return ask("grpo", {"logp": logp}, targets, variant=variant, kl_coef=0.05, **params)

    return build


def jsd(form: str, **params: Any) -> Builder:
    def build(draw: Draw) -> Body:
        student, teacher = rows(draw, N, K), rows(draw, N, K)
        p = {"logits": normal(draw, N, K), "log_probabilities": np.log(student), "probabilities": student}[form]
        return ask("jsd", p, teacher, form, **params)

    return build


def gan(form: str, player: str = "critic") -> Builder:
    def build(draw: Draw) -> Body:
        scores = {"real": normal(draw)} if player == "critic" else {}
        return ask("gan", {**scores, "fake": normal(draw)}, form=None) | {"params": {"form": form, "player": player}}

    return build


def two(draw: Draw, names: tuple[str, str], width: int = 3) -> Body:
    return {name: normal(draw, N, width) for name in names}


def latents(draw: Draw) -> Body:
    return {"mean": normal(draw, N, 3), "log_variance": chances(draw, N, 3)}


def elbo(kind: str) -> Builder:
    def build(draw: Draw) -> Body:
        arrays = {"reconstruction": normal(draw, N, K), "mean": normal(draw, N, 2), "log_variance": chances(draw, N, 2)}
        body = ask("elbo", arrays, chances(draw, N, K), beta=0.5)
        return body | {"params": {"reconstruction": kind, "beta": 0.5}}

    return build


NEWER: dict[str, Builder] = {
    "mape": lambda d: ask("mape", normal(d), normal(d)),
    "smape": lambda d: ask("smape", normal(d), normal(d)),
    "msle": lambda d: ask("msle", amounts(d), amounts(d)),
    "charbonnier": lambda d: ask("charbonnier", normal(d), normal(d), eps=0.3),
    "rmse": lambda d: ask("rmse", normal(d), normal(d)),
    "tweedie deviance": lambda d: ask("tweedie_deviance", amounts(d), amounts(d), power=1.5),
    "tweedie normal": lambda d: ask("tweedie_deviance", normal(d), normal(d), power=0.0),
    "poisson deviance": lambda d: ask("poisson_deviance", amounts(d), d.integers(0, 4, N)),
    "gamma deviance": lambda d: ask("gamma_deviance", amounts(d), amounts(d)),
    "tweedie": lambda d: ask("tweedie", chances(d), amounts(d), "log_rate", power=1.3),
    "tweedie rate": lambda d: ask("tweedie", amounts(d), amounts(d), "rate", power=1.0),
    "gamma nll": lambda d: ask("gamma_nll", normal(d), amounts(d), "log_rate"),
    "gamma nll rate": lambda d: ask("gamma_nll", amounts(d), amounts(d), "rate"),
    "crps": lambda d: ask("crps", normal(d, N, K), normal(d)),
    "crps fair": lambda d: ask("crps", normal(d, N, K), normal(d), fair=True),
    "crps gaussian": lambda d: ask("crps_gaussian", {"mean": normal(d), "std": amounts(d)}, normal(d)),
    "gaussian kl": lambda d: ask("gaussian_kl", latents(d), {}, beta=2.0),
    "gaussian kl prior": lambda d: ask(
        "gaussian_kl",
        latents(d),
        {"prior_mean": normal(d, N, 3), "prior_log_variance": chances(d, N, 3)},
    ),
    "elbo": elbo("gaussian"),
    "elbo bernoulli": elbo("bernoulli"),
    "perplexity": lambda d: ask("perplexity", normal(d, N, K), label(d), "logits"),
    "poly": lambda d: ask("poly_cross_entropy", normal(d, N, K), label(d), "logits"),
    "poly soft": lambda d: ask("poly_cross_entropy", normal(d, N, K), rows(d, N, K), "logits", epsilon=-0.5),
    "gce": lambda d: ask("generalized_cross_entropy", chances(d, N, K), label(d), "probabilities"),
    "gce logits": lambda d: ask("generalized_cross_entropy", normal(d, N, K), label(d), "logits", q=0.7),
    "asymmetric": lambda d: ask("asymmetric", normal(d), mask(d, N), "logits"),
    "asymmetric plain": lambda d: ask("asymmetric", normal(d), mask(d, N), "logits", shift=0.0, gamma_neg=2.0),
    "sparsemax": lambda d: ask("sparsemax", normal(d), mask(d, N)),
    "brier": lambda d: ask("brier", chances(d), mask(d, N)),
    "brier classes": lambda d: ask("brier", rows(d, N, K), label(d)),
    "perceptron": lambda d: ask("perceptron", normal(d), signs(d)),
    "soft margin": lambda d: ask("soft_margin", normal(d), signs(d)),
    "hinge embedding": lambda d: ask("hinge_embedding", amounts(d), signs(d), margin=2.0),
    "margin ranking": lambda d: ask("margin_ranking", {"input1": normal(d), "input2": normal(d)}, signs(d), margin=0.5),
    "multilabel soft margin": lambda d: (
        ask("multilabel_soft_margin", normal(d, N, K), mask(d)) | {"weights": {"class": [0.5, 1.0, 2.0, 0.1]}}
    ),
    "multilabel margin": lambda d: ask("multilabel_margin", normal(d, N, K), np.tile([2, 0, -1, 1], (N, 1))),
    "listnet": lambda d: ask("listnet", normal(d, N, K), chances(d, N, K)),
    "listnet softmax": lambda d: ask("listnet", normal(d, N, K), normal(d, N, K), relevance="softmax"),
    "listmle": lambda d: ask("listmle", normal(d, N, K), normal(d, N, K)),
    "lambdarank": lambda d: ask("lambdarank", normal(d, N, K), d.integers(0, 4, (N, K)), sigma=0.7),
    "dice": lambda d: ask("dice", chances(d, N, K), mask(d), "probabilities"),
    "dice logits": lambda d: ask("dice", normal(d, 3, N, K), mask(d, 3, N, K), "logits", axis=[0, 2], smooth=1.0),
    "jaccard": lambda d: ask("jaccard", chances(d, N, K), mask(d), "probabilities", axis=[1]),
    "tversky": lambda d: ask("tversky", normal(d, N, K), mask(d), "logits", axis=[1], alpha=0.3, beta=0.7, smooth=1.0),
    "focal tversky": lambda d: ask("focal_tversky", chances(d, N, K), mask(d), "probabilities", axis=[-1], smooth=0.5),
    "lovasz": lambda d: ask("lovasz", normal(d, N, K), mask(d), "logits", axis=[1]),
    "lovasz probabilities": lambda d: ask("lovasz", chances(d, N, K), mask(d), "probabilities"),
    **{name: lambda d, name=name: ask(name, boxes(d), boxes(d)) for name in ("iou", "giou", "diou", "ciou")},  # type: ignore[misc]
    "cosine": lambda d: ask("cosine_similarity", normal(d, N, 3), normal(d, N, 3)),
    "cosine negative": lambda d: (
        ask("cosine_similarity", normal(d, N, 3), normal(d, N, 3), epsilon=3.0)
        | {"params": {"form": "negative", "epsilon": 3.0}}
    ),
    "cosine embedding": lambda d: ask("cosine_embedding", two(d, ("input1", "input2")), signs(d), margin=-0.3),
    "contrastive pair": lambda d: ask("contrastive_pair", two(d, ("input1", "input2")), mask(d, N), margin=4.0),
    "siglip": lambda d: ask("siglip", two(d, ("queries", "keys")), scale=2.0, bias=-1.0),
    "siglip plain": lambda d: ask("siglip", two(d, ("queries", "keys")), normalize=False, bias=0.0),
    "circle": lambda d: ask(
        "circle", {"embeddings": normal(d, N, 3)}, [0, 0, 1, 1, 0], gamma=4.0, margin=0.2, normalize=True
    ),
    "vicreg": lambda d: ask("vicreg", two(d, ("view1", "view2"))),
    "barlow": lambda d: ask("barlow_twins", two(d, ("view1", "view2")), lambd=0.1),
    "arcface": lambda d: ask("arcface", cosines(d), label(d), scale=5.0),
    "cosface": lambda d: ask("cosface", cosines(d), label(d), scale=5.0),
    "ctc": ctc("logits"),
    "ctc log": ctc("log_probabilities", divide_by_label_length=True),
    "rnnt": rnnt,
    "kto": kto,
    "apo unpaired": lambda d: kto(d, variant="apo_zero_unpaired", desirable_weight=2.0),
    "orpo": pairs("orpo", beta=0.3),
    **{f"cpo {v}": pairs("cpo", variant=v, beta=0.7, cpo_alpha=0.5) for v in ("sigmoid", "simpo", "hinge", "ipo")},
    **{f"grpo {variant}": grpo(variant) for variant in ("grpo", "bnpo", "dapo", "dr_grpo", "luspo", "sapo")},
    "grpo cispo": grpo("cispo", clip_range_high=1.05),
    "grpo vespo": grpo("vespo"),
    "gspo": grpo("grpo", importance_sampling_level="sequence", clip_range=0.1),
    "sapo sequence": grpo("sapo", importance_sampling_level="sequence"),
    "grpo rewards": grpo("bnpo", rewards=True, group_size=5, delta=2.0),
    "jsd": jsd("logits", temperature=2.0),
    "jsd forward": jsd("logits", beta=0.0),
    "jsd reverse": jsd("logits", beta=1.0),
    "jsd log": jsd("log_probabilities", beta=0.3),
    "jsd probabilities": jsd("probabilities", beta=0.3),
    "z loss": lambda d: ask("z_loss", normal(d, N, K), coef=0.1),
    "moe": lambda d: ask("moe_load_balancing", normal(d, N, K), form="logits", top_k=2),
    "moe probabilities": lambda d: ask(
        "moe_load_balancing", rows(d, N, K), form="probabilities", top_k=2, divide_by_top_k=True
    ),
    **{f"gan {form}": gan(form) for form in ("non_saturating", "wasserstein", "hinge", "least_squares")},
    **{f"generator {form}": gan(form, "generator") for form in ("non_saturating", "wasserstein", "least_squares")},
    "gradient penalty": lambda d: ask("gradient_penalty", normal(d, N, 3)),
    "r1": lambda d: ask("gradient_penalty", normal(d, N, 3), center=0.0, coef=0.5),
}

HELD_CONSTANT = {"ciou", "grpo cispo", "grpo vespo"}
"""A weight of theirs is held constant in the gradient though it moves: no difference quotient sees that."""
SIMPLEX = {"jsd log", "jsd probabilities", "brier classes", "moe probabilities"}
"""Predictions are distributions: a single entry cannot be moved alone."""
