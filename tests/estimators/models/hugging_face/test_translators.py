"""Encoder-decoders: tables shared and apart, positions counted and not."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.kit.errors import Malformed


def test_untied_stacks_have_three_tables_more() -> None:
    config = {"model_type": "mbart", "architectures": ["MBartForConditionalGeneration"]}
    untied = read_config({**config, "tie_word_embeddings": False}).params
    assert untied - read_config(config).params == 3 * 50265 * 1024


def test_bart_learns_two_positions_more_than_it_names() -> None:
    """BART-large: 406,291,456 on its card."""
    config = {"model_type": "bart", "architectures": ["BartForConditionalGeneration"]}
    assert read_config(config).params == 406_291_456


def test_whisper_tiny_has_its_published_size() -> None:
    """37,760,640, of 39 million on its card."""
    assert read_config({"model_type": "whisper"}).params == 37_760_640


@pytest.mark.parametrize(
    ("encoder", "decoder", "params"),
    [
        ({"model_type": "bert"}, {"model_type": "bert"}, 247_363_386),
        (
            {"model_type": "roberta", "num_hidden_layers": 3, "hidden_size": 1024, "num_attention_heads": 16},
            {"model_type": "bert", "num_hidden_layers": 5},
            157_049_402,
        ),
    ],
    ids=["BERT to BERT", "RoBERTa to BERT"],
)
def test_two_berts_as_one_are_what_transformers_builds(
    encoder: dict[str, Any], decoder: dict[str, Any], params: int
) -> None:
    """transformers 5.24.0 on the meta device; where widths differ a product stands between."""
    assert read_config({"model_type": "encoder-decoder", "encoder": encoder, "decoder": decoder}).params == params


def test_an_encoder_decoder_of_other_types_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        read_config(
            {"model_type": "encoder-decoder", "encoder": {"model_type": "bert"}, "decoder": {"model_type": "gpt2"}}
        )
    assert refused.value.faults[0].pointer == "/hf_config/decoder/model_type"
