"""Hugging Face configs read as they are: the published parameter count, to the parameter."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.stacks import sizes_of
from mlquote.kit.errors import Malformed, OutOfDomain

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("hf_configs.json").read_text())
LLAMA: dict[str, Any] = next(case["config"] for case in CASES if case["name"] == "Llama-3.1-8B")


def stack_of(config: dict[str, Any]) -> Stack:
    stack = read_config(config).stack
    assert stack is not None
    return stack


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_config_gives_the_published_count(case: dict[str, Any]) -> None:
    # `published`: the tensor total on the model's page at the Hugging Face hub, or what its name and paper round to
    count = read_config(case["config"]).params
    assert count == pytest.approx(case["published"], rel=case.get("rel_tol", 0))


@pytest.mark.parametrize(
    ("name", "active"),
    [
        pytest.param("Mixtral-8x7B-v0.1", 12.9e9, id="Mixtral 8x7B: 12.9B"),
        pytest.param("Mixtral-8x22B-v0.1", 39.1e9, id="Mixtral 8x22B: 39B"),
        pytest.param("DeepSeek-V3", 37.55e9, id="DeepSeek-V3: 37B"),
        pytest.param("DeepSeek-V2", 21.4e9, id="DeepSeek-V2: 21B"),
        pytest.param("Qwen3-235B-A22B", 22.2e9, id="Qwen3: 22B"),
        pytest.param("OLMoE-1B-7B", 1.28e9, id="OLMoE: 1.3B"),
        pytest.param("gpt-oss-120b", 5.13e9 + 201088 * 2880, id="gpt-oss: 5.13B without the input embedding"),
    ],
)
def test_a_mixture_gives_the_published_active_count(name: str, active: float) -> None:
    config = next(case["config"] for case in CASES if case["name"] == name)
    assert stack_params(stack_of(config)).active == pytest.approx(active, rel=5e-3)


def test_a_sliding_window_is_found_where_layers_alternate() -> None:
    config = next(case["config"] for case in CASES if case["name"] == "gemma-3-27b-pt")
    sizes = sizes_of(stack_of(config), "transformer")
    assert (sizes.attention, sizes.full_attention_layers, sizes.sliding_window) == ("gqa+swa", 10, 1024)


def test_a_padded_vocabulary_counts_as_stored() -> None:
    # 50257 -> 50304 rows of 768: 36,096 parameters more, once, for the table is tied
    gpt2 = next(case for case in CASES if case["name"] == "gpt2")
    padded = read_config({**gpt2["config"], "vocab_size": 50304})
    assert padded.params == gpt2["published"] + 47 * 768


def test_an_untied_head_is_a_table_of_its_own() -> None:
    tied = read_config({**LLAMA, "tie_word_embeddings": True})
    assert tied.params == 8030261248 - 128256 * 4096


def test_an_unknown_architecture_is_refused_with_the_nearest_family() -> None:
    with pytest.raises(Malformed) as refused:
        read_config({**LLAMA, "model_type": "lama"})
    assert refused.value.code == "unsupported-architecture"
    assert refused.value.faults[0].pointer == "/hf_config/model_type"
    assert "llama" in refused.value.faults[0].hint


def test_an_image_tower_of_unknown_kind_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        read_config({"text_config": LLAMA, "vision_config": {"model_type": "novel", "hidden_size": 8}})
    assert refused.value.faults[0].pointer == "/hf_config/vision_config"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param({"hidden_size": None}, "/hf_config/hidden_size", id="missing"),
        pytest.param({"hidden_size": "4096"}, "/hf_config/hidden_size", id="a string"),
        pytest.param({"hidden_size": True}, "/hf_config/hidden_size", id="a boolean"),
        pytest.param({"hidden_size": 4096.5}, "/hf_config/hidden_size", id="a fraction"),
        pytest.param({"hidden_size": float("nan")}, "/hf_config/hidden_size", id="not a number"),
        pytest.param({"num_hidden_layers": -1}, "/hf_config/num_hidden_layers", id="negative"),
        pytest.param({"num_hidden_layers": 0}, "/hf_config/num_hidden_layers", id="zero"),
        pytest.param({"num_hidden_layers": 10**9}, "/hf_config/num_hidden_layers", id="absurd depth"),
        pytest.param({"hidden_size": 10**12}, "/hf_config/hidden_size", id="absurd width"),
        pytest.param({"tie_word_embeddings": "yes"}, "/hf_config/tie_word_embeddings", id="no boolean"),
        pytest.param({"layer_types": ["full_attention"]}, "/hf_config/layer_types", id="layer types too few"),
        pytest.param({"layer_types": ["psychic"] * 32}, "/hf_config/layer_types", id="layer type unknown"),
        pytest.param({"layer_types": 3}, "/hf_config/layer_types", id="layer types no list"),
        pytest.param({"text_config": [1]}, "/hf_config/text_config", id="nested config no object"),
        pytest.param({"quantization_config": 8}, "/hf_config/quantization_config", id="quantization no object"),
        pytest.param({"model_type": None}, "/hf_config/model_type", id="no family"),
        pytest.param({"model_type": 5}, "/hf_config/model_type", id="family no word"),
        pytest.param({"vocab_size": 10**10}, "/hf_config/vocab_size", id="absurd vocabulary"),
        pytest.param({"torch_dtype": 16}, "/hf_config/torch_dtype", id="dtype no word"),
    ],
)
def test_a_malformed_or_absurd_config_is_refused_where_it_is_wrong(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises((Malformed, OutOfDomain)) as refused:
        read_config({**LLAMA, **change})
    assert refused.value.faults[0].pointer == pointer


def test_an_empty_config_is_refused() -> None:
    with pytest.raises(Malformed):
        read_config({})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("junk", [None, -1, 0, 1.5, "x", [], {}, True, 10**15], ids=repr)
def test_no_field_gone_wrong_breaks_the_reader(case: dict[str, Any], junk: object) -> None:
    for name in case["config"]:
        try:
            read_config({**case["config"], name: junk})
        except (Malformed, OutOfDomain) as refused:
            assert refused.faults[0].pointer.startswith("/hf_config")


@pytest.mark.parametrize(
    ("config", "params"),
    [
        ({"model_type": "voxtral", "architectures": ["VoxtralForConditionalGeneration"]}, 4_676_271_104),
        ({"model_type": "t5", "architectures": ["T5ForTokenClassification"]}, 35_331_842),
        ({"model_type": "big_bird", "architectures": ["BigBirdForSequenceClassification"]}, 128_060_930),
    ],
    ids=["parts-with-heads-of-their-own", "encoder-alone", "dense-before-classes"],
)
def test_a_class_alone_counts_as_the_library_builds_it(config: dict[str, Any], params: int) -> None:
    # transformers 5.24.0, built on the meta device
    assert read_config(config).params == params


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "mpt", "n_heads": 15},
        {"model_type": "ctrl", "n_head": 15},
        {"model_type": "segformer", "num_attention_heads": [1, 2, 5, 7]},
    ],
    ids=lambda config: config["model_type"],
)
def test_heads_that_do_not_divide_the_width_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(OutOfDomain, match="do not divide"):
        read_config(config)


def test_a_class_with_parts_that_are_not_counted_is_refused() -> None:
    with pytest.raises(Malformed, match="parts that we do not count"):
        read_config({"model_type": "blip-2", "architectures": ["Blip2ForImageTextRetrieval"]})


def test_colqwen2_is_its_model_without_logits_and_a_short_vector() -> None:
    inside = {"model_type": "qwen2_vl", "vision_config": {}, "text_config": {"vocab_size": 1000}}
    bare = read_config({**inside, "architectures": ["Qwen2VLModel"]})
    assert bare.stack is not None
    width = bare.stack.hidden_size
    retriever = read_config({"model_type": "colqwen2", "vlm_config": inside, "embedding_dim": 64})
    assert retriever.params == bare.params + width * 64 + 64
    with pytest.raises(Malformed, match="holds a llama"):
        read_config({"model_type": "colqwen2", "vlm_config": {"model_type": "llama"}})
