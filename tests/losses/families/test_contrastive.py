"""Losses of embeddings against their textbook forms, solved by hand."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Array
from tests.losses.textbook import asked, codes, slope, values

LABELS = np.array([0, 0, 1, 1, 0])
TAU = 0.5


def embeddings(seed: int, rows: int = 5) -> Array:
    return np.random.default_rng(seed).normal(size=(rows, 3))


def unit(x: Array) -> Array:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def minkowski(p: float, eps: float = 1e-6) -> Callable[[Array, Array], Array]:
    return lambda x, y: (np.abs(x - y + eps) ** p).sum(axis=1) ** (1 / p)


def rooted(p: float, eps: float) -> Callable[[Array, Array], Array]:
    return lambda x, y: ((np.abs(x - y) ** p).sum(axis=1) + eps) ** (1 / p)


def cosine(x: Array, y: Array) -> Array:
    return 1 - (unit(x) * unit(y)).sum(axis=1)


DISTANCES: dict[str, tuple[dict[str, Any], Callable[[Array, Array], Array]]] = {
    "euclidean": ({}, minkowski(2)),
    "manhattan": ({"p": 1}, minkowski(1)),
    "cubic": ({"p": 3}, minkowski(3)),
    "eps inside the root": ({"eps": 0.1, "eps_placement": "sum"}, rooted(2, 0.1)),
    "squared": ({"distance": "sqeuclidean"}, lambda x, y: ((x - y) ** 2).sum(axis=1)),
    "cosine": ({"distance": "cosine"}, cosine),
    "normalised": ({"normalize": True}, lambda x, y: minkowski(2)(unit(x), unit(y))),
}


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("swap", [False, True])
def test_a_triplet_wants_the_positive_nearer_by_a_margin(distance: str, soft: bool, swap: bool) -> None:
    params, d = DISTANCES[distance]

    def textbook(a: Array, p: Array, n: Array) -> Array:
        far = np.minimum(d(a, n), d(p, n)) if swap else d(a, n)
        violation = d(a, p) - far + 1.0
        return np.log1p(np.exp(violation)) if soft else np.maximum(0, violation)

    arrays = {name: embeddings(seed) for seed, name in enumerate(("anchor", "positive", "negative"))}
    found = asked("triplet", arrays, soft=soft, swap=swap, **params)
    np.testing.assert_allclose(found["per_example"], textbook(*arrays.values()), rtol=1e-11)
    for name, array in arrays.items():
        steep = slope(lambda at, name=name: textbook(*{**arrays, name: at}.values()), array)
        np.testing.assert_allclose(found["gradient"]["predictions"][name], steep, atol=1e-7)


def test_a_triplet_on_a_line_is_worked_by_hand() -> None:
    """Anchor 0, positive 2, negative 1: 2 - 1 + 1/2; eps 0."""
    arrays = {"anchor": [[0.0]], "positive": [[2.0]], "negative": [[1.0]]}
    found = asked("triplet", arrays, margin=0.5, eps=0.0)
    assert found["per_example"][0] == 1.5
    assert [float(g[0][0]) for g in found["gradient"]["predictions"].values()] == [0.0, 1.0, -1.0]


def test_a_violation_of_exactly_zero_is_a_kink() -> None:
    arrays = {"anchor": [[0.0]], "positive": [[1.0]], "negative": [[2.0]]}
    assert "subgradient_at_kink" in codes(asked("triplet", arrays, margin=1.0, eps=0.0))


def picked(s: Array, labels: Array) -> Array:
    return np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(s)), labels]


def test_given_similarities_are_logits_over_the_temperature() -> None:
    s, labels = embeddings(1), np.array([0, 2, 1, 1, 0])
    found = asked("infonce", {"similarities": s}, labels, temperature=TAU)
    np.testing.assert_allclose(found["per_example"], picked(s / TAU, labels), rtol=1e-12)
    steep = slope(lambda at: picked(at / TAU, labels), s)
    np.testing.assert_allclose(found["gradient"]["predictions"]["similarities"], steep, atol=1e-8)
    assert found["components"]["accuracy"] == np.mean(s.argmax(axis=1) == labels)


def clip(q: Array, k: Array, symmetric: bool) -> Array:
    s, right = unit(q) @ unit(k).T / TAU, np.arange(len(q))
    return (picked(s, right) + picked(s.T, right)) / 2 if symmetric else picked(s, right)


def explicit(q: Array, p: Array, n: Array) -> Array:
    s = np.concatenate([(unit(q) * unit(p)).sum(axis=1)[:, None], unit(q) @ unit(n).T], axis=1)
    return picked(s / TAU, np.zeros(len(q), dtype=np.int64))


def ntxent(x: Array) -> Array:
    """Each positive pair against that pair and every other label."""
    s = unit(x) @ unit(x).T / TAU
    pairs = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j and LABELS[i] == LABELS[j]]
    others = {i: np.exp(s[i][LABELS[i] != LABELS]).sum() for i in range(len(x))}
    return np.array([np.log(np.exp(s[i, j]) + others[i]) - s[i, j] for i, j in pairs])


def supcon(x: Array) -> Array:
    """The mean over an anchor's positives; everything but the anchor below the line."""
    s = unit(x) @ unit(x).T / TAU
    apart = np.where(np.eye(len(x)) == 1, -np.inf, s)
    positive = (LABELS[:, None] == LABELS[None, :]) & (np.eye(len(x)) == 0)
    log_p = s - np.log(np.exp(apart).sum(axis=1))[:, None]
    return -(log_p * positive).sum(axis=1) / positive.sum(axis=1)


@pytest.mark.parametrize(
    ("params", "names", "targets", "textbook"),
    [
        ({"variant": "paired"}, ("queries", "keys"), None, lambda q, k: clip(q, k, False)),
        ({"variant": "paired", "symmetric": True}, ("queries", "keys"), None, lambda q, k: clip(q, k, True)),
        ({"variant": "explicit_negatives"}, ("queries", "positives", "negatives"), None, explicit),
        ({"variant": "ntxent"}, ("embeddings",), LABELS, ntxent),
        ({"variant": "supcon"}, ("embeddings",), LABELS, supcon),
    ],
    ids=["paired", "clip", "negatives", "ntxent", "supcon"],
)
def test_each_contrastive_loss_has_its_own_denominator(
    params: dict[str, Any], names: tuple[str, ...], targets: Any, textbook: Callable[..., Array]
) -> None:
    arrays = {name: embeddings(seed) for seed, name in enumerate(names)}
    found = asked("infonce", arrays, targets, temperature=TAU, **params)
    np.testing.assert_allclose(found["per_example"], textbook(*arrays.values()), rtol=1e-11)
    for name, array in arrays.items():
        steep = slope(lambda at, name=name: textbook(*{**arrays, name: at}.values()), array)
        np.testing.assert_allclose(found["gradient"]["predictions"][name], steep, atol=1e-7)


def test_two_orthogonal_pairs_are_worked_by_hand() -> None:
    """Queries equal their keys and are orthogonal: s = 1 and 0, tau 1, so log(1 + e^-1) each."""
    found = values("infonce", {"queries": [[1.0, 0.0], [0.0, 1.0]], "keys": [[2.0, 0.0], [0.0, 3.0]]}, None,
                   variant="paired", temperature=1.0)  # fmt: skip
    assert found.tolist() == pytest.approx([math.log(1 + math.exp(-1))] * 2)


def test_negatives_may_be_each_query_s_own() -> None:
    q, p, n = embeddings(1), embeddings(2), embeddings(3, 2)
    own = np.broadcast_to(n, (5, 2, 3))
    shared, apart = (
        values("infonce", {"queries": q, "positives": p, "negatives": each}, None, variant="explicit_negatives")
        for each in (n, own)
    )
    np.testing.assert_allclose(shared, apart, rtol=1e-14)


@pytest.mark.parametrize(
    ("variant", "predictions", "targets", "pointer"),
    [
        ("similarities", {"embeddings": [[1.0]]}, None, "/predictions/embeddings"),
        ("paired", {"queries": [[1.0]]}, None, "/predictions/keys"),
        ("paired", {"queries": [[1.0]], "keys": [[1.0], [2.0]]}, None, "/predictions/keys"),
        ("paired", {"queries": [[1.0]], "keys": [[1.0]]}, [0], "/targets"),
        ("explicit_negatives", {"queries": [[1.0]], "positives": [[1.0]], "negatives": [1.0]}, None,
         "/predictions/negatives"),
        ("similarities", {"similarities": [[1.0]]}, [1], "/targets/0"),
        ("supcon", {"embeddings": [[1.0], [2.0]]}, None, "/targets"),
        ("ntxent", {"embeddings": np.zeros((4097, 1))}, np.zeros(4097), "/predictions/embeddings"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_arrays_that_do_not_fit_the_variant_are_refused(
    variant: str, predictions: Any, targets: Any, pointer: str
) -> None:
    body = {"loss": "infonce", "predictions": predictions, "params": {"variant": variant}}
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(body | ({} if targets is None else {"targets": targets}))
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("row", "words"), [([0.0, 0.0], "length 0"), (["NaN", 1.0], "nan"), ([1.0, "Infinity"], "inf")]
)
def test_a_bad_embedding_is_named_by_its_row_however_many_pairs_there_are(row: list[Any], words: str) -> None:
    rows = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.0, 3.0], row]
    body = {"loss": "infonce", "predictions": {"embeddings": rows}, "targets": [0, 0, 1, 2, 3, 4], "mask": [1, 0]}
    with pytest.raises(OutOfDomain, match=words) as refusal:
        evaluate({**body, "params": {"variant": "ntxent"}})
    assert refusal.value.faults[0].pointer.startswith("/predictions/embeddings/5")
