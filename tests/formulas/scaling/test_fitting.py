"""A law fitted on runs: what runs of a known law give back, with noise, with outliers, tied, and drawn again."""

import numpy as np
import pytest

from mlquote.formulas.scaling.fitting import Runs, fitted_law, other_draws
from mlquote.formulas.scaling.parametric import ParametricLaw, compute_optimal, predicted_loss

LAW = ParametricLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658)
GADRE_C4 = (
    (411616256, 8232325120, 3.0417367343404416),
    (78914048, 1578280960, 3.800284412392762),
    (153677376, 3073547520, 3.4326457499105776),
    (10569312, 211386240, 5.220676313056785),
    (10569312, 3382179840, 4.506403529656214),
)
"""Gadre et al. 2024: five small runs on C4, from the authors' published evaluations."""


def grid(noise: float = 0.0) -> Runs:
    """Nine sizes by seven ratios of tokens, losses of LAW times a log-normal."""
    draw = np.random.default_rng(7)
    pairs = [(n, n * ratio) for n in np.geomspace(5e7, 5e9, 9) for ratio in np.geomspace(4, 250, 7)]
    params, tokens = np.array(pairs).T
    exact = np.array([predicted_loss(LAW, n, d) for n, d in pairs])
    return Runs(params, tokens, exact * np.exp(noise * draw.standard_normal(len(exact))))


@pytest.mark.parametrize("objective", ["huber", "least_squares"])
def test_exact_losses_give_their_law_back(objective: str) -> None:
    fit = fitted_law(grid(), "huber" if objective == "huber" else "least_squares")
    found = fit.law
    assert (found.E, found.alpha, found.beta) == pytest.approx((LAW.E, LAW.alpha, LAW.beta), rel=1e-5)
    assert pytest.approx((LAW.A, LAW.B), rel=1e-4) == (found.A, found.B)
    assert fit.rms_log < 1e-7


def test_a_robust_fit_is_hardly_moved_by_a_run_that_failed() -> None:
    runs = grid()
    runs.loss[5] *= 1.3
    robust, plain = fitted_law(runs).law, fitted_law(runs, "least_squares").law
    assert abs(robust.E - LAW.E) < 0.01 < abs(plain.E - LAW.E)


def test_five_published_runs_give_the_authors_law() -> None:
    """Their default fit, alpha = beta by least squares: E 1.5082605, A 113.69260, B 152.51225, exponent 0.24247."""
    fit = fitted_law(Runs(*np.array(GADRE_C4).T), "least_squares", tied=True)
    assert pytest.approx((1.5082605326, 113.6926015, 152.5122536), rel=1e-6) == (fit.law.E, fit.law.A, fit.law.B)
    assert fit.law.alpha == fit.law.beta == pytest.approx(0.24247223823509, rel=1e-6)


def test_draws_of_noisy_runs_span_the_law_and_are_the_same_for_a_seed() -> None:
    runs = grid(noise=0.003)
    fit = fitted_law(runs)
    groups = list(range(9)) * 7
    draws = other_draws(runs, fit, groups, 40, 3)
    best = [compute_optimal(law, 1e22).n_params for law in draws]
    low, high = np.quantile(best, (0.1, 0.9))
    assert low < compute_optimal(LAW, 1e22).n_params < high
    assert draws == other_draws(runs, fit, groups, 40, 3)
    assert draws != other_draws(runs, fit, groups, 40, 4)
