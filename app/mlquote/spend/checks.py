"""A check: questions answered, held against a budget, and reported the same wherever it ran."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import below
from mlquote.estimators.kinds import Estimate
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import CatalogRef, Warning
from mlquote.spend.amounts import Contributor, Spent, spent
from mlquote.spend.asking import Asked
from mlquote.spend.budgets import Budget, Verdict
from mlquote.spend.documents import plain
from mlquote.spend.verdicts import Judgement, LimitVerdict, QuestionFigures, Used, judged

WIDENS = "several ranges are added end by end: their assumptions are shared, so they are high together"


def quoted(
    asked: Asked, catalog: Snapshot, now: datetime, *, pointer: str = "", estimate: Estimate | None = None
) -> Spent:
    """The answer to one question, as what it spends; `estimate` answers in place of its kind's own.

    Raises: what the estimator raises, its pointers below `pointer`.
    """
    try:
        answer = (estimate or asked.member.estimate)(asked.question, catalog, now)
    except QuoteError as error:
        raise below(error, pointer) from error
    return spent(asked.name, asked.member, answer, asked.hours)


@dataclass(frozen=True, slots=True)
class BudgetSaid:
    """The budget of a check."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """A check's answer."""

    verdict: Verdict
    budget: BudgetSaid
    checked_at: datetime
    limits: tuple[LimitVerdict, ...]
    contributors: Mapping[str, list[Contributor]]
    """Limited figure -> its three largest contributors."""
    questions: tuple[QuestionFigures, ...]
    labels: Mapping[str, str]
    """The budget's, the check's own laid over them."""
    reservation: Mapping[str, Any] | None
    """What is held, where that was asked for and the verdict lets it pass."""
    catalog: CatalogRef | Mapping[str, str]
    warnings: tuple[Warning, ...]


def report(
    name: str,
    budget: Budget,
    questions: Sequence[Spent],
    used: Used,
    at: datetime,
    *,
    labels: Mapping[str, str],
    keeps_ledger: bool = True,
) -> dict[str, Any]:
    """The body of a check's answer. Without a ledger nothing is ever used, and the report says so."""
    judgement = judged(budget, questions, used, at)
    told: dict[str, Any] = plain(
        Report(
            verdict=judgement.verdict,
            budget=BudgetSaid(name, budget.labels),
            checked_at=at,
            limits=judgement.limits,
            contributors=judgement.contributors,
            questions=judgement.questions,
            labels={**budget.labels, **labels},
            reservation=None,
            catalog=judgement.catalog,
            warnings=tuple(_warnings(budget, judgement, keeps_ledger=keeps_ledger)),
        )
    )
    return told


def _warnings(budget: Budget, judgement: Judgement, *, keeps_ledger: bool) -> list[Warning]:
    found = []
    if not keeps_ledger and any(limit.per != "check" for limit in budget.limits):
        detail = "a budget file keeps no ledger: limits per period are held against this check alone"
        found.append(Warning("no-ledger", detail))
    if len(judgement.questions) > 1:
        found.append(Warning("ranges-added", WIDENS))
    found += dict.fromkeys(w for q in judgement.questions for w in q.warnings if w.code == "release-withdrawn")
    releases = {str(q.question.get("release")) for q in judgement.questions}
    if len(releases) > 1:
        found.append(Warning("several-releases", f"answered from releases {', '.join(sorted(releases))}"))
    return found
