"""Losses of embeddings against their textbook forms, solved by hand."""

from typing import Any

import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate


@pytest.mark.parametrize(
    ("row", "words"), [([0.0, 0.0], "length 0"), (["NaN", 1.0], "nan"), ([1.0, "Infinity"], "inf")]
)
def test_a_bad_embedding_is_named_by_its_row_however_many_pairs_there_are(row: list[Any], words: str) -> None:
    rows = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.0, 3.0], row]
    body = {"loss": "infonce", "predictions": {"embeddings": rows}, "targets": [0, 0, 1, 2, 3, 4], "mask": [1, 0]}
    with pytest.raises(OutOfDomain, match=words) as refusal:
        evaluate({**body, "params": {"variant": "ntxent"}})
    assert refusal.value.faults[0].pointer.startswith("/predictions/embeddings/5")
