"""What may be asked about the best training run: what there is to spend, what it is limited to, under which laws."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.asking.question import (
    Dtype,
    Moment,
    Name,
    NonNegative,
    Params,
    Positive,
    PositiveCount,
    Question,
    Share,
    Usd,
    any_case,
)
from mlquote.estimators.planning.loss_question import LawNames
from mlquote.estimators.planning.own_law import TrainedRuns
from mlquote.estimators.training.question import Optimizer


def _several(value: Any) -> Any:
    """One or several: words and numbers parted by commas; 1,024 is one number."""
    if isinstance(value, str):
        return [value.strip()] if _GROUPED.fullmatch(value.strip()) else [part.strip() for part in value.split(",")]
    return value if isinstance(value, list | tuple) else [value]


_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})*,0\d\d(?:,\d{3})*")
_several_of = BeforeValidator(_several)
_MOST_NAMED = 100
Names = Annotated[tuple[Name, ...], _several_of, Field(min_length=1, max_length=_MOST_NAMED)]
Counts = Annotated[
    tuple[Annotated[PositiveCount, Field(le=10**8)], ...], _several_of, Field(min_length=1, max_length=_MOST_NAMED)
]
Precisions = Annotated[tuple[Annotated[Dtype, any_case], ...], _several_of, Field(min_length=1, max_length=6)]
PriceModels = Annotated[tuple[Annotated[PriceModel, any_case], ...], _several_of, Field(min_length=1, max_length=9)]


class TrainingPlan(Question):
    """What is there for a pretraining run, and what it is limited to: the run of lowest predicted loss is wanted."""

    cost_usd: Annotated[Usd, Field(ge=Decimal("1e-9"))] | None = None
    """Dollars there are for the run."""
    accelerator_hours: Positive | None = None
    """Accelerator-hours there are."""
    energy_kwh: Positive | None = None
    """Electricity there is, through the building's meter."""
    emissions_kgco2e: Positive | None = None
    """kg CO2e there may be: of the grid's electricity and of making the machines."""
    training_flop: Positive | None = None
    """Model FLOP there are."""
    deadline_days: Annotated[Positive, Field(le=1e5)] | None = None
    """Days within which the run ends."""
    deadline_hours: Annotated[Positive, Field(le=1e6)] | None = None
    """The same in hours: one of the two."""

    max_tokens: Positive | None = None
    """At most so many tokens are seen, repeats included."""
    min_tokens: Annotated[Positive, Field(le=1e24)] | None = None
    """At least so many tokens are seen."""
    unique_tokens: Positive | None = None
    """Tokens there are: what is seen beyond them is seen again, and is worth less each time."""
    max_epochs: Annotated[Positive, Field(ge=1, le=1e6)] | None = None
    """Passes over `unique_tokens` at most; default: as many as the budget buys."""
    min_params: Params | None = None
    """Parameters of the model at least."""
    max_params: Params | None = None
    """Parameters of the model at most."""
    loss_to: Positive | None = None
    """A loss that is wanted, nats per token: refused as out of reach where no plan within the limits has it, and the
    cheapest plan that has it stands beside the best."""
    inference_tokens: NonNegative | None = None
    """Tokens that the model will read and write in use: the plan of the lowest lifetime cost at `loss_to` (default: the
    best plan's loss) stands beside the best."""

    shape_family: Name = "llama-3.1-8b"
    """Model of the catalogue whose proportions the planned one has: width to depth, heads, feed-forward, vocabulary."""
    sequence_length: Annotated[PositiveCount, Field(le=10**7)] | None = None
    """Tokens that attend to each other; default: the family's own training context."""
    accelerator: Names | None = None
    """Accelerators that may be used, one or several; default: all that are rented out at the date."""
    accelerator_count: Counts | None = None
    """How many at once, one or several numbers; default: single machines as they are listed, and 2, 3, 4, 6, 8, 12 ...
    whole nodes."""
    max_accelerators: Annotated[PositiveCount, Field(le=10**6)] | None = None
    """How many at once at most; default: the most that a published run had whose efficiency is known."""
    precision: Precisions = ("bf16",)
    """Precisions of the matrix products that may be used, one or several."""
    provider: Names | None = None
    """Who may rent the machines out, one or several; default: whoever does at the date."""
    region: Names | None = None
    """Regions that may be used, one or several."""
    price_model: PriceModels = ("on_demand",)
    """Terms of renting that may be used, one or several, or `owned`; spot instances are taken away, and terms are paid
    to their end, so only what is named here is planned."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own, of the one accelerator that is named."""
    grid_zone: Name | None = None
    """Grid zone that the machines stand in: regions of others are left out, and machines of your own stand there."""
    kgco2e_per_kwh: Annotated[NonNegative, Field(le=5)] | None = None
    """Carbon intensity of your electricity, wherever the machines stand."""
    pue: Annotated[Positive, Field(ge=1, le=5)] | None = None
    """Power usage effectiveness of the building, whosever it is."""
    mfu: Share | None = None
    """Model FLOP utilisation of every choice; default: fitted on published runs."""
    goodput_fraction: Share | None = None
    """Share of the time that moves training forward; multiplies `mfu`."""
    optimizer: Annotated[Optimizer, any_case] = "adam"
    """What is kept in memory for each parameter, as in training."""
    recompute: Annotated[Literal["none", "selective", "full"], any_case] = "none"
    """Activations computed again in the backward pass, as in training."""
    micro_batch_size: Annotated[PositiveCount, Field(le=10**6)] = 1
    """Sequences whose activations one rank keeps at a time."""
    flop_convention: Annotated[Literal["causal", "full_attention", "6nd", "palm", "cookbook"], any_case] | None = None
    """How FLOP are counted; default `causal`."""
    experiments_multiplier: Annotated[Positive, Field(ge=1, le=1000)] = 1.0
    """All compute, experiments and failed runs included, over the final run's: budgets are of all."""
    date: Moment | None = None
    """Date of the run. Default: `as_of`."""

    laws: LawNames | None = None
    """Laws of the catalogue, as a list or with commas; the first decides, the others stand beside it. Default: one fit
    of each study of web text."""
    runs: TrainedRuns | None = None
    """Runs of your own, at least five of different sizes and lengths: the law fitted on them decides."""
    objective: Annotated[Literal["huber", "least_squares"], any_case] | None = None
    """How runs are fitted: Huber's loss of ln L (default), or least squares of L."""
    tied: bool | None = None
    """The law of the runs has one exponent, alpha = beta; default false."""

    @model_validator(mode="after")
    def _said_together(self) -> Self:
        given = [name for name in BUDGETS if getattr(self, name) is not None]
        tokens = self.max_tokens is not None or (self.unique_tokens is not None and self.max_epochs is not None)
        if not given and not tokens:
            raise ValueError(f"nothing limits the run: give one of {', '.join(BUDGETS)}")
        if self.deadline_days is not None and self.deadline_hours is not None:
            raise ValueError("deadline_days and deadline_hours both say by when: give one of the two")
        if self.max_epochs is not None and self.unique_tokens is None:
            raise ValueError("max_epochs counts passes over unique_tokens: give unique_tokens")
        for least, most in (("min_params", "max_params"), ("min_tokens", "max_tokens")):
            low, high = getattr(self, least), getattr(self, most)
            if low is not None and high is not None and low > high:
                raise ValueError(f"{least} is above {most}: no plan is between them")
        for name in ("objective", "tied"):
            if self.runs is None and getattr(self, name) is not None:
                raise ValueError(f"{name} is how runs are fitted: give runs")
        if self.goodput_fraction is not None and self.mfu is None:
            raise ValueError("goodput_fraction multiplies mfu: give mfu")
        return self

    @property
    def deadline_h(self) -> float | None:
        """Hours within which the run ends."""
        return self.deadline_hours if self.deadline_days is None else 24.0 * self.deadline_days


BUDGETS = (
    "cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "deadline_days",
    "deadline_hours",
)  # fmt: skip
"""What there is for a run: at least one of them, or a limit of tokens, is given."""
