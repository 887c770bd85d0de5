"""The installed libraries themselves, beside their entries: values and gradients of random inputs in float64.

Keras, optax and scikit-learn are dev-only (`pip install -e '.[frameworks]'`), PyTorch a job of its own; what is not
installed is skipped.
"""

import importlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlquote.losses.frameworks.function import key_of, shortened
from mlquote.losses.frameworks.table import SPELLINGS
from mlquote.losses.frameworks.unanswered import UNANSWERED
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
OPTAX_BY_NAME: dict[str, Callable[[dict[str, Any]], tuple[Any, Any]]] = {
    "generalized_kl_divergence": lambda a: (np.log(a["p"]), a["rates"]),
    "multiclass_sparsemax_loss": lambda a: (a["x"], a["labels"]),
    "multiclass_perceptron_loss": lambda a: (a["x"], a["labels"]),
    "poly_loss_cross_entropy": lambda a: (a["x"], a["t"]),
    "dice_loss": lambda a: (a["x"].reshape(2, 3, K), np.eye(K)[a["labels"]].reshape(2, 3, K)),
    "multiclass_generalized_dice_loss": lambda a: (a["x"].reshape(2, 3, K), np.eye(K)[a["labels"]].reshape(2, 3, K)),
    "binary_dice_loss": lambda a: (a["x"], a["bits"]),
    "ranking_softmax_loss": lambda a: (a["x"], a["t"]),
}
"""A function of optax asked by its own name: its predictions and targets."""


@pytest.mark.parametrize("name", OPTAX_BY_NAME)
def test_optax_by_its_own_names(name: str) -> None:
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    function = getattr(optax.losses, name)
    for seed in SEEDS:
        p, t = OPTAX_BY_NAME[name](draw(seed))
        answer = evaluate({"loss": name, "predictions": p, "targets": t, "convention": "optax", "gradient": True})
        found = answer["per_example"] if answer["cost"] is None else answer["cost"]
        np.testing.assert_allclose(found, np.asarray(function(p, t)), rtol=1e-9, atol=1e-12)
        slope = jax.grad(lambda at, t=t: function(at, t).sum())(p)
        np.testing.assert_allclose(answer["gradient"]["predictions"], np.asarray(slope), rtol=1e-7, atol=1e-12)


KNOWN = {*SPELLINGS, *(key_of(each) for listed in UNANSWERED.values() for name in listed for each in shortened(name))}
"""Every name that is answered for, or said not to be."""


def public(library: str, module: str) -> list[str]:
    """The public losses of a library's module."""
    pytest.importorskip(library)
    found = dir(importlib.import_module(module))
    return [name for name in found if not name.startswith("_")]


@pytest.mark.parametrize(
    ("library", "module", "pattern"),
    [
        ("keras", "keras.losses", r"^(?!Loss$|get$|serialize$|deserialize$)"),
        ("optax", "optax.losses", r""),
        ("sklearn", "sklearn.metrics", r"_(loss|error|deviance)$|^(r2|d2|explained|n?dcg|label_rank|max_err)"),
        ("torch", "torch.nn", r"Loss$"),
        ("torch", "torch.nn.functional", r"_loss(_with_logits)?$|cross_entropy|^kl_div$"),
        ("transformers", "transformers.loss.loss_utils", r"^For.*Loss$|.For.*Loss$"),
        ("trl", "trl", r"Trainer$"),
    ],
    ids=["keras", "optax", "sklearn", "torch.nn", "torch.nn.functional", "transformers", "trl"],
)
def test_every_public_loss_is_answered_for_or_said_not_to_be(library: str, module: str, pattern: str) -> None:
    names = [name for name in public(library, module) if re.search(pattern, name)]
    assert names
    assert [name for name in names if key_of(name) not in KNOWN] == []


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
    "root_mean_squared_log_error": ("rmsle", lambda a: (a["p"], a["rates"])),
    "mean_squared_log_error": ("msle", lambda a: (a["p"], a["rates"])),
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
        np.testing.assert_allclose(found, wanted, rtol=1e-9)
        np.testing.assert_allclose(answer["gradient"]["predictions"], at.grad.numpy(), rtol=1e-7, atol=1e-12)


def test_transformers_question_answering() -> None:
    """An end beyond the text is left out of the ends."""
    torch, utils = pytest.importorskip("torch"), pytest.importorskip("transformers.loss.loss_utils")
    for seed in SEEDS:
        arrays = draw(seed)
        starts, ends = arrays["labels"], arrays["labels"][::-1].copy()
        ends[0] = 9
        logits = [torch.tensor(arrays[name], requires_grad=True) for name in ("x", "y")]
        made = utils.ForQuestionAnsweringLoss(*logits, torch.tensor(starts), torch.tensor(ends))
        made.backward()
        body: Body = {
            "loss": "ForQuestionAnsweringLoss",
            "predictions": {"start_logits": arrays["x"], "end_logits": arrays["y"]},
            "targets": {"start_positions": starts, "end_positions": ends},
            "gradient": True,
        }
        answer = evaluate(body)
        np.testing.assert_allclose(answer["cost"], made.item(), rtol=1e-9)
        for name, at in zip(("start_logits", "end_logits"), logits, strict=True):
            np.testing.assert_allclose(answer["gradient"]["predictions"][name], at.grad.numpy(), rtol=1e-7, atol=1e-12)


def test_transformers_load_balancing() -> None:
    torch, mixtral = pytest.importorskip("torch"), pytest.importorskip("transformers.models.mixtral.modeling_mixtral")
    for seed in SEEDS:
        x = draw(seed)["x"]
        made = mixtral.load_balancing_loss_func((torch.tensor(x),), num_experts=K, top_k=2)
        found = evaluate({"loss": "load_balancing_loss_func", "predictions": x})["cost"]
        np.testing.assert_allclose(found, made.item(), rtol=1e-6)  # it counts in float32


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight"])
@pytest.mark.parametrize("weights", [(), (1,), (4,), (4, 1), (4, 4), (3, 4), (3, 4, 1), (3, 1)], ids=str)
@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 3), (3, 4, 2)], ids=str)
def test_keras_weights_of_every_shape(shape: tuple[int, ...], weights: tuple[int, ...], reduction: str) -> None:
    """What Keras multiplies is the same here; what it refuses is no number here, but rows of one repeated weight."""
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(len(shape) + 7 * len(weights))
    p, y, w = rng.normal(size=shape), rng.normal(size=shape), rng.uniform(0.2, 2.0, weights)
    try:
        wanted = float(keras.losses.MeanSquaredError(reduction=reduction, dtype="float64")(y, p, sample_weight=w))
    except Exception:  # each backend has its own
        return
    body: Body = {"loss": "mse", "predictions": p, "targets": y, "convention": "keras", "reduction": reduction}
    found = evaluate(body | {"weights": {"sample": w if weights else float(w)}})["cost"]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def sequences(seed: int) -> tuple[Any, Any, Any, Any, int]:
    """Log-probabilities [3, T, V], labels that may be any symbol, lengths of both, and the blank."""
    rng = np.random.default_rng(seed)
    steps, symbols, size = int(rng.integers(1, 7)), int(rng.integers(2, 5)), int(rng.integers(1, 5))
    p = np.log(rng.dirichlet(np.ones(symbols), (3, steps)))
    labels, blank = rng.integers(0, symbols, (3, size)), int(rng.integers(0, symbols))
    return p, labels, rng.integers(1, steps + 1, 3), rng.integers(0, size + 1, 3), blank


@pytest.mark.parametrize("zero_infinity", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_torch_ctc(seed: int, *, zero_infinity: bool) -> None:
    """Values and slopes of the log-probabilities, sequences too long for their steps and blank labels among them."""
    torch = pytest.importorskip("torch")
    p, labels, steps, sizes, blank = sequences(seed)
    at = torch.tensor(p, requires_grad=True)
    lengths = [torch.tensor(each) for each in (labels, steps, sizes)]
    params: Body = {"blank": blank, "zero_infinity": zero_infinity}
    made = torch.nn.functional.ctc_loss(at.transpose(0, 1), *lengths, reduction="none", **params)
    made.sum().backward()
    targets = {"labels": labels, "input_lengths": steps, "label_lengths": sizes}
    body: Body = {"loss": "CTCLoss", "predictions": p, "targets": targets, "reduction": "none", "gradient": True}
    answer = evaluate({**body, "params": params})
    np.testing.assert_allclose(answer["per_example"], made.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(answer["gradient"]["predictions"], at.grad.numpy(), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_optax_ctc(seed: int) -> None:
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    p, labels, steps, sizes, blank = sequences(seed)
    behind = [np.arange(most) >= each[:, None] for most, each in ((p.shape[1], steps), (labels.shape[1], sizes))]

    def function(z: Any) -> Any:
        return optax.losses.ctc_loss(z, behind[0] * 1.0, labels, behind[1] * 1.0, blank_id=blank)

    targets = {"labels": labels, "input_lengths": steps, "label_lengths": sizes}
    body: Body = {"loss": "optax.losses.ctc_loss", "predictions": p, "targets": targets, "gradient": True}
    answer = evaluate({**body, "params": {"blank": blank}})
    np.testing.assert_allclose(answer["per_example"], np.asarray(function(p)), rtol=1e-9, atol=1e-12)
    slope = jax.grad(lambda z: function(z).sum())(p)
    np.testing.assert_allclose(answer["gradient"]["predictions"], np.asarray(slope), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_keras_ctc(seed: int) -> None:
    """A 0 among the labels, labels that do not fit; Keras computes it in float32, and an impossible slope is noise."""
    keras = pytest.importorskip("keras")
    p, labels, *_ = sequences(seed)
    made = np.asarray(keras.losses.ctc(labels, p))
    body: Body = {"loss": "keras.losses.CTC", "predictions": p, "targets": labels, "reduction": "none"}
    np.testing.assert_allclose(evaluate(body)["per_example"], made, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("first", [(0.0, 0.0), (2e-17, 1e-20), (3e-9, 1e-9), (3e-8, 1e-8)], ids=str)
def test_optax_ntxent_of_short_embeddings(first: tuple[float, float]) -> None:
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    x = draw(0)["x"][:4, :2]
    x[0] = first
    labels = np.array([0, 0, 1, 1])
    body: Body = {"loss": "ntxent", "convention": "optax", "predictions": {"embeddings": x}, "targets": labels}
    answer = evaluate({**body, "gradient": True})
    np.testing.assert_allclose(answer["cost"], float(optax.losses.ntxent(x, labels)), rtol=1e-9)
    slope = jax.grad(lambda at: optax.losses.ntxent(at, labels))(x)
    np.testing.assert_allclose(answer["gradient"]["predictions"]["embeddings"], np.asarray(slope), rtol=1e-7)


@pytest.mark.parametrize("name", ["cross_entropy", "multi_margin_loss", "nll_loss"])
def test_torch_takes_one_row(name: str) -> None:
    torch = pytest.importorskip("torch")
    row = draw(0)["x"][0]
    wanted = getattr(torch.nn.functional, name)(torch.tensor(row), torch.tensor(2)).item()
    body: Body = {"loss": f"torch.nn.functional.{name}", "predictions": row, "targets": 2}
    np.testing.assert_allclose(evaluate(body)["cost"], wanted, rtol=1e-12)
