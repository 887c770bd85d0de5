"""A question with lists in it stands for every question with one value of each."""

from typing import Any

import pytest

from mlquote.estimators.comparing.combinations import MOST_COMBINATIONS, combinations_of
from mlquote.kit.errors import Malformed, TooLarge


def made(asked: dict[str, Any], *alternatives: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return list(combinations_of(asked, alternatives or ({},)))


def test_every_value_of_every_list_is_tried_with_every_other() -> None:
    found = made({"model": ["a", "b"], "tokens": [1, 2], "pue": 1.1})
    assert [choice for choice, _ in found] == [
        {"model": "a", "tokens": 1},
        {"model": "a", "tokens": 2},
        {"model": "b", "tokens": 1},
        {"model": "b", "tokens": 2},
    ]
    assert found[3][1] == {"model": "b", "tokens": 2, "pue": 1.1}


def test_a_list_in_a_part_is_named_by_its_path() -> None:
    ((choice, fields), _) = made({"workload": {"input_tokens": [10, 20], "requests_per_day": 5}})
    assert choice == {"workload.input_tokens": 10}
    assert fields == {"workload": {"input_tokens": 10, "requests_per_day": 5}}


def test_alternatives_are_laid_over_the_question() -> None:
    found = made({"tokens": 1, "pue": 1.2}, {"provider": "p1"}, {"provider": "p2", "pue": 1.1})
    assert [fields for _, fields in found] == [
        {"tokens": 1, "pue": 1.2, "provider": "p1"},
        {"tokens": 1, "pue": 1.1, "provider": "p2"},
    ]
    assert [choice for choice, _ in found] == [{"provider": "p1"}, {"provider": "p2", "pue": 1.1}]


def test_a_body_is_what_it_is_lists_and_all() -> None:
    ((choice, fields),) = made({"hf_config": {"architectures": ["LlamaForCausalLM"]}})
    assert (choice, fields) == ({}, {"hf_config": {"architectures": ["LlamaForCausalLM"]}})


def test_an_empty_list_compares_nothing() -> None:
    with pytest.raises(Malformed) as caught:
        made({"workload": {"input_tokens": []}})
    assert caught.value.faults[0].pointer == "/workload/input_tokens"


def test_too_many_are_refused_before_one_is_made() -> None:
    with pytest.raises(TooLarge):
        made({"tokens": list(range(MOST_COMBINATIONS + 1))})
