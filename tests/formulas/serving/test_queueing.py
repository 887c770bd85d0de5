"""Waiting and staircases, against closed forms."""

import pytest

from mlquote.formulas.serving.queueing import accepted_tokens, mg1_wait_s, replicas_needed


@pytest.mark.parametrize(
    ("load", "scv", "wait"), [(0.5, 1.0, 1.0), (0.5, 0.0, 0.5), (0.9, 1.0, 9.0), (0.0, 1.0, 0.0)],
    ids=["M/M/1 half full", "M/D/1 half full", "M/M/1 nine tenths", "empty"],
)  # fmt: skip
def test_the_mean_wait_follows_pollaczek_and_khinchine(load: float, scv: float, wait: float) -> None:
    """Service of 1 s: rho / (1 - rho) (1 + c^2) / 2."""
    assert mg1_wait_s(load, 1.0, scv) == pytest.approx(wait)


@pytest.mark.parametrize("load", [1.0, 1.5], ids=["full", "beyond"])
def test_a_full_server_has_no_finite_wait(load: float) -> None:
    assert mg1_wait_s(load, 1.0) == float("inf")


@pytest.mark.parametrize(
    ("rate", "capacity", "replicas"), [(9.0, 3.0, 3), (9.01, 3.0, 4), (0.1, 3.0, 1), (10.0, 3.0, 4)],
    ids=["exactly full", "a little more", "next to nothing", "ten over three"],
)  # fmt: skip
def test_replicas_are_whole(rate: float, capacity: float, replicas: int) -> None:
    assert replicas_needed(rate, capacity) == replicas


@pytest.mark.parametrize(
    ("draft", "accepted", "tokens"), [(0, 0.7, 1.0), (3, 0.7, 2.533), (3, 1.0, 4.0), (3, 0.0, 1.0), (1, 0.9, 1.9)],
    ids=["nothing drafted", "three at 0.7", "all accepted", "none accepted", "one at 0.9"],
)  # fmt: skip
def test_a_verified_step_gains_the_geometric_sum(draft: int, accepted: float, tokens: float) -> None:
    """1 + 0.7 + 0.49 + 0.343 = 2.533 (Leviathan et al. 2023, eq. 1)."""
    assert accepted_tokens(draft, accepted) == pytest.approx(tokens)
