"""What may be asked about the price of a lower loss: from where, to where, under which laws, on what."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.estimators.asking.question import Count, Name, Positive, any_case
from mlquote.estimators.planning.own_law import TrainedRuns
from mlquote.estimators.planning.terms import MachineTerms


def _listed(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


LawNames = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1, max_length=40)]


class LossPlan(MachineTerms):
    """What lowering the loss from one value to another costs, each run split best, under each law."""

    loss_from: Positive
    """Loss of the run that is there, or that would be trained otherwise, nats per token."""
    loss_to: Positive
    """Loss that is wanted, below `loss_from`."""
    laws: LawNames | None = None
    """Laws of the catalogue (scaling_laws), as a list or with commas; default: one fit of each study of web text."""
    runs: TrainedRuns | None = None
    """Runs of your own, at least five of different sizes and lengths: the law fitted on them answers, alone unless
    `laws` names others."""
    objective: Annotated[Literal["huber", "least_squares"], any_case] | None = None
    """How runs are fitted: Huber's loss of ln L (default), or least squares of L."""
    tied: bool | None = None
    """The law of the runs has one exponent, alpha = beta; default false."""
    seed: Count | None = None
    """Of the draws that give the interval of the runs' law; default 0."""

    @model_validator(mode="after")
    def _downwards(self) -> Self:
        if self.loss_to >= self.loss_from:
            raise ValueError("loss_to is below loss_from: what a higher loss saves is the same question turned round")
        for name in ("objective", "tied", "seed"):
            if self.runs is None and getattr(self, name) is not None:
                raise ValueError(f"{name} is how runs are fitted: give runs")
        return self
