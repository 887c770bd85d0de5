"""The installed libraries themselves, beside their entries: values and gradients of random inputs in float64.

Keras, optax and scikit-learn are dev-only (`pip install -e '.[frameworks]'`), PyTorch a job of its own; what is not
installed is skipped.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlquote.losses.objective import evaluate

N, K = 6, 4
SEEDS = range(3)
Body = dict[str, Any]


def draw(seed: int) -> dict[str, Any]:
    """Random arrays under the names the cases use."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.05, 0.95, (N, K))
    t = rng.dirichlet(np.ones(K), N)
    return {
        "x": rng.normal(0.0, 2.0, (N, K)), "y": rng.normal(0.0, 2.0, (N, K)), "p": p, "t": t,
        "q": p / p.sum(1)[:, None],
        "labels": np.arange(N) % K, "bits": (rng.random((N, K)) < 0.5).astype(float),
        "rates": rng.uniform(0.2, 3.0, (N, K)),
        "counts": rng.integers(0, 5, (N, K)).astype(float), "w": rng.uniform(0.2, 2.0, N),
        "z": rng.normal(0.0, 2.0, (N, K)),
    }  # fmt: skip


KERAS: dict[str, tuple[str, str, str, Body]] = {
    "MeanSquaredError": ("mse", "x", "y", {}),
    "MeanAbsoluteError": ("mae", "x", "y", {}),
    "Huber": ("huber", "x", "y", {}),
    "LogCosh": ("log_cosh", "x", "y", {}),
    "Poisson": ("poisson_nll", "rates", "counts", {}),
    "BinaryCrossentropy": ("binary_cross_entropy", "p", "bits", {}),
    "SparseCategoricalCrossentropy": ("cross_entropy", "p", "labels", {}),
    "CategoricalCrossentropy": ("cross_entropy", "p", "t", {}),
    "Hinge": ("hinge", "x", "bits", {}),
    "SquaredHinge": ("hinge", "x", "bits", {"power": 2}),
    "BinaryFocalCrossentropy": ("focal", "p", "bits", {}),
    "CategoricalFocalCrossentropy": ("focal", "p", "t", {"kind": "categorical"}),
    "CategoricalHinge": ("multiclass_hinge", "x", "t", {}),
    "KLDivergence": ("kl_divergence", "p", "t", {}),
    "CosineSimilarity": ("cosine_similarity", "x", "y", {}),
}
"""A Keras class: our loss, its predictions, its targets, and what says the same of it here."""


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "none"])
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", KERAS)
def test_keras(name: str, *, weighted: bool, reduction: str) -> None:
    keras = pytest.importorskip("keras")
    keras.config.set_floatx("float64")
    loss, predictions, targets, params = KERAS[name]
    for seed in SEEDS:
        arrays = draw(seed)
        p, t = arrays[predictions], arrays[targets]
        weights = arrays["w"] if weighted else None
        made = getattr(keras.losses, name)(reduction=None if reduction == "none" else reduction, dtype="float64")
        wanted = np.asarray(made(t, p, sample_weight=weights))
        body: Body = {"loss": loss, "predictions": p, "targets": t, "params": params, "reduction": reduction}
        body |= {"weights": {"sample": weights}} if weighted else {}
        answer = evaluate({**body, "convention": "keras"})
        found = answer["per_example"] * (weights if weighted else 1.0) if reduction == "none" else answer["cost"]
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6)  # Keras takes means in float32


OPTAX: dict[str, tuple[str, str, str, Body]] = {
    "squared_error": ("mse", "x", "y", {}),
    "l2_loss": ("l2_loss", "x", "y", {}),
    "huber_loss": ("huber", "x", "y", {}),
    "log_cosh": ("log_cosh", "x", "y", {}),
    "sigmoid_binary_cross_entropy": ("binary_cross_entropy", "x", "p", {}),
    "softmax_cross_entropy": ("cross_entropy", "x", "p", {}),
    "softmax_cross_entropy_with_integer_labels": ("cross_entropy", "x", "labels", {}),
    "hinge_loss": ("hinge", "x", "bits", {}),
    "multiclass_hinge_loss": ("multiclass_hinge", "x", "labels", {}),
    "sigmoid_focal_loss": ("focal", "x", "p", {}),
    "cosine_similarity": ("cosine_similarity", "x", "y", {"form": "similarity"}),
}
"""A function of optax: our loss, its predictions, its targets."""


@pytest.mark.parametrize("name", OPTAX)
def test_optax(name: str) -> None:
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    loss, predictions, targets, params = OPTAX[name]
    function = getattr(optax.losses, name, None) or getattr(optax, name)
    for seed in SEEDS:
        p, t = draw(seed)[predictions], draw(seed)[targets]
        body: Body = {"loss": loss, "predictions": p, "targets": t, "params": params, "convention": "optax"}
        answer = evaluate({**body, "gradient": True})
        np.testing.assert_allclose(answer["per_example"], np.asarray(function(p, t)), rtol=1e-9)
        slope = jax.grad(lambda at, t=t: function(at, t).sum())(p)
        np.testing.assert_allclose(answer["gradient"]["predictions"], np.asarray(slope), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_optax_triplet(order: int) -> None:
    """Without an absolute value, which odd orders show."""
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    for seed in SEEDS:
        arrays = draw(seed)
        given = {"anchor": arrays["x"], "positive": arrays["y"], "negative": arrays["z"]}
        wanted = optax.losses.triplet_margin_loss(*given.values(), norm_degree=order)
        body = {"loss": "triplet", "predictions": given, "params": {"p": float(order)}, "convention": "optax"}
        np.testing.assert_allclose(evaluate(body)["per_example"], np.asarray(wanted), rtol=1e-9)


SKLEARN: dict[str, tuple[str, Callable[[dict[str, Any]], tuple[Any, Any]]]] = {
    "mean_squared_error": ("mse", lambda a: (a["x"], a["y"])),
    "mean_absolute_error": ("mae", lambda a: (a["x"], a["y"])),
    "mean_pinball_loss": ("quantile", lambda a: (a["x"], a["y"])),
    "log_loss": ("log_loss", lambda a: (a["q"], a["labels"])),
    "hinge_loss": ("hinge_loss", lambda a: (a["x"][:, 0], np.arange(N) % 2)),
    "mean_poisson_deviance": ("poisson_deviance", lambda a: (a["rates"][:, 0], a["counts"][:, 0])),
    "mean_absolute_percentage_error": ("mape", lambda a: (a["x"], a["y"])),
}
"""A metric of scikit-learn: our loss, and its predictions and targets."""


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", SKLEARN)
def test_sklearn(name: str, *, weighted: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    loss, arrays_of = SKLEARN[name]
    for seed in SEEDS:
        arrays = draw(seed)
        p, t = arrays_of(arrays)
        weights = arrays["w"] if weighted else None
        wanted = getattr(metrics, name)(t, p, sample_weight=weights)
        body: Body = {"loss": loss, "predictions": p, "targets": t, "convention": "sklearn"}
        answer = evaluate(body | ({"weights": {"sample": weights}} if weighted else {}))
        np.testing.assert_allclose(answer["cost"], wanted, rtol=1e-9)


TORCH: dict[str, tuple[str, str, str, Body]] = {
    "mse_loss": ("mse", "x", "y", {}),
    "l1_loss": ("mae", "x", "y", {}),
    "huber_loss": ("huber", "x", "y", {}),
    "smooth_l1_loss": ("smooth_l1", "x", "y", {}),
    "poisson_nll_loss": ("poisson_nll", "x", "counts", {}),
    "binary_cross_entropy": ("binary_cross_entropy", "p", "t", {"input_form": "probabilities"}),
    "binary_cross_entropy_with_logits": ("binary_cross_entropy", "x", "t", {"input_form": "logits"}),
    "cross_entropy": ("cross_entropy", "x", "labels", {}),
    "multi_margin_loss": ("multiclass_hinge", "x", "labels", {}),
    "kl_div": ("kl_divergence", "x", "t", {}),
}
"""A function of PyTorch: our loss, its predictions, its targets, and fields beside."""


@pytest.mark.filterwarnings("ignore:reduction")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", TORCH)
def test_torch(name: str, reduction: str) -> None:
    torch = pytest.importorskip("torch")
    loss, predictions, targets, beside = TORCH[name]
    for seed in SEEDS:
        p, t = draw(seed)[predictions], draw(seed)[targets]
        at = torch.tensor(p, requires_grad=True)
        made = getattr(torch.nn.functional, name)(at, torch.tensor(t), reduction=reduction)
        made.sum().backward()
        body: Body = {"loss": loss, "predictions": p, "targets": t, "reduction": reduction, **beside}
        answer = evaluate({**body, "convention": "pytorch", "gradient": True})
        found = answer["per_example"] if reduction == "none" else answer["cost"]
        wanted = made.detach().numpy()
        if name == "kl_div" and reduction == "none":
            wanted = wanted.sum(axis=-1)  # one value a class there, as the entry says
        np.testing.assert_allclose(found, wanted, rtol=1e-9)
        np.testing.assert_allclose(answer["gradient"]["predictions"], at.grad.numpy(), rtol=1e-7, atol=1e-12)
