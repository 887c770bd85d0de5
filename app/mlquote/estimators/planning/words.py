"""What a reader of a training plan must know before acting on it."""

from collections.abc import Iterator

import numpy as np

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.planning.own_law import CARRIED, OwnLaw
from mlquote.estimators.planning.search import Ground
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.planning.training_result import BestTraining, PlannedTraining
from mlquote.kit.provenance import Warning
from mlquote.kit.units import HOURS_PER_DAY

LONG_DAYS = 365
TERMS = {"reserved_1m": 30.4, "reserved_3m": 91.3, "reserved_6m": 182.6, "reserved_1y": 365.25, "reserved_3y": 1095.75}
"""Days of a term that is paid to its end."""
NARROW = frozenset({"fp8", "int8", "fp4", "mxfp4", "int4", "q4_k_m"})


def words_of(
    question: TrainingPlan, ground: Ground, result: BestTraining, own: Finding[OwnLaw] | None
) -> Iterator[Warning]:
    """The warnings of a plan, beside those of its own training estimate."""
    if result.infeasible is not None:
        yield Warning("plan-infeasible", f"no plan is within the limits: {result.infeasible.why}")
    plan = result.plan or (result.infeasible.nearest if result.infeasible is not None else None)
    if plan is not None:
        yield from _of_the_plan(question, ground, plan)
        yield from _beyond(plan, own)
    if result.ties is not None and result.ties.within_range > 1:
        detail = (
            f"{result.ties.within_range} of {result.ties.choices} pairs of a part and a count lie within the plan's "
            "loss range: the best of so many doubtful figures looks better than it will be"
        )
        yield Warning("best-of-many", detail)
    unknown = int(np.isnan(ground.choices.kg).sum()) if question.emissions_kgco2e or question.energy_kwh else 0
    if unknown:
        detail = f"{unknown} offers are left out: nobody knows what they draw, and energy or emissions are limited"
        yield Warning("choices-left-out", detail)
    if len(ground.laws) > 1:
        yield Warning(
            "loss-not-comparable", "losses are of each law's own corpus and tokenizer: compare regrets, not levels"
        )


def _of_the_plan(question: TrainingPlan, ground: Ground, plan: PlannedTraining) -> Iterator[Warning]:
    sales = [seller.sale for seller in ground.choices.sellers]
    mine = [sale for sale in sales if (sale.part, sale.provider) == (plan.accelerator, plan.provider)]
    listed = {count for sale in mine for count in sale.listed}
    if plan.provider is not None and plan.accelerator_count not in listed:
        what = f"{plan.provider} lists machines of up to {max(listed)} {plan.accelerator}"
        detail = f"{what}: {plan.accelerator_count} at once are not promised by anybody"
        yield Warning("count-not-listed", detail)
    days = float(plan.wall_clock_hours.central) / HOURS_PER_DAY if plan.wall_clock_hours is not None else 0.0
    if days > LONG_DAYS and question.deadline_h is None:
        yield Warning("plan-takes-years", f"{days:,.0f} days: no deadline is given, so fewer accelerators may win")
    term = TERMS.get(plan.price_model)
    if term is not None and days < term:
        what = f"{plan.price_model} is paid for {term:.0f} days, and the run takes {days:.1f}"
        detail = f"{what}: its dollars are of the run alone"
        yield Warning("terms-outlast-run", detail)
    if plan.precision in NARROW:
        detail = f"the laws were fitted on 16-bit training: what {plan.precision} loses is not in the loss"
        yield Warning("precision-not-in-law", detail)
    params = ground.family.params
    if plan.params in (int(params[0]), int(params[-1])):
        detail = f"the plan is at the end of the sizes of {ground.family.name}: another shape_family may do better"
        yield Warning("end-of-sizes", detail)


def _beyond(plan: PlannedTraining, own: Finding[OwnLaw] | None) -> Iterator[Warning]:
    beyond = [each.law for each in plan.losses if each.beyond_fit]
    if beyond:
        yield Warning("extrapolated", f"beyond what {', '.join(beyond)} was fitted on: see beyond_fit of each law")
    flop = plan.training_flop
    if own is not None and flop is not None and float(flop.central) > CARRIED * own.value.largest_flop:
        times = float(flop.central) / own.value.largest_flop
        yield Warning(
            "extrapolated", f"{times:.3g} times the largest compute of the runs: a law of theirs is carried 10"
        )
