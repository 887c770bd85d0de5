"""Every kind of question, and all that others must know of it: what is asked, who answers, what it spends.

A new kind is one entry here. Whoever adds up, limits, compares or serves questions reads these entries and never asks
for a kind by its name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial
from typing import Any, TypeVar

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.annotation import annotation_estimate
from mlquote.estimators.annotation.answer import AnnotationResult
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.wording import question_of
from mlquote.estimators.planning.adaptation import Adaptation, adaptation_plan
from mlquote.estimators.planning.adaptation_question import AdaptationPlan
from mlquote.estimators.planning.training_plan import training_plan
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.planning.training_result import BestTraining
from mlquote.estimators.projects.answer import ProjectResult
from mlquote.estimators.projects.project import project_estimate
from mlquote.estimators.projects.question import MOST_PARTS, ProjectQuestion
from mlquote.estimators.projects.reading import Kinds
from mlquote.estimators.serving.answer import ServingResult
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.serving.task_answer import TaskResult
from mlquote.estimators.tokens.bill import InferenceCost
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.workload_bill import WorkloadCost
from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.cost_line import CostLine
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.kit.money import EXACT, exact
from mlquote.kit.provenance import Answer, Number, Range
from mlquote.kit.units import WATTS_PER_KILOWATT

Estimate = Callable[[Any, Snapshot, datetime], Answer]
Figure = Range | Number | None
Reading = Callable[[Answer], Figure]
"""How a figure is read from an answer; None where the answer does not know it."""
R = TypeVar("R")
_CLOSE = 0.6
_MOST_MISSPELT, _MOST_LETTERS = 20, 80
"""Names that no question knows, and letters of each, that are compared with the fields there are."""


def _no_lines(_: Answer) -> Iterable[CostLine]:
    return ()


@dataclass(frozen=True, slots=True)
class Estimator:
    """One kind of question."""

    kind: str
    question: type[Question]
    estimate: Estimate
    example: Mapping[str, Any]
    """A question that any full catalogue can answer."""
    spends: Mapping[str, Reading]
    """Every figure of budgets that it spends, of a rate per hour; what is not here it does not spend at all."""
    summary: str = ""
    path: str = ""
    """Where it is asked; "" for /v1/estimates/ and its kind."""
    results: tuple[type[Any], ...] = ()
    """What `Answer.result` may be."""
    cost_lines: Callable[[Answer], Iterable[CostLine]] = _no_lines
    """The lines of its bill, where it has one."""
    is_rate: bool = False
    """It answers dollars and watts an hour: an amount needs to be told for how long."""
    ranked_by: str = "cost_usd"
    """The figure that ranks answers of this kind, by its path."""
    under_card: Callable[[NamedCard], Estimate] | None = None
    """Its estimate under a rate card, where rate cards can price it."""
    sellers: Callable[[Snapshot, str, datetime], Sequence[str]] | None = None
    """Who sells a model, where a question without a provider may mean any of them."""
    doubts: Mapping[str, str] = field(default_factory=dict)
    """Figure -> the headline whose `variance_shares` tell where its doubt comes from, where it is not of its name."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What an answer may be best at -> the figure that says so, by its path; of all but throughputs less is better."""
    weight: int = 1
    """How many questions one of this kind may be worth, for whoever limits how many are asked at once."""

    searches: bool = False
    """It tries many answers: it is not asked before somebody wants one, and where the fields fit another kind as well,
    that one is meant."""

    @property
    def address(self) -> str:
        """Where it is asked over HTTP."""
        return self.path or f"/v1/estimates/{self.kind}"

    def card_named(self, question: Question) -> str | None:
        """The rate card that a question of this kind names."""
        return None if self.under_card is None else getattr(question, "rate_card", None)


def _of(result: type[R], read: Callable[[R], Figure]) -> Reading:
    """A figure that the result alone tells."""

    def reading(answer: Answer) -> Figure:
        found: R = answer.result
        return read(found)

    return reading


def _untold(_: Answer) -> Figure:
    """What is spent and nobody tells."""
    return None


def _training_lines(answer: Answer) -> Iterable[CostLine]:
    result: TrainingResult = answer.result
    return result.cost_lines


TRAINING = Estimator(
    "training",
    TrainingQuestion,
    training_estimate,
    {"model": "llama-3.1-8b", "tokens": 15e12, "accelerator": "h100-sxm", "accelerator_count": 1024},
    summary="What a training run costs",
    results=(TrainingResult,),
    spends={
        "cost_usd": _of(TrainingResult, lambda result: result.cost_usd),
        "accelerator_hours": _of(TrainingResult, lambda result: result.accelerator_hours),
        "energy_kwh": _of(TrainingResult, lambda result: result.energy_kwh),
        "emissions_kgco2e": _of(TrainingResult, lambda result: result.emissions_kgco2e.total),
        "training_flop": _of(TrainingResult, lambda result: result.training_flop),
    },
    cost_lines=_training_lines,
    marks={"cheapest": "cost_usd", "greenest": "emissions_kgco2e.total", "fastest": "wall_clock_hours"},
)

_ApiBill = InferenceCost | WorkloadCost
_WITHOUT_PRICE = frozenset({"no-price", "no-price-at-moment"})
"""Warnings that say that a bill lacks a part, whatever its total says."""


def _is_whole(answer: Answer) -> bool:
    """Every part has a price, or the provider has reported its own charge instead."""
    bill: _ApiBill = answer.result
    return bill.reported_usd is not None or not any(warning.code in _WITHOUT_PRICE for warning in answer.warnings)


def _api_usd(answer: Answer) -> Figure:
    bill: _ApiBill = answer.result
    if not _is_whole(answer) or bill.cost_usd is None:
        return None
    return bill.cost_range_usd if bill.cost_range_usd is not None else bill.cost_usd


def _api_usd_per_mtok(answer: Answer) -> Figure:
    bill: _ApiBill = answer.result
    return bill.usd_per_mtok.blended if _is_whole(answer) else None


def _api_lines(answer: Answer) -> Iterable[CostLine]:
    bill: _ApiBill = answer.result
    return (CostLine(each.meter, each.quantity, each.unit, each.usd_per_unit, each.usd) for each in bill.cost_lines)


def _sellers(catalog: Snapshot, model: str, moment: datetime) -> Sequence[str]:
    return catalog.derived(price_list).sellers(model, moment)


INFERENCE = Estimator(
    "inference",
    ApiUsage,
    inference_estimate,
    {"provider": "anthropic", "model": "claude-opus-4-7", "usage": {"input_tokens": 1000, "output_tokens": 500}},
    summary="What API usage costs, to the last digit",
    results=(InferenceCost, WorkloadCost),
    spends={
        "cost_usd": _api_usd,
        "energy_kwh": _untold,
        "emissions_kgco2e": _untold,
        "usd_per_mtok": _api_usd_per_mtok,
    },
    cost_lines=_api_lines,
    under_card=lambda card: partial(inference_estimate, card=card),
    sellers=_sellers,
)


def _facility_kilowatts(answer: Answer) -> Figure:
    """kWh an hour: the watts at the facility's own meter."""
    result: ServingResult = answer.result
    watts = result.power_w_by_scope.get("facility")
    if watts is None:
        return None
    ends = [exact(end) for end in (watts.low, watts.central, watts.high)]
    known = [EXACT.divide(end, Decimal(WATTS_PER_KILOWATT)) for end in ends if end is not None]
    return Range(*known) if len(known) == len(ends) else None


def _emissions_per_hour(answer: Answer) -> Figure:
    """kg CO2e an hour; of tasks in whole passes nobody tells it."""
    told: Range | None = getattr(answer.result, "kgco2e_per_hour", None)
    return told


def _paid_accelerators(answer: Answer) -> Figure:
    """Accelerator-hours an hour: all that are paid, as many as asked, or as the layout needs."""
    result: ServingResult = answer.result
    given: int | None = answer.question.get("accelerator_count")
    layout = result.layout
    return given if given is not None else layout.replicas * layout.tensor_parallel * layout.pipeline_parallel


def _hosted_usd_per_mtok(result: ServingResult | TaskResult) -> Figure:
    return None if result.usd_per_mtok is None else result.usd_per_mtok.blended


SERVING = Estimator(
    "serving",
    ServingQuestion,
    serving_estimate,
    {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1, "concurrency": 16},
    summary="What hosting a model yourself costs",
    results=(ServingResult, TaskResult),
    spends={
        "cost_usd": _of(ServingResult, lambda result: result.usd_per_hour),
        "accelerator_hours": _paid_accelerators,
        "energy_kwh": _facility_kilowatts,
        "emissions_kgco2e": _emissions_per_hour,
        "usd_per_mtok": _of(ServingResult, _hosted_usd_per_mtok),
    },
    is_rate=True,
    ranked_by="usd_per_mtok.blended",
    under_card=lambda card: partial(serving_estimate, card=card),
    doubts={
        "cost_usd": "usd_per_hour",
        "energy_kwh": "power_w_by_scope.facility",
        "emissions_kgco2e": "kgco2e_per_hour",
    },
)


def _annotation_lines(answer: Answer) -> Iterable[CostLine]:
    result: AnnotationResult = answer.result
    return result.cost_lines


ANNOTATION = Estimator(
    "annotation",
    AnnotationQuestion,
    annotation_estimate,
    {"task": "image_bounding_box", "items": 10_000, "labels_per_item": 3, "votes": 3, "provider": "mechanical-turk"},
    summary="What labels cost, made by people, with a model's help, or by a model",
    results=(AnnotationResult,),
    spends={"cost_usd": _of(AnnotationResult, lambda result: result.cost_usd)},
    cost_lines=_annotation_lines,
)

_PARTS: dict[str, Estimator] = {member.kind: member for member in (TRAINING, INFERENCE, SERVING, ANNOTATION)}
"""What a part of a project may ask."""


def _kind_of_part(fields: Mapping[str, Any], pointer: str) -> Estimator:
    return kind_of(fields, pointer, _PARTS)


def _project_lines(answer: Answer) -> Iterable[CostLine]:
    result: ProjectResult = answer.result
    for part in result.parts:
        usd = exact(part.cost_usd.central) if part.cost_usd is not None else None
        yield CostLine(part.part, 1, None, usd, usd)


_parts_read = Kinds(_PARTS, _kind_of_part)

PROJECT = Estimator(
    "project",
    ProjectQuestion,
    partial(project_estimate, kinds=_parts_read),
    {
        "parts": {
            "run": {"kind": "training", **TRAINING.example},
            "evaluation": {"kind": "inference", "provider": "openai", "model": "gpt-4o",
                           "usage": {"input_tokens": 50_000_000, "output_tokens": 5_000_000}},
            "staff": {"kind": "line_item", "usd": 40_000, "months": 3, "occurs": "monthly"},
        }
    },
    summary="What a whole project costs, over its months",
    results=(ProjectResult,),
    spends={
        "cost_usd": _of(ProjectResult, lambda result: result.cost_usd),
        "accelerator_hours": _of(ProjectResult, lambda result: result.accelerator_hours),
        "energy_kwh": _of(ProjectResult, lambda result: result.energy_kwh),
        "emissions_kgco2e": _of(ProjectResult, lambda result: result.emissions_kgco2e),
    },
    cost_lines=_project_lines,
    under_card=lambda card: partial(project_estimate, kinds=_parts_read, card=card),
    weight=MOST_PARTS // 2,
)  # fmt: skip

ADAPTATION = Estimator(
    "adaptation",
    AdaptationPlan,
    adaptation_plan,
    {
        "requests_per_month": 2_000_000, "input_tokens": 2000, "output_tokens": 300, "shared_prefix_tokens": 1500,
        "provider": "openai", "model": "gpt-5", "hosted_model": "llama-3.1-8b", "accelerator": "h100-sxm",
        "examples": 10_000, "examples_ready": True,
    },
    summary="Prompt, cache, fine-tune and host, distil or train: what each costs, and when it pays off",
    path="/v1/plans/adaptation",
    results=(Adaptation,),
    spends={"cost_usd": _of(Adaptation, lambda result: result.cost_usd)},
    weight=10,
)  # fmt: skip

PLAN = Estimator(
    "training-plan",
    TrainingPlan,
    training_plan,
    {"cost_usd": 50_000, "deadline_days": 21, "laws": "besiroglu2024"},
    summary="The training run of lowest predicted loss for what there is to spend",
    results=(BestTraining,),
    spends={
        "cost_usd": _of(BestTraining, lambda result: result.cost_usd),
        "accelerator_hours": _of(BestTraining, lambda result: result.accelerator_hours),
        "energy_kwh": _of(BestTraining, lambda result: result.energy_kwh),
        "emissions_kgco2e": _of(BestTraining, lambda result: result.emissions_kgco2e),
        "training_flop": _of(BestTraining, lambda result: result.training_flop),
    },
    path="/v1/plans/training",
    searches=True,
    weight=100,
)

ESTIMATORS: dict[str, Estimator] = {
    **_PARTS, PROJECT.kind: PROJECT, ADAPTATION.kind: ADAPTATION, PLAN.kind: PLAN,
}  # fmt: skip
UNSAID = INFERENCE
"""What a question is about where a list of query parameters says no kind."""


def warm(catalog: Snapshot, now: datetime) -> None:
    """Ask each estimator its example, so that what it derives from a whole snapshot is there before a caller waits."""
    for member in ESTIMATORS.values():
        if member.searches:
            continue
        with suppress(QuoteError):  # a small catalogue may not know the names
            member.estimate(member.question.model_validate(member.example), catalog, now)


def estimator(kind: str, pointer: str = "/kind", among: Mapping[str, Estimator] = ESTIMATORS) -> Estimator:
    """The estimator of a kind.

    Raises: Malformed naming the nearest kind.
    """
    found = among.get(kind.strip().casefold()) if isinstance(kind, str) else None
    if found is None:
        hint = nearest(str(kind)[:80], among) or f"one of {', '.join(among)}"
        raise Malformed(f"no kind of question named {str(kind)[:80]!r}", pointer=pointer, hint=hint)
    return found


def kind_of(fields: Mapping[str, Any], pointer: str = "", among: Mapping[str, Estimator] = ESTIMATORS) -> Estimator:
    """The one kind of question that these fields fit best; a misspelt field counts for the field it is close to.

    Raises: Malformed where two kinds fit equally well.
    """
    asked = {kind: frozenset(member.question.model_fields) for kind, member in among.items()}
    near = _near([name for name in fields if not any(name in known for known in asked.values())], asked.values())
    scores = {kind: sum(_fit(name, known, near.get(name, {})) for name in fields) for kind, known in asked.items()}
    best = max(scores.values(), default=0.0)
    fitting = [kind for kind, score in scores.items() if score == best and score > 0]
    if len(fitting) > 1:
        fitting = [kind for kind in fitting if not among[kind].searches] or fitting
    if len(fitting) != 1:
        choices = fitting or list(among)
        raise Malformed(
            "these fields do not tell which kind of question this is",
            pointer=f"{pointer}/kind",
            hint=f"kind = one of {', '.join(choices)}",
        )
    return among[fitting[0]]


def read_question(member: Estimator, fields: Mapping[str, Any], pointer: str = "") -> Question:
    """The question that these fields spell.

    Raises: Malformed with a fault for each field, its pointer below `pointer`.
    """
    return question_of(member.question, fields, pointer)


def _fit(name: str, known: frozenset[str], near: Mapping[str, float]) -> float:
    return 1.0 if name in known else max((near[field] for field in near.keys() & known), default=0.0) / 2


def _near(names: Sequence[str], asked: Iterable[frozenset[str]]) -> dict[str, dict[str, float]]:
    """Misspelt name -> the fields that it is close to, and how close; only so many names are looked at."""
    known = frozenset[str]().union(*asked)
    return {name: dict(_closeness(name[:_MOST_LETTERS], known)) for name in names[:_MOST_MISSPELT]}


def _closeness(name: str, known: Iterable[str]) -> Iterator[tuple[str, float]]:
    compared = SequenceMatcher(b=name)
    for candidate in known:
        compared.set_seq1(candidate)
        if compared.real_quick_ratio() >= _CLOSE and compared.quick_ratio() >= _CLOSE:
            ratio = compared.ratio()
            if ratio >= _CLOSE:
                yield candidate, ratio
