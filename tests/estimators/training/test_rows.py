"""Rows of short texts: packed, or one text each with padding; what a sample is, and what is refused or named."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rows import row_of
from mlquote.estimators.training.work import model_of
from mlquote.kit.errors import Malformed, OutOfDomain
from tests.estimators.hardware_sample import NOW
from tests.estimators.training.asking import asked, codes, middle, result

LLAMA: dict[str, Any] = {
    "model": "llama-3.1-8b", "tokens": 1e7, "sequence_length": 2048, "recompute": "full", "accelerator": "a100-80gb",
    "accelerator_count": 1, "date": "2026-06-01", "method": "lora",
}  # fmt: skip


def row(catalog: Snapshot, **fields: Any) -> tuple[float, float, int]:
    question = TrainingQuestion.model_validate(LLAMA | fields)
    resolved = model_of(question, catalog, NOW).value
    assert resolved is not None
    found = row_of(question, resolved)
    return found.held_tokens, pytest.approx(found.computed_tokens), found.longest_tokens


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (2048, 2048, 2048)),
        ({"document_lengths": [100, 300]}, (2048, 2048, 2048)),  # packed
        ({"document_lengths": [100, 300], "packing": False}, (200, 200, 300)),
        # of two texts drawn from two the longest is 300 three times of four: 250
        ({"document_lengths": [300, 100], "packing": False, "micro_batch_size": 2}, (200, 250, 300)),
        ({"document_lengths": [100, 4000], "packing": False}, (1074, 1074, 2048)),  # cut at the row
        # an exponential's largest of four: 1 + 1/2 + 1/3 + 1/4 = 2.0833 means
        ({"mean_document_tokens": 240, "micro_batch_size": 4}, (240, 500, 2048)),
        ({"mean_document_tokens": 1800, "micro_batch_size": 4}, (1800, 2048, 2048)),  # no longer than the row
        ({"mean_document_tokens": 240, "packing": True}, (2048, 2048, 2048)),
        ({"mean_document_tokens": 240, "method": "continued_pretrain"}, (2048, 2048, 2048)),
    ],
    ids=["whole", "packed", "one by one", "two", "cut", "mean", "mean at the row", "mean packed", "stream"],
)
def test_a_row_by_hand(catalog: Snapshot, fields: dict[str, Any], expected: tuple[float, float, int]) -> None:
    assert row(catalog, **fields) == expected


def test_packing_short_texts_saves_the_launches_of_most_steps(catalog: Snapshot) -> None:
    """Texts of 128 tokens in rows of 2,048: sixteen times fewer micro-steps, each far from waiting."""
    one, packed = (
        middle(result(catalog, **LLAMA | {"mean_document_tokens": 128, "packing": packing}).accelerator_hours)
        for packing in (False, True)
    )
    assert one > 2 * packed


def test_padding_lengthens_the_hours_and_lowers_the_mfu(catalog: Snapshot) -> None:
    texts = {"document_lengths": [256, 1792], "packing": False, "micro_batch_size": 8}
    padded, packed = (result(catalog, **LLAMA | texts | {"packing": packing}) for packing in (False, True))
    assert padded.training_flop == packed.training_flop
    assert padded.mfu is not None and packed.mfu is not None and middle(padded.mfu) < 0.7 * middle(packed.mfu)
    # the longest of eight is 1,792 in 255 of 256 micro-batches: 1,786 tokens computed for 1,024 held
    hours = middle(padded.accelerator_hours) / middle(packed.accelerator_hours)
    assert hours == pytest.approx(1786 / 1024, rel=0.08)
    said = next(each for each in asked(catalog, **LLAMA | texts).assumptions if each.name == "mfu")
    assert "1,786 tokens hold 1,024" in said.why


def test_padding_counts_on_many_nodes_too(catalog: Snapshot) -> None:
    many = LLAMA | {"accelerator_count": 64, "document_lengths": [256, 1792], "micro_batch_size": 8}
    padded, packed = (middle(result(catalog, **many, packing=packing).accelerator_hours) for packing in (False, True))
    assert padded / packed == pytest.approx(1786 / 1024, rel=0.08)


def test_a_sample_is_a_text_where_its_length_is_known(catalog: Snapshot) -> None:
    fields = {name: value for name, value in LLAMA.items() if name != "tokens"} | {"samples": 1000, "method": "dpo"}
    seen = [
        result(catalog, **fields | lengths).passes[0].tokens
        for lengths in ({}, {"mean_document_tokens": 200}, {"document_lengths": [100, 400], "packing": False})
    ]
    assert seen == [2 * 1000 * 2048, 2 * 1000 * 200, 2 * 1000 * 250]


def test_what_nobody_says_is_told(catalog: Snapshot) -> None:
    answer = asked(catalog, **LLAMA, mean_document_tokens=200)
    assert any(each.name == "packing" and "TRL" in each.why for each in answer.assumptions)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"packing": True}, "nobody says how long texts are"),
        ({"packing": False, "mean_document_tokens": 200, "method": "pretrain"}, "pretraining cuts one stream"),
        ({"packing": True, "document_lengths": [100, 200]}, "rows are so anyway"),
        ({"packing": False, "mean_document_tokens": 200, "accelerator_hours": 10.0}, "rows are so anyway"),
    ],
    ids=["no lengths", "pretraining", "as by default", "default with hours"],
)
def test_packing_that_changes_nothing_is_named(catalog: Snapshot, fields: dict[str, Any], words: str) -> None:
    answer = asked(catalog, **LLAMA | fields)
    assert "field-not-used" in codes(answer)
    assert any(words in warning.detail and "packing" in warning.detail for warning in answer.warnings)


def test_texts_that_cannot_be_are_refused(catalog: Snapshot) -> None:
    with pytest.raises(Malformed, match="both say how long"):
        asked(catalog, **LLAMA, mean_document_tokens=200, document_lengths=[100])
    with pytest.raises(OutOfDomain, match="do not fit rows"):
        asked(catalog, **LLAMA, mean_document_tokens=3000)
