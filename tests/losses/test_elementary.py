"""exp and log of many numbers, compiled or not: to 1 unit in the last place, and C's at the ends of the domain."""

import math

import numpy as np
import pytest

from mlquote.losses import elementary
from mlquote.losses.elementary import FEWEST, exp, log
from mlquote.losses.objective import evaluate

DRAW = np.random.default_rng(4)
MANY = FEWEST + 3


@pytest.fixture(params=["as built", "without the library"])
def _built(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "as built":
        monkeypatch.setattr(elementary, "_exp", None)
        monkeypatch.setattr(elementary, "_log", None)


@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize("spread", [1e-9, 1.0, 40.0, 700.0])
def test_exp_is_right_to_one_unit_in_the_last_place(spread: float) -> None:
    x = DRAW.uniform(-spread, spread, MANY)
    found = exp(x, out=np.empty(MANY))
    wanted = np.array([math.exp(each) for each in x])
    assert (np.abs(found - wanted) <= np.spacing(wanted)).all()


@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize(("low", "high"), [(1.0, 2.0), (0.5, 1.5), (1e-300, 1e300), (5e-324, 1e-310)])
def test_log_is_right_to_one_unit_in_the_last_place(low: float, high: float) -> None:
    x = DRAW.uniform(low, high, MANY)
    found = log(x, out=np.empty(MANY))
    wanted = np.array([math.log(each) for each in x])
    assert (np.abs(found - wanted) <= np.spacing(np.abs(wanted))).all()


@pytest.mark.usefixtures("_built")
def test_the_ends_are_those_of_c() -> None:
    x = np.ones(MANY)
    x[:8] = 0.0, -0.0, math.inf, -math.inf, math.nan, -1.0, 1e300, -1e300
    with np.errstate(all="ignore"):
        powers, logs = exp(x, out=np.empty(MANY))[:8], log(x, out=np.empty(MANY))[:6]
    np.testing.assert_array_equal(powers[[0, 1, 2, 3, 4, 6, 7]], [1, 1, math.inf, 0, math.nan, math.inf, 0])
    np.testing.assert_array_equal(logs, [-math.inf, -math.inf, math.inf, math.nan, math.nan, math.nan])


@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize("x", [709.78, 709.79, -708.4, -744.4, -745.2])
def test_exp_overflows_and_vanishes_where_c_does(x: float) -> None:
    wanted = math.exp(x) if x < 709.783 else math.inf
    with np.errstate(all="ignore"):
        assert exp(np.full(MANY, x), out=np.empty(MANY))[-1] == pytest.approx(wanted, rel=2e-16, abs=5e-324)


@pytest.mark.usefixtures("_built")
def test_an_array_may_be_written_over_and_need_not_lie_in_one_piece() -> None:
    x = DRAW.normal(size=(MANY, 2))
    kept = x.copy()
    exp(x[:, 0], out=x[:, 0])
    np.testing.assert_allclose(x[:, 0], np.exp(kept[:, 0]), rtol=3e-16)
    np.testing.assert_array_equal(x[:, 1], kept[:, 1])
    assert exp(x, out=x) is x
    np.testing.assert_allclose(x[:, 1], np.exp(kept[:, 1]), rtol=3e-16)


def test_a_library_that_is_not_there_is_none() -> None:
    assert elementary._compiled("no_such_function") is None


@pytest.mark.parametrize("classes", [1, 2, 7, 8, 100])
@pytest.mark.parametrize("spread", [0.1, 1.0, 40.0])
def test_cross_entropy_of_rows_is_that_of_the_softmax(
    classes: int, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"loss": "cross_entropy", "input_form": "logits", "gradient": True, "weights": {"class": [*range(classes)]}}
    body["predictions"] = spread * DRAW.normal(size=(50, classes))
    body["predictions"][:, -1][::7] = -math.inf if classes > 1 else 0.0
    body["targets"] = DRAW.integers(0, max(1, classes - 1), 50)
    answers = [evaluate(body)]
    monkeypatch.setattr(elementary, "_rows", None)
    answers.append(evaluate(body))
    for first, second in ((answers[0][name], answers[1][name]) for name in ("per_example", "cost")):
        np.testing.assert_allclose(first, second, rtol=2e-14)
    first, second = (each["gradient"]["predictions"] for each in answers)
    np.testing.assert_allclose(first, second, rtol=2e-14, atol=1e-18)


def test_a_sure_row_keeps_its_digits_and_one_without_classes_is_refused() -> None:
    z = np.array([[50.0, 0.0, 0.0]])
    gradient = np.empty_like(z)
    values = elementary.cross_entropy_rows(z, np.array([0]), gradient, None, 0.5)
    if values is not None:  # compiled
        rest = 2.0 * math.exp(-50.0)
        assert values[0] == pytest.approx(rest, rel=1e-14)
        np.testing.assert_allclose(gradient, [[-rest / 2, rest / 4, rest / 4]], rtol=1e-14)
    masked = np.full((1, 3), -math.inf)
    assert elementary.cross_entropy_rows(masked, np.array([0]), None, None, 1.0) is None


@pytest.mark.parametrize("spread", [1e-9, 1.0, 40.0, 700.0])
def test_softplus_of_labels_is_the_cross_entropy_of_hard_labels(spread: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled and by NumPy: values and slopes to a few units in the last place, far out and masked too."""
    z = DRAW.uniform(-spread, spread, 1003)
    z[::50] = -math.inf
    y = (DRAW.random(1003) < 0.4).astype(float)
    y[::50] = 0.0
    body = {"loss": "binary_cross_entropy", "input_form": "logits", "predictions": z, "targets": y, "gradient": True}
    answers = [evaluate(body)]
    monkeypatch.setattr(elementary, "_labels", None)
    answers.append(evaluate(body))
    np.testing.assert_allclose(answers[0]["per_example"], answers[1]["per_example"], rtol=1e-15)
    first, second = (each["gradient"]["predictions"] for each in answers)
    np.testing.assert_allclose(first, second, rtol=2e-15)
    signs = [math.copysign(1.0, 0.5 - label) * at for at, label in zip(z, y, strict=True)]
    wanted = [max(s, 0.0) + math.log1p(math.exp(-abs(s))) for s in signs]
    np.testing.assert_allclose(answers[0]["per_example"], wanted, rtol=1e-15)


@pytest.mark.parametrize("odd", [0.5, -1.0, 2.0, math.nan, math.inf])
def test_softplus_of_labels_takes_no_other_labels(odd: float) -> None:
    z, y = np.zeros(20), np.zeros(20)
    y[13] = odd
    assert not elementary.softplus_of_labels(z, y, np.empty(20), None, 1.0)
    assert not elementary.softplus_of_labels(z[::2], np.zeros(10), np.empty(10), None, 1.0)
