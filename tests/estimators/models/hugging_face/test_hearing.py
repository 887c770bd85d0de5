"""Audio networks: published sizes."""

from mlquote.estimators.models.hugging_face.config import read_config


def test_wav2vec_base_has_its_published_size() -> None:
    """94,371,712 without a head; 32 symbols of 768 and a bias each."""
    assert read_config({"model_type": "wav2vec2", "architectures": ["Wav2Vec2Model"]}).params == 94_371_712
    assert read_config({"model_type": "wav2vec2"}).params == 94_371_712 + 32 * 769


def test_hubert_without_a_norm_before_its_projection() -> None:
    plain = read_config({"model_type": "hubert"}).params
    assert plain - read_config({"model_type": "hubert", "feat_proj_layer_norm": False}).params == 2 * 512
