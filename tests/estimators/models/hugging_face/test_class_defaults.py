"""The defaults of configuration classes: whole, and every type that a reader names."""

from mlquote.estimators.models.hugging_face.class_defaults import class_defaults
from mlquote.estimators.models.hugging_face.config import STACKS
from mlquote.estimators.models.hugging_face.counted import COUNTS
from mlquote.estimators.models.hugging_face.decoders import FAMILIES


def test_llama_2_7b_is_what_an_empty_llama_config_is() -> None:
    said = class_defaults("llama")
    assert (said["hidden_size"], said["num_hidden_layers"], said["vocab_size"]) == (4096, 32, 32000)


def test_a_part_names_its_type() -> None:
    assert class_defaults("mistral3")["vision_config"]["model_type"] == "pixtral"


def test_an_unknown_type_has_none() -> None:
    assert class_defaults("novel") == {}


def test_nearly_every_type_that_is_read_has_defaults() -> None:
    """Types of older or remote code have no class in the library."""
    apart = {"exaone", "kimi_k2", "sarvam_mla", "internlm3"}
    missing = {name for name in (*FAMILIES, *STACKS, *COUNTS) if not class_defaults(name)}
    assert missing <= apart, missing - apart
