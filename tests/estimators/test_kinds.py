"""Every kind of estimate has an example that the bundled catalogue answers in full."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import ESTIMATORS


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_the_example_is_answered(kind: str, catalog: Snapshot, now: datetime) -> None:
    member = ESTIMATORS[kind]
    answer = member.estimate(member.question.model_validate(member.example), catalog, now)
    assert answer.rows
    assert answer.catalog.release == catalog.release.id
