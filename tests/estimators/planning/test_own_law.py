"""A law of one's own runs: refused where they hold none, its doubts said, its interval from other draws."""

import numpy as np
import pytest

from mlquote.estimators.planning.own_law import TrainedRun, own_law_of
from mlquote.formulas.scaling.parametric import ParametricLaw, predicted_loss
from mlquote.kit.errors import Malformed

LAW = ParametricLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658)
Pairs = list[tuple[float, float]]
WIDE: Pairs = [(n, n * ratio) for n in np.geomspace(5e7, 5e9, 7) for ratio in (5, 20, 80, 200)]


def runs_of(pairs: Pairs, noise: float = 0.0) -> list[TrainedRun]:
    draw = np.random.default_rng(1)
    losses = [predicted_loss(LAW, n, d) * float(np.exp(noise * draw.standard_normal())) for n, d in pairs]
    return [TrainedRun(params=n, tokens=d, loss=loss) for (n, d), loss in zip(pairs, losses, strict=True)]


def test_wide_runs_hold_their_law_and_foretell_the_largest_budget() -> None:
    found = own_law_of(runs_of(WIDE, noise=0.002))
    own = found.value
    assert pytest.approx(LAW.E, rel=0.02) == own.law.E
    assert own.held_out_error is not None and own.held_out_error < 0.01
    assert (len(own.draws), found.warnings) == (100, ())
    assert own.largest_flop == pytest.approx(6 * 5e9 * 5e9 * 200)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        pytest.param(WIDE[:4], "4 runs", id="four runs"),
        pytest.param([(1e9, d) for d in (1e9, 2e9, 3e9, 4e9, 5e9)], "one size", id="one size"),
        pytest.param([(n, 2e10) for n in (1e9, 2e9, 3e9, 4e9, 5e9)], "one length", id="one length"),
        pytest.param([(n, 1e19 / n) for n in (1e8, 2e8, 4e8, 8e8, 1e9)], "one budget", id="one budget"),
    ],
)
def test_runs_that_hold_no_law_are_refused_by_what_they_lack(pairs: Pairs, said: str) -> None:
    with pytest.raises(Malformed, match=said) as refused:
        own_law_of(runs_of(pairs))
    assert refused.value.faults[0].pointer == "/runs"


def test_a_narrow_range_is_said() -> None:
    narrow: Pairs = [(n, n * ratio) for n in (1e9, 2e9, 3e9) for ratio in (20, 30, 40)]
    told = [warning.detail for warning in own_law_of(runs_of(narrow)).warnings]
    assert any("params span less" in detail for detail in told)
    assert any("tokens span less" in detail for detail in told)


def test_five_runs_have_a_law_and_no_interval() -> None:
    found = own_law_of(runs_of(WIDE[::6]))
    assert (len(WIDE[::6]), found.value.draws) == (5, ())
    assert any("no interval" in warning.detail for warning in found.warnings)
