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


PARTNERS = [0, 0, 1, 1, 0]
"""Labels of five rows: each has a partner and a stranger."""
NEWER: dict[str, Builder] = {
    "mape": lambda d: ask("mape", normal(d), normal(d)),
    "smape": lambda d: ask("smape", normal(d), normal(d)),
    "msle": lambda d: ask("msle", amounts(d), amounts(d)),
    "charbonnier": lambda d: ask("charbonnier", normal(d), normal(d), eps=0.3),
    "rmsle": lambda d: ask("rmsle", amounts(d), amounts(d)),
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
    "tube": lambda d: ask("epsilon_insensitive", normal(d), normal(d), epsilon=0.7),
    "squared tube": lambda d: ask("epsilon_insensitive", normal(d), normal(d), epsilon=0.7, power=2),
    "expectile": lambda d: ask("expectile", normal(d), normal(d), tau=0.8),
    "wing": lambda d: ask("wing", normal(d), normal(d), w=2.0, epsilon=0.5),
    **{
        f"robust {alpha}": lambda d, alpha=alpha: ask("general_robust", normal(d), normal(d), alpha=alpha, c=0.8)  # type: ignore[misc]
        for alpha in (2.0, 1.0, 0.0, -2.0, 3.0, None)
    },
    "tukey": lambda d: ask("tukey", normal(d), normal(d), c=3.0),
    "quantile huber": lambda d: ask("quantile_huber", normal(d), normal(d), tau=0.3, kappa=0.8),
    "quantiles huber": lambda d: ask("quantile_huber", normal(d, N, 3), normal(d), taus=[0.1, 0.5, 0.9]),
    "minkowski": lambda d: ask("minkowski", normal(d), normal(d), p=3.0),
    "laplace": lambda d: ask("laplace_nll", {"mean": normal(d), "scale": amounts(d)}, normal(d)),
    "student t": lambda d: ask("student_t_nll", {"mean": normal(d), "scale": amounts(d)}, normal(d), nu=3.0),
    "negative binomial": lambda d: ask(
        "negative_binomial_nll", normal(d), d.integers(0, 6, N), "log_rate", total_count=2.5
    ),
    "negative binomial rate": lambda d: ask("negative_binomial_nll", amounts(d), d.integers(0, 6, N), "rate"),
    "mixture": lambda d: ask(
        "mixture_nll", {"logits": normal(d, N, K), "mean": normal(d, N, K), "scale": amounts(d, N, K)}, normal(d)
    ),
    "evidential": lambda d: ask(
        "evidential",
        {"mean": normal(d), "nu": amounts(d), "alpha": 1.0 + amounts(d), "beta": amounts(d)},
        normal(d),
        coef=0.3,
    ),
    "cox": lambda d: ask(
        "cox", {"log_hazards": normal(d)}, {"times": d.integers(1, 4, N), "events": np.array([1, 0, 1, 1, 0])}
    ),
    "modified huber": lambda d: ask("modified_huber", normal(d), signs(d)),
    "exponential": lambda d: ask("exponential", normal(d), signs(d)),
    "symmetric": lambda d: ask("symmetric_cross_entropy", normal(d, N, K), label(d), "logits", alpha=0.5),
    "sparsemax classes": lambda d: ask("multiclass_sparsemax", normal(d, N, K), label(d), "logits"),
    "quality focal": lambda d: ask("quality_focal", normal(d), chances(d), "logits"),
    "varifocal": lambda d: ask("varifocal", normal(d), chances(d) * mask(d, N), "logits"),
    "spans": lambda d: ask(
        "span_extraction",
        {"start_logits": normal(d, N, K), "end_logits": normal(d, N, K)},
        {"start_positions": label(d), "end_positions": np.array([0, 1, 2, 3, 9])},
    ),
    "distribution focal": lambda d: ask("distribution_focal", normal(d, N, K), d.uniform(0, K - 1, N), "logits"),
    "generalized kl": lambda d: ask("generalized_kl", normal(d, N, K), amounts(d, N, K), "log_probabilities"),
    "entropy": lambda d: ask("entropy", normal(d, N, K), form="logits"),
    "entropy probabilities": lambda d: (
        ask("entropy", rows(d, N, K), form="probabilities") | {"params": {"form": "bonus"}}
    ),
    "entropy log": lambda d: ask("entropy", np.log(rows(d, N, K)), form="log_probabilities"),
    "dino": lambda d: ask(
        "dino", normal(d, N, K), normal(d, N, K), temperature=0.5, teacher_temperature=0.3, center=[0.1, 0.0, 0.3, -1.0]
    ),
    "emd": lambda d: ask("emd", rows(d, N, K), rows(d, N, K), "probabilities"),
    "emd logits": lambda d: ask("emd", normal(d, N, K), rows(d, N, K), "logits", r=1.5),
    "mcc": lambda d: ask("mcc", chances(d, N, K), mask(d), "probabilities", eps=0.1),
    "mcc logits": lambda d: ask("mcc", normal(d, N, K), mask(d), "logits", axis=[1], eps=0.1),
    "boundary": lambda d: ask("boundary", normal(d), normal(d), "logits"),
    "boundary probabilities": lambda d: ask("boundary", chances(d), normal(d), "probabilities"),
    **{
        f"pairwise {kind}": lambda d, kind=kind: (  # type: ignore[misc]
            ask("pairwise_ranking", normal(d, N, K), d.integers(0, 3, (N, K))) | {"params": {"form": kind}}
        )
        for kind in ("logistic", "hinge", "squared")
    },
    "approx ndcg": lambda d: ask("approx_ndcg", normal(d, N, K), d.integers(0, 3, (N, K)), temperature=1.5),
    "si sdr": lambda d: ask("si_sdr", normal(d, N, K), normal(d, N, K)),
    "si sdr centred": lambda d: ask("si_sdr", normal(d, N, 6), normal(d, N, 6), zero_mean=True),
    "byol": lambda d: ask("byol", normal(d, N, 3), normal(d, N, 3)),
    "policy gradient": lambda d: ask(
        "policy_gradient",
        {"logp": logps(d), "values": normal(d), "entropy": amounts(d)},
        {"advantages": normal(d), "returns": normal(d)},
    ),
    "sac": lambda d: ask("sac", {"logp": logps(d), "q": normal(d)}),
    "multi similarity": lambda d: ask("multi_similarity", {"embeddings": normal(d, N, 3)}, PARTNERS, beta=5.0),
    "nca": lambda d: ask("nca", {"embeddings": normal(d, N, 3)}, PARTNERS, scale=2.0),
    **{
        name.replace("_", " "): lambda d, name=name: ask(  # type: ignore[misc]
            name, {"embeddings": normal(d, N, 3), "proxies": normal(d, 2, 3)}, PARTNERS
        )
        for name in ("proxy_nca", "proxy_anchor")
    },
    "center": lambda d: ask("center", {"embeddings": normal(d, N, 3), "centers": normal(d, 2, 3)}, PARTNERS),
    "batch hard": lambda d: ask("triplet_mining", {"embeddings": normal(d, N, 3)}, PARTNERS),
    "semi hard": lambda d: ask(
        "triplet_mining", {"embeddings": normal(d, N, 3)}, PARTNERS, mining="semi_hard", squared=True, soft=True
    ),
    "cosent": lambda d: ask("cosent", {"scores": normal(d)}, d.integers(0, 3, N), scale=2.0),
    **{
        name.replace("_", " "): lambda d, name=name: ask(name, normal(d, N, 3), normal(d, N + 1, 3))  # type: ignore[misc]
        for name in ("energy_distance", "mmd", "chamfer")
    },
    "sinkhorn": lambda d: ask("sinkhorn", normal(d, N, 2), normal(d, N + 1, 2), epsilon=2.0),
    "transport": lambda d: ask("sinkhorn", normal(d, N, 2), normal(d, N + 1, 2), epsilon=2.0, debiased=False),
    "wasserstein": lambda d: ask("wasserstein", normal(d), normal(d), p=1.5),
    "gradient penalty": lambda d: ask("gradient_penalty", normal(d, N, 3)),
    "r1": lambda d: ask("gradient_penalty", normal(d, N, 3), center=0.0, coef=0.5),
}

HELD_CONSTANT = {"ciou", "grpo cispo", "grpo vespo"}
"""A weight of theirs is held constant in the gradient though it moves: no difference quotient sees that."""
SIMPLEX = {
    "jsd log",
    "jsd probabilities",
    "brier classes",
    "moe probabilities",
    "entropy probabilities",
    "entropy log",
    "emd",
}
"""Predictions are distributions: a single entry cannot be moved alone."""
