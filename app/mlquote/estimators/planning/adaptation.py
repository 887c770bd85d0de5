"""Prompt, cache, fine-tune and host, distil, or train: the same month of work by every way, and when each pays off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.planning.adaptation_parts import (
    EPOCHS,
    EVAL_ITEMS,
    EVAL_VOTES,
    AskingDesk,
    NoPrice,
    PlanPart,
    PricedPart,
    cached,
    compared,
    generated,
    hosted,
    prompted,
    trained,
    written,
)
from mlquote.estimators.planning.adaptation_question import AdaptationPlan
from mlquote.estimators.planning.adaptation_sums import (
    MonthsUntil,
    OptionSums,
    Pool,
    break_even,
    chance_cheapest,
    sums_of,
)
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.money import EXACT, exact
from mlquote.kit.provenance import Answer, Assumption, Range, Trail

MONTHS = 12
MEASURE = "is it as good as the API's model on this task: the answers of both compared by people, on a sample"
BASELINE = "nothing: the others are measured against it"


@dataclass(frozen=True, slots=True)
class PlanOption:
    """One way to have the task done: null figures where a part of it has no price."""

    option: str
    """`prompt`, `cache`, `lora`, `finetune`, `distil` or `train`."""
    rank: int | None
    """By the central dollars over all months."""
    tied_with_first: bool
    """Its range overlaps that of the cheapest: their dollars do not tell them apart."""
    rank_at_best: int | None
    rank_at_worst: int | None
    setup_cost_usd: Range | None
    monthly_cost_usd: Range | None
    total_usd: Range | None
    """Over all months, set-up in it."""
    chance_cheapest: float | None
    """Share of the draws in which it costs least: doubts that ways share, as of one rent, do not part them."""
    break_even: tuple[MonthsUntil, ...]
    """Against every way with a lower set-up: the month from which this one has cost less."""
    parts: tuple[PlanPart, ...]
    measure: str
    """What quality has to be measured before it may be taken."""
    no_answer: str | None = None


@dataclass(frozen=True, slots=True)
class Adaptation:
    """The ways, the cheapest first; those without a price last, each with its reason."""

    months: int
    best: str | None
    cost_usd: Range | None
    """The cheapest way over all months."""
    rank_by: str
    rows: tuple[Mapping[str, Any], ...]
    """The table of the ways, as a comparison has it."""
    options: tuple[PlanOption, ...]


@dataclass(frozen=True, slots=True)
class PricedWay:
    """One way, priced or not."""

    option: str
    parts: tuple[PricedPart, ...]
    no_answer: str | None = None


Part = Callable[[AskingDesk], PricedPart | None]
_COMPARED: Part = compared
_HOSTED = partial(hosted, own=False, adapter=False)
_WAYS: Mapping[str, Sequence[Part]] = {
    "prompt": (prompted,),
    "cache": (cached,),
    "lora": (written, partial(trained, method="lora"), _COMPARED, partial(hosted, own=False, adapter=True)),
    "finetune": (written, partial(trained, method="finetune"), _COMPARED, _HOSTED),
    "distil": (generated, partial(trained, method="finetune"), _COMPARED, _HOSTED),
    "train": (partial(trained, method="pretrain"), _COMPARED, partial(hosted, own=True, adapter=False)),
}
"""A way -> its parts. Distilling is fine-tuning on the API's own answers: an API tells no logits."""


def adaptation_plan(question: AdaptationPlan, catalog: Snapshot, now: datetime) -> Answer:
    """Answer an `AdaptationPlan` from one snapshot.

    Raises:  UnknownName for a model or an accelerator that the catalogue lacks; OutOfDomain where nothing has a price
    """
    moment = question.moment(now)
    _known(question, catalog, moment)
    desk = AskingDesk(question, catalog, now)
    ways = [_priced(name, parts, desk) for name, parts in _WAYS.items()]
    if all(way.no_answer is not None for way in ways):
        raise OutOfDomain(f"no way has a price: {ways[0].no_answer}", pointer="/model", hint=ways[0].no_answer or "")
    trail = Trail()
    echoed = question.filled(as_of=moment, release=catalog.release.id)
    trail.assumptions.extend(echoed.readings)
    trail.assumptions.extend(_taken(question))
    _hear([part for way in ways for part in way.parts], trail)
    for detail in _unused(question, ways):
        trail.warn(NOT_USED, detail)
    result = _result(question, ways)
    if any(option.tied_with_first for option in result.options[1:]):
        trail.warn(
            "ranges-overlap",
            "ways whose ranges overlap the cheapest one's tie with it; chance_cheapest holds shared doubts together",
        )
    return trail.answer(echoed, result, catalog.catalog_ref(moment))


def _known(question: AdaptationPlan, catalog: Snapshot, moment: datetime) -> None:
    """Names are names of the catalogue, before anything is priced."""
    if question.hosted_model is not None:
        catalog.model(question.hosted_model, moment, pointer="/hosted_model")
    if question.accelerator is not None:
        catalog.accelerator(question.accelerator, moment)


def _priced(name: str, wanted: Sequence[Part], desk: AskingDesk) -> PricedWay:
    lacks = _lacks(name, desk.plan)
    if lacks:
        return PricedWay(name, (), lacks)
    found: list[PricedPart] = []
    for part in wanted:
        try:
            priced = part(desk)
        except NoPrice as reason:
            return PricedWay(name, tuple(found), str(reason))
        if priced is not None:
            found.append(priced)
    return PricedWay(name, tuple(found))


def _lacks(name: str, plan: AdaptationPlan) -> str:
    """What a way needs and the question does not say."""
    if name in ("prompt", "cache"):
        return ""
    needed: dict[str, object] = {"accelerator": plan.accelerator}
    if name == "train":
        needed |= {"train_params and train_tokens": plan.train_tokens}
    else:
        needed |= {"hosted_model": plan.hosted_model, "examples": plan.examples}
    missing = [field for field, value in needed.items() if value is None]
    return f"give {', '.join(missing)}" if missing else ""


def _result(question: AdaptationPlan, ways: Sequence[PricedWay]) -> Adaptation:
    months = question.months or MONTHS
    pool = Pool(question.seed or 0)
    sums = {way.option: sums_of(way.parts, months, pool) for way in ways if way.no_answer is None}
    order = sorted(sums, key=lambda name: (_central(sums[name].total), name))
    best = sums[order[0]].total
    options = [_option(way, sums, months, order, best) for way in ways]
    options.sort(key=lambda each: (each.total_usd is None, order.index(each.option) if each.option in order else 0))
    return Adaptation(
        months, order[0], best, "total_usd", tuple(_row(option, best) for option in options), tuple(options)
    )


def _option(
    way: PricedWay, sums: Mapping[str, OptionSums], months: int, order: Sequence[str], best: Range
) -> PlanOption:
    measure = BASELINE if way.option in ("prompt", "cache") else MEASURE
    told = tuple(part.told for part in way.parts)
    mine = sums.get(way.option)
    if mine is None:
        return PlanOption(
            way.option, None, False, None, None, None, None, None, None, (), told, measure, way.no_answer
        )  # fmt: skip
    others = [other.total for name, other in sums.items() if name != way.option]
    against = tuple(
        break_even(name, mine, other, months)
        for name, other in sums.items()
        if name != way.option and _central(other.setup) < _central(mine.setup)
    )
    chance = chance_cheapest(mine, tuple(sums.values()), months)
    return PlanOption(
        way.option, order.index(way.option) + 1, _overlap(mine.total, best),
        1 + sum(_high(other) < _low(mine.total) for other in others),
        1 + sum(_low(other) <= _high(mine.total) for other in others),
        mine.setup, mine.monthly, mine.total, chance, against, told, measure,
    )  # fmt: skip


def _row(option: PlanOption, best: Range) -> dict[str, Any]:
    """A line of the table, as a comparison's rows are."""
    total, least = option.total_usd, _central(best)
    times = None if total is None or not least else float(EXACT.divide(_central(total), least))
    return {
        "rank": option.rank,
        "choice": {"option": option.option},
        "value": total,
        "times_best": times,
        "tied_with_first": option.tied_with_first,
        "rank_at_best": option.rank_at_best,
        "rank_at_worst": option.rank_at_worst,
        "error": option.no_answer,
    }


def _central(span: Range) -> Decimal:
    return exact(span.central) or Decimal(0)


def _low(span: Range) -> Decimal:
    return exact(span.low) or Decimal(0)


def _high(span: Range) -> Decimal:
    return exact(span.high) or Decimal(0)


def _overlap(one: Range, other: Range) -> bool:
    return _low(one) <= _high(other) and _low(other) <= _high(one)


def _taken(question: AdaptationPlan) -> Iterator[Assumption]:
    """What was taken where the question says nothing."""
    own = question.accelerator is not None
    taken = (
        ("months", question.months, MONTHS, "months", True, "a year"),
        ("epochs", question.epochs, EPOCHS, "passes", own, "what fine-tuning usually takes"),
        ("eval_items", question.eval_items, EVAL_ITEMS, "answers", own, "measures a share to five points at 95 %"),
        ("eval_votes", question.eval_votes, EVAL_VOTES, "people", own, "a majority, where two disagree"),
        ("peak_factor", question.peak_factor, 1.0, "times the mean", own, "an even rate: a peak needs more replicas"),
        (
            "operations_usd_per_month", question.operations_usd_per_month, Decimal(0), "$", own,
            "none given: people and storage come on top",
        ),
    )  # fmt: skip
    for name, said, default, unit, counts, why in taken:
        if said is None and counts:
            yield Assumption(name, default, unit, why=why)


def _hear(parts: Sequence[PricedPart], trail: Trail) -> None:
    """What the parts rest on: an assumption of one name and value once, each row and warning once."""
    said = {(each.name, str(each.value)) for each in trail.assumptions}
    for part in parts:
        if part.answer is None:
            continue
        for each in part.answer.assumptions:
            if (each.name, str(each.value)) not in said:
                said.add((each.name, str(each.value)))
                trail.assumptions.append(replace(each, share_of_variance=None))  # of its own answer
        for row in part.answer.rows:
            trail.use(row)
        for warning in part.answer.warnings:
            if warning.code not in _OF_OTHER_FIGURES:
                trail.warn(warning.code, warning.detail)


_OF_OTHER_FIGURES = frozenset(
    {"label-time-unknown", "implied-wage-unknown", "no-accelerator-count", "no-water-figure", "no-market-based-factor",
     "grid-zone-assumed", "derived-architecture"}
)  # fmt: skip
"""Warnings of figures that a plan does not tell: hours of work, energy and carbon."""


def _unused(question: AdaptationPlan, ways: Sequence[PricedWay]) -> Iterator[str]:
    """Fields that were given and change nothing, each with why."""
    done = {way.option for way in ways if way.no_answer is None}
    learns = bool(done & {"lora", "finetune", "distil"})
    hosts = learns or "train" in done
    needs = (
        (("cache_ttl", "cache_hit_fraction"), "cache" in done, "the API's prefix is not cached"),
        (("shared_prefix_tokens",), "cache" in done or hosts, "nothing caches a prefix"),
        (("hosted_model", "examples", "epochs"), learns, "no model that would learn has a price"),
        (("usd_per_example", "examples_ready"), bool(done & {"lora", "finetune"}), "no model learns from people"),
        (
            ("accelerator", "accelerator_count", "weight_dtype", "peak_factor", "machine_provider", "region",
             "usd_per_accelerator_hour", "operations_usd_per_month", "eval_items", "eval_votes", "usd_per_eval_label",
             "price_model"),
            hosts, "no model of one's own has a price",
        ),
        (("train_params", "train_tokens"), "train" in done, "training a new model has no price"),
        (("seed",), hosts, "nothing is drawn where all is exact"),
    )  # fmt: skip
    for fields, met, why in needs:
        for name in fields:
            if not met and name in question.model_fields_set and getattr(question, name) is not None:
                yield f"{name} changes nothing: {why}"
