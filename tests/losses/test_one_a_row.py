"""One variance or advantage a row is that of every entry of its row."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate

LOGP = np.log([[0.5, 0.25], [0.2, 0.8]])
OLD = np.log([[0.5, 0.2], [0.25, 0.8]])
ROWS = ([2.0, -1.0], [[2.0], [-1.0]])


def of(loss: str, advantages: Any, **more: Any) -> dict[str, Any]:
    targets = {"advantages": advantages} | ({} if loss == "policy_gradient" else {"logp_old": OLD})
    return {"loss": loss, "predictions": {"logp": LOGP}, "targets": targets, "gradient": True, **more}


@pytest.mark.parametrize("rows", ROWS, ids=["B", "B x 1"])
def test_a_policy_is_moved_by_its_rows_advantage(rows: Any) -> None:
    """-A logp, the mean of 2 log 2, 2 log 4, log 0.2, log 0.8; its slope -A / 4."""
    found = evaluate(of("policy_gradient", rows))
    assert found["cost"] == pytest.approx((6.0 * np.log(2.0) + np.log(0.16)) / 4.0, rel=1e-14)
    assert found["gradient"]["predictions"]["logp"].tolist() == [[-0.5, -0.5], [0.25, 0.25]]


@pytest.mark.parametrize("rows", ROWS, ids=["B", "B x 1"])
@pytest.mark.parametrize("loss", ["ppo_clip", "grpo"])
def test_a_clipped_ratio_is_weighed_by_its_rows_advantage(loss: str, rows: Any) -> None:
    """Ratios 1, 1.25 clipped to 1.2, 0.8, 1 on advantages 2, 2, -1, -1: -(2 + 2.4 - 0.8 - 1) / 4."""
    found = evaluate(of(loss, rows))
    assert found["cost"] == pytest.approx(-0.65, rel=1e-14)
    wanted = evaluate(of(loss, [[2.0, 2.0], [-1.0, -1.0]]))["gradient"]["predictions"]["logp"]
    assert np.array_equal(found["gradient"]["predictions"]["logp"], wanted)


@pytest.mark.parametrize("variance", [[2.0, 1.0], [[2.0], [1.0]]], ids=["B", "B x 1"])
def test_a_variance_a_row(variance: Any) -> None:
    """Squared errors 1, 9 over 2 and 0, 4 over 1: 1/2 (2 log 2 + 5 + 4) / 4; slope of a row's own, shaped as given."""
    body = {"loss": "gaussian_nll", "targets": [[0.0, 0.0], [0.0, 0.0]], "gradient": True}
    found = evaluate({**body, "predictions": {"mean": [[1.0, 3.0], [0.0, 2.0]], "variance": variance}})
    assert found["cost"] == pytest.approx((2.0 * np.log(2.0) + 9.0) / 8.0, rel=1e-14)
    slopes = found["gradient"]["predictions"]["variance"]
    assert slopes.shape == np.shape(variance)
    np.testing.assert_allclose(slopes.reshape(-1), [(2 / 2 - 10 / 4) / 8, (2 / 1 - 4 / 1) / 8], rtol=1e-14)


@pytest.mark.parametrize("shape", [(3,), (1, 2), (2, 3)], ids=str)
@pytest.mark.parametrize("loss", ["ppo_clip", "grpo", "policy_gradient"])
def test_other_shapes_are_refused(loss: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(of(loss, np.ones(shape)))
    assert [fault.pointer for fault in refusal.value.faults] == ["/targets/advantages"]


def test_rows_are_not_normalised_over_nobody_knows_what() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(of("ppo_clip", ROWS[0], params={"normalize_advantages": {}}))
    assert [fault.pointer for fault in refusal.value.faults] == ["/params/normalize_advantages"]
