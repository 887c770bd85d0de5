"""The parts of each way to have a task done: each one question to the estimator whose subject it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil, exp, hypot, log
from typing import Any, Literal

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.annotation import annotation_estimate
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.asking.question import Question
from mlquote.estimators.planning.adaptation_question import AdaptationPlan
from mlquote.estimators.serving.answer import ServingResult
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.formulas.labelling import sample_for_share
from mlquote.formulas.uncertainty import Z80
from mlquote.kit.errors import Fault, QuoteError, UnknownName
from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Answer, Range
from mlquote.kit.units import DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_DAY

When = Literal["setup", "month"]
RENT = "usd_per_accelerator_hour"
DAYS = 30
"""Of a month at the API, as its workloads have it."""
EPOCHS, EVAL_VOTES, EVAL_ITEMS = 3.0, 3, sample_for_share(0.05)
"""Passes over examples; people who compare an answer; answers that measure a share to five points either way."""


class NoPrice(Exception):
    """Why a part has no price."""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part of an option: when it is paid, what it costs, and the question that says so."""

    part: str
    when: When
    cost_usd: Range
    question: Mapping[str, Any]
    """As it may be asked again, with its kind."""


@dataclass(frozen=True, slots=True)
class PricedPart:
    """A part with the sources of its doubt, and what its estimate rests on."""

    told: PlanPart
    loads: Mapping[str, float]
    """Source of doubt -> the log-sd that it adds: of one name in two parts it is one draw."""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class AskingDesk:
    """Where the parts are asked: one snapshot and moment."""

    plan: AdaptationPlan
    catalog: Snapshot
    now: datetime

    def asked(self, question: Question, kind: str) -> tuple[Answer, dict[str, Any]]:
        """The answer of an estimator, and the question as it may be asked again.

        Raises: UnknownName for a name that the catalogue lacks; NoPrice with what the estimator refused otherwise
        """
        try:
            answer: Answer = _ESTIMATES[kind](question, self.catalog, self.now)
        except UnknownName as error:
            faults = (Fault(_POINTERS.get((kind, f.pointer), f.pointer), f.detail, f.hint) for f in error.faults)
            raise error.retold(faults) from error
        except QuoteError as error:
            raise NoPrice(f"{kind}: {error.detail}") from error
        return answer, {"kind": kind} | question.model_dump(mode="json", exclude_none=True, exclude_defaults=True)

    @property
    def when(self) -> dict[str, Any]:
        """The moment and release that every part is asked for."""
        return {"as_of": self.plan.as_of, "release": self.plan.release}

    @property
    def machines(self) -> dict[str, Any]:
        """What is rented, and on which terms."""
        plan = self.plan
        return {
            "accelerator": plan.accelerator,
            "provider": plan.machine_provider,
            "region": plan.region,
            "price_model": plan.price_model,
            RENT: plan.usd_per_accelerator_hour,
        }


_ESTIMATES: Mapping[str, Any] = {
    "inference": inference_estimate,
    "training": training_estimate,
    "serving": serving_estimate,
    "annotation": annotation_estimate,
}


_POINTERS: Mapping[tuple[str, str], str] = {
    (kind, f"/{field}"): f"/{ours}"
    for kind in ("training", "serving")
    for field, ours in (("provider", "machine_provider"), ("model", "hosted_model"))
}
"""A kind, and a field of it -> the field of the plan that it comes from, where that has another name."""


def prompted(desk: AskingDesk) -> PricedPart:
    """A month of the API, nothing cached."""
    return _called(desk, "API", "month", desk.plan.requests_per_month)


def generated(desk: AskingDesk) -> PricedPart:
    """The API's own answers as examples, once."""
    return _called(desk, "examples by the API's model", "setup", desk.plan.examples or 0)


def _called(desk: AskingDesk, part: str, when: When, requests: int) -> PricedPart:
    plan = desk.plan
    usage = {"input_tokens": plan.input_tokens, "output_tokens": plan.output_tokens}
    fields = {"provider": plan.provider, "model": plan.model, "usage": usage, "requests": requests} | desk.when
    answer, asked = desk.asked(ApiUsage.model_validate(_given(fields)), "inference")
    usd = exact(answer.result.cost_usd)
    if usd is None:
        raise NoPrice("the API has no price")
    return PricedPart(PlanPart(part, when, Range(usd, usd, usd), asked), {}, answer)


def cached(desk: AskingDesk) -> PricedPart:
    """A month of the API, its shared prefix read from the cache: thirty days with a month's requests."""
    plan = desk.plan
    if not plan.shared_prefix_tokens:
        raise NoPrice("nothing is shared: give shared_prefix_tokens")
    per_day = EXACT.divide(Decimal(plan.requests_per_month), Decimal(DAYS)).quantize(Decimal("1e-9"), context=EXACT)
    workload = {
        "requests_per_day": plain(per_day),
        "input_tokens": plan.input_tokens,
        "output_tokens": plan.output_tokens,
        "shared_prefix_tokens": plan.shared_prefix_tokens,
        "cache_ttl": plan.cache_ttl,
        "cache_hit_fraction": plan.cache_hit_fraction,
        "days": DAYS,
    }
    fields = {"provider": plan.provider, "model": plan.model, "workload": _given(workload)} | desk.when
    answer, asked = desk.asked(ApiUsage.model_validate(_given(fields)), "inference")
    lacks = [warning.detail for warning in answer.warnings if warning.code in ("no-cache-price", "no-price")]
    found = exact(answer.result.cost_usd)
    if found is None or lacks:
        raise NoPrice("; ".join(lacks) or "the API has no price")
    share = EXACT.divide(Decimal(plan.requests_per_month), answer.result.requests)
    usd = plain(EXACT.multiply(found, share).quantize(Decimal("1e-9"), context=EXACT))
    return PricedPart(PlanPart("API, its prefix cached", "month", Range(usd, usd, usd), asked), {}, answer)


def written(desk: AskingDesk) -> PricedPart | None:
    """The examples written by people; None where they are there."""
    plan = desk.plan
    if plan.examples_ready:
        return None
    if plan.usd_per_example is None:
        raise NoPrice("examples have no price: give usd_per_example, or examples_ready where they are there")
    fields = {"task": "demonstration", "items": plan.examples, "usd_per_unit": plan.usd_per_example} | desk.when
    return _labelled(desk, "examples by people", fields)


def compared(desk: AskingDesk) -> PricedPart:
    """The answers that people compare with the API's, to know whether a model that learnt is as good."""
    plan = desk.plan
    fields = {
        "task": "preference_pair",
        "items": plan.eval_items or EVAL_ITEMS,
        "votes": plan.eval_votes or EVAL_VOTES,
        "usd_per_unit": plan.usd_per_eval_label,
    } | desk.when
    return _labelled(desk, "comparisons with the API's answers", fields)


def _labelled(desk: AskingDesk, part: str, fields: Mapping[str, Any]) -> PricedPart:
    answer, asked = desk.asked(AnnotationQuestion.model_validate(_given(fields)), "annotation")
    cost: Range | None = answer.result.cost_usd
    if cost is None:
        raise NoPrice(f"{part}: nobody sells them: give a price")
    return PricedPart(PlanPart(part, "setup", cost, asked), _one_load(cost, f"labels: {part}"), answer)


def trained(desk: AskingDesk, *, method: str) -> PricedPart:
    """The run in which the hosted model learns, or in which a new one is trained."""
    plan = desk.plan
    if method == "pretrain":
        fields: dict[str, Any] = {"params": plan.train_params, "tokens": plan.train_tokens}
    else:
        tokens = (plan.examples or 0) * (plan.input_tokens + plan.output_tokens)
        fields = {"model": plan.hosted_model, "tokens": tokens, "epochs": plan.epochs or EPOCHS, "method": method}
    answer, asked = desk.asked(TrainingQuestion.model_validate(_given(fields | desk.machines | desk.when)), "training")
    cost: Range | None = answer.result.cost_usd
    if cost is None:
        raise NoPrice("training: the accelerator has no price")
    shares = answer.result.variance_shares.get("cost_usd", {})
    return PricedPart(PlanPart(f"training ({method})", "setup", cost, asked), _loads(cost, shares), answer)


def hosted(desk: AskingDesk, *, own: bool, adapter: bool) -> PricedPart:
    """A month of hosting, all hours paid, with as many replicas as the busiest time needs.

    Raises: NoPrice where the accelerators given do not carry it
    """
    plan = desk.plan
    per_s = float(plan.requests_per_month) / DAYS_PER_MONTH / SECONDS_PER_DAY * (plan.peak_factor or 1.0)
    fields: dict[str, Any] = {
        "input_tokens": plan.input_tokens,
        "output_tokens": plan.output_tokens,
        "requests_per_s": per_s,
        "weight_dtype": plan.weight_dtype,
        "accelerator_count": plan.accelerator_count,
    }
    fields |= {"params": plan.train_params} if own else {"model": plan.hosted_model}
    fields |= {"lora_adapters": 1} if adapter else {}
    if plan.shared_prefix_tokens and plan.input_tokens:
        fields["prefix_cache_hit_fraction"] = plan.shared_prefix_tokens / plan.input_tokens
    fields |= desk.machines | desk.when
    answer, asked, result = _served(desk, fields)
    needed = result.replicas_needed
    if needed is not None and ceil(float(needed.central)) > result.layout.replicas:
        wanted = ceil(float(needed.central))
        if plan.accelerator_count is not None:
            raise NoPrice(f"hosting: {plan.accelerator_count} accelerators do not carry it: {wanted} replicas would")
        each = result.layout.tensor_parallel * result.layout.pipeline_parallel
        answer, asked, result = _served(desk, fields | {"accelerator_count": each * wanted})
    if result.usd_per_hour is None:
        raise NoPrice("hosting: the accelerator has no price")
    cost = _monthly(result.usd_per_hour, plan.operations_usd_per_month)
    loads = dict(_one_load(cost, RENT))
    if plan.accelerator_count is None and needed is not None and (spread := _log_sd(needed)):
        loads["replicas"] = spread
        cost = _widened(cost, loads)
    return PricedPart(PlanPart("hosting", "month", cost, asked), loads, answer)


def _served(desk: AskingDesk, fields: Mapping[str, Any]) -> tuple[Answer, dict[str, Any], ServingResult]:
    answer, asked = desk.asked(ServingQuestion.model_validate(_given(fields)), "serving")
    if not isinstance(answer.result, ServingResult):
        raise NoPrice("hosting: this model answers in whole passes, not in tokens")
    if not answer.result.memory.fits:
        raise NoPrice("hosting: the model does not fit the accelerators")
    return answer, asked, answer.result


def _monthly(hourly: Range, other: Decimal | None) -> Range:
    hours = Decimal(repr(HOURS_PER_MONTH))
    ends = (hourly.low, hourly.central, hourly.high)
    return Range(*(plain(EXACT.add(EXACT.multiply(exact(end) or Decimal(0), hours), other or 0)) for end in ends))


def _widened(cost: Range, loads: Mapping[str, float]) -> Range:
    """The range that all sources of doubt make together, around the same centre."""
    spread = Decimal(repr(exp(Z80 * hypot(*loads.values()))))
    central = exact(cost.central) or Decimal(0)
    low, high = EXACT.divide(central, spread), EXACT.multiply(central, spread)
    return Range(*(plain(each.quantize(Decimal("0.01"), context=EXACT)) for each in (low, central, high)))


def _loads(cost: Range, shares: Mapping[str, float]) -> dict[str, float]:
    """The log-sd of a range by its sources, each with its share of the variance."""
    whole = _log_sd(cost)
    if not shares:
        return _one_load(cost, RENT)
    return {name: whole * share**0.5 for name, share in shares.items()}


def _one_load(cost: Range, source: str) -> dict[str, float]:
    whole = _log_sd(cost)
    return {source: whole} if whole else {}


def _log_sd(cost: Range) -> float:
    low, high = float(exact(cost.low) or 0), float(exact(cost.high) or 0)
    return log(high / low) / (2 * Z80) if 0 < low < high else 0.0


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
