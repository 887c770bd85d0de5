"""From probabilities and costs to decisions: where to cut, what it saves, and what a changed base rate does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.diagnostics import remark
from mlquote.losses.reading import Answer, Array, Body, IntArray, Reader

CURVE_POINTS = 1000
CALIBRATION = remark("needs_calibrated_probabilities")


@dataclass(frozen=True, slots=True)
class Costs:
    """What each cell of the confusion matrix costs; negative is a benefit. Named, as matrices have no agreed order."""

    tp: float
    fp: float
    fn: float
    tn: float

    def expected(self, p: Array, decision: NDArray[Any]) -> Array:
        """Expected cost of a decision (1 or 0) at probability p of the positive class."""
        found: Array = np.where(decision == 1, p * self.tp + (1.0 - p) * self.fp, p * self.fn + (1.0 - p) * self.tn)
        return found

    def realised(self, labels: IntArray, decision: NDArray[Any]) -> float:
        """Total cost of decisions once the labels are known."""
        positive = np.where(decision == 1, self.tp, self.fn)
        negative = np.where(decision == 1, self.fp, self.tn)
        return float(np.where(labels == 1, positive, negative).sum())


def optimal_threshold(costs: Costs) -> tuple[str, float | None]:
    """The policy of least expected cost, and the probability from which on the positive decision is the cheaper.

        p* = (fp - tn) / (fp - tn + fn - tp)

    Reasonable costs (fp > tn and fn > tp) give `threshold`; where one decision is never the dearer, `always_positive`
    or `always_negative`; where both inequalities are turned around, `inverted`: decide positive below p*.

    Returns: policy and p*, which is None where the policy needs none
    Source:  Elkan, The foundations of cost-sensitive learning (2001), equation 2
    """
    wrong_positive, wrong_negative = costs.fp - costs.tn, costs.fn - costs.tp
    if wrong_positive > 0.0 and wrong_negative > 0.0:
        return "threshold", wrong_positive / (wrong_positive + wrong_negative)
    if wrong_positive <= 0.0 <= wrong_negative:
        return "always_positive", None
    if wrong_negative <= 0.0 <= wrong_positive:
        return "always_negative", None
    return "inverted", wrong_positive / (wrong_positive + wrong_negative)


def decide(policy: str, threshold: float | None, p: Array) -> IntArray:
    """1 or 0 for each probability; at the threshold itself the positive decision."""
    if threshold is None:
        return np.full(p.shape, int(policy == "always_positive"), dtype=np.int64)
    return ((p >= threshold) if policy == "threshold" else (p <= threshold)).astype(np.int64)


def shifted_probability(p: Array, base_rate: float, new_base_rate: float) -> Array:
    """A probability carried from the base rate b it was learnt under to another, b'.

        p' = b' (p - p b) / (b - p b + b' p - b b')

    Args:    p in [0, 1]; base rates in (0, 1)
    Source:  Elkan (2001), theorem 2
    """
    b, c = base_rate, new_base_rate
    found: Array = c * (p - p * b) / (b - p * b + c * p - b * c)
    return found


def negative_multiplier(target_threshold: float, current_threshold: float) -> float:
    """How many times as many negatives make a learner's threshold p0 act as p*.

        p*/(1-p*) x (1-p0)/p0

    Source: Elkan (2001), theorem 1
    """
    return target_threshold / (1.0 - target_threshold) * (1.0 - current_threshold) / current_threshold


def cost_curve(costs: Costs, p: Array, labels: IntArray) -> tuple[Array, Array]:
    """Total cost of "positive from t on" for every t that changes a decision: above all p, then each p downwards."""
    order = np.argsort(-p, kind="stable")
    steps = np.where(labels[order] == 1, costs.tp - costs.fn, costs.fp - costs.tn)
    none_positive = costs.realised(labels, np.zeros(len(p), dtype=np.int64))
    totals = none_positive + np.concatenate([[0.0], np.cumsum(steps)])
    last = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    thresholds = np.concatenate([[np.inf], p[order][last]])
    return thresholds, np.concatenate([totals[:1], totals[last + 1]])


@np.errstate(all="ignore")
def threshold(body: Body) -> Answer:
    """Answer `{op: optimal | empirical | multiclass | base_rate_shift | rebalance, ...}`."""
    reader = Reader(body)
    op = reader.operation("op", OPERATIONS)
    reader.check()
    return {"op": op, **OPERATIONS[str(op)](reader)}


def _optimal(reader: Reader) -> Answer:
    costs, p = _costs(reader), _probabilities(reader)
    labels = _labels(reader, p, required=False)
    reader.finish()
    policy, cut = optimal_threshold(costs)
    decisions = decide(policy, cut, p)
    answer: Answer = {"policy": policy, "threshold": cut, "decisions": decisions}
    answer["expected_costs"] = costs.expected(p, decisions)
    if labels is not None:
        answer["realised_cost"] = costs.realised(labels, decisions)
        answer["cost_at_half"] = costs.realised(labels, (p >= 0.5).astype(np.int64))
    return answer | {"diagnostics": [CALIBRATION]}


def _empirical(reader: Reader) -> Answer:
    costs, p = _costs(reader), _probabilities(reader)
    labels = _labels(reader, p, required=True)
    reader.finish()
    assert labels is not None  # required
    thresholds, totals = cost_curve(costs, p, labels)
    best = int(np.argmin(totals))
    shown = np.unique(np.append(np.linspace(0, len(totals) - 1, CURVE_POINTS).astype(np.int64), best))
    return {
        "threshold": float(thresholds[best]),
        "min_total_cost": float(totals[best]),
        "cost_at_half": costs.realised(labels, (p >= 0.5).astype(np.int64)),
        "curve": {"thresholds": thresholds[shown], "total_costs": totals[shown]},
        "diagnostics": [],
    }


def _multiclass(reader: Reader) -> Answer:
    matrix, p = reader.matrix("cost_matrix"), reader.matrix("probabilities")
    axes = reader.raw("cost_matrix_axes")
    known = {("actual", "predicted"): False, ("predicted", "actual"): True}
    turned = (
        known.get(tuple(axes)) if isinstance(axes, list | tuple) and all(isinstance(a, str) for a in axes) else None
    )
    if turned is None:
        hint = '["actual", "predicted"] (rows are the truth) or ["predicted", "actual"]'
        reader.refuse("cost_matrix_axes", "matrices have no agreed orientation: name the axes", hint)
    if matrix is not None and p is not None and matrix.shape != (p.shape[1], p.shape[1]):
        detail = f"costs have shape {list(matrix.shape)}, probabilities {p.shape[1]} classes"
        reader.refuse("cost_matrix", detail, "one row and one column per class")
    if p is not None:
        _check_probabilities(reader, p)
        _check_rows(reader, p)
    reader.finish()
    assert matrix is not None and p is not None  # finish raised otherwise
    expected = p @ (matrix.T if turned else matrix)
    return {
        "decisions": np.argmin(expected, axis=1),
        "expected_costs": expected,
        "diagnostics": [CALIBRATION],
    }


def _base_rate_shift(reader: Reader) -> Answer:
    given = reader.raw("probability")
    many = isinstance(given, list | np.ndarray)
    p = reader.array("probability") if many else np.array([reader.number("probability", low=0.0, high=1.0)])
    if p is not None and many:
        _check_probabilities(reader, p, "probability")
    base, new = (
        reader.number(name, low=0.0, high=1.0, open_low=True, open_high=True) for name in ("base_rate", "new_base_rate")
    )
    reader.finish()
    assert p is not None  # finish raised otherwise
    shifted = shifted_probability(p, base, new)
    return {"probability": shifted if many else float(shifted[0])}


def _rebalance(reader: Reader) -> Answer:
    current, target = (
        reader.number(name, low=0.0, high=1.0, open_low=True, open_high=True)
        for name in ("current_threshold", "target_threshold")
    )
    reader.finish()
    return {"negative_multiplier": negative_multiplier(target, current)}


OPERATIONS: dict[str, Callable[[Reader], Answer]] = {
    "optimal": _optimal,
    "empirical": _empirical,
    "multiclass": _multiclass,
    "base_rate_shift": _base_rate_shift,
    "rebalance": _rebalance,
}


def _costs(reader: Reader) -> Costs:
    inner = reader.object("costs")
    if inner is None:
        return Costs(0.0, 1.0, 1.0, 0.0)
    cells = [inner.number(name) for name in ("tp", "fp", "fn", "tn")]
    inner.close()
    return Costs(*cells)


def _probabilities(reader: Reader) -> Array:
    p = reader.vector("probabilities")
    if p is None:
        return np.zeros(1)
    _check_probabilities(reader, p)
    return p


def _check_probabilities(reader: Reader, p: Array, name: str = "probabilities") -> None:
    wrong = (p < 0.0) | (p > 1.0)
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), p.shape)
        at = "/".join(map(str, place))
        reader.refuse(f"{name}/{at}", f"{p[place]:g} lies outside [0, 1]", "probabilities lie in [0, 1]")


def _check_rows(reader: Reader, p: Array) -> None:
    wrong = np.abs(p.sum(axis=1) - 1.0) > 1e-3
    if wrong.any():
        at = int(np.argmax(wrong))
        reader.refuse(f"probabilities/{at}", f"the row sums to {p[at].sum():g}", "each row sums to 1 within 1e-3")


def _labels(reader: Reader, p: Array, *, required: bool) -> IntArray | None:
    if "labels" not in reader and not required:
        return None
    labels = reader.integers("labels")
    if labels is None:
        return None
    if labels.shape != p.shape:
        reader.refuse("labels", f"{labels.size} labels for {p.size} probabilities", "one per probability")
    elif not np.isin(labels, (0, 1)).all():
        at = int(np.argmin(np.isin(labels, (0, 1))))
        reader.refuse(f"labels/{at}", f"{labels[at]} is not a label", "0 or 1")
    return labels
