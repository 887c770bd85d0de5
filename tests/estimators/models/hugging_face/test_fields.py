"""A config read with care: the first name that is there, each fault where it stands."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.kit.errors import Malformed, OutOfDomain

CONFIG = Fields({"n_layer": 12, "n_head": None, "num_heads": 8.0, "tie": True, "kind": "gpt2", "types": ["a", "b"]})


def test_the_first_name_that_is_there_and_not_null_counts() -> None:
    assert (CONFIG.count("num_hidden_layers", "n_layer"), CONFIG.count("n_head", "num_heads")) == (12, 8)


def test_a_default_stands_in_for_what_is_missing() -> None:
    assert CONFIG.count("d_model", default=64) == 64
    assert CONFIG.flag("bias", default=False) is False
    assert CONFIG.word("act", default="gelu") == "gelu"
    assert CONFIG.listed("ratios") is None
    assert CONFIG.part("vision_config") is None


def test_a_missing_size_says_every_name_it_could_have_had() -> None:
    with pytest.raises(Malformed) as refused:
        CONFIG.count("hidden_size", "n_embd")
    assert refused.value.faults[0].pointer == "/hf_config/hidden_size"
    assert refused.value.faults[0].hint == "hidden_size or n_embd"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(0, OutOfDomain, id="below the least"),
        pytest.param(10_000_001, OutOfDomain, id="above the most"),
        pytest.param(1.5, Malformed, id="a fraction"),
        pytest.param(True, Malformed, id="a truth value"),
        pytest.param("12", Malformed, id="a string"),
    ],
)
def test_what_is_no_size_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Fields({"size": value}).count("size")


def test_bounds_belong_to_the_sizes() -> None:
    assert Fields({"size": 10_000_000}).count("size") == 10_000_000
    assert Fields({"layers": 10_000}).layers("layers") == 10_000
    with pytest.raises(OutOfDomain):
        Fields({"layers": 10_001}).layers("layers")


def test_a_list_has_one_item_a_layer() -> None:
    assert CONFIG.listed("types", 2) == ["a", "b"]
    with pytest.raises(OutOfDomain):
        CONFIG.listed("types", 3)


def test_a_part_knows_where_it_stands() -> None:
    inner = Fields({"text_config": {"hidden_size": "wide"}}).part("llm_config", "text_config")
    assert inner is not None
    with pytest.raises(Malformed) as refused:
        inner.count("hidden_size")
    assert refused.value.faults[0].pointer == "/hf_config/text_config/hidden_size"


def test_defaults_fill_blanks_and_replacements_win() -> None:
    filled = Fields({"a": 1, "b": None}).with_defaults(a=5, b=6)
    assert (filled.count("a"), filled.count("b"), filled.replaced(a=9).count("a")) == (1, 6, 9)
