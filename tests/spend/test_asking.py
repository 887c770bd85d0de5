"""Every question of a check is read once, and every fault says where in the request it stands."""

import pytest

from mlquote.kit.errors import Malformed
from mlquote.spend.asking import CheckRequest, questions_of
from tests.spend.toys import TOYS


def request(**fields: object) -> CheckRequest:
    return CheckRequest.model_validate(fields)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"question": {"kind": "training", "tokens": 1}}, [("question", "training", "/question")]),
        ({"question": {"name": "run", "tokens": 1}}, [("run", "training", "/question")]),
        ({"questions": {"a": {"tokens": 1}}}, [("a", "training", "/questions/a")]),
        ({"questions": [{"tokens": 1}, {"name": "b", "tokens": 1}]},
         [("1", "training", "/questions/0"), ("b", "training", "/questions/1")]),
    ],
    ids=["one", "named", "mapping", "list"],
)  # fmt: skip
def test_a_question_has_a_name_a_kind_and_a_place(body: dict, found: list) -> None:
    assert [(each.name, each.kind, each.pointer) for each in questions_of(request(**body), TOYS)] == found


def test_the_question_is_read_and_its_fields_are_kept_as_written() -> None:
    (asked,) = questions_of(request(question={"kind": "training", "tokens": "1e9"}), TOYS)
    assert asked.question.model_dump()["tokens"] == 10**9
    assert asked.fields == {"tokens": "1e9"}


def test_the_faults_of_all_questions_come_together() -> None:
    with pytest.raises(Malformed) as refused:
        questions_of(request(questions={"a": {"kind": "training", "tokesn": 1}, "b": {"kind": "trainin"}}), TOYS)
    assert [fault.pointer for fault in refused.value.faults] == ["/questions/a/tokesn", "/questions/b/kind"]


def test_two_questions_of_one_name_are_refused() -> None:
    with pytest.raises(Malformed, match="one name"):
        questions_of(request(questions=[{"name": "a", "tokens": 1}, {"name": "a", "tokens": 1}]), TOYS)


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J", "x" * 201])
def test_a_name_of_more_than_a_line_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="is no name of a question"):
        questions_of(CheckRequest.model_validate({"questions": {name: {"kind": "training", "params": 1e9}}}))
