"""Comparisons: every combination asked, ranked by one figure, refusals kept in the table."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.combinations import MOST_COMBINATIONS
from mlquote.estimators.comparing.comparison import Comparison, Ranking, comparison
from mlquote.kit.errors import Malformed, OutOfDomain, TooLarge, UnknownName

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
MILLION = {"input_tokens": 1_000_000}


def ranked(catalog: Snapshot, **fields: Any) -> Ranking:
    result = comparison(Comparison.model_validate(fields), catalog, NOW).result
    assert isinstance(result, Ranking)
    return result


def test_models_are_ranked_by_what_the_same_usage_costs(catalog: Snapshot) -> None:
    """A million tokens in: Haiku 4.5 1, Sonnet 4.6 3, Opus 4.7 5."""
    models = ["claude-opus-4-7", "claude-haiku-4-5", "claude-sonnet-4-6"]
    table = ranked(catalog, provider="anthropic", model=models, usage=MILLION)
    assert [(row["rank"], row["choice"]["model"], row["value"], row["times_best"]) for row in table.rows] == [
        (1, "claude-haiku-4-5", Decimal(1), 1.0),
        (2, "claude-sonnet-4-6", Decimal(3), 3.0),
        (3, "claude-opus-4-7", Decimal(5), 5.0),
    ]
    assert table.best == {"model": "claude-haiku-4-5"}


def test_pairs_are_tried_together_and_lists_with_each_of_them(catalog: Snapshot) -> None:
    """Batch halves both: gpt-5 1.25 and 0.625, Haiku 1 and 0.5."""
    pairs = [{"provider": "openai", "model": "gpt-5"}, {"provider": "anthropic", "model": "claude-haiku-4-5"}]
    table = ranked(catalog, alternatives=pairs, processing=["standard", "batch"], usage=MILLION)
    values = [row["value"] for row in table.rows]
    assert values == [Decimal("0.5"), Decimal("0.625"), Decimal(1), Decimal("1.25")]


def test_a_model_without_a_provider_is_compared_over_all_that_sell_it(catalog: Snapshot) -> None:
    table = ranked(catalog, model="claude-opus-4-7", usage=MILLION)
    assert {"anthropic", "google-vertex"} <= {row["choice"]["provider"] for row in table.rows}


def test_a_provider_written_before_the_model_is_meant_alone(catalog: Snapshot) -> None:
    table = ranked(catalog, model=["openai/gpt-5", "anthropic/claude-haiku-4-5"], usage=MILLION)
    assert [row["choice"]["model"] for row in table.rows] == ["anthropic/claude-haiku-4-5", "openai/gpt-5"]


def test_what_cannot_be_answered_stands_below_with_the_reason(catalog: Snapshot) -> None:
    table = ranked(catalog, provider="anthropic", model=["claude-haiku-4-5", "gpt-5"], usage=MILLION)
    assert [row["rank"] for row in table.rows] == [1, None]
    assert "gpt-5" in (table.rows[1]["error"] or "")


def test_where_nothing_can_be_answered_the_first_refusal_is_the_answer(catalog: Snapshot) -> None:
    with pytest.raises(UnknownName):
        ranked(catalog, provider="anthropic", model=["nope", "neither"], usage=MILLION)
    with pytest.raises(OutOfDomain):
        ranked(catalog, provider="anthropic", model="claude-haiku-4-5", processing=["turbo", "warp"], usage=MILLION)


def test_lists_inside_a_workload_are_tried_too(catalog: Snapshot) -> None:
    """1000 x 30 x 1e-6 x 1.25 x (1000 or 2000 tokens): 37.5 and 75."""
    workload = {"requests_per_day": 1000, "input_tokens": [2000, 1000]}
    table = ranked(catalog, provider="openai", model="gpt-5", workload=workload)
    assert [(row["choice"]["workload.input_tokens"], row["value"]) for row in table.rows] == [
        (1000, Decimal("37.5")),
        (2000, Decimal(75)),
    ]


def test_any_figure_can_rank_and_either_end_can_be_first(catalog: Snapshot) -> None:
    table = ranked(
        catalog, provider="openai", model=["gpt-5", "gpt-5-mini"], usage=MILLION, rank_by="usd_per_mtok.input",
        order="highest",
    )  # fmt: skip
    assert [row["choice"]["model"] for row in table.rows] == ["gpt-5", "gpt-5-mini"]


def test_an_unknown_figure_names_those_there_are(catalog: Snapshot) -> None:
    with pytest.raises(Malformed) as caught:
        ranked(catalog, provider="openai", model=["gpt-5", "gpt-5-mini"], usage=MILLION, rank_by="price")
    assert caught.value.faults[0].pointer == "/rank_by"


def test_other_kinds_of_question_are_compared_the_same_way(catalog: Snapshot) -> None:
    table = ranked(
        catalog, params=7e9, tokens=1e12, accelerator=["h100-sxm", "a100-sxm-80gb"], rank_by="accelerator_hours"
    )
    assert table.kind == "training"
    assert table.rows[0]["choice"]["accelerator"] == "h100-sxm"


def test_one_combination_is_no_comparison(catalog: Snapshot) -> None:
    with pytest.raises(Malformed):
        ranked(catalog, provider="openai", model="gpt-5", usage=MILLION)


def test_too_many_combinations_are_refused_before_any_is_asked(catalog: Snapshot) -> None:
    many = list(range(1, MOST_COMBINATIONS))
    with pytest.raises(TooLarge):
        ranked(catalog, provider="openai", model=["gpt-5", "gpt-5-mini"], usage={"input_tokens": many})


def test_query_parameters_part_values_with_commas(catalog: Snapshot) -> None:
    fields = {"provider": "openai", "model": "gpt-5,gpt-5-mini", "input_tokens": "1,000,000", "output_tokens": "10,20"}
    question = Comparison.model_validate(Comparison.from_parameters(fields))
    assert len(comparison(question, catalog, NOW).result.rows) == 4


def test_the_echoed_question_repeats_the_ranking(catalog: Snapshot) -> None:
    question = Comparison.model_validate({"provider": "openai", "model": ["gpt-5", "gpt-5-mini"], "usage": MILLION})
    first = comparison(question, catalog, NOW)
    again = comparison(Comparison.model_validate(dict(first.question)), catalog, datetime(2028, 1, 1, tzinfo=UTC))
    assert again.result == first.result


def test_many_alternatives_of_many_values_are_refused_too(catalog: Snapshot) -> None:
    pairs = [{"requests": n} for n in range(1, MOST_COMBINATIONS)]
    with pytest.raises(TooLarge):
        ranked(catalog, provider="openai", model=["gpt-5", "gpt-5-mini"], usage=MILLION, alternatives=pairs)


def test_rows_and_warnings_of_every_answer_are_told_each_once(catalog: Snapshot) -> None:
    parts = ["h100-sxm", "a100-sxm-80gb"]
    question = Comparison.model_validate({"params": 7e9, "tokens": 1e12, "accelerator": parts})
    answer = comparison(question, catalog, NOW)
    used = [(row.table, row.key) for row in answer.rows]
    assert len(used) == len(set(used))
    assert {key for table, key in used if table == "accelerators"} == {"h100-sxm5-80gb", "a100-sxm4-80gb"}
    said = [warning.detail for warning in answer.warnings if warning.code == "no-accelerator-count"]
    assert [detail.split(":")[0] for detail in said] == parts
