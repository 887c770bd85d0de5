"""Fields of a question about labels that count only under a condition: given where it is not met, they are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlquote.estimators.annotation.prices import LabelPrice, MarketFee
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.annotation.tasks import TASKS, TaskKind
from mlquote.estimators.annotation.time import Labour
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.unused import Needs, unused


@dataclass(frozen=True, slots=True)
class AskedLabels:
    """A question with what was found for it."""

    question: AnnotationQuestion
    prices: Sequence[LabelPrice]
    fees: Sequence[Finding[MarketFee | None]]
    labour: Labour

    @property
    def kind(self) -> TaskKind:
        """How its task is counted."""
        return TASKS[self.question.task]

    @property
    def is_hourly(self) -> bool:
        """PricedLabels by the hour."""
        return any(price.per == "hour" for price in self.prices)

    @property
    def own_price(self) -> bool:
        """The question brings its price."""
        return any(price.stated == "given" for price in self.prices)

    @property
    def has_tiers(self) -> bool:
        """Some price or fee falls within a month, or ends."""
        fees = [fee.value.per_item for fee in self.fees if fee.value is not None and fee.value.per_item is not None]
        return any(len(tiers) > 1 for tiers in (*(price.central for price in self.prices), *fees)) or any(
            price.list_ends is not None for price in self.prices
        )

    @property
    def has_assignments(self) -> bool:
        """A market takes a share of what each assignment pays."""
        return not self.is_hourly and any(fee.value is not None and fee.value.per_item is None for fee in self.fees)

    @property
    def has_fee(self) -> bool:
        """The seller that is named takes a fee."""
        return any(fee.value is not None for fee in self.fees)


RULES: Sequence[Needs[AskedLabels]] = (
    Needs(("labels_per_item",), lambda a: a.kind.per_label, "the whole item is labelled"),
    Needs(("words_per_item", "words_per_unit"), lambda a: a.kind.sized == "words", "no text is counted in words"),
    Needs(
        ("media_seconds", "media_seconds_per_unit"),
        lambda a: a.kind.sized == "media",
        "nothing of a length is labelled",
    ),
    Needs(("ranking_size",), lambda a: a.question.task == "preference_pair", "nothing is ranked"),
    Needs(
        ("labeler_accuracy",),
        lambda a: a.question.vote_margin is not None or (a.question.votes or 1) % 2 == 1,
        "an even number of votes may tie, and nobody says who then decides",
    ),
    Needs(("review_usd_per_unit", "review_seconds"), lambda a: a.question.review_fraction > 0, "nothing is reviewed"),
    Needs(("review_usd_per_unit",), lambda a: not a.is_hourly, "work is paid by the hour"),
    Needs(("review_seconds",), lambda a: a.question.stages is None, "stages say how long the work takes"),
    Needs(("review_seconds",), lambda a: a.question.worker_hours is None, "worker_hours are given"),
    Needs(("review_seconds",), lambda a: a.labour.hours is not None, "nobody knows how long a label takes"),
    Needs(("productive_fraction",), lambda a: a.is_hourly, "work is paid by the label"),
    Needs(("annotator", "basis"), lambda a: not a.own_price, "a price of your own is given"),
    Needs(("provider",), lambda a: not a.own_price or a.has_fee, "it takes no fee, and a price of your own is given"),
    Needs(("months",), lambda a: a.has_tiers, "no price has tiers by the month"),
    Needs(("units_per_assignment",), lambda a: a.has_assignments, "no fee is taken by the assignment"),
    Needs(("audit_items",), lambda a: a.question.labelling_model is not None, "no labelling_model is to be measured"),
    Needs(
        ("accepted_fraction", "verify_seconds"),
        lambda a: a.labour.label is not None,
        "nobody knows how long a label takes without",
    ),
)


def unused_in(asked: AskedLabels) -> Finding[None]:
    """A warning for each field that was given and changes nothing."""
    return unused(asked.question, asked, RULES)
