"""`hours` belongs to a question whose answer is a rate, and is a field like any other."""

from decimal import Decimal

import pytest

from mlquote.kit.errors import Malformed
from mlquote.spend.running import read_running, split
from tests.spend.toys import RATE, TOYS


def test_a_rate_says_how_long_it_runs_beside_its_own_fields() -> None:
    question, hours = read_running(RATE, {"accelerator_count": 8, "hours": "720"})
    assert (question.model_dump()["accelerator_count"], hours) == (8, Decimal(720))
    assert read_running(RATE, {"accelerator_count": 8})[1] is None


def test_a_question_that_is_no_rate_has_no_hours() -> None:
    assert split(TOYS["training"], {"hours": 3}) == ({"hours": 3}, None)
    with pytest.raises(Malformed) as refused:
        read_running(TOYS["training"], {"hours": 3}, "/question")
    assert refused.value.faults[0].pointer == "/question/hours"


@pytest.mark.parametrize("hours", [0, -1, "soon", 2_000_000, float("nan")])
def test_hours_are_a_positive_number_that_somebody_may_live_to_see(hours: object) -> None:
    with pytest.raises(Malformed) as refused:
        read_running(RATE, {"hours": hours}, "/question")
    assert refused.value.faults[0].pointer == "/question/hours"


def test_a_wrong_field_and_wrong_hours_are_told_together() -> None:
    with pytest.raises(Malformed) as refused:
        read_running(RATE, {"acceleratr": 8, "hours": 0})
    assert [fault.pointer for fault in refused.value.faults] == ["/acceleratr", "/hours"]
    assert refused.value.code == "unknown-field"
