"""The same labels three ways: by people, by people whom a model helps, by a model that people measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.bill import NOTHING, LabelBill, added, ends_of
from mlquote.estimators.annotation.question import AnnotationQuestion, LabellingModel
from mlquote.estimators.annotation.time import Labour
from mlquote.estimators.asking.finding import Figure, Finding, found, given
from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.formulas.labelling import sample_for_share
from mlquote.formulas.uncertainty import Uncertain, between, known
from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Answer, Assumption, Range

ASSISTED, AUDIT = "assisted_time_fraction", "audit_half_width"


@dataclass(frozen=True, slots=True)
class LabelWay:
    """One way to have the labels made."""

    way: str
    """`people`, `assisted` or `model`."""
    cost_usd: Range | None
    worker_hours: Range | None
    usd_per_item: Range | None
    no_answer: str | None = None
    """Why it has no price."""
    question: dict[str, Any] | None = None
    """What a model's part was asked of /v1/estimates/inference."""


@dataclass(frozen=True, slots=True)
class Helped:
    """What the two other ways rest on."""

    fraction: Figure
    """Time with a model's proposals over the time without."""
    model: Finding[Answer | None]
    """The model's own bill."""
    audit: Finding[int | None]
    """Items that people label to measure it."""


def helped_of(
    question: AnnotationQuestion, labour: Labour, catalog: Snapshot, moment: datetime, now: datetime
) -> Helped:
    """What help is worth, what a model asks, and how many of its labels are measured.

    Raises:  UnknownName, Malformed as the token estimate has them, for the model that is named
    """
    model = question.labelling_model
    if model is None:
        return Helped(_fraction(question, labour, catalog, moment), Finding(None), Finding(None))
    answer = inference_estimate(usage_of(question, model), catalog, now)
    told = Finding(answer, answer.assumptions, answer.rows, answer.warnings)
    return Helped(_fraction(question, labour, catalog, moment), told, _audit(question, catalog, moment))


def usage_of(question: AnnotationQuestion, model: LabellingModel) -> ApiUsage:
    """The model's calls: one an item."""
    fields = {
        "model": model.model,
        "usage": {"input_tokens": model.input_tokens, "output_tokens": model.output_tokens},
        "requests": question.items,
        "as_of": question.as_of,
        "release": question.release,
    }
    return ApiUsage.model_validate(fields | ({} if model.provider is None else {"provider": model.provider}))


def _fraction(question: AnnotationQuestion, labour: Labour, catalog: Snapshot, moment: datetime) -> Figure:
    """accepted * verify + (1 - accepted) * (verify + whole time), over the whole time; or what was measured."""
    if question.assisted_time_fraction is not None:
        return given(ASSISTED, question.assisted_time_fraction, "fraction")
    if question.accepted_fraction is not None and question.verify_seconds is not None:
        if labour.label is None:
            return Finding(None)
        corrected = 1 - float(question.accepted_fraction)
        share = known(question.verify_seconds) / labour.label.seconds
        return Finding(Uncertain(share.median + corrected, _of_sum(share, corrected)))
    row = catalog.default(ASSISTED, moment)
    value = between(row.low or 1.0, row.high or 1.0, ASSISTED, median=row.value)
    why = "as measured on full-time annotators of boxes; other tasks may gain less, or lose"
    return found(ASSISTED, value, "fraction", basis="default", why=why, rows=(catalog.ref("defaults", row),))


def _of_sum(share: Uncertain, rest: float) -> dict[str, float]:
    weight = share.median / (share.median + rest)
    return {name: load * weight for name, load in share.loads.items()}


def _audit(question: AnnotationQuestion, catalog: Snapshot, moment: datetime) -> Finding[int | None]:
    if question.audit_items is not None:
        return Finding(min(question.audit_items, question.items))
    row = catalog.default(AUDIT, moment)
    wanted = min(sample_for_share(row.value or 0.05), question.items)
    why = f"measures the share of right labels to {row.value} either way at 95 %"
    told = Assumption("audit_items", wanted, "items", basis="derived", why=why)
    return Finding(wanted, (told,), (catalog.ref("defaults", row),))


def ways_of(
    question: AnnotationQuestion, bill: LabelBill | None, labour: Labour, helped: Helped
) -> tuple[LabelWay, ...]:
    """The three ways, each with its cost or with what is missing."""
    return tuple(_ways(question, bill, labour, helped))


def _ways(question: AnnotationQuestion, bill: LabelBill | None, labour: Labour, helped: Helped) -> Iterator[LabelWay]:
    hours = None if labour.hours is None else labour.hours.range()
    model = None if helped.model.value is None else exact(helped.model.value.result.cost_usd)
    if bill is None:
        for way in ("people", "assisted"):
            yield LabelWay(way, None, hours if way == "people" else None, None, "people's labels have no price here")
    else:
        yield _way("people", question, bill.cost_usd, hours)
        yield _assisted(question, bill, labour, helped, model)
    yield _by_model(question, bill, labour, helped, model)


def _way(way: str, question: AnnotationQuestion, cost: Range, hours: Range | None, asked: Any = None) -> LabelWay:
    return LabelWay(way, cost, hours, over(cost, question.items), None, asked)


def _assisted(
    question: AnnotationQuestion, bill: LabelBill, labour: Labour, helped: Helped, model: Decimal | None
) -> LabelWay:
    fraction = helped.fraction.value
    if fraction is None:
        return LabelWay("assisted", None, None, None, "how long a label takes is unknown: give seconds_per_unit")
    spent = usd_range(bill.doubted * fraction)
    assert spent is not None
    cost = added(added(spent, bill.other), Range(*(model or NOTHING,) * 3))
    hours = None if labour.hours is None else (labour.hours * fraction).range()
    return _way("assisted", question, cost, hours)


def _by_model(
    question: AnnotationQuestion, bill: LabelBill | None, labour: Labour, helped: Helped, model: Decimal | None
) -> LabelWay:
    if question.labelling_model is None:
        return LabelWay("model", None, None, None, "no model is named: give labelling_model")
    asked = usage_of(question, question.labelling_model).model_dump(exclude_none=True, exclude_defaults=True)
    if model is None:
        return LabelWay("model", None, None, None, "the model has no price", asked)
    if bill is None:
        return LabelWay("model", None, None, None, "the sample that people label has no price", asked)
    share = EXACT.divide(Decimal(helped.audit.value or 0), Decimal(question.items))
    audit = Range(*(EXACT.multiply(exact(end) or NOTHING, share) for end in ends_of(_without_setup(question, bill))))
    hours = None if labour.hours is None else (labour.hours * float(share)).range()
    return _way("model", question, _quantized(added(audit, Range(*(model,) * 3))), hours, asked)


def _without_setup(question: AnnotationQuestion, bill: LabelBill) -> Range:
    return added(bill.cost_usd, Range(*(EXACT.minus(question.setup_usd or NOTHING),) * 3))


def over(cost: Range, count: int) -> Range:
    """Dollars of each of so many, to 1e-12."""
    divided = (EXACT.divide(exact(end) or NOTHING, Decimal(count)) for end in ends_of(cost))
    return _quantized(Range(*divided))


def _quantized(span: Range) -> Range:
    return Range(*(plain((exact(end) or NOTHING).quantize(Decimal("1e-12"), context=EXACT)) for end in ends_of(span)))
