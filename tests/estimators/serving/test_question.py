"""What a serving question takes: words in any case, terms, bounds."""

import pytest
from pydantic import ValidationError

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.serving.question import ServingQuestion
from tests.estimators.serving.asking import LLAMA


@pytest.mark.parametrize(
    ("written", "scope"),
    [("gpu", "gpu"), ("Chip", "gpu"), ("system", "wall"), ("SYSTEM_WALL", "wall"), (" Facility ", "facility")],
)
def test_a_scope_is_known_by_its_other_names(written: str, scope: str) -> None:
    assert ServingQuestion.model_validate(LLAMA | {"power_scope": written}).power_scope == scope


@pytest.mark.parametrize(
    ("price_model", "cost_basis", "terms"),
    [
        ("spot", None, "spot"),
        ("owned", None, "owned"),
        ("spot", "amortised", "owned"),
        ("owned", "rental", "on_demand"),
        ("reserved_1y", "rental", "reserved_1y"),
    ],
)
def test_the_terms_are_the_price_model_with_the_basis_taken_into_it(
    price_model: str, cost_basis: str | None, terms: PriceModel
) -> None:
    fields = LLAMA | {"price_model": price_model, "cost_basis": cost_basis}
    assert ServingQuestion.model_validate(fields).terms == terms


@pytest.mark.parametrize(
    "fields",
    [{"concurrency": 0}, {"output_tokens": 0}, {"utilisation_fraction": 0}, {"speculative_tokens": 33}, {"pue": 0.9}],
    ids=lambda fields: next(iter(fields)),
)
def test_a_figure_outside_its_bounds_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        ServingQuestion.model_validate(LLAMA | fields)
