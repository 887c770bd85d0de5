"""Encoder-decoders: tables shared and apart, positions counted and not."""

from mlquote.estimators.models.hugging_face.config import read_config


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
