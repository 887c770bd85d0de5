"""Text encoders: heads that a file names, layers that are shared."""

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.kit.errors import Malformed

ALBERT = {"model_type": "albert", "architectures": ["AlbertForMaskedLM"]}


def test_albert_shares_its_layers() -> None:
    more = read_config({**ALBERT, "num_hidden_layers": 24}).params
    assert more == read_config(ALBERT).params


def test_a_classifier_stands_on_a_pooler() -> None:
    """Without num_labels or id2label there are two classes: d^2 + d and 2 d + 2, for d of 768."""
    bare = read_config({"model_type": "mpnet", "architectures": ["MPNetModel"]}).params
    classes = read_config({"model_type": "mpnet", "architectures": ["MPNetForSequenceClassification"]}).params
    assert classes - bare == 2 * (768 + 1)


def test_an_unknown_head_is_refused() -> None:
    with pytest.raises(Malformed):
        read_config({"model_type": "fnet", "architectures": ["FNetForNovelty"]})
