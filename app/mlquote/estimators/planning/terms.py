"""On what and at which price a planned run is trained: the fields that every plan shares with a training question."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.asking.question import (
    Dtype,
    Moment,
    Name,
    NonNegative,
    Positive,
    PositiveCount,
    Question,
    Share,
    Usd,
    any_case,
)
from mlquote.estimators.training.question import TrainingQuestion


class MachineTerms(Question):
    """The machines of a run, where they stand and what they cost, as `/v1/estimates/training` has these fields."""

    accelerator: Name
    """Catalogue id or alias of the accelerator."""
    accelerator_count: Annotated[PositiveCount, Field(le=10**8)] | None = None
    """How many at once."""
    precision: Annotated[Dtype, any_case] | None = None
    """Precision of the matrix products; default bf16, or what the part has instead."""
    mfu: Share | None = None
    """Model FLOP utilisation of the dense peak of `precision`; default: fitted on published runs."""
    goodput_fraction: Share | None = None
    """Share of the time that moves training forward; multiplies `mfu`."""
    experiments_multiplier: Annotated[Positive, Field(ge=1, le=1000)] = 1.0
    """All compute, experiments and failed runs included, over the final run's."""
    date: Moment | None = None
    """Date of the run. Default: `as_of`."""
    provider: Name | None = None
    """Who rents the machines out."""
    region: Name | None = None
    """The provider's region."""
    price_model: Annotated[PriceModel, any_case] = "on_demand"
    """Terms of renting, or `owned`."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own."""
    grid_zone: Name | None = None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Annotated[NonNegative, Field(le=5)] | None = None
    """Carbon intensity of your electricity."""
    pue: Annotated[Positive, Field(ge=1, le=5)] | None = None
    """Power usage effectiveness of the building."""

    def run_of(self, params: float, tokens: float) -> TrainingQuestion:
        """The training question of a model of so many parameters on so many tokens, under these terms."""
        said: Mapping[str, Any] = {name: getattr(self, name) for name in (*_TERMS, "as_of", "release")}
        return TrainingQuestion(params=round(params), tokens=tokens, **said)


_TERMS = tuple(name for name in MachineTerms.model_fields if name not in Question.model_fields)
