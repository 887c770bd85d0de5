"""A check's report is the same wherever it ran: verdict, limits, questions, and what a reader must know of it."""

import pytest

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import OutOfDomain
from mlquote.spend.asking import asked_of
from mlquote.spend.budgets import Budget
from mlquote.spend.checks import quoted, report
from tests.spend.samples import AT, training, usage
from tests.spend.toys import TOYS

SNAPSHOT = Snapshot(Release("r1", AT.date(), "d", {}, {}), {})


def budget(per: str = "check") -> Budget:
    limit = {"figure": "cost_usd", "per": per, "fail_above": 1000}
    return Budget.model_validate({"limits": [limit], "labels": {"team": "nlp", "run": "1"}})


def test_a_report_is_plain_and_a_checks_labels_are_laid_over_the_budgets() -> None:
    found = report("team", budget(), [training()], {}, AT, labels={"run": "7"})
    assert (found["verdict"], found["labels"]) == ("pass", {"team": "nlp", "run": "7"})
    assert found["questions"][0]["figures"]["cost_usd"] == {"low": 80, "central": 100, "high": 130}
    assert (found["catalog"]["release"], found["reservation"], found["warnings"]) == ("r1", None, [])


def test_ranges_of_several_questions_are_added_and_said_so() -> None:
    found = report("team", budget(), [training(), usage()], {}, AT, labels={})
    assert [warning["code"] for warning in found["warnings"]] == ["ranges-added"]


def test_a_budget_file_keeps_no_ledger_for_its_periods() -> None:
    codes = [
        [warning["code"] for warning in report("f", budget(per), [], {}, AT, labels={}, keeps_ledger=False)["warnings"]]
        for per in ("check", "month")
    ]
    assert codes == [[], ["no-ledger"]]


def test_the_answer_may_come_from_another_estimate_and_a_fault_stands_below_its_question() -> None:
    asked = asked_of("run", TOYS["training"], {"tokens": 1e9})
    assert quoted(asked, SNAPSHOT, AT).figures["cost_usd"] is not None

    def refused(*_: object) -> None:
        raise OutOfDomain("no", pointer="/tokens")

    with pytest.raises(OutOfDomain) as error:
        quoted(asked, SNAPSHOT, AT, pointer="/questions/run", estimate=refused)
    assert error.value.faults[0].pointer == "/questions/run/tokens"
