"""A choice settled by the training estimate itself: its figures are the plan's, and the limits hold for them.

The search reckons many choices at once by the same formulas; what is answered is asked of `training_estimate`, and the
tokens are drawn in until its central figures meet every limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, inf
from typing import Any

from mlquote.estimators.planning.choices import MOST_EPOCHS, MOST_TOKENS_PLANNED, Limits
from mlquote.estimators.planning.search import Ground
from mlquote.estimators.planning.sellers import question_at
from mlquote.estimators.planning.training_question import BUDGETS
from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Answer, Range

ROUNDS = 10
CLOSE = 1e-7
"""What is left of a limit that binds, at most: dollars are whole cents."""
WHOLE = 1e6
"""From so many on tokens are whole ones."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A choice with the answer of its training question."""

    pair: int
    shape: int
    offer: int
    tokens: float
    asked: TrainingQuestion
    answer: Answer
    used: Mapping[str, float]
    """Of each limit; NaN where nobody knows."""
    repeated: float

    @property
    def result(self) -> TrainingResult:
        """The figures."""
        found: TrainingResult = self.answer.result
        return found


def settled(ground: Ground, limits: Limits, pair: int, shape: int, tokens: float) -> Settled:
    """The choice at its cheapest seller that can hold it, with as many tokens as the limits leave."""
    flop = ground.family.flop_per_token[shape] * tokens
    hours = flop / ground.speed(pair, shape, tokens)
    offer = ground.choices.cheapest(pair, limits, hours)
    found = asked(ground, pair, shape, offer, min(tokens, limits.tokens))
    for turn in range(ROUNDS):
        room = _room(found, limits)
        if room >= 1.0 and (room <= 1.0 + CLOSE or found.tokens >= _whole(limits.tokens) or turn > ROUNDS // 2):
            break
        wanted = min(found.tokens * min(room, 1e6) * (1.0 - 1e-12 if turn < 4 else 1.0 - CLOSE / 4), limits.tokens)
        found = asked(ground, pair, shape, offer, wanted)
    return found


def asked(ground: Ground, pair: int, shape: int, offer: int, tokens: float) -> Settled:
    """The training estimate of one choice with so many tokens."""
    choices, plan = ground.choices, ground.question
    part, seller = choices.parts[int(choices.part[pair])], choices.sellers[int(choices.offer[offer])]
    tokens = _whole(tokens)
    if tokens >= MOST_TOKENS_PLANNED:
        field = next((name for name in BUDGETS if getattr(plan, name) is not None), "max_tokens")
        detail = "nothing limits the run: what is given is more than any run could take"
        raise OutOfDomain(detail, pointer=f"/{field}", hint="give less of it, or another limit")
    unique = plan.unique_tokens
    seen: dict[str, Any] = {"tokens": tokens}
    if unique is not None and tokens > unique:
        if tokens > unique * MOST_EPOCHS:
            detail = f"{tokens:g} tokens are more than {MOST_EPOCHS:g} passes over {unique:g}"
            raise OutOfDomain(detail, pointer="/unique_tokens", hint="more of them, or leave it out")
        seen = {"tokens": unique, "epochs": min(tokens / unique, MOST_EPOCHS)}
    question = question_at(
        seller.sale, plan.model_copy(update={"as_of": ground.moment, "release": ground.catalog.release.id}),
        architecture=dict(ground.family.shapes[shape].sizes), sequence_length=ground.family.sequence_length,
        accelerator_count=int(choices.count[pair]), precision=part.precision, **seen,
    )  # fmt: skip
    answer = training_estimate(question, ground.catalog, ground.now)
    again = float(choices.repeated[offer])
    return Settled(pair, shape, offer, tokens, question, answer, _used(answer.result, tokens, again), again)


def _whole(tokens: float) -> float:
    return float(floor(tokens)) if WHOLE <= tokens < inf else tokens


def _used(result: TrainingResult, tokens: float, repeated: float) -> dict[str, float]:
    wall = _central(result.wall_clock_hours) * repeated
    return {
        "cost_usd": _central(result.cost_usd), "accelerator_hours": _central(result.accelerator_hours),
        "energy_kwh": _central(result.energy_kwh), "emissions_kgco2e": _central(result.emissions_kgco2e.total),
        "training_flop": _central(result.training_flop), "deadline_h": wall, "tokens": tokens,
    }  # fmt: skip


def _central(span: Range | None) -> float:
    return float("nan") if span is None else float(span.central)


def _room(found: Settled, limits: Limits) -> float:
    """How many times as much the tightest limit would hold."""
    return min((limit / found.used[name] for name, limit in limits.given().items()), default=1.0)
