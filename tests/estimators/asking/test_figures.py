"""The figures of a result by their paths."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from mlquote.estimators.asking.figures import central, figure_at, figures_of
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Range


@dataclass(frozen=True)
class Emissions:
    total: Range | None


@dataclass(frozen=True)
class Result:
    cost_usd: Decimal
    hours: Range
    emissions: Emissions
    words: str = "none"


RESULT = Result(Decimal("1.50"), Range(1, 2, 3), Emissions(Range(4, 5, 6)))


@pytest.mark.parametrize(("path", "middle"), [("cost_usd", Decimal("1.50")), ("hours", 2), ("emissions.total", 5)])
def test_a_figure_is_found_by_its_path(path: str, middle: Any) -> None:
    assert central(figure_at(RESULT, path)) == middle


def test_an_unknown_part_leaves_its_figures_unknown() -> None:
    assert figure_at(Result(Decimal(1), Range(1, 2, 3), Emissions(None)), "emissions.total") is None


def test_a_misspelt_path_is_told_the_nearest() -> None:
    with pytest.raises(Malformed) as refused:
        figure_at(RESULT, "cost_us")
    assert "cost_usd" in refused.value.faults[0].hint


def test_what_is_no_single_figure_is_refused() -> None:
    with pytest.raises(Malformed, match="no single figure"):
        figure_at(RESULT, "emissions")


def test_the_figures_at_the_top_are_numbers_and_ranges() -> None:
    assert set(figures_of(RESULT)) == {"cost_usd", "hours"}
