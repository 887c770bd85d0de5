"""The table of laws reads whole: each type has a usual class, and each default gives a count."""

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.hugging_face.law_table import TABLE

CLASSES = sorted({tuple(line.split()[:2]) for line in TABLE.strip().splitlines() if not line.startswith(" ")})


@pytest.mark.parametrize(("kind", "named"), CLASSES, ids=[" ".join(names) for names in CLASSES])
def test_a_default_counts(kind: str, named: str) -> None:
    config = {"_class_name": kind} if kind == named else {"model_type": kind, "architectures": [named]}
    assert read_config(config).params > 1_000_000
