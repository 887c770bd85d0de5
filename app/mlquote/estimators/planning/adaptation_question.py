"""What may be asked about adapting a model to a task: a month of it, the API, what is hosted, what it learns from."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.asking.numbers import a_share
from mlquote.estimators.asking.question import (
    Count,
    Dtype,
    Name,
    Params,
    Positive,
    PositiveCount,
    Question,
    Usd,
    any_case,
)

Hits = Annotated[Decimal, BeforeValidator(a_share), Field(ge=0, le=1, allow_inf_nan=False)]
Tokens = Annotated[Count, Field(le=10**8)]


class AdaptationPlan(Question):
    """A task of like requests every month: an API's model prompted, or a model of one's own that learns it."""

    requests_per_month: Annotated[PositiveCount, Field(le=10**13)]
    """Requests a month."""
    input_tokens: Tokens
    """Tokens of one prompt, a shared prefix included."""
    output_tokens: Annotated[Tokens, Field(ge=1)]
    """Tokens of one answer."""
    shared_prefix_tokens: Tokens | None = None
    """How much of every prompt is the same, and may be cached."""
    months: Annotated[PositiveCount, Field(le=240)] | None = None
    """How long it runs; default 12."""

    provider: Name | None = None
    """Who sells the API."""
    model: Name
    """The model that is prompted there, whose answers the others are measured against."""
    cache_ttl: Annotated[Literal["5m", "1h"], any_case] | None = None
    """How long the API keeps a prefix after its last use; default 5m."""
    cache_hit_fraction: Hits | None = None
    """Share of requests that find it there; default: from their rate and the lifetime."""

    hosted_model: Name | None = None
    """A smaller open model that would learn the task: a catalogue id."""
    accelerator: Name | None = None
    """What it is trained and hosted on."""
    accelerator_count: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Accelerators that host it; default: as many as the busiest time needs."""
    weight_dtype: Annotated[Dtype, any_case] | None = None
    """How its weights are stored where it is hosted."""
    peak_factor: Annotated[Positive, Field(ge=1, le=1000)] | None = None
    """Requests a second at the busiest time over the mean; default 1, an even rate."""
    machine_provider: Name | None = None
    """Who rents the machines out."""
    region: Name | None = None
    """The region of the machines."""
    price_model: Annotated[PriceModel, any_case] = "on_demand"
    """Terms of renting, or `owned`."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own."""
    operations_usd_per_month: Usd | None = None
    """What running it oneself costs beside the machines (people, storage); default 0, said so."""

    examples: Annotated[PositiveCount, Field(le=10**10)] | None = None
    """Examples of the task that a model of one's own learns from."""
    epochs: Annotated[Positive, Field(le=1000)] | None = None
    """Passes over them; default 3."""
    usd_per_example: Usd | None = None
    """Price of one example written by people; `examples_ready` instead where they are there."""
    examples_ready: bool | None = None
    """The examples are there and cost nothing more; default false."""
    eval_items: Annotated[PositiveCount, Field(le=10**8)] | None = None
    """Answers that people compare with the API's, for each model that learns; default 385."""
    eval_votes: Annotated[PositiveCount, Field(le=1000)] | None = None
    """People who compare each; default 3."""
    usd_per_eval_label: Usd | None = None
    """Price of one comparison; default: what sellers ask."""
    train_params: Params | None = None
    """Parameters of a model that would be trained from nothing."""
    train_tokens: Positive | None = None
    """Tokens that it would be trained on."""
    seed: Annotated[Count, Field(le=2**31)] | None = None
    """Of the draws that give the months of break-even; default 0."""

    @model_validator(mode="after")
    def _said_together(self) -> Self:
        if (self.shared_prefix_tokens or 0) > self.input_tokens:
            raise ValueError("shared_prefix_tokens is a part of input_tokens and cannot exceed it")
        if self.examples_ready and self.usd_per_example is not None:
            raise ValueError("examples_ready says that examples cost nothing more: leave usd_per_example out")
        if (self.train_params is None) != (self.train_tokens is None):
            raise ValueError("train_params and train_tokens belong together")
        return self
