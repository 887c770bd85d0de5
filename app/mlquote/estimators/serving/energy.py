"""What serving draws and leaves behind: watts by scope, joules, carbon and water per token."""

from dataclasses import dataclass

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.deployment import Deployment
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.operation import Operation
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.residuals import Residuals
from mlquote.formulas.serving.batching import draw_fraction
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK, WATTS_PER_KILOWATT

HOURS_PER_MTOK = TOKENS_PER_MTOK / SECONDS_PER_HOUR
"""Hours that a million tokens take at one token per second."""


@dataclass(frozen=True, slots=True)
class Power:
    """Draw of the whole system in W by scope; None where it is unknown."""

    gpu: Uncertain | None
    wall: Uncertain | None
    facility: Uncertain | None
    given: Finding[None]
    """The measured draw that stands for all of it, where there is one."""

    def by_scope(self) -> dict[str, Uncertain | None]:
        """Scope -> draw."""
        return {"gpu": self.gpu, "wall": self.wall, "facility": self.facility}


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a million output tokens leave behind, the making of the accelerators included; None where unknown."""

    kgco2e_per_mtok: Uncertain | None
    water_l_per_mtok: Uncertain | None
    """Evaporated on site."""
    kgco2e_per_hour: Uncertain | None = None
    """The same of an hour of all accelerators."""


def power_of(
    question: ServingQuestion, facts: ServingFacts, deployment: Deployment, work: Operation, residuals: Residuals
) -> Power:
    """Draw by scope: chips as fitted, servers over chips as measured at the plug, the building by its PUE."""
    pue, accelerators = facts.site.pue.value, deployment.accelerators
    if question.power_w is not None:
        said = Assumption("power_w", question.power_w, "W per accelerator, whole system", basis="given", why="given")
        wall = known(question.power_w * accelerators)
        return Power(None, wall, wall * pue, Finding(None, (said,)))
    rated, factor, residual = facts.rated_w.value, facts.wall_factor.value, residuals.power_w
    if rated is None or factor is None or residual is None:
        return Power(None, None, None, Finding(None))
    constants = facts.constants.value
    busy = draw_fraction(
        deployment.law, constants.habits, deployment.traffic, work.at,
        sequences=work.each, width=float(deployment.layout.width),
    )  # fmt: skip
    idle = constants.habits.idle_draw
    share = idle + work.busy_fraction * (busy - idle)
    chips = rated * residual.value.of(share * accelerators)
    wall = chips * factor
    return Power(chips, wall, wall * pue, Finding(None))


def joules_per_token(drawn: Uncertain | None, done: Uncertain | None, residuals: Residuals) -> Uncertain | None:
    """Joules per output token, prompts included: draw over throughput.

    Where both are estimates of the fit their errors were measured together (a slower machine draws less), so the
    joint residual takes the place of the two; whatever else is in doubt (a rated power, a PUE) stays.

    Args:    drawn: W, in the scope that is asked; done: output tokens per second
    """
    if drawn is None or done is None:
        return None
    each, joint, power = drawn / done, residuals.joules_per_output_token, residuals.power_w
    if joint is None or power is None:
        return each
    apart = (power.value.name, residuals.output_tokens_per_s.value.name)
    others = {name: load for name, load in each.loads.items() if name not in apart}
    return Uncertain(each.median, {joint.value.name: joint.value.log_sd, **others})


def footprint_of(facts: ServingFacts, accelerators: int, power: Power, done: Uncertain | None) -> Footprint:
    """Carbon and water of a million output tokens, through the meter."""
    hourly = _kgco2e_per_hour(facts, accelerators, power)
    if done is None or power.facility is None or power.wall is None:
        return Footprint(None, None, hourly)
    site, embodied, wet = facts.site, facts.embodied.value, facts.site.wue_l_per_kwh.value
    carbon = power.facility / done * (HOURS_PER_MTOK / WATTS_PER_KILOWATT) * site.kgco2e_per_kwh.value
    if embodied is not None:
        carbon = carbon + embodied / done * (HOURS_PER_MTOK * accelerators)
    water = power.wall / done * (HOURS_PER_MTOK / WATTS_PER_KILOWATT) * wet if wet is not None else None
    return Footprint(carbon, water, hourly)


def _kgco2e_per_hour(facts: ServingFacts, accelerators: int, power: Power) -> Uncertain | None:
    """Carbon of an hour of all accelerators, their making included."""
    if power.facility is None:
        return None
    carbon = power.facility * (1 / WATTS_PER_KILOWATT) * facts.site.kgco2e_per_kwh.value
    embodied = facts.embodied.value
    return carbon if embodied is None else carbon + embodied * float(accelerators)
