"""Laws learned from the library: what they count, what they are held to, and what they refuse."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.laws import has_law, law_count
from mlquote.kit.errors import Malformed, OutOfDomain


def params(**config: Any) -> int:
    return read_config(config).params


def test_git_by_hand() -> None:
    """A layer of text is 4 d^2 + 2 d f + 9 d + f at d = 768, f = 3072; untied logits are a table of their own."""
    base = params(model_type="git")
    assert params(model_type="git", num_hidden_layers=7) - base == 4 * 768**2 + 2 * 768 * 3072 + 9 * 768 + 3072
    assert params(model_type="git", vocab_size=30523) - base == 2 * 768 + 1
    assert params(model_type="git", vocab_size=30523, tie_word_embeddings=True) < base


def test_a_class_without_a_law_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        params(model_type="git", architectures=["GitForDancing"])
    assert refused.value.faults[0].pointer == "/hf_config/architectures"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"num_image_with_embedding": 6}, "/hf_config/num_image_with_embedding"),
        ({"vision_config": {"model_type": "swin"}}, "/hf_config/vision_config/model_type"),
    ],
    ids=["a value", "a part of another type"],
)
def test_what_a_law_is_held_to_is_refused_otherwise(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        params(model_type="git", **change)
    assert refused.value.faults[0].pointer == pointer
    assert refused.value.code == "unsupported-architecture"


@pytest.mark.parametrize("junk", [-1, "x", 10**15], ids=repr)
def test_a_field_that_is_absurd_is_refused(junk: object) -> None:
    with pytest.raises((Malformed, OutOfDomain)) as refused:
        params(model_type="git", vision_config={"hidden_size": junk})
    assert refused.value.faults[0].pointer == "/hf_config/vision_config/hidden_size"


def test_what_a_file_leaves_to_its_class_is_named() -> None:
    fields = Fields({"model_type": "git", "hidden_size": 768})
    assert has_law("git")
    assert law_count(fields) > 0
    assert fields.taken["/hf_config/num_hidden_layers"] == 6
    assert "/hf_config/hidden_size" not in fields.taken


def test_a_list_of_layers_is_read_as_far_as_there_are_layers() -> None:
    # transformers 5.24.0 builds 14 of the 28 layers whose types are listed: 14,751,269,504 parameters
    listed = ["dense", *["sparse"] * 27]
    ernie = {"model_type": "ernie4_5_vl_moe", "text_config": {"num_hidden_layers": 14, "mlp_layer_types": listed}}
    assert read_config(ernie).params == 14_751_269_504


def test_more_layers_than_types_of_layers_are_refused() -> None:
    with pytest.raises(Malformed, match="60 items for 120 layers"):
        read_config({"model_type": "minimax_m3_vl", "text_config": {"num_hidden_layers": 120}})
