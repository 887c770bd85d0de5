"""Two small kinds of question, so that the pure room is tested without the catalogue's figures."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Count, Part, Positive, Question
from mlquote.estimators.kinds import Estimator
from mlquote.kit.provenance import Answer, Range, Trail


class Training(Question):
    """Costs one cent for a million tokens."""

    model: str | None = None
    tokens: Count | None = None
    accelerator: str | None = None
    accelerator_count: Count | None = None
    mfu: Positive | None = None


class Counts(Part):
    """Tokens of a call."""

    input_tokens: Count = 0
    output_tokens: Count = 0


class Usage(Question):
    """Costs a dollar for a thousand output tokens."""

    model: str
    provider: str
    usage: Counts | None = None


def train(question: Training, catalog: Snapshot, now: datetime) -> Answer:
    """The toy's answer."""
    cost = None if question.tokens is None else Decimal(question.tokens) / Decimal(100_000_000)
    return _answer(question, {"cost_usd": cost}, catalog, now)


def use(question: Usage, catalog: Snapshot, now: datetime) -> Answer:
    """The toy's answer."""
    count = question.usage.output_tokens if question.usage is not None else 0
    return _answer(question, {"cost_usd": Decimal(count) / 1000}, catalog, now)


def _answer(question: Question, result: dict[str, Any], catalog: Snapshot, now: datetime) -> Answer:
    moment = question.moment(now)
    filled = question.filled(as_of=moment, release=catalog.release.id)
    return Trail().answer(filled, result, catalog.catalog_ref(moment))


def _dollars(answer: Answer) -> Decimal | None:
    dollars: Decimal | None = answer.result["cost_usd"]
    return dollars


TOYS = {
    "training": Estimator("training", Training, train, {"tokens": 1e9}, {"cost_usd": _dollars}),
    "inference": Estimator("inference", Usage, use, {"provider": "openai", "model": "gpt-4o"}, {"cost_usd": _dollars}),
}


class Hosting(Question):
    """Costs two dollars an hour for each accelerator, and draws a kilowatt."""

    accelerator_count: Count = 1


def host(question: Hosting, catalog: Snapshot, now: datetime) -> Answer:
    """The toy's answer: dollars an hour are known to a factor of two either way."""
    usd = 2.0 * question.accelerator_count
    result = {"usd": Range(usd / 2, usd, usd * 2), "count": question.accelerator_count, "usd_per_mtok": 3}
    return _answer(question, result, catalog, now)


RATE = Estimator(
    "hosting",
    Hosting,
    host,
    {},
    {
        "cost_usd": lambda answer: answer.result["usd"],
        "accelerator_hours": lambda answer: answer.result["count"],
        "energy_kwh": lambda _: None,
        "usd_per_mtok": lambda answer: answer.result["usd_per_mtok"],
    },
    is_rate=True,
)
