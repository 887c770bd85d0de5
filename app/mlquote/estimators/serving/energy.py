"""What serving draws and leaves behind: watts by scope, joules, carbon and water per token."""

from dataclasses import dataclass
from math import log

from mlquote.estimators.serving.cost import Terms
from mlquote.estimators.serving.plan import Plan
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.work import Operation
from mlquote.formulas.serving.batching import draw_fraction
from mlquote.formulas.uncertainty import Z80, Uncertain, doubtful, known
from mlquote.kit.provenance import Range, Trail
from mlquote.kit.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK, WATTS_PER_KILOWATT

POWER, JOULES = "power_w", "joules_per_output_token"


@dataclass(frozen=True, slots=True)
class Power:
    """Draw of the whole system in W by scope; None where it is unknown."""

    gpu: Uncertain | None
    wall: Uncertain | None
    facility: Uncertain | None

    def by_scope(self) -> dict[str, Uncertain | None]:
        """Scope -> draw."""
        return {"gpu": self.gpu, "wall": self.wall, "facility": self.facility}


def power_of(question: ServingQuestion, plan: Plan, work: Operation, terms: Terms, trail: Trail) -> Power:
    """Draw by scope: chips as fitted, servers over chips as measured at the plug, the building by its PUE."""
    if question.power_w is not None:
        trail.assume("power_w", question.power_w, unit="W per accelerator, whole system", basis="given", why="given")
        wall = known(question.power_w * plan.accelerators)
        return Power(None, wall, wall * terms.site.pue.value)
    if plan.part.rated.value is None:
        trail.warn("no-tdp", f"no rated power of {plan.part.row.id} is published: power and energy are unknown")
        return Power(None, None, None)
    rated = plan.part.rated.told(trail)
    assert rated is not None
    each = max(1.0, work.sequences / plan.parts)
    share = draw_fraction(
        plan.load, plan.rates, plan.habits, plan.traffic, work.at, sequences=each, width=float(plan.layout.width)
    )  # fmt: skip
    chips = rated * doubtful(share * plan.accelerators, log_sd(plan, POWER), POWER)
    factor = plan.constants.values["wall_factor", "any"]
    trail.assume(
        "wall_factor", factor, unit="ratio", basis="catalog", source_url=plan.constants.source_url,
        why="whole server over its accelerators, from runs measured at the plug",
    )  # fmt: skip
    wall = chips * factor
    return Power(chips, wall, wall * terms.site.pue.value)


def joules_per_token(
    drawn: Uncertain | None, done: Uncertain | None, plan: Plan, question: ServingQuestion
) -> Range | None:
    """Joules per output token in the scope that is asked, prompts included."""
    if drawn is None or done is None:
        return None
    if question.power_w is not None or not done.loads:
        return (drawn / done).range()
    return around(drawn.median / done.median, plan, JOULES)


def footprint_per_mtok(
    plan: Plan, terms: Terms, power: Power, done: Uncertain | None
) -> tuple[Range | None, Range | None]:
    """(kg CO2e, litres evaporated on site) per million output tokens, the making of the accelerators included."""
    if done is None or power.facility is None or power.wall is None:
        return None, None
    hours = TOKENS_PER_MTOK / SECONDS_PER_HOUR
    energy = power.facility / done * (hours / WATTS_PER_KILOWATT)
    carbon = energy * terms.site.kgco2e_per_kwh.value
    if terms.embodied is not None:
        carbon = carbon + terms.embodied / done * (hours * plan.accelerators)
    wet = terms.site.wue_l_per_kwh.value
    water = power.wall / done * (hours / WATTS_PER_KILOWATT) * wet if wet is not None else None
    return carbon.range(), water.range() if water else None


def log_sd(plan: Plan, quantity: str) -> float:
    """The log-sd whose 80 % interval is as wide as that of held-out measurements of this quantity."""
    low, high = plan.constants.residual(quantity)
    return log(high / low) / (2 * Z80)


def around(value: float | None, plan: Plan, quantity: str) -> Range | None:
    """The 80 % interval that held-out measurements of this quantity had around their estimates."""
    if value is None:
        return None
    low, high = plan.constants.residual(quantity)
    return Range(value * min(low, 1.0), value, value * max(high, 1.0))
