"""A settled choice as it is told: its sizes, its place, its figures, and its loss under every law."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlquote.estimators.planning.search import Ground
from mlquote.estimators.planning.settling import Settled
from mlquote.estimators.planning.training_result import LawLoss, PlannedTraining
from mlquote.formulas.scaling.many import losses
from mlquote.kit.provenance import Range


@dataclass(frozen=True, slots=True)
class Bests:
    """The lowest loss that each law says the limits leave room for."""

    losses: tuple[float, ...]


def loss_at(ground: Ground, law: int, found: Settled, factor: float = 1.0) -> float:
    """Under one law, tokens taken so many times."""
    params = np.array([ground.family.params[found.shape]])
    tokens = np.array([found.tokens * factor])
    return float(losses(ground.laws[law].law, params, tokens, ground.repeats[law])[0])


def told_plan(ground: Ground, found: Settled, bests: Bests, binding: str | None) -> PlannedTraining:
    """A settled choice with all that is told of it.

    Args:    binding: the limit that holds it back, whose doubt is that of its tokens
    """
    result, seller = found.result, ground.choices.sellers[int(ground.choices.offer[found.offer])]
    memory, unique = result.memory, ground.question.unique_tokens
    under = tuple(_under(ground, law, found, bests, _spread(found, binding)) for law in range(len(ground.laws)))
    return PlannedTraining(
        params=int(result.params or 0),
        tokens=found.tokens,
        epochs=None if unique is None else max(1.0, found.tokens / unique),
        tokens_per_param=found.tokens / (result.params or 1),
        architecture=dict(ground.family.shapes[found.shape].sizes),
        accelerator=seller.part.id,
        accelerator_count=int(ground.choices.count[found.pair]),
        precision=ground.choices.parts[int(ground.choices.part[found.pair])].precision,
        layout=memory.layout if memory else None,
        provider=seller.sale.provider or None,
        region=seller.sale.region,
        price_model=seller.sale.price_model,
        losses=under,
        worst_regret=max(each.regret for each in under),
        training_flop=result.training_flop,
        accelerator_hours=result.accelerator_hours,
        wall_clock_hours=result.wall_clock_hours,
        energy_kwh=result.energy_kwh,
        emissions_kgco2e=result.emissions_kgco2e.total,
        cost_usd=result.cost_usd,
        mfu=result.mfu,
        memory_bytes_per_accelerator=memory.bytes_per_accelerator if memory else None,
        memory_fits_probability=memory.fits_probability if memory else None,
        question=question_told(found),
    )


def question_told(found: Settled) -> Mapping[str, Any]:
    """The training question of a choice, only what it says."""
    return found.asked.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def _under(ground: Ground, law: int, found: Settled, bests: Bests, spread: float) -> LawLoss:
    named, central = ground.laws[law], loss_at(ground, law, found)
    regret = max(0.0, central - bests.losses[law])
    flop = found.result.training_flop
    lost = None
    if ground.repeats[law] is None and bests.losses[law] > named.law.E:
        lost = 100.0 * (1.0 - ((central - regret - named.law.E) / (central - named.law.E)) ** named.law.elasticity)
    span = Range(loss_at(ground, law, found, spread), central, loss_at(ground, law, found, 1.0 / spread))
    beyond = tuple(named.beyond(ground.family.params[found.shape], float(flop.central) if flop else 0.0))
    return LawLoss(named.name, span, regret, lost, beyond)


FIGURES_OF_LIMITS = {
    "cost_usd": lambda r: r.cost_usd, "accelerator_hours": lambda r: r.accelerator_hours,
    "energy_kwh": lambda r: r.energy_kwh, "emissions_kgco2e": lambda r: r.emissions_kgco2e.total,
    "training_flop": lambda r: r.training_flop, "deadline_h": lambda r: r.wall_clock_hours,
}  # fmt: skip


def _spread(found: Settled, binding: str | None) -> float:
    """By which factor the tokens may be more or fewer: what the binding figure may be off."""
    span = FIGURES_OF_LIMITS[binding](found.result) if binding in FIGURES_OF_LIMITS else None
    return float(span.high) / float(span.central) if span is not None and span.central else 1.0
