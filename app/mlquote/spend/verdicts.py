"""May this be spent? Every limit of a budget held against what is used and what is asked.

`fail` is certain: what is used and known to be asked is already beyond the limit. `unknown` means that a figure that a
limit needs is not known, or is that of a run that cannot be as it was asked, and it never passes. Worst first: fail,
unknown, warn, pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.kit.money import EXACT
from mlquote.kit.provenance import CatalogRef, Warning
from mlquote.spend.amounts import NOTHING, Amount, Contributor, Spent, asked, contributors, why_unknown
from mlquote.spend.budgets import UNITS, Budget, FigureName, Level, Limit, Per, Verdict, period_of

WORST_FIRST: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass")
Used = Mapping[tuple[str, str], Amount]
"""(figure, period key) -> held and spent in that period; what is missing is nothing."""


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """One limit and its numbers, all in `unit`, at the end of the range that `compare` names.

    `remaining` is what may still be spent before this check, `remaining_after` what would be left if it were spent;
    both are null for a limit that only warns, and `asked` is null where it is not known.
    """

    figure: FigureName
    unit: str
    per: Per
    period_from: datetime | None
    period_to: datetime | None
    compare: Level
    fail_above: Decimal | None
    warn_above: Decimal | None
    used: Decimal
    asked: Decimal | None
    remaining: Decimal | None
    remaining_after: Decimal | None
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What one question of a check asks for; null is unknown, a figure it does not spend is absent."""

    name: str
    kind: str
    question: Mapping[str, Any]
    hours: Decimal | None
    figures: Mapping[str, Amount | None]
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a whole check, and everything a reader needs to act on it."""

    verdict: Verdict
    limits: tuple[LimitVerdict, ...]
    questions: tuple[QuestionFigures, ...]
    contributors: Mapping[str, list[Contributor]]
    """Limited figure -> its three largest contributors."""
    catalog: CatalogRef | Mapping[str, str]
    """What answered; empty where nothing was asked."""


def judged(budget: Budget, questions: Sequence[Spent], used: Used, at: datetime) -> Judgement:
    """Hold `questions` against every limit of `budget`, given what is `used` in the periods that contain `at`."""
    limits = tuple(_held_against(limit, questions, used, at) for limit in budget.limits)
    return Judgement(
        worst(limit.verdict for limit in limits),
        limits,
        tuple(QuestionFigures(q.name, q.kind, q.question, q.hours, q.figures, q.warnings) for q in questions),
        {figure: contributors(questions, figure) for figure in budget.limited()},
        questions[0].catalog if questions else {},
    )


def standing(budget: Budget, used: Used, at: datetime) -> tuple[LimitVerdict, ...]:
    """Where every limit stands with nothing asked; a limit per check has nothing to show but itself."""
    return tuple(_held_against(limit, (), used, at) for limit in budget.limits)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides."""
    found = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in found), "pass")


def _held_against(limit: Limit, questions: Sequence[Spent], used: Used, at: datetime) -> LimitVerdict:
    period = None if limit.per == "check" else period_of(limit.per, at)
    spent = NOTHING if period is None else used.get((limit.figure, period.key), NOTHING)
    amount, unknown = asked(questions, limit.figure)
    doubtful = [question for question in questions if question.cannot_be and limit.figure in question.figures]
    before, ask = spent.at(limit.compare), amount.at(limit.compare)
    after = EXACT.add(before, ask)
    verdict: Verdict = "pass"
    if limit.fail_above is not None and after > limit.fail_above:
        verdict = "fail"
    elif unknown or doubtful:
        verdict = "unknown"
    elif limit.warn_above is not None and after > limit.warn_above:
        verdict = "warn"
    return LimitVerdict(
        figure=limit.figure,
        unit=UNITS[limit.figure],
        per=limit.per,
        period_from=None if period is None else period.start,
        period_to=None if period is None else period.end,
        compare=limit.compare,
        fail_above=limit.fail_above,
        warn_above=limit.warn_above,
        used=before,
        asked=None if unknown else ask,
        remaining=None if limit.fail_above is None else EXACT.subtract(limit.fail_above, before),
        remaining_after=None if limit.fail_above is None or unknown else EXACT.subtract(limit.fail_above, after),
        verdict=verdict,
        why=_why(limit, verdict, unknown, doubtful),
    )


def _why(limit: Limit, verdict: Verdict, unknown: Sequence[Spent], doubtful: Sequence[Spent]) -> str:
    over = "this check" if limit.per == "check" else "what is used and asked"
    if verdict == "fail":
        more = " before its unknown part is even counted" if unknown else ""
        return f"{over} exceeds the {limit.per} limit on {limit.figure}{more}"
    if verdict == "unknown":
        named = [*unknown, *(question for question in doubtful if question not in unknown)]
        return "; ".join(why_unknown(question, limit.figure) for question in named)
    return f"{over} exceeds the {limit.per} warning level of {limit.figure}" if verdict == "warn" else ""
