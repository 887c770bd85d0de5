"""What may be asked about labels: what is labelled, how often, by whom, at which price, and with which model's help."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.estimators.annotation.tasks import Task, task_named
from mlquote.estimators.asking.numbers import a_number, a_share
from mlquote.estimators.asking.question import (
    Count,
    Name,
    Part,
    Positive,
    PositiveCount,
    Question,
    Share,
    Usd,
    any_case,
)

Few = Annotated[Decimal, BeforeValidator(a_number), Field(ge=0, le=10**6, allow_inf_nan=False)]
Long = Annotated[Decimal, BeforeValidator(a_number), Field(gt=0, le=10**9, allow_inf_nan=False)]
Extra = Annotated[Decimal, BeforeValidator(a_share), Field(ge=0, le=1, allow_inf_nan=False)]
Hours = Annotated[Positive, Field(le=1e12)]
Seconds = Annotated[Positive, Field(le=1e7)]
Annotator = Literal["crowd", "trained", "expert"]


class TimeStage(Part):
    """Work that is timed by itself: spotting, drawing, checking."""

    name: Name
    """What it is."""
    seconds_per_unit: Seconds | None = None
    """Seconds of work on one label (a mean), for each vote."""
    seconds_per_item: Seconds | None = None
    """Seconds of work on one item (a mean), for all who look at it."""
    worker_hours: Hours | None = None
    """Hours of work in all."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        said = [self.seconds_per_unit, self.seconds_per_item, self.worker_hours]
        if sum(each is not None for each in said) != 1:
            raise ValueError("give one of seconds_per_unit, seconds_per_item and worker_hours")
        return self


class LabellingModel(Part):
    """A model that labels instead: one call an item."""

    provider: Name | None = None
    """Who sells it."""
    model: Name
    """The provider's model id."""
    input_tokens: Annotated[Count, Field(le=10**8)]
    """Tokens of one prompt, the item in it."""
    output_tokens: Annotated[Count, Field(le=10**8)]
    """Tokens of one answer."""


Stages = Annotated[tuple[TimeStage, ...], Field(min_length=1, max_length=50)]


class AnnotationQuestion(Question):
    """Items to label: say what is known; a price of your own, a seller, or neither for what sellers ask."""

    lifted: ClassVar = ()

    task: Annotated[Task, BeforeValidator(task_named)]
    """What is done to an item: `image_classification`, `image_bounding_box`, `image_polygon`, `image_segmentation`,
    `transcription`, `preference_pair`, `demonstration`, `red_teaming`, ..., or `custom`."""
    items: Annotated[PositiveCount, Field(le=10**12)]
    """Images, texts, videos, recordings or prompts."""
    labels_per_item: Few | None = None
    """Boxes, polygons, segments, objects or events in one item, a mean; default 1. An item without any is free."""
    words_per_item: Long | None = None
    """Words of one text: a started unit counts whole."""
    words_per_unit: Long | None = None
    """Words of one priced unit; default 50, as Google counts."""
    media_seconds: Long | None = None
    """Length of one video or recording: a started unit counts whole."""
    media_seconds_per_unit: Long | None = None
    """Seconds of one priced unit; default 5 of a video to classify, 30 of one with events, 60 of a recording."""
    ranking_size: Annotated[PositiveCount, Field(ge=2, le=1000)] | None = None
    """Answers K that one reading ranks; default 2. It gives K (K - 1) / 2 pairs, which are not independent."""

    votes: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """People who label each item; default 1."""
    vote_margin: Annotated[PositiveCount, Field(le=100)] | None = None
    """Instead: ask until one answer leads by so many; needs `labeler_accuracy`."""
    labeler_accuracy: Annotated[Share, Field(gt=0.5)] | None = None
    """How often one vote is right, where a question has two answers: tells how often the verdict is."""
    gold_fraction: Extra = Decimal(0)
    """Items of known answer put between the others, over the items."""
    rework_fraction: Extra = Decimal(0)
    """Labels that are done again."""
    review_fraction: Extra = Decimal(0)
    """Units that somebody looks over again."""
    review_usd_per_unit: Usd | None = None
    """Price of looking over one; default: of one more label."""
    review_seconds: Seconds | None = None
    """Seconds of looking over one; default: as long as the label."""
    setup_usd: Usd | None = None
    """Guidelines, training, a pilot; default 0, said so."""

    provider: Name | None = None
    """Who sells the labels, or whose market takes its fee: mechanical-turk, sagemaker-ground-truth, ..."""
    annotator: Annotated[Annotator, any_case] | None = None
    """Only prices of these: `crowd`, `trained` or `expert`."""
    basis: Annotated[Literal["per_unit", "hourly"], any_case] | None = None
    """Only prices of this basis, by the unit or by the hour, never both at once; default by the unit where any is."""
    usd_per_unit: Usd | None = None
    """A price of your own for one label: a box, a text, a ranking."""
    usd_per_worker_hour: Usd | None = None
    """What you pay for an hour: the hourly basis."""
    productive_fraction: Share = 1.0
    """Share of the paid hours that is spent on labels (hourly basis)."""
    seconds_per_unit: Seconds | None = None
    """Seconds of work on one label, a mean; default: as measured on tasks of this kind, with their spread."""
    stages: Stages | None = None
    """Work timed in parts, instead of `seconds_per_unit`."""
    worker_hours: Hours | None = None
    """Hours of work in all, where known."""
    months: Annotated[PositiveCount, Field(le=1200)] = 1
    """Months over which the labels are spread evenly: tiers of a price list begin again each month."""
    units_per_assignment: Annotated[PositiveCount, Field(le=10**6)] | None = None
    """Labels that one person does in one assignment, for a market's fee; default 1."""

    assisted_time_fraction: Share | None = None
    """Time with a model's proposals over the time without; default 0.676, as measured on boxes."""
    accepted_fraction: Extra | None = None
    """Instead: share of a model's proposals that are taken as they are, with `verify_seconds`."""
    verify_seconds: Seconds | None = None
    """Seconds of looking at a proposal; one that is not taken then costs the whole time."""
    labelling_model: LabellingModel | None = None
    """A model that labels instead, priced by its tokens, with a sample that people label to measure it."""
    audit_items: Annotated[PositiveCount, Field(le=10**12)] | None = None
    """Items of that sample; default 385 or all, for a share known to five points either way."""

    @model_validator(mode="after")
    def _said_together(self) -> Self:
        for left, right, why in _APART:
            if getattr(self, left) is not None and getattr(self, right) is not None:
                raise ValueError(f"{left} and {right} {why}: give one of them")
        for needing, needed in _TOGETHER:
            if getattr(self, needing) is not None and getattr(self, needed) is None:
                raise ValueError(f"{needing} needs {needed}")
        own = "per_unit" if self.usd_per_unit is not None else "hourly" if self.usd_per_worker_hour is not None else ""
        if own and self.basis not in (None, own):
            raise ValueError(f"the price given is {own}: basis says {self.basis}")
        return self


_APART = (
    ("usd_per_unit", "usd_per_worker_hour", "are two bases, which are never mixed"),
    ("votes", "vote_margin", "both say how many vote"),
    ("seconds_per_unit", "stages", "say the same"),
    ("worker_hours", "seconds_per_unit", "say the same"),
    ("worker_hours", "stages", "say the same"),
    ("assisted_time_fraction", "accepted_fraction", "say the same"),
)
_TOGETHER = (
    ("vote_margin", "labeler_accuracy"),
    ("accepted_fraction", "verify_seconds"),
    ("verify_seconds", "accepted_fraction"),
    ("words_per_unit", "words_per_item"),
    ("media_seconds_per_unit", "media_seconds"),
)
