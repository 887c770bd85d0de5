"""The model as the formulas of serving see it."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.resolved import resolved_of
from mlquote.estimators.serving.served import served_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import NOW


def served(catalog: Snapshot, **sizes: Any) -> Any:
    described = Description(architecture=Architecture.model_validate(sizes))
    return served_of(resolved_of(described, catalog, NOW).value)


SIZES = {"layers": 32, "hidden_size": 4096, "heads": 32, "vocab_size": 32000, "ffn_size": 11008}


def test_grouped_heads_keep_two_numbers_a_head_dimension_and_layer(catalog: Snapshot) -> None:
    """2 x 8 heads x 128 x 32 layers = 65,536 numbers a token."""
    model = served(catalog, **SIZES, kv_heads=8, head_dim=128)
    assert model.full_elements_per_token == 2 * 8 * 128 * 32
    assert (model.kv_heads, model.full_layers, model.window) == (8, 32, 0)


def test_windowed_layers_are_counted_apart(catalog: Snapshot) -> None:
    """4 of 32 layers are full: 4 and 28 layers of 2 x 8 x 128 numbers."""
    model = served(
        catalog, **SIZES, kv_heads=8, head_dim=128, attention="gqa+swa", sliding_window=1024, full_attention_layers=4
    )
    assert model.full_elements_per_token == 4 * 2 * 8 * 128
    assert model.window_elements_per_token == 28 * 2 * 8 * 128
    assert (model.window, model.full_layers) == (1024, 4)


def test_a_mixture_shares_what_every_token_passes_through(catalog: Snapshot) -> None:
    model = served(catalog, **SIZES, experts=8, experts_per_token=2)
    assert (model.experts, model.experts_per_token, model.expert_fraction) == (8, 2, 0.25)
    assert model.active_params < model.params


@pytest.mark.parametrize("name", ["bert-base", "resnet-50"])
def test_what_makes_no_tokens_one_by_one_is_refused(catalog: Snapshot, name: str) -> None:
    with pytest.raises(OutOfDomain) as refused:
        served_of(resolved_of(Description(model=name), catalog, NOW).value)
    assert refused.value.faults[0].pointer == "/architecture"
