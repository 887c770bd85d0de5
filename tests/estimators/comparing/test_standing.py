"""A ranking says which rows are ties, between which ranks each may stand, and who is best at what."""

from datetime import UTC, datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.comparison import Comparison, Ranking, comparison
from mlquote.estimators.comparing.standing import RankSpan, ends_of, mark_of, places_of
from mlquote.kit.provenance import Answer, Range

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
RUN = {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator_count": 256}


def compared(catalog: Snapshot, **fields: object) -> Answer:
    return comparison(Comparison.model_validate(fields), catalog, NOW)


def test_rows_whose_ranges_overlap_may_change_places() -> None:
    found = places_of([(1, 2, 3), (2, 4, 6), (5, 7, 9), (7, 8, 9)])
    assert found == [RankSpan(True, 1, 2), RankSpan(True, 1, 3), RankSpan(False, 2, 4), RankSpan(False, 3, 4)]


def test_the_highest_first_turns_a_range_round() -> None:
    assert ends_of(Range(1, 2, 4), is_highest_first=True) == (-4, -2, -1)
    assert (ends_of(5), ends_of(None)) == ((5, 5, 5), None)


def test_a_mark_counts_who_else_may_have_it() -> None:
    rows = [({"n": 1}, Range(1, 2, 3)), ({"n": 2}, Range(2, 4, 5)), ({"n": 3}, Range(6, 7, 8)), ({"n": 4}, None)]
    mark = mark_of("cost_usd", rows, is_highest_first=False)
    assert mark is not None and (mark.choice, mark.tied) == ({"n": 1}, 1)
    assert mark_of("cost_usd", rows[3:], is_highest_first=False) is None


def test_training_is_ranked_with_ties_marks_and_a_front(catalog: Snapshot) -> None:
    answer = compared(catalog, **RUN, accelerator=["h100-sxm", "mi300x", "v100-sxm2-32gb"], grid_zone=["FRA", "POL"])
    ranking = answer.result
    assert isinstance(ranking, Ranking)
    assert ranking.front == ("cost_usd", "emissions_kgco2e.total", "wall_clock_hours")
    assert set(ranking.marks) == {"cheapest", "greenest", "fastest"}
    assert ranking.marks["greenest"].choice["grid_zone"] == "FRA"
    marked = {name for row in ranking.rows for name in row["marks"]}
    assert marked == {"cheapest", "greenest", "fastest"}
    assert all(row["on_front"] for row in ranking.rows if row["marks"] == ["greenest"])
    assert ranking.rows[0]["tied_with_first"] and not ranking.rows[-1]["on_front"]
    for row in ranking.rows:
        assert row["rank_at_best"] <= row["rank"] <= row["rank_at_worst"]
    assert "ranges-overlap" in [warning.code for warning in answer.warnings]


def test_rental_and_owners_dollars_in_one_table_are_said(catalog: Snapshot) -> None:
    answer = compared(catalog, **RUN, accelerator="h100-sxm", price_model=["on_demand", "owned"])
    assert "cost-bases-mixed" in [warning.code for warning in answer.warnings]
    alike = compared(catalog, **RUN, accelerator=["h100-sxm", "h200"], cost_basis="amortised")
    assert "cost-bases-mixed" not in [warning.code for warning in alike.warnings]


def test_exact_bills_tie_only_where_they_are_equal(catalog: Snapshot) -> None:
    models = ["claude-opus-4-7", "claude-haiku-4-5"]
    answer = compared(catalog, provider="anthropic", model=models, usage={"input_tokens": 1000})
    assert [row["tied_with_first"] for row in answer.result.rows] == [True, False]
    assert "ranges-overlap" not in [warning.code for warning in answer.warnings]
