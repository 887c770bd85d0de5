"""What a lower loss costs, under each law: published steps, the training estimate's own dollars, unreachable losses."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.planning.loss import LossStep, loss_plan
from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.formulas.scaling.parametric import ParametricLaw, predicted_loss

ASKED: dict[str, Any] = {
    "loss_from": 2.0, "loss_to": 1.95, "accelerator": "h100-sxm", "accelerator_count": 256, "mfu": 0.4,
    "goodput_fraction": 1, "usd_per_accelerator_hour": 2.5,
}  # fmt: skip
LAW = ParametricLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658)


def answered(catalog: Snapshot, now: datetime, **more: Any) -> LossStep:
    found: LossStep = loss_plan(LossPlan.model_validate(ASKED | more), catalog, now).result
    return found


def test_five_hundredths_of_a_nat_cost_three_to_fifteen_times_the_compute(catalog: Snapshot, now: datetime) -> None:
    """Hoffmann's digits: (0.3066 / 0.2566)^6.46 = 3.16; Besiroglu 6.0; Muennighoff 15.3."""
    found = answered(catalog, now)
    times = {each.law: each.step.times_compute for each in found.laws if each.step is not None}
    assert times == pytest.approx(
        {"hoffmann2022-tex": 3.157, "besiroglu2024": 6.003, "muennighoff2023": 15.34}, rel=1e-3
    )
    assert found.times_compute is not None
    assert (found.times_compute.low, found.times_compute.high) == pytest.approx((3.157, 15.34), rel=1e-3)


def test_dollars_are_the_frontiers(catalog: Snapshot, now: datetime) -> None:
    """989e12 x 0.4 FLOP/s at 2.50 dollars an hour: +2.17 M dollars (Besiroglu), +296 k (Hoffmann's digits)."""
    central = {each.law: float(each.step.cost_usd.central) for each in answered(catalog, now).laws
               if each.step is not None and each.step.cost_usd is not None}  # fmt: skip
    assert central["besiroglu2024"] == pytest.approx(2.17e6, rel=0.005)
    assert central["hoffmann2022-tex"] == pytest.approx(296e3, rel=0.005)


def test_each_run_is_priced_as_its_own_training_question(catalog: Snapshot, now: datetime) -> None:
    end = next(each.run_to for each in answered(catalog, now).laws if each.law == "besiroglu2024")
    assert end is not None
    terms = {name: value for name, value in ASKED.items() if not name.startswith("loss_")}
    asked = TrainingQuestion.model_validate({"params": round(end.params), "tokens": end.tokens, **terms})
    result = training_estimate(asked, catalog, now).result
    assert (end.cost_usd, end.energy_kwh, end.accelerator_hours) == (
        result.cost_usd, result.energy_kwh, result.accelerator_hours,
    )  # fmt: skip


def test_a_loss_below_a_laws_floor_is_out_of_reach_under_it(catalog: Snapshot, now: datetime) -> None:
    answer = loss_plan(LossPlan.model_validate(ASKED | {"loss_to": 1.85}), catalog, now)
    assert (answer.result.laws_asked, answer.result.laws_that_reach) == (3, 2)
    told = {warning.code: warning.detail for warning in answer.warnings}
    assert "1 of 3 laws: muennighoff2023 ends at 1.869" in told["loss-out-of-reach"]


def test_where_no_law_reaches_it_nothing_has_a_price(catalog: Snapshot, now: datetime) -> None:
    found = answered(catalog, now, loss_to=1.5)
    assert (found.laws_that_reach, found.cost_usd, found.times_compute) == (0, None, None)


def test_a_lower_goal_never_costs_less(catalog: Snapshot, now: datetime) -> None:
    goals = np.linspace(1.99, 1.89, 6)
    spent = [answered(catalog, now, loss_to=float(goal)).cost_usd for goal in goals]
    central = [float(span.central) for span in spent if span is not None]
    assert len(central) == len(goals) and central == sorted(central)


def test_ones_own_runs_answer_alone_with_an_interval(catalog: Snapshot, now: datetime) -> None:
    pairs = [(n, n * ratio) for n in np.geomspace(5e7, 5e9, 7) for ratio in (5, 20, 80, 200)]
    draw = np.random.default_rng(1)
    losses = [predicted_loss(LAW, n, d) * float(np.exp(0.002 * draw.standard_normal())) for n, d in pairs]
    runs = [{"params": n, "tokens": d, "loss": loss} for (n, d), loss in zip(pairs, losses, strict=True)]
    found = answered(catalog, now, runs=runs, loss_from=2.6, loss_to=2.4)
    assert [each.law for each in found.laws] == ["runs"]
    exact = LAW.elasticity * np.log((2.6 - LAW.E) / (2.4 - LAW.E))
    assert found.fit is not None and found.fit.times_compute is not None
    assert found.fit.times_compute.low < float(np.exp(exact)) < found.fit.times_compute.high
    assert found.fit.draws_that_reach == found.fit.draws == 100
    beside = answered(catalog, now, runs=runs, laws=["besiroglu2024"], loss_from=2.6, loss_to=2.4)
    assert [each.law for each in beside.laws] == ["runs", "besiroglu2024"]


def test_runs_whose_law_leads_nowhere_have_no_price_and_no_failure(catalog: Snapshot, now: datetime) -> None:
    """A loss that hardly falls: an exponent near 0 asks for a model of no size that there could be."""
    runs = [{"params": n, "tokens": 20 * n * (1 + i % 2), "loss": 2.0 + 1e-7 * i} for i, n in
            enumerate((1e8, 1e9, 2e9, 4e9, 8e9, 3e10))]  # fmt: skip
    found = answered(catalog, now, runs=runs, loss_from=1.999, loss_to=1.9)
    assert (found.laws_that_reach, found.cost_usd) == (0, None)
    assert found.laws[0].no_answer is not None
