"""Parameters of every kind of config, to the parameter, against the library that builds the model."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.kit.errors import Malformed, OutOfDomain

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("library_counts.ndjson").read_text().splitlines()
]
"""Configs with the count of the library named, each parameter once; a real file names where it was found."""


def kind_of(config: dict[str, Any]) -> str:
    return str(config.get("_class_name") or config["model_type"])


@pytest.mark.parametrize("kind", sorted({kind_of(case["config"]) for case in CASES}))
def test_a_config_counts_as_the_library_builds_it(kind: str) -> None:
    for case in (case for case in CASES if kind_of(case["config"]) == kind):
        assert read_config(case["config"]).params == case["params"], case


@pytest.mark.parametrize("junk", [None, -1, 0, 1.5, "x", [], {}, True, [3, "x"], 10**15], ids=repr)
def test_no_field_gone_wrong_breaks_a_reader(junk: object) -> None:
    for case in CASES[::7]:
        for name in case["config"]:
            try:
                read_config({**case["config"], name: junk})
            except (Malformed, OutOfDomain) as refused:
                assert refused.faults[0].pointer.startswith("/hf_config")


@pytest.mark.parametrize(
    ("config", "params"),
    [
        # Stable Diffusion 1.5 and XL: the counts on their cards, 859.5 and 2567.5 million
        pytest.param({"_class_name": "UNet2DConditionModel", "cross_attention_dim": 768}, 859_520_964, id="SD 1.5"),
        # 30522 x 768 untied from 109,514,298, and a bias for each word again
        pytest.param(
            {"model_type": "bert", "architectures": ["BertForMaskedLM"], "tie_word_embeddings": False},
            109_514_298 + 30522 * 769,
            id="BERT untied",
        ),
        # T5-small's encoder: 32128 x 512 + 6 (4 x 512^2 + 2 x 512 x 2048 + 2 x 512) + 512 + 32 x 8
        pytest.param(
            {"model_type": "t5", "architectures": ["T5EncoderModel"]},
            32128 * 512 + 6 * (4 * 512**2 + 2 * 512 * 2048 + 2 * 512) + 512 + 256,
            id="T5's encoder alone",
        ),
    ],
)
def test_published_and_worked_counts(config: dict[str, Any], params: int) -> None:
    assert read_config(config).params == params


def test_a_part_that_nobody_can_count_is_refused_and_not_left_out() -> None:
    with pytest.raises(Malformed) as refused:
        read_config({"model_type": "novel_vl", "text_config": {"model_type": "llama"}, "vision_config": {"depth": 2}})
    assert refused.value.code == "unsupported-architecture"


def test_sizes_left_to_the_class_are_named() -> None:
    read = read_config({"model_type": "qwen3", "hidden_size": 1024})
    assert ("/hf_config/num_hidden_layers", 32) in read.taken
    assert "/hf_config/hidden_size" not in dict(read.taken)


def test_layers_that_look_ahead_are_named() -> None:
    assert read_config({"model_type": "deepseek_v3", "num_nextn_predict_layers": 1}).look_ahead == 1


def test_null_is_a_value_and_no_silence() -> None:
    """q_lora_rank null: queries without a latent, 7168 x 24576 in place of 1536 (7168 + 1 + 24576), in 61 layers."""
    latent, plain = (read_config({"model_type": "deepseek_v3", **more}).params for more in ({}, {"q_lora_rank": None}))
    assert plain - latent == 61 * (7168 * 24576 - 1536 * (7168 + 1 + 24576))
