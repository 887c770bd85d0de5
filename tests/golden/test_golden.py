"""Every golden question is answered as it is kept; python -m tests.golden.rewrite keeps new answers on purpose."""

from collections import Counter
from difflib import unified_diff

import pytest

from tests.golden.asking import ANSWERS, Question, answer, questions
from tests.golden.service import Service
from tests.golden.wire import alike, compact, masked, parsed, parsed_lines, pretty

QUESTIONS = list(questions())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_answer_is_what_it_was(golden_service: Service, question: Question) -> None:
    kept = question.file.read_text(encoding="utf-8") if question.file.exists() else ""
    said = answer(golden_service, question)
    if not alike(kept, said):
        lines = unified_diff(kept.splitlines(), said.splitlines(), f"answers/{question.file.name}", "said", lineterm="")
        pytest.fail("\n".join(lines), pytrace=False)
    assert golden_service.release not in kept


def test_every_question_has_a_name_and_an_answer_of_its_own_and_no_answer_is_an_orphan() -> None:
    names = Counter(question.name for question in QUESTIONS)
    assert [name for name, times in names.items() if times > 1] == []
    assert {path.name for path in ANSWERS.iterdir()} == {question.file.name for question in QUESTIONS}


def test_numbers_are_kept_as_they_were_spelt() -> None:
    wire = '{"b":1.50,"a":[1e22,-0.0,{}],"c":"ü\\n","d":null}'
    assert compact(parsed(wire)) == wire
    assert pretty(parsed(wire)).splitlines()[1:4] == [' "b": 1.50,', ' "a": [', "  1e22,"]


@pytest.mark.parametrize("text", ['{"a": 1}', '{"a":1}\n', '{"a":1,"a":2}', '{"a":"\\u00fc"}'])
def test_what_would_not_be_written_back_as_it_came_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not compact"):
        parsed(text)


def test_lines_are_read_with_and_without_a_list_around_them() -> None:
    assert [compact(value) for value in parsed_lines('[{"a":1},\n{"a":2}]\n')] == ['{"a":1}', '{"a":2}']
    assert [compact(value) for value in parsed_lines('{"a":1}\n{"a":2}\n')] == ['{"a":1}', '{"a":2}']
    with pytest.raises(ValueError, match="not a value on each line"):
        parsed_lines("1\n2")


@pytest.mark.parametrize(
    ("kept", "said", "same"),
    [
        (' "x": -0.27395663298015427,', ' "x": -0.2739566329801543,', True),
        (' "x": 1.1102230246251565e-16', ' "x": 0.0', True),
        (' "x": -0.27395663298015427', ' "x": -0.27395663298115427', False),
        (' "usd": 0.00014', ' "usd": 0.00015', False),
        (' "x": 0.27395663298015427,', ' "y": 0.27395663298015427,', False),
        (' "x": "0.27395663298015427"', ' "x": "0.27395663298015428"', False),
    ],
)
def test_only_the_last_digits_of_floats_may_differ(kept: str, said: str, same: bool) -> None:
    assert alike(kept, said) is same


def test_a_mask_hides_the_field_it_names_and_nothing_else() -> None:
    answered = parsed('{"id":"r1","rows":[{"id":7,"usd":7}],"catalog":{"digest":"d"},"digest":"kept","by":null}')
    hidden = masked(answered, ("rows/id", "catalog/digest", "by"))
    assert compact(hidden) == (
        '{"id":"r1","rows":[{"id":"<id>","usd":7}],"catalog":{"digest":"<digest>"},"digest":"kept","by":null}'
    )


OK = 200
ASKED = ("/v1/estimates/training", "/v1/estimates/serving", "/v1/estimates/inference", "/v1/comparisons",
         "/v1/comparisons/releases")  # fmt: skip
SAME = ("question", "result", "warnings", "catalog")
"""Not the assumptions: what was a default is given the second time."""
ESTIMATES = [q for q in QUESTIONS if len(q.steps) == 1 and q.steps[0].path.partition("?")[0] in ASKED]


@pytest.mark.parametrize("question", ESTIMATES, ids=lambda question: question.name)
def test_an_answers_question_posted_back_has_the_same_result_and_warnings(
    golden_service: Service, question: Question
) -> None:
    """A default that was filled in is not warned of as a field that changes nothing."""
    (step,) = question.steps
    path = step.path.partition("?")[0]
    first = golden_service.request(step.method, step.path, content=step.content, headers=step.headers)
    if first.status_code != OK or "json" not in first.headers["content-type"]:
        return
    told = parsed(first.text)
    again = parsed(golden_service.request("POST", path, content=compact(told["question"])).text)
    assert {name: again.get(name) for name in SAME} == {name: told[name] for name in SAME}
