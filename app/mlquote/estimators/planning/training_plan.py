"""The best training run for what there is: which model, how many tokens, on what, from whom, and what holds it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import utc
from mlquote.estimators.planning.choices import Limits, choices_of, evidence_of, limits_of
from mlquote.estimators.planning.constraints import binding_of, constraints_of, what_if
from mlquote.estimators.planning.frontier import frontier_of, ties_of
from mlquote.estimators.planning.laws import NamedLaw, laws_of
from mlquote.estimators.planning.nearest import cheapest_of, nearest_of, usd_per_used_token
from mlquote.estimators.planning.own_law import OwnLaw, own_law_of
from mlquote.estimators.planning.regret import least_regret
from mlquote.estimators.planning.search import Found, Ground, Memories, search
from mlquote.estimators.planning.sellers import sellers_of
from mlquote.estimators.planning.settling import Settled, settled
from mlquote.estimators.planning.shapes import family_of
from mlquote.estimators.planning.telling_plan import Bests, loss_at, told_plan
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.planning.training_result import BestTraining, Infeasible, Lifetime, PlannedTraining
from mlquote.estimators.planning.words import words_of
from mlquote.formulas.scaling.many import Repeats
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Answer, Assumption, Trail

DECAYS = "muennighoff2023"
"""Whose decay of repeated tokens a law without one of its own is given."""
OF_A_RUN = frozenset({"derived-architecture"})


@dataclass(frozen=True, slots=True)
class _Plans:
    """Each law's own best, settled, the one of least regret, and the limits that hold them."""

    found: Found
    by_law: tuple[Settled, ...]
    regret: Settled | None
    bests: Bests

    def told(self, some: Settled) -> PlannedTraining:
        """One of them as it is told."""
        return told_plan(self.found.ground, some, self.bests, binding_of(some, self.found.limits))


def training_plan(question: TrainingPlan, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `TrainingPlan` from one snapshot.

    Raises:  UnknownName for names the catalogue lacks; Malformed for laws of different units or runs that hold none;
             OutOfDomain where nothing that is asked for is on sale, computes so, or holds any size
    """
    moment, trail = question.moment(now), Trail()
    own = _own(question)
    laws = laws_of(question.laws, own, catalog, moment)
    for law in laws:
        law.told(trail)
    ground = _ground(question, tuple(law.value for law in laws), catalog, now, trail)
    found = search(ground, limits_of(question))
    plans = _settled(found)
    reached = plans is not None and _reaches(question, ground, plans.by_law[0])
    result = _best(question, plans) if plans is not None and reached else _none(found)
    seen = plans.by_law[0].answer if plans is not None and reached else None
    _hear(seen, trail)
    for warning in words_of(question, ground, result, own):
        trail.warn(warning.code, warning.detail)
    echoed = question.filled(as_of=moment, release=catalog.release.id, date=ground.when)
    trail.assumptions[:0] = echoed.readings
    return trail.answer(echoed, result, catalog.catalog_ref(moment))


def _own(question: TrainingPlan) -> Finding[OwnLaw] | None:
    if question.runs is None:
        return None
    return own_law_of(question.runs, objective=question.objective or "huber", tied=bool(question.tied))


def _ground(
    question: TrainingPlan, laws: tuple[NamedLaw, ...], catalog: Snapshot, now: datetime, trail: Trail
) -> Ground:
    moment = question.moment(now)
    when = utc(question.date) if question.date is not None else moment
    family = family_of(question.shape_family, question.sequence_length, question.flop_convention, catalog, when)
    family.told(trail)
    sellers = sellers_of(question, catalog, when)
    choices = choices_of(question, sellers, family.value.shapes[0], catalog, when)
    memories = Memories(question, family.value, choices, catalog, when)
    repeats = tuple(_repeats(question, law, catalog, trail) for law in laws)
    evidence = catalog.derived(evidence_of)
    ground = Ground(question, catalog, when, moment, now, family.value, choices, laws, repeats, memories, evidence)
    if not len(ground.all_cells().pair):
        _refuse_sizes(ground)
    return ground


def _repeats(question: TrainingPlan, law: NamedLaw, catalog: Snapshot, trail: Trail) -> Repeats | None:
    """How repeated tokens are worth less under a law: by its own decay, else Muennighoff's."""
    if question.unique_tokens is None:
        return None
    rows = [catalog.history("scaling_laws", name)[-1:] for name in (law.name, DECAYS)]
    row = next(row for found in rows for row in found if row.r_d_star is not None)
    if row.id != law.name:
        why = f"{law.name} has no decay of repeated tokens of its own: that of {row.name}, on {row.dataset}"
        trail.assumptions.append(
            Assumption(f"r_d_star.{law.name}", row.r_d_star, "repeats", why=why, source_url=row.source_url)
        )
        trail.use(catalog.ref("scaling_laws", row))
    return Repeats(question.unique_tokens, row.r_d_star, row.r_n_star)


def _refuse_sizes(ground: Ground) -> None:
    """No size between the wished ones, or none that fits what is asked for."""
    asked, params = ground.question, ground.family.params
    inside = params[(params >= (asked.min_params or 0)) & (params <= (asked.max_params or float("inf")))]
    if not len(inside):
        wanted = float(asked.min_params or asked.max_params or 0)
        near = sorted(params, key=lambda each: abs(each - wanted))[:2]
        field = "min_params" if asked.min_params else "max_params"
        detail = f"{ground.family.name} has no size between the parameters asked for"
        hint = f"the nearest sizes have {' and '.join(f'{each:.4g}' for each in sorted(near))}"
        raise OutOfDomain(detail, pointer=f"/{field}", hint=hint)
    detail = (
        f"not even {inside.min():.4g} parameters fit the accelerators asked for, their states spread over all of them"
    )
    field = (
        "accelerator_count"
        if asked.accelerator_count
        else "max_accelerators"
        if asked.max_accelerators
        else "min_params"
    )
    raise OutOfDomain(detail, pointer=f"/{field}", hint="more accelerators, more memory, or fewer parameters")


def _settled(found: Found) -> _Plans | None:
    """Each law's best as the training estimate has it; None where there is none."""
    if any(cell is None for cell in found.best):
        return None
    cells, limits = found.cells, found.limits
    once: dict[int, Settled] = {}
    for cell in found.best:
        if cell is not None and cell not in once:
            place = int(cells.pair[cell]), int(cells.shape[cell])
            once[cell] = settled(found.ground, limits, *place, float(cells.tokens[cell]))
    by_law = tuple(once[cell] for cell in found.best if cell is not None)
    bests = Bests(tuple(loss_at(found.ground, law, each) for law, each in enumerate(by_law)))
    chosen = least_regret(found) if len(by_law) > 1 else None
    regret = None
    if chosen is not None:
        place = int(cells.pair[chosen]), int(cells.shape[chosen])
        regret = once.get(chosen) or settled(found.ground, limits, *place, float(cells.tokens[chosen]))
    return _Plans(found, by_law, regret, bests)


def _reaches(question: TrainingPlan, ground: Ground, best: Settled) -> bool:
    """The loss that is wanted is reached, where one is."""
    return question.loss_to is None or loss_at(ground, 0, best) <= question.loss_to


def _best(question: TrainingPlan, plans: _Plans) -> BestTraining:
    found, best = plans.found, plans.by_law[0]
    ground, plan = found.ground, plans.told(best)
    target = question.loss_to
    reach = None if target is None else sum(each.loss.central <= target for each in plan.losses)
    lifetime = _lifetime(question, plans) if target is not None or question.inference_tokens is not None else None
    result = best.result
    return BestTraining(
        feasible=True,
        decided_by=ground.laws[0].name,
        plan=plan,
        least_regret=plans.told(plans.regret) if plans.regret is not None else None,
        by_law=tuple(plans.told(each) for each in plans.by_law),
        laws_asked=len(ground.laws),
        laws_that_reach=reach,
        constraints=constraints_of(found, best),
        frontier=frontier_of(found),
        ties=ties_of(found, float(plan.losses[0].loss.high), plan.accelerator),
        what_if=tuple(what_if(found, best)),
        lifetime=lifetime,
        infeasible=None,
        training_flop=result.training_flop,
        accelerator_hours=result.accelerator_hours,
        energy_kwh=result.energy_kwh,
        emissions_kgco2e=result.emissions_kgco2e.total,
        cost_usd=result.cost_usd,
    )


def _lifetime(question: TrainingPlan, plans: _Plans) -> Lifetime | None:
    """The cheapest plan of training and use at the loss that is wanted, else at the best plan's."""
    found, best = plans.found, plans.by_law[0]
    ground, used = found.ground, question.inference_tokens or 0.0
    loss = question.loss_to or loss_at(ground, 0, best) * (1 + 1e-9)
    limits = Limits(deadline_h=found.limits.deadline_h, tokens=found.limits.tokens)
    cheapest = cheapest_of(ground, limits, loss, used)
    if cheapest is None or cheapest.settled.result.cost_usd is None:
        return None
    training = cheapest.settled.result.cost_usd.central
    serving = estimated_usd(cheapest.usd_per_token * used)
    of_best = best.result.cost_usd
    whole = None
    if of_best is not None:
        whole = _sum(of_best.central, estimated_usd(usd_per_used_token(ground, best) * used))
    over = tuple(
        name for name, limit in found.limits.given().items() if cheapest.settled.used[name] > limit * (1 + 1e-6)
    )
    return Lifetime(
        loss, used, training, serving, _sum(training, serving), estimated_usd(cheapest.usd_per_token * 1e6),
        plans.told(cheapest.settled), over, whole,
    )  # fmt: skip


def _sum(one: Any, other: Any) -> Any:
    return one + type(one)(other)


def _none(found: Found) -> BestTraining:
    """No plan: which limit binds, by how much, and what comes nearest.

    Raises:  OutOfDomain where nothing that is asked for ever holds a size that is wanted
    """
    ground, limits = found.ground, found.limits
    near = nearest_of(ground, limits)
    asked = ground.question
    if near is None:
        if asked.loss_to is not None and asked.loss_to <= ground.laws[0].law.E:
            detail = f"no compute reaches {asked.loss_to:g} under {ground.laws[0].name}"
            raise OutOfDomain(detail, pointer="/loss_to", hint=f"above {ground.laws[0].law.E:.4g}")
        field = next(
            (
                name
                for name in ("loss_to", "min_params", "accelerator_count", "max_accelerators")
                if getattr(asked, name)
            ),
            "accelerator",
        )
        detail = "no size that is asked for fits the accelerators that are asked for"
        if field == "loss_to":
            detail = f"no size that is asked for and fits reaches {asked.loss_to:g}, on any number of tokens"
        raise OutOfDomain(detail, pointer=f"/{field}", hint="more accelerators, more memory, or fewer parameters")
    room = {name: near.settled.used[name] / limit for name, limit in limits.given().items()}
    binding = near.raised.limit or max(room, key=lambda name: room[name])
    unit = 24.0 if binding == "deadline_h" and asked.deadline_days is not None else 1.0
    field = {"deadline_h": "deadline_hours" if unit == 1.0 else "deadline_days", "tokens": "max_tokens"}.get(
        binding, binding
    )
    given = limits.given()[binding]
    bests = Bests(tuple(loss_at(ground, law, near.settled) for law in range(len(ground.laws))))
    plan = told_plan(ground, near.settled, bests, None)
    why = f"{field}: {near.settled.used[binding] / unit:.6g} are needed, {given / unit:.6g} are there"
    alone = near.raised.limit is not None
    told = Infeasible(field, near.settled.used[binding] / unit, given / unit, room[binding], alone, why, plan)
    return BestTraining(
        False, ground.laws[0].name, None, None, (), len(ground.laws), None, (), (), None, (), None, told,
        None, None, None, None, None,
    )  # fmt: skip


def _hear(answer: Answer | None, trail: Trail) -> None:
    """What the plan's own estimate rests on, each once."""
    if answer is None:
        return
    known = {each.name for each in trail.assumptions}
    trail.assumptions += [
        each for each in answer.assumptions if each.name not in known and not each.name.startswith("architecture.")
    ]
    for row in answer.rows:
        trail.use(row)
    for warning in answer.warnings:
        if warning.code not in OF_A_RUN:
            trail.warn(warning.code, warning.detail)
